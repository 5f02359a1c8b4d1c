/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/client.h>
#include <stdio.h>

static void print(struct icws_client *client, const struct icws_event_message *message, void *data)
{
  (void)data;
  fwrite(message->content.data, 1, message->content.len, stdout);
  if (fflush(stdout) != 0)
    icws_client_close(client); /* nobody reads any more */
}

int main(int argc, char **argv)
{
  struct icws_client_config config = {.gateway_url = argv[1], .callbacks.on_message = print};
  struct icws_failure failure = {ICWS_ERR_INVALID_ARGUMENT, "usage: GATEWAY-URL CANISTER-ID"};
  struct icws_client *client = NULL;
  if (argc == 3 && icws_principal_from_text(&config.canister, icws_bytes_text(argv[2])) == ICWS_OK)
    failure.code = icws_client_new(&config, &client, &failure);
  if (client != NULL && icws_client_start(client) == ICWS_OK) {
    icws_client_run(client); /* until the connection ends */
    failure = *icws_client_failure(client);
  }
  icws_client_del(client);
  fprintf(stderr, "%s\n", failure.text);
  return failure.code != ICWS_OK;
}

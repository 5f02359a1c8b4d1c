/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client inside a program's own poll() loop:
 *
 *   poll_loop GATEWAY-URL CANISTER-ID [TEST-NETWORK-URL]
 *
 * Messages of the canister go to standard output, and what standard input gives at once, as a
 * terminal gives a line, goes to the canister.  The end of the input closes the client.  It trusts
 * mainnet, or a test network whose root key it takes from there.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <icws/client.h>

static void print(struct icws_client *client, const struct icws_event_message *message,
                  void *user_data)
{
  (void)client;
  (void)user_data;
  fwrite(message->content.data, 1, message->content.len, stdout);
  putchar('\n');
  fflush(stdout);
}

static void show_phase(struct icws_client *client, enum icws_client_phase phase, void *user_data)
{
  (void)client;
  (void)user_data;
  fprintf(stderr, "[%s]\n", icws_client_phase_name(phase));
}

/* Sends what can be read now.  Returns false at the end of the input. */
static bool send_input(struct icws_client *client)
{
  char line[4096];
  ssize_t len = read(STDIN_FILENO, line, sizeof line);
  if (len <= 0)
    return false;
  if (icws_client_send(client, icws_bytes_of(line, (size_t)len), NULL) != ICWS_OK)
    fprintf(stderr, "not sent\n");
  return true;
}

static void loop(struct icws_client *client)
{
  struct pollfd fds[] = {{.fd = icws_client_fd(client), .events = POLLIN},
                         {.fd = STDIN_FILENO, .events = POLLIN}};
  while (icws_client_process(client)) {
    if (poll(fds, 2, icws_client_timeout_ms(client)) < 0)
      continue; /* a signal */
    if (fds[1].revents != 0 && !send_input(client)) {
      icws_client_close(client);
      fds[1].fd = -1;
    }
  }
}

int main(int argc, char **argv)
{
  struct icws_client_config config = {
      .callbacks = {.on_message = print, .on_phase = show_phase},
  };
  struct icws_failure failure;
  struct icws_client *client;
  enum icws_error error;
  if (argc < 3 || argc > 4 ||
      icws_principal_from_text(&config.canister, icws_bytes_text(argv[2])) != ICWS_OK) {
    fprintf(stderr, "usage: %s GATEWAY-URL CANISTER-ID [TEST-NETWORK-URL]\n", argv[0]);
    return 2;
  }
  config.gateway_url = argv[1];
  config.root_key_url = argv[3]; /* NULL after the last argument */
  error = icws_client_new(&config, &client, &failure);
  if (error == ICWS_OK) {
    error = icws_client_start(client);
    loop(client);
    failure = *icws_client_failure(client);
    error = failure.code;
    icws_client_del(client);
  }
  if (error != ICWS_OK)
    fprintf(stderr, "%s\n", failure.text);
  return error == ICWS_OK ? 0 : 1;
}

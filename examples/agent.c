/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The network's status, a query and a call, all under way at the same time:
 *
 *   agent NETWORK-URL CANISTER-ID METHOD [ARGUMENT-AS-HEX]
 *
 * asks METHOD as a query and calls it as an update, and prints how each ended.
 */
#include <stdio.h>
#include <string.h>

#include <icws/agent.h>

static void print_hex(struct icws_bytes bytes)
{
  for (size_t i = 0; i < bytes.len; i++)
    printf("%02x", bytes.data[i]);
  putchar('\n');
}

/* What the requests are called, for the callback. */
static char status_name[] = "status";
static char query_name[] = "query";
static char call_name[] = "call";

static void print(struct icws_agent *agent, const struct icws_agent_answer *answer, void *user_data)
{
  (void)agent;
  printf("%s: ", (const char *)user_data);
  switch (answer->outcome) {
  case ICWS_AGENT_REPLIED:
    print_hex(answer->reply);
    break;
  case ICWS_AGENT_REJECTED: /* the text is anybody's: it is not shown raw */
    printf("rejected with code %d%s\n", (int)answer->reject.code,
           answer->reject.proven ? "" : ", which nothing proves");
    break;
  case ICWS_AGENT_FAILED:
    printf("%s\n", answer->failure->text);
    break;
  }
}

static void print_status(struct icws_agent *agent, const struct icws_agent_answer *answer,
                         void *user_data)
{
  struct icws_agent_status status;
  if (answer->outcome != ICWS_AGENT_REPLIED ||
      icws_agent_status_decode(answer->reply, &status) != ICWS_OK)
    print(agent, answer, user_data);
  else
    printf("status: %s\n", status.root_key.len > 0 ? "has a root key" : "has no root key");
}

static enum icws_error ask(struct icws_agent *agent, const struct icws_agent_method *method)
{
  enum icws_error error = icws_agent_status(agent, print_status, status_name, NULL);
  if (error == ICWS_OK)
    error = icws_agent_query(agent, method, print, query_name, NULL);
  if (error == ICWS_OK)
    error = icws_agent_call(agent, method, print, call_name, NULL);
  icws_agent_run(agent); /* until all is answered */
  return error;
}

int main(int argc, char **argv)
{
  struct icws_failure failure = {ICWS_ERR_INVALID_ARGUMENT,
                                 "usage: NETWORK-URL CANISTER-ID METHOD [ARGUMENT-AS-HEX]"};
  struct icws_agent_config config = {.network_url = argv[1]};
  struct icws_agent_method method = {0};
  struct icws_agent *agent = NULL;
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  if ((argc == 4 || argc == 5) &&
      icws_principal_from_text(&method.canister, icws_bytes_text(argv[2])) == ICWS_OK &&
      icws_hex_decode(icws_bytes_text(argc == 5 ? argv[4] : "4449444c0000"), &arg) == ICWS_OK) {
    method.name = icws_bytes_text(argv[3]);
    method.arg = icws_buf_bytes(&arg);
    config.fetch_root_key =
        strncmp(argv[1], "http://", 7) == 0; /* a test network of this machine */
    failure.code = icws_agent_new(&config, &agent, &failure);
  }
  if (agent != NULL && (failure.code = ask(agent, &method)) != ICWS_OK)
    icws_fail(&failure, failure.code, "%s", icws_strerror(failure.code));
  if (failure.code != ICWS_OK)
    fprintf(stderr, "%s\n", failure.text);
  icws_agent_del(agent);
  icws_buf_wipe(&arg);
  return failure.code != ICWS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stddef.h>
#include <string.h>

#include "common/complain.h"
#include "common/options.h"

#define MEMBER(name) offsetof(struct load_options, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* So that what is counted in bytes fits, and nobody waits for weeks. */
#define CLIENTS_MAX 100000
#define PINGS_MAX 100000
#define MESSAGES_MAX 100000000

static const struct icws_option target_options[] = {
    {'g', "gateway", "URL", ICWS_OPTION_TEXT, MEMBER(gateway), "the gateway, ws://HOST:PORT"},
    {'c', "canister", "ID", ICWS_OPTION_TEXT, MEMBER(canister), "a canister that answers pings"},
    {'k', "root-key", "HEX", ICWS_OPTION_TEXT, MEMBER(root_key),
     "the root key of its network (mainnet's)"},
    {'\0', "devnet", NULL, ICWS_OPTION_FLAG, MEMBER(devnet),
     "instead of these: start an icws-devnet, and look at its process"},
};

static const struct icws_option load_options[] = {
    {'n', "clients", "N", ICWS_OPTION_COUNT, MEMBER(plan.clients), "how many clients (200)"},
    {'r', "ramp", "N", ICWS_OPTION_COUNT, MEMBER(plan.per_second),
     "how many arrive in a second (100)"},
    {'p', "pings", "N", ICWS_OPTION_COUNT, MEMBER(plan.pings),
     "how many pings each sends, one after the other's pong (20)"},
    {'\0', "together", NULL, ICWS_OPTION_FLAG, MEMBER(plan.together),
     "none pings until all are open, none closes until all have their pongs"},
    {'\0', "idle", "SECONDS", ICWS_OPTION_SECONDS, MEMBER(idle_ms),
     "no pings: when all are open, stay that long and close"},
    {'t', "timeout", "SECONDS", ICWS_OPTION_SECONDS, MEMBER(plan.timeout_ms),
     "how long a client waits for anything (60)"},
    {'\0', "pid", "PID", ICWS_OPTION_COUNT, MEMBER(plan.pid),
     "report what memory and processor time this process uses"},
    {'\0', "json", NULL, ICWS_OPTION_FLAG, MEMBER(json), "report in one line of JSON"},
};

static int check(const struct load_options *options)
{
  const struct load_plan *plan = &options->plan;
  bool any = options->gateway != NULL || options->canister != NULL || options->root_key != NULL;
  if (options->devnet && any)
    return icws_complain_usage(LOAD_PROGRAM, "--devnet brings its own gateway, canister and key");
  if (!options->devnet && (options->gateway == NULL || options->canister == NULL))
    return icws_complain_usage(LOAD_PROGRAM, "--gateway and --canister, or --devnet, are required");
  if (plan->clients > CLIENTS_MAX || plan->pings > PINGS_MAX ||
      plan->clients * plan->pings > MESSAGES_MAX || plan->per_second > CLIENTS_MAX)
    return icws_complain_usage(LOAD_PROGRAM, "at most %d clients, %d pings each, %d in all",
                               CLIENTS_MAX, PINGS_MAX, MESSAGES_MAX);
  if (plan->idle && plan->together)
    return icws_complain_usage(LOAD_PROGRAM, "--idle and --together exclude each other");
  return ICWS_OPTIONS_GO;
}

int load_options_parse(struct load_options *options, int argc, char **argv)
{
  const struct icws_option_group groups[] = {
      {"Where to", target_options, COUNT_OF(target_options), options},
      {"Load", load_options, COUNT_OF(load_options), options},
  };
  const struct icws_command_line command_line = {
      .program = LOAD_PROGRAM,
      .synopsis = "[OPTION]...",
      .about =
          "Open many clients that exchange pings and pongs with a canister through a gateway,\n"
          "and report latencies. Ends with 0 only if no client failed.\n",
      .groups = groups,
      .group_count = COUNT_OF(groups),
  };
  *options = (struct load_options){
      .plan = {.clients = 200, .per_second = 100, .pings = 20, .timeout_ms = 60000}};
  int result = icws_options_parse(&command_line, argc, argv, NULL);
  options->plan.idle = options->idle_ms > 0;
  options->plan.idle_ms = options->idle_ms;
  return result == ICWS_OPTIONS_GO ? check(options) : result;
}

enum icws_error load_options_target(struct load_options *options, const char *gateway,
                                    const char *canister, const char *root_key,
                                    struct icws_failure *failure)
{
  enum icws_error error = icws_root_key_option_parse(root_key, NULL, &options->key, failure);
  if (error != ICWS_OK)
    return error;
  options->plan.gateway_url = gateway;
  options->plan.root_key = icws_root_key_option_bytes(&options->key);
  if (icws_principal_from_text(&options->plan.canister, icws_bytes_text(canister)) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_PRINCIPAL, "the canister's id is not a principal");
  return ICWS_OK;
}

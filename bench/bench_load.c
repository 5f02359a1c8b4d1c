/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A load of clients, each with a key of its own, on one gateway: how many it carries, and how long
 * they wait.  The histograms have the names of those of the load test that the gateway of the
 * original system comes with, and measure the same: open_connection_latency_s from connecting to
 * the OpenMessage, receive_message_latency_ms from the canister's timestamp in a message to its
 * arrival.  ping_pong_latency_ms is the whole way there and back.  See README.md.
 */
#include <signal.h>

#include "common/complain.h"
#include "common/demo.h"
#include "common/descriptors.h"
#include "common/exit_code.h"
#include "common/options.h"
#include "load/crowd.h"
#include "load/options.h"
#include "load/report.h"

#define SPARE_DESCRIPTORS 128

static enum icws_error find_target(struct load_options *options, struct icws_demo *demo,
                                   struct icws_failure *failure)
{
  if (!options->devnet)
    return load_options_target(options, options->gateway, options->canister, options->root_key,
                               failure);
  enum icws_error error = icws_demo_start(demo, "pingpong", 0, failure);
  if (error != ICWS_OK)
    return error;
  if (options->plan.pid == 0)
    options->plan.pid = (uint64_t)demo->child;
  return load_options_target(options, demo->gateway_url, demo->canister, demo->root_key, failure);
}

static int run(struct load_options *options, struct icws_demo *demo, struct load_crowd *crowd)
{
  struct icws_failure failure;
  enum icws_error error = find_target(options, demo, &failure);
  if (error == ICWS_OK)
    error = load_crowd_run(crowd, &options->plan, &failure);
  if (error != ICWS_OK) {
    icws_complain_failure(LOAD_PROGRAM, &failure);
    return ICWS_EXIT_OTHER;
  }
  if (!(options->json ? load_report_json(crowd) : load_report_words(crowd))) {
    icws_complain(LOAD_PROGRAM, "cannot write to standard output");
    return ICWS_EXIT_OTHER;
  }
  return crowd->failed == 0 ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
}

int main(int argc, char **argv)
{
  struct load_options options;
  struct load_crowd crowd = {.plan = NULL};
  struct icws_demo demo;
  int code = load_options_parse(&options, argc, argv);
  if (code != ICWS_OPTIONS_GO)
    return code;
  (void)signal(SIGPIPE, SIG_IGN);
  if (!icws_descriptors_limit(options.plan.clients + SPARE_DESCRIPTORS)) {
    icws_complain(LOAD_PROGRAM, "%llu clients need as many descriptors: raise ulimit -Hn",
                  (unsigned long long)options.plan.clients);
    return ICWS_EXIT_OTHER;
  }
  icws_demo_init(&demo);
  code = run(&options, &demo, &crowd);
  load_crowd_wipe(&crowd);
  icws_demo_stop(&demo);
  return code;
}

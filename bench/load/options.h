/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_OPTIONS_H
#define ICWS_BENCH_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/root_key_option.h"
#include "crowd.h"

#define LOAD_PROGRAM "bench_load"

/* The command line. */
struct load_options {
  const char *gateway;
  const char *canister;
  const char *root_key;
  bool devnet;
  bool json;
  uint64_t idle_ms;
  struct icws_root_key_option key; /* what |root_key| says */
  struct load_plan plan;           /* without what --devnet tells later */
};

/* load_options_parse reads the command line.  Returns ICWS_OPTIONS_GO, or what to end with. */
int load_options_parse(struct load_options *options, int argc, char **argv);

/* load_options_target completes the plan by where to connect to: the texts are those of --gateway,
 * --canister and --root-key.  Returns ICWS_OK, or an error with a sentence in |failure|. */
ICWS_NODISCARD enum icws_error load_options_target(struct load_options *options,
                                                   const char *gateway, const char *canister,
                                                   const char *root_key,
                                                   struct icws_failure *failure);

#endif

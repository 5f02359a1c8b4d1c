/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_OPTIONS_H
#define ICWS_DEVNET_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "devnet/devnet.h"

/* The command line of icws-devnet. */
struct options {
  uint16_t gateway_port;
  uint32_t round_ms;
  uint32_t ack_interval_ms;
  uint32_t keep_alive_ms;
  uint32_t ticker_ms;
  bool has_seed;
  uint8_t seed[ICWS_DEVNET_SEED_BYTES];
  bool json;
  bool exit_with_parent;
  int verbose;
};

enum options_result {
  OPTIONS_RUN,
  OPTIONS_DONE,  /* help or version was printed */
  OPTIONS_WRONG, /* one line on stderr has said what */
};

enum options_result options_parse(struct options *options, int argc, char **argv);

#endif

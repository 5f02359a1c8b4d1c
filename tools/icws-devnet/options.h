/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_DEVNET_OPTIONS_H
#define ICWS_TOOLS_DEVNET_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "devnet/devnet.h"

#define ICWS_DEVNET_NAME "icws-devnet"

/* The command line of icws-devnet.  Zero in a number means the default of the local network. */
struct icws_devnet_options {
  uint64_t gateway_port;
  uint64_t network_port;
  uint64_t round_ms;
  uint64_t ack_interval_ms;
  uint64_t keep_alive_ms;
  uint64_t ticker_ms;
  const char *gateway_over; /* NULL: none given */
  bool gateway_over_http;
  const char *state;    /* a folder; NULL: none */
  const char *seed_hex; /* NULL: none */
  uint8_t seed[ICWS_DEVNET_SEED_BYTES];
  bool json;
  bool exit_with_parent;
  bool verbose;
};

/* icws_devnet_options_parse returns ICWS_OPTIONS_GO, or what to end with. */
int icws_devnet_options_parse(struct icws_devnet_options *options, int argc, char **argv);

#endif

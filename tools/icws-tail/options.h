/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TAIL_OPTIONS_H
#define ICWS_TAIL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/connection.h"

struct icws_tail_options {
  struct icws_connection_settings connection;
  uint64_t count;           /* end after so many messages; 0: never */
  uint64_t idle_timeout_ms; /* end after so long without a message; 0: never */
  const char *output;       /* the name of a format; NULL: what fits standard output */
  bool json;
  bool quiet;
  bool verbose;
};

/* icws_tail_options_parse returns ICWS_OPTIONS_GO, or what to end with. */
int icws_tail_options_parse(struct icws_tail_options *options, int argc, char **argv);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_OPTIONS_H
#define ICWS_CHAT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/connection.h"

struct icws_chat_options {
  struct icws_connection_settings connection;
  uint64_t linger_ms; /* after the end of the input, where that is not a terminal */
  bool wait_ack;
  bool quiet;
  bool verbose;
};

/* icws_chat_options_parse returns ICWS_OPTIONS_GO, or what to end with. */
int icws_chat_options_parse(struct icws_chat_options *options, int argc, char **argv);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_CONTEXT_H
#define ICWS_GATEWAY_CONTEXT_H

#include <stdint.h>

#include <icws/message.h>

#include "gateway.h"

/* More messages than this in one answer to ws_get_messages are refused; canisters send 50. */
#define GATEWAY_POLL_MAX_MESSAGES 1000

#define GATEWAY_NS_PER_MS UINT64_C(1000000)

/* What all parts of one gateway share. */
struct gateway_context {
  struct icws_gateway_config config; /* its defaults filled in */
  struct icws_gateway_stats stats;
  size_t sessions; /* now: of clients that are connected, or whose calls are not settled */

  /* Where an answer to a poll is decoded; one at a time, so that one array serves all pollers. */
  struct icws_output_message poll_messages[GATEWAY_POLL_MAX_MESSAGES];
};

/* Zeroes |context| and copies |config| into it, with the defaults for what is zero. */
void gateway_context_init(struct gateway_context *context,
                          const struct icws_gateway_config *config);

/* A random number below |bound|, which is not 0; 0 if there is no randomness. */
uint64_t gateway_random_below(const struct gateway_context *context, uint64_t bound);

/* Whom a line of the log is about, as far as that is known. */
struct gateway_subject {
  const struct icws_principal *canister;
  const struct icws_principal *client;
  const char *address;
};

/* Makes a line as printf does, replaces what is not printable ASCII, and logs it.  |subject| may be
 * NULL. */
void gateway_log(const struct gateway_context *context, enum icws_gateway_log_level level,
                 const char *event, const struct gateway_subject *subject, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The length and the characters of |bytes| for "%.*s", cut at 100. */
#define GATEWAY_TEXT(bytes)                                                                        \
  (int)((bytes).len < 100 ? (bytes).len : 100), (bytes).len ? (const char *)(bytes).data : ""

#endif

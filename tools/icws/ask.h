/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_ASK_H
#define ICWS_CLI_ASK_H

#include <stdbool.h>

#include "common/network.h"

/* What the commands that ask a network have in common. */
struct icws_ask {
  const char *program;
  struct icws_network network;
  uint64_t deadline_ms; /* on the monotonic clock; of all that is asked */
};

/* icws_ask_begin opens the network and catches signals.  Complains as |program|; returns
 * ICWS_EXIT_OK or what to end with, and icws_ask_end is due in either case. */
int icws_ask_begin(struct icws_ask *ask, const char *program,
                   const struct icws_network_settings *settings);
void icws_ask_end(struct icws_ask *ask);

/* icws_ask_wait waits until all requests are answered.  Returns ICWS_EXIT_OK, or what to end with:
 * ICWS_EXIT_WAITED after a complaint, or a signal's.  icws_ask_waited returns the same for what
 * icws_network_wait returned. */
int icws_ask_wait(struct icws_ask *ask);
int icws_ask_waited(const struct icws_ask *ask, int waited);

/* icws_ask_refused complains about a request that was not submitted; icws_ask_complain about an
 * answer that is none, REJECTED or FAILED.  Each returns what to end with. */
int icws_ask_refused(const struct icws_ask *ask, enum icws_error error);
int icws_ask_complain(const struct icws_ask *ask, const struct icws_agent_answer *answer);

#endif

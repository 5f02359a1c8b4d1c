/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_AGENT_LIE_H
#define ICWS_TESTS_AGENT_LIE_H

#include "agent_fixture.h"

/* What a network that signs well says instead of the truth, and what the agent is to make of it. */
struct agent_lie {
  void (*tell)(struct scripted_replica *replica, const struct icws_envelope *envelope,
               struct icws_buf *body);
  enum icws_error error; /* ICWS_OK: it is none, and is believed */
  const char *text;      /* of the failure, a part */
};

/* Starts with a network that answers calls and queries with |lie|, which it borrows, and all else,
 * polls too, as it should.  |fixture| need not be zeroed. */
void agent_lie_start(struct agent_fixture *fixture, struct agent_lie *lie);

/* The last request failed as |lie| has it, or was answered with |reply|. */
void agent_lie_expect(const struct agent_fixture *fixture, const struct agent_lie *lie,
                      const char *reply);

#endif

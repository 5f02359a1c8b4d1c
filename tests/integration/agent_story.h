/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_AGENT_STORY_H
#define ICWS_TESTS_AGENT_STORY_H

#include "agent_fixture.h"

/* What the network does with calls, and what it noted. */
struct agent_story {
  unsigned oldest_missing; /* endpoints of calls from this version on answer with 404; 0: none */
  bool old_read_state;     /* read_state has v2 only */
  unsigned accepted;       /* so many calls are answered with 202, then well */
  unsigned hang_ups;       /* so many calls are answered with nothing, first */
  unsigned processing;     /* so many polls show "processing", then outcome_of_poll */
  unsigned refused_polls;  /* so many polls are answered with 403, first */
  bool refuse;             /* non_replicated_rejection */
  unsigned refusals;       /* that, of so many calls, then well */
  enum icws_reject_code reject_code; /* of these; SYS_TRANSIENT */
  bool without_request;              /* the certificate does not show the call */
  bool tamper;                       /* with the certificate of a call */
  bool tamper_polls;                 /* with the certificate of a poll */

  unsigned calls;
  unsigned polls;
  bool same_id; /* of all calls */
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
};

/* Starts with a network that acts as |story| has it, which it borrows. */
void agent_story_start(struct agent_fixture *fixture, struct agent_story *story);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_AGENT_CALL_H
#define ICWS_NET_AGENT_CALL_H

#include <icws/request_status.h>

#include "agent_impl.h"

/* What calls, queries and those relayed for others have in common. */

/* icws_agent_submit_call makes and submits a request of |kind| to |method|; as icws_agent_call. */
ICWS_NODISCARD enum icws_error icws_agent_submit_call(struct icws_agent *agent,
                                                      const struct icws_agent_kind *kind,
                                                      enum icws_request_type type,
                                                      const struct icws_agent_method *method,
                                                      icws_agent_answer_fn *fn, void *user_data,
                                                      struct icws_agent_request **request);

/* icws_agent_sign_call is their kinds' way to sign. */
void icws_agent_sign_call(struct icws_agent_request *request);

/* icws_agent_set_reject makes |answer| a rejection. */
void icws_agent_set_reject(struct icws_agent_answer *answer, const struct icws_reject *reject,
                           bool proven);

/* icws_agent_tell_outcome ends a call with |outcome|, which goes into |answer|, and returns true, or
 * returns false if that is none yet. */
bool icws_agent_tell_outcome(struct icws_agent_request *request,
                             const struct icws_request_outcome *outcome,
                             struct icws_agent_answer *answer, bool proven);

/* icws_agent_call_expired is what happens to a call when its time is up. */
void icws_agent_call_expired(struct icws_agent_request *request);

#endif

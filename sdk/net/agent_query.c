/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#include <icws/cbor.h>
#include <icws/response.h>

#include "agent_call.h"

static void judge(struct icws_agent_request *request);

static void tell(struct icws_agent_request *request, const struct icws_query_response *response,
                 uint64_t time_ns)
{
  struct icws_agent_answer answer = {.outcome = ICWS_AGENT_REPLIED, .time_ns = time_ns};
  if (response->replied)
    answer.reply = response->reply;
  else
    icws_agent_set_reject(&answer, &response->reject, true);
  icws_agent_finish(request, &answer);
}

/* A node that is not known may be new: its subnet's keys are read once more, unless they are newer
 * than the answer. */
static void meet_unknown_node(struct icws_agent_request *request, struct icws_failure *failure)
{
  if (request->keys_renewed) {
    failure->code = ICWS_ERR_QUERY_SIGNATURE;
    icws_agent_fail(request, failure);
    return;
  }
  request->keys_renewed = true;
  judge(request);
}

static void judge_time(struct icws_agent_request *request,
                       const struct icws_query_response *response, uint64_t time_ns)
{
  struct icws_agent *agent = request->agent;
  struct icws_failure failure;
  if (icws_verifier_age(agent->verifier, time_ns, icws_agent_now_ns(agent), NULL) == ICWS_OK) {
    tell(request, response, time_ns);
  } else if (!request->clock_asked) { /* it may be the clock that is wrong */
    request->clock_asked = true;
    icws_agent_await(request, ICWS_WAIT_CLOCK, judge);
    icws_agent_measure_clock(request);
  } else {
    (void)icws_fail(&failure, ICWS_ERR_QUERY_SIGNATURE,
                    "query signature: it is more than 5 minutes off");
    icws_agent_fail(request, &failure);
  }
}

/* Judges the answer in |kept|, as soon as there are keys for it. */
static void judge(struct icws_agent_request *request)
{
  const struct icws_node_keys *keys;
  struct icws_query_response response;
  struct icws_failure failure;
  enum icws_error error;
  uint64_t time_ns = 0;
  icws_agent_await(request, ICWS_WAIT_NODE_KEYS, judge); /* before it can come or fail */
  keys = icws_agent_find_node_keys(request, request->keys_renewed ? request->answered_ns : 0);
  if (keys == NULL)
    return;
  request->wait = ICWS_WAIT_NOTHING;
  error = icws_query_response_decode(icws_buf_bytes(&request->kept), &response, &failure);
  if (error == ICWS_OK)
    error = icws_query_response_verify(&response, request->request_id, keys, &time_ns, &failure);
  if (error == ICWS_OK)
    judge_time(request, &response, time_ns);
  else if (error == ICWS_ERR_ABSENT)
    meet_unknown_node(request, &failure);
  else
    icws_agent_fail(request, &failure);
}

static void answered(struct icws_agent_request *request, const struct icws_http_result *answer)
{
  struct icws_query_response response;
  struct icws_failure failure;
  request->answered_ns = uv_hrtime();
  if (answer->status != 200)
    icws_agent_fail_status(request, answer);
  else if (icws_query_response_decode(answer->body, &response, &failure) != ICWS_OK)
    icws_agent_fail(request, &failure);
  else if (icws_agent_keep(request, answer->body))
    judge(request);
}

/* The keys are asked for with the query, not after it. */
static void sign(struct icws_agent_request *request)
{
  icws_agent_sign_call(request);
  (void)icws_agent_find_node_keys(request, 0);
}

static const struct icws_agent_kind query_kind = {
    .endpoint = ICWS_ENDPOINT_QUERY,
    .needs_root_key = true,
    .sign = sign,
    .answered = answered,
};

enum icws_error icws_agent_query(struct icws_agent *agent, const struct icws_agent_method *method,
                                 icws_agent_answer_fn *fn, void *user_data,
                                 struct icws_agent_request **request)
{
  return icws_agent_submit_call(agent, &query_kind, ICWS_REQUEST_QUERY, method, fn, user_data,
                                request);
}

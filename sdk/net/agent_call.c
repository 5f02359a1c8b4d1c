/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_call.h"

#include <icws/cbor.h>
#include <icws/response.h>

/* What an envelope has besides method and argument: at most some 420 bytes. */
#define ENVELOPE_REST_BYTES 512

/* --- Signing ---------------------------------------------------------------------------------- */

void icws_agent_sign_call(struct icws_agent_request *request)
{
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_signer signer = icws_agent_signer(request);
  request->call.sender = signer.sender;
  request->call.ingress_expiry = request->expiry_ns;
  icws_call_request_id(&request->call, request->request_id);
  icws_cbor_put_self_describe(&request->envelope);
  icws_envelope_put(&request->envelope, &request->call, signer.public_key,
                    icws_agent_sign(request, signature));
}

static enum icws_error copy_method(struct icws_agent_request *request,
                                   const struct icws_agent_method *method)
{
  const struct icws_random *random = request->agent->config.random;
  enum icws_error error;
  icws_buf_put(&request->own, method->name.data, method->name.len);
  icws_buf_put(&request->own, method->arg.data, method->arg.len);
  error = icws_buf_error(&request->own);
  if (error != ICWS_OK)
    return error;
  if (request->own.len > ICWS_ENVELOPE_MAX_BYTES - ENVELOPE_REST_BYTES)
    return ICWS_ERR_LIMIT;
  if (random->fill(request->nonce, sizeof request->nonce, random->user_data) != ICWS_OK)
    return ICWS_ERR_RANDOM;
  request->target = method->effective != NULL ? *method->effective : method->canister;
  request->call.canister = method->canister;
  request->call.method = icws_bytes_of(request->own.data, method->name.len);
  request->call.arg = icws_bytes_of(request->own.data + method->name.len, method->arg.len);
  request->call.nonce = icws_bytes_of(request->nonce, sizeof request->nonce);
  return ICWS_OK;
}

enum icws_error icws_agent_submit_call(struct icws_agent *agent, const struct icws_agent_kind *kind,
                                       enum icws_request_type type,
                                       const struct icws_agent_method *method,
                                       icws_agent_answer_fn *fn, void *user_data,
                                       struct icws_agent_request **request)
{
  struct icws_agent_request *made;
  enum icws_error error;
  if (!icws_agent_has_room(agent))
    return ICWS_ERR_QUEUE_FULL;
  made = icws_agent_request_new(agent, kind, fn, user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  made->call.type = type;
  error = copy_method(made, method);
  if (error != ICWS_OK) {
    icws_agent_request_drop(made);
    return error;
  }
  icws_agent_submit(made, request);
  return ICWS_OK;
}

/* --- Outcomes --------------------------------------------------------------------------------- */

void icws_agent_set_reject(struct icws_agent_answer *answer, const struct icws_reject *reject,
                           bool proven)
{
  answer->outcome = ICWS_AGENT_REJECTED;
  answer->reject.code = reject->code;
  answer->reject.text = reject->text;
  if (reject->has_error_code)
    answer->reject.error_code = reject->error_code;
  answer->reject.proven = proven;
}

static void fail_forgotten(struct icws_agent_request *request)
{
  struct icws_failure failure;
  request->uncertain = true;
  (void)icws_fail(&failure, ICWS_ERR_CALL_FORGOTTEN,
                  "the call was processed, but the network keeps its outcome no longer");
  icws_agent_fail(request, &failure);
}

bool icws_agent_tell_outcome(struct icws_agent_request *request,
                             const struct icws_request_outcome *outcome,
                             struct icws_agent_answer *answer, bool proven)
{
  switch (outcome->status) {
  case ICWS_STATUS_REPLIED:
    answer->outcome = ICWS_AGENT_REPLIED;
    answer->reply = outcome->reply;
    icws_agent_finish(request, answer);
    return true;
  case ICWS_STATUS_REJECTED:
    icws_agent_set_reject(answer, &outcome->reject, proven);
    icws_agent_finish(request, answer);
    return true;
  case ICWS_STATUS_DONE:
    fail_forgotten(request);
    return true;
  case ICWS_STATUS_UNKNOWN:
  case ICWS_STATUS_ABSENT:
  case ICWS_STATUS_RECEIVED:
  case ICWS_STATUS_PROCESSING:
    break;
  }
  return false;
}

void icws_agent_call_expired(struct icws_agent_request *request)
{
  struct icws_failure failure = request->failure;
  if (request->transfer != NULL)
    request->uncertain = true;
  if (request->uncertain)
    (void)icws_fail(&failure, ICWS_ERR_CALL_UNKNOWN,
                    "the call has expired, and it is not known whether it was processed%s%s",
                    failure.code == ICWS_OK ? "" : ": ", request->failure.text);
  else if (failure.code == ICWS_OK)
    (void)icws_fail(&failure, ICWS_ERR_HTTP_TIMEOUT, "%s did not take the call in time",
                    request->agent->url.authority);
  icws_agent_fail(request, &failure);
}

/* --- Reading the status ----------------------------------------------------------------------- */

static void poll(struct icws_agent_request *request);

static void poll_later(struct icws_agent_request *request)
{
  icws_agent_pause(request, request->polls++, 0, poll);
}

/* Tells the outcome that |tree| has, or looks again later. */
static void judge_tree(struct icws_agent_request *request, const struct icws_hashtree *tree,
                       struct icws_bytes certificate, uint64_t time_ns)
{
  struct icws_agent_answer answer = {.certificate = certificate, .tree = tree, .time_ns = time_ns};
  struct icws_request_outcome outcome;
  struct icws_failure failure;
  if (icws_request_status_read(tree, request->request_id, &outcome, &failure) != ICWS_OK)
    icws_agent_fail(request, &failure);
  else if (!icws_agent_tell_outcome(request, &outcome, &answer, true))
    poll_later(request);
}

/* Who refuses a poll may be one of many that answer, and does not have the last word on the call. */
static bool is_transient(enum icws_error error)
{
  return error == ICWS_ERR_REFUSED ||
         (icws_error_family(error) == ICWS_FAMILY_TRANSPORT && error != ICWS_ERR_TLS);
}

static void polled(struct icws_agent *agent, const struct icws_agent_answer *answer,
                   void *user_data)
{
  struct icws_agent_request *request = user_data;
  (void)agent;
  request->child = NULL;
  if (answer->outcome == ICWS_AGENT_REPLIED) {
    judge_tree(request, answer->tree, answer->certificate, answer->time_ns);
    return;
  }
  request->failure = *answer->failure;
  if (is_transient(answer->failure->code))
    poll_later(request);
  else
    icws_agent_fail(request, answer->failure);
}

static void poll(struct icws_agent_request *request)
{
  const struct icws_bytes labels[] = {
      icws_bytes_text("request_status"),
      icws_bytes_of(request->request_id, sizeof request->request_id)};
  struct icws_failure failure;
  request->child = icws_agent_read_state_new(request->agent, &request->target, false, labels, 2,
                                             polled, request);
  if (request->child != NULL) {
    icws_agent_submit_internal(request->child);
    return;
  }
  (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
  icws_agent_fail(request, &failure);
}

/* --- Answers ---------------------------------------------------------------------------------- */

static void judge(struct icws_agent_request *request)
{
  struct icws_agent_answer answer = {0};
  const struct icws_certificate *certificate;
  struct icws_call_response response;
  struct icws_failure failure;
  if (icws_call_response_decode(icws_buf_bytes(&request->kept), &response, &failure) != ICWS_OK) {
    icws_agent_fail(request, &failure);
  } else if (response.type == ICWS_CALL_RESPONSE_REJECTED) {
    icws_agent_set_reject(&answer, &response.reject, false);
    icws_agent_finish(request, &answer);
  } else if (icws_agent_verify(request, response.certificate, &certificate, judge)) {
    judge_tree(request, certificate->tree, response.certificate, certificate->time_ns);
  }
}

static void answered(struct icws_agent_request *request, const struct icws_http_result *answer)
{
  if (answer->status == 200 || answer->status == 202)
    request->uncertain = true;
  if (answer->status == 202)
    poll_later(request);
  else if (answer->status != 200)
    icws_agent_fail_status(request, answer);
  else if (icws_agent_keep(request, answer->body))
    judge(request);
}

static const struct icws_agent_kind call_kind = {
    .endpoint = ICWS_ENDPOINT_CALL,
    .needs_root_key = true,
    .needs_clock = true,
    .sign = icws_agent_sign_call,
    .answered = answered,
    .expired = icws_agent_call_expired,
};

enum icws_error icws_agent_call(struct icws_agent *agent, const struct icws_agent_method *method,
                                icws_agent_answer_fn *fn, void *user_data,
                                struct icws_agent_request **request)
{
  return icws_agent_submit_call(agent, &call_kind, ICWS_REQUEST_CALL, method, fn, user_data,
                                request);
}

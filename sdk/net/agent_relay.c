/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <icws/cbor.h>
#include <icws/response.h>

#include "agent_call.h"

#define QUERY_VERSION 2

/* --- Calls ------------------------------------------------------------------------------------ */

/* A network that knows the call tells the outcome when it is sent the same bytes again. */
static void ask_again(struct icws_agent_request *request)
{
  icws_agent_pause(request, request->polls++, 0, icws_agent_send);
}

static enum icws_error read_outcome(struct icws_agent_request *request,
                                    struct icws_bytes certificate, struct icws_hashtree *tree,
                                    struct icws_request_outcome *outcome,
                                    struct icws_failure *failure)
{
  struct icws_cbor_field field = {.name = "tree", .type = ICWS_CBOR_ARRAY, .required = true};
  enum icws_error error = icws_cbor_decode_fields(certificate, "certificate", &field, 1, failure);
  if (error == ICWS_OK)
    error = icws_hashtree_decode(tree, field.value.bytes, request->agent->config.max_tree_nodes,
                                 failure);
  if (error == ICWS_OK)
    error = icws_request_status_read(tree, request->request_id, outcome, failure);
  return error;
}

static void judge_certificate(struct icws_agent_request *request, struct icws_bytes certificate)
{
  struct icws_agent_answer answer = {0};
  struct icws_request_outcome outcome;
  struct icws_hashtree tree;
  struct icws_failure failure;
  icws_hashtree_init(&tree, NULL);
  if (read_outcome(request, certificate, &tree, &outcome, &failure) != ICWS_OK)
    icws_agent_fail(request, &failure);
  else if (!icws_agent_tell_outcome(request, &outcome, &answer, false))
    ask_again(request);
  icws_hashtree_wipe(&tree);
}

static void tell_refusal(struct icws_agent_request *request, const struct icws_reject *reject)
{
  struct icws_agent_answer answer = {0};
  icws_agent_set_reject(&answer, reject, false);
  icws_agent_finish(request, &answer);
}

/* Refused before it was replicated: the call is not on record, and where the reason may go away the
 * same bytes may be taken later. */
static void refused(struct icws_agent_request *request, const struct icws_reject *reject,
                    struct icws_bytes body)
{
  if (reject->code != ICWS_REJECT_SYS_TRANSIENT)
    tell_refusal(request, reject);
  else if (icws_agent_keep(request, body))
    ask_again(request);
}

static void judge_call(struct icws_agent_request *request, struct icws_bytes body)
{
  struct icws_call_response response;
  struct icws_failure failure;
  if (icws_call_response_decode(body, &response, &failure) != ICWS_OK) {
    request->uncertain = true;
    icws_agent_fail(request, &failure);
  } else if (response.type == ICWS_CALL_RESPONSE_REJECTED) {
    refused(request, &response.reject, body);
  } else {
    request->uncertain = true;
    judge_certificate(request, response.certificate);
  }
}

/* What was refused to the end, and never taken, is told as refused. */
static void call_expired(struct icws_agent_request *request)
{
  struct icws_call_response response;
  if (request->transfer == NULL && !request->uncertain && request->kept.len > 0 &&
      icws_call_response_decode(icws_buf_bytes(&request->kept), &response, NULL) == ICWS_OK)
    tell_refusal(request, &response.reject);
  else
    icws_agent_call_expired(request);
}

static void call_answered(struct icws_agent_request *request, const struct icws_http_result *answer)
{
  struct icws_failure failure;
  if (answer->status == 202)
    request->uncertain = true;
  if (answer->status == 200) {
    judge_call(request, answer->body);
  } else if (answer->status != 202) {
    icws_agent_fail_status(request, answer);
  } else if (request->version > 2) {
    ask_again(request);
  } else {
    (void)icws_fail(&failure, ICWS_ERR_UNSUPPORTED,
                    "%s took the call, but has no endpoint that tells its outcome",
                    request->agent->url.authority);
    icws_agent_fail(request, &failure);
  }
}

static const struct icws_agent_kind relay_call_kind = {
    .endpoint = ICWS_ENDPOINT_CALL,
    .answered = call_answered,
    .expired = call_expired,
};

/* --- Queries ---------------------------------------------------------------------------------- */

static void query_answered(struct icws_agent_request *request,
                           const struct icws_http_result *answer)
{
  struct icws_agent_answer told = {.outcome = ICWS_AGENT_REPLIED};
  struct icws_query_response response;
  struct icws_failure failure;
  if (answer->status != 200) {
    icws_agent_fail_status(request, answer);
    return;
  }
  if (icws_query_response_decode(answer->body, &response, &failure) != ICWS_OK) {
    icws_agent_fail(request, &failure);
    return;
  }
  if (response.replied)
    told.reply = response.reply;
  else
    icws_agent_set_reject(&told, &response.reject, false);
  icws_agent_finish(request, &told);
}

static const struct icws_agent_kind relay_query_kind = {
    .endpoint = ICWS_ENDPOINT_QUERY,
    .answered = query_answered,
};

/* --- Both ------------------------------------------------------------------------------------- */

static enum icws_error relay(struct icws_agent *agent, const struct icws_agent_kind *kind,
                             enum icws_request_type type, const struct icws_principal *canister,
                             struct icws_bytes bytes, icws_agent_answer_fn *fn, void *user_data,
                             struct icws_agent_request **request)
{
  struct icws_envelope envelope;
  struct icws_agent_request *made;
  enum icws_error error;
  if (!icws_agent_has_room(agent))
    return ICWS_ERR_QUEUE_FULL;
  error = icws_envelope_decode(bytes, &envelope, NULL);
  if (error == ICWS_OK && envelope.type != type)
    error = ICWS_ERR_ENVELOPE;
  if (error != ICWS_OK)
    return error;
  made = icws_agent_request_new(agent, kind, fn, user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  made->target = *canister;
  made->body = bytes;
  made->expiry_ns = envelope.ingress_expiry;
  memcpy(made->request_id, envelope.request_id, sizeof made->request_id);
  if (type == ICWS_REQUEST_QUERY)
    made->version = QUERY_VERSION;
  icws_agent_submit(made, request);
  return ICWS_OK;
}

enum icws_error icws_agent_relay_call(struct icws_agent *agent,
                                      const struct icws_principal *canister,
                                      struct icws_bytes envelope, icws_agent_answer_fn *fn,
                                      void *user_data, struct icws_agent_request **request)
{
  return relay(agent, &relay_call_kind, ICWS_REQUEST_CALL, canister, envelope, fn, user_data,
               request);
}

enum icws_error icws_agent_relay_query(struct icws_agent *agent,
                                       const struct icws_principal *canister,
                                       struct icws_bytes envelope, icws_agent_answer_fn *fn,
                                       void *user_data, struct icws_agent_request **request)
{
  return relay(agent, &relay_query_kind, ICWS_REQUEST_QUERY, canister, envelope, fn, user_data,
               request);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#include <string.h>

#include <icws/cbor.h>
#include <icws/response.h>

/* --- Certificates ----------------------------------------------------------------------------- */

bool icws_agent_verify(struct icws_agent_request *request, struct icws_bytes encoding,
                       const struct icws_certificate **certificate, icws_agent_step_fn *retry)
{
  struct icws_agent *agent = request->agent;
  struct icws_failure failure;
  enum icws_error error = request->of_subnet
                              ? icws_verifier_subnet_certificate(agent->verifier, &request->target,
                                                                 encoding, certificate, &failure)
                              : icws_verifier_certificate(agent->verifier, &request->target,
                                                          encoding, certificate, &failure);
  if (error == ICWS_OK) {
    icws_agent_note_time(agent, (*certificate)->time_ns);
    if (request->measures_clock)
      return true;
    error = icws_verifier_age(agent->verifier, (*certificate)->time_ns, icws_agent_now_ns(agent),
                              &failure);
    if (error == ICWS_OK)
      return true;
    if (!request->clock_asked) { /* it may be the clock that is wrong */
      request->clock_asked = true;
      icws_agent_await(request, ICWS_WAIT_CLOCK, retry);
      icws_agent_measure_clock(request);
      return false;
    }
  }
  icws_agent_fail(request, &failure);
  return false;
}

/* --- read_state ------------------------------------------------------------------------------- */

static void sign(struct icws_agent_request *request)
{
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_signer signer = icws_agent_signer(request);
  const struct icws_read_state read_state = {
      .sender = signer.sender,
      .paths = icws_buf_bytes(&request->own),
      .ingress_expiry = request->expiry_ns,
  };
  icws_read_state_request_id(&read_state, request->request_id);
  icws_cbor_put_self_describe(&request->envelope);
  icws_read_state_envelope_put(&request->envelope, &read_state, signer.public_key,
                               icws_agent_sign(request, signature));
}

/* The labels of the request's only path. */
static size_t read_path(const struct icws_agent_request *request, struct icws_bytes *labels,
                        size_t max)
{
  struct icws_cbor_reader reader;
  uint64_t paths = 0;
  uint64_t count = 0;
  size_t i;
  icws_cbor_reader_init(&reader, icws_buf_bytes(&request->own));
  if (icws_cbor_read_array(&reader, &paths) != ICWS_OK ||
      icws_cbor_read_array(&reader, &count) != ICWS_OK)
    return 0;
  for (i = 0; i < count && i < max; i++)
    if (icws_cbor_read_bytes(&reader, &labels[i]) != ICWS_OK)
      return 0;
  return i;
}

static void tell_metadata(struct icws_agent_request *request, struct icws_agent_answer *answer)
{
  struct icws_bytes labels[4];
  struct icws_failure failure;
  size_t count = read_path(request, labels, 4);
  memset(request->request_id, 0, sizeof request->request_id);
  switch (icws_hashtree_lookup(answer->tree, labels, count, &answer->reply)) {
  case ICWS_LOOKUP_FOUND:
    answer->certificate = icws_bytes_of(NULL, 0);
    answer->tree = NULL;
    icws_agent_finish(request, answer);
    return;
  case ICWS_LOOKUP_ABSENT:
    (void)icws_fail(&failure, ICWS_ERR_ABSENT, "the canister has no metadata of that name");
    break;
  case ICWS_LOOKUP_UNKNOWN:
  case ICWS_LOOKUP_ERROR:
    (void)icws_fail(&failure, ICWS_ERR_CERTIFICATE,
                    "the certificate does not show the metadata that was asked for");
    break;
  }
  icws_agent_fail(request, &failure);
}

/* Judges the answer in |kept|. */
static void judge(struct icws_agent_request *request)
{
  struct icws_agent_answer told = {.outcome = ICWS_AGENT_REPLIED};
  const struct icws_certificate *certificate;
  struct icws_failure failure;
  if (icws_read_state_response_decode(icws_buf_bytes(&request->kept), &told.certificate,
                                      &failure) != ICWS_OK) {
    icws_agent_fail(request, &failure);
    return;
  }
  if (!icws_agent_verify(request, told.certificate, &certificate, judge))
    return;
  told.time_ns = certificate->time_ns;
  told.tree = certificate->tree;
  if (request->is_metadata)
    tell_metadata(request, &told);
  else
    icws_agent_finish(request, &told);
}

static void answered(struct icws_agent_request *request, const struct icws_http_result *answer)
{
  if (answer->status != 200)
    icws_agent_fail_status(request, answer);
  else if (icws_agent_keep(request, answer->body))
    judge(request);
}

static const struct icws_agent_kind read_state_kind = {
    .endpoint = ICWS_ENDPOINT_READ_STATE,
    .needs_root_key = true,
    .sign = sign,
    .answered = answered,
};

/* --- Asking ----------------------------------------------------------------------------------- */

static void put_path(struct icws_buf *paths, const struct icws_bytes *labels, size_t count)
{
  size_t i;
  icws_cbor_put_array(paths, count);
  for (i = 0; i < count; i++)
    icws_cbor_put_bytes(paths, labels[i]);
}

struct icws_agent_request *icws_agent_read_state_new(struct icws_agent *agent,
                                                     const struct icws_principal *target,
                                                     bool of_subnet,
                                                     const struct icws_bytes *labels, size_t count,
                                                     icws_agent_answer_fn *fn, void *user_data)
{
  struct icws_agent_request *request =
      icws_agent_request_new(agent, &read_state_kind, fn, user_data);
  if (request == NULL)
    return NULL;
  request->target = *target;
  request->of_subnet = of_subnet;
  icws_cbor_put_array(&request->own, 1);
  put_path(&request->own, labels, count);
  if (icws_buf_error(&request->own) == ICWS_OK)
    return request;
  icws_agent_request_drop(request);
  return NULL;
}

static enum icws_error put_paths(struct icws_buf *buf, const struct icws_agent_path *paths,
                                 size_t count)
{
  size_t i;
  if (count > ICWS_READ_STATE_MAX_PATHS)
    return ICWS_ERR_LIMIT;
  icws_cbor_put_array(buf, count);
  for (i = 0; i < count; i++) {
    if (paths[i].count > ICWS_PATH_MAX_LABELS)
      return ICWS_ERR_LIMIT;
    put_path(buf, paths[i].labels, paths[i].count);
  }
  return icws_buf_error(buf);
}

static enum icws_error ask(struct icws_agent *agent, const struct icws_principal *target,
                           bool of_subnet, const struct icws_agent_path *paths, size_t count,
                           icws_agent_answer_fn *fn, void *user_data,
                           struct icws_agent_request **request)
{
  struct icws_agent_request *made;
  enum icws_error error;
  if (!icws_agent_has_room(agent))
    return ICWS_ERR_QUEUE_FULL;
  made = icws_agent_request_new(agent, &read_state_kind, fn, user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  made->target = *target;
  made->of_subnet = of_subnet;
  error = put_paths(&made->own, paths, count);
  if (error != ICWS_OK) {
    icws_agent_request_drop(made);
    return error;
  }
  icws_agent_submit(made, request);
  return ICWS_OK;
}

enum icws_error icws_agent_read_state(struct icws_agent *agent,
                                      const struct icws_principal *canister,
                                      const struct icws_agent_path *paths, size_t count,
                                      icws_agent_answer_fn *fn, void *user_data,
                                      struct icws_agent_request **request)
{
  return ask(agent, canister, false, paths, count, fn, user_data, request);
}

enum icws_error icws_agent_read_subnet_state(struct icws_agent *agent,
                                             const struct icws_principal *subnet,
                                             const struct icws_agent_path *paths, size_t count,
                                             icws_agent_answer_fn *fn, void *user_data,
                                             struct icws_agent_request **request)
{
  return ask(agent, subnet, true, paths, count, fn, user_data, request);
}

enum icws_error icws_agent_metadata(struct icws_agent *agent, const struct icws_principal *canister,
                                    const char *name, icws_agent_answer_fn *fn, void *user_data,
                                    struct icws_agent_request **request)
{
  const struct icws_bytes labels[] = {icws_bytes_text("canister"), icws_principal_bytes(canister),
                                      icws_bytes_text("metadata"), icws_bytes_text(name)};
  struct icws_agent_request *made;
  if (!icws_agent_has_room(agent))
    return ICWS_ERR_QUEUE_FULL;
  made = icws_agent_read_state_new(agent, canister, false, labels, 4, fn, user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  made->is_metadata = true;
  icws_agent_submit(made, request);
  return ICWS_OK;
}

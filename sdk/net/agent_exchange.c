/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#include <stdio.h>
#include <string.h>

/* A connection that cannot be had is tried so often; a network that is busy, until time is up. */
#define MAX_FAILURES 4

/* How far ahead a request expires: within what replicas take, 5 min 30 s, by a clock that may be a
 * minute ahead, and long enough for one that is some minutes behind. */
#define EXPIRY_NS UINT64_C(240000000000)
#define NS_PER_MS UINT64_C(1000000)
#define ROUNDED_MS 2 /* not before: both a length of time and the loop's clock are cut to ms */

#define FALLBACK_VERSION 2 /* of all endpoints */

/* --- Sending ---------------------------------------------------------------------------------- */

static void answered(void *user_data, const struct icws_http_result *answer,
                     const struct icws_failure *failure);

static void put_path(const struct icws_agent_request *request, char *path, size_t size)
{
  static const char *const names[] = {
      [ICWS_ENDPOINT_CALL] = "call",
      [ICWS_ENDPOINT_QUERY] = "query",
      [ICWS_ENDPOINT_READ_STATE] = "read_state",
  };
  char target[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(&request->target, target);
  if (request->kind->endpoint == ICWS_ENDPOINT_STATUS)
    snprintf(path, size, "/api/v2/status");
  else
    snprintf(path, size, "/api/v%u/%s/%s/%s", request->version,
             request->of_subnet ? "subnet" : "canister", target, names[request->kind->endpoint]);
}

void icws_agent_send(struct icws_agent_request *request)
{
  char path[sizeof "/api/v4294967295/canister//read_state" + ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_http *http = request->agent->http;
  struct icws_failure failure;
  enum icws_error error;
  if (request->version == 0)
    request->version = request->agent->versions[request->kind->endpoint];
  put_path(request, path, sizeof path);
  if (request->kind->endpoint == ICWS_ENDPOINT_STATUS)
    error = icws_http_get(http, path, answered, request, &request->transfer);
  else
    error = icws_http_post(http, path, request->body, answered, request, &request->transfer);
  if (error == ICWS_OK)
    return;
  (void)icws_fail(&failure, error, "out of memory");
  icws_agent_fail(request, &failure);
}

static void sign_and_send(struct icws_agent_request *request)
{
  struct icws_failure failure;
  enum icws_error error;
  request->signed_ns = uv_hrtime();
  request->expiry_ns = icws_agent_now_ns(request->agent) + EXPIRY_NS;
  icws_buf_clear(&request->envelope);
  request->kind->sign(request);
  request->body = icws_buf_bytes(&request->envelope);
  error = icws_buf_error(&request->envelope);
  if (error != ICWS_OK) {
    (void)icws_fail(&failure, error, "the request cannot be signed: %s", icws_strerror(error));
    icws_agent_fail(request, &failure);
    return;
  }
  if (request->kind->endpoint == ICWS_ENDPOINT_CALL)
    icws_timer_start(request->deadline, EXPIRY_NS / NS_PER_MS);
  icws_agent_send(request);
}

static bool is_relayed_call(const struct icws_agent_request *request)
{
  return request->kind->endpoint == ICWS_ENDPOINT_CALL && request->kind->sign == NULL;
}

/* One's own call has as long as any request until it is signed, another's until it expires; by a
 * clock that is wrong it may seem to have: the network is to say so, as long as an exchange takes.  Both
 * the difference and the loop's clock leave out a part of a millisecond. */
static void set_first_deadline(struct icws_agent_request *request)
{
  const struct icws_agent_config *config = &request->agent->config;
  uint64_t now = icws_agent_now_ns(request->agent);
  uint64_t ms = config->request_timeout_ms;
  if (is_relayed_call(request)) {
    ms = request->expiry_ns > now ? (request->expiry_ns - now) / NS_PER_MS + ROUNDED_MS : 0;
    if (ms < config->exchange_timeout_ms)
      ms = config->exchange_timeout_ms;
  }
  icws_timer_start(request->deadline, ms);
}

void icws_agent_begin(struct icws_agent_request *request)
{
  struct icws_agent *agent = request->agent;
  set_first_deadline(request);
  if (request->kind->needs_root_key && agent->verifier == NULL) {
    icws_agent_await(request, ICWS_WAIT_ROOT_KEY, icws_agent_begin);
    icws_agent_fetch_root_key(agent);
  } else if (request->kind->needs_clock && !agent->clock.checked) {
    icws_agent_await(request, ICWS_WAIT_CLOCK, icws_agent_begin);
    icws_agent_measure_clock(request);
  } else if (request->kind->sign != NULL) {
    sign_and_send(request);
  } else {
    icws_agent_send(request);
  }
}

/* Tries again what failed with request->failure, or gives up.  Another's call is not given up before
 * it has expired: whoever signed it counts on its number, and cannot sign it anew. */
static void retry(struct icws_agent_request *request, bool is_busy, uint64_t asked_s)
{
  struct icws_failure failure = request->failure;
  request->failures++;
  if (is_busy || request->uncertain || is_relayed_call(request) || request->failures < MAX_FAILURES)
    icws_agent_pause(request, request->failures - 1, asked_s, icws_agent_send);
  else
    icws_agent_fail(request, &failure);
}

static void exchange_failed(struct icws_agent_request *request, const struct icws_failure *failure)
{
  request->failure = *failure;
  switch ((int)failure->code) {
  case ICWS_ERR_RESOLVE:
  case ICWS_ERR_RESOLVE_TIMEOUT:
  case ICWS_ERR_CONNECT:
  case ICWS_ERR_CONNECT_TIMEOUT:
    retry(request, false, 0);
    return;
  case ICWS_ERR_HTTP:
  case ICWS_ERR_HTTP_TIMEOUT:
    request->uncertain = request->kind->endpoint == ICWS_ENDPOINT_CALL;
    retry(request, false, 0);
    return;
  case ICWS_ERR_TLS: /* nothing that goes away */
    break;
  default:
    request->uncertain = request->kind->endpoint == ICWS_ENDPOINT_CALL;
    break;
  }
  icws_agent_fail(request, failure);
}

/* --- Refusals for the expiry ------------------------------------------------------------------ */

static bool contains(struct icws_bytes bytes, const char *text)
{
  size_t len = strlen(text);
  size_t i;
  for (i = 0; i + len <= bytes.len; i++)
    if (memcmp(bytes.data + i, text, len) == 0)
      return true;
  return false;
}

/*
 * What was refused can be replaced, unless it is a call that might be executed all the same: whoever
 * saw it on its way may hand it in once its time comes.  A call that had expired when it was sent
 * cannot; that is proven by a certified time, which is never ahead of the network's.  (uv_hrtime
 * does not count while the machine sleeps, so that what may have arrived before is left alone.)
 */
static bool can_be_replaced(const struct icws_agent_request *request)
{
  const struct icws_agent_clock *clock = &request->agent->clock;
  uint64_t at_signing = clock->certified_ns + request->signed_ns - clock->seen_ns; /* or later */
  if (request->kind->endpoint != ICWS_ENDPOINT_CALL)
    return true;
  return !request->uncertain && at_signing > request->expiry_ns;
}

static void sign_anew(struct icws_agent_request *request)
{
  struct icws_failure failure;
  if (can_be_replaced(request)) {
    request->signed_anew = true;
    sign_and_send(request);
    return;
  }
  request->uncertain = true;
  (void)icws_fail(&failure, ICWS_ERR_EXPIRY,
                  "refused for its expiry, but it could still be executed later, and is not sent "
                  "anew: %s",
                  request->failure.text);
  icws_agent_fail(request, &failure);
}

static void refused_for_expiry(struct icws_agent_request *request,
                               const struct icws_http_result *answer)
{
  struct icws_failure failure;
  icws_agent_explain_status(request, ICWS_ERR_EXPIRY, answer, &failure);
  if (request->kind->sign == NULL || request->signed_anew || request->measures_clock) {
    icws_agent_fail(request, &failure);
    return;
  }
  request->failure = failure;
  icws_agent_await(request, ICWS_WAIT_CLOCK, sign_anew);
  icws_agent_measure_clock(request);
}

/* --- Answers ---------------------------------------------------------------------------------- */

static bool is_busy(unsigned status)
{
  return status == 429 || status == 502 || status == 503 || status == 504;
}

static void answered(void *user_data, const struct icws_http_result *answer,
                     const struct icws_failure *failure)
{
  struct icws_agent_request *request = user_data;
  unsigned *version = &request->agent->versions[request->kind->endpoint];
  request->transfer = NULL;
  if (failure != NULL) {
    exchange_failed(request, failure);
    return;
  }
  if (is_busy(answer->status)) {
    icws_agent_explain_status(request, ICWS_ERR_HTTP, answer, &request->failure);
    if (request->kind->endpoint == ICWS_ENDPOINT_CALL)
      request->uncertain = true;
    retry(request, true, answer->retry_after_s);
    return;
  }
  request->failures = 0;
  if (answer->status == 404 && request->version > FALLBACK_VERSION) {
    request->version--;
    request->fell_back = true;
    icws_agent_send(request);
    return;
  }
  if (request->fell_back && (answer->status == 200 || answer->status == 202) &&
      request->version < *version)
    *version = request->version;
  if (answer->status == 400 && contains(answer->body, "Invalid request expiry"))
    refused_for_expiry(request, answer);
  else
    request->kind->answered(request, answer);
}

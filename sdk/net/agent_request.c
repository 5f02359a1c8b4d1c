/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_PAUSE_MS 250
#define PAUSE_DOUBLINGS 5 /* 8 s at most */
#define MAX_ASKED_S 30    /* that a network may ask for on top */

#define SHOWN_BYTES 160 /* of a text in an answer */

/* --- Life ------------------------------------------------------------------------------------- */

static void pause_over(void *user_data)
{
  struct icws_agent_request *request = user_data;
  request->step(request);
}

static void time_is_up(void *user_data);

struct icws_agent_request *icws_agent_request_new(struct icws_agent *agent,
                                                  const struct icws_agent_kind *kind,
                                                  icws_agent_answer_fn *fn, void *user_data)
{
  struct icws_agent_request *request = calloc(1, sizeof *request);
  if (request == NULL)
    return NULL;
  request->agent = agent;
  request->kind = kind;
  request->fn = fn;
  request->user_data = user_data;
  icws_buf_init(&request->own, ICWS_ENVELOPE_MAX_BYTES, NULL);
  icws_buf_init(&request->envelope, 0, NULL);
  icws_buf_init(&request->kept, 0, NULL);
  request->pause = icws_timer_new(&agent->loop, pause_over, request);
  request->deadline = icws_timer_new(&agent->loop, time_is_up, request);
  if (request->pause != NULL && request->deadline != NULL)
    return request;
  icws_agent_request_drop(request);
  return NULL;
}

void icws_agent_request_drop(struct icws_agent_request *request)
{
  if (request == NULL)
    return;
  icws_timer_del(request->pause);
  icws_timer_del(request->deadline);
  icws_buf_wipe(&request->own);
  icws_buf_wipe(&request->envelope);
  icws_buf_wipe(&request->kept);
  free(request);
}

bool icws_agent_has_room(const struct icws_agent *agent)
{
  return agent->request_count < agent->config.max_requests;
}

static void enter(struct icws_agent_request *request)
{
  request->step = icws_agent_begin;
  icws_list_append(&request->agent->ready, &request->link);
}

void icws_agent_submit(struct icws_agent_request *request, struct icws_agent_request **handle)
{
  request->agent->request_count++;
  enter(request);
  if (handle != NULL)
    *handle = request;
}

void icws_agent_submit_internal(struct icws_agent_request *request)
{
  request->internal = true;
  enter(request);
}

/* Takes the request out of all that could still reach it. */
static void leave(struct icws_agent_request *request)
{
  if (request->transfer != NULL)
    icws_http_cancel(request->transfer);
  request->transfer = NULL;
  if (request->child != NULL)
    icws_agent_forget(request->child);
  request->child = NULL;
  icws_timer_stop(request->pause);
  icws_timer_stop(request->deadline);
  icws_list_remove(&request->link);
  if (!request->internal)
    request->agent->request_count--;
}

void icws_agent_forget(struct icws_agent_request *request)
{
  leave(request);
  icws_agent_request_drop(request);
}

/* --- Ends ------------------------------------------------------------------------------------- */

void icws_agent_finish(struct icws_agent_request *request, struct icws_agent_answer *answer)
{
  leave(request);
  memcpy(answer->request_id, request->request_id, sizeof answer->request_id);
  request->telling = true;
  request->fn(request->agent, answer, request->user_data);
  icws_agent_request_drop(request);
}

void icws_agent_fail(struct icws_agent_request *request, const struct icws_failure *failure)
{
  struct icws_agent_answer answer = {
      .outcome = ICWS_AGENT_FAILED, .failure = failure, .may_be_processed = request->uncertain};
  icws_agent_finish(request, &answer);
}

void icws_agent_explain_status(const struct icws_agent_request *request, enum icws_error error,
                               const struct icws_http_result *answer, struct icws_failure *failure)
{
  int shown = answer->body.len > SHOWN_BYTES ? SHOWN_BYTES : (int)answer->body.len;
  (void)icws_fail(failure, error, "%s answered with HTTP status %u%s%.*s",
                  request->agent->url.authority, answer->status, shown > 0 ? ": " : "", shown,
                  shown > 0 ? (const char *)answer->body.data : "");
}

/* Whether the network has judged the request.  A proxy that wants a password (407) and a server that
 * was too slow to read (408) have not. */
static bool is_refusal(unsigned status)
{
  return status >= 400 && status < 500 && status != 407 && status != 408;
}

void icws_agent_fail_status(struct icws_agent_request *request,
                            const struct icws_http_result *answer)
{
  /* In a request for the status there is nothing to refuse: nobody serves the API there. */
  bool is_refused = request->kind->endpoint != ICWS_ENDPOINT_STATUS && is_refusal(answer->status);
  struct icws_failure failure;
  icws_agent_explain_status(request, is_refused ? ICWS_ERR_REFUSED : ICWS_ERR_HTTP, answer,
                            &failure);
  icws_agent_fail(request, &failure);
}

static void time_is_up(void *user_data)
{
  struct icws_agent_request *request = user_data;
  struct icws_failure failure = request->failure;
  if (request->kind->expired != NULL) {
    request->kind->expired(request);
    return;
  }
  if (failure.code == ICWS_OK)
    (void)icws_fail(&failure, ICWS_ERR_HTTP_TIMEOUT, "no answer from %s within %llu ms",
                    request->agent->url.authority,
                    (unsigned long long)request->agent->config.request_timeout_ms);
  icws_agent_fail(request, &failure);
}

/* --- Waiting ---------------------------------------------------------------------------------- */

static void fail_step(struct icws_agent_request *request)
{
  struct icws_failure failure = request->failure;
  icws_agent_fail(request, &failure);
}

static void make_ready(struct icws_agent_request *request)
{
  icws_list_remove(&request->link);
  icws_list_append(&request->agent->ready, &request->link);
  request->wait = ICWS_WAIT_NOTHING;
}

void icws_agent_await(struct icws_agent_request *request, enum icws_agent_wait wait,
                      icws_agent_step_fn *step)
{
  request->wait = wait;
  request->step = step;
}

void icws_agent_wake(struct icws_agent *agent, enum icws_agent_wait wait,
                     const struct icws_principal *target, const struct icws_failure *failure)
{
  struct icws_link *link = agent->parked.next;
  while (link != &agent->parked) {
    struct icws_agent_request *request = (struct icws_agent_request *)link;
    link = link->next;
    if (request->wait != wait)
      continue;
    make_ready(request);
    if (failure != NULL && (target == NULL || icws_principal_equal(target, &request->target))) {
      request->failure = *failure;
      request->step = fail_step;
    }
  }
}

/* Pauses grow, and differ by half, so that those who failed together do not come back together. */
static uint64_t pause_ms(const struct icws_agent *agent, unsigned count)
{
  const struct icws_random *random = agent->config.random;
  uint64_t longest = (uint64_t)FIRST_PAUSE_MS
                     << (count < PAUSE_DOUBLINGS ? count : PAUSE_DOUBLINGS);
  uint16_t share = 0;
  if (random->fill((uint8_t *)&share, sizeof share, random->user_data) != ICWS_OK)
    share = UINT16_MAX;
  return longest / 2 + longest / 2 * share / UINT16_MAX;
}

void icws_agent_pause(struct icws_agent_request *request, unsigned count, uint64_t asked_s,
                      icws_agent_step_fn *step)
{
  uint64_t asked_ms = (asked_s < MAX_ASKED_S ? asked_s : MAX_ASKED_S) * 1000;
  request->step = step;
  icws_timer_start(request->pause, asked_ms + pause_ms(request->agent, count));
}

bool icws_agent_keep(struct icws_agent_request *request, struct icws_bytes body)
{
  struct icws_failure failure;
  icws_buf_clear(&request->kept);
  icws_buf_put(&request->kept, body.data, body.len);
  if (icws_buf_error(&request->kept) == ICWS_OK)
    return true;
  (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
  icws_agent_fail(request, &failure);
  return false;
}

/* --- Signing ---------------------------------------------------------------------------------- */

struct icws_signer icws_agent_signer(const struct icws_agent_request *request)
{
  const struct icws_identity *identity = request->agent->config.identity;
  struct icws_signer nobody = {.sender = icws_principal_anonymous()};
  return request->anonymous || identity == NULL ? nobody : icws_identity_signer(identity);
}

struct icws_bytes icws_agent_sign(const struct icws_agent_request *request,
                                  uint8_t signature[ICWS_SIGNATURE_BYTES])
{
  uint8_t message[ICWS_REQUEST_TO_SIGN_BYTES];
  if (icws_agent_signer(request).public_key.len == 0)
    return icws_bytes_of(NULL, 0);
  icws_request_to_sign(request->request_id, message);
  icws_identity_sign(request->agent->config.identity, icws_bytes_of(message, sizeof message),
                     signature);
  return icws_bytes_of(signature, ICWS_SIGNATURE_BYTES);
}

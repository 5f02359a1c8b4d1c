/* SPDX-License-Identifier: Apache-2.0 */
#include "client_relay.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "own_request.h"
#include "stats.h"

static void open_answered(struct client_session *session, const struct icws_network_answer *answer)
{
  struct icws_result result;

  switch (answer->outcome) {
  case ICWS_NETWORK_REPLIED:
    if (icws_result_decode(answer->reply, &result, NULL) != ICWS_OK) {
      client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_CANISTER, CLOSE_INTERNAL_ERROR,
                            "the canister's answer to ws_open is not one");
    } else if (!result.ok) {
      session->known_to_canister = false;
      session->context->stats.troubles[ICWS_GATEWAY_RELAY_REFUSED]++;
      client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_CANISTER, CLOSE_POLICY_VIOLATION,
                            "the canister refused ws_open: %.*s", GATEWAY_TEXT(result.text));
    } else {
      session->processed_ns = session->context->config.monotonic_ns();
    }
    break;
  case ICWS_NETWORK_REJECTED:
    session->known_to_canister = false;
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_NETWORK, CLOSE_INTERNAL_ERROR,
                          "ws_open was rejected (%d): %.*s", (int)answer->reject_code,
                          GATEWAY_TEXT(answer->text));
    break;
  case ICWS_NETWORK_TAKEN:
    break; /* the canister's first message tells, or does not come */
  case ICWS_NETWORK_UNKNOWN:
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_NETWORK, CLOSE_TRY_AGAIN_LATER,
                          "ws_open got no answer: %.*s", GATEWAY_TEXT(answer->text));
    break;
  }
}

/*
 * A rejected message ends the session, since its sequence number is used up for the client but not
 * for the canister, and all that the client sends later would be out of sequence.  So does an Err,
 * but later: if the canister dropped the client, its CloseMessage comes first.
 */
static void message_refused(struct client_session *session, struct icws_bytes text)
{
  const size_t kept = text.len < REFUSAL_BYTES ? text.len : REFUSAL_BYTES - 1;

  session->context->stats.troubles[ICWS_GATEWAY_RELAY_REFUSED]++;
  client_session_log(session, ICWS_GATEWAY_LOG_WARN, "message_refused",
                     "the canister refused ws_message: %.*s", GATEWAY_TEXT(text));
  if (session->refused_ns != 0)
    return;
  session->refused_ns = session->context->config.monotonic_ns();
  if (kept > 0)
    memcpy(session->refusal, text.data, kept);
  session->refusal[kept] = '\0';
}

static void message_answered(struct client_session *session,
                             const struct icws_network_answer *answer)
{
  struct icws_result result;

  switch (answer->outcome) {
  case ICWS_NETWORK_REPLIED:
    if (icws_result_decode(answer->reply, &result, NULL) == ICWS_OK && !result.ok)
      message_refused(session, result.text);
    break;
  case ICWS_NETWORK_REJECTED:
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_NETWORK, CLOSE_INTERNAL_ERROR,
                          "ws_message was rejected (%d): %.*s", (int)answer->reject_code,
                          GATEWAY_TEXT(answer->text));
    break;
  case ICWS_NETWORK_TAKEN:
    break;
  case ICWS_NETWORK_UNKNOWN:
    client_session_log(session, ICWS_GATEWAY_LOG_ERROR, "relay_failed",
                       "ws_message got no answer: %.*s", GATEWAY_TEXT(answer->text));
    break;
  }
}

static void count_outcome(struct icws_gateway_stats *stats, enum icws_network_outcome outcome,
                          uint64_t duration_ns)
{
  histogram_add(&stats->relay_latency, duration_ns);
  if (outcome == ICWS_NETWORK_REJECTED)
    stats->troubles[ICWS_GATEWAY_RELAY_REJECTED]++;
  else if (outcome == ICWS_NETWORK_UNKNOWN)
    stats->troubles[ICWS_GATEWAY_RELAY_NO_ANSWER]++;
}

static void forget(struct client_session *session, const struct relay_message *message)
{
  struct relay_message **link = &session->in_flight;

  while (*link != message)
    link = &(*link)->next;
  *link = message->next;
  session->in_flight_count--;
  if (session->opening == message)
    session->opening = NULL;
}

static void relay_answered(struct icws_network_request *request,
                           const struct icws_network_answer *answer)
{
  struct relay_message *message =
      (struct relay_message *)(void *)((char *)request - offsetof(struct relay_message, request));
  struct client_session *session = request->user_data;
  const uint64_t now = session->context->config.monotonic_ns();

  /* Still counted as under way, so that nothing is submitted before the answer was looked at. */
  count_outcome(&session->context->stats, answer->outcome, now - message->queued_ns);
  if (session->opening == message)
    open_answered(session, answer);
  else
    message_answered(session, answer);

  forget(session, message);
  free(message);
  client_relay_advance(session);
}

static void relay(struct client_session *session, struct relay_message *message)
{
  const struct icws_network *network = session->context->config.network;

  if (!session->known_to_canister)
    session->opening = message;
  session->known_to_canister = true;
  message->next = session->in_flight;
  session->in_flight = message;
  session->in_flight_count++;
  message->request = (struct icws_network_request){
      .canister = session->entry.canister,
      .envelope = icws_bytes_of(message->envelope, message->len),
      .answered = relay_answered,
      .user_data = session,
  };
  session->context->stats.envelopes_relayed++;
  network->call(network->self, &message->request);
}

void client_relay_cancel(struct client_session *session)
{
  const struct icws_network *network = session->context->config.network;

  while (session->in_flight) {
    struct relay_message *message = session->in_flight;

    network->cancel(network->self, &message->request);
    forget(session, message);
    free(message);
  }
  if (session->closing)
    network->cancel(network->self, &session->close_request);
  session->closing = false;
}

static void close_answered(struct icws_network_request *request,
                           const struct icws_network_answer *answer)
{
  struct client_session *session = request->user_data;
  struct icws_result result;

  if (answer->outcome != ICWS_NETWORK_TAKEN &&
      (answer->outcome != ICWS_NETWORK_REPLIED ||
       icws_result_decode(answer->reply, &result, NULL) != ICWS_OK || !result.ok))
    session->context->stats.troubles[ICWS_GATEWAY_CLOSE_FAILED]++;
  session->closing = false;
  session->known_to_canister = false;
  client_relay_advance(session);
}

/* Returns whether ws_close is on its way; if it cannot be made, the canister finds out by itself
 * when the client's keep-alive does not come. */
static bool call_close(struct client_session *session)
{
  const struct icws_network *network = session->context->config.network;
  struct icws_buf arg;
  enum icws_error error;

  icws_buf_init(&arg, 0, NULL);
  icws_close_args_put(&arg, &session->entry.key);
  error = icws_buf_error(&arg);
  if (error == ICWS_OK)
    error = own_request_put(&session->close_envelope, session->context, ICWS_REQUEST_CALL,
                            &session->entry.canister, "ws_close", icws_buf_bytes(&arg));
  icws_buf_wipe(&arg);
  session->context->stats.closes_called++;
  if (error != ICWS_OK) {
    session->context->stats.troubles[ICWS_GATEWAY_CLOSE_FAILED]++;
    return false;
  }
  session->closing = true;
  session->close_request = (struct icws_network_request){
      .canister = session->entry.canister,
      .envelope = icws_buf_bytes(&session->close_envelope),
      .answered = close_answered,
      .user_data = session,
  };
  network->call(network->self, &session->close_request);
  return true;
}

void client_relay_pause(struct client_session *session)
{
  const bool pause = relay_queue_full(&session->waiting) || session->throttled;

  if (session->paused == pause || session->state == CLIENT_CLOSED)
    return;
  session->paused = pause;
  session->hooks->pause(session->user_data, pause);
}

static bool may_relay(const struct client_session *session)
{
  return !session->opening && session->in_flight_count < session->context->config.max_in_flight;
}

/* Takes what is to be relayed next.  When that has expired, what waits behind it is dropped, since
 * it would be out of sequence. */
static struct relay_message *take(struct client_session *session, bool *expired)
{
  struct relay_message *message = relay_queue_take(&session->waiting);

  if (!message || message->ingress_expiry > session->context->config.wall_ns())
    return message;
  free(message);
  relay_queue_wipe(&session->waiting);
  *expired = true;
  return NULL;
}

void client_relay_advance(struct client_session *session)
{
  bool expired = false;
  struct relay_message *message;

  if (session->closing)
    return;
  while (may_relay(session) && (message = take(session, &expired)))
    relay(session, message);
  if (expired && session->state != CLIENT_CLOSED) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_WAITING, CLOSE_TRY_AGAIN_LATER,
                          "a message expired before it could be relayed");
    return;
  }
  client_relay_pause(session);
  if (session->state != CLIENT_CLOSED || session->in_flight)
    return;
  if (!session->known_to_canister || !call_close(session))
    session->hooks->settled(session->user_data);
}

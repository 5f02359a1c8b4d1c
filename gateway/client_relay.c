/* SPDX-License-Identifier: Apache-2.0 */
#include "client_relay.h"

#include <stdlib.h>

#include "own_request.h"

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
    }
    break;
  case ICWS_NETWORK_REJECTED:
    session->known_to_canister = false;
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_NETWORK, CLOSE_INTERNAL_ERROR,
                          "ws_open was rejected (%d): %.*s", (int)answer->reject_code,
                          GATEWAY_TEXT(answer->text));
    break;
  case ICWS_NETWORK_UNKNOWN:
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_NETWORK, CLOSE_TRY_AGAIN_LATER,
                          "ws_open got no answer: %.*s", GATEWAY_TEXT(answer->text));
    break;
  }
}

/*
 * A rejected message ends the session, since its sequence number is used up for the client but not
 * for the canister, and all that the client sends later would be out of sequence.  After an Err the
 * canister knows what to do, and tells the client by CloseMessage if it dropped it.
 */
static void message_answered(struct client_session *session,
                             const struct icws_network_answer *answer)
{
  struct icws_result result;

  switch (answer->outcome) {
  case ICWS_NETWORK_REPLIED:
    if (icws_result_decode(answer->reply, &result, NULL) == ICWS_OK && !result.ok) {
      session->context->stats.troubles[ICWS_GATEWAY_RELAY_REFUSED]++;
      client_session_log(session, ICWS_GATEWAY_LOG_WARN, "message_refused",
                         "the canister refused ws_message: %.*s", GATEWAY_TEXT(result.text));
    }
    break;
  case ICWS_NETWORK_REJECTED:
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_NETWORK, CLOSE_INTERNAL_ERROR,
                          "ws_message was rejected (%d): %.*s", (int)answer->reject_code,
                          GATEWAY_TEXT(answer->text));
    break;
  case ICWS_NETWORK_UNKNOWN:
    client_session_log(session, ICWS_GATEWAY_LOG_ERROR, "relay_failed",
                       "ws_message got no answer: %.*s", GATEWAY_TEXT(answer->text));
    break;
  }
}

static void count_outcome(struct icws_gateway_stats *stats, enum icws_network_outcome outcome)
{
  if (outcome == ICWS_NETWORK_REJECTED)
    stats->troubles[ICWS_GATEWAY_RELAY_REJECTED]++;
  else if (outcome == ICWS_NETWORK_UNKNOWN)
    stats->troubles[ICWS_GATEWAY_RELAY_NO_ANSWER]++;
}

static void relay_answered(struct icws_network_request *request,
                           const struct icws_network_answer *answer)
{
  struct client_session *session = request->user_data;

  /* Still marked as under way, so that nothing is submitted before the answer was looked at. */
  count_outcome(&session->context->stats, answer->outcome);
  if (session->relaying == RELAYING_OPEN)
    open_answered(session, answer);
  else
    message_answered(session, answer);

  free(session->in_flight);
  session->in_flight = NULL;
  session->relaying = RELAYING_NOTHING;
  client_relay_advance(session);
}

static void relay(struct client_session *session, struct relay_message *message)
{
  const struct icws_network *network = session->context->config.network;

  session->relaying = session->known_to_canister ? RELAYING_MESSAGE : RELAYING_OPEN;
  session->known_to_canister = true;
  session->in_flight = message;
  session->request = (struct icws_network_request){
      .canister = session->entry.canister,
      .envelope = icws_bytes_of(message->envelope, message->len),
      .answered = relay_answered,
      .user_data = session,
  };
  session->context->stats.envelopes_relayed++;
  network->call(network->self, &session->request);
}

static void close_answered(struct icws_network_request *request,
                           const struct icws_network_answer *answer)
{
  struct client_session *session = request->user_data;
  struct icws_result result;

  if (answer->outcome != ICWS_NETWORK_REPLIED ||
      icws_result_decode(answer->reply, &result, NULL) != ICWS_OK || !result.ok)
    session->context->stats.troubles[ICWS_GATEWAY_CLOSE_FAILED]++;
  session->relaying = RELAYING_NOTHING;
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
  session->relaying = RELAYING_CLOSE;
  session->request = (struct icws_network_request){
      .canister = session->entry.canister,
      .envelope = icws_buf_bytes(&session->close_envelope),
      .answered = close_answered,
      .user_data = session,
  };
  network->call(network->self, &session->request);
  return true;
}

void client_relay_pause(struct client_session *session)
{
  const bool full = relay_queue_full(&session->waiting);

  if (session->paused == full || session->state == CLIENT_CLOSED)
    return;
  session->paused = full;
  session->hooks->pause(session->user_data, full);
}

/* A message that waited expired, and those behind it would now be out of sequence. */
static void expire(struct client_session *session)
{
  if (session->state == CLIENT_CLOSED) {
    relay_queue_wipe(&session->waiting);
    client_relay_advance(session);
  } else {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_WAITING, CLOSE_TRY_AGAIN_LATER,
                          "a message expired before it could be relayed");
  }
}

void client_relay_advance(struct client_session *session)
{
  struct relay_message *message;

  if (session->relaying != RELAYING_NOTHING)
    return;
  message = relay_queue_take(&session->waiting);
  if (message && message->ingress_expiry <= session->context->config.wall_ns()) {
    free(message);
    expire(session);
    return;
  }
  if (message) {
    relay(session, message);
    client_relay_pause(session);
    return;
  }
  if (session->state != CLIENT_CLOSED)
    return;
  if (!session->known_to_canister || !call_close(session))
    session->hooks->settled(session->user_data);
}

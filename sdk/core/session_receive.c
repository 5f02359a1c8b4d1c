/* SPDX-License-Identifier: Apache-2.0 */

/* One message of the canister: the seven checks of the IC WebSocket protocol, in its order, and then
 * what the message means. */

#include "session_state.h"

/* Checks 1 to 3: certificate and its age, tree, content. */
static enum icws_error check_certified(struct icws_session *session,
                                       const struct icws_certified *certified, struct icws_now now,
                                       uint64_t *certificate_time)
{
  const struct icws_session_config *config = &session->config;
  const struct icws_certificate *certificate;
  struct icws_failure failure;
  enum icws_error error = icws_verifier_certified(config->verifier, &config->canister, certified,
                                                  &certificate, &failure);

  if (error == ICWS_OK)
    error = icws_verifier_age(config->verifier, certificate->time_ns, now.wall_ns, &failure);
  if (error != ICWS_OK)
    return session_fail_with(session, &failure);
  *certificate_time = certificate->time_ns;
  return ICWS_OK;
}

/* Check 4: a gateway must not pass another client's message off as ours. */
static enum icws_error check_client_key(struct icws_session *session,
                                        const struct icws_client_key *key)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];

  if (icws_client_key_equal(key, &session->client_key))
    return ICWS_OK;
  icws_principal_to_text(&key->principal, text);
  return session_fail(session, ICWS_ERR_CLIENT_KEY,
                      "check 4 (client key): the message is addressed to client %s with nonce %llu",
                      text, (unsigned long long)key->nonce);
}

/* Check 5: the key names the gateway of the handshake, and its nonce grows. */
static enum icws_error check_message_key(struct icws_session *session, struct icws_bytes key)
{
  struct icws_principal gateway;
  uint64_t nonce;

  if (icws_message_key_parse(key, &gateway, &nonce) != ICWS_OK)
    return session_fail(session, ICWS_ERR_MESSAGE_KEY,
                        "check 5 (message key): the key is not a gateway principal and 20 digits");
  if (!icws_principal_equal(&gateway, &session->gateway))
    return session_fail(session, ICWS_ERR_MESSAGE_KEY,
                        "check 5 (message key): the message was made for another gateway than the "
                        "one of the handshake");
  if (session->have_message_nonce && nonce <= session->message_nonce)
    return session_fail(session, ICWS_ERR_MESSAGE_KEY,
                        "check 5 (message key): nonce %llu after %llu", (unsigned long long)nonce,
                        (unsigned long long)session->message_nonce);
  session->have_message_nonce = true;
  session->message_nonce = nonce;
  return ICWS_OK;
}

/* Checks 6 and 7: the next sequence number, and a timestamp before the certificate's. */
static enum icws_error check_order(struct icws_session *session,
                                   const struct icws_websocket_message *message,
                                   uint64_t certificate_time)
{
  uint64_t expected = session->stats.last_sequence_received + 1;

  if (message->sequence_num != expected)
    return session_fail(session, ICWS_ERR_SEQUENCE,
                        "check 6 (sequence number): %llu where %llu is next: a %s",
                        (unsigned long long)message->sequence_num, (unsigned long long)expected,
                        message->sequence_num < expected ? "replay" : "gap");
  if (message->timestamp > certificate_time)
    return session_fail(session, ICWS_ERR_TIMESTAMP,
                        "check 7 (timestamp): %llu ns is later than the certificate's %llu ns",
                        (unsigned long long)message->timestamp,
                        (unsigned long long)certificate_time);
  session->stats.last_sequence_received = expected;
  return ICWS_OK;
}

static enum icws_error receive_open(struct icws_session *session,
                                    const struct icws_service_message *service, struct icws_now now)
{
  if (session->state != ICWS_SESSION_OPENING)
    return session_fail(session, ICWS_ERR_SERVICE_MESSAGE, "a second OpenMessage");
  if (!icws_client_key_equal(&service->client_key, &session->client_key))
    return session_fail(session, ICWS_ERR_SERVICE_MESSAGE,
                        "the OpenMessage is for another client key");
  session->state = ICWS_SESSION_OPEN;
  session->ack_heard_ns = now.mono_ns;
  session->pending.open = true;
  return ICWS_OK;
}

static enum icws_error receive_ack(struct icws_session *session, uint64_t seq, struct icws_now now)
{
  struct icws_session_stats *stats = &session->stats;

  if (seq > stats->last_sequence_sent)
    return session_fail(session, ICWS_ERR_ACK,
                        "the canister acknowledged message %llu; the last one sent is %llu",
                        (unsigned long long)seq, (unsigned long long)stats->last_sequence_sent);
  if (seq < stats->last_sequence_acked)
    return ICWS_OK; /* out of date: it says nothing new */
  stats->last_sequence_acked = seq;
  stats->acks_received++;
  ack_window_acked(&session->window, seq);
  session->ack_heard_ns = now.mono_ns;
  session->keep_alive_due = true;
  session->ack = (struct icws_event_ack){.sequence_num = seq};
  session->pending.ack = true;
  return ICWS_OK;
}

static enum icws_error receive_close(struct icws_session *session, enum icws_close_reason reason)
{
  switch (reason) {
  case ICWS_CLOSE_WRONG_SEQUENCE_NUMBER:
    return session_fail(session, ICWS_ERR_CANISTER_SEQUENCE,
                        "the canister closed: WrongSequenceNumber; a message was lost, reordered, "
                        "or refused by the application");
  case ICWS_CLOSE_INVALID_SERVICE_MESSAGE:
    return session_fail(session, ICWS_ERR_CANISTER_SERVICE,
                        "the canister closed: InvalidServiceMessage");
  case ICWS_CLOSE_KEEP_ALIVE_TIMEOUT:
    return session_fail(session, ICWS_ERR_CANISTER_KEEP_ALIVE,
                        "the canister closed: KeepAliveTimeout; it got no keep-alive in time");
  case ICWS_CLOSE_BY_APPLICATION:
    break;
  }
  return session_fail(session, ICWS_ERR_CLOSED_BY_CANISTER,
                      "the canister closed: ClosedByApplication");
}

static enum icws_error receive_service(struct icws_session *session, struct icws_bytes content,
                                       struct icws_now now)
{
  struct icws_service_message service;
  struct icws_failure failure;

  if (icws_service_message_decode(content, &service, &failure) != ICWS_OK)
    return session_fail(session, ICWS_ERR_SERVICE_MESSAGE, "a service message is malformed: %s",
                        failure.text);
  if (session->state == ICWS_SESSION_OPENING && service.type != ICWS_SERVICE_OPEN &&
      service.type != ICWS_SERVICE_CLOSE)
    return session_fail(session, ICWS_ERR_SERVICE_MESSAGE,
                        "the first message of the canister is not an OpenMessage");
  switch (service.type) {
  case ICWS_SERVICE_OPEN:
    return receive_open(session, &service, now);
  case ICWS_SERVICE_ACK:
    return receive_ack(session, service.last_incoming_sequence_num, now);
  case ICWS_SERVICE_CLOSE:
    return receive_close(session, service.reason);
  case ICWS_SERVICE_KEEP_ALIVE:
    break;
  }
  return session_fail(session, ICWS_ERR_SERVICE_MESSAGE,
                      "the canister sent a KeepAliveMessage, which only clients send");
}

static enum icws_error receive_application(struct icws_session *session,
                                           const struct icws_websocket_message *message,
                                           struct icws_now now)
{
  if (session->state == ICWS_SESSION_OPENING)
    return session_fail(session, ICWS_ERR_SERVICE_MESSAGE,
                        "the first message of the canister is not an OpenMessage");
  session->message = (struct icws_event_message){
      .content = message->content,
      .sequence_num = message->sequence_num,
      .timestamp = message->timestamp,
      .delay_ns = (int64_t)(now.wall_ns - message->timestamp),
  };
  session->stats.messages_received++;
  session->pending.message = true;
  return ICWS_OK;
}

enum icws_error session_receive(struct icws_session *session, struct icws_bytes frame,
                                struct icws_now now)
{
  struct icws_certified certified;
  struct icws_websocket_message message;
  struct icws_failure failure;
  uint64_t certificate_time = 0;
  enum icws_error error;

  if (icws_certified_decode(frame, &certified, &failure) != ICWS_OK)
    return session_fail_with(session, &failure);
  if ((error = check_certified(session, &certified, now, &certificate_time)) != ICWS_OK)
    return error;
  if (icws_websocket_message_decode(certified.content, &message, &failure) != ICWS_OK)
    return session_fail_with(session, &failure);
  if ((error = check_client_key(session, &message.client_key)) != ICWS_OK ||
      (error = check_message_key(session, certified.key)) != ICWS_OK ||
      (error = check_order(session, &message, certificate_time)) != ICWS_OK)
    return error;
  return message.is_service_message ? receive_service(session, message.content, now)
                                    : receive_application(session, &message, now);
}

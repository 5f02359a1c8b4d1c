/* SPDX-License-Identifier: Apache-2.0 */
#include "client_session.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <icws/utf8.h>

#include "client_relay.h"

/* A close frame has room for this much text: RFC 6455, section 5.5. */
#define REASON_BYTES (123 + 1)

#define SENTENCE_BYTES 256 /* of which a reason is made */

#define LOG_BYTES 300

/* What a canister owes is there after two or three polls. */
#define OVERDUE_NS (2 * 1000 * GATEWAY_NS_PER_MS)

static uint64_t now_ns(const struct client_session *session)
{
  return session->context->config.monotonic_ns();
}

void client_session_log(const struct client_session *session, enum icws_gateway_log_level level,
                        const char *event, const char *format, ...)
{
  const struct session_table_entry *entry = &session->entry;
  const struct gateway_subject subject = {
      .canister = entry->canister.len > 0 ? &entry->canister : NULL,
      .client = entry->key.principal.len > 0 ? &entry->key.principal : NULL,
      .address = session->address,
  };
  char text[LOG_BYTES];
  va_list arguments;

  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  gateway_log(session->context, level, event, &subject, "%s", text);
}

static void enter_state(struct client_session *session, enum client_state state)
{
  session->state = state;
  session->since_ns = now_ns(session);
}

void client_session_init(struct client_session *session, struct gateway_context *context,
                         const char *address, const struct client_hooks *hooks, void *user_data)
{
  *session = (struct client_session){.context = context,
                                     .address = address,
                                     .hooks = hooks,
                                     .user_data = user_data,
                                     .connected = true};
  relay_queue_init(&session->waiting, context->config.max_waiting_messages,
                   context->config.max_waiting_bytes);
  icws_buf_init(&session->close_envelope, 0, NULL);
  enter_state(session, CLIENT_INIT);
}

void client_session_wipe(struct client_session *session)
{
  client_relay_cancel(session);
  relay_queue_wipe(&session->waiting);
  icws_buf_wipe(&session->close_envelope);
}

/* --- Ending ----------------------------------------------------------------------------------- */

/* To Closed: messages for this client are from now on for nobody. */
static void end(struct client_session *session)
{
  const bool entered = session->state == CLIENT_SETUP || session->state == CLIENT_OPEN;

  if (entered)
    client_session_log(session, ICWS_GATEWAY_LOG_INFO, "client_left", "a client has left");
  enter_state(session, CLIENT_CLOSED);
  if (entered)
    session->hooks->leave(session->user_data);
}

void client_session_abandon(struct client_session *session)
{
  if (session->state != CLIENT_CLOSED)
    end(session);
  client_session_wipe(session);
}

static void hang_up(struct client_session *session, enum close_code code, const char *reason)
{
  if (session->connected)
    session->hooks->close(session->user_data, code, reason);
}

/* A reason must be UTF-8 (RFC 6455, section 5.5.1), or browsers take the close for a failure; it may
 * have words of a canister in it, and may have been cut within a character. */
static void copy_reason(const char *reason, char out[REASON_BYTES])
{
  struct icws_bytes rest = icws_bytes_text(reason);
  size_t len = 0;

  while (rest.len > 0) {
    uint32_t character;
    const size_t known = icws_utf8_next(rest, &character);
    const size_t step = known > 0 ? known : 1;

    if (len + step >= REASON_BYTES)
      break;
    memcpy(out + len, known > 0 ? (const char *)rest.data : "?", step);
    len += step;
    rest = icws_bytes_of(rest.data + step, rest.len - step);
  }
  out[len] = '\0';
}

void client_session_refuse(struct client_session *session, enum icws_gateway_refusal refusal,
                           enum close_code code, const char *format, ...)
{
  char sentence[SENTENCE_BYTES];
  char reason[REASON_BYTES];
  va_list arguments;

  relay_queue_wipe(&session->waiting);
  if (session->state == CLIENT_CLOSED)
    return;
  va_start(arguments, format);
  (void)vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  copy_reason(sentence, reason);

  session->context->stats.refusals[refusal]++;
  client_session_log(session, ICWS_GATEWAY_LOG_WARN, "client_refused", "closing a client (%d): %s",
                     (int)code, reason);
  end(session);
  hang_up(session, code, reason);
  client_relay_advance(session);
}

void client_session_dismiss(struct client_session *session, enum close_code code,
                            const char *reason)
{
  if (session->state == CLIENT_CLOSED)
    return;
  end(session);
  hang_up(session, code, reason);
  client_relay_advance(session);
}

void client_session_gone(struct client_session *session)
{
  session->connected = false;
  if (session->state == CLIENT_CLOSED)
    return;
  end(session);
  client_relay_advance(session);
}

/* --- The rate of messages --------------------------------------------------------------------- */

static struct rate_limit message_limit(const struct client_session *session)
{
  const struct icws_gateway_config *config = &session->context->config;

  return (struct rate_limit){.per_second = config->messages_per_second,
                             .burst = config->message_burst};
}

/* Stops reading for as long as the next message would come too early. */
static void throttle(struct client_session *session)
{
  const struct rate_limit limit = message_limit(session);
  const uint64_t now = now_ns(session);
  const uint64_t wait_ns = rate_wait_ns(&session->rate, &limit, now);

  if (session->throttled || wait_ns == 0)
    return;
  session->throttled = true;
  session->context->stats.throttled++;
  session->hooks->throttle(session->user_data, now + wait_ns);
}

void client_session_resume(struct client_session *session)
{
  session->throttled = false;
  throttle(session);
  client_relay_pause(session);
}

/* --- Frames ----------------------------------------------------------------------------------- */

static void queue(struct client_session *session, const struct icws_envelope *envelope,
                  struct icws_bytes encoding)
{
  const enum icws_error error =
      relay_queue_push(&session->waiting, encoding, envelope->ingress_expiry, now_ns(session));

  if (error != ICWS_OK) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_MEMORY, CLOSE_TRY_AGAIN_LATER,
                          "cannot keep a message: %s", icws_strerror(error));
    return;
  }
  client_relay_advance(session);
}

static bool is_served(const struct client_session *session, const struct icws_principal *canister)
{
  const struct icws_gateway_config *config = &session->context->config;

  for (size_t i = 0; i < config->canister_count; i++)
    if (icws_principal_equal(&config->canisters[i], canister))
      return true;
  return !config->canisters;
}

static bool is_method(const struct icws_envelope *envelope, const char *method)
{
  return envelope->type == ICWS_REQUEST_CALL &&
         icws_bytes_equal(envelope->method, icws_bytes_text(method));
}

static void receive_open(struct client_session *session, const struct icws_envelope *envelope,
                         struct icws_bytes encoding)
{
  const struct icws_principal gateway =
      icws_identity_signer(session->context->config.identity).sender;
  struct icws_open_args args;
  enum icws_error error;

  if (!is_method(envelope, "ws_open")) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_NOT_OPEN, CLOSE_POLICY_VIOLATION,
                          "the first frame must call ws_open");
    return;
  }
  if (icws_open_args_decode(envelope->arg, &args, NULL) != ICWS_OK) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_NOT_OPEN, CLOSE_PROTOCOL_ERROR,
                          "the argument of ws_open is malformed");
    return;
  }
  session->entry.canister = envelope->canister; /* refusals are about these two, too */
  session->entry.key =
      (struct icws_client_key){.principal = envelope->sender, .nonce = args.client_nonce};
  if (!icws_principal_equal(&args.gateway, &gateway)) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_NOT_OPEN, CLOSE_POLICY_VIOLATION,
                          "ws_open names another gateway");
    return;
  }
  if (!is_served(session, &envelope->canister)) {
    char canister[ICWS_PRINCIPAL_TEXT_BYTES];

    icws_principal_to_text(&envelope->canister, canister);
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_CANISTER, CLOSE_POLICY_VIOLATION,
                          "this gateway does not serve canister %s", canister);
    return;
  }
  error = session->hooks->enter(session->user_data);
  if (error != ICWS_OK) {
    client_session_refuse(session,
                          error == ICWS_ERR_INVALID_STATE ? ICWS_GATEWAY_REFUSED_DUPLICATE
                                                          : ICWS_GATEWAY_REFUSED_MEMORY,
                          CLOSE_POLICY_VIOLATION, "%s",
                          error == ICWS_ERR_INVALID_STATE
                              ? "a client with this principal and nonce is connected already"
                              : icws_strerror(error));
    return;
  }
  enter_state(session, CLIENT_SETUP);
  queue(session, envelope, encoding);
}

static void queue_message(struct client_session *session, const struct icws_envelope *envelope,
                          struct icws_bytes encoding)
{
  const struct rate_limit limit = message_limit(session);

  rate_add(&session->rate, &limit, now_ns(session));
  throttle(session);
  queue(session, envelope, encoding);
}

static void receive_message(struct client_session *session, const struct icws_envelope *envelope,
                            struct icws_bytes encoding)
{
  if (!is_method(envelope, "ws_message"))
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_FOREIGN_ENVELOPE, CLOSE_POLICY_VIOLATION,
                          "only calls of ws_message are relayed");
  else if (!icws_principal_equal(&envelope->sender, &session->entry.key.principal))
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_FOREIGN_ENVELOPE, CLOSE_POLICY_VIOLATION,
                          "a message of another sender than ws_open's");
  else if (!icws_principal_equal(&envelope->canister, &session->entry.canister))
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_FOREIGN_ENVELOPE, CLOSE_POLICY_VIOLATION,
                          "a message for another canister than ws_open's");
  else
    queue_message(session, envelope, encoding);
}

void client_session_receive(struct client_session *session, struct icws_bytes frame)
{
  struct icws_bytes encoding;
  struct icws_envelope envelope;
  struct icws_failure failure;

  if (session->state == CLIENT_CLOSED)
    return;
  session->context->stats.bytes_in += frame.len;
  if (icws_client_frame_decode(frame, &encoding, &failure) != ICWS_OK ||
      icws_envelope_decode(encoding, &envelope, &failure) != ICWS_OK) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_MALFORMED, CLOSE_PROTOCOL_ERROR,
                          "not an IC WebSocket frame: %s", failure.text);
    return;
  }
  if (session->state == CLIENT_INIT)
    receive_open(session, &envelope, encoding);
  else
    receive_message(session, &envelope, encoding);
}

void client_session_deliver(struct client_session *session, struct icws_buf *frame)
{
  enum icws_error error;

  assert(session->state == CLIENT_SETUP || session->state == CLIENT_OPEN);
  error = session->hooks->send(session->user_data, frame);
  if (error == ICWS_ERR_QUEUE_FULL) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_SLOW, CLOSE_POLICY_VIOLATION,
                          "too slow: more than %zu bytes wait to be taken",
                          session->context->config.max_output_bytes);
    return;
  }
  if (error != ICWS_OK) {
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_MEMORY, CLOSE_INTERNAL_ERROR,
                          "a message was lost: %s", icws_strerror(error));
    return;
  }
  session->context->stats.messages_relayed++;
  if (session->state == CLIENT_SETUP) {
    session->context->stats.sessions_opened++;
    client_session_log(session, ICWS_GATEWAY_LOG_INFO, "client_opened", "a client is open");
    enter_state(session, CLIENT_OPEN);
  }
}

/* Whether it is long ago, though not as long as a client would wait. */
static bool is_overdue(uint64_t since_ns, uint64_t now)
{
  return since_ns != 0 && now - since_ns >= OVERDUE_NS;
}

/* A canister that refused a message tells the client by CloseMessage if it has dropped it.  One
 * that does not know the client, since it lost its state, cannot; and whatever was refused, its
 * sequence number is missing. */
static void check_canister(struct client_session *session, uint64_t now)
{
  if (session->state == CLIENT_SETUP && is_overdue(session->processed_ns, now))
    session->hooks->missing(session->user_data);
  else if (session->state == CLIENT_OPEN && is_overdue(session->refused_ns, now))
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_BY_CANISTER, CLOSE_POLICY_VIOLATION,
                          "the canister refused a message: %s", session->refusal);
}

void client_session_tick(struct client_session *session)
{
  const struct icws_gateway_config *config = &session->context->config;
  const uint64_t now = now_ns(session);
  const uint64_t in_state_ns = now - session->since_ns;

  check_canister(session, now);
  if (session->state == CLIENT_CLOSED)
    return;
  if (session->state == CLIENT_INIT && in_state_ns >= config->first_timeout_ms * GATEWAY_NS_PER_MS)
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_SILENT, CLOSE_POLICY_VIOLATION,
                          "no ws_open came within %u s", config->first_timeout_ms / 1000);
  else if (session->state == CLIENT_SETUP &&
           in_state_ns >= config->open_timeout_ms * GATEWAY_NS_PER_MS)
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_NOT_OPENED, CLOSE_TRY_AGAIN_LATER,
                          "the canister sent no message within %u s of ws_open",
                          config->open_timeout_ms / 1000);
  else if (relay_queue_age_ns(&session->waiting, now) >=
           config->waiting_timeout_ms * GATEWAY_NS_PER_MS)
    client_session_refuse(session, ICWS_GATEWAY_REFUSED_WAITING, CLOSE_TRY_AGAIN_LATER,
                          "a message could not be relayed within %u s",
                          config->waiting_timeout_ms / 1000);
}

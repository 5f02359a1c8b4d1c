/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "session_state.h"

#define NS_PER_MS UINT64_C(1000000)

static uint64_t after_ms(uint64_t ns, uint64_t ms)
{
  return ms > (ICWS_NEVER - ns) / NS_PER_MS ? ICWS_NEVER : ns + ms * NS_PER_MS;
}

/* How long an acknowledgement may take. */
static uint64_t ack_timeout_ms(const struct icws_session_config *config)
{
  uint64_t interval_ms = config->ack_interval_ms;

  return interval_ms > UINT64_MAX - ICWS_ACK_LATENCY_MS ? UINT64_MAX
                                                        : interval_ms + ICWS_ACK_LATENCY_MS;
}

/* --- Making and deleting ----------------------------------------------------------------------- */

static void default_u64(uint64_t *value, uint64_t otherwise)
{
  if (*value == 0)
    *value = otherwise;
}

static void default_size(size_t *value, size_t otherwise)
{
  if (*value == 0)
    *value = otherwise;
}

static void fill_defaults(struct icws_session_config *config)
{
  default_u64(&config->ack_interval_ms, 300000);
  default_u64(&config->handshake_timeout_ms, 30000);
  default_u64(&config->open_timeout_ms, 60000);
  default_size(&config->max_frame_bytes, (size_t)4 * 1024 * 1024);
  default_size(&config->max_message_bytes, (size_t)1024 * 1024);
  default_size(&config->max_queued_messages, 1024);
  default_size(&config->max_queued_bytes, (size_t)8 * 1024 * 1024);
  if (config->random == NULL)
    config->random = icws_random_default();
  if (config->mem == NULL)
    config->mem = icws_mem_default();
}

static enum icws_error check_config(const struct icws_session_config *config,
                                    struct icws_failure *failure)
{
  struct icws_principal anonymous = icws_principal_anonymous();

  if (config->verifier == NULL)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "a session needs a verifier");
  if (icws_principal_equal(&config->signer.sender, &anonymous))
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "canisters refuse anonymous clients: a session needs a signer with a key");
  if (config->signer.public_key.len == 0 || config->signer.public_key.len > SIGNER_KEY_MAX_BYTES)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "the signer's public key has %zu bytes; 1 to %d are allowed",
                     config->signer.public_key.len, SIGNER_KEY_MAX_BYTES);
  return ICWS_OK;
}

static enum icws_error draw_client_nonce(struct icws_session *session, struct icws_failure *failure)
{
  const struct icws_random *random = session->config.random;
  uint8_t bytes[8];

  if (random->fill(bytes, sizeof bytes, random->user_data) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_RANDOM, "no randomness for the client nonce");
  for (size_t i = 0; i < sizeof bytes; i++)
    session->client_key.nonce |= (uint64_t)bytes[i] << (8 * i);
  return ICWS_OK;
}

static void set_up(struct icws_session *session, struct icws_now now)
{
  const struct icws_session_config *config = &session->config;

  memcpy(session->public_key, config->signer.public_key.data, config->signer.public_key.len);
  session->config.signer.public_key.data = session->public_key;
  session->client_key.principal = config->signer.sender;
  session->deadline_ns = after_ms(now.mono_ns, config->handshake_timeout_ms);
  ack_window_init(&session->window, after_ms(0, ack_timeout_ms(config)));
  send_queue_init(&session->queue, config->max_queued_messages, config->max_queued_bytes,
                  session->mem);
  icws_buf_init(&session->outgoing.content, 0, session->mem);
  icws_buf_init(&session->outgoing.arg, 0, session->mem);
  icws_buf_init(&session->outgoing.frame, 0, session->mem);
}

enum icws_error icws_session_new(const struct icws_session_config *config, struct icws_now now,
                                 struct icws_session **session, struct icws_failure *failure)
{
  struct icws_session_config filled = *config;
  struct icws_session *made;
  enum icws_error error = check_config(config, failure);

  if (error != ICWS_OK)
    return error;
  fill_defaults(&filled);
  made = filled.mem->reallocate(NULL, sizeof *made, filled.mem->user_data);
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a session");
  *made = (struct icws_session){.config = filled, .mem = filled.mem};
  set_up(made, now);
  error = draw_client_nonce(made, failure);
  if (error != ICWS_OK) {
    icws_session_del(made);
    return error;
  }
  *session = made;
  return ICWS_OK;
}

void icws_session_del(struct icws_session *session)
{
  const struct icws_mem *mem;

  if (session == NULL)
    return;
  mem = session->mem;
  send_queue_wipe(&session->queue);
  icws_buf_wipe(&session->outgoing.content);
  icws_buf_wipe(&session->outgoing.arg);
  icws_buf_wipe(&session->outgoing.frame);
  mem->release(session, mem->user_data);
}

/* --- Closing ----------------------------------------------------------------------------------- */

/* Ends the session: what was on its way is dropped, one event and, if |say_so|, one output follow. */
static void end(struct icws_session *session, bool say_so, uint16_t code)
{
  session->state = ICWS_SESSION_CLOSED;
  session->pending.closed = true;
  session->outgoing.stage = OUTGOING_IDLE;
  session->close_due = say_so;
  session->close_code = code;
  send_queue_wipe(&session->queue);
}

enum icws_error session_error(const struct icws_session *session)
{
  if (session->state != ICWS_SESSION_CLOSED)
    return ICWS_OK;
  return session->failure.code != ICWS_OK ? session->failure.code : ICWS_ERR_CLOSED;
}

enum icws_error session_fail_with(struct icws_session *session, const struct icws_failure *failure)
{
  uint16_t close_code = failure->code == ICWS_ERR_CLOSED_BY_CANISTER ? ICWS_CLOSE_CODE_APPLICATION
                                                                     : ICWS_CLOSE_CODE_ERROR;

  if (session->state != ICWS_SESSION_CLOSED) {
    session->failure = *failure;
    snprintf(session->close_reason, sizeof session->close_reason, "%.*s",
             ICWS_CLOSE_REASON_BYTES - 1, failure->text);
    end(session, true, close_code);
  }
  return session_error(session);
}

enum icws_error session_fail(struct icws_session *session, enum icws_error code, const char *format,
                             ...)
{
  struct icws_failure failure;
  char text[ICWS_FAILURE_TEXT_BYTES];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  icws_fail(&failure, code, "%s", text);
  return session_fail_with(session, &failure);
}

void icws_session_close(struct icws_session *session)
{
  if (session->state == ICWS_SESSION_CLOSED)
    return;
  end(session, true, ICWS_CLOSE_CODE_DONE);
}

void icws_session_disconnected(struct icws_session *session, const struct icws_failure *reason)
{
  session_fail_with(session, reason);
  session->close_due = false;
}

/* --- Receiving --------------------------------------------------------------------------------- */

static enum icws_error receive_handshake(struct icws_session *session, struct icws_bytes frame,
                                         struct icws_now now)
{
  struct icws_failure failure;

  if (icws_handshake_decode(frame, &session->gateway, &failure) != ICWS_OK)
    return session_fail(session, ICWS_ERR_HANDSHAKE,
                        "the first frame is not an IC WebSocket gateway's handshake: %s",
                        failure.text);
  session->state = ICWS_SESSION_OPENING;
  session->open_due = true;
  session->deadline_ns = after_ms(now.mono_ns, session->config.open_timeout_ms);
  return ICWS_OK;
}

enum icws_error icws_session_recv(struct icws_session *session, enum icws_frame_type type,
                                  struct icws_bytes frame, struct icws_now now)
{
  const struct pending_events *pending = &session->pending;

  if (session->state == ICWS_SESSION_CLOSED)
    return session_error(session);
  if (pending->open || pending->message || pending->ack)
    return ICWS_ERR_INVALID_STATE;
  if (type == ICWS_FRAME_TEXT)
    return session_fail(session, ICWS_ERR_FRAME,
                        "the gateway sent a text frame; IC WebSocket has binary ones only");
  if (frame.len > session->config.max_frame_bytes)
    return session_fail(session, ICWS_ERR_LIMIT, "a frame of %zu bytes; the limit is %zu",
                        frame.len, session->config.max_frame_bytes);
  if (session->state == ICWS_SESSION_HANDSHAKE)
    return receive_handshake(session, frame, now);
  return session_receive(session, frame, now);
}

/* --- Deadlines --------------------------------------------------------------------------------- */

/* When the gateway counts as blocking: an acknowledgement is due for the oldest message, and from
 * the opening on one comes every ack interval, also to a client that only listens. */
static uint64_t ack_deadline(const struct icws_session *session)
{
  uint64_t heard = ack_window_due(&session->window, session->ack_heard_ns);
  uint64_t seq;
  uint64_t oldest;

  if (ack_window_oldest(&session->window, &seq, &oldest) && oldest < heard)
    return oldest;
  return heard;
}

uint64_t icws_session_deadline(const struct icws_session *session)
{
  switch (session->state) {
  case ICWS_SESSION_HANDSHAKE:
  case ICWS_SESSION_OPENING:
    return session->deadline_ns;
  case ICWS_SESSION_OPEN:
    return ack_deadline(session);
  case ICWS_SESSION_CLOSED:
    break;
  }
  return ICWS_NEVER;
}

static enum icws_error fail_unacknowledged(struct icws_session *session)
{
  uint64_t timeout_ms = ack_timeout_ms(&session->config);
  uint64_t seq;
  uint64_t oldest;

  if (ack_window_oldest(&session->window, &seq, &oldest))
    return session_fail(
        session, ICWS_ERR_ACK_TIMEOUT,
        "no acknowledgement in %llu ms, %llu messages from number %llu on are open: "
        "the gateway blocks, or the canister's ack interval is longer than %llu ms",
        (unsigned long long)timeout_ms,
        (unsigned long long)(session->stats.last_sequence_sent - seq + 1), (unsigned long long)seq,
        (unsigned long long)session->config.ack_interval_ms);
  return session_fail(session, ICWS_ERR_ACK_TIMEOUT,
                      "the canister sent no acknowledgement in %llu ms: the gateway blocks, or the "
                      "canister's ack interval is longer than %llu ms",
                      (unsigned long long)timeout_ms,
                      (unsigned long long)session->config.ack_interval_ms);
}

enum icws_error icws_session_tick(struct icws_session *session, struct icws_now now)
{
  if (session->state == ICWS_SESSION_CLOSED || now.mono_ns < icws_session_deadline(session))
    return session_error(session);
  switch (session->state) {
  case ICWS_SESSION_HANDSHAKE:
    return session_fail(session, ICWS_ERR_HANDSHAKE_TIMEOUT,
                        "no handshake within %llu ms: is this an IC WebSocket gateway?",
                        (unsigned long long)session->config.handshake_timeout_ms);
  case ICWS_SESSION_OPENING:
    return session_fail(session, ICWS_ERR_OPEN_TIMEOUT,
                        "the canister did not open the connection within %llu ms: does it exist, "
                        "speak IC WebSocket, and does the gateway reach its network?",
                        (unsigned long long)session->config.open_timeout_ms);
  default:
    return fail_unacknowledged(session);
  }
}

/* --- Events ------------------------------------------------------------------------------------ */

/* Takes a pending mark. */
static bool take(bool *pending)
{
  bool was = *pending;

  *pending = false;
  return was;
}

bool icws_session_next_event(struct icws_session *session, struct icws_now now,
                             struct icws_event *event)
{
  struct pending_events *pending = &session->pending;

  if (take(&pending->open)) {
    *event = (struct icws_event){.type = ICWS_EVENT_OPEN};
  } else if (take(&pending->message)) {
    *event = (struct icws_event){.type = ICWS_EVENT_MESSAGE, .u.message = session->message};
  } else if (take(&pending->ack)) {
    *event = (struct icws_event){.type = ICWS_EVENT_ACK, .u.ack = session->ack};
  } else if (take(&pending->sent)) {
    *event = (struct icws_event){.type = ICWS_EVENT_SENT, .u.sent = session->sent};
  } else {
    session_prepare(session, now);
    if (session->outgoing.stage == OUTGOING_PREPARED) {
      session->outgoing.stage = OUTGOING_SIGNING;
      *event = (struct icws_event){
          .type = ICWS_EVENT_SIGN,
          .u.to_sign = icws_bytes_of(session->outgoing.to_sign, ICWS_REQUEST_TO_SIGN_BYTES)};
    } else if (take(&pending->closed)) {
      *event = (struct icws_event){.type = ICWS_EVENT_CLOSED, .u.closed = &session->failure};
    } else {
      return false;
    }
  }
  return true;
}

/* --- Getters ----------------------------------------------------------------------------------- */

enum icws_session_state icws_session_state(const struct icws_session *session)
{
  return session->state;
}

const struct icws_failure *icws_session_failure(const struct icws_session *session)
{
  return &session->failure;
}

struct icws_client_key icws_session_client_key(const struct icws_session *session)
{
  return session->client_key;
}

struct icws_principal icws_session_gateway(const struct icws_session *session)
{
  return session->gateway;
}

struct icws_session_stats icws_session_stats(const struct icws_session *session)
{
  struct icws_session_stats stats = session->stats;

  stats.queued_messages = session->queue.count;
  stats.queued_bytes = session->queue.content_bytes;
  return stats;
}

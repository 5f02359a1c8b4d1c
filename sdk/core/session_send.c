/* SPDX-License-Identifier: Apache-2.0 */

/* One message of the client: numbered when its turn comes, signed by whoever holds the key, handed to
 * the transport. */

#include "session_state.h"

enum icws_error icws_session_send(struct icws_session *session, struct icws_bytes content,
                                  uint64_t *ticket)
{
  enum icws_error error = session_error(session);

  if (error != ICWS_OK)
    return error;
  /* What an empty queue has no room for is no reason to try again. */
  if (content.len > session->config.max_message_bytes ||
      content.len > session->config.max_queued_bytes)
    return ICWS_ERR_LIMIT;
  error = send_queue_push(&session->queue, content);
  if (error == ICWS_OK && ticket != NULL)
    *ticket = session->queue.pushed;
  return error;
}

/* --- Making the next message ready ------------------------------------------------------------- */

static void put_open(struct icws_session *session)
{
  struct icws_open_args args = {.client_nonce = session->client_key.nonce,
                                .gateway = session->gateway};

  icws_open_args_put(&session->outgoing.arg, &args);
}

static void put_message(struct icws_session *session, struct icws_bytes content, bool service,
                        struct icws_now now)
{
  struct icws_websocket_message message = {
      .client_key = session->client_key,
      .sequence_num = session->outgoing.sequence_num,
      .timestamp = now.wall_ns,
      .is_service_message = service,
      .content = content,
  };

  icws_message_args_put(&session->outgoing.arg, &message);
}

static void put_keep_alive(struct icws_session *session, struct icws_now now)
{
  struct icws_buf *content = &session->outgoing.content;
  struct icws_service_message keep_alive = {
      .type = ICWS_SERVICE_KEEP_ALIVE,
      .last_incoming_sequence_num = session->stats.last_sequence_received,
  };

  icws_buf_clear(content);
  icws_service_message_put(content, &keep_alive);
  if (icws_buf_error(content) != ICWS_OK)
    icws_buf_fail(&session->outgoing.arg, icws_buf_error(content));
  put_message(session, icws_buf_bytes(content), true, now);
}

static void put_application(struct icws_session *session, struct icws_now now)
{
  struct icws_bytes content = send_queue_front(&session->queue, &session->outgoing.ticket);

  put_message(session, content, false, now);
  send_queue_pop(&session->queue);
}

/* What is due next; a keep-alive goes before application messages, since the canister waits for it
 * no longer than its window.  False if nothing is. */
static bool next_kind(const struct icws_session *session, enum outgoing_kind *kind)
{
  if (session->state == ICWS_SESSION_OPENING && session->open_due)
    *kind = OUTGOING_OPEN;
  else if (session->state == ICWS_SESSION_OPEN && session->keep_alive_due)
    *kind = OUTGOING_KEEP_ALIVE;
  else if (session->state == ICWS_SESSION_OPEN && session->queue.count > 0)
    *kind = OUTGOING_APPLICATION;
  else
    return false;
  return true;
}

static void put_arg(struct icws_session *session, struct icws_now now)
{
  struct outgoing *outgoing = &session->outgoing;

  icws_buf_clear(&outgoing->arg);
  outgoing->sequence_num = session->stats.last_sequence_sent + 1;
  switch (outgoing->kind) {
  case OUTGOING_OPEN:
    outgoing->sequence_num = 0;
    put_open(session);
    break;
  case OUTGOING_KEEP_ALIVE:
    put_keep_alive(session, now);
    break;
  case OUTGOING_APPLICATION:
    put_application(session, now);
    break;
  }
}

void session_prepare(struct icws_session *session, struct icws_now now)
{
  const struct icws_random *random = session->config.random;
  struct outgoing *outgoing = &session->outgoing;
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];

  if (outgoing->stage != OUTGOING_IDLE || !next_kind(session, &outgoing->kind))
    return;
  put_arg(session, now);
  if (icws_buf_error(&outgoing->arg) != ICWS_OK) {
    session_fail(session, icws_buf_error(&outgoing->arg), "no memory for a message to send");
    return;
  }
  if (random->fill(outgoing->nonce, sizeof outgoing->nonce, random->user_data) != ICWS_OK) {
    session_fail(session, ICWS_ERR_RANDOM, "no randomness for the nonce of a call");
    return;
  }
  outgoing->call = (struct icws_call){
      .canister = session->config.canister,
      .sender = session->client_key.principal,
      .method = icws_bytes_text(outgoing->kind == OUTGOING_OPEN ? "ws_open" : "ws_message"),
      .arg = icws_buf_bytes(&outgoing->arg),
      .nonce = icws_bytes_of(outgoing->nonce, sizeof outgoing->nonce),
      .ingress_expiry = now.wall_ns + ICWS_INGRESS_EXPIRY_AHEAD_NS,
  };
  icws_call_request_id(&outgoing->call, request_id);
  icws_request_to_sign(request_id, outgoing->to_sign);
  outgoing->stage = OUTGOING_PREPARED;
}

/* --- Signing ----------------------------------------------------------------------------------- */

enum icws_error icws_session_signed(struct icws_session *session, struct icws_bytes signature)
{
  struct outgoing *outgoing = &session->outgoing;

  if (session->state == ICWS_SESSION_CLOSED)
    return session_error(session);
  if (outgoing->stage != OUTGOING_SIGNING)
    return ICWS_ERR_INVALID_STATE;
  if (signature.len == 0 || signature.len > SIGNATURE_MAX_BYTES)
    return ICWS_ERR_INVALID_ARGUMENT;

  icws_buf_clear(&outgoing->frame);
  icws_client_frame_put(&outgoing->frame);
  icws_envelope_put(&outgoing->frame, &outgoing->call, session->config.signer.public_key,
                    signature);
  if (icws_buf_error(&outgoing->frame) != ICWS_OK)
    return session_fail(session, icws_buf_error(&outgoing->frame), "no memory for a frame to send");
  outgoing->stage = OUTGOING_READY;
  if (outgoing->kind == OUTGOING_OPEN)
    session->open_due = false;
  else
    session->stats.last_sequence_sent = outgoing->sequence_num;
  if (outgoing->kind == OUTGOING_KEEP_ALIVE)
    session->keep_alive_due = false;
  return ICWS_OK;
}

void icws_session_sign_failed(struct icws_session *session, const struct icws_failure *reason)
{
  if (session->outgoing.stage == OUTGOING_SIGNING)
    session_fail_with(session, reason);
}

/* --- Output ------------------------------------------------------------------------------------ */

bool icws_session_next_output(struct icws_session *session, struct icws_output *output)
{
  if (session->outgoing.stage == OUTGOING_READY) {
    *output = (struct icws_output){.type = ICWS_OUTPUT_FRAME,
                                   .frame = icws_buf_bytes(&session->outgoing.frame)};
  } else if (session->close_due) {
    *output = (struct icws_output){.type = ICWS_OUTPUT_CLOSE,
                                   .close_code = session->close_code,
                                   .close_reason = session->close_reason};
  } else {
    return false;
  }
  session->last_output = output->type;
  return true;
}

static void frame_done(struct icws_session *session, struct icws_now now)
{
  struct outgoing *outgoing = &session->outgoing;

  if (outgoing->stage != OUTGOING_READY)
    return; /* the session was closed while the transport had the frame */
  outgoing->stage = OUTGOING_IDLE;
  if (outgoing->kind != OUTGOING_OPEN &&
      outgoing->sequence_num > session->stats.last_sequence_acked)
    ack_window_sent(&session->window, outgoing->sequence_num, now.mono_ns);
  if (outgoing->kind == OUTGOING_KEEP_ALIVE)
    session->stats.keep_alives_sent++;
  if (outgoing->kind != OUTGOING_APPLICATION)
    return;
  session->stats.messages_sent++;
  session->sent =
      (struct icws_event_sent){.ticket = outgoing->ticket, .sequence_num = outgoing->sequence_num};
  session->pending.sent = true;
}

void icws_session_output_done(struct icws_session *session, struct icws_now now)
{
  if (session->last_output == ICWS_OUTPUT_FRAME)
    frame_done(session, now);
  else
    session->close_due = false;
}

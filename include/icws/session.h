/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_SESSION_H
#define ICWS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/identity.h>
#include <icws/mem.h>
#include <icws/message.h>
#include <icws/principal.h>
#include <icws/random.h>
#include <icws/verifier.h>

ICWS_BEGIN_DECLS

/*
 * A session: the client's side of one IC WebSocket connection, without any input or output of its
 * own.  Frames of the WebSocket and the time go in; frames to send, events and the next deadline
 * come out.  icws/client.h drives one over libwebsockets; programs with a transport of their own
 * drive it like this:
 *
 *   after the WebSocket's upgrade       icws_session_new
 *   when a message has come             icws_session_recv
 *   when icws_session_deadline passes   icws_session_tick
 *   after each of these, and after icws_session_send and icws_session_close:
 *     while icws_session_next_event     act on the event; answer ICWS_EVENT_SIGN by
 *                                       icws_session_signed
 *     while icws_session_next_output    send it; then icws_session_output_done
 *
 * Every message of the canister passes all seven checks before it becomes an event.  There is no
 * way to skip one.
 *
 * The first error sticks: the session is then closed, one ICWS_EVENT_CLOSED says why, one last
 * output closes the WebSocket, and only getters and icws_session_del do anything.
 *
 * Threads: one session, one thread at a time; its verifier counts as part of it.  No function calls
 * back, except the hooks for memory and randomness.
 */
struct icws_session;

/* Both clocks.  |wall_ns| is the time since 1970: it judges freshness and stamps messages.
 * |mono_ns| never jumps, has any origin, and drives the deadlines. */
struct icws_now {
  uint64_t wall_ns;
  uint64_t mono_ns;
};

/* Zero in a number, and NULL, mean the default in parentheses. */
struct icws_session_config {
  struct icws_principal canister;
  struct icws_signer signer;      /* the key's bytes are copied; never anonymous */
  struct icws_verifier *verifier; /* borrowed: must outlive the session; not NULL */
  uint64_t ack_interval_ms;       /* the canister's send_ack_interval (300000) */
  uint64_t handshake_timeout_ms;  /* from icws_session_new to the gateway's first frame (30000) */
  uint64_t open_timeout_ms;       /* from the handshake to OpenMessage (60000) */
  size_t max_frame_bytes;         /* of a received frame (4 MiB) */
  size_t max_message_bytes;       /* of a content to send (1 MiB) */
  size_t max_queued_messages;     /* waiting to be sent (1024) */
  size_t max_queued_bytes;        /* waiting to be sent (8 MiB) */
  const struct icws_random *random;
  const struct icws_mem *mem;
};

/* The latency that the protocol grants on top of the ack interval before a sent message counts as
 * blocked. */
#define ICWS_ACK_LATENCY_MS UINT64_C(30000)

/* How far ahead of now the ingress_expiry of an envelope is set: 4 minutes. */
#define ICWS_INGRESS_EXPIRY_AHEAD_NS UINT64_C(240000000000)

/* Close codes of the WebSocket. */
#define ICWS_CLOSE_CODE_DONE 1000        /* the client is done */
#define ICWS_CLOSE_CODE_ERROR 4000       /* an error; the reason names it */
#define ICWS_CLOSE_CODE_APPLICATION 4001 /* the canister's application closed */

/*
 * icws_session_new starts a session at |now|, with a fresh random client nonce.  Returns ICWS_OK
 * with
 * |*session| set, ICWS_ERR_INVALID_ARGUMENT (anonymous signer, key too long, no verifier),
 * ICWS_ERR_RANDOM or ICWS_ERR_NOMEM.  icws_session_del frees, at any time; NULL is ignored.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_session_new(const struct icws_session_config *config, struct icws_now now,
                 struct icws_session **session, struct icws_failure *failure);
ICWS_EXPORT void icws_session_del(struct icws_session *session);

enum icws_session_state {
  ICWS_SESSION_HANDSHAKE, /* waiting for the gateway's principal */
  ICWS_SESSION_OPENING,   /* ws_open is on its way; waiting for OpenMessage */
  ICWS_SESSION_OPEN,
  ICWS_SESSION_CLOSED,
};

ICWS_EXPORT enum icws_session_state icws_session_state(const struct icws_session *session);

/* icws_session_failure returns why the session is closed: code ICWS_OK while it is not, and after
 * icws_session_close.  Lives as long as the session. */
ICWS_EXPORT const struct icws_failure *icws_session_failure(const struct icws_session *session);

/* The client key of the session, and the gateway that the handshake named (the empty principal
 * before it). */
ICWS_EXPORT struct icws_client_key icws_session_client_key(const struct icws_session *session);
ICWS_EXPORT struct icws_principal icws_session_gateway(const struct icws_session *session);

enum icws_frame_type { ICWS_FRAME_BINARY, ICWS_FRAME_TEXT };

/*
 * icws_session_recv takes one whole WebSocket message.  |frame| is borrowed until the events that
 * it led to have been pulled: icws_session_next_event must have returned false before the bytes go
 * away and before the next call, which otherwise is ICWS_ERR_INVALID_STATE.  Returns ICWS_OK; or
 * the error that closed the session, as in icws_session_failure; or that same error again on a
 * closed session (ICWS_ERR_CLOSED if it was closed without one).
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_session_recv(struct icws_session *session,
                                                             enum icws_frame_type type,
                                                             struct icws_bytes frame,
                                                             struct icws_now now);

/*
 * icws_session_send queues an application message, whose |content| (usually Candid) is copied.  It
 * may be called before the session is open; messages leave once it is, in order, numbered and
 * signed as they leave.  |*ticket| (if not NULL) counts the messages queued in this session from 1:
 * see struct icws_event_sent.  Returns ICWS_OK, ICWS_ERR_LIMIT (longer than max_message_bytes
 * or max_queued_bytes), ICWS_ERR_QUEUE_FULL, ICWS_ERR_NOMEM, or the session's error or ICWS_ERR_CLOSED once closed.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_session_send(struct icws_session *session, struct icws_bytes content, uint64_t *ticket);

/* icws_session_close ends the session on the client's wish: what is queued is dropped, the last
 * output closes the WebSocket with 1000.  No effect on a closed session. */
ICWS_EXPORT void icws_session_close(struct icws_session *session);

/* icws_session_disconnected tells that the WebSocket is gone.  An open session fails with |reason|,
 * which is copied; there is no last output then. */
ICWS_EXPORT void icws_session_disconnected(struct icws_session *session,
                                           const struct icws_failure *reason);

/* --- Deadlines -------------------------------------------------------------------------------- */

#define ICWS_NEVER UINT64_MAX

/* icws_session_deadline returns the time on the monotonic clock at which icws_session_tick must be
 * called, or ICWS_NEVER.  icws_session_tick may be called at any time; it fails the session with
 * ICWS_ERR_HANDSHAKE_TIMEOUT, ICWS_ERR_OPEN_TIMEOUT or ICWS_ERR_ACK_TIMEOUT when one has
 * passed, and returns that error. */
ICWS_EXPORT uint64_t icws_session_deadline(const struct icws_session *session);
ICWS_EXPORT enum icws_error icws_session_tick(struct icws_session *session, struct icws_now now);

/* --- Events ----------------------------------------------------------------------------------- */

enum icws_event_type {
  ICWS_EVENT_SIGN,    /* sign |to_sign| and call icws_session_signed */
  ICWS_EVENT_OPEN,    /* the canister has accepted the client */
  ICWS_EVENT_MESSAGE, /* an application message of the canister */
  ICWS_EVENT_SENT,    /* a queued message was handed to the transport */
  ICWS_EVENT_ACK,     /* the canister has received messages */
  ICWS_EVENT_CLOSED,  /* the last event */
};

struct icws_event_message {
  struct icws_bytes content; /* borrowed from the frame */
  uint64_t sequence_num;
  uint64_t timestamp; /* the canister's, ns since 1970 */
  int64_t delay_ns;   /* |now| less |timestamp|: latency, and the skew of the clocks */
};

struct icws_event_sent {
  uint64_t ticket;       /* what icws_session_send gave */
  uint64_t sequence_num; /* what it is numbered with on the wire */
};

struct icws_event_ack {
  uint64_t sequence_num; /* the canister has all messages up to this one */
};

struct icws_event {
  enum icws_event_type type;
  union {
    struct icws_bytes to_sign; /* SIGN; borrowed until icws_session_signed */
    struct icws_event_message message;
    struct icws_event_sent sent;
    struct icws_event_ack ack;
    const struct icws_failure *closed; /* as icws_session_failure */
  } u;
};

/* icws_session_next_event stores the next event; false when there is none.  |now| stamps a message
 * that is made ready for signing. */
ICWS_EXPORT bool icws_session_next_event(struct icws_session *session, struct icws_now now,
                                         struct icws_event *event);

/*
 * icws_session_signed answers ICWS_EVENT_SIGN, now or later: until it is called nothing else is
 * sent. |signature| (copied; 1 to 512 bytes) is over the bytes |to_sign|, by the signer's key.  The
 * session does not verify it.  icws_session_sign_failed answers that there will be none: the
 * session fails with |reason|.  Returns ICWS_OK, ICWS_ERR_INVALID_STATE if nothing is to be signed
 * (harmless), ICWS_ERR_INVALID_ARGUMENT, or the error that closed the session.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_session_signed(struct icws_session *session,
                                                               struct icws_bytes signature);
ICWS_EXPORT void icws_session_sign_failed(struct icws_session *session,
                                          const struct icws_failure *reason);

/* --- Output ----------------------------------------------------------------------------------- */

enum icws_output_type { ICWS_OUTPUT_FRAME, ICWS_OUTPUT_CLOSE };

#define ICWS_CLOSE_REASON_BYTES 124 /* what a WebSocket close frame has room for, and a NUL */

struct icws_output {
  enum icws_output_type type;
  struct icws_bytes frame;  /* FRAME: one binary message; borrowed until icws_session_output_done */
  uint16_t close_code;      /* CLOSE */
  const char *close_reason; /* CLOSE: ASCII, at most 123 characters; lives as long as the session */
};

/* icws_session_next_output stores what is to be sent next; false when there is nothing.
 * icws_session_output_done tells, at |now|, that the transport has taken what
 * icws_session_next_output last stored; until then it is stored again.  Nothing follows an
 * ICWS_OUTPUT_CLOSE. */
ICWS_EXPORT bool icws_session_next_output(struct icws_session *session, struct icws_output *output);
ICWS_EXPORT void icws_session_output_done(struct icws_session *session, struct icws_now now);

/* --- Statistics ------------------------------------------------------------------------------- */

struct icws_session_stats {
  uint64_t messages_received; /* application messages delivered */
  uint64_t messages_sent;     /* application messages handed to the transport */
  uint64_t keep_alives_sent;
  uint64_t acks_received;
  uint64_t last_sequence_sent; /* over application and service messages */
  uint64_t last_sequence_acked;
  uint64_t last_sequence_received;
  size_t queued_messages;
  size_t queued_bytes;
};

ICWS_EXPORT struct icws_session_stats icws_session_stats(const struct icws_session *session);

ICWS_END_DECLS

#endif

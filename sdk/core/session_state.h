/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_SESSION_STATE_H
#define ICWS_SESSION_STATE_H

#include <icws/envelope.h>
#include <icws/session.h>

#include "ack_window.h"
#include "send_queue.h"

/* What the files of the session share. */

#define SIGNER_KEY_MAX_BYTES 256
#define SIGNATURE_MAX_BYTES 512
#define CALL_NONCE_BYTES 16

/* The one message that is on its way out: made ready, signed, handed to the transport. */
enum outgoing_stage {
  OUTGOING_IDLE,
  OUTGOING_PREPARED, /* ICWS_EVENT_SIGN is due */
  OUTGOING_SIGNING,  /* waiting for icws_session_signed */
  OUTGOING_READY,    /* |frame| is an output */
};

enum outgoing_kind { OUTGOING_OPEN, OUTGOING_KEEP_ALIVE, OUTGOING_APPLICATION };

struct outgoing {
  enum outgoing_stage stage;
  enum outgoing_kind kind;
  uint64_t sequence_num; /* 0 for ws_open */
  uint64_t ticket;       /* of an application message */
  struct icws_call call; /* borrows |arg| and |nonce| */
  uint8_t nonce[CALL_NONCE_BYTES];
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  struct icws_buf content; /* of a keep-alive */
  struct icws_buf arg;
  struct icws_buf frame;
};

/* Events that are due, at most one of each kind. */
struct pending_events {
  bool open;
  bool message;
  bool sent;
  bool ack;
  bool closed;
};

struct icws_session {
  struct icws_session_config config; /* with defaults filled in */
  const struct icws_mem *mem;
  uint8_t public_key[SIGNER_KEY_MAX_BYTES];
  enum icws_session_state state;
  struct icws_failure failure;

  struct icws_client_key client_key;
  struct icws_principal gateway;
  bool open_due;
  bool keep_alive_due;
  uint64_t deadline_ns;  /* of the handshake, then of the opening */
  uint64_t ack_heard_ns; /* when the session opened, or the last acknowledgement came */

  bool have_message_nonce;
  uint64_t message_nonce; /* of the last message's key */
  struct ack_window window;
  struct send_queue queue;
  struct outgoing outgoing;

  struct pending_events pending;
  struct icws_event_message message;
  struct icws_event_sent sent;
  struct icws_event_ack ack;

  bool close_due;
  uint16_t close_code;
  char close_reason[ICWS_CLOSE_REASON_BYTES];
  enum icws_output_type last_output;
  struct icws_session_stats stats;
};

/* Closes the session with an error; the first one wins.  The text is made as by icws_fail.  Returns
 * the session's error. */
enum icws_error session_fail(struct icws_session *session, enum icws_error code, const char *format,
                             ...) __attribute__((format(printf, 3, 4)));

/* The same with a failure that says it all already. */
enum icws_error session_fail_with(struct icws_session *session, const struct icws_failure *failure);

/* The error that sticks: ICWS_OK while the session lives. */
enum icws_error session_error(const struct icws_session *session);

/* Both return the session's error.  session_receive.c: one certified message, all seven checks. */
enum icws_error session_receive(struct icws_session *session, struct icws_bytes frame,
                                struct icws_now now);

/* session_send.c: makes the next message ready for signing, if one is due and nothing is on its
 * way. */
void session_prepare(struct icws_session *session, struct icws_now now);

#endif

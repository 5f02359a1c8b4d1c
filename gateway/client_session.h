/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_CLIENT_SESSION_H
#define ICWS_GATEWAY_CLIENT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>

#include "context.h"
#include "rate.h"
#include "relay_queue.h"
#include "session_table.h"

/*
 * One client, from its first frame to the end of its ws_close: the states of a client as the IC
 * WebSocket protocol has them ("The gateway's side").  It knows no socket; frames come in, and the
 * hooks carry out what is to be done.
 */
enum client_state {
  CLIENT_INIT,   /* nothing received */
  CLIENT_SETUP,  /* ws_open received and relayed */
  CLIENT_OPEN,   /* the first canister message relayed */
  CLIENT_CLOSED, /* gone, or refused; what it had sent is being settled */
};

/* Close codes of RFC 6455, section 7.4.1, and its registry. */
enum close_code {
  CLOSE_GOING_AWAY = 1001,
  CLOSE_PROTOCOL_ERROR = 1002,
  CLOSE_UNSUPPORTED_DATA = 1003,
  CLOSE_POLICY_VIOLATION = 1008,
  CLOSE_TOO_BIG = 1009,
  CLOSE_INTERNAL_ERROR = 1011,
  CLOSE_TRY_AGAIN_LATER = 1013,
};

#define REFUSAL_BYTES 80

/* What a session has others do.  |user_data| is the session's. */
struct client_hooks {
  /* The client's canister and key are known: enter them where messages look for clients, before
   * ws_open is relayed.  ICWS_OK, ICWS_ERR_INVALID_STATE if they are there already, or another. */
  enum icws_error (*enter)(void *user_data);
  /* The opposite: messages are not for this client any more.  Follows each enter that succeeded. */
  void (*leave)(void *user_data);

  /* The connection, called while it exists.  send queues a frame, whose memory it takes over in
   * any case: ICWS_OK, ICWS_ERR_QUEUE_FULL or another; pause stops and resumes reading; close
   * closes with a reason, UTF-8 of at most 123 bytes, after which no frame may come. */
  enum icws_error (*send)(void *user_data, struct icws_buf *frame);
  void (*pause)(void *user_data, bool paused);
  void (*close)(void *user_data, enum close_code code, const char *reason);

  /* The canister has processed ws_open, but its first message has not come for some seconds. */
  void (*missing)(void *user_data);

  /* The client came faster than it may: call client_session_resume at that time, unless the session
   * has ended by then. */
  void (*throttle)(void *user_data, uint64_t until_ns);

  /* The connection is gone or being closed, and nothing is under way any more.  Once, as the last
   * thing that the session does: it may be wiped and freed from here if the connection is gone. */
  void (*settled)(void *user_data);
};

struct client_session {
  struct gateway_context *context;
  const struct client_hooks *hooks;
  void *user_data;
  const char *address; /* the client's, for the log; outlives the session */

  enum client_state state;
  struct session_table_entry entry; /* canister and client key, once ws_open was read */
  uint64_t since_ns;                /* monotonic: when |state| was entered */
  bool connected;                   /* the hooks of the connection may be called */
  bool paused;
  bool known_to_canister; /* ws_open was relayed and not refused, so that ws_close is due */
  uint64_t processed_ns;  /* monotonic: when the canister had accepted ws_open; 0: it has not, or
                             nobody knows */
  uint64_t refused_ns;    /* monotonic: when it refused a message; 0: it never has */
  char refusal[REFUSAL_BYTES]; /* what it said */

  struct rate rate; /* of its messages */
  bool throttled;   /* nothing is read from it until client_session_resume */

  struct relay_queue waiting;
  struct relay_message *in_flight; /* submitted to the network; in no order */
  size_t in_flight_count;
  const struct relay_message *opening; /* ws_open, while it is in flight: nothing goes beside it */
  bool closing;                        /* ws_close is under way */
  struct icws_buf close_envelope;
  struct icws_network_request close_request;
};

/* Starts in Init, with a connection from |address|.  |context|, |hooks| and |address| outlive the
 * session. */
void client_session_init(struct client_session *session, struct gateway_context *context,
                         const char *address, const struct client_hooks *hooks, void *user_data);

/* Logs something about the session's client. */
void client_session_log(const struct client_session *session, enum icws_gateway_log_level level,
                        const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Cancels what is under way and frees. */
void client_session_wipe(struct client_session *session);

/* Ends the session without a word to anybody, and cancels what is under way: nothing but
 * client_session_wipe may follow, and no hook is called but leave. */
void client_session_abandon(struct client_session *session);

/* A binary frame of the client. */
void client_session_receive(struct client_session *session, struct icws_bytes frame);

/* The time that the throttle hook named has come. */
void client_session_resume(struct client_session *session);

/* A frame of the canister for this client, in Setup or Open, made by server_frame_init; its memory is
 * taken over. */
void client_session_deliver(struct client_session *session, struct icws_buf *frame);

/* Ends the session with a reason, and drops what waits.  Once it has ended it only drops. */
void client_session_refuse(struct client_session *session, enum icws_gateway_refusal refusal,
                           enum close_code code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Ends the session because the gateway stops: what the client sent is still relayed. */
void client_session_dismiss(struct client_session *session, enum close_code code,
                            const char *reason);

/* The connection is no more, and its hooks must not be called: what the client sent is still
 * relayed. */
void client_session_gone(struct client_session *session);

/* Ends the session if one of its timeouts has passed. */
void client_session_tick(struct client_session *session);

#endif

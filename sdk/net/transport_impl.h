/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_TRANSPORT_IMPL_H
#define ICWS_NET_TRANSPORT_IMPL_H

#include <libwebsockets.h>

#include "loop.h"
#include "tls.h"
#include "transport.h"

/* The transport in two files: transport.c has its life and its messages, transport_end.c how a
 * connection ends. */

/* Its own timeouts are not to come before the client's. */
#define LIBWEBSOCKETS_TIMEOUT_S 86400

struct icws_transport {
  struct icws_transport_config config;
  void *loops[1];
  struct lws_context *context;
  struct lws *wsi; /* the connection; NULL if there is none */
  enum icws_transport_stage stage;
  struct icws_tls tls;
  bool starting; /* inside lws_client_connect_via_info */
  bool calling;  /* inside a callback of the connection */
  bool aborted;
  bool closing; /* icws_transport_close was called */
  bool close_begun;
  bool wants_write;
  bool broken; /* no memory */
  struct icws_timer *close_timer;
  uint16_t close_code;
  char close_reason[ICWS_CLOSE_REASON_BYTES];
  struct icws_buf message; /* what has come of a message */
  bool in_message;
  enum icws_frame_type message_type;
  struct icws_buf out;
  char peer_close[ICWS_FAILURE_TEXT_BYTES]; /* how the peer closed, or "" */
  struct icws_failure failure;
};

/* --- transport_end.c --- */

/* Says in |failure| how the connection ended; |detail| is libwebsockets' word on it, or NULL. */
void icws_transport_explain_end(struct icws_transport *transport, const char *detail);

/* The connection is gone: tells the handler, unless it was aborted or had not begun. */
void icws_transport_end(struct icws_transport *transport, const char *detail);

/* Keeps code and reason of the peer's close frame (RFC 6455, 5.5.1), the reason escaped. */
void icws_transport_note_close(struct icws_transport *transport, const uint8_t *data, size_t len);

/* What the close timer does; |user_data| is the transport. */
void icws_transport_keep_closing(void *user_data);

#endif

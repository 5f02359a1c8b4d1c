/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_TRANSPORT_IMPL_H
#define ICWS_NET_TRANSPORT_IMPL_H

#include <libwebsockets.h>

#include "loop.h"
#include "tls.h"
#include "transport.h"

/* The inside of a transport: transport.c has its life and its messages, transport_end.c how a
 * connection ended. */
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

/* icws_transport_explain fills |failure| with how the connection ended; |detail| is libwebsockets'
 * word on it, or NULL.  icws_transport_ended does so when it is no more, and tells the owner. */
void icws_transport_explain(struct icws_transport *transport, const char *detail);
void icws_transport_ended(struct icws_transport *transport, const char *detail);

/* icws_transport_note_close keeps code and reason of the peer's close frame (RFC 6455, section
 * 5.5.1), the reason escaped. */
void icws_transport_note_close(struct icws_transport *transport, const uint8_t *data, size_t len);

#endif

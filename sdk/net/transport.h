/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_TRANSPORT_H
#define ICWS_NET_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/session.h>

#include "resolve.h"
#include "url.h"

/* The WebSocket, on libwebsockets. */
struct icws_transport;

enum icws_transport_stage {
  ICWS_STAGE_CONNECT,
  ICWS_STAGE_TLS,
  ICWS_STAGE_UPGRADE,
  ICWS_STAGE_UP,
};

/*
 * What a transport tells, on the loop.  |on_stage| when it has got so far; ICWS_STAGE_UP starts the
 * messages.  |on_message| gives whole messages; one that is longer than |max_frame_bytes| comes cut
 * behind the first byte too many, and what follows it is dropped.  |on_writable|, once for each
 * icws_transport_want_write, is the place for one icws_transport_write.  |on_closed| is the last
 * for a connection: |failure| has ICWS_ERR_CONNECT, ICWS_ERR_TLS, ICWS_ERR_UPGRADE or
 * ICWS_ERR_DISCONNECTED, by the stage; it is NULL after an icws_transport_close that sent all there
 * was, or that the peer forestalled by closing itself.
 *
 * Everything but icws_transport_del may be called inside.
 */
struct icws_transport_handler {
  void (*on_stage)(void *user_data, enum icws_transport_stage stage);
  void (*on_message)(void *user_data, enum icws_frame_type type, struct icws_bytes message);
  void (*on_writable)(void *user_data);
  void (*on_closed)(void *user_data, const struct icws_failure *failure);
};

/* |url| and |handler| are borrowed for the transport's life. */
struct icws_transport_config {
  uv_loop_t *loop;
  const struct icws_url *url;
  const char *ca_file; /* PEM, or NULL for the system's */
  size_t max_frame_bytes;
  const struct icws_transport_handler *handler;
  void *user_data;
};

/* icws_transport_new returns ICWS_OK, ICWS_ERR_SYSTEM, ICWS_ERR_PEM (the CA file) or
 * ICWS_ERR_NOMEM.  icws_transport_del runs the loop until libwebsockets is gone from it. */
ICWS_NODISCARD enum icws_error icws_transport_new(const struct icws_transport_config *config,
                                                  struct icws_transport **transport,
                                                  struct icws_failure *failure);
void icws_transport_del(struct icws_transport *transport);

/* icws_transport_connect starts a connection to |address|; there must be none.  Returns ICWS_OK, or
 * ICWS_ERR_CONNECT if it failed at once (on_closed is not called then). */
ICWS_NODISCARD enum icws_error icws_transport_connect(struct icws_transport *transport,
                                                      const struct icws_address *address,
                                                      struct icws_failure *failure);

/* icws_transport_abort drops the connection, if there is one, without another call to the handler.
 */
void icws_transport_abort(struct icws_transport *transport);

void icws_transport_want_write(struct icws_transport *transport);

/* icws_transport_write sends one binary message; it is copied.  The connection breaks if there is no
 * memory for it. */
void icws_transport_write(struct icws_transport *transport, struct icws_bytes message);

/* icws_transport_close sends what was written and closes the WebSocket; on_closed follows when the
 * peer has answered. */
void icws_transport_close(struct icws_transport *transport, uint16_t code, const char *reason);

#endif

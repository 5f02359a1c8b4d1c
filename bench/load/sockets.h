/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_SOCKETS_H
#define ICWS_BENCH_LOAD_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/session.h>
#include <uv.h>

struct lws;

/* Many WebSocket connections to one gateway, in one context of libwebsockets on one loop. */
struct load_sockets;

struct load_socket_handler {
  void (*up)(void *user_data); /* upgraded to WebSocket */
  void (*message)(void *user_data, enum icws_frame_type type, struct icws_bytes frame);
  void (*writable)(void *user_data); /* load_socket_write may be called, once */
  /* The connection is gone.  Last.  |failure| NULL: it was closed by load_socket_close. */
  void (*gone)(void *user_data, const struct icws_failure *failure);
};

/* One connection; zero before load_socket_open. */
struct load_socket {
  struct load_sockets *sockets;
  void *user_data;
  struct lws *wsi; /* of libwebsockets; NULL: not connected */
  struct icws_buf input;
  bool starting; /* inside load_socket_open */
  bool is_up;
  bool broken; /* a write failed */
  bool closing;
  bool close_begun;
  uint16_t close_code;
  const char *close_reason;
  struct icws_failure peer_close; /* how the peer closed, if it did */
  struct load_socket *next_closing;
};

/*
 * load_sockets_new prepares for connections to the gateway at |url|, ws:// and a host, whose name it
 * looks up, which blocks; for as many as the process may have descriptors.  |loop| and |handler|
 * outlive it.  Returns ICWS_OK,
 * ICWS_ERR_URL, ICWS_ERR_RESOLVE, ICWS_ERR_SYSTEM or ICWS_ERR_NOMEM.  load_sockets_del drops all
 * connections without a word and runs the loop until they are closed; NULL is ignored.
 */
ICWS_NODISCARD enum icws_error load_sockets_new(uv_loop_t *loop, const char *url,
                                                const struct load_socket_handler *handler,
                                                struct load_sockets **sockets,
                                                struct icws_failure *failure);
void load_sockets_del(struct load_sockets *sockets);

/* load_socket_open begins to connect.  False if it failed at once; |gone| is then not called. */
bool load_socket_open(struct load_socket *socket, struct load_sockets *sockets, void *user_data);

void load_socket_want_write(struct load_socket *socket);

/* load_socket_write sends one binary message, from |writable|.  If it cannot, the connection ends. */
void load_socket_write(struct load_socket *socket, struct icws_bytes message);

/* load_socket_close begins the closing handshake.  |reason| is borrowed until |gone|. */
void load_socket_close(struct load_socket *socket, uint16_t code, const char *reason);

/* load_socket_drop gives up on a connection: |gone| is not called.  Not from within a handler. */
void load_socket_drop(struct load_socket *socket);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_SERVER_STATE_H
#define ICWS_GATEWAY_SERVER_STATE_H

#include <libwebsockets.h>
#include <uv.h>

#include "address_table.h"
#include "forwarded.h"
#include "server.h"

/* The inside of a server. */

#define SERVER_MAX_REASON_BYTES 123 /* RFC 6455, section 5.5: 125 with the code */
#define SERVER_MAX_ABOUT_BYTES 512
#define SERVER_SPARE_SOCKETS 64 /* beyond the clients' */

struct output_frame {
  struct output_frame *next;
  struct icws_buf bytes; /* LWS_PRE bytes for libwebsockets, then the payload */
};

struct server_connection {
  struct server *server;
  struct lws *wsi;
  void *data;
  struct server_connection *next;
  struct server_connection **link;

  struct address_entry *entry; /* counts this connection */
  char address[ADDRESS_TEXT_BYTES];

  struct icws_buf input; /* a frame that comes in fragments */
  size_t window;         /* how much the client may send before it is read */

  struct output_frame *output;
  struct output_frame **output_end;
  size_t output_bytes;
  uint64_t taken_ns; /* when the client last took something, or had taken all */

  bool closing;     /* to be closed once |output| is empty */
  bool close_begun; /* libwebsockets is at it */
  uint64_t closing_ns;
  uint16_t close_code;
  char close_reason[SERVER_MAX_REASON_BYTES + 1];
};

/* An accepted socket, while libwebsockets has it. */
struct server_socket {
  struct lws *wsi;
  struct server_socket *next;  /* among those that are no WebSocket yet, the oldest first */
  struct server_socket **link; /* NULL: it is not among them */
};

struct server {
  struct gateway_context *context;
  const struct server_hooks *hooks;
  void *user_data;
  struct lws_context *lws;
  struct lws_vhost *vhost;
  struct server_connection *connections;
  size_t count;
  bool refusing;

  int listener; /* -1: none */
  uv_poll_t accepting;
  bool watching; /* |accepting| is to be closed */
  bool resting;  /* nothing is accepted for a moment */
  struct server_socket *sockets;
  struct server_socket **sockets_end;
  struct server_socket *adopting; /* on its way to libwebsockets */
  size_t socket_count;            /* all that libwebsockets has */
  struct ssl_ctx_st *tls;         /* NULL: ws:// */

  struct proxies proxies;
  struct address_table addresses;
  char about[SERVER_MAX_ABOUT_BYTES];
};

/* Listens.  Its errors are those of server_new. */
ICWS_NODISCARD enum icws_error server_listen(struct server *server, struct icws_failure *failure);
void server_listener_close(struct server *server);
void server_listener_sweep(struct server *server);

/* How much a client may send before it is read. */
void server_set_window(int fd, size_t bytes);

/* Hands an accepted socket to libwebsockets, or closes it; then what libwebsockets tells: it has made
 * a connection of the socket, a WebSocket of that, and an end of it. */
void server_socket_adopt(struct server *server, int fd);
void server_socket_begin(struct server *server, struct lws *wsi);
void server_socket_upgraded(struct server *server, struct lws *wsi);
void server_socket_end(struct server *server, struct lws *wsi);

/* What libwebsockets made for TLS; then a certificate and its key are loaded into it: ICWS_OK or
 * ICWS_ERR_TLS, and then what it had before is still in it. */
void server_init_tls(struct server *server, void *ssl_ctx);
ICWS_NODISCARD enum icws_error server_load_tls(struct server *server, struct icws_failure *failure);

/* Answers a request that is not, or cannot become, a WebSocket.  Returns what libwebsockets' callback
 * is to return. */
int server_answer_http(struct lws *wsi, unsigned status, const char *text);

/* Whether a WebSocket may be made of this request: 0, or the answer has said why not. */
int server_admit(struct server *server, struct lws *wsi);

/* Whose request it is; all zero if the connection is gone. */
struct address server_client_address(const struct server *server, struct lws *wsi);

/* Connections begin and end; establish fails by returning -1. */
int server_connection_establish(struct server *server, struct server_connection *connection,
                                struct lws *wsi);
void server_connection_bury(struct server_connection *connection);

/* A piece of a frame has come. */
void server_connection_receive(struct server_connection *connection, const void *data, size_t len);

/* The socket takes something: writes one frame, or closes.  Returns what libwebsockets' callback is
 * to return: non-zero makes it close. */
int server_connection_write(struct server_connection *connection);

/* Looks for timeouts. */
void server_connection_sweep(struct server_connection *connection, uint64_t now_ns);

#endif

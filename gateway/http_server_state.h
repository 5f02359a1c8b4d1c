/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_HTTP_SERVER_STATE_H
#define ICWS_GATEWAY_HTTP_SERVER_STATE_H

#include <stdbool.h>

#include "http_head.h"
#include "http_server.h"

/* The inside of an HTTP server: http_server.c listens, http_connection.c reads requests and writes
 * answers, http_exchange.c has one of each. */

#define HTTP_READ_BYTES 65536

enum http_connection_state {
  HTTP_READING_HEAD,
  HTTP_READING_BODY,
  HTTP_SKIMMING_BODY, /* reads it to drop it; the answer is there */
  HTTP_HANDLING,      /* the handler has the request; nothing is read */
  HTTP_WRITING,       /* nor now */
  HTTP_LINGERING,     /* all is said: waits for the client to go, so that it gets to read that */
  HTTP_CLOSING,
};

struct http_connection {
  struct icws_http_server *server;
  uv_tcp_t tcp;
  uv_write_t write;
  uv_write_t encourage;
  uv_shutdown_t shutdown;
  struct http_connection *next;
  struct http_connection **link;

  enum http_connection_state state;
  uint64_t since_ns;     /* of the state's beginning, or of the last progress in writing */
  bool reading;          /* libuv is */
  bool last;             /* no request is read after this one */
  struct icws_buf input; /* not yet taken */
  uint64_t body_left;    /* READING_BODY and SKIMMING_BODY */
  size_t unwritten;      /* WRITING: when the last sweep came by */
  struct icws_http_exchange *exchange; /* from the end of a head to the end of the answer */
};

struct icws_http_exchange {
  struct http_connection *connection; /* NULL when the client is gone */
  bool answered;
  bool head_only; /* the method is HEAD */
  struct http_head head;
  struct icws_http_request request;
  struct icws_buf body;
  struct icws_buf answer_head;
  struct icws_buf answer_body;
};

struct icws_http_server {
  struct icws_http_server_config config; /* its defaults filled in */
  uv_tcp_t listener;
  uv_timer_t sweep;
  size_t handles; /* that are open: listener and timer */
  uint16_t port;
  struct http_connection *connections;
  size_t connection_count;
  uint8_t input[HTTP_READ_BYTES]; /* of whoever reads just now */
};

/* http_connection_accept takes the client that waits on the listener.
 *
 * http_connection_answer is told that the exchange of the connection has been answered.
 *
 * http_connection_sweep looks for timeouts.  http_connection_close drops the connection. */
void http_connection_accept(struct icws_http_server *server);
void http_connection_answer(struct http_connection *connection);
void http_connection_sweep(struct http_connection *connection, uint64_t now_ns);
void http_connection_close(struct http_connection *connection);

/* http_exchange_new makes an exchange for |connection|, whose head is to be filled in; NULL if
 * memory is short.
 *
 * http_exchange_leave is told that the connection needs it no more. */
struct icws_http_exchange *http_exchange_new(struct http_connection *connection);
void http_exchange_leave(struct icws_http_exchange *exchange);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_HTTP_SERVER_STATE_H
#define ICWS_GATEWAY_HTTP_SERVER_STATE_H

#include <stdbool.h>

#include <microhttpd.h>

#include "http_server.h"

/* The inside of an HTTP server: http_server.c drives libmicrohttpd, http_server_connection.c
 * knows who is connected, http_server_exchange.c has one request and its answer. */

struct http_connection {
  struct icws_http_server *server;
  struct MHD_Connection *mhd;
  struct http_connection *next;
  struct http_connection **link;
  bool handling;     /* a request is whole and not answered, or its answer not taken yet */
  uint64_t since_ns; /* when the connection began, or its last answer was taken */
};

struct icws_http_exchange {
  struct http_connection *connection; /* NULL when the client or the server is gone */
  bool handled;                       /* the handler has it, and has not answered yet */
  bool suspended;                     /* libmicrohttpd waits for the answer */
  struct MHD_Response *response;      /* the answer, once there is one */
  unsigned status;
  struct icws_http_exchange *next; /* among those of the server that the handler has */
  struct icws_http_exchange **link;
  struct icws_http_request request;
  char method[ICWS_HTTP_MAX_METHOD_BYTES + 1];
  char path[ICWS_HTTP_MAX_PATH_BYTES + 1];
  char content_type[ICWS_HTTP_MAX_FIELD_BYTES + 1];
  char origin[ICWS_HTTP_MAX_FIELD_BYTES + 1];
  struct icws_buf body;
  uint64_t received; /* of the body, kept or dropped */
};

struct icws_http_server {
  struct icws_http_server_config config; /* its defaults filled in */
  struct MHD_Daemon *daemon;
  uint16_t port;
  uv_poll_t poll;       /* libmicrohttpd's own epoll descriptor */
  uv_timer_t timer;     /* when it wants to run next */
  uv_prepare_t prepare; /* sets |timer| */
  size_t handles;       /* of these three, that are open */
  uint64_t sweep_ns;    /* when connections are looked at next */
  struct http_connection *connections;
  size_t connection_count;
  struct icws_http_exchange *exchanges; /* that the handler has */
};

/* Connections come and go; |cls| of the first is the server. */
void http_connection_notify(void *cls, struct MHD_Connection *mhd, void **socket_context,
                            enum MHD_ConnectionNotificationCode code);
struct http_connection *http_connection_of(struct MHD_Connection *mhd);

/* Drops those whose next request does not come. */
void http_connection_sweep(struct icws_http_server *server, uint64_t now_ns);

/* libmicrohttpd's callbacks for requests: a request's head, pieces of its body, its end, and again
 * when the connection is resumed; and that all is done.  |cls| is the server. */
enum MHD_Result http_exchange_proceed(void *cls, struct MHD_Connection *mhd, const char *url,
                                      const char *method, const char *version, const char *data,
                                      size_t *len, void **context);
void http_exchange_completed(void *cls, struct MHD_Connection *mhd, void **context,
                             enum MHD_RequestTerminationCode code);

/* Parts the exchanges that are not answered from the server: their keepers answer nobody. */
void http_exchange_part(struct icws_http_server *server);

/* http_server_wake has libmicrohttpd run at the loop's next turn. */
void http_server_wake(struct icws_http_server *server);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_SERVER_STATE_H
#define ICWS_GATEWAY_SERVER_STATE_H

#include <libwebsockets.h>

#include "server.h"

/* The inside of a server. */

#define SERVER_MAX_REASON_BYTES 123 /* RFC 6455, section 5.5: 125 with the code */
#define SERVER_MAX_ABOUT_BYTES 512

struct output_frame {
  struct output_frame *next;
  size_t len;
  uint8_t room_and_payload[]; /* LWS_PRE bytes for libwebsockets, then the payload */
};

struct server_connection {
  struct server *server;
  struct lws *wsi;
  void *data;
  struct server_connection *next;
  struct server_connection **link;

  char address[GATEWAY_ADDRESS_BYTES];

  struct icws_buf input; /* a frame that comes in fragments */

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

struct server {
  struct gateway_context *context;
  const struct server_hooks *hooks;
  void *user_data;
  struct lws_context *lws;
  struct lws_vhost *vhost;
  struct server_connection *connections;
  size_t count;
  bool refusing;
  char about[SERVER_MAX_ABOUT_BYTES];
};

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

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_SERVER_H
#define ICWS_GATEWAY_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>

#include "context.h"

/*
 * The sockets: a WebSocket server on libwebsockets, with every rule of libwebsockets in the files
 * server*.c.  It knows frames, not what is in them.  Frames of a client come whole; frames to a
 * client wait in its own bounded queue, so that none waits for another.
 */
struct server;
struct server_connection;

/* What the owner is told.  |data| is what |accepted| returned. */
struct server_hooks {
  /* A client is connected and speaks WebSocket.  NULL drops it again. */
  void *(*accepted)(void *user_data, struct server_connection *connection);
  /* A whole binary frame; borrowed for the call.  None comes after server_close. */
  void (*received)(void *data, struct icws_bytes frame);
  /* The client broke a rule of this layer, or takes nothing: the owner calls server_close. */
  void (*offended)(void *data, enum icws_gateway_refusal refusal, uint16_t code,
                   const char *reason);
  /* The connection is no more.  Last. */
  void (*gone)(void *data);
};

/*
 * server_new listens as |context|'s configuration says.  |context| and |hooks| outlive the server.
 * |about| is the text that a plain HTTP request is answered with; copied.  Returns ICWS_OK,
 * ICWS_ERR_INVALID_ARGUMENT (an address is not numeric, a key without its certificate), ICWS_ERR_TLS,
 * ICWS_ERR_SYSTEM, ICWS_ERR_RANDOM or ICWS_ERR_NOMEM.
 */
ICWS_NODISCARD enum icws_error server_new(struct gateway_context *context,
                                          const struct server_hooks *hooks, void *user_data,
                                          const char *about, struct server **server,
                                          struct icws_failure *failure);

/* Drops all connections, each with |gone|, and runs the loop until the sockets are closed. */
void server_del(struct server *server);

uint16_t server_port(const struct server *server);

/* How many addresses are remembered. */
size_t server_address_count(const struct server *server);

/* As icws_gateway_reload_tls. */
ICWS_NODISCARD enum icws_error server_reload_tls(struct server *server,
                                                 struct icws_failure *failure);

/* From now on who wants to connect is told that the gateway is going away. */
void server_refuse_new(struct server *server);

/* To be called every second or so: finds clients that take nothing, and ends closings that do not
 * come to an end. */
void server_sweep(struct server *server);

/* Makes |frame| a buffer that a frame of about |len| bytes can be appended to, for server_send. */
void server_frame_init(struct icws_buf *frame, size_t len);

/*
 * Queues a binary frame, and takes over the memory of |frame| in any case.  Returns ICWS_OK, the
 * error of |frame|, ICWS_ERR_INVALID_STATE (the connection is being closed), ICWS_ERR_NOMEM, or
 * ICWS_ERR_QUEUE_FULL: the queue would pass its limit, and all that waits in it is dropped, so that
 * the reason of the close that the owner now calls for can get through.
 */
ICWS_NODISCARD enum icws_error server_send(struct server_connection *connection,
                                           struct icws_buf *frame);

/* The client's address in text; lives as long as the connection. */
const char *server_address(const struct server_connection *connection);

/* Stops and resumes reading. */
void server_pause(struct server_connection *connection, bool paused);

/* Closes with a code and a reason, which is UTF-8 of at most 123 bytes, after what is queued.  Once;
 * later calls do nothing. */
void server_close(struct server_connection *connection, uint16_t code, const char *reason);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_SCRIPTED_GATEWAY_H
#define ICWS_TESTS_SCRIPTED_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A gateway that does what a test tells it, on a real socket on 127.0.0.1 and a thread of its own.
 * For each connection, one after the other, it runs the test's script, a function that reads and
 * writes with the calls below.  These return false when the peer is gone or, for ten seconds,
 * silent.  Scripts run on the gateway's thread: they note what they see, and the test asserts on it
 * after scripted_gateway_stop.
 */
struct scripted_gateway;
struct scripted_connection;

typedef void scripted_gateway_fn(struct scripted_connection *connection, void *user_data);

/* Listens on a free port.  |certificate_file| and |key_file| (PEM) are for scripted_accept_tls, or
 * NULL.  Fails the process if it cannot. */
struct scripted_gateway *scripted_gateway_start(scripted_gateway_fn *script, void *user_data,
                                                const char *certificate_file, const char *key_file);
uint16_t scripted_gateway_port(const struct scripted_gateway *gateway);

/* Waits until the script that is running has returned, stops listening and frees. */
void scripted_gateway_stop(struct scripted_gateway *gateway);

enum scripted_opcode {
  SCRIPTED_CONTINUATION = 0,
  SCRIPTED_TEXT = 1,
  SCRIPTED_BINARY = 2,
  SCRIPTED_CLOSE = 8,
  SCRIPTED_PING = 9,
  SCRIPTED_PONG = 10,
};

/* A frame as it was on the wire, unmasked. */
struct scripted_frame {
  bool fin;
  bool masked;
  enum scripted_opcode opcode;
  uint8_t *payload; /* the reader frees it */
  size_t len;
};

/* Waits for the peer for |seconds| instead. */
void scripted_be_patient(struct scripted_connection *connection, unsigned seconds);

bool scripted_accept_tls(struct scripted_connection *connection);

/* Reads an HTTP request's head into |head|, with a NUL.  scripted_upgrade then answers it with 101.
 * scripted_accept does both. */
bool scripted_read_request(struct scripted_connection *connection, char *head, size_t size);
bool scripted_upgrade(struct scripted_connection *connection, const char *head);
bool scripted_accept(struct scripted_connection *connection);

/* Reads exactly |len| bytes. */
bool scripted_read_bytes(struct scripted_connection *connection, void *data, size_t len);
bool scripted_send_bytes(struct scripted_connection *connection, const void *data, size_t len);
bool scripted_send_frame(struct scripted_connection *connection, enum scripted_opcode opcode,
                         bool fin, const void *data, size_t len);

/* A message in frames of |fragment| bytes each. */
bool scripted_send_fragments(struct scripted_connection *connection, enum scripted_opcode opcode,
                             const void *data, size_t len, size_t fragment);
bool scripted_send_close(struct scripted_connection *connection, uint16_t code, const char *reason);

bool scripted_read_frame(struct scripted_connection *connection, struct scripted_frame *frame);

/* Reads and drops what comes until the peer is gone. */
void scripted_wait_for_end(struct scripted_connection *connection);

#endif

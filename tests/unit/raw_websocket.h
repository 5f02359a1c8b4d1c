/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_RAW_WEBSOCKET_H
#define ICWS_TESTS_RAW_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <icws/bytes.h>

/*
 * A WebSocket client of sockets and bytes (RFC 6455), which shows and sends every byte, for tests
 * of servers that run in the same thread: whenever it has to wait it calls |pump|.  What does not
 * happen within ten seconds fails the test.
 */
struct raw_websocket {
  int fd;
  void (*pump)(void *user_data);
  void *user_data;
  struct icws_buf in; /* received, not yet taken */
  bool ended;         /* the server has closed the connection */

  /* What send() and recv() are with TLS between; NULL: send() and recv() themselves. */
  ssize_t (*send)(struct raw_websocket *raw, const void *data, size_t len);
  ssize_t (*receive)(struct raw_websocket *raw, void *data, size_t len);
  void *tls;
};

enum raw_opcode {
  RAW_CONTINUATION = 0,
  RAW_TEXT = 1,
  RAW_BINARY = 2,
  RAW_CLOSE = 8,
  RAW_PING = 9,
  RAW_PONG = 10,
};

/* Connects to 127.0.0.1. */
void raw_connect(struct raw_websocket *raw, uint16_t port, void (*pump)(void *user_data),
                 void *user_data);

/* Closes; with |reset| so that the server sees a reset connection. */
void raw_disconnect(struct raw_websocket *raw, bool reset);

/* Sends bytes as they are. */
void raw_send(struct raw_websocket *raw, const void *data, size_t len);

/* Receives until |in| holds |text|, or the server has closed; false if it has not come. */
bool raw_receive_until(struct raw_websocket *raw, const char *text);

/* Makes the upgrade; with |headers|, which are whole lines. */
void raw_upgrade(struct raw_websocket *raw);
void raw_upgrade_with(struct raw_websocket *raw, const char *headers);

/* Asks for the upgrade and gets an HTTP answer of that status instead, which holds |text|. */
void raw_expect_refusal(struct raw_websocket *raw, const char *headers, unsigned status,
                        const char *text);

/* Sends one frame, masked. */
void raw_send_frame(struct raw_websocket *raw, bool final, enum raw_opcode opcode,
                    struct icws_bytes payload);

/* Receives one unfragmented frame into |payload|, replacing what it held, and returns its opcode. */
enum raw_opcode raw_receive_frame(struct raw_websocket *raw, struct icws_buf *payload);

/* Receives a close frame with exactly that, answers it, and sees the connection end. */
void raw_expect_close(struct raw_websocket *raw, unsigned code, const char *reason);

#endif

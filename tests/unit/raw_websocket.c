/* SPDX-License-Identifier: Apache-2.0 */
#include "raw_websocket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_S 60

static const char upgrade_request[] = "GET / HTTP/1.1\r\n"
                                      "Host: localhost\r\n"
                                      "Upgrade: websocket\r\n"
                                      "Connection: Upgrade\r\n"
                                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                      "Sec-WebSocket-Version: 13\r\n";

static time_t now_s(void)
{
  struct timespec now;

  assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
  return now.tv_sec;
}

void raw_connect(struct raw_websocket *raw, uint16_t port, void (*pump)(void *user_data),
                 void *user_data)
{
  const struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };

  const int on = 1;

  *raw = (struct raw_websocket){.pump = pump, .user_data = user_data};
  icws_buf_init(&raw->in, 0, NULL);
  raw->fd = socket(AF_INET, SOCK_STREAM, 0);
  assert_true(raw->fd >= 0);
  assert_int_equal(connect(raw->fd, (const struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(setsockopt(raw->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
  assert_int_equal(fcntl(raw->fd, F_SETFL, O_NONBLOCK), 0);
}

void raw_disconnect(struct raw_websocket *raw, bool reset)
{
  const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

  if (reset)
    assert_int_equal(setsockopt(raw->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  assert_int_equal(close(raw->fd), 0);
  icws_buf_wipe(&raw->in);
}

void raw_send(struct raw_websocket *raw, const void *data, size_t len)
{
  const uint8_t *p = data;
  const time_t give_up = now_s() + PATIENCE_S;

  while (len > 0) {
    const ssize_t sent = raw->send ? raw->send(raw, p, len) : send(raw->fd, p, len, MSG_NOSIGNAL);

    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
      return;
    assert_true(sent >= 0 || errno == EAGAIN);
    if (sent > 0) {
      p += sent;
      len -= (size_t)sent;
    }
    raw->pump(raw->user_data);
    assert_true(now_s() < give_up);
  }
}

/* Lets the server work, then takes what has come. */
static void receive_some(struct raw_websocket *raw)
{
  uint8_t bytes[65536];
  ssize_t received;

  raw->pump(raw->user_data);
  received =
      raw->receive ? raw->receive(raw, bytes, sizeof bytes) : recv(raw->fd, bytes, sizeof bytes, 0);
  if (received > 0)
    icws_buf_put(&raw->in, bytes, (size_t)received);
  else if (received == 0 || errno != EAGAIN)
    raw->ended = true;
  assert_int_equal(icws_buf_error(&raw->in), ICWS_OK);
}

static void drop_input(struct raw_websocket *raw, size_t len)
{
  memmove(raw->in.data, raw->in.data + len, raw->in.len - len);
  raw->in.len -= len;
}

/* Where |text| ends in the input; 0 if it is not there. */
static size_t find(const struct raw_websocket *raw, const char *text)
{
  const size_t len = strlen(text);

  for (size_t i = 0; i + len <= raw->in.len; i++)
    if (memcmp(raw->in.data + i, text, len) == 0)
      return i + len;
  return 0;
}

bool raw_receive_until(struct raw_websocket *raw, const char *text)
{
  const time_t give_up = now_s() + PATIENCE_S;

  while (find(raw, text) == 0 && !raw->ended) {
    receive_some(raw);
    assert_true(now_s() < give_up);
  }
  return find(raw, text) > 0;
}

static void request_upgrade(struct raw_websocket *raw, const char *headers)
{
  raw_send(raw, upgrade_request, sizeof upgrade_request - 1);
  raw_send(raw, headers, strlen(headers));
  raw_send(raw, "\r\n", 2);
}

void raw_expect_refusal(struct raw_websocket *raw, const char *headers, unsigned status,
                        const char *text)
{
  char status_text[8];

  request_upgrade(raw, headers);
  assert_true(raw_receive_until(raw, text));
  (void)snprintf(status_text, sizeof status_text, " %u ", status % 1000);
  assert_memory_equal(raw->in.data + strlen("HTTP/1.x"), status_text, 5);
}

void raw_upgrade(struct raw_websocket *raw)
{
  raw_upgrade_with(raw, "");
}

void raw_upgrade_with(struct raw_websocket *raw, const char *headers)
{
  request_upgrade(raw, headers);
  assert_true(raw_receive_until(raw, "\r\n\r\n"));
  assert_memory_equal(raw->in.data, "HTTP/1.1 101 ", 13);
  assert_true(find(raw, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") > 0); /* RFC 6455, section 1.3 */
  drop_input(raw, find(raw, "\r\n\r\n"));
}

void raw_send_frame(struct raw_websocket *raw, bool final, enum raw_opcode opcode,
                    struct icws_bytes payload)
{
  static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  icws_buf_put_u8(&frame, (uint8_t)((final ? 0x80 : 0) | (int)opcode));
  if (payload.len < 126) {
    icws_buf_put_u8(&frame, (uint8_t)(0x80 | payload.len));
  } else if (payload.len < 65536) {
    icws_buf_put_u8(&frame, 0x80 | 126);
    icws_buf_put_u8(&frame, (uint8_t)(payload.len >> 8));
    icws_buf_put_u8(&frame, (uint8_t)(payload.len & 0xff));
  } else {
    icws_buf_put_u8(&frame, 0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      icws_buf_put_u8(&frame, (uint8_t)(((uint64_t)payload.len >> shift) & 0xff));
  }
  icws_buf_put(&frame, mask, sizeof mask);
  for (size_t i = 0; i < payload.len; i++)
    icws_buf_put_u8(&frame, (uint8_t)(payload.data[i] ^ mask[i % 4]));
  assert_int_equal(icws_buf_error(&frame), ICWS_OK);
  raw_send(raw, frame.data, frame.len);
  icws_buf_wipe(&frame);
}

static void receive_at_least(struct raw_websocket *raw, size_t len)
{
  const time_t give_up = now_s() + PATIENCE_S;

  while (raw->in.len < len) {
    assert_false(raw->ended);
    receive_some(raw);
    assert_true(now_s() < give_up);
  }
}

enum raw_opcode raw_receive_frame(struct raw_websocket *raw, struct icws_buf *payload)
{
  size_t head = 2;
  size_t len;
  enum raw_opcode opcode;

  receive_at_least(raw, head);
  assert_int_equal(raw->in.data[0] & 0xf0, 0x80); /* final, no extension */
  assert_int_equal(raw->in.data[1] & 0x80, 0);    /* servers do not mask */
  opcode = (enum raw_opcode)(raw->in.data[0] & 0x0f);
  len = raw->in.data[1];
  if (len >= 126) {
    const size_t bytes = len == 126 ? 2 : 8;

    head += bytes;
    receive_at_least(raw, head);
    len = 0;
    for (size_t i = 0; i < bytes; i++)
      len = len << 8 | raw->in.data[2 + i];
  }
  receive_at_least(raw, head + len);
  icws_buf_clear(payload);
  icws_buf_put(payload, raw->in.data + head, len);
  assert_int_equal(icws_buf_error(payload), ICWS_OK);
  drop_input(raw, head + len);
  return opcode;
}

void raw_expect_close(struct raw_websocket *raw, unsigned code, const char *reason)
{
  const time_t give_up = now_s() + PATIENCE_S;
  struct icws_buf payload;

  icws_buf_init(&payload, 0, NULL);
  assert_int_equal(raw_receive_frame(raw, &payload), RAW_CLOSE);
  assert_true(payload.len >= 2);
  assert_int_equal((unsigned)payload.data[0] << 8 | payload.data[1], code);
  assert_int_equal(payload.len - 2, strlen(reason));
  assert_memory_equal(payload.data + 2, reason, payload.len - 2);
  raw_send_frame(raw, true, RAW_CLOSE, icws_buf_bytes(&payload));
  while (!raw->ended) {
    receive_some(raw);
    assert_true(now_s() < give_up);
  }
  icws_buf_wipe(&payload);
}

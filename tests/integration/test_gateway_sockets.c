/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cmocka.h>

#include "live_gateway.h"

/* What the gateway does with sockets: how much it lets come, how many it holds. */

static void start(struct live *f, size_t max_clients)
{
  struct icws_gateway_config config = live_configuration(f);

  config.max_clients = max_clients;
  live_start(f, &config);
}

static void connect_raw(struct live *f, struct raw_websocket *raw)
{
  raw_connect(raw, icws_gateway_port(f->gateway), live_pump, f);
}

static uint64_t refusals(const struct live *f, enum icws_gateway_refusal refusal)
{
  return icws_gateway_stats(f->gateway).refusals[refusal];
}

/* --- Windows ---------------------------------------------------------------------------------- */

static in_port_t port_of(int fd, int (*get)(int fd, struct sockaddr *name, socklen_t *len))
{
  struct sockaddr_in name = {0};
  socklen_t len = sizeof name;

  return get(fd, (struct sockaddr *)&name, &len) == 0 ? name.sin_port : 0;
}

/* The gateway's descriptor of |raw|'s connection: it lives in this process. */
static int gateway_end(const struct raw_websocket *raw)
{
  const in_port_t port = port_of(raw->fd, getsockname);
  int fd = 0;

  while (port_of(fd, getpeername) != port)
    assert_in_range(++fd, 0, 1000);
  return fd;
}

static int option_of(int fd, int level, int option)
{
  int value = 0;
  socklen_t len = sizeof value;

  assert_int_equal(getsockopt(fd, level, option, &value, &len), 0);
  return value;
}

static int receive_buffer(int fd)
{
  return option_of(fd, SOL_SOCKET, SO_RCVBUF);
}

static void await_buffer(struct live *f, int fd, int bytes)
{
  for (int i = 0; i < 1000 && receive_buffer(fd) != bytes; i++)
    live_pump(f);
  assert_int_equal(receive_buffer(fd), bytes);
}

static bool one_is_malformed(struct live *f)
{
  return refusals(f, ICWS_GATEWAY_REFUSED_MALFORMED) == 1;
}

/* As wide as what is yet to come of a frame, so that what comes behind it finds a small one. */
static void test_window_is_wide_for_a_large_frame_only(void **state)
{
  static const uint8_t header[] = {0x82, 0xfe, 18000 >> 8, 18000 & 0xff, 0, 0, 0, 0};
  static const uint8_t payload[18000];
  struct live *f = *state;
  struct raw_websocket raw;
  int end;
  int narrow;

  start(f, 2);
  live_connect(f, &raw);
  end = gateway_end(&raw);
  narrow = receive_buffer(end);
  raw_send(&raw, header, sizeof header);
  raw_send(&raw, payload, 1000);
  await_buffer(f, end, 4 * narrow); /* 17000 bytes are to come */
  raw_send(&raw, payload, 1000);
  await_buffer(f, end, 2 * narrow);
  raw_send(&raw, payload, 15000);
  await_buffer(f, end, narrow); /* before the end of it */
  raw_send(&raw, payload, 1000);
  live_until(f, one_is_malformed); /* and was received whole */
  raw_disconnect(&raw, false);
}

/* --- Descriptors ------------------------------------------------------------------------------ */

/* They wait, and are served when there are descriptors again. */
static void test_clients_wait_while_there_is_no_descriptor(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  struct rlimit limit;
  struct rlimit none;

  start(f, 2);
  connect_raw(f, &raw); /* the kernel answers for now */
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  none = limit;
  none.rlim_cur = (rlim_t)raw.fd + 1;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
  for (int i = 0; i < 20; i++)
    live_pump(f);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_string_equal(f->log, "no connection can be accepted: Too many open files");
  raw_upgrade(&raw);
  live_assert_handshake(f, &raw);
  raw_disconnect(&raw, false);
}

/* Who says nothing keeps nobody out: so many sockets at a time, and the oldest that is no client goes. */
static void test_silent_sockets_keep_nobody_out(void **state)
{
  enum { SILENT = 2 + 64 - 1 };
  struct live *f = *state;
  struct raw_websocket silent[SILENT];
  struct raw_websocket raw[2];

  start(f, 2);
  for (int i = 0; i < SILENT; i++) {
    connect_raw(f, &silent[i]);
    live_pump(f);
    raw_disconnect(&silent[i], false); /* whoever has left is not counted */
    live_pump(f);
  }
  live_connect(f, &raw[0]);
  for (int i = 0; i < SILENT; i++)
    connect_raw(f, &silent[i]);
  live_connect(f, &raw[1]);
  assert_false(raw_receive_until(&silent[0], "?")); /* but the end */
  assert_int_equal(refusals(f, ICWS_GATEWAY_REFUSED_UNFINISHED), 1);
  assert_int_equal(icws_gateway_stats(f->gateway).connections, 2);
  raw_expect_refusal(&silent[1], "", 503, "as many clients as it takes"); /* is there still */
  for (int i = 0; i < SILENT; i++)
    raw_disconnect(&silent[i], false);
  raw_disconnect(&raw[0], false);
  raw_disconnect(&raw[1], false);
}

/* Clients whose machine is gone are found by TCP alone: after a minute, as the default has it. */
static void test_half_open_clients_are_looked_for(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  int end;

  start(f, 2);
  live_connect(f, &raw);
  end = gateway_end(&raw);
  assert_int_equal(option_of(end, SOL_SOCKET, SO_KEEPALIVE), 1);
  assert_int_equal(option_of(end, IPPROTO_TCP, TCP_KEEPIDLE) +
                       option_of(end, IPPROTO_TCP, TCP_KEEPINTVL) *
                           option_of(end, IPPROTO_TCP, TCP_KEEPCNT),
                   60);
  assert_int_equal(option_of(end, IPPROTO_TCP, TCP_USER_TIMEOUT), 60000);
  raw_disconnect(&raw, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, live_set_up, live_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_window_is_wide_for_a_large_frame_only),
      TEST(test_clients_wait_while_there_is_no_descriptor),
      TEST(test_silent_sockets_keep_nobody_out),
      TEST(test_half_open_clients_are_looked_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

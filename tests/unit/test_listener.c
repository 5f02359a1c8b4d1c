/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/listener.h"

static int open_one(const struct listener_config *config)
{
  struct icws_failure failure = {.code = ICWS_OK};
  int fd = -1;

  if (listener_open(config, &fd, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  return fd;
}

static int receive_buffer(int fd)
{
  int bytes = 0;
  socklen_t len = sizeof bytes;

  assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &len), 0);
  return bytes;
}

/* A client of the listener |fd|. */
static int connect_to(int fd)
{
  const struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(listener_port(fd)),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  const int client = socket(AF_INET, SOCK_STREAM, 0);

  assert_int_equal(connect(client, (const struct sockaddr *)&address, sizeof address), 0);
  return client;
}

static void test_open(void **state)
{
  const int fd = open_one(&(struct listener_config){.address = "127.0.0.1", .backlog = 1});
  const int client = connect_to(fd);

  (void)state;
  assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
  assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  assert_int_equal(close(client), 0);
  assert_int_equal(close(fd), 0);
}

static void test_ipv6(void **state)
{
  const int probe = socket(AF_INET6, SOCK_STREAM, 0);
  const struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd;

  (void)state;
  if (probe < 0 || bind(probe, (const struct sockaddr *)&address, sizeof address) != 0) {
    print_message("SKIPPED: this machine has no IPv6\n");
    skip();
  }
  assert_int_equal(close(probe), 0);
  fd = open_one(&(struct listener_config){.address = "::1", .backlog = 1});
  assert_int_not_equal(listener_port(fd), 0);
  assert_int_equal(close(fd), 0);
}

/* Linux doubles what is asked for (socket(7)). */
static void test_receive_buffer(void **state)
{
  const int small = open_one(&(struct listener_config){
      .address = "127.0.0.1", .backlog = 1, .receive_buffer_bytes = 4096});
  const int usual = open_one(&(struct listener_config){.address = "127.0.0.1", .backlog = 1});

  (void)state;
  assert_int_equal(receive_buffer(small), 2 * 4096);
  assert_true(receive_buffer(usual) > 2 * 4096);
  assert_int_equal(close(small), 0);
  assert_int_equal(close(usual), 0);
}

/* What a client on the loopback interface sends at most at a time. */
static int segment_to(const struct listener_config *config)
{
  const int fd = open_one(config);
  const int client = connect_to(fd);
  int bytes = 0;
  socklen_t len = sizeof bytes;

  assert_int_equal(getsockopt(client, IPPROTO_TCP, TCP_MAXSEG, &bytes, &len), 0);
  assert_int_equal(close(client), 0);
  assert_int_equal(close(fd), 0);
  return bytes;
}

static void test_segments_fit_into_a_small_window(void **state)
{
  (void)state;
  assert_in_range(segment_to(&(struct listener_config){
                      .address = "127.0.0.1", .backlog = 1, .receive_buffer_bytes = 4096}),
                  500, 4096 / 3);
  assert_true(segment_to(&(struct listener_config){.address = "127.0.0.1", .backlog = 1}) > 4096);
}

static void test_refused(void **state)
{
  const int taken = open_one(&(struct listener_config){.address = "127.0.0.1", .backlog = 1});
  const struct listener_config again = {
      .address = "127.0.0.1", .port = listener_port(taken), .backlog = 1};
  struct icws_failure failure = {.code = ICWS_OK};
  int fd = -1;

  (void)state;
  assert_int_equal(listener_open(&again, &fd, &failure), ICWS_ERR_SYSTEM);
  assert_non_null(strstr(failure.text, "cannot listen on 127.0.0.1 port "));
  assert_non_null(strstr(failure.text, ": Address already in use"));
  assert_int_equal(
      listener_open(&(struct listener_config){.address = "localhost", .backlog = 1}, &fd, &failure),
      ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "localhost is not a numeric address");
  assert_int_equal(fd, -1);
  assert_int_equal(close(taken), 0);
}

static void test_port_of_none(void **state)
{
  (void)state;
  assert_int_equal(listener_port(-1), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_open),
      cmocka_unit_test(test_ipv6),
      cmocka_unit_test(test_receive_buffer),
      cmocka_unit_test(test_segments_fit_into_a_small_window),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_port_of_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

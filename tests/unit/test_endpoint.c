/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "icws-gateway/endpoint.h"

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

static void test_parse(void **state)
{
  static const struct {
    const char *text;
    const char *address;
    uint16_t port;
  } rows[] = {
      {"0.0.0.0:8080", "0.0.0.0", 8080},
      {"127.0.0.1:0", "127.0.0.1", 0},
      {"[::]:443", "::", 443},
      {"[2001:db8::1]:65535", "2001:db8::1", 65535},
      {"[::ffff:192.0.2.128]:1", "::ffff:192.0.2.128", 1},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    struct icws_endpoint endpoint;
    char text[ICWS_ENDPOINT_TEXT_BYTES];
    assert_true(icws_endpoint_parse(rows[i].text, &endpoint));
    assert_string_equal(endpoint.address, rows[i].address);
    assert_int_equal(endpoint.port, rows[i].port);
    icws_endpoint_format(&endpoint, endpoint.port, text);
    assert_string_equal(text, rows[i].text);
  }
}

static void test_parse_refuses(void **state)
{
  static const char *const rows[] = {
      "",
      ":",
      ":8080",
      "8080",
      "127.0.0.1",
      "127.0.0.1:",
      "127.0.0.1:x",
      "127.0.0.1:80x",
      "127.0.0.1:-1",
      "127.0.0.1:+1",
      "127.0.0.1: 1",
      "127.0.0.1:65536",
      "127.0.0.1:4294967296",
      "127.0.0.1:99999999999999999999",
      " 127.0.0.1:1",
      "127.0.0:1",
      "127.0.0.256:1",
      "localhost:8080",
      "[127.0.0.1]:8080",
      "::1",
      "::1:8080",
      "[::1]",
      "[::1:8080",
      "::1]:8080",
      "[]:8080",
      "[::1%lo]:8080",
      "[1111:2222:3333:4444:5555:6666:7777:8888:9999:1111]:1",
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    struct icws_endpoint endpoint;
    if (icws_endpoint_parse(rows[i], &endpoint))
      fail_msg("'%s' is taken", rows[i]);
  }
}

static void test_format_sets_the_port(void **state)
{
  struct icws_endpoint endpoint;
  char text[ICWS_ENDPOINT_TEXT_BYTES];
  (void)state;
  assert_true(icws_endpoint_parse("[::1]:0", &endpoint));
  icws_endpoint_format(&endpoint, 4711, text);
  assert_string_equal(text, "[::1]:4711");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parse),
      cmocka_unit_test(test_parse_refuses),
      cmocka_unit_test(test_format_sets_the_port),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

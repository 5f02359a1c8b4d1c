/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/forwarded.h"

/* The trusted proxies of all tests; the socket is of 10.0.0.1 unless a test says otherwise. */
static struct address_network networks[2];
static const struct proxies trusted = {.networks = networks, .count = 2};

static int set_up(void **state)
{
  (void)state;
  assert_true(address_network_parse("10.0.0.0/8", &networks[0]));
  assert_true(address_network_parse("2001:db8:aaaa::/48", &networks[1]));
  return 0;
}

static void assert_client_of(const char *peer_text, const char *x_forwarded_for,
                             const char *expected)
{
  struct address peer;
  struct address client;
  char out[ADDRESS_TEXT_BYTES];

  assert_true(address_parse(icws_bytes_text(peer_text), &peer));
  client = forwarded_client(&trusted, &peer, icws_bytes_text(x_forwarded_for));
  address_format(&client, out);
  assert_string_equal(out, expected);
}

static void assert_x(const char *x_forwarded_for, const char *expected)
{
  assert_client_of("10.0.0.1", x_forwarded_for, expected);
}

static void test_who_is_not_trusted_is_not_believed(void **state)
{
  (void)state;
  assert_client_of("203.0.113.5", "192.0.2.1", "203.0.113.5");
  assert_client_of("203.0.113.5", "10.0.0.1", "203.0.113.5");
}

static void test_no_headers(void **state)
{
  (void)state;
  assert_client_of("10.0.0.1", "", "10.0.0.1");
  assert_client_of("203.0.113.5", "", "203.0.113.5");
}

static void test_x_forwarded_for(void **state)
{
  (void)state;
  assert_x("192.0.2.1", "192.0.2.1");
  assert_x("192.0.2.1:4711", "192.0.2.1");
  assert_x("2001:db8::1", "2001:db8::1");
  assert_x("[2001:db8::1]", "2001:db8::1");
  assert_x("[2001:db8::1]:4711", "2001:db8::1");
  assert_x("::ffff:192.0.2.1", "192.0.2.1");
  assert_x(" \t192.0.2.1\t ", "192.0.2.1");
}

static void test_right_most_untrusted_address_counts(void **state)
{
  (void)state;
  assert_x("198.51.100.7, 192.0.2.1", "192.0.2.1");         /* the left one is spoofed */
  assert_x("198.51.100.7,192.0.2.1,10.9.9.9", "192.0.2.1"); /* two proxies */
  assert_x("10.7.7.7,192.0.2.1", "192.0.2.1");
  assert_x("192.0.2.1, 2001:db8:aaaa::5, 10.9.9.9", "192.0.2.1");
  assert_x("10.7.7.7, 10.8.8.8", "10.7.7.7"); /* proxies only */
}

static void test_garbage_ends_the_search(void **state)
{
  (void)state;
  assert_x("unknown", "10.0.0.1");
  assert_x("192.0.2.1, unknown", "10.0.0.1");
  assert_x("192.0.2.1, garbage, 10.9.9.9", "10.9.9.9");
  assert_x(",", "10.0.0.1");
  assert_x("192.0.2.1,", "10.0.0.1");
  assert_x("192.0.2.1 192.0.2.2", "10.0.0.1");
  assert_x("192.0.2.1:", "10.0.0.1");
  assert_x("192.0.2.1:port", "10.0.0.1");
  assert_x("192.0.2.1:123456", "10.0.0.1");
  assert_x("[192.0.2.1", "10.0.0.1");
  assert_x("[2001:db8::1]x", "10.0.0.1");
  assert_x("[2001:db8::1]:", "10.0.0.1");
  assert_x("[]", "10.0.0.1");
  assert_x("[", "10.0.0.1");
  assert_x("\"192.0.2.1\"", "10.0.0.1");
  assert_x("for=192.0.2.1", "10.0.0.1");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_who_is_not_trusted_is_not_believed),
      cmocka_unit_test(test_no_headers),
      cmocka_unit_test(test_x_forwarded_for),
      cmocka_unit_test(test_right_most_untrusted_address_counts),
      cmocka_unit_test(test_garbage_ends_the_search),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

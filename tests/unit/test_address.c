/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>

#include "gateway/address.h"

static void assert_reads(const char *text, const char *formatted)
{
  struct address address;
  char out[ADDRESS_TEXT_BYTES];

  assert_true(address_parse(icws_bytes_text(text), &address));
  address_format(&address, out);
  assert_string_equal(out, formatted);
}

static void test_addresses_in_text(void **state)
{
  (void)state;
  assert_reads("192.0.2.1", "192.0.2.1");
  assert_reads("0.0.0.0", "0.0.0.0");
  assert_reads("::1", "::1");
  assert_reads("2001:DB8:0:0::1", "2001:db8::1");
  assert_reads("::ffff:192.0.2.1", "192.0.2.1"); /* mapped: the same address */
}

static void test_what_is_no_address(void **state)
{
  static const char *const texts[] = {
      "",
      "localhost",
      "192.0.2",
      "192.0.2.1.1",
      "192.0.2.256",
      "192.0.2.1 ",
      " ::1",
      "[::1]",
      "192.0.2.1:8",
      "fe80::1%eth0",
      ":::",
      "1:2:3:4:5:6:7",
      "0x7f.1.1",
      "192.0.2.1/32",
      "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
  };
  struct address address;

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_false(address_parse(icws_bytes_text(texts[i]), &address));
  assert_false(address_parse(icws_bytes_of("::1\0", 4), &address));
}

static bool is_in(const char *address_text, const char *network_text)
{
  struct address address;
  struct address_network network;

  assert_true(address_parse(icws_bytes_text(address_text), &address));
  assert_true(address_network_parse(network_text, &network));
  return address_is_in(&address, &network);
}

static void test_networks(void **state)
{
  (void)state;
  assert_true(is_in("10.1.2.3", "10.0.0.0/8"));
  assert_false(is_in("11.0.0.0", "10.0.0.0/8"));
  assert_true(is_in("192.0.2.129", "192.0.2.128/25"));
  assert_false(is_in("192.0.2.127", "192.0.2.128/25"));
  assert_true(is_in("192.0.2.1", "192.0.2.1"));
  assert_false(is_in("192.0.2.2", "192.0.2.1"));
  assert_true(is_in("203.0.113.9", "0.0.0.0/0"));
  assert_false(is_in("2001:db8::1", "0.0.0.0/0"));
  assert_true(is_in("203.0.113.9", "::/0"));
  assert_true(is_in("2001:db8:ffff::1", "2001:db8::/32"));
  assert_false(is_in("2001:db9::1", "2001:db8::/32"));
  assert_true(is_in("::1", "::1/128"));
  assert_true(is_in("10.0.0.1", "::ffff:10.0.0.0/104"));
}

static void test_what_is_no_network(void **state)
{
  static const char *const texts[] = {
      "",
      "10.0.0.0/",
      "10.0.0.0/33",
      "10.0.0.0/a",
      "10.0.0.0/8/8",
      "10.0.0.1/8",
      "/8",
      "::/129",
      "::1/64",
      "10.0.0.0/-1",
      "10.0.0.0/0008",
      "proxy",
      "10.0.0.0 /8",
      "10.0.0.0/ 8",
  };
  struct address_network network;

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_false(address_network_parse(texts[i], &network));
}

static void assert_subscriber(const char *text, const char *expected)
{
  struct address address;
  struct address subscriber;
  char out[ADDRESS_TEXT_BYTES];

  assert_true(address_parse(icws_bytes_text(text), &address));
  subscriber = address_subscriber(&address);
  address_format(&subscriber, out);
  assert_string_equal(out, expected);
}

static void test_subscribers(void **state)
{
  (void)state;
  assert_subscriber("192.0.2.77", "192.0.2.77");
  assert_subscriber("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
  assert_subscriber("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::");
  assert_subscriber("2001:db8:1:3::", "2001:db8:1:3::");
}

static void test_addresses_of_sockets(void **state)
{
  struct sockaddr_storage name = {0};
  struct sockaddr_in *ipv4 = (struct sockaddr_in *)(void *)&name;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)(void *)&name;
  struct address first;
  struct address second;

  (void)state;
  ipv4->sin_family = AF_INET;
  ipv4->sin_addr.s_addr = htonl(0xc0000201);
  assert_true(address_of_socket(&name, &first));
  assert_true(address_is_ipv4(&first));
  memset(&name, 0, sizeof name);
  ipv6->sin6_family = AF_INET6;
  memcpy(&ipv6->sin6_addr, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01", 16);
  assert_true(address_of_socket(&name, &second));
  assert_true(address_equal(&first, &second));
  memcpy(&ipv6->sin6_addr, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
  assert_true(address_of_socket(&name, &second));
  assert_false(address_is_ipv4(&second));
  assert_false(address_equal(&first, &second));
  name.ss_family = AF_UNIX;
  assert_false(address_of_socket(&name, &second));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_addresses_in_text), cmocka_unit_test(test_what_is_no_address),
      cmocka_unit_test(test_networks),          cmocka_unit_test(test_what_is_no_network),
      cmocka_unit_test(test_subscribers),       cmocka_unit_test(test_addresses_of_sockets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

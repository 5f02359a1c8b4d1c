/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/interface.h"
#include "icws/method.h"

#define DID                                                                                        \
  "service : { ws_open : (record {}) -> (); ws_message : (nat, opt text) -> (variant { Ok; Err "   \
  "}); "                                                                                           \
  "ws_get_messages : (nat) -> (nat, text) query; deep : () -> () composite_query }"

static struct icws_interface interface;

static int load(void **state)
{
  (void)state;
  icws_interface_init(&interface);
  return icws_interface_read(&interface, icws_bytes_text(DID), NULL) == ICWS_OK ? 0 : -1;
}

static int wipe(void **state)
{
  (void)state;
  icws_interface_wipe(&interface);
  return 0;
}

static void test_types(void **state)
{
  struct icws_method method;
  (void)state;
  assert_true(icws_method_find(&interface, "test", "a.did", "ws_get_messages", &method));
  assert_true(method.is_query);
  assert_int_equal(method.argument_count, 1);
  assert_int_equal(method.arguments[0], ICWS_CANDID_NAT);
  assert_int_equal(method.result_count, 2);
  assert_int_equal(method.results[0], ICWS_CANDID_NAT);
  assert_int_equal(method.results[1], ICWS_CANDID_TEXT);
  assert_true(icws_method_find(&interface, "test", "a.did", "ws_message", &method));
  assert_false(method.is_query);
  assert_int_equal(method.argument_count, 2);
  assert_int_equal(method.result_count, 1);
  assert_true(icws_method_find(&interface, "test", "a.did", "deep", &method));
  assert_true(method.is_query);
  assert_int_equal(method.argument_count, 0);
  assert_false(icws_method_find(&interface, "test", "a.did", "ws_mesage", &method));
  assert_false(icws_method_find(&interface, "test", "a.did", "", &method));
}

static bool similar(const char *name, const char *other)
{
  return icws_method_similar(icws_bytes_text(name), icws_bytes_text(other));
}

static void test_similar(void **state)
{
  char longer[66];
  (void)state;
  assert_true(similar("ws_mesage", "ws_message"));   /* one left out */
  assert_true(similar("ws_messsage", "ws_message")); /* one put in */
  assert_true(similar("wsMessage", "ws_message"));
  assert_true(similar("message", "ws_message")); /* a part */
  assert_true(similar("get", "ws_get_messages"));
  assert_true(similar("ad", "add"));
  assert_false(similar("ws_open", "ws_message"));
  assert_false(similar("sub", "add"));
  assert_false(similar("", "ws_message"));
  assert_false(similar("w", "ws_message"));
  memset(longer, 'a', sizeof(longer) - 1);
  longer[sizeof(longer) - 1] = '\0';
  assert_false(similar(longer, longer)); /* too long to be compared */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_types),
      cmocka_unit_test(test_similar),
  };
  return cmocka_run_group_tests(tests, load, wipe);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws/argument.h"

static void check(const struct icws_argument *argument, const char *expected, size_t length)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_argument_read(argument, "test", &out), 0);
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), icws_bytes_of(expected, length)));
  icws_buf_wipe(&out);
}

static void test_read(void **state)
{
  (void)state;
  check(&(struct icws_argument){.word = NULL}, "()", 2);
  check(&(struct icws_argument){.word = "(1)"}, "(1)", 3);
  check(&(struct icws_argument){.word = "4449 444C\n0000", .hex = true}, "DIDL\0\0", 6);
}

static void refuse(const struct icws_argument *argument, int status)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_argument_read(argument, "test", &out), status);
  icws_buf_wipe(&out);
}

static void test_not_read(void **state)
{
  (void)state;
  refuse(&(struct icws_argument){.hex = true}, 2);
  refuse(&(struct icws_argument){.word = "44494", .hex = true}, 1);
  refuse(&(struct icws_argument){.word = "xyz", .hex = true}, 1);
  refuse(&(struct icws_argument){.file = "no/such/file"}, 1);
}

/* Returns the exit status; |hex| is the message that is expected. */
static int encode(const char *text, const struct icws_method *method, const char *hex)
{
  struct icws_candid_types *types;
  struct icws_buf out;
  char digits[64] = "";
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  int status = icws_argument_encode(icws_bytes_text(text), "test", types, method, &out);
  assert_int_equal(icws_hex_encode(icws_buf_bytes(&out), digits, sizeof(digits)), ICWS_OK);
  if (status == 0)
    assert_string_equal(digits, hex);
  icws_candid_types_del(types);
  icws_buf_wipe(&out);
  return status;
}

static void test_encode(void **state)
{
  const struct icws_method add = {.arguments = {ICWS_CANDID_NAT, ICWS_CANDID_NAT8},
                                  .argument_count = 2};
  (void)state;
  assert_int_equal(encode("(1, 2)", &add, "4449444c00027d7b0102"), 0);
  assert_int_equal(encode("(1)", NULL, "4449444c00017c01"), 0);
  assert_int_equal(encode("()", NULL, "4449444c0000"), 0);
  assert_int_equal(encode("(1, 256)", &add, ""), 1);
  assert_int_equal(encode("()", &add, ""), 1); /* neither may be left out */
  assert_int_equal(encode("(1, 2, 3)", &add, ""), 1);
  assert_int_equal(encode("(", NULL, ""), 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read),
      cmocka_unit_test(test_not_read),
      cmocka_unit_test(test_encode),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <icws/candid_text.h>
#include <icws/candid_value.h>

/* In increasing order; those on a line are the same number. */
static const char *const ordered[][4] = {
    {"-340282366920938463463374607431768211457 : int"}, /* -2^128 - 1 */
    {"-340282366920938463463374607431768211456 : int"},
    {"-18446744073709551616 : int"}, /* -2^64 */
    {"-9223372036854775809 : int"},  /* -2^63 - 1 */
    {"-9223372036854775808 : int", "-9223372036854775808 : int64"},
    {"-129 : int", "-129 : int16"},
    {"-128 : int8", "-128 : int"},
    {"-1 : int", "-1 : int8", "-1 : int64"},
    {"0 : nat", "0 : int", "0 : nat8", "0 : int64"},
    {"1 : nat", "1 : int", "1 : nat64", "1 : int8"},
    {"255 : nat8", "255 : int", "255 : nat", "255 : int16"},
    {"9223372036854775807 : int64", "9223372036854775807 : nat64"},
    {"9223372036854775808 : nat64", "9223372036854775808 : int", "9223372036854775808 : nat"},
    {"18446744073709551615 : nat64", "18446744073709551615 : int", "18446744073709551615 : nat"},
    {"18446744073709551616 : nat", "18446744073709551616 : int"},
    {"340282366920938463463374607431768211455 : nat", "340282366920938463463374607431768211455"},
    {"340282366920938463463374607431768211456 : nat", "340282366920938463463374607431768211456"},
};

#define ROWS (sizeof ordered / sizeof ordered[0])

static int sign(int number)
{
  return number < 0 ? -1 : number > 0;
}

static struct icws_candid_value parse(const char *text, struct icws_candid_types *types,
                                      struct icws_arena *arena)
{
  struct icws_candid_args args;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_buf_put_u8(&buf, '(');
  icws_buf_put(&buf, text, icws_bytes_text(text).len);
  icws_buf_put_u8(&buf, ')');
  assert_int_equal(icws_candid_parse_any(icws_buf_bytes(&buf), types, arena, &args, NULL, NULL),
                   ICWS_OK);
  icws_buf_wipe(&buf);
  assert_int_equal(args.count, 1);
  return args.values[0];
}

/* Each with each, of whatever kind. */
static void integers_are_ordered(void **state)
{
  (void)state;
  struct icws_candid_types *types;
  struct icws_arena arena;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  for (size_t i = 0; i < ROWS * 4; i++) {
    for (size_t j = 0; j < ROWS * 4; j++) {
      const char *left = ordered[i / 4][i % 4];
      const char *right = ordered[j / 4][j % 4];
      if (left == NULL || right == NULL)
        continue;
      struct icws_candid_value a = parse(left, types, &arena);
      struct icws_candid_value b = parse(right, types, &arena);
      if (sign(icws_candid_integer_compare(&a, &b)) != sign((int)(i / 4) - (int)(j / 4)))
        fail_msg("%s and %s", left, right);
    }
  }
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers_are_ordered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

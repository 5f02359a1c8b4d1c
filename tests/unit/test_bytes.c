/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <icws/bytes.h>

static int sign(int number)
{
  return (number > 0) - (number < 0);
}

static void runs_are_ordered_bytewise_and_prefixes_first(void **state)
{
  (void)state;
  static const struct {
    const char *a;
    const char *b;
    int order;
  } rows[] = {
      {"", "", 0},
      {"", "a", -1},
      {"a", "a", 0},
      {"a", "b", -1},
      {"a", "aa", -1},
      {"b", "aaaa", 1},
      {"\x7f", "\x80", -1},
      {"\xff", "\x01\x01", 1},
      {"ab", "ac", -1},
      {"abc", "abc", 0},
      {"\xff", "\xff\xff", -1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct icws_bytes a = icws_bytes_text(rows[i].a);
    struct icws_bytes b = icws_bytes_text(rows[i].b);
    assert_int_equal(sign(icws_bytes_compare(a, b)), rows[i].order);
    assert_int_equal(sign(icws_bytes_compare(b, a)), -rows[i].order);
    assert_int_equal(icws_bytes_equal(a, b), rows[i].order == 0);
  }
}

static void an_empty_run_may_have_no_pointer(void **state)
{
  (void)state;
  struct icws_bytes none = icws_bytes_of(NULL, 0);
  assert_true(icws_bytes_equal(none, icws_bytes_text("")));
  assert_int_equal(icws_bytes_compare(none, none), 0);
  assert_true(icws_bytes_compare(none, icws_bytes_text("a")) < 0);
}

static void zeros_count(void **state)
{
  (void)state;
  struct icws_bytes one = icws_bytes_of("a\0b", 3);
  assert_false(icws_bytes_equal(one, icws_bytes_of("a\0c", 3)));
  assert_true(icws_bytes_compare(one, icws_bytes_of("a\0c", 3)) < 0);
  assert_int_equal(icws_bytes_text("a\0b").len, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs_are_ordered_bytewise_and_prefixes_first),
      cmocka_unit_test(an_empty_run_may_have_no_pointer),
      cmocka_unit_test(zeros_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

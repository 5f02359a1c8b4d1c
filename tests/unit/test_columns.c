/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/columns.h"

static size_t columns(const char *text)
{
  return icws_columns(icws_bytes_text(text));
}

static void most_characters_take_one(void **state)
{
  (void)state;
  assert_int_equal(columns(""), 0);
  assert_int_equal(columns("abc"), 3);
  assert_int_equal(columns("\xc3\xa9\xd0\x96"), 2);             /* e with acute, Cyrillic zhe */
  assert_int_equal(columns("\xe2\x98\x83"), 1);                 /* snowman */
  assert_int_equal(columns("\xef\xbd\xb1\xf0\x9d\x84\x9e"), 2); /* half-width a, G clef */
}

static void east_asian_characters_and_emoji_take_two(void **state)
{
  (void)state;
  assert_int_equal(columns("\xe6\x97\xa5\xe6\x9c\xac"), 4); /* Japan */
  assert_int_equal(columns("\xed\x95\x9c\xea\xb8\x80"), 4); /* Hangul */
  assert_int_equal(columns("\xe3\x80\x80\xef\xbc\xa1"), 4); /* ideographic space, full-width A */
  assert_int_equal(columns("\xf0\x9f\x98\x80"), 2);         /* grinning face */
  assert_int_equal(columns("\xf0\xa0\x80\x80"), 2);         /* U+20000 */
}

static void marks_take_none(void **state)
{
  (void)state;
  assert_int_equal(columns("e\xcc\x81"), 1); /* e, combining acute */
  assert_int_equal(columns("\xef\xbb\xbf"
                           "a"),
                   1); /* byte order mark */
}

static void stray_bytes_take_one(void **state)
{
  (void)state;
  assert_int_equal(columns("\xff\xe6\x97"), 3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(most_characters_take_one),
      cmocka_unit_test(east_asian_characters_and_emoji_take_two),
      cmocka_unit_test(marks_take_none),
      cmocka_unit_test(stray_bytes_take_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

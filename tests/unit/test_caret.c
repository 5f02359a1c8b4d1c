/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/caret.h"

static void check(const char *text, size_t offset, const char *expected)
{
  const struct icws_candid_spot spot = {.offset = offset, .line = 1, .column = 1};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_caret_put(icws_bytes_text(text), &spot, &out);
  icws_buf_put_u8(&out, '\0');
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, expected);
  icws_buf_wipe(&out);
}

static void the_caret_is_under_the_place(void **state)
{
  (void)state;
  check("(1, x)", 4, "  (1, x)\n      ^\n");
  check("(1, x)", 0, "  (1, x)\n  ^\n");
  check("(1, x", 5, "  (1, x\n       ^\n"); /* at the end of the text */
  check("(1, x", 99, "  (1, x\n       ^\n");
  check("", 0, "  \n  ^\n");
}

static void one_line_is_shown(void **state)
{
  (void)state;
  check("one\ntwo\nthree", 5, "  two\n   ^\n");
  check("one\r\ntwo\r\n", 5, "  two\n  ^\n");
  check("one\ntwo", 3, "  one\n     ^\n"); /* at the end of a line */
}

/* Columns count, not bytes, and wide characters have two; what acts on a terminal is escaped, and the caret moves with it. */
static void columns_are_those_on_the_screen(void **state)
{
  (void)state;
  check("\xc3\xa4\xe2\x98\x83 x", 6, "  \xc3\xa4\xe2\x98\x83 x\n     ^\n");
  check("\xe6\x97\xa5\xf0\x9f\x98\x80 x", 8, "  \xe6\x97\xa5\xf0\x9f\x98\x80 x\n       ^\n");
  check("a\x1b\tx", 3, "  a\\x1b\\tx\n         ^\n");
  check("a\x1b\tx", 1, "  a\\x1b\\tx\n   ^\n");
}

/* Of a long line a piece around the place, cut between characters. */
static void long_lines_are_cut(void **state)
{
  (void)state;
  char text[401];
  char expected[256];
  memset(text, 'a', 400);
  text[400] = '\0';
  text[200] = 'X';
  memset(expected, ' ', sizeof(expected));
  memset(expected + 2, 'a', 60);
  memset(expected + 62, 'a', 40);
  expected[62] = 'X';
  memcpy(expected + 102, "\n", 1);
  memset(expected + 103, ' ', 62);
  memcpy(expected + 165, "^\n", 3);
  check(text, 200, expected);

  char wide[601];
  for (size_t i = 0; i < 200; i++)
    memcpy(wide + 3 * i, "\xe2\x98\x83", 3);
  wide[600] = '\0';
  struct icws_buf out;
  const struct icws_candid_spot spot = {.offset = 300, .line = 1, .column = 101};
  icws_buf_init(&out, 0, NULL);
  icws_caret_put(icws_bytes_text(wide), &spot, &out);
  assert_null(memchr(out.data, '\\', out.len)); /* no half of a character is escaped */
  icws_buf_wipe(&out);
}

static void nowhere_is_not_shown(void **state)
{
  (void)state;
  const struct icws_candid_spot spot = {.line = 0};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_caret_put(icws_bytes_text("text"), &spot, &out);
  assert_int_equal(out.len, 0);
  icws_buf_wipe(&out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_caret_is_under_the_place),
      cmocka_unit_test(one_line_is_shown),
      cmocka_unit_test(columns_are_those_on_the_screen),
      cmocka_unit_test(long_lines_are_cut),
      cmocka_unit_test(nowhere_is_not_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

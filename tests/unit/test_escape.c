/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/escape.h"

/* With its length, since NUL is a character like others. */
#define RUN(text) icws_bytes_of(text, sizeof(text) - 1)

static void check_shown(struct icws_bytes bytes, const char *shown)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_escape(bytes, &out);
  icws_buf_put_u8(&out, '\0');
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, shown);
  icws_buf_wipe(&out);
}

static void test_text_stays(void **state)
{
  (void)state;
  check_shown(RUN(""), "");
  check_shown(RUN("plain \\n text ~"), "plain \\n text ~");
  check_shown(RUN("gr\xc3\xbc\xc3\x9f \xe2\x98\x83 \xf0\x9f\x98\x80"),
              "gr\xc3\xbc\xc3\x9f \xe2\x98\x83 \xf0\x9f\x98\x80");
  check_shown(RUN("\xc2\xa0 \xf4\x8f\xbf\xbf \xed\x9f\xbf \xee\x80\x80"),
              "\xc2\xa0 \xf4\x8f\xbf\xbf \xed\x9f\xbf \xee\x80\x80");
}

static void test_control_characters(void **state)
{
  (void)state;
  check_shown(RUN("a\tb\nc\rd"), "a\\tb\\nc\\rd");
  check_shown(RUN("\0\x07\x1b[2J\x1f\x7f"), "\\x00\\x07\\x1b[2J\\x1f\\x7f");
  /* C1 as UTF-8: CSI in one character. */
  check_shown(RUN("\xc2\x80 \xc2\x9b"
                  "31m \xc2\x9f"),
              "\\u{0080} \\u{009b}31m \\u{009f}");
}

static void test_direction_of_writing(void **state)
{
  (void)state;
  check_shown(RUN("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f"), "\\u{061c}\\u{200e}\\u{200f}");
  check_shown(RUN("\xe2\x80\xaa\xe2\x80\xae"), "\\u{202a}\\u{202e}");
  check_shown(RUN("\xe2\x81\xa6\xe2\x81\xa9"), "\\u{2066}\\u{2069}");
  check_shown(RUN("\xe2\x80\xa8\xe2\x80\xa9"), "\\u{2028}\\u{2029}");
  check_shown(RUN("\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"),
              "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"); /* their neighbours */
}

static void test_not_utf8(void **state)
{
  (void)state;
  check_shown(RUN("\x9b"
                  "31m"),
              "\\x9b31m");                                      /* CSI as a byte */
  check_shown(RUN("\xc0\x9b"), "\\xc0\\x9b");                   /* overlong */
  check_shown(RUN("\xe0\x80\x9b"), "\\xe0\\x80\\x9b");          /* overlong */
  check_shown(RUN("\xf0\x80\x80\x9b"), "\\xf0\\x80\\x80\\x9b"); /* overlong */
  check_shown(RUN("\xed\xa0\x80"), "\\xed\\xa0\\x80");          /* a surrogate */
  check_shown(RUN("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); /* beyond the last */
  check_shown(RUN("\xf5\xff\xfe"), "\\xf5\\xff\\xfe");          /* never in UTF-8 */
  check_shown(RUN("\xe2\x98"), "\\xe2\\x98");                   /* cut off */
  check_shown(RUN("\xe2\x1b[m"), "\\xe2\\x1b[m");               /* eats no control character */
  check_shown(RUN("\xe2\x98\xc3\xbc"), "\\xe2\\x98\xc3\xbc");   /* goes on at the next */
}

static void test_plain(void **state)
{
  (void)state;
  assert_true(icws_escape_text_is_plain(RUN("")));
  assert_true(icws_escape_text_is_plain(RUN("{\n\t\"a\": \"\xc3\xbc\"\r\n}")));
  assert_false(icws_escape_text_is_plain(RUN("a\0b")));
  assert_false(icws_escape_text_is_plain(RUN("\x1b")));
  assert_false(icws_escape_text_is_plain(RUN("\xc2\x9b")));
  assert_false(icws_escape_text_is_plain(RUN("\xe2\x80\xae")));
  assert_false(icws_escape_text_is_plain(RUN("\xff")));
}

static void test_utf8(void **state)
{
  (void)state;
  assert_true(icws_escape_is_utf8(RUN("")));
  assert_true(icws_escape_is_utf8(RUN("\0\x1b\xc2\x9b\xe2\x80\xae")));
  assert_false(icws_escape_is_utf8(RUN("a\xff")));
  assert_false(icws_escape_is_utf8(RUN("\xc3")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_text_stays),
      cmocka_unit_test(test_control_characters),
      cmocka_unit_test(test_direction_of_writing),
      cmocka_unit_test(test_not_utf8),
      cmocka_unit_test(test_plain),
      cmocka_unit_test(test_utf8),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

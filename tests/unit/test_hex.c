/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/bytes.h>

static void every_byte_both_ways(void **state)
{
  (void)state;
  uint8_t bytes[256];
  for (unsigned i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t)i;
  char expected[2 * sizeof bytes + 1];
  sodium_bin2hex(expected, sizeof expected, bytes, sizeof bytes);

  char text[2 * sizeof bytes + 1];
  struct icws_bytes run = icws_bytes_of(bytes, sizeof bytes);
  assert_int_equal(icws_hex_encode(run, text, sizeof text), ICWS_OK);
  assert_string_equal(text, expected);
  struct icws_buf put;
  icws_buf_init(&put, 0, NULL);
  icws_hex_put(&put, run);
  assert_true(icws_bytes_equal(icws_buf_bytes(&put), icws_bytes_text(expected)));
  icws_buf_wipe(&put);

  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  assert_int_equal(icws_hex_decode(icws_bytes_text(expected), &buf), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&buf), run));
  icws_buf_wipe(&buf);
}

static void encoding_needs_room_for_the_end(void **state)
{
  (void)state;
  char text[5] = "????";
  struct icws_bytes run = icws_bytes_of("\x12\xab", 2);
  assert_int_equal(icws_hex_encode(run, text, 4), ICWS_ERR_TOO_SMALL);
  assert_int_equal(icws_hex_encode(run, text, 0), ICWS_ERR_TOO_SMALL);
  assert_string_equal(text, "????");
  assert_int_equal(icws_hex_encode(run, text, 5), ICWS_OK);
  assert_string_equal(text, "12ab");
  assert_int_equal(icws_hex_encode(icws_bytes_of(NULL, 0), text, 1), ICWS_OK);
  assert_string_equal(text, "");
}

static void decoding_appends(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 4, NULL);
  icws_buf_put_u8(&buf, 1);
  assert_int_equal(icws_hex_decode(icws_bytes_text("aBCd"), &buf), ICWS_OK);
  assert_int_equal(icws_hex_decode(icws_bytes_text(""), &buf), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&buf), icws_bytes_of("\x01\xab\xcd", 3)));
  assert_int_equal(icws_hex_decode(icws_bytes_text("0001"), &buf), ICWS_ERR_LIMIT);
  assert_int_equal(icws_hex_decode(icws_bytes_text(""), &buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

static void other_text_is_refused_whole(void **state)
{
  (void)state;
  static const char *const texts[] = {"0",    "012",  "0g", "g0", " 00", "00 ",      "0x00",
                                      "00\n", "0:00", "/0", "@0", "`0",  "\xc3\xa9", "-1"};
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_buf_put_u8(&buf, 7);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_int_equal(icws_hex_decode(icws_bytes_text(texts[i]), &buf), ICWS_ERR_HEX);
    assert_int_equal(buf.len, 1);
  }
  assert_int_equal(icws_hex_decode(icws_bytes_of("0\0", 2), &buf), ICWS_ERR_HEX);
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  icws_buf_wipe(&buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_byte_both_ways),
      cmocka_unit_test(encoding_needs_room_for_the_end),
      cmocka_unit_test(decoding_appends),
      cmocka_unit_test(other_text_is_refused_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

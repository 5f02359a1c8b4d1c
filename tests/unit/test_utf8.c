/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/utf8.h>

#include "utf8.h"

/* Encodes a scalar value by the table of RFC 3629, section 3. */
static size_t encode(uint32_t scalar, uint8_t out[4])
{
  if (scalar < 0x80) {
    out[0] = (uint8_t)scalar;
    return 1;
  }
  size_t len = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
  static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = len; i-- > 1; scalar >>= 6)
    out[i] = (uint8_t)(0x80 | (scalar & 0x3f));
  out[0] = (uint8_t)(leads[len] | scalar);
  return len;
}

static void every_scalar_value_is_valid(void **state)
{
  (void)state;
  for (uint32_t scalar = 0; scalar <= 0x10ffff; scalar++) {
    uint8_t text[4];
    size_t len = encode(scalar, text);
    bool surrogate = scalar >= 0xd800 && scalar <= 0xdfff;
    assert_true(icws_utf8_valid(icws_bytes_of(text, len)) == !surrogate);
    uint32_t character = 0;
    assert_int_equal(icws_utf8_next(icws_bytes_of(text, len), &character), surrogate ? 0 : len);
    assert_true(surrogate || character == scalar);
    if (len > 1)
      assert_false(icws_utf8_valid(icws_bytes_of(text, len - 1))); /* cut off */
  }
  uint8_t beyond[4];
  assert_false(icws_utf8_valid(icws_bytes_of(beyond, encode(0x110000, beyond))));
}

static void of_all_pairs_only_the_right_ones_are_valid(void **state)
{
  (void)state;
  for (unsigned pair = 0; pair <= 0xffff; pair++) {
    uint8_t text[2] = {(uint8_t)(pair >> 8), (uint8_t)pair};
    bool ascii = text[0] < 0x80 && text[1] < 0x80;
    bool two = text[0] >= 0xc2 && text[0] <= 0xdf && text[1] >= 0x80 && text[1] <= 0xbf;
    assert_true(icws_utf8_valid(icws_bytes_of(text, 2)) == (ascii || two));
  }
}

static void overlong_and_broken_text_is_not_valid(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "\xe0\x80\x80",     "\xe0\x9f\xbf",     "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
      "\xf4\x90\x80\x80", "\xed\xa0\x80",     "\xf5\x80\x80\x80", "\xff",
      "\xe2\x28\xa1",     "\xe2\x82",         "\xe2\x82\x28",     "\xf0\x9f\x98",
      "ok\x80",           "\xf0\x9f\x28\x80",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_false(icws_utf8_valid(icws_bytes_text(texts[i])));
  assert_true(icws_utf8_valid(icws_bytes_text("")));
  assert_true(icws_utf8_valid(icws_bytes_of("a\0\xe2\x98\x83z", 6)));
}

/* Wherever a broken byte, or a whole character, is in a longer text. */
static void every_place_of_a_longer_text_is_looked_at(void **state)
{
  (void)state;
  for (size_t len = 2; len <= 40; len++) {
    for (size_t at = 0; at < len; at++) {
      uint8_t text[40];
      memset(text, 'a', len);
      assert_true(icws_utf8_valid(icws_bytes_of(text, len)));
      text[at] = 0x80;
      assert_false(icws_utf8_valid(icws_bytes_of(text, len)));
      text[at] = 0xc3;
      assert_false(icws_utf8_valid(icws_bytes_of(text, len)));
      if (at + 1 == len)
        continue;
      text[at + 1] = 0xa9;
      assert_true(icws_utf8_valid(icws_bytes_of(text, len)));
    }
  }
}

static void text_is_walked_character_by_character(void **state)
{
  (void)state;
  static const char text[] = "a\0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x80z";
  static const size_t lengths[] = {1, 1, 2, 3, 4, 0};
  static const uint32_t characters[] = {'a', 0, 0xe9, 0x20ac, 0x1f600};
  size_t at = 0;
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    uint32_t character;
    struct icws_bytes rest = icws_bytes_of(text + at, sizeof text - 1 - at);
    assert_int_equal(icws_utf8_next(rest, &character), lengths[i]);
    assert_true(lengths[i] == 0 || character == characters[i]);
    at += lengths[i];
  }
}

static void characters_that_act_are_known(void **state)
{
  (void)state;
  static const uint32_t acting[] = {0,      0x1f,   0x7f,   0x80,   0x9f,   0x61c,  0x200e,
                                    0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069};
  static const uint32_t others[] = {' ',    '~',    0xa0,   0x61b,  0x61d,  0x200d,
                                    0x2010, 0x2027, 0x202f, 0x2065, 0x206a, 0x10202e};
  for (size_t i = 0; i < sizeof acting / sizeof acting[0]; i++)
    assert_true(icws_utf8_acts(acting[i]));
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    assert_false(icws_utf8_acts(others[i]));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_scalar_value_is_valid),
      cmocka_unit_test(of_all_pairs_only_the_right_ones_are_valid),
      cmocka_unit_test(overlong_and_broken_text_is_not_valid),
      cmocka_unit_test(every_place_of_a_longer_text_is_looked_at),
      cmocka_unit_test(text_is_walked_character_by_character),
      cmocka_unit_test(characters_that_act_are_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

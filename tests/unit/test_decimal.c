/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decimal.h"
#include "xorshift.h"

/* What is expected comes from the C library: strtod, strtof and printf in the C locale. */

static uint64_t bits_of(double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static uint32_t float_bits_of(float value)
{
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static double from_bits(uint64_t bits)
{
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static float float_from_bits(uint32_t bits)
{
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static bool is_finite(double value)
{
  return (bits_of(value) >> 52 & 0x7ff) != 0x7ff;
}

/* --- Parsing --------------------------------------------------------------------------------- */

static void check_parse(const char *text)
{
  double value = 0;
  float single = 0;
  if (!icws_decimal_parse_double(icws_bytes_text(text), &value) ||
      !icws_decimal_parse_float(icws_bytes_text(text), &single))
    fail_msg("%s is not taken", text);
  if (bits_of(value) != bits_of(strtod(text, NULL)))
    fail_msg("%s is %a, not %a", text, value, strtod(text, NULL));
  if (float_bits_of(single) != float_bits_of(strtof(text, NULL)))
    fail_msg("%s is %a, not %a, as a float", text, (double)single, (double)strtof(text, NULL));
}

static const char *const edge_cases[] = {
    "0",
    "0.",
    "0.0",
    "00",
    "1",
    "1.",
    "1.5",
    "15e-1",
    "15E-1",
    "1.e3",
    "1e+3",
    "001.500",
    "1e23",
    "8.5e22",
    "9007199254740993",
    "9007199254740992.9999",
    "9007199254740993.00000001",
    "9007199254740991",
    "9007199254740995",
    "16777217",
    "16777217.0000001",
    "16777219",
    /* the greatest double; half-way beyond it; a little below that */
    "1.7976931348623157e308",
    "1.7976931348623159e308",
    "1.797693134862315807e308",
    "1.797693134862315808e308",
    "1e309",
    "1e310",
    "9e399",
    "1e400",
    "1e99999",
    "1e999999999999999999999999",
    "3.4028234663852886e38",
    "3.4028235677973366e38",
    "3.4028235677973365e38",
    "1e39",
    /* subnormal numbers: the least; half of it; a little more */
    "5e-324",
    "4.9e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "2.5e-324",
    "7.4e-324",
    "7.5e-324",
    "1e-323",
    "1e-324",
    "1e-400",
    "1e-401",
    "1e-99999",
    "1e-999999999999999999999999",
    "0e999999999999999999999",
    "0.000e-5",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "2.225073858507201e-308",
    "1.1754943508222875e-38",
    "1.1754942e-38",
    "1.4e-45",
    "7.1e-46",
    "7.0e-46",
    "7.006492321624085e-46",
    "7.0064923216240854e-46",
    /* hexadecimal */
    "0x0",
    "0x10",
    "0xFf",
    "0x1.8",
    "0x1.8p0",
    "0x1.8P+1",
    "0x1p-1074",
    "0x1p-1075",
    "0x1.8p-1075",
    "0x1.0000000000001p-1075",
    "0x3p-1076",
    "0x1.fffffffffffff7p1023",
    "0x1.fffffffffffff8p1023",
    "0x1.fffffffffffffp1023",
    "0x1p1024",
    "0x1p99999",
    "0x1p-99999",
    "0x1p999999999999999999999",
    "0x0p999999999999999999999",
    "0x1.00000000000008p0",
    "0x1.000000000000080p0",
    "0x1.0000000000000800000000000001p0",
    "0x1.00000000000018p0",
    "0x1.000001p0",
    "0x1.000001000000000000001p0",
    "0x1.000003p0",
    "0x123456789abcdef0123456789abcdef",
    "0x0.0000000000000000000000000000000001p200",
    "0x1.fffffep127",
    "0x1.ffffffp127",
    "0x1p-149",
    "0x1p-150",
    "0x1.1p-150",
};

static void edge_cases_are_rounded_correctly(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof edge_cases / sizeof edge_cases[0]; i++) {
    if (strncmp(edge_cases[i], "0x.", 3) != 0) /* which Candid does not have */
      check_parse(edge_cases[i]);
  }
}

static void underscores_may_stand_between_digits(void **state)
{
  (void)state;
  double value = 0;
  assert_true(icws_decimal_parse_double(icws_bytes_text("1_000.2_5e1_0"), &value));
  assert_true(bits_of(value) == bits_of(1000.25e10));
  assert_true(icws_decimal_parse_double(icws_bytes_text("0xf_f.8_0p1_0"), &value));
  assert_true(bits_of(value) == bits_of(255.5 * 1024));
}

static void what_is_no_number_is_refused(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "",     ".",    ".5",  "-1",   "+1",    "1_",     "_1",     "1__0",    "1_.5",
      "1._5", "1.5_", "1e",  "1e+",  "1e-",   "1e_1",   "1e1_",   "1e1.5",   "1 ",
      " 1",   "1,5",  "0x",  "0x.8", "0x1p",  "0x1e+1", "0x_1",   "x1",      "1f",
      "1p1",  "0xg",  "inf", "NaN",  "1e1e1", "1..5",   "0x1.8p", "0x1.p_1", "1.5.",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    double value = 7;
    float single = 7;
    if (icws_decimal_parse_double(icws_bytes_text(texts[i]), &value) || value < 7 || value > 7 ||
        icws_decimal_parse_float(icws_bytes_text(texts[i]), &single) || single < 7 || single > 7)
      fail_msg("%s is taken", texts[i]);
  }
}

/* Numbers half-way between two doubles have up to 768 digits: those exactly, and as much as one more
 * digit, a thousand digits later, above and below. */
static void ties_are_broken_by_the_last_of_many_digits(void **state)
{
  (void)state;
  static const uint64_t all_bits[] = {0,
                                      1,
                                      2,
                                      UINT64_C(0x000fffffffffffff),
                                      UINT64_C(0x0010000000000000),
                                      UINT64_C(0x3ff0000000000000),
                                      UINT64_C(0x3ff0000000000001),
                                      UINT64_C(0x432fffffffffffff),
                                      UINT64_C(0x7fe0000000000001)};
  for (size_t i = 0; i < sizeof all_bits / sizeof all_bits[0]; i++) {
    /* the exact sum of two neighbours, halved, in long double's exact decimal digits */
    long double low = from_bits(all_bits[i]);
    long double high = from_bits(all_bits[i] + 1);
    char text[8192];
    int length = snprintf(text, sizeof text, "%.1100Lf", low + (high - low) / 2);
    check_parse(text);
    memset(text + length, '0', 1000);
    memcpy(text + length + 1000, "1", 2);
    check_parse(text);
    char *last = text + length - 1; /* the last digit that is not 0, one less */
    while (*last < '1' || *last > '9')
      last--;
    (*last)--;
    memset(text + length, '9', 1000);
    check_parse(text);
  }
}

static void long_rows_of_digits_are_read(void **state)
{
  (void)state;
  size_t length = 100000;
  char *text = malloc(length + 32);
  assert_non_null(text);
  memset(text, '0', length);
  memcpy(text, "0.", 2);
  memcpy(text + length, "15e99999", 9);
  check_parse(text);
  memset(text, '9', length);
  memcpy(text + length, "e-99999", 8);
  check_parse(text);
  memset(text, '0', length);
  text[0] = '1';
  memcpy(text + length, "e-99999", 8);
  check_parse(text);
  memcpy(text, "0x", 2);
  memcpy(text + length, "18p-3", 6);
  check_parse(text);
  free(text);
}

static void random_digits_are_rounded_correctly(void **state)
{
  (void)state;
  uint64_t random = 1;
  for (int i = 0; i < 5000; i++) {
    char text[128];
    uint64_t digits = xorshift_next(&random);
    int exponent = (int)(xorshift_next(&random) % 680) - 345;
    snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)(digits >> (exponent & 63)),
             (unsigned long long)xorshift_next(&random), exponent);
    check_parse(text);
    snprintf(text, sizeof text, "0x%llx.%llxp%d", (unsigned long long)(digits >> (exponent & 63)),
             (unsigned long long)xorshift_next(&random), exponent * 3);
    check_parse(text);
  }
}

/* --- Printing -------------------------------------------------------------------------------- */

static struct icws_buf buf;

static const char *put_double(double value)
{
  icws_buf_clear(&buf);
  icws_decimal_put_double(value, &buf);
  icws_buf_put_u8(&buf, '\0');
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  return (const char *)buf.data;
}

static const char *put_float(float value)
{
  icws_buf_clear(&buf);
  icws_decimal_put_float(value, &buf);
  icws_buf_put_u8(&buf, '\0');
  assert_int_equal(icws_buf_error(&buf), ICWS_OK);
  return (const char *)buf.data;
}

static void numbers_are_written_with_point_or_exponent(void **state)
{
  (void)state;
  static const struct {
    double value;
    const char *text;
  } rows[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {3.0, "3.0"},
      {0.5, "0.5"},
      {-0.5, "-0.5"},
      {-1.5e300, "-1.5e300"},
      {100.0, "100.0"},
      {123456.789, "123456.789"},
      {0.1, "0.1"},
      {0.001, "0.001"},
      {0.0001, "0.0001"},
      {0.00001, "1e-5"},
      {0.000123, "0.000123"},
      {1e15, "1000000000000000.0"},
      {1234567890123456.0, "1234567890123456.0"},
      {1e16, "1e16"},
      {12345678901234567.0, "1.2345678901234568e16"},
      {1e23, "1e23"},
      {9007199254740993.0, "9007199254740992.0"},
      {1.0 / 3, "0.3333333333333333"},
      {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {1.7976931348623157e308, "1.7976931348623157e308"},
      {5.684341886080802e-14,
       "5.684341886080802e-14"}, /* 2^-44: ...801 is nearer, but below half */
      {9.5367431640625e-07, "9.5367431640625e-7"},
      {2e-44, "2e-44"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_string_equal(put_double(rows[i].value), rows[i].text);
  assert_string_equal(put_double(from_bits(UINT64_C(0x7ff0000000000000))), "inf");
  assert_string_equal(put_double(from_bits(UINT64_C(0xfff0000000000000))), "-inf");
  assert_string_equal(put_double(from_bits(UINT64_C(0x7ff0000000000001))), "NaN");
  assert_string_equal(put_double(from_bits(UINT64_C(0xfff8000000000000))), "NaN");
}

static void floats_have_as_few_digits_as_a_float_needs(void **state)
{
  (void)state;
  assert_string_equal(put_float(0.0F), "0.0");
  assert_string_equal(put_float(-0.0F), "-0.0");
  assert_string_equal(put_float(0.1F), "0.1");
  assert_string_equal(put_float(16777216.0F), "16777216.0");
  assert_string_equal(put_float(3.4028235e38F), "3.4028235e38");
  assert_string_equal(put_float(1e-45F), "1e-45");
  assert_string_equal(put_float(float_from_bits(0x7f800000)), "inf");
  assert_string_equal(put_float(float_from_bits(0xff800000)), "-inf");
  assert_string_equal(put_float(float_from_bits(0x7fc00000)), "NaN");
}

/* Room for the digits of a double, and for 255 of them with sign and exponent. */
#define DIGITS 32
#define TEXT 280

/* The digits of |text| from the first that is not 0 to the last that is not; returns how many. */
static int find_digits(const char *text, char digits[DIGITS])
{
  int count = 0;
  for (; *text != '\0' && *text != 'e'; text++) {
    if (*text >= (count > 0 ? '0' : '1') && *text <= '9' && count < DIGITS - 1)
      digits[count++] = *text;
  }
  while (count > 0 && digits[count - 1] == '0')
    count--;
  digits[count] = '\0';
  return count;
}

/* What printf makes of |value| with |count| digits. */
static void print_digits(double value, int count, char text[TEXT])
{
  uint8_t after_point = (uint8_t)(count - 1);
  snprintf(text, TEXT, "%.*e", after_point, value);
}

static bool reads_as(const char *text, double value, bool single)
{
  return single ? float_bits_of(strtof(text, NULL)) == float_bits_of((float)value)
                : bits_of(strtod(text, NULL)) == bits_of(value);
}

/* Nothing with one digit less reads back as the number: neither the nearest such, nor its
 * neighbours. */
static void check_shortest(double value, bool single, const char *text)
{
  char digits[DIGITS];
  int count = find_digits(text, digits) - 1;
  for (int step = -1; count > 0 && step <= 1; step++) {
    char nearest[TEXT];
    char shorter[TEXT];
    print_digits(value, count, nearest);
    long long integer = 0;
    const char *at = nearest;
    for (; *at != 'e'; at++)
      integer = *at >= '0' && *at <= '9' ? integer * 10 + (*at - '0') : integer;
    int exponent = (int)strtol(at + 1, NULL, 10) - count + 1;
    snprintf(shorter, sizeof shorter, "%s%llde%d", value < 0 ? "-" : "", integer + step, exponent);
    if (reads_as(shorter, value, single))
      fail_msg("%s is longer than %s", text, shorter);
  }
}

static void check_double(uint64_t bits)
{
  double value = from_bits(bits);
  if (!is_finite(value))
    return;
  const char *text = put_double(value);
  if (bits_of(strtod(text, NULL)) != bits)
    fail_msg("%a is written %s", value, text);
  bool negative = text[0] == '-';
  double again = 0;
  assert_true(icws_decimal_parse_double(icws_bytes_text(text + (negative ? 1 : 0)), &again));
  assert_true(bits_of(negative ? -again : again) == bits);
  check_shortest(value, false, text);
  char full[64];
  snprintf(full, sizeof full, "%.17g", negative ? -value : value);
  check_parse(full);
}

static void check_float(uint32_t bits)
{
  float value = float_from_bits(bits);
  if (!is_finite((double)value))
    return;
  const char *text = put_float(value);
  if (float_bits_of(strtof(text, NULL)) != bits)
    fail_msg("%a is written %s", (double)value, text);
  bool negative = text[0] == '-';
  float again = 0;
  assert_true(icws_decimal_parse_float(icws_bytes_text(text + (negative ? 1 : 0)), &again));
  assert_true(float_bits_of(negative ? -again : again) == bits);
  check_shortest((double)value, true, text);
}

static void any_double_is_written_as_short_as_can_be(void **state)
{
  (void)state;
  uint64_t random = 2;
  for (int i = 0; i < 5000; i++) {
    check_double(xorshift_next(&random));
    check_double(xorshift_next(&random) >> 12);                            /* subnormal */
    check_double(bits_of((double)(int64_t)xorshift_next(&random) / 1000)); /* few digits */
  }
  for (uint64_t exponent = 0; exponent < 0x7ff;
       exponent++) { /* powers of two and their neighbours */
    check_double(exponent << 52);
    check_double((exponent << 52) + 1);
    check_double(((exponent + 1) << 52) - 1);
  }
}

static void any_float_is_written_as_short_as_can_be(void **state)
{
  (void)state;
  uint64_t random = 3;
  for (int i = 0; i < 5000; i++) {
    check_float((uint32_t)xorshift_next(&random));
    check_float((uint32_t)xorshift_next(&random) >> 9);
  }
  for (uint32_t exponent = 0; exponent < 0xff; exponent++) {
    check_float(exponent << 23);
    check_float((exponent << 23) + 1);
    check_float(((exponent + 1) << 23) - 1);
  }
}

/* Among numbers of the fewest digits it is the nearest: as printf has it with that many. */
static void of_the_shortest_the_nearest_is_written(void **state)
{
  (void)state;
  uint64_t random = 4;
  for (int i = 0; i < 5000; i++) {
    double value = from_bits(xorshift_next(&random));
    char mine[DIGITS];
    char theirs[DIGITS];
    char nearest[TEXT];
    if (!is_finite(value))
      continue;
    print_digits(value, find_digits(put_double(value), mine), nearest);
    (void)find_digits(nearest, theirs);
    if (reads_as(nearest, value, false)) /* it need not, next to a power of two */
      assert_string_equal(mine, theirs);
  }
}

static int set_up(void **state)
{
  (void)state;
  icws_buf_init(&buf, 0, NULL);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  icws_buf_wipe(&buf);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(edge_cases_are_rounded_correctly),
      cmocka_unit_test(underscores_may_stand_between_digits),
      cmocka_unit_test(what_is_no_number_is_refused),
      cmocka_unit_test(ties_are_broken_by_the_last_of_many_digits),
      cmocka_unit_test(long_rows_of_digits_are_read),
      cmocka_unit_test(random_digits_are_rounded_correctly),
      cmocka_unit_test(numbers_are_written_with_point_or_exponent),
      cmocka_unit_test(floats_have_as_few_digits_as_a_float_needs),
      cmocka_unit_test(any_double_is_written_as_short_as_can_be),
      cmocka_unit_test(any_float_is_written_as_short_as_can_be),
      cmocka_unit_test(of_the_shortest_the_nearest_is_written),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

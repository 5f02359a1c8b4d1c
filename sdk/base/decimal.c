/* SPDX-License-Identifier: Apache-2.0 */
#include "decimal.h"

#include <string.h>

#include "decimal_format.h"
#include "digits.h"
#include "hex_digit.h"

const struct icws_decimal_format icws_decimal_double = {
    .precision = 53,
    .least = -1074,
    .infinity = UINT64_C(0x7ff) << 52,
};

const struct icws_decimal_format icws_decimal_float = {
    .precision = 24,
    .least = -149,
    .infinity = UINT64_C(0xff) << 23,
};

static uint64_t pack(const struct icws_decimal_format *format, uint64_t integer, int64_t exponent)
{
  int64_t n = exponent - format->least;
  if (n > (int64_t)(format->infinity >> (format->precision - 1)))
    return format->infinity;
  uint64_t bits = integer + ((uint64_t)n << (format->precision - 1));
  return bits < format->infinity ? bits : format->infinity;
}

/* A number as it is written: all its digits as an integer, times the base (or two, for hexadecimal
 * digits) to the |exponent|. */
struct literal {
  bool hexadecimal;
  struct icws_digits decimal;
  uint64_t hex;
  bool more; /* hexadecimal digits other than 0 that did not fit into |hex| */
  int64_t exponent;
};

#define EXPONENT_MAX INT64_C(100000000000000000) /* greater ones are as good as this */

static bool take_char(struct icws_bytes *text, char lower, char upper)
{
  if (text->len == 0 || (text->data[0] != lower && text->data[0] != upper))
    return false;
  *text = icws_bytes_of(text->data + 1, text->len - 1);
  return true;
}

static bool digit_value(uint8_t character, bool hexadecimal, unsigned *value)
{
  int digit = icws_hex_digit(character);
  *value = (unsigned)digit;
  return digit >= 0 && digit < (hexadecimal ? 16 : 10);
}

/* Takes a digit, before which there may be an underscore if it is not the |first| in its row. */
static bool take_digit(struct icws_bytes *text, bool hexadecimal, bool first, unsigned *digit)
{
  struct icws_bytes rest = *text;
  if (!first)
    (void)take_char(&rest, '_', '_');
  if (rest.len == 0 || !digit_value(rest.data[0], hexadecimal, digit))
    return false;
  *text = icws_bytes_of(rest.data + 1, rest.len - 1);
  return true;
}

static void add_digit(struct literal *literal, unsigned digit, bool fraction)
{
  if (!literal->hexadecimal) {
    icws_digits_append(&literal->decimal, digit);
    literal->exponent -= fraction ? 1 : 0;
    return;
  }
  literal->exponent -= fraction ? 4 : 0;
  if (literal->hex >> 56 == 0) {
    literal->hex = literal->hex << 4 | digit;
  } else {
    literal->more = literal->more || digit != 0;
    literal->exponent += 4;
  }
}

/* Takes a row of digits; false if there is none. */
static bool take_row(struct literal *literal, struct icws_bytes *text, bool fraction)
{
  unsigned digit;
  bool first = true;
  for (; take_digit(text, literal->hexadecimal, first, &digit); first = false)
    add_digit(literal, digit, fraction);
  return !first;
}

static bool take_exponent(struct literal *literal, struct icws_bytes *text)
{
  bool negative = take_char(text, '-', '-');
  if (!negative)
    (void)take_char(text, '+', '+');
  int64_t exponent = 0;
  unsigned digit;
  bool first = true;
  for (; take_digit(text, false, first, &digit); first = false) {
    if (exponent < EXPONENT_MAX)
      exponent = exponent * 10 + digit;
  }
  literal->exponent += negative ? -exponent : exponent;
  return !first;
}

static bool read_literal(struct literal *literal, struct icws_bytes text)
{
  icws_digits_set(&literal->decimal, 0);
  literal->hex = 0;
  literal->more = false;
  literal->exponent = 0;
  literal->hexadecimal = text.len > 1 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x';
  if (literal->hexadecimal)
    text = icws_bytes_of(text.data + 2, text.len - 2);
  if (!take_row(literal, &text, false))
    return false;
  if (take_char(&text, '.', '.'))
    (void)take_row(literal, &text, true);
  bool hexadecimal = literal->hexadecimal;
  if (take_char(&text, hexadecimal ? 'p' : 'e', hexadecimal ? 'P' : 'E') &&
      !take_exponent(literal, &text))
    return false;
  icws_digits_trim(&literal->decimal);
  return text.len == 0;
}

/* Brings |digits| into [1/2, 1) and returns the power of two that they were divided by. */
static int normalise(struct icws_digits *digits)
{
  int power = 0;
  while (digits->point > 0) {
    int step = (int)digits->point * 3 + 1; /* ten is a little more than 2^3 */
    icws_digits_scale(digits, -step);
    power += step;
  }
  while (digits->point < 0 || digits->digits[0] < 5) {
    int step = digits->point < 0 ? (int)-digits->point * 3 : 1;
    icws_digits_scale(digits, step);
    power -= step;
  }
  return power;
}

static uint64_t round_decimal(const struct icws_decimal_format *format, struct literal *literal)
{
  struct icws_digits *digits = &literal->decimal;
  digits->point += literal->exponent;
  if (digits->count == 0 || digits->point < -400) /* below half of the least double */
    return 0;
  if (digits->point > 400)
    return format->infinity;
  int power = normalise(digits);
  int exponent = power - format->precision;
  if (exponent < format->least) /* subnormal: there are fewer bits, or none */
    exponent = format->least;
  icws_digits_scale(digits, power - exponent);
  return pack(format, icws_digits_round(digits), exponent);
}

static int bit_length(uint64_t integer)
{
  int length = 0;
  for (; integer > 0; integer >>= 1)
    length++;
  return length;
}

static uint64_t round_hexadecimal(const struct icws_decimal_format *format,
                                  const struct literal *literal)
{
  uint64_t integer = literal->hex; /* below 2^60 */
  int64_t exponent = literal->exponent + bit_length(integer) - format->precision;
  if (exponent < format->least)
    exponent = format->least;
  int64_t excess = exponent - literal->exponent; /* bits too many */
  if (integer == 0 || excess > 60)
    return 0;
  if (excess <= 0)
    return pack(format, integer << -excess, exponent);
  uint64_t half = UINT64_C(1) << (excess - 1);
  uint64_t rest = integer & (2 * half - 1);
  integer >>= excess;
  if (rest > half || (rest == half && (literal->more || (integer & 1) != 0)))
    integer++;
  return pack(format, integer, exponent);
}

static bool parse(const struct icws_decimal_format *format, struct icws_bytes text, uint64_t *bits)
{
  struct literal literal;
  if (!read_literal(&literal, text))
    return false;
  *bits =
      literal.hexadecimal ? round_hexadecimal(format, &literal) : round_decimal(format, &literal);
  return true;
}

bool icws_decimal_parse_double(struct icws_bytes text, double *value)
{
  uint64_t bits;
  if (!parse(&icws_decimal_double, text, &bits))
    return false;
  memcpy(value, &bits, sizeof *value);
  return true;
}

bool icws_decimal_parse_float(struct icws_bytes text, float *value)
{
  uint64_t bits;
  if (!parse(&icws_decimal_float, text, &bits))
    return false;
  uint32_t low = (uint32_t)bits;
  memcpy(value, &low, sizeof *value);
  return true;
}

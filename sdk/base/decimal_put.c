/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "decimal.h"
#include "decimal_format.h"
#include "digits.h"

/* A number, and the points half-way to its neighbours: what is read as the number lies between
 * them, or, since ties go to even, on them if the number's integer is even. */
struct interval {
  struct icws_digits low;
  struct icws_digits exact;
  struct icws_digits high;
  bool closed;
};

static void find_interval(const struct icws_decimal_format *format, uint64_t bits,
                          struct interval *interval)
{
  uint64_t hidden = UINT64_C(1) << (format->precision - 1);
  uint64_t integer = bits & (hidden - 1);
  int n = (int)(bits >> (format->precision - 1));
  bool narrow = integer == 0 && n > 1; /* the numbers below lie twice as close */
  if (n > 0) {
    integer += hidden;
    n--;
  }
  struct icws_digits *quarter = &interval->exact; /* of the distance to the number above */
  icws_digits_set(quarter, 1);
  icws_digits_scale(quarter, format->least + n - 2);
  interval->low = *quarter;
  interval->high = *quarter;
  icws_digits_multiply(&interval->low, 4 * integer - (narrow ? 1 : 2));
  icws_digits_multiply(&interval->high, 4 * integer + 2);
  icws_digits_multiply(&interval->exact, 4 * integer);
  interval->closed = integer % 2 == 0;
}

static bool is_above(const struct interval *interval, const struct icws_digits *digits)
{
  int order = icws_digits_compare(digits, &interval->low);
  return order > 0 || (order == 0 && interval->closed);
}

static bool is_below(const struct interval *interval, const struct icws_digits *digits)
{
  int order = icws_digits_compare(digits, &interval->high);
  return order < 0 || (order == 0 && interval->closed);
}

/* Tells whether |digits| are nearer to the next number of |count| digits than to the last; half-way
 * the even one counts as nearer. */
static bool rounds_up(const struct icws_digits *digits, size_t count)
{
  if (digits->count <= count || digits->digits[count] != 5)
    return digits->count > count && digits->digits[count] > 5;
  return digits->count > count + 1 || digits->digits[count - 1] % 2 == 1;
}

/* Finds the fewest digits within |interval|, of these the nearest: of each count of digits, only the
 * number next below and the one next above can be it. */
static void find_shortest(const struct interval *interval, struct icws_digits *shortest)
{
  for (size_t count = 1;; count++) {
    *shortest = interval->exact;
    icws_digits_truncate(shortest, count);
    bool down = is_above(interval, shortest);
    if (down && !rounds_up(&interval->exact, count))
      return;
    struct icws_digits above = *shortest;
    icws_digits_increment(&above, count - 1);
    if (is_below(interval, &above)) {
      *shortest = above;
      return;
    }
    if (down)
      return;
  }
}

/* Appends the digits from index |from| up to |to|, zeros where there are none. */
static void put_row(const struct icws_digits *digits, int64_t from, int64_t to,
                    struct icws_buf *out)
{
  for (int64_t i = from; i < to; i++) {
    bool has = i >= 0 && i < (int64_t)digits->count;
    icws_buf_put_u8(out, (uint8_t)('0' + (has ? digits->digits[i] : 0)));
  }
}

static void put_exponent(int64_t exponent, struct icws_buf *out)
{
  icws_buf_put_u8(out, 'e');
  if (exponent < 0)
    icws_buf_put_u8(out, '-');
  unsigned rest = (unsigned)(exponent < 0 ? -exponent : exponent); /* below 1000 */
  if (rest >= 100)
    icws_buf_put_u8(out, (uint8_t)('0' + rest / 100));
  if (rest >= 10)
    icws_buf_put_u8(out, (uint8_t)('0' + rest / 10 % 10));
  icws_buf_put_u8(out, (uint8_t)('0' + rest % 10));
}

/* Very great and small numbers have an exponent, others a point. */
static void put_digits(const struct icws_digits *digits, struct icws_buf *out)
{
  int64_t point = digits->point;
  int64_t count = (int64_t)digits->count;
  bool plain = point > -4 && point <= 16;
  int64_t whole = plain ? point : 1; /* digits before the point */
  put_row(digits, whole > 0 ? 0 : -1, whole > 0 ? whole : 0, out);
  if (plain || count > whole) {
    icws_buf_put_u8(out, '.');
    put_row(digits, whole, count > whole ? count : whole + 1, out);
  }
  if (!plain)
    put_exponent(point - 1, out);
}

static void put(const struct icws_decimal_format *format, bool negative, uint64_t bits,
                struct icws_buf *out)
{
  if (bits > format->infinity) {
    icws_buf_put_text(out, "NaN");
    return;
  }
  if (negative)
    icws_buf_put_u8(out, '-');
  if (bits == format->infinity) {
    icws_buf_put_text(out, "inf");
  } else if (bits == 0) {
    icws_buf_put_text(out, "0.0");
  } else {
    struct interval interval;
    struct icws_digits shortest;
    find_interval(format, bits, &interval);
    find_shortest(&interval, &shortest);
    put_digits(&shortest, out);
  }
}

void icws_decimal_put_double(double value, struct icws_buf *out)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  put(&icws_decimal_double, bits >> 63 != 0, bits & (UINT64_MAX >> 1), out);
}

void icws_decimal_put_float(float value, struct icws_buf *out)
{
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  put(&icws_decimal_float, bits >> 31 != 0, bits & (UINT32_MAX >> 1), out);
}

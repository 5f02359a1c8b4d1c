/* SPDX-License-Identifier: Apache-2.0 */
#include "digits.h"

#include <string.h>

/* The most that a digit can be shifted by, so that it and a carry fit into 64 bits: 10 * 2^60. */
#define SHIFT_MAX 60

void icws_digits_trim(struct icws_digits *digits)
{
  while (digits->count > 0 && digits->digits[digits->count - 1] == 0)
    digits->count--;
}

void icws_digits_append(struct icws_digits *digits, unsigned digit)
{
  if (digits->count == 0 && digit == 0)
    return;
  digits->point++;
  if (digits->count < ICWS_DIGITS_MAX)
    digits->digits[digits->count++] = (uint8_t)digit;
  else if (digit != 0)
    digits->more = true;
}

/* Puts the digits of |front| before the first. */
static void prepend(struct icws_digits *digits, uint64_t front)
{
  uint8_t reversed[20];
  size_t count = 0;
  for (; front > 0; front /= 10)
    reversed[count++] = (uint8_t)(front % 10);

  size_t room = ICWS_DIGITS_MAX - count;
  for (; digits->count > room; digits->count--)
    digits->more = digits->more || digits->digits[digits->count - 1] != 0;
  memmove(digits->digits + count, digits->digits, digits->count);
  for (size_t i = 0; i < count; i++)
    digits->digits[i] = reversed[count - 1 - i];
  digits->count += count;
  digits->point += (int64_t)count;
}

void icws_digits_set(struct icws_digits *digits, uint64_t integer)
{
  digits->count = 0;
  digits->point = 0;
  digits->more = false;
  prepend(digits, integer);
  icws_digits_trim(digits);
}

void icws_digits_multiply(struct icws_digits *digits, uint64_t factor)
{
  uint64_t carry = 0;
  for (size_t i = digits->count; i-- > 0;) {
    carry += digits->digits[i] * factor;
    digits->digits[i] = (uint8_t)(carry % 10);
    carry /= 10;
  }
  prepend(digits, carry);
  icws_digits_trim(digits);
}

/* Long division.  What is written never overtakes what is read; once all is read, each zero that is
 * appended takes a factor of two out of the divisor, so that it ends. */
static void divide(struct icws_digits *digits, int shift)
{
  size_t given = digits->count;
  uint64_t rest = 0;
  digits->count = 0;
  for (size_t i = 0; i < given || rest > 0; i++) {
    rest = rest * 10 + (i < given ? digits->digits[i] : 0);
    uint8_t digit = (uint8_t)(rest >> shift);
    rest &= (UINT64_C(1) << shift) - 1;
    if (digits->count == 0 && digit == 0)
      digits->point--;
    else if (digits->count < ICWS_DIGITS_MAX)
      digits->digits[digits->count++] = digit;
    else if (digit != 0)
      digits->more = true;
  }
  icws_digits_trim(digits);
}

void icws_digits_scale(struct icws_digits *digits, int power)
{
  for (; power > SHIFT_MAX; power -= SHIFT_MAX)
    icws_digits_multiply(digits, UINT64_C(1) << SHIFT_MAX);
  for (; power < -SHIFT_MAX; power += SHIFT_MAX)
    divide(digits, SHIFT_MAX);
  if (power > 0)
    icws_digits_multiply(digits, UINT64_C(1) << power);
  else if (power < 0)
    divide(digits, -power);
}

uint64_t icws_digits_round(const struct icws_digits *digits)
{
  if (digits->point < 0 || digits->count == 0)
    return 0;
  size_t whole = (size_t)digits->point; /* digits before the point */
  uint64_t integer = 0;
  for (size_t i = 0; i < whole; i++)
    integer = integer * 10 + (i < digits->count ? digits->digits[i] : 0);
  if (whole >= digits->count || digits->digits[whole] < 5)
    return integer;
  bool half = digits->digits[whole] == 5 && whole + 1 == digits->count && !digits->more;
  return half ? integer + (integer & 1) : integer + 1;
}

void icws_digits_truncate(struct icws_digits *digits, size_t count)
{
  if (digits->count > count)
    digits->count = count;
  icws_digits_trim(digits);
}

void icws_digits_increment(struct icws_digits *digits, size_t last)
{
  for (; digits->count <= last; digits->count++)
    digits->digits[digits->count] = 0;
  for (size_t i = last + 1; i-- > 0;) {
    if (digits->digits[i] < 9) {
      digits->digits[i]++;
      digits->count = i + 1;
      return;
    }
  }
  digits->digits[0] = 1; /* all were nines */
  digits->count = 1;
  digits->point++;
}

int icws_digits_compare(const struct icws_digits *a, const struct icws_digits *b)
{
  if (a->point != b->point)
    return a->point < b->point ? -1 : 1;
  size_t common = a->count < b->count ? a->count : b->count;
  int order = memcmp(a->digits, b->digits, common);
  if (order != 0 || a->count == b->count)
    return order;
  return a->count < b->count ? -1 : 1;
}

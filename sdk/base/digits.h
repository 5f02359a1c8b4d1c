/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_DIGITS_H
#define ICWS_BASE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers as decimal digits, which powers of two multiply and divide exactly: 0.d1 d2 d3 ... times
 * ten to the |point|, not negative.
 *
 * Digits beyond ICWS_DIGITS_MAX are cut off, and |more| remembers that there were some.  That is
 * enough to round to a double: those, and the numbers half-way between two of them, have at most 768
 * digits, also while they are scaled.  Cutting off never takes a number below one of these, nor what
 * is below one up to it; and where it makes a number equal to one, |more| says that it is greater.
 */
#define ICWS_DIGITS_MAX 800

struct icws_digits {
  uint8_t digits[ICWS_DIGITS_MAX]; /* 0 to 9, the first and the last of them not 0 */
  size_t count;                    /* 0: the number is 0 */
  int64_t point;
  bool more;
};

/* icws_digits_set makes |digits| the number |integer|. */
void icws_digits_set(struct icws_digits *digits, uint64_t integer);

/* icws_digits_append makes an integer ten times as much and adds |digit|.  After the last digit
 * comes icws_digits_trim. */
void icws_digits_append(struct icws_digits *digits, unsigned digit);
void icws_digits_trim(struct icws_digits *digits);

/* icws_digits_multiply multiplies by |factor|, not 0 and at most 2^60. */
void icws_digits_multiply(struct icws_digits *digits, uint64_t factor);

/* icws_digits_scale multiplies by two to the |power|. */
void icws_digits_scale(struct icws_digits *digits, int power);

/* icws_digits_round returns the nearest integer, of two the even one, of a number below 2^63. */
uint64_t icws_digits_round(const struct icws_digits *digits);

/* icws_digits_truncate keeps the first |count| digits; icws_digits_increment adds one to the digit
 * at index |last|, the last one that there may be, and carries. */
void icws_digits_truncate(struct icws_digits *digits, size_t count);
void icws_digits_increment(struct icws_digits *digits, size_t last);

/* icws_digits_compare is negative, zero or positive as |a| is less than, equal to, or greater than
 * |b|.  Neither has |more|. */
int icws_digits_compare(const struct icws_digits *a, const struct icws_digits *b);

#endif

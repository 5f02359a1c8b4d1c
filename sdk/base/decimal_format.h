/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_DECIMAL_FORMAT_H
#define ICWS_BASE_DECIMAL_FORMAT_H

#include <stdint.h>

/*
 * A format of IEEE 754: its numbers are an integer below 2^|precision| times a power of two, of which
 * 2^|least| is the smallest.  Positive numbers are ordered as their bits are: those of
 * integer * 2^(least + n) are integer + n * 2^(precision - 1), whether the number is subnormal
 * (n = 0), normal, or has an integer that was rounded up to 2^precision.
 */
struct icws_decimal_format {
  int precision;
  int least;
  uint64_t infinity; /* its bits */
};

extern const struct icws_decimal_format icws_decimal_double;
extern const struct icws_decimal_format icws_decimal_float;

#endif

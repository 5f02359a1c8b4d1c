/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_DECIMAL_H
#define ICWS_BASE_DECIMAL_H

#include <icws/bytes.h>

/*
 * Floating-point numbers and decimal digits, exactly both ways, whatever the locale.
 *
 * Each parse function reads a number as Candid writes it, without a sign: 1, 1., 1.5, 15e-1,
 * 0x1.8p0 with single underscores between digits; the result is the nearest float, ties to even, and
 * infinity beyond the greatest.  False for anything else.
 */
bool icws_decimal_parse_double(struct icws_bytes text, double *value);
bool icws_decimal_parse_float(struct icws_bytes text, float *value);

/* Each appends the fewest digits that are read as |value| again, with a point or an exponent in them:
 * 3.0, 0.5, -1.5e300; or NaN, inf, -inf. */
void icws_decimal_put_double(double value, struct icws_buf *out);
void icws_decimal_put_float(float value, struct icws_buf *out);

#endif

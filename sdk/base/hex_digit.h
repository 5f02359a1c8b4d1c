/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_HEX_DIGIT_H
#define ICWS_BASE_HEX_DIGIT_H

#include <stdint.h>

/* icws_hex_digit returns the value of a hexadecimal digit, of either case; -1 for any other
 * character. */
int icws_hex_digit(uint8_t character);

#endif

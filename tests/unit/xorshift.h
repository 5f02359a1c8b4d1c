/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_XORSHIFT_H
#define ICWS_TESTS_XORSHIFT_H

#include <stdint.h>

/* xorshift_next returns the next of Marsaglia's xorshift64 numbers, which are the same in each run;
 * |state| is a seed other than 0. */
uint64_t xorshift_next(uint64_t *state);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_LEB128_H
#define ICWS_BASE_LEB128_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>

/* LEB128, unsigned and signed: seven bits a byte, the lowest first. */

#define ICWS_LEB128_MAX_BYTES 10 /* of a number of 64 bits */

/* icws_leb128_encode writes the shortest encoding of |value| and returns its length. */
size_t icws_leb128_encode(uint64_t value, uint8_t out[ICWS_LEB128_MAX_BYTES]);

/* Each appends the shortest encoding of |value|. */
void icws_leb128_put(struct icws_buf *buf, uint64_t value);
void icws_sleb128_put(struct icws_buf *buf, int64_t value);

/*
 * Each reads one number at |*offset| of |input| and moves |*offset| behind it.  Encodings longer
 * than the shortest are taken, as Candid has it, up to ICWS_LEB128_MAX_BYTES.  False, and nothing
 * changes, if the input ends within the number, it is longer than that, or it has over 64 bits.
 */
bool icws_leb128_get(struct icws_bytes input, size_t *offset, uint64_t *value);
bool icws_sleb128_get(struct icws_bytes input, size_t *offset, int64_t *value);

/* icws_leb128_skip passes over one number of either kind and of any size; false, and nothing
 * changes, if the input ends within it. */
bool icws_leb128_skip(struct icws_bytes input, size_t *offset);

#endif

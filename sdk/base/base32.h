/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_BASE32_H
#define ICWS_BASE_BASE32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>

/* Base 32 of RFC 4648 in lower case and without padding. */

/* icws_base32_encode writes the text of |bytes| without a NUL and returns its length, which is
 * 8 * len / 5, rounded up. */
size_t icws_base32_encode(struct icws_bytes bytes, char *out);

/* icws_base32_decode reads characters of either case into |out|, which has |capacity| bytes, and
 * stores how many bytes there were.  False for other characters and for text that is too long.
 * Left-over bits are dropped: a strict caller encodes again and compares. */
bool icws_base32_decode(struct icws_bytes text, uint8_t *out, size_t capacity, size_t *len);

#endif

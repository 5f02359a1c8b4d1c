/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DIGEST_H
#define ICWS_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

#define ICWS_SHA256_BYTES 32
#define ICWS_SHA224_BYTES 28

/* SHA-256 of |count| runs of bytes laid end to end.  The layers that know no library are handed a
 * function of this type. */
typedef void icws_sha256_fn(const struct icws_bytes *parts, size_t count,
                            uint8_t out[ICWS_SHA256_BYTES]);

/* icws_sha256 is SHA-256 as FIPS 180-4 defines it; it uses the SHA instructions of the processor
 * where it has them.  icws_sha224 is SHA-224 of one run.  Both are pure and safe in any thread. */
ICWS_EXPORT icws_sha256_fn icws_sha256;
ICWS_EXPORT void icws_sha224(struct icws_bytes bytes, uint8_t out[ICWS_SHA224_BYTES]);

ICWS_END_DECLS

#endif

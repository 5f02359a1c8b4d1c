/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_PEM_H
#define ICWS_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>

/*
 * PEM text in the strict form of RFC 7468: one block, lines of 64 characters but for the last,
 * canonical base64.  Lines end with LF or CR LF; blank space after the block is passed over.
 * Secrets are decoded in constant time and written nowhere but to |out|.
 */

/* icws_pem_has_label tells whether |pem| starts with the BEGIN line of |label|. */
bool icws_pem_has_label(struct icws_bytes pem, const char *label);

/* icws_pem_decode writes what the block of |label| holds to |out|, which has |size| bytes, and its
 * length to |*len|.  Returns ICWS_OK, or ICWS_ERR_PEM; |out| may then hold a part. */
ICWS_NODISCARD enum icws_error icws_pem_decode(struct icws_bytes pem, const char *label,
                                               uint8_t *out, size_t size, size_t *len,
                                               struct icws_failure *failure);

/* icws_pem_encode writes the block and a NUL to |out|, which must be large enough. */
void icws_pem_encode(const char *label, struct icws_bytes bytes, char *out, size_t size);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_PRINCIPAL_H
#define ICWS_PRINCIPAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

#define ICWS_PRINCIPAL_MAX_BYTES 29
#define ICWS_PRINCIPAL_TEXT_BYTES 64 /* 63 characters at most, and the NUL */

/*
 * A principal: who a user, a canister, a node or a subnet is.  0 to 29 bytes; a plain value that is
 * copied by assignment.  Unused bytes are zero, so that two equal principals are equal memory.
 * IC interface specification, "Principals".
 */
struct icws_principal {
  uint8_t len;
  uint8_t bytes[ICWS_PRINCIPAL_MAX_BYTES];
};

/* icws_principal_init sets |principal| to |bytes|.  Returns ICWS_OK, or ICWS_ERR_PRINCIPAL if there
 * are more than 29 (|principal| is unchanged then). */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_principal_init(struct icws_principal *principal,
                                                               struct icws_bytes bytes);

/* icws_principal_anonymous returns the anonymous principal, the single byte 4. */
ICWS_EXPORT struct icws_principal icws_principal_anonymous(void);

/*
 * icws_principal_self_authenticating sets |principal| to the principal of a public key: SHA-224 of
 * the DER-encoded SubjectPublicKeyInfo, then the byte 2.  |der| is not examined.
 * (Lives in the core: SHA-224 is not in sdk/base.)
 */
ICWS_EXPORT void icws_principal_self_authenticating(struct icws_principal *principal,
                                                    struct icws_bytes der);

/*
 * icws_principal_from_text reads the textual form.  Only canonical text is taken, in either case:
 * groups of five characters, no padding, a right CRC-32.  Returns ICWS_OK or ICWS_ERR_PRINCIPAL
 * (|principal| is unchanged then).
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_principal_from_text(struct icws_principal *principal, struct icws_bytes text);

/* icws_principal_to_text writes the textual form and a NUL, and returns the number of characters
 * before the NUL. */
ICWS_EXPORT size_t icws_principal_to_text(const struct icws_principal *principal,
                                          char out[ICWS_PRINCIPAL_TEXT_BYTES]);

/* icws_principal_bytes borrows the bytes for as long as |principal| lives unchanged. */
ICWS_EXPORT struct icws_bytes icws_principal_bytes(const struct icws_principal *principal);

ICWS_EXPORT bool icws_principal_equal(const struct icws_principal *a,
                                      const struct icws_principal *b);

/* icws_principal_compare orders bytewise, a proper prefix first. */
ICWS_EXPORT int icws_principal_compare(const struct icws_principal *a,
                                       const struct icws_principal *b);

ICWS_END_DECLS

#endif

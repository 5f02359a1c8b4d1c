/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_SIGNATURE_H
#define ICWS_SIGNATURE_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>

/* SubjectPublicKeyInfo of Ed25519 (RFC 8410) up to the key itself. */
#define ICWS_ED25519_DER_PREFIX_BYTES 12
extern const uint8_t icws_ed25519_der_prefix[ICWS_ED25519_DER_PREFIX_BYTES];

/*
 * icws_signature_verify verifies |signature| of |message| by the DER-encoded |key|: Ed25519 here,
 * all else by |ecdsa|, which may be NULL.  Returns ICWS_OK, ICWS_ERR_SIGNATURE, ICWS_ERR_KEY (not a
 * key) or ICWS_ERR_UNSUPPORTED (canister signatures, WebAuthn, or no |ecdsa|).  |what| names in
 * |failure| what was signed.
 */
ICWS_NODISCARD enum icws_error
icws_signature_verify(struct icws_bytes key, struct icws_bytes message, struct icws_bytes signature,
                      icws_ecdsa_verify_fn *ecdsa, const char *what, struct icws_failure *failure);

#endif

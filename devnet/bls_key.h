/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_BLS_KEY_H
#define ICWS_DEVNET_BLS_KEY_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/verifier.h>

/*
 * A secret BLS12-381 key that signs as subnets do (IC interface specification, "Certificate"):
 * signatures in G1, public keys in G2.  It lies in locked memory.
 */
struct icws_bls_key;

#define ICWS_BLS_SEED_BYTES 32
#define ICWS_BLS_SIGNATURE_BYTES 48

/*
 * icws_bls_key_new derives a key from |seed|, which the caller wipes, and |purpose|, so that one
 * seed gives several keys.  Returns ICWS_OK or ICWS_ERR_NOMEM (no locked memory).
 * icws_bls_key_del wipes and frees; NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_bls_key_new(const uint8_t seed[ICWS_BLS_SEED_BYTES],
                                                const char *purpose, struct icws_bls_key **key);
void icws_bls_key_del(struct icws_bls_key *key);

/* icws_bls_key_public writes the DER-encoded public key. */
void icws_bls_key_public(const struct icws_bls_key *key, uint8_t out[ICWS_ROOT_KEY_DER_BYTES]);

void icws_bls_key_sign(const struct icws_bls_key *key, struct icws_bytes message,
                       uint8_t out[ICWS_BLS_SIGNATURE_BYTES]);

#endif

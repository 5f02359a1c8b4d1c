/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_PKCS8_H
#define ICWS_PKCS8_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/identity.h>

/*
 * Ed25519 keys as PKCS#8 (RFC 5208; RFC 5958; RFC 8410): version 1 with the seed alone, version 2
 * with the public key as well.
 */

#define ICWS_PKCS8_MAX_BYTES 85
#define ICWS_ED25519_PUBLIC_KEY_BYTES 32

/* |seed| has 32 bytes; |public_key| 32, or none in version 1. */
struct icws_pkcs8 {
  struct icws_bytes seed;
  struct icws_bytes public_key;
};

/*
 * icws_pkcs8_decode reads canonical DER and nothing else; what it finds is borrowed from |der|.  In
 * version 2 the public key may stand as RFC 5958 says ([1] IMPLICIT) or, as most programs write it,
 * explicitly tagged.  That the halves belong together is not checked.  Returns ICWS_OK,
 * ICWS_ERR_DER or ICWS_ERR_KEY (another algorithm).
 */
ICWS_NODISCARD enum icws_error icws_pkcs8_decode(struct icws_bytes der, struct icws_pkcs8 *key,
                                                 struct icws_failure *failure);

/* icws_pkcs8_encode writes the key and returns its length; version 2 gets the explicit tag. */
size_t icws_pkcs8_encode(const uint8_t seed[ICWS_ED25519_SEED_BYTES],
                         const uint8_t public_key[ICWS_ED25519_PUBLIC_KEY_BYTES],
                         enum icws_pkcs8_version version, uint8_t out[ICWS_PKCS8_MAX_BYTES]);

#endif

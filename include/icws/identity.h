/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_IDENTITY_H
#define ICWS_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/principal.h>
#include <icws/random.h>

ICWS_BEGIN_DECLS

#define ICWS_ED25519_SEED_BYTES 32
#define ICWS_ED25519_DER_BYTES 44
#define ICWS_SIGNATURE_BYTES 64 /* Ed25519, and ECDSA on secp256k1 and P-256 as r and s */

/*
 * Who signs, as a session needs to know it: the principal that sends and the DER-encoded
 * SubjectPublicKeyInfo of the key that signs.  The signature itself is pulled from whoever holds
 * the key.  That sender and key belong together is checked where a signer is made, by
 * icws_identity_signer for keys held here.  The bytes are borrowed.
 */
struct icws_signer {
  struct icws_principal sender;
  struct icws_bytes public_key;
};

/*
 * An identity: an Ed25519 key pair whose secret half lies in locked memory that is wiped when the
 * identity is deleted.  Immutable: any number of threads may use one at the same time.
 */
struct icws_identity;

/*
 * icws_identity_new makes a fresh key.  icws_identity_from_seed makes the key of a 32-byte seed
 * (RFC 8032); the caller wipes the seed.  Both store a new identity in |*identity|.  Return
 * ICWS_OK, ICWS_ERR_NOMEM (no locked memory) or ICWS_ERR_RANDOM.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_identity_new(const struct icws_random *random,
                                                             struct icws_identity **identity);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_identity_from_seed(const uint8_t seed[ICWS_ED25519_SEED_BYTES],
                        struct icws_identity **identity);

/* icws_identity_del wipes the secret and frees; NULL is ignored. */
ICWS_EXPORT void icws_identity_del(struct icws_identity *identity);

/*
 * icws_identity_from_pem reads the PEM text of an unencrypted PKCS#8 key: version 1 (RFC 5208), or
 * version 2 (RFC 5958) with the public key in either of the two forms in use, which must belong to
 * the secret one.  Strict: one "PRIVATE KEY" block in lines of 64 characters (RFC 7468), canonical
 * DER, Ed25519, no trailing bytes.
 * Returns ICWS_OK, ICWS_ERR_PEM, ICWS_ERR_DER, ICWS_ERR_KEY (another algorithm, or halves that
 * differ), ICWS_ERR_UNSUPPORTED (encrypted: see icws/keys.h) or ICWS_ERR_NOMEM.
 *
 * icws_identity_from_pkcs8 reads the DER inside.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_identity_from_pem(struct icws_bytes pem,
                                                                  struct icws_identity **identity,
                                                                  struct icws_failure *failure);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_identity_from_pkcs8(struct icws_bytes der,
                                                                    struct icws_identity **identity,
                                                                    struct icws_failure *failure);

enum icws_pkcs8_version {
  ICWS_PKCS8_V1 = 1, /* what OpenSSL 3.0 reads */
  ICWS_PKCS8_V2 = 2, /* with the public key, as icp-cli and the JavaScript agents write it */
};

#define ICWS_IDENTITY_PEM_BYTES 256 /* room for either version and a NUL */

/* icws_identity_to_pem writes the key as PEM text and a NUL.  |out| then holds the secret: it
 * should be locked memory, and the caller wipes it. */
ICWS_EXPORT void icws_identity_to_pem(const struct icws_identity *identity,
                                      enum icws_pkcs8_version version,
                                      char out[ICWS_IDENTITY_PEM_BYTES]);

/* icws_identity_signer returns the signer of |identity|; its bytes live as long as the identity. */
ICWS_EXPORT struct icws_signer icws_identity_signer(const struct icws_identity *identity);

/* icws_identity_sign makes the Ed25519 signature of |message|. */
ICWS_EXPORT void icws_identity_sign(const struct icws_identity *identity, struct icws_bytes message,
                                    uint8_t out[ICWS_SIGNATURE_BYTES]);

ICWS_END_DECLS

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_BLS_H
#define ICWS_CORE_BLS_H

#include <stdbool.h>
#include <stdint.h>

#include <blst.h>

#include <icws/bytes.h>
#include <icws/digest.h>

#include "recency.h"

/*
 * BLS signatures as the Internet Computer makes them: BLS12-381 with keys in G2 and signatures in
 * G1 (ciphersuite BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_).
 *
 * What verifying needs of a fixed key, the lines of its Miller loop, is computed once, when the key
 * is set up.
 */

#define ICWS_BLS_KEY_DER_BYTES 133
#define ICWS_BLS_SIGNATURE_BYTES 48

#define ICWS_BLS_KEY_BYTES 96

struct icws_bls_key {
  blst_fp6 lines[68];
  uint8_t encoding[ICWS_BLS_KEY_BYTES]; /* compressed */
};

/*
 * The lines of the generator of G2, which each verification needs; a count; and the last signatures
 * that were good, each as the SHA-256 of key, signature and message.  These are not verified again:
 * a subnet signs one state for all who ask in a round, and the certificates that they get differ only
 * in what they show of it.
 */
struct icws_bls_engine {
  struct icws_bls_key generator;
  uint64_t verified; /* signatures, good or bad */
  uint8_t good[ICWS_RECENCY_SLOTS][ICWS_SHA256_BYTES];
  struct icws_recency good_recency;
};

void icws_bls_engine_init(struct icws_bls_engine *engine);

/* icws_bls_key_init sets up the key that |der| holds.  False if it is not the one DER encoding of a
 * point of the right subgroup that is not infinity. */
bool icws_bls_key_init(struct icws_bls_key *key, struct icws_bytes der);

/* icws_bls_verify tells whether |signature| is the canonical encoding of the signature on |message|
 * under |key|. */
bool icws_bls_verify(struct icws_bls_engine *engine, const struct icws_bls_key *key,
                     struct icws_bytes message, struct icws_bytes signature);

/* A signature to verify. */
struct icws_bls_signed {
  const struct icws_bls_key *key;
  struct icws_bytes message;
  struct icws_bytes signature;
};

/* icws_bls_verify_both tells whether both signatures are right, for less than verifying each: one
 * final exponentiation serves both.  If it says no, at least one of them is wrong. */
bool icws_bls_verify_both(struct icws_bls_engine *engine, const struct icws_bls_signed *one,
                          const struct icws_bls_signed *other);

#endif

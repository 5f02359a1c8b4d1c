/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_VERIFIER_H
#define ICWS_VERIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/hashtree.h>
#include <icws/mem.h>
#include <icws/principal.h>

ICWS_BEGIN_DECLS

/*
 * Certificates of the Internet Computer and the data they certify (IC interface specification,
 * "Certification").  A verifier holds the root key and, of certificates, trees, subnet delegations
 * and signatures that were good, the last four of each: the same one is verified once. Certificates
 * of one state that show different parts of it have one signature.  That bounds its memory, too,
 * which in the steady state is no longer allocated but reused.
 *
 * Threads: a verifier is used by one thread at a time.  Sessions of one thread share one;
 * different verifiers are independent.
 */
struct icws_verifier;

#define ICWS_ROOT_KEY_DER_BYTES 133
#define ICWS_CERTIFICATE_MAX_AGE_NS UINT64_C(300000000000) /* 5 minutes, either side */

/* How much older than the certificate that it comes with a delegation may be: 30 days.  Subnets get
 * new keys now and then; an old key is not to speak for ever. */
#define ICWS_DELEGATION_MAX_AGE_NS UINT64_C(2592000000000000)

/* Zero in a member means its default. */
struct icws_verifier_config {
  struct icws_bytes root_key;   /* DER, 133 bytes, copied; empty: the key of mainnet */
  uint64_t max_age_ns;          /* ICWS_CERTIFICATE_MAX_AGE_NS */
  size_t max_certificate_bytes; /* 256 KiB */
  size_t max_tree_bytes;        /* 1 MiB */
  size_t max_tree_nodes;        /* 65536, of each tree */
  const struct icws_mem *mem;
};

/* icws_root_key_mainnet returns the DER-encoded root key of mainnet, 133 static bytes. */
ICWS_EXPORT struct icws_bytes icws_root_key_mainnet(void);

/*
 * icws_verifier_new stores a new verifier in |*verifier|.  |config| NULL means all defaults.
 * Returns ICWS_OK, ICWS_ERR_ROOT_KEY (not a DER-encoded BLS12-381 key in the right subgroup) or
 * ICWS_ERR_NOMEM.  icws_verifier_del frees; NULL is ignored.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_verifier_new(const struct icws_verifier_config *config, struct icws_verifier **verifier,
                  struct icws_failure *failure);
ICWS_EXPORT void icws_verifier_del(struct icws_verifier *verifier);

/* A verified certificate.  Borrowed from the verifier until its next call or deletion. */
struct icws_certificate {
  uint64_t time_ns;                 /* /time: the network's clock, ns since 1970 */
  struct icws_principal subnet;     /* who signed: the delegation's subnet, or the root subnet */
  bool delegated;                   /* signed by a subnet under a delegation of the root */
  uint64_t delegation_time_ns;      /* /time of the delegation's certificate; 0 if none */
  const struct icws_hashtree *tree; /* well formed */
};

/*
 * icws_verifier_certificate verifies |encoding| as a certificate that speaks for |canister|: form,
 * tree well formed, BLS signature, at most one level of delegation, canister within the subnet's
 * ranges, /time present, delegation at most 30 days older.  It does not judge the certificate's age:
 * that is icws_verifier_age, or the caller's eyes.  Without a delegation the root subnet signed,
 * which may speak for every canister.
 * Returns ICWS_OK with |*certificate| set, or ICWS_ERR_CERTIFICATE, ICWS_ERR_CERTIFICATE_SIGNATURE,
 * ICWS_ERR_CERTIFICATE_DELEGATION, ICWS_ERR_CERTIFICATE_RANGE, ICWS_ERR_LIMIT, ICWS_ERR_NOMEM.
 *
 * icws_verifier_subnet_certificate does the same for a certificate that speaks for |subnet| itself:
 * signed by that subnet and no other (else ICWS_ERR_CERTIFICATE_RANGE); canister ranges do not
 * matter.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_verifier_certificate(struct icws_verifier *verifier, const struct icws_principal *canister,
                          struct icws_bytes encoding, const struct icws_certificate **certificate,
                          struct icws_failure *failure);

ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_verifier_subnet_certificate(
    struct icws_verifier *verifier, const struct icws_principal *subnet, struct icws_bytes encoding,
    const struct icws_certificate **certificate, struct icws_failure *failure);

/* icws_verifier_age judges a certificate's time against |now_ns|.  Returns ICWS_OK,
 * ICWS_ERR_CERTIFICATE_STALE or ICWS_ERR_CERTIFICATE_FUTURE. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_verifier_age(const struct icws_verifier *verifier,
                                                             uint64_t time_ns, uint64_t now_ns,
                                                             struct icws_failure *failure);

/* What certifies a value: the four fields of a message that a gateway relays. */
struct icws_certified {
  struct icws_bytes key;     /* the label below "websocket" */
  struct icws_bytes content; /* what is certified */
  struct icws_bytes cert;
  struct icws_bytes tree;
};

/*
 * icws_verifier_certified makes checks 1 to 3 of the IC WebSocket protocol except for the age: the
 * certificate as above; |tree| well formed and its root hash equal to the certificate's
 * /canister/<canister>/certified_data; SHA-256 of |content| at ["websocket", key].  Errors: those
 * of icws_verifier_certificate, ICWS_ERR_CERTIFIED_DATA, ICWS_ERR_CONTENT.
 *
 * A (cert, tree) pair that is known costs a comparison of its bytes, one SHA-256 of |content| and a
 * lookup.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_verifier_certified(struct icws_verifier *verifier, const struct icws_principal *canister,
                        const struct icws_certified *certified,
                        const struct icws_certificate **certificate, struct icws_failure *failure);

/* What a verifier has done since it was made. */
struct icws_verifier_stats {
  uint64_t signatures; /* BLS signatures verified, good or bad; without those known to be good */
  uint64_t pair_hits;  /* messages under a known (cert, tree) */
  uint64_t pair_misses;
};

ICWS_EXPORT struct icws_verifier_stats icws_verifier_stats(const struct icws_verifier *verifier);

ICWS_END_DECLS

#endif

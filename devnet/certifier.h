/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CERTIFIER_H
#define ICWS_DEVNET_CERTIFIER_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/principal.h>

#include "devnet/bls_key.h"
#include "devnet/state_tree.h"

/*
 * Certificates of a network with a root subnet, which only delegates, and one subnet below it that
 * runs all canisters, as on mainnet (IC interface specification, "Certification").
 */
struct icws_certifier;

/* The canister ids that the subnet speaks for, both ends included. */
struct icws_canister_range {
  struct icws_principal first;
  struct icws_principal last;
};

/* Which form of the ranges a certificate's delegation reveals. */
enum icws_ranges_form {
  ICWS_RANGES_FLAT,    /* /subnet/<subnet>/canister_ranges */
  ICWS_RANGES_SHARDED, /* /canister_ranges/<subnet>/<first canister> */
};

/*
 * icws_certifier_new derives both keys from |seed|, which the caller wipes, and delegates |range|
 * to the subnet at the time |now_ns|.  Returns ICWS_OK or ICWS_ERR_NOMEM.  icws_certifier_del wipes
 * and frees; NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_certifier_new(const uint8_t seed[ICWS_BLS_SEED_BYTES],
                                                  const struct icws_canister_range *range,
                                                  uint64_t now_ns,
                                                  struct icws_certifier **certifier);
void icws_certifier_del(struct icws_certifier *certifier);

/* icws_certifier_root_key returns the DER-encoded root key; it lives as long as the certifier. */
struct icws_bytes icws_certifier_root_key(const struct icws_certifier *certifier);
struct icws_principal icws_certifier_subnet(const struct icws_certifier *certifier);

/* icws_certifier_delegate renews the delegation as of |now_ns|.  Returns ICWS_OK, or ICWS_ERR_NOMEM
 * with the former one still there. */
ICWS_NODISCARD enum icws_error icws_certifier_delegate(struct icws_certifier *certifier,
                                                       uint64_t now_ns);
uint64_t icws_certifier_delegation_time(const struct icws_certifier *certifier);

/* icws_certifier_put_subnet puts what a state says about the subnet: its key, its type, and its
 * ranges in both forms. */
void icws_certifier_put_subnet(const struct icws_certifier *certifier,
                               struct icws_state_tree *tree);

/* icws_certifier_sign signs the digest of a sealed tree with the subnet's key. */
void icws_certifier_sign(const struct icws_certifier *certifier, const struct icws_state_tree *tree,
                         uint8_t signature[ICWS_BLS_SIGNATURE_BYTES]);

/* icws_certifier_put appends a certificate: the witness of |tree| for |paths|, the |signature| of
 * that tree, and the delegation with its ranges in |form|. */
void icws_certifier_put(const struct icws_certifier *certifier, struct icws_state_tree *tree,
                        const uint8_t signature[ICWS_BLS_SIGNATURE_BYTES],
                        const struct icws_state_path *paths, size_t count,
                        enum icws_ranges_form form, struct icws_buf *out);

#endif

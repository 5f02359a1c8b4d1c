/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_SENDER_DELEGATION_H
#define ICWS_SENDER_DELEGATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/principal.h>

/* The chain in sender_delegation (IC interface specification, "Authentication"). */

/* One link: the key before it in the chain lets |public_key| sign.  Everything is borrowed. */
struct icws_sender_delegation {
  struct icws_bytes public_key;
  uint64_t expiration;
  struct icws_bytes targets; /* the encoded array; empty if every canister is one */
  bool queries_only;
  uint8_t hash[ICWS_SHA256_BYTES]; /* representation-independent, of what is signed */
  struct icws_bytes signature;
};

struct icws_delegation_chain {
  size_t count;
  struct icws_sender_delegation links[ICWS_ENVELOPE_MAX_DELEGATIONS];
};

/* icws_delegation_chain_decode reads |encoding|, an array of links, or nothing for none.  Returns
 * ICWS_OK, ICWS_ERR_CBOR, ICWS_ERR_LIMIT or ICWS_ERR_DELEGATION (too many, or a field is missing or
 * means nothing). */
ICWS_NODISCARD enum icws_error icws_delegation_chain_decode(struct icws_bytes encoding,
                                                            struct icws_delegation_chain *chain,
                                                            struct icws_failure *failure);

/*
 * icws_delegation_chain_covers checks what the links say about |request|: none has expired at
 * |now_ns|, no key occurs twice (|root| included), the targets of each hold the canister of a call
 * or query, and calls are allowed.  Returns ICWS_OK or ICWS_ERR_DELEGATION.
 */
ICWS_NODISCARD enum icws_error
icws_delegation_chain_covers(const struct icws_delegation_chain *chain, struct icws_bytes root,
                             const struct icws_envelope *request, uint64_t now_ns,
                             struct icws_failure *failure);

/* icws_delegation_chain_verify verifies the signatures: the first by |root|, each other by the key
 * before it.  Returns ICWS_OK, ICWS_ERR_DELEGATION, ICWS_ERR_KEY or ICWS_ERR_UNSUPPORTED. */
ICWS_NODISCARD enum icws_error
icws_delegation_chain_verify(const struct icws_delegation_chain *chain, struct icws_bytes root,
                             icws_ecdsa_verify_fn *ecdsa, struct icws_failure *failure);

/* icws_delegation_chain_last returns the key that signs requests: the last one, or |root|. */
struct icws_bytes icws_delegation_chain_last(const struct icws_delegation_chain *chain,
                                             struct icws_bytes root);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_VERIFIER_STATE_H
#define ICWS_CORE_VERIFIER_STATE_H

#include <icws/verifier.h>

#include "bls.h"
#include "certificate.h"
#include "delegation.h"
#include "recency.h"

/* For whom a certificate must be allowed to speak. */
struct icws_scope {
  enum { ICWS_SCOPE_CANISTER, ICWS_SCOPE_SUBNET } type;
  struct icws_principal id;
};

/* A certificate that was verified for |scope|. */
struct icws_known_certificate {
  struct icws_scope scope;
  struct icws_buf encoding;
  struct icws_parsed_certificate parsed; /* borrows from |encoding| */
  struct icws_certificate facts;
};

/* A well-formed tree that some certificate certified, and its digest. */
struct icws_known_tree {
  struct icws_buf encoding;
  struct icws_hashtree tree; /* borrows from |encoding| */
  uint8_t digest[ICWS_SHA256_BYTES];
};

struct icws_verifier {
  struct icws_verifier_config config; /* no zeros left */
  struct icws_bls_engine engine;
  struct icws_bls_key root_key;
  struct icws_principal root_subnet;
  struct icws_verifier_stats stats;

  struct icws_known_certificate certificates[ICWS_RECENCY_SLOTS];
  struct icws_recency certificate_recency;
  struct icws_known_tree trees[ICWS_RECENCY_SLOTS];
  struct icws_recency tree_recency;
  struct icws_subnet_delegation delegations[ICWS_RECENCY_SLOTS];
  struct icws_recency delegation_recency;
};

/* icws_verifier_find_certificate gives the known certificate with these bytes and this scope, or
 * verifies it; |*was_known| says which. */
ICWS_NODISCARD enum icws_error icws_verifier_find_certificate(
    struct icws_verifier *verifier, const struct icws_scope *scope, struct icws_bytes encoding,
    const struct icws_certificate **certificate, bool *was_known, struct icws_failure *failure);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_CERTIFICATE_H
#define ICWS_CORE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/hashtree.h>
#include <icws/mem.h>

#include "bls.h"

/*
 * A certificate taken apart (IC interface specification, "Certification"), which says nothing yet
 * about who signed it.  Borrows from the encoding.
 */
struct icws_parsed_certificate {
  struct icws_hashtree tree; /* well formed */
  uint64_t time_ns;          /* its /time */
  struct icws_bytes signature;
  bool is_delegated;
  struct icws_bytes subnet_id;  /* of the delegation */
  struct icws_bytes delegation; /* the certificate in the delegation */
};

void icws_parsed_certificate_init(struct icws_parsed_certificate *certificate,
                                  const struct icws_mem *mem);
void icws_parsed_certificate_wipe(struct icws_parsed_certificate *certificate);

/* icws_parsed_certificate_decode takes |encoding| apart, reusing the memory of |certificate|.
 * Returns ICWS_OK, ICWS_ERR_CERTIFICATE, ICWS_ERR_LIMIT or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error
icws_parsed_certificate_decode(struct icws_parsed_certificate *certificate,
                               struct icws_bytes encoding, size_t max_nodes,
                               struct icws_failure *failure);

/* icws_parsed_certificate_is_signed_by tells whether |key| signed the tree. */
bool icws_parsed_certificate_is_signed_by(const struct icws_parsed_certificate *certificate,
                                          struct icws_bls_engine *engine,
                                          const struct icws_bls_key *key);

/* icws_parsed_certificates_are_signed_by tells the same of two certificates at once, for less. */
bool icws_parsed_certificates_are_signed_by(const struct icws_parsed_certificate *one,
                                            const struct icws_bls_key *key_of_one,
                                            const struct icws_parsed_certificate *other,
                                            const struct icws_bls_key *key_of_other,
                                            struct icws_bls_engine *engine);

/* icws_fail_as fails with |code| because of |cause|, whose text goes behind |what|.  Limits and lack
 * of memory keep their own codes. */
enum icws_error icws_fail_as(struct icws_failure *failure, enum icws_error code, const char *what,
                             const struct icws_failure *cause);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_DELEGATION_H
#define ICWS_CORE_DELEGATION_H

#include <stddef.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/mem.h>
#include <icws/principal.h>

#include "bls.h"
#include "certificate.h"

/*
 * What the root subnet says about another subnet: its key, and which canisters it may speak for (IC
 * interface specification, "Delegation").  Keeps a copy of what it was verified from.
 */
struct icws_subnet_delegation {
  struct icws_principal subnet;
  struct icws_buf encoding; /* of the delegation's certificate */
  struct icws_parsed_certificate certificate;
  struct icws_bls_key key;
};

void icws_subnet_delegation_init(struct icws_subnet_delegation *delegation,
                                 const struct icws_mem *mem);
void icws_subnet_delegation_wipe(struct icws_subnet_delegation *delegation);

/*
 * icws_subnet_delegation_read makes |delegation| that of |subnet|, by the certificate |encoding|:
 * well formed, not delegated itself, with /time and the subnet's public key.  Nothing is believed of
 * it yet: the signature of the root key is the caller's to verify.  Returns ICWS_OK,
 * ICWS_ERR_CERTIFICATE_DELEGATION, ICWS_ERR_LIMIT or ICWS_ERR_NOMEM; |delegation| holds nothing of
 * use after an error.
 */
ICWS_NODISCARD enum icws_error
icws_subnet_delegation_read(struct icws_subnet_delegation *delegation,
                            const struct icws_principal *subnet, struct icws_bytes encoding,
                            size_t max_nodes, struct icws_failure *failure);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NODE_KEYS_H
#define ICWS_NODE_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/identity.h>
#include <icws/mem.h>
#include <icws/principal.h>
#include <icws/verifier.h>

ICWS_BEGIN_DECLS

/* The Ed25519 keys with which the nodes of a subnet sign answers to queries (IC interface
 * specification, "Request: Query"). */

/* More nodes in a subnet than this is ICWS_ERR_LIMIT. */
#define ICWS_NODE_KEYS_MAX 1024

struct icws_node_key {
  struct icws_principal node;
  uint8_t public_key[ICWS_ED25519_DER_BYTES]; /* DER */
};

/* All members may be read. */
struct icws_node_keys {
  struct icws_node_key *keys;
  size_t count;
  const struct icws_mem *mem;
};

/* icws_node_keys_init makes an empty set; icws_node_keys_wipe frees what is in one, and leaves it
 * empty. */
ICWS_EXPORT void icws_node_keys_init(struct icws_node_keys *keys, const struct icws_mem *mem);
ICWS_EXPORT void icws_node_keys_wipe(struct icws_node_keys *keys);

/*
 * icws_node_keys_read replaces what is in |keys| by a copy of the keys that the verified
 * |certificate| shows of the subnet that signed it; a read_state of the path ["subnet"] gives one.
 * |canister| must be one of the subnet's: of a certificate without delegation, which is the root
 * subnet's, only its own canister ranges can tell.  Returns ICWS_OK, ICWS_ERR_CERTIFICATE (no node,
 * or a key that is none), ICWS_ERR_CERTIFICATE_RANGE, ICWS_ERR_LIMIT or ICWS_ERR_NOMEM; |keys| is
 * empty after an error.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_node_keys_read(struct icws_node_keys *keys, const struct icws_certificate *certificate,
                    const struct icws_principal *canister, struct icws_failure *failure);

/* icws_node_keys_find returns the key of |node|, or no bytes.  Borrowed from |keys|. */
ICWS_EXPORT struct icws_bytes icws_node_keys_find(const struct icws_node_keys *keys,
                                                  const struct icws_principal *node);

ICWS_END_DECLS

#endif

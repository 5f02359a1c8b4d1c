/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/node_keys.h>

#include <string.h>

#include "ranges.h"
#include "signature.h"

void icws_node_keys_init(struct icws_node_keys *keys, const struct icws_mem *mem)
{
  *keys = (struct icws_node_keys){.mem = mem != NULL ? mem : icws_mem_default()};
}

void icws_node_keys_wipe(struct icws_node_keys *keys)
{
  keys->mem->release(keys->keys, keys->mem->user_data);
  icws_node_keys_init(keys, keys->mem);
}

/* The value below the subtree at |at| with the label "public_key". */
static bool find_public_key(const struct icws_hashtree *tree, size_t at, struct icws_bytes *key)
{
  struct icws_bytes label;
  size_t cursor = 0;
  size_t child;
  while (icws_hashtree_next_label(tree, at, &cursor, &label, &child)) {
    if (icws_bytes_equal(label, icws_bytes_text("public_key"))) {
      *key = tree->nodes[child].bytes;
      return tree->nodes[child].type == ICWS_HASHTREE_LEAF;
    }
  }
  return false;
}

static enum icws_error read_key(const struct icws_hashtree *tree, size_t at, struct icws_bytes node,
                                struct icws_node_key *key, struct icws_failure *failure)
{
  struct icws_bytes der;
  if (!find_public_key(tree, at, &der) || der.len != ICWS_ED25519_DER_BYTES ||
      memcmp(der.data, icws_ed25519_der_prefix, ICWS_ED25519_DER_PREFIX_BYTES) != 0 ||
      icws_principal_init(&key->node, node) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE,
                     "node keys: the certificate shows a node without an Ed25519 key");
  memcpy(key->public_key, der.data, sizeof key->public_key);
  return ICWS_OK;
}

static size_t count_labels(const struct icws_hashtree *tree, size_t at)
{
  struct icws_bytes label;
  size_t cursor = 0;
  size_t child;
  size_t count = 0;
  while (icws_hashtree_next_label(tree, at, &cursor, &label, &child))
    count++;
  return count;
}

static enum icws_error read_nodes(struct icws_node_keys *keys, const struct icws_hashtree *tree,
                                  size_t nodes, struct icws_failure *failure)
{
  struct icws_bytes label;
  size_t cursor = 0;
  size_t child;
  size_t count = count_labels(tree, nodes);
  if (count == 0)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE, "node keys: the certificate shows no node");
  if (count > ICWS_NODE_KEYS_MAX)
    return icws_fail(failure, ICWS_ERR_LIMIT, "node keys: %zu nodes, more than %d", count,
                     ICWS_NODE_KEYS_MAX);
  keys->keys = keys->mem->reallocate(NULL, count * sizeof keys->keys[0], keys->mem->user_data);
  if (keys->keys == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "node keys: out of memory");
  while (icws_hashtree_next_label(tree, nodes, &cursor, &label, &child)) {
    enum icws_error error = read_key(tree, child, label, &keys->keys[keys->count], failure);
    if (error != ICWS_OK)
      return error;
    keys->count++;
  }
  return ICWS_OK;
}

/* With a delegation the verifier has checked the ranges.  Without one it let the root subnet speak
 * for every canister, but the root's nodes answer only the queries to the root's own. */
static enum icws_error check_range(const struct icws_certificate *certificate,
                                   const struct icws_principal *canister,
                                   struct icws_failure *failure)
{
  struct icws_failure cause;
  if (certificate->delegated)
    return ICWS_OK;
  if (icws_ranges_check(certificate->tree, &certificate->subnet, canister, &cause) == ICWS_OK)
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_CERTIFICATE_RANGE,
                   "node keys: by its certificate the canister is not of the root subnet");
}

enum icws_error icws_node_keys_read(struct icws_node_keys *keys,
                                    const struct icws_certificate *certificate,
                                    const struct icws_principal *canister,
                                    struct icws_failure *failure)
{
  struct icws_bytes path[] = {icws_bytes_text("subnet"), icws_principal_bytes(&certificate->subnet),
                              icws_bytes_text("node")};
  size_t nodes;
  icws_node_keys_wipe(keys);
  enum icws_error error = check_range(certificate, canister, failure);
  if (error != ICWS_OK)
    return error;
  if (icws_hashtree_lookup_subtree(certificate->tree, path, 3, &nodes) != ICWS_LOOKUP_FOUND)
    return icws_fail(failure, ICWS_ERR_CERTIFICATE,
                     "node keys: the certificate does not show the nodes of its subnet");
  error = read_nodes(keys, certificate->tree, nodes, failure);
  if (error != ICWS_OK)
    icws_node_keys_wipe(keys);
  return error;
}

struct icws_bytes icws_node_keys_find(const struct icws_node_keys *keys,
                                      const struct icws_principal *node)
{
  for (size_t i = 0; i < keys->count; i++)
    if (icws_principal_equal(&keys->keys[i].node, node))
      return icws_bytes_of(keys->keys[i].public_key, sizeof keys->keys[i].public_key);
  return icws_bytes_of(NULL, 0);
}

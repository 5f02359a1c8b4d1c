/* SPDX-License-Identifier: Apache-2.0 */
#include "certified_tree.h"

#include <assert.h>

#include <icws/cbor.h>
#include <icws/hashtree.h>

void icws_certified_tree_init(struct icws_certified_tree *tree, struct icws_bytes label,
                              icws_sha256_fn *sha256)
{
  icws_label_tree_init(&tree->entries);
  tree->label = label;
  tree->sha256 = sha256;
}

/* The recursions below are no deeper than the tree is high. */
static const uint8_t *digest_of(icws_sha256_fn *sha256, struct icws_label_node *node)
{
  if (node->digest_valid)
    return node->digest;
  if (node->height == 0) {
    uint8_t value[ICWS_SHA256_BYTES];
    icws_treehash_leaf(sha256, node->first->value, value);
    icws_treehash_labeled(sha256, node->first->label, value, node->digest);
  } else {
    const uint8_t *left = digest_of(sha256, node->child[0]);
    const uint8_t *right = digest_of(sha256, node->child[1]);
    icws_treehash_fork(sha256, left, right, node->digest);
  }
  node->digest_valid = true;
  return node->digest;
}

void icws_certified_tree_digest(struct icws_certified_tree *tree, uint8_t out[ICWS_SHA256_BYTES])
{
  uint8_t empty[ICWS_SHA256_BYTES];
  const uint8_t *entries = empty;
  if (tree->entries.root == NULL)
    icws_treehash_empty(tree->sha256, empty);
  else
    entries = digest_of(tree->sha256, tree->entries.root);
  icws_treehash_labeled(tree->sha256, tree->label, entries, out);
}

static void put_node_head(struct icws_buf *out, enum icws_hashtree_type type, size_t parts)
{
  icws_cbor_put_array(out, 1 + parts);
  icws_cbor_put_uint(out, type);
}

static void put_pruned(icws_sha256_fn *sha256, struct icws_label_node *node, struct icws_buf *out)
{
  put_node_head(out, ICWS_HASHTREE_PRUNED, 1);
  icws_cbor_put_bytes(out, icws_bytes_of(digest_of(sha256, node), ICWS_SHA256_BYTES));
}

static void put_entry(const struct icws_label_entry *entry, struct icws_buf *out)
{
  put_node_head(out, ICWS_HASHTREE_LABELED, 2);
  icws_cbor_put_bytes(out, entry->label);
  put_node_head(out, ICWS_HASHTREE_LEAF, 1);
  icws_cbor_put_bytes(out, entry->value);
}

/* |node|'s subtree has at least one entry of the range; so has a child of it unless it is pruned
 * here.  What makes one comparison a child enough: |first| and |last| are entries themselves, no
 * subtree that is entered ends before |first|, and none begins after |last|. */
static void put_range(icws_sha256_fn *sha256, struct icws_label_node *node, struct icws_bytes first,
                      struct icws_bytes last, struct icws_buf *out)
{
  if (node->height == 0) {
    put_entry(node->first, out);
    return;
  }
  struct icws_label_node *left = node->child[0];
  struct icws_label_node *right = node->child[1];
  put_node_head(out, ICWS_HASHTREE_FORK, 2);
  if (icws_bytes_compare(first, right->first->label) < 0)
    put_range(sha256, left, first, last, out);
  else
    put_pruned(sha256, left, out);
  if (icws_bytes_compare(right->first->label, last) <= 0)
    put_range(sha256, right, first, last, out);
  else
    put_pruned(sha256, right, out);
}

void icws_certified_tree_put_witness(struct icws_certified_tree *tree,
                                     const struct icws_label_entry *first,
                                     const struct icws_label_entry *last, struct icws_buf *out)
{
  assert(tree->entries.root != NULL && icws_bytes_compare(first->label, last->label) <= 0);
  icws_cbor_put_self_describe(out);
  put_node_head(out, ICWS_HASHTREE_LABELED, 2);
  icws_cbor_put_bytes(out, tree->label);
  put_range(tree->sha256, tree->entries.root, first->label, last->label, out);
}

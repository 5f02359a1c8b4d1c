/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_HASHTREE_H
#define ICWS_HASHTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/mem.h>

ICWS_BEGIN_DECLS

/*
 * Hash trees, which certify parts of a state (IC interface specification, "Certification").
 *
 * A tree is decoded once into a flat array of nodes that borrow their labels and values from the
 * encoding; digest and lookups then run over the array.
 */

/* How far a node may lie below the root: the bound that replicas have, too. */
#define ICWS_HASHTREE_MAX_DEPTH 128

/* Hashes of single nodes, for whoever builds a tree.  Pure; |sha256| is the hash to use. */
ICWS_EXPORT void icws_treehash_empty(icws_sha256_fn *sha256, uint8_t out[ICWS_SHA256_BYTES]);
ICWS_EXPORT void icws_treehash_leaf(icws_sha256_fn *sha256, struct icws_bytes value,
                                    uint8_t out[ICWS_SHA256_BYTES]);
ICWS_EXPORT void icws_treehash_labeled(icws_sha256_fn *sha256, struct icws_bytes label,
                                       const uint8_t child[ICWS_SHA256_BYTES],
                                       uint8_t out[ICWS_SHA256_BYTES]);
ICWS_EXPORT void icws_treehash_fork(icws_sha256_fn *sha256, const uint8_t left[ICWS_SHA256_BYTES],
                                    const uint8_t right[ICWS_SHA256_BYTES],
                                    uint8_t out[ICWS_SHA256_BYTES]);

enum icws_hashtree_type {
  ICWS_HASHTREE_EMPTY = 0,
  ICWS_HASHTREE_FORK = 1,
  ICWS_HASHTREE_LABELED = 2,
  ICWS_HASHTREE_LEAF = 3,
  ICWS_HASHTREE_PRUNED = 4,
};

/* One node.  Nodes lie in preorder: a fork's left child and a labelled node's child come right after
 * it, and a fork's right child where the left one ends. */
struct icws_hashtree_node {
  struct icws_bytes bytes; /* label, value or 32-byte hash; borrowed from the encoding */
  uint32_t end;            /* index one past the last node of this subtree */
  uint8_t type;            /* enum icws_hashtree_type */
};

/* A decoded tree.  All members may be read. */
struct icws_hashtree {
  struct icws_hashtree_node *nodes;
  size_t count;
  size_t capacity;
  const struct icws_mem *mem;
};

/*
 * icws_hashtree_init makes an empty holder; icws_hashtree_wipe frees it.
 *
 * icws_hashtree_decode reads a CBOR-encoded tree (with or without the self-describe tag) into
 * |tree|, reusing its memory, with at most |max_nodes| nodes and a depth of at most
 * ICWS_HASHTREE_MAX_DEPTH.  |encoding| must stay valid and unchanged while the tree is used.
 * Strict: arrays of exactly the node's length, pruned hashes of exactly 32 bytes, no trailing
 * bytes.  Returns ICWS_OK, ICWS_ERR_HASHTREE (malformed), ICWS_ERR_LIMIT or ICWS_ERR_NOMEM; |tree|
 * is empty after an error.
 */
ICWS_EXPORT void icws_hashtree_init(struct icws_hashtree *tree, const struct icws_mem *mem);
ICWS_EXPORT void icws_hashtree_wipe(struct icws_hashtree *tree);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_hashtree_decode(struct icws_hashtree *tree,
                                                                struct icws_bytes encoding,
                                                                size_t max_nodes,
                                                                struct icws_failure *failure);

/* icws_hashtree_digest computes the root hash. |tree| must hold a decoded tree. */
ICWS_EXPORT void icws_hashtree_digest(const struct icws_hashtree *tree,
                                      uint8_t out[ICWS_SHA256_BYTES]);

/* icws_hashtree_well_formed returns ICWS_OK if, in every subtree with its forks flattened, labels
 * strictly increase and no leaf has siblings; otherwise ICWS_ERR_HASHTREE. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_hashtree_well_formed(const struct icws_hashtree *tree, struct icws_failure *failure);

enum icws_lookup {
  ICWS_LOOKUP_FOUND,   /* a value, or a subtree where one was asked for */
  ICWS_LOOKUP_ABSENT,  /* proven not to be there */
  ICWS_LOOKUP_UNKNOWN, /* pruned: it may or may not be there */
  ICWS_LOOKUP_ERROR,   /* the path leads to a node that holds no value */
};

/*
 * icws_hashtree_lookup finds the value at |path|, |count| labels from the root, as the
 * specification's algorithm does.  Only ICWS_LOOKUP_FOUND writes |*value|, which borrows from the
 * encoding.  The tree should be well formed: in others a label may occur twice.
 *
 * icws_hashtree_lookup_subtree finds the node at |path| instead; ICWS_LOOKUP_FOUND writes its
 * index.  It never gives ICWS_LOOKUP_ERROR; at the end of the path a pruned node is
 * ICWS_LOOKUP_UNKNOWN and an empty one ICWS_LOOKUP_ABSENT.
 *
 * icws_hashtree_next_label walks the labelled nodes among the flattened forks of the subtree at
 * index |at|, in order: start with |*cursor| = 0; gives false after the last.  |*child| is the index
 * of what the label holds.
 */
ICWS_EXPORT enum icws_lookup icws_hashtree_lookup(const struct icws_hashtree *tree,
                                                  const struct icws_bytes *path, size_t count,
                                                  struct icws_bytes *value);
ICWS_EXPORT enum icws_lookup icws_hashtree_lookup_subtree(const struct icws_hashtree *tree,
                                                          const struct icws_bytes *path,
                                                          size_t count, size_t *at);
ICWS_EXPORT bool icws_hashtree_next_label(const struct icws_hashtree *tree, size_t at,
                                          size_t *cursor, struct icws_bytes *label, size_t *child);

ICWS_END_DECLS

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CERTIFIED_TREE_H
#define ICWS_CERTIFIED_TREE_H

#include <icws/bytes.h>
#include <icws/digest.h>

#include "label_tree.h"

/*
 * A hash tree (IC interface specification, "Certification") that holds a changing set of values
 * below one common label: the tree { label: { entry's label: entry's value, ... } }.
 *
 * Hashes are computed when they are asked for and kept until something below them changes.  After
 * one insertion or deletion the root costs a number of hashes that is logarithmic in the number of
 * entries, and many changes that lie close together share most of them.
 */
struct icws_certified_tree {
  struct icws_label_tree entries; /* changed by icws_label_tree_insert and icws_label_tree_remove */
  struct icws_bytes label;
  icws_sha256_fn *sha256;
};

/* |label| is borrowed for as long as the tree lives. */
void icws_certified_tree_init(struct icws_certified_tree *tree, struct icws_bytes label,
                              icws_sha256_fn *sha256);

/* icws_certified_tree_digest computes the root hash. */
void icws_certified_tree_digest(struct icws_certified_tree *tree, uint8_t out[ICWS_SHA256_BYTES]);

/*
 * icws_certified_tree_put_witness appends the CBOR encoding of the tree with everything pruned but
 * the entries from |first| to |last|, both included.  Its root hash is that of the tree; a lookup
 * finds each entry of the range, proves the absence of labels between them, and knows nothing of
 * labels outside.  MUST: both are in the tree, |first| not after |last|.
 */
void icws_certified_tree_put_witness(struct icws_certified_tree *tree,
                                     const struct icws_label_entry *first,
                                     const struct icws_label_entry *last, struct icws_buf *out);

#endif

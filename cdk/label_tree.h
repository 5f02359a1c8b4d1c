/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_LABEL_TREE_H
#define ICWS_LABEL_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>

/*
 * A map from labels to whoever embeds an entry, ordered bytewise: a balanced (AVL) tree that has
 * the entries at its leaves, which is the shape of the Internet Computer's hash trees.  Nothing is
 * allocated: an entry brings its leaf, and one fork for the place where it is inserted.
 *
 * The tree with n entries is at most 1.45 * log2(n) + 2 high.
 */
struct icws_label_entry;

struct icws_label_node {
  struct icws_label_node *parent;
  struct icws_label_node *child[2];
  struct icws_label_entry *first; /* the entry with the least label at or below this node */
  unsigned height;                /* 0: a leaf */

  /* For a certified tree: the hash of this subtree.  Any change below makes it invalid. */
  bool digest_valid;
  uint8_t digest[ICWS_SHA256_BYTES];
};

struct icws_label_entry {
  struct icws_bytes label; /* borrowed for as long as the entry is in a tree */
  struct icws_bytes value; /* likewise; for a certified tree */
  struct icws_label_node leaf;
  struct icws_label_node fork; /* height 0: in no use */
};

struct icws_label_tree {
  struct icws_label_node *root;
  size_t count;
};

void icws_label_tree_init(struct icws_label_tree *tree);

/* icws_label_tree_insert sets |entry| up with |label| and |value| and inserts it.  MUST: the label
 * is not in the tree, and the entry in no tree.  icws_label_tree_remove takes an entry out. */
void icws_label_tree_insert(struct icws_label_tree *tree, struct icws_label_entry *entry,
                            struct icws_bytes label, struct icws_bytes value);
void icws_label_tree_remove(struct icws_label_tree *tree, struct icws_label_entry *entry);

/* icws_label_tree_find returns the entry with |label|, or NULL; icws_label_tree_at_least the first
 * one whose label is |label| or comes after it; icws_label_tree_next the one after |entry|. */
struct icws_label_entry *icws_label_tree_find(const struct icws_label_tree *tree,
                                              struct icws_bytes label);
struct icws_label_entry *icws_label_tree_at_least(const struct icws_label_tree *tree,
                                                  struct icws_bytes label);
struct icws_label_entry *icws_label_tree_next(const struct icws_label_entry *entry);

#endif

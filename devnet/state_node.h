/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_STATE_NODE_H
#define ICWS_DEVNET_STATE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devnet/state_tree.h"

/* How much of a node a witness shows. */
enum icws_state_show {
  ICWS_STATE_PRUNED, /* nothing, its label neither */
  ICWS_STATE_LABEL,  /* its label, what it holds pruned */
  ICWS_STATE_INSIDE, /* its label and those of its children that are shown */
  ICWS_STATE_WHOLE,  /* everything */
};

/*
 * A label and what it holds: a value, a branch or children.  The children of a node, sorted by
 * label, become labelled nodes of the hash tree below balanced forks: the children from |low| to
 * |high| are parted in front of the one in the middle.  Each fork parts in front of another child,
 * so that its hash has a place of its own at that child's index.
 */
struct icws_state_node {
  struct icws_bytes label;
  struct icws_bytes value; /* if it is a leaf */
  bool leaf;
  bool has_branch;
  struct icws_state_branch branch; /* instead of children */
  enum icws_state_show show;
  struct icws_state_node **children;
  size_t count;
  size_t capacity;
  uint8_t (*forks)[ICWS_SHA256_BYTES]; /* |count| of them, the first unused */
  uint8_t held[ICWS_SHA256_BYTES];     /* the hash of what the label holds */
  uint8_t labelled[ICWS_SHA256_BYTES]; /* with the label */
};

/* icws_state_node_find returns the index of the child |label|, or the index that it would have with
 * |*found| false. */
size_t icws_state_node_find(const struct icws_state_node *node, struct icws_bytes label,
                            bool *found);

/* icws_state_node_middle returns where the children from |low| to |high| (not included) are
 * parted. */
size_t icws_state_node_middle(size_t low, size_t high);

/* icws_state_tree_root returns the node that holds the whole tree; its label is empty. */
struct icws_state_node *icws_state_tree_root(struct icws_state_tree *tree);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/state_tree.h"

#include <icws/cbor.h>
#include <icws/hashtree.h>

#include "devnet/state_node.h"

static void show(struct icws_state_node *node, enum icws_state_show at_least)
{
  if (node->show < at_least) {
    node->show = at_least;
  }
}

/* Two adjacent labels, one on either side, prove that nothing is between them; at an end one does.
 */
static void show_neighbours(struct icws_state_node *node, size_t at)
{
  if (at > 0) {
    show(node->children[at - 1], ICWS_STATE_LABEL);
  }
  if (at < node->count) {
    show(node->children[at], ICWS_STATE_LABEL);
  }
}

static void mark(struct icws_state_node *node, struct icws_state_path path)
{
  for (size_t i = 0; i < path.count && !node->leaf; i++) {
    show(node, ICWS_STATE_INSIDE);
    if (node->has_branch) {
      node->branch.show(node->branch.self,
                        (struct icws_state_path){path.labels + i, path.count - i});
      return;
    }
    bool found = false;
    size_t at = icws_state_node_find(node, path.labels[i], &found);
    if (!found) {
      show_neighbours(node, at);
      return;
    }
    node = node->children[at];
  }
  show(node, ICWS_STATE_WHOLE);
}

static void unmark(struct icws_state_node *node)
{
  if (node->show == ICWS_STATE_PRUNED) {
    return;
  }
  node->show = ICWS_STATE_PRUNED;
  if (node->has_branch) {
    node->branch.hide(node->branch.self);
  }
  for (size_t i = 0; i < node->count; i++) {
    unmark(node->children[i]);
  }
}

static void put_type(struct icws_buf *out, uint64_t items, enum icws_hashtree_type type)
{
  icws_cbor_put_array(out, items);
  icws_cbor_put_uint(out, type);
}

static void put_pruned(struct icws_buf *out, const uint8_t hash[ICWS_SHA256_BYTES])
{
  put_type(out, 2, ICWS_HASHTREE_PRUNED);
  icws_cbor_put_bytes(out, icws_bytes_of(hash, ICWS_SHA256_BYTES));
}

static bool any_shown(const struct icws_state_node *node, size_t low, size_t high)
{
  for (size_t i = low; i < high; i++) {
    if (node->children[i]->show != ICWS_STATE_PRUNED) {
      return true;
    }
  }
  return false;
}

static void put_held(const struct icws_state_node *node, bool whole, struct icws_buf *out);

static void put_child(const struct icws_state_node *child, bool whole, struct icws_buf *out)
{
  if (!whole && child->show == ICWS_STATE_PRUNED) {
    put_pruned(out, child->labelled);
    return;
  }
  put_type(out, 3, ICWS_HASHTREE_LABELED);
  icws_cbor_put_bytes(out, child->label);
  put_held(child, whole, out);
}

static void put_forks(const struct icws_state_node *node, size_t low, size_t high, bool whole,
                      struct icws_buf *out)
{
  if (high - low == 1) {
    put_child(node->children[low], whole, out);
    return;
  }
  size_t middle = icws_state_node_middle(low, high);
  if (!whole && !any_shown(node, low, high)) {
    put_pruned(out, node->forks[middle]);
    return;
  }
  put_type(out, 3, ICWS_HASHTREE_FORK);
  put_forks(node, low, middle, whole, out);
  put_forks(node, middle, high, whole, out);
}

/* What the label of |node| holds. */
static void put_held(const struct icws_state_node *node, bool whole, struct icws_buf *out)
{
  whole = whole || node->show == ICWS_STATE_WHOLE;
  if (!whole && node->show != ICWS_STATE_INSIDE) {
    put_pruned(out, node->held);
  } else if (node->leaf) {
    put_type(out, 2, ICWS_HASHTREE_LEAF);
    icws_cbor_put_bytes(out, node->value);
  } else if (node->has_branch) {
    node->branch.put(node->branch.self, out);
  } else if (node->count == 0) {
    put_type(out, 1, ICWS_HASHTREE_EMPTY);
  } else {
    put_forks(node, 0, node->count, whole, out);
  }
}

void icws_state_tree_witness(struct icws_state_tree *tree, const struct icws_state_path *paths,
                             size_t count, struct icws_buf *out)
{
  struct icws_state_node *root = icws_state_tree_root(tree);
  for (size_t i = 0; i < count; i++) {
    mark(root, paths[i]);
  }
  put_held(root, false, out);
  unmark(root);
}

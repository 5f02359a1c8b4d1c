/* SPDX-License-Identifier: Apache-2.0 */
#include "label_tree.h"

#include <assert.h>

void icws_label_tree_init(struct icws_label_tree *tree)
{
  *tree = (struct icws_label_tree){.root = NULL};
}

/* Puts |to| where |from| is, as far as the node above knows. */
static void replace(struct icws_label_tree *tree, const struct icws_label_node *from,
                    struct icws_label_node *to)
{
  struct icws_label_node *parent = from->parent;
  if (parent == NULL)
    tree->root = to;
  else
    parent->child[parent->child[1] == from] = to;
  to->parent = parent;
}

static void set_child(struct icws_label_node *fork, int side, struct icws_label_node *child)
{
  fork->child[side] = child;
  child->parent = fork;
}

/* Brings what |fork| says about its subtree up to date with its children. */
static void update(struct icws_label_node *fork)
{
  unsigned left = fork->child[0]->height;
  unsigned right = fork->child[1]->height;
  fork->height = (left > right ? left : right) + 1;
  fork->first = fork->child[0]->first;
  fork->digest_valid = false;
}

/* Lifts the child of |fork| on |side| to its place; returns that child. */
static struct icws_label_node *lift(struct icws_label_tree *tree, struct icws_label_node *fork,
                                    int side)
{
  struct icws_label_node *child = fork->child[side];
  replace(tree, fork, child);
  set_child(fork, side, child->child[!side]);
  set_child(child, !side, fork);
  update(fork);
  update(child);
  return child;
}

/* Restores the balance of |fork|, whose subtrees differ by at most 2 in height; returns the node
 * that is in its place then. */
static struct icws_label_node *balance(struct icws_label_tree *tree, struct icws_label_node *fork)
{
  unsigned left = fork->child[0]->height;
  unsigned right = fork->child[1]->height;
  if (left <= right + 1 && right <= left + 1)
    return fork;
  int high = right > left;
  struct icws_label_node *child = fork->child[high];
  if (child->child[!high]->height > child->child[high]->height)
    lift(tree, child, !high);
  return lift(tree, fork, high);
}

/* All the way up, also where no balance is lost: hashes and first entries change up to the root. */
static void update_upwards(struct icws_label_tree *tree, struct icws_label_node *fork)
{
  while (fork != NULL) {
    update(fork);
    fork = balance(tree, fork)->parent;
  }
}

/* The leaf next to which |label| belongs, on either side.  The tree is not empty. */
static struct icws_label_node *descend(const struct icws_label_tree *tree, struct icws_bytes label)
{
  struct icws_label_node *node = tree->root;
  while (node->height > 0)
    node = node->child[icws_bytes_compare(label, node->child[1]->first->label) >= 0];
  return node;
}

void icws_label_tree_insert(struct icws_label_tree *tree, struct icws_label_entry *entry,
                            struct icws_bytes label, struct icws_bytes value)
{
  *entry = (struct icws_label_entry){.label = label, .value = value, .leaf = {.first = entry}};
  tree->count++;
  if (tree->root == NULL) {
    tree->root = &entry->leaf;
    return;
  }
  struct icws_label_node *beside = descend(tree, label);
  int order = icws_bytes_compare(label, beside->first->label);
  assert(order != 0);
  replace(tree, beside, &entry->fork);
  set_child(&entry->fork, order > 0, &entry->leaf);
  set_child(&entry->fork, order < 0, beside);
  update_upwards(tree, &entry->fork);
}

/* Lets the fork |to| do what |from| does. */
static void move_fork(struct icws_label_tree *tree, const struct icws_label_node *from,
                      struct icws_label_node *to)
{
  *to = *from;
  replace(tree, from, to);
  set_child(to, 0, from->child[0]);
  set_child(to, 1, from->child[1]);
}

/* The fork above the leaf goes with it, but that need not be the entry's own: one belongs to each
 * entry, and one of all is in no use.  So the one that is set free takes over the work of the
 * entry's. */
void icws_label_tree_remove(struct icws_label_tree *tree, struct icws_label_entry *entry)
{
  assert(tree->count > 0);
  tree->count--;
  struct icws_label_node *freed = entry->leaf.parent;
  if (freed == NULL) {
    tree->root = NULL;
    return;
  }
  replace(tree, freed, freed->child[freed->child[0] == &entry->leaf]);
  update_upwards(tree, freed->parent);
  freed->height = 0;
  if (entry->fork.height > 0)
    move_fork(tree, &entry->fork, freed);
}

struct icws_label_entry *icws_label_tree_at_least(const struct icws_label_tree *tree,
                                                  struct icws_bytes label)
{
  if (tree->root == NULL)
    return NULL;
  struct icws_label_entry *entry = descend(tree, label)->first;
  return icws_bytes_compare(entry->label, label) >= 0 ? entry : icws_label_tree_next(entry);
}

struct icws_label_entry *icws_label_tree_find(const struct icws_label_tree *tree,
                                              struct icws_bytes label)
{
  struct icws_label_entry *entry = icws_label_tree_at_least(tree, label);
  return entry != NULL && icws_bytes_equal(entry->label, label) ? entry : NULL;
}

struct icws_label_entry *icws_label_tree_next(const struct icws_label_entry *entry)
{
  const struct icws_label_node *node = &entry->leaf;
  while (node->parent != NULL && node == node->parent->child[1])
    node = node->parent;
  return node->parent != NULL ? node->parent->child[1]->first : NULL;
}

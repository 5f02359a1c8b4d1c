/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/hashtree.h>

#include <assert.h>

/*
 * The specification flattens the forks of a subtree into a list, in which empty nodes vanish.  In
 * preorder that list needs no memory: from |i| on the next element is the first node that is
 * neither, and the one after it starts where its subtree ends.  Gives |end| after the last.
 */
static size_t element_from(const struct icws_hashtree *tree, size_t i, size_t end)
{
  while (i < end &&
         (tree->nodes[i].type == ICWS_HASHTREE_FORK || tree->nodes[i].type == ICWS_HASHTREE_EMPTY))
    i++;
  return i;
}

/* --- Well-formedness -------------------------------------------------------------------------- */

/* Whether labels increase among the elements of the subtree at |at|, and none is a leaf.  A leaf
 * that is the whole subtree is not an element of a list. */
static bool is_ordered(const struct icws_hashtree *tree, size_t at)
{
  const struct icws_hashtree_node *nodes = tree->nodes;
  const struct icws_hashtree_node *previous = NULL;
  size_t end = nodes[at].end;
  if (nodes[at].type == ICWS_HASHTREE_LEAF)
    return true;
  for (size_t i = element_from(tree, at, end); i < end; i = element_from(tree, nodes[i].end, end)) {
    if (nodes[i].type == ICWS_HASHTREE_LEAF)
      return false;
    if (nodes[i].type != ICWS_HASHTREE_LABELED)
      continue;
    if (previous != NULL && icws_bytes_compare(previous->bytes, nodes[i].bytes) >= 0)
      return false;
    previous = &nodes[i];
  }
  return true;
}

enum icws_error icws_hashtree_well_formed(const struct icws_hashtree *tree,
                                          struct icws_failure *failure)
{
  for (size_t i = 0; i < tree->count; i++) {
    bool is_whole = i == 0 || tree->nodes[i - 1].type == ICWS_HASHTREE_LABELED;
    if (is_whole && !is_ordered(tree, i))
      return icws_fail(failure, ICWS_ERR_HASHTREE,
                       "hash tree: labels out of order, or a leaf among others (node %zu)", i);
  }
  return ICWS_OK;
}

/* --- Lookup ----------------------------------------------------------------------------------- */

static bool find_label(const struct icws_hashtree *tree, size_t at, struct icws_bytes label,
                       size_t *child)
{
  const struct icws_hashtree_node *nodes = tree->nodes;
  size_t end = nodes[at].end;
  for (size_t i = element_from(tree, at, end); i < end; i = element_from(tree, nodes[i].end, end)) {
    if (nodes[i].type == ICWS_HASHTREE_LABELED && icws_bytes_equal(nodes[i].bytes, label)) {
      *child = i + 1;
      return true;
    }
  }
  return false;
}

/* Whether the subtree at |at| proves that it does not hold |label|, which is not visible in it: the
 * place where it would be has a visible label or the end of the list on either side. */
static bool proves_absence(const struct icws_hashtree *tree, size_t at, struct icws_bytes label)
{
  const struct icws_hashtree_node *nodes = tree->nodes;
  size_t end = nodes[at].end;
  bool follows = true; /* |label| would come after all so far, and what it follows is visible */
  if (nodes[at].type == ICWS_HASHTREE_LEAF)
    return true;
  for (size_t i = element_from(tree, at, end); i < end; i = element_from(tree, nodes[i].end, end)) {
    if (nodes[i].type != ICWS_HASHTREE_LABELED) {
      follows = false;
    } else if (icws_bytes_compare(nodes[i].bytes, label) < 0) {
      follows = true;
    } else if (follows) {
      return true;
    }
  }
  return follows;
}

/* Follows |path| to a node of any type. */
static enum icws_lookup descend(const struct icws_hashtree *tree, const struct icws_bytes *path,
                                size_t count, size_t *at)
{
  size_t node = 0;
  assert(tree->count > 0);
  for (size_t i = 0; i < count; i++) {
    if (!find_label(tree, node, path[i], &node))
      return proves_absence(tree, node, path[i]) ? ICWS_LOOKUP_ABSENT : ICWS_LOOKUP_UNKNOWN;
  }
  *at = node;
  return ICWS_LOOKUP_FOUND;
}

enum icws_lookup icws_hashtree_lookup(const struct icws_hashtree *tree,
                                      const struct icws_bytes *path, size_t count,
                                      struct icws_bytes *value)
{
  size_t at;
  enum icws_lookup result = icws_hashtree_lookup_subtree(tree, path, count, &at);
  if (result != ICWS_LOOKUP_FOUND)
    return result;
  if (tree->nodes[at].type != ICWS_HASHTREE_LEAF)
    return ICWS_LOOKUP_ERROR;
  *value = tree->nodes[at].bytes;
  return ICWS_LOOKUP_FOUND;
}

enum icws_lookup icws_hashtree_lookup_subtree(const struct icws_hashtree *tree,
                                              const struct icws_bytes *path, size_t count,
                                              size_t *at)
{
  size_t node;
  enum icws_lookup result = descend(tree, path, count, &node);
  if (result != ICWS_LOOKUP_FOUND)
    return result;
  if (tree->nodes[node].type == ICWS_HASHTREE_EMPTY)
    return ICWS_LOOKUP_ABSENT;
  if (tree->nodes[node].type == ICWS_HASHTREE_PRUNED)
    return ICWS_LOOKUP_UNKNOWN;
  *at = node;
  return ICWS_LOOKUP_FOUND;
}

bool icws_hashtree_next_label(const struct icws_hashtree *tree, size_t at, size_t *cursor,
                              struct icws_bytes *label, size_t *child)
{
  size_t end = tree->nodes[at].end;
  size_t i = element_from(tree, *cursor == 0 ? at : *cursor, end);
  while (i < end && tree->nodes[i].type != ICWS_HASHTREE_LABELED)
    i = element_from(tree, tree->nodes[i].end, end);
  if (i >= end) {
    *cursor = end;
    return false;
  }
  *label = tree->nodes[i].bytes;
  *child = i + 1;
  *cursor = tree->nodes[i].end;
  return true;
}

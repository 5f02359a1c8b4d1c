/* SPDX-License-Identifier: Apache-2.0 */
#include "leaves.h"

#include "state_label.h"

/* Where a walk is. */
struct walk {
  const struct icws_hashtree *tree;
  struct icws_buf path;
  icws_leaf_fn *visit;
  void *user_data;
};

/* What is above a label ends before the slash in front of it. */
static void put_label(struct icws_buf *path, struct icws_bytes label)
{
  struct icws_buf word;
  icws_buf_init(&word, 0, NULL);
  icws_state_label_put(icws_buf_bytes(path), label, &word);
  icws_buf_put_u8(path, '/');
  icws_buf_put(path, word.data, word.len);
  if (icws_buf_error(&word) != ICWS_OK)
    icws_buf_fail(path, icws_buf_error(&word));
  icws_buf_wipe(&word);
}

static bool visit_leaf(struct walk *walk, const struct icws_hashtree_node *node)
{
  size_t length = walk->path.len;
  icws_buf_put_u8(&walk->path, '\0');
  if (icws_buf_error(&walk->path) != ICWS_OK)
    return false;
  bool go_on = walk->visit((const char *)walk->path.data, node->bytes, walk->user_data);
  walk->path.len = length;
  return go_on;
}

/* No deeper than a tree that was decoded is. */
static bool walk_from(struct walk *walk, size_t at)
{
  struct icws_bytes label;
  size_t child;
  size_t cursor = 0;
  size_t length = walk->path.len;
  if (walk->tree->nodes[at].type == ICWS_HASHTREE_LEAF)
    return visit_leaf(walk, &walk->tree->nodes[at]);
  while (icws_hashtree_next_label(walk->tree, at, &cursor, &label, &child)) {
    put_label(&walk->path, label);
    bool go_on = walk_from(walk, child);
    if (!go_on)
      return false;
    walk->path.len = length;
  }
  return true;
}

bool icws_leaves_walk_below(const struct icws_hashtree *tree, size_t at, const char *path,
                            icws_leaf_fn *visit, void *user_data)
{
  struct walk walk = {.tree = tree, .visit = visit, .user_data = user_data};
  icws_buf_init(&walk.path, 0, NULL);
  icws_buf_put_text(&walk.path, path);
  bool done = walk_from(&walk, at);
  icws_buf_wipe(&walk.path);
  return done;
}

bool icws_leaves_walk(const struct icws_hashtree *tree, icws_leaf_fn *visit, void *user_data)
{
  return tree->count == 0 || icws_leaves_walk_below(tree, 0, "", visit, user_data);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "leaves.h"

#include <stdio.h>
#include <string.h>

#include <icws/principal.h>

/* Where a walk is. */
struct walk {
  const struct icws_hashtree *tree;
  struct icws_buf path;
  icws_leaf_fn *visit;
  void *user_data;
};

static bool is_printable(struct icws_bytes label)
{
  for (size_t i = 0; i < label.len; i++)
    if (label.data[i] <= ' ' || label.data[i] > '~' || label.data[i] == '/')
      return false;
  return label.len > 0;
}

/* /canister/<id> and the like, in the state tree of the Internet Computer. */
static bool names_principals(struct icws_bytes path)
{
  static const char *const parents[] = {"/canister", "/subnet", "/canister_ranges"};
  for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
    if (icws_bytes_equal(path, icws_bytes_text(parents[i])))
      return true;
  return false;
}

static void put_principal(struct icws_buf *path, const struct icws_principal *principal)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  size_t length = icws_principal_to_text(principal, text);
  icws_buf_put(path, text, length);
}

static void put_label(struct icws_buf *path, struct icws_bytes label)
{
  struct icws_principal principal;
  bool is_principal =
      names_principals(icws_buf_bytes(path)) && icws_principal_init(&principal, label) == ICWS_OK;
  icws_buf_put_u8(path, '/');
  if (is_principal) {
    put_principal(path, &principal);
  } else if (is_printable(label)) {
    icws_buf_put(path, label.data, label.len);
  } else {
    icws_buf_put(path, "0x", 2);
    for (size_t i = 0; i < label.len; i++) {
      char digits[3];
      snprintf(digits, sizeof(digits), "%02x", label.data[i]);
      icws_buf_put(path, digits, 2);
    }
  }
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

bool icws_leaves_walk(const struct icws_hashtree *tree, icws_leaf_fn *visit, void *user_data)
{
  struct walk walk = {.tree = tree, .visit = visit, .user_data = user_data};
  icws_buf_init(&walk.path, 0, NULL);
  bool done = tree->count == 0 || walk_from(&walk, 0);
  icws_buf_wipe(&walk.path);
  return done;
}

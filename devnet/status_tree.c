/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/status_tree.h"

#include <stddef.h>
#include <string.h>

#include <icws/cbor.h>
#include <icws/hashtree.h>

#define MAX_FIELDS 4

struct field {
  const char *label;
  struct icws_bytes value;
};

/* --- One call ---------------------------------------------------------------------------------- */

static struct icws_ingress *ingress_of(const struct icws_label_entry *entry)
{
  /* NOLINTNEXTLINE: the entry is a member of it */
  return (struct icws_ingress *)((uintptr_t)entry - offsetof(struct icws_ingress, entry));
}

/* What is below the request id, sorted by label: two fields or four.  |code| keeps the reject code,
 * which is LEB128 and less than 128. */
static size_t collect(const struct icws_ingress *ingress, uint8_t *code,
                      struct field fields[MAX_FIELDS])
{
  if (ingress->state == ICWS_INGRESS_REPLIED) {
    fields[0] = (struct field){"reply", ingress->outcome};
    fields[1] = (struct field){"status", icws_bytes_text("replied")};
    return 2;
  }
  *code = (uint8_t)ingress->reject_code;
  fields[0] = (struct field){"error_code", icws_bytes_text(ingress->error_code)};
  fields[1] = (struct field){"reject_code", icws_bytes_of(code, 1)};
  fields[2] = (struct field){"reject_message", ingress->outcome};
  fields[3] = (struct field){"status", icws_bytes_text("rejected")};
  return 4;
}

static void hash_fields(const struct field *fields, size_t count, uint8_t out[ICWS_SHA256_BYTES])
{
  uint8_t left[ICWS_SHA256_BYTES];
  uint8_t right[ICWS_SHA256_BYTES];
  if (count == 1) {
    icws_treehash_leaf(icws_sha256, fields->value, left);
    icws_treehash_labeled(icws_sha256, icws_bytes_text(fields->label), left, out);
    return;
  }
  hash_fields(fields, count / 2, left);
  hash_fields(fields + count / 2, count / 2, right);
  icws_treehash_fork(icws_sha256, left, right, out);
}

static void put_type(struct icws_buf *out, uint64_t items, enum icws_hashtree_type type)
{
  icws_cbor_put_array(out, items);
  icws_cbor_put_uint(out, type);
}

static void put_pruned(const uint8_t hash[ICWS_SHA256_BYTES], struct icws_buf *out)
{
  put_type(out, 2, ICWS_HASHTREE_PRUNED);
  icws_cbor_put_bytes(out, icws_bytes_of(hash, ICWS_SHA256_BYTES));
}

static void put_fields(const struct field *fields, size_t count, struct icws_buf *out)
{
  if (count == 1) {
    put_type(out, 3, ICWS_HASHTREE_LABELED);
    icws_cbor_put_bytes(out, icws_bytes_text(fields->label));
    put_type(out, 2, ICWS_HASHTREE_LEAF);
    icws_cbor_put_bytes(out, fields->value);
    return;
  }
  put_type(out, 3, ICWS_HASHTREE_FORK);
  put_fields(fields, count / 2, out);
  put_fields(fields + count / 2, count / 2, out);
}

/* --- The tree ---------------------------------------------------------------------------------- */

void icws_status_tree_init(struct icws_status_tree *tree)
{
  icws_label_tree_init(&tree->entries);
  tree->shown = NULL;
}

void icws_status_tree_insert(struct icws_status_tree *tree, struct icws_ingress *ingress)
{
  icws_label_tree_insert(&tree->entries, &ingress->entry,
                         icws_bytes_of(ingress->request_id, ICWS_REQUEST_ID_BYTES),
                         icws_bytes_of(NULL, 0));
}

void icws_status_tree_remove(struct icws_status_tree *tree, struct icws_ingress *ingress)
{
  icws_label_tree_remove(&tree->entries, &ingress->entry);
}

/* The recursions are as deep as the tree is high. */
static const uint8_t *digest_of(struct icws_label_node *node)
{
  if (node->digest_valid) {
    return node->digest;
  }
  if (node->height == 0) {
    struct field fields[MAX_FIELDS];
    uint8_t code;
    uint8_t held[ICWS_SHA256_BYTES];
    size_t count = collect(ingress_of(node->first), &code, fields);
    hash_fields(fields, count, held);
    icws_treehash_labeled(icws_sha256, node->first->label, held, node->digest);
  } else {
    icws_treehash_fork(icws_sha256, digest_of(node->child[0]), digest_of(node->child[1]),
                       node->digest);
  }
  node->digest_valid = true;
  return node->digest;
}

static void branch_digest(void *self, uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_status_tree *tree = self;
  if (tree->entries.root == NULL) {
    icws_treehash_empty(icws_sha256, out);
  } else {
    memcpy(out, digest_of(tree->entries.root), ICWS_SHA256_BYTES);
  }
}

static void show(struct icws_status_tree *tree, const struct icws_label_entry *entry, bool whole)
{
  if (entry == NULL) {
    return;
  }
  struct icws_ingress *ingress = ingress_of(entry);
  ingress->shown_whole = ingress->shown_whole || whole;
  if (ingress->shown) {
    return;
  }
  ingress->shown = true;
  struct icws_ingress **link = &tree->shown;
  while (*link != NULL && icws_bytes_compare((*link)->entry.label, entry->label) < 0) {
    link = &(*link)->next_shown;
  }
  ingress->next_shown = *link;
  *link = ingress;
}

/* The entry with the greatest label below |label|, or NULL. */
static const struct icws_label_entry *before(const struct icws_status_tree *tree,
                                             struct icws_bytes label)
{
  const struct icws_label_node *node = tree->entries.root;
  const struct icws_label_entry *found = NULL;
  while (node != NULL && node->height > 0) {
    bool right = icws_bytes_compare(node->child[1]->first->label, label) < 0;
    node = node->child[right ? 1 : 0];
  }
  if (node != NULL && icws_bytes_compare(node->first->label, label) < 0) {
    found = node->first;
  }
  return found;
}

/* A call that is not there is proven absent by its neighbours' labels. */
static void branch_show(void *self, struct icws_state_path path)
{
  struct icws_status_tree *tree = self;
  const struct icws_label_entry *entry = icws_label_tree_find(&tree->entries, path.labels[0]);
  if (entry != NULL) {
    show(tree, entry, true);
    return;
  }
  show(tree, before(tree, path.labels[0]), false);
  show(tree, icws_label_tree_at_least(&tree->entries, path.labels[0]), false);
}

static void put_entry(struct icws_label_node *node, struct icws_buf *out)
{
  const struct icws_ingress *ingress = ingress_of(node->first);
  struct field fields[MAX_FIELDS];
  uint8_t code;
  size_t count = collect(ingress, &code, fields);
  put_type(out, 3, ICWS_HASHTREE_LABELED);
  icws_cbor_put_bytes(out, node->first->label);
  if (ingress->shown_whole) {
    put_fields(fields, count, out);
  } else {
    uint8_t held[ICWS_SHA256_BYTES];
    hash_fields(fields, count, held);
    put_pruned(held, out);
  }
}

/* |*next| is the first call to be shown that has not been yet, |end| the first label behind |node|,
 * or NULL. */
static void put_node(struct icws_label_node *node, const struct icws_bytes *end,
                     const struct icws_ingress **next, struct icws_buf *out)
{
  if (*next == NULL || (end != NULL && icws_bytes_compare((*next)->entry.label, *end) >= 0)) {
    put_pruned(digest_of(node), out);
  } else if (node->height == 0) {
    put_entry(node, out);
    *next = (*next)->next_shown;
  } else {
    put_type(out, 3, ICWS_HASHTREE_FORK);
    put_node(node->child[0], &node->child[1]->first->label, next, out);
    put_node(node->child[1], end, next, out);
  }
}

static void branch_put(void *self, struct icws_buf *out)
{
  struct icws_status_tree *tree = self;
  const struct icws_ingress *next = tree->shown;
  if (tree->entries.root == NULL) {
    put_type(out, 1, ICWS_HASHTREE_EMPTY);
  } else {
    put_node(tree->entries.root, NULL, &next, out);
  }
}

static void branch_hide(void *self)
{
  struct icws_status_tree *tree = self;
  while (tree->shown != NULL) {
    struct icws_ingress *ingress = tree->shown;
    tree->shown = ingress->next_shown;
    ingress->shown = false;
    ingress->shown_whole = false;
  }
}

struct icws_state_branch icws_status_tree_branch(struct icws_status_tree *tree)
{
  return (struct icws_state_branch){.self = tree,
                                    .digest = branch_digest,
                                    .show = branch_show,
                                    .put = branch_put,
                                    .hide = branch_hide};
}

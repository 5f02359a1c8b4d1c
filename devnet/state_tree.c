/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/state_tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <icws/hashtree.h>

#include "devnet/state_node.h"

#define BLOCK_BYTES 16384

/* Nodes, labels, values and hashes lie in blocks that are freed together. */
struct block {
  struct block *next;
  size_t used;
  size_t size;
  _Alignas(max_align_t) uint8_t bytes[];
};

struct icws_state_tree {
  struct block *blocks;
  struct icws_state_node root;
  enum icws_error error;
  bool sealed;
};

static void fail(struct icws_state_tree *tree, enum icws_error error)
{
  if (tree->error == ICWS_OK) {
    tree->error = error;
  }
}

static struct block *add_block(struct icws_state_tree *tree, size_t size)
{
  struct block *block = calloc(1, sizeof *block + size);
  if (block == NULL) {
    fail(tree, ICWS_ERR_NOMEM);
    return NULL;
  }
  block->size = size;
  block->next = tree->blocks;
  tree->blocks = block;
  return block;
}

/* Zeroed memory that lives as long as the tree; NULL after a failure. */
static void *allocate(struct icws_state_tree *tree, size_t size)
{
  const size_t align = _Alignof(max_align_t);
  size = (size + align - 1) / align * align;
  struct block *block = tree->blocks;
  if (block == NULL || block->size - block->used < size) {
    block = add_block(tree, size > BLOCK_BYTES ? size : BLOCK_BYTES);
    if (block == NULL) {
      return NULL;
    }
  }
  void *memory = block->bytes + block->used;
  block->used += size;
  return memory;
}

static struct icws_bytes copy(struct icws_state_tree *tree, struct icws_bytes bytes)
{
  uint8_t *memory = bytes.len == 0 ? NULL : allocate(tree, bytes.len);
  if (memory == NULL) {
    return icws_bytes_of(NULL, 0);
  }
  memcpy(memory, bytes.data, bytes.len);
  return icws_bytes_of(memory, bytes.len);
}

struct icws_state_tree *icws_state_tree_new(void)
{
  return calloc(1, sizeof(struct icws_state_tree));
}

void icws_state_tree_del(struct icws_state_tree *tree)
{
  if (tree == NULL) {
    return;
  }
  while (tree->blocks != NULL) {
    struct block *next = tree->blocks->next;
    free(tree->blocks);
    tree->blocks = next;
  }
  free(tree);
}

struct icws_state_node *icws_state_tree_root(struct icws_state_tree *tree)
{
  return &tree->root;
}

size_t icws_state_node_find(const struct icws_state_node *node, struct icws_bytes label,
                            bool *found)
{
  size_t low = 0;
  size_t high = node->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = icws_bytes_compare(node->children[middle]->label, label);
    if (order == 0) {
      *found = true;
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  *found = false;
  return low;
}

size_t icws_state_node_middle(size_t low, size_t high)
{
  return low + (high - low) / 2;
}

/* Doubling leaves the outgrown arrays in the arena: less than what is used in the end. */
static bool make_room(struct icws_state_tree *tree, struct icws_state_node *node)
{
  if (node->count < node->capacity) {
    return true;
  }
  size_t capacity = node->capacity == 0 ? 4 : 2 * node->capacity;
  struct icws_state_node **children = allocate(tree, capacity * sizeof *children);
  if (children == NULL) {
    return false;
  }
  if (node->count > 0) {
    memcpy(children, node->children, node->count * sizeof *children);
  }
  node->children = children;
  node->capacity = capacity;
  return true;
}

/* The child |label| of |node|, made if it is not there; NULL after a failure. */
static struct icws_state_node *descend(struct icws_state_tree *tree, struct icws_state_node *node,
                                       struct icws_bytes label)
{
  bool found = false;
  size_t at = icws_state_node_find(node, label, &found);
  if (found) {
    return node->children[at];
  }
  struct icws_state_node *child = allocate(tree, sizeof *child);
  if (child == NULL || !make_room(tree, node)) {
    return NULL;
  }
  child->label = copy(tree, label);
  memmove(&node->children[at + 1], &node->children[at],
          (node->count - at) * sizeof(struct icws_state_node *));
  node->children[at] = child;
  node->count++;
  return child;
}

void icws_state_tree_put(struct icws_state_tree *tree, struct icws_state_path path,
                         struct icws_bytes value)
{
  assert(!tree->sealed && path.count > 0);
  struct icws_state_node *node = &tree->root;
  for (size_t i = 0; i < path.count; i++) {
    if (node->leaf || node->has_branch) {
      fail(tree, ICWS_ERR_INVALID_ARGUMENT);
      return;
    }
    node = descend(tree, node, path.labels[i]);
    if (node == NULL) {
      return;
    }
  }
  if (node->leaf || node->has_branch || node->count > 0) {
    fail(tree, ICWS_ERR_INVALID_ARGUMENT);
    return;
  }
  node->leaf = true;
  node->value = copy(tree, value);
}

void icws_state_tree_put_nat(struct icws_state_tree *tree, struct icws_state_path path,
                             uint64_t value)
{
  uint8_t leb128[10];
  size_t len = 0;
  for (; value >= 0x80; value >>= 7) {
    leb128[len++] = (uint8_t)(value | 0x80);
  }
  leb128[len++] = (uint8_t)value;
  icws_state_tree_put(tree, path, icws_bytes_of(leb128, len));
}

void icws_state_tree_hang(struct icws_state_tree *tree, struct icws_bytes label,
                          const struct icws_state_branch *branch)
{
  assert(!tree->sealed);
  struct icws_state_node *node = descend(tree, &tree->root, label);
  if (node == NULL) {
    return;
  }
  if (node->leaf || node->has_branch || node->count > 0) {
    fail(tree, ICWS_ERR_INVALID_ARGUMENT);
    return;
  }
  node->has_branch = true;
  node->branch = *branch;
}

/* Hashes the forks over some children of |node| into |out|; the children are hashed already. */
static void hash_forks(struct icws_state_node *node, size_t low, size_t high,
                       uint8_t out[ICWS_SHA256_BYTES])
{
  if (high - low == 1) {
    memcpy(out, node->children[low]->labelled, ICWS_SHA256_BYTES);
    return;
  }
  size_t middle = icws_state_node_middle(low, high);
  uint8_t left[ICWS_SHA256_BYTES];
  uint8_t right[ICWS_SHA256_BYTES];
  hash_forks(node, low, middle, left);
  hash_forks(node, middle, high, right);
  icws_treehash_fork(icws_sha256, left, right, node->forks[middle]);
  memcpy(out, node->forks[middle], ICWS_SHA256_BYTES);
}

/* Hashes |node| and all below it.  The depth is that of the paths, which our own code chose. */
static void hash_node(struct icws_state_tree *tree, struct icws_state_node *node)
{
  if (node->leaf) {
    icws_treehash_leaf(icws_sha256, node->value, node->held);
  } else if (node->has_branch) {
    node->branch.digest(node->branch.self, node->held);
  } else if (node->count == 0) {
    icws_treehash_empty(icws_sha256, node->held);
  } else {
    node->forks = allocate(tree, node->count * sizeof *node->forks);
    if (node->forks == NULL) {
      return;
    }
    for (size_t i = 0; i < node->count; i++) {
      hash_node(tree, node->children[i]);
    }
    hash_forks(node, 0, node->count, node->held);
  }
  icws_treehash_labeled(icws_sha256, node->label, node->held, node->labelled);
}

enum icws_error icws_state_tree_seal(struct icws_state_tree *tree)
{
  assert(!tree->sealed);
  if (tree->error == ICWS_OK) {
    hash_node(tree, &tree->root);
  }
  tree->sealed = tree->error == ICWS_OK;
  return tree->error;
}

void icws_state_tree_digest(const struct icws_state_tree *tree, uint8_t out[ICWS_SHA256_BYTES])
{
  assert(tree->sealed);
  memcpy(out, tree->root.held, ICWS_SHA256_BYTES);
}

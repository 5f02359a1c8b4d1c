/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/hashtree.h>

#include <assert.h>
#include <string.h>

/*
 * The digest of a node needs those of its children, which come after it in preorder.  So the nodes
 * are taken from last to first: the digests of a node's children are then the topmost of those that
 * wait, the left one above the right one.  At most one waits for each fork above, and the node's
 * own.
 */
struct digest_stack {
  uint8_t digests[ICWS_HASHTREE_MAX_DEPTH + 1][ICWS_SHA256_BYTES];
  size_t count;
};

/* The digest stays readable until the next push. */
static const uint8_t *pop(struct digest_stack *stack)
{
  assert(stack->count > 0);
  return stack->digests[--stack->count];
}

static void push(struct digest_stack *stack, const uint8_t digest[ICWS_SHA256_BYTES])
{
  assert(stack->count <= ICWS_HASHTREE_MAX_DEPTH);
  memcpy(stack->digests[stack->count++], digest, ICWS_SHA256_BYTES);
}

static void digest_node(const struct icws_hashtree_node *node, struct digest_stack *stack)
{
  uint8_t digest[ICWS_SHA256_BYTES];
  const uint8_t *left;
  switch ((enum icws_hashtree_type)node->type) {
  case ICWS_HASHTREE_EMPTY:
    icws_treehash_empty(icws_sha256, digest);
    break;
  case ICWS_HASHTREE_FORK:
    left = pop(stack);
    icws_treehash_fork(icws_sha256, left, pop(stack), digest);
    break;
  case ICWS_HASHTREE_LABELED:
    icws_treehash_labeled(icws_sha256, node->bytes, pop(stack), digest);
    break;
  case ICWS_HASHTREE_LEAF:
    icws_treehash_leaf(icws_sha256, node->bytes, digest);
    break;
  case ICWS_HASHTREE_PRUNED:
    memcpy(digest, node->bytes.data, ICWS_SHA256_BYTES);
    break;
  }
  push(stack, digest);
}

void icws_hashtree_digest(const struct icws_hashtree *tree, uint8_t out[ICWS_SHA256_BYTES])
{
  struct digest_stack stack;
  stack.count = 0;
  assert(tree->count > 0);
  for (size_t i = tree->count; i > 0; i--)
    digest_node(&tree->nodes[i - 1], &stack);
  memcpy(out, pop(&stack), ICWS_SHA256_BYTES);
  assert(stack.count == 0);
}

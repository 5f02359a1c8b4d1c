/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Any bytes as a hash tree.  What decodes has a sound array of nodes and one digest; what lookups
 * find lies within the input; and every visible label of a well-formed tree is found, while one that
 * is not there is not.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/hashtree.h>

#define MAX_NODES 4096

static void require(bool condition)
{
  if (!condition)
    abort();
}

static void check_nodes(const struct icws_hashtree *tree, struct icws_bytes input)
{
  require(tree->count > 0 && tree->count <= MAX_NODES && tree->nodes[0].end == tree->count);
  for (size_t i = 0; i < tree->count; i++) {
    const struct icws_hashtree_node *node = &tree->nodes[i];
    require(node->type <= ICWS_HASHTREE_PRUNED && node->end > i && node->end <= tree->count);
    if (node->type == ICWS_HASHTREE_FORK)
      require(tree->nodes[tree->nodes[i + 1].end].end == node->end);
    if (node->type == ICWS_HASHTREE_LABELED)
      require(tree->nodes[i + 1].end == node->end);
    if (node->bytes.len > 0)
      require(node->bytes.data >= input.data &&
              node->bytes.data + node->bytes.len <= input.data + input.len);
  }
}

static void check_digest(const struct icws_hashtree *tree, struct icws_bytes input)
{
  uint8_t digest[ICWS_SHA256_BYTES];
  uint8_t again[ICWS_SHA256_BYTES];
  struct icws_hashtree other;
  icws_hashtree_digest(tree, digest);
  icws_hashtree_init(&other, NULL);
  require(icws_hashtree_decode(&other, input, MAX_NODES, NULL) == ICWS_OK);
  icws_hashtree_digest(&other, again);
  require(memcmp(digest, again, sizeof digest) == 0);
  icws_hashtree_wipe(&other);
}

/* The labels at the top, which in a well-formed tree increase. */
static void check_labels(const struct icws_hashtree *tree)
{
  struct icws_bytes label;
  struct icws_bytes previous = {.data = NULL, .len = 0};
  size_t cursor = 0;
  size_t child;
  size_t seen = 0;
  while (icws_hashtree_next_label(tree, 0, &cursor, &label, &child)) {
    size_t at = 0;
    enum icws_lookup result = icws_hashtree_lookup_subtree(tree, &label, 1, &at);
    require(seen == 0 || icws_bytes_compare(previous, label) < 0);
    if (tree->nodes[child].type == ICWS_HASHTREE_EMPTY)
      require(result == ICWS_LOOKUP_ABSENT);
    else if (tree->nodes[child].type == ICWS_HASHTREE_PRUNED)
      require(result == ICWS_LOOKUP_UNKNOWN);
    else
      require(result == ICWS_LOOKUP_FOUND && at == child);
    previous = label;
    require(++seen <= tree->count);
  }
}

/* The whole input is longer than any label in it, so it is the name of nothing. */
static void check_absence(const struct icws_hashtree *tree, struct icws_bytes input)
{
  struct icws_bytes path[] = {input, input};
  struct icws_bytes value;
  for (size_t count = 1; count <= 2; count++) {
    enum icws_lookup result = icws_hashtree_lookup(tree, path, count, &value);
    require(result == ICWS_LOOKUP_ABSENT || result == ICWS_LOOKUP_UNKNOWN);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_bytes input = icws_bytes_of(data, size);
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_hashtree tree;
  icws_hashtree_init(&tree, NULL);
  enum icws_error error = icws_hashtree_decode(&tree, input, MAX_NODES, &failure);
  require(failure.code == error);
  if (error == ICWS_OK) {
    check_nodes(&tree, input);
    check_digest(&tree, input);
    check_absence(&tree, input);
    if (icws_hashtree_well_formed(&tree, NULL) == ICWS_OK)
      check_labels(&tree);
  } else {
    require(error == ICWS_ERR_HASHTREE || error == ICWS_ERR_LIMIT);
    require(tree.count == 0);
  }
  icws_hashtree_wipe(&tree);
  return 0;
}

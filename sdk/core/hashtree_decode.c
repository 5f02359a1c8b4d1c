/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/hashtree.h>

#include <icws/cbor.h>

#define MIN_CAPACITY 64

/* Nodes whose children are still to come: one for each level, so that no recursion is needed. */
struct open_node {
  uint32_t index;
  uint8_t children; /* that are still to come */
};

struct decoder {
  struct icws_hashtree *tree;
  size_t max_nodes;
  struct icws_cbor_reader reader;
  struct open_node open[ICWS_HASHTREE_MAX_DEPTH];
  size_t depth;       /* how many are open */
  const char *reason; /* of a failure */
};

/* What the encoding of each type looks like (IC interface specification, "Certificate"). */
static const struct node_form {
  uint8_t items; /* of the array, with the type */
  uint8_t children;
  bool has_bytes;
} node_forms[] = {
    [ICWS_HASHTREE_EMPTY] = {1, 0, false},  [ICWS_HASHTREE_FORK] = {3, 2, false},
    [ICWS_HASHTREE_LABELED] = {3, 1, true}, [ICWS_HASHTREE_LEAF] = {2, 0, true},
    [ICWS_HASHTREE_PRUNED] = {2, 0, true},
};

void icws_hashtree_init(struct icws_hashtree *tree, const struct icws_mem *mem)
{
  *tree = (struct icws_hashtree){.mem = mem != NULL ? mem : icws_mem_default()};
}

void icws_hashtree_wipe(struct icws_hashtree *tree)
{
  tree->mem->release(tree->nodes, tree->mem->user_data);
  icws_hashtree_init(tree, tree->mem);
}

static enum icws_error fail(struct decoder *decoder, enum icws_error error, const char *reason)
{
  decoder->reason = reason;
  return error;
}

/* What the reader refuses makes the tree malformed. */
static enum icws_error fail_as_reader(struct decoder *decoder)
{
  return fail(decoder, ICWS_ERR_HASHTREE, decoder->reader.reason);
}

static enum icws_error grow(struct decoder *decoder)
{
  struct icws_hashtree *tree = decoder->tree;
  const struct icws_mem *mem = tree->mem;
  size_t capacity = tree->capacity < MIN_CAPACITY / 2 ? MIN_CAPACITY : tree->capacity * 2;
  struct icws_hashtree_node *nodes =
      mem->reallocate(tree->nodes, capacity * sizeof *nodes, mem->user_data);
  if (nodes == NULL)
    return fail(decoder, ICWS_ERR_NOMEM, "out of memory");
  tree->nodes = nodes;
  tree->capacity = capacity;
  return ICWS_OK;
}

static enum icws_error read_type(struct decoder *decoder, uint8_t *type)
{
  struct icws_cbor_reader *reader = &decoder->reader;
  uint64_t items;
  uint64_t number;
  if (icws_cbor_read_array(reader, &items) != ICWS_OK ||
      icws_cbor_read_uint(reader, &number) != ICWS_OK)
    return fail_as_reader(decoder);
  if (number > ICWS_HASHTREE_PRUNED)
    return fail(decoder, ICWS_ERR_HASHTREE, "an unknown type of node");
  if (items != node_forms[number].items)
    return fail(decoder, ICWS_ERR_HASHTREE, "a node with too many or too few parts");
  *type = (uint8_t)number;
  return ICWS_OK;
}

/* A pruned hash of another length would let bytes wander between a label and the hash below it
 * without a change of the digest. */
static enum icws_error read_node(struct decoder *decoder, struct icws_hashtree_node *node)
{
  *node = (struct icws_hashtree_node){.end = 0};
  enum icws_error error = read_type(decoder, &node->type);
  if (error != ICWS_OK)
    return error;
  if (node_forms[node->type].has_bytes &&
      icws_cbor_read_bytes(&decoder->reader, &node->bytes) != ICWS_OK)
    return fail_as_reader(decoder);
  if (node->type == ICWS_HASHTREE_PRUNED && node->bytes.len != ICWS_SHA256_BYTES)
    return fail(decoder, ICWS_ERR_HASHTREE, "a pruned hash that has not 32 bytes");
  return ICWS_OK;
}

/* The last node is complete, and with it perhaps some above. */
static void close_nodes(struct decoder *decoder)
{
  struct icws_hashtree *tree = decoder->tree;
  while (decoder->depth > 0) {
    struct open_node *open = &decoder->open[decoder->depth - 1];
    if (--open->children > 0)
      return;
    tree->nodes[open->index].end = (uint32_t)tree->count;
    decoder->depth--;
  }
}

static enum icws_error add_node(struct decoder *decoder)
{
  struct icws_hashtree *tree = decoder->tree;
  struct icws_hashtree_node node;
  enum icws_error error = read_node(decoder, &node);
  if (error != ICWS_OK)
    return error;
  if (tree->count >= decoder->max_nodes)
    return fail(decoder, ICWS_ERR_LIMIT, "too many nodes");
  if (tree->count == tree->capacity && (error = grow(decoder)) != ICWS_OK)
    return error;
  uint32_t index = (uint32_t)tree->count++;
  node.end = index + 1;
  tree->nodes[index] = node;
  if (node_forms[node.type].children == 0) {
    close_nodes(decoder);
    return ICWS_OK;
  }
  if (decoder->depth == ICWS_HASHTREE_MAX_DEPTH)
    return fail(decoder, ICWS_ERR_LIMIT, "too many nodes above one another");
  decoder->open[decoder->depth++] =
      (struct open_node){.index = index, .children = node_forms[node.type].children};
  return ICWS_OK;
}

static enum icws_error decode(struct decoder *decoder)
{
  enum icws_error error;
  do {
    error = add_node(decoder);
  } while (error == ICWS_OK && decoder->depth > 0);
  if (error == ICWS_OK && icws_cbor_finish(&decoder->reader) != ICWS_OK)
    return fail_as_reader(decoder);
  return error;
}

/* The indices are 32 bits wide, and an allocation has its bounds. */
static size_t bounded(size_t max_nodes)
{
  size_t bound = SIZE_MAX / sizeof(struct icws_hashtree_node) / 2;
  if (bound > UINT32_MAX)
    bound = UINT32_MAX;
  return max_nodes < bound ? max_nodes : bound;
}

enum icws_error icws_hashtree_decode(struct icws_hashtree *tree, struct icws_bytes encoding,
                                     size_t max_nodes, struct icws_failure *failure)
{
  struct decoder decoder;
  decoder.tree = tree;
  decoder.max_nodes = bounded(max_nodes);
  decoder.depth = 0;
  tree->count = 0;
  icws_cbor_reader_init(&decoder.reader, encoding);
  enum icws_error error = decode(&decoder);
  if (error == ICWS_OK)
    return ICWS_OK;
  tree->count = 0;
  return icws_fail(failure, error, "hash tree: %s (byte %zu)", decoder.reason,
                   decoder.reader.offset);
}

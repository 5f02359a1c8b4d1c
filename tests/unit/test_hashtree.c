/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/hashtree.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mem_probe.h"
#include "vectors.h"

#define MANY 100000

static void assert_digest(const uint8_t digest[ICWS_SHA256_BYTES], const char *expected)
{
  char text[2 * ICWS_SHA256_BYTES + 1];
  assert_int_equal(icws_hex_encode(icws_bytes_of(digest, ICWS_SHA256_BYTES), text, sizeof text),
                   ICWS_OK);
  assert_string_equal(text, expected);
}

static enum icws_error decode_hex(struct icws_hashtree *tree, const char *hex,
                                  struct vectors_blob *blob)
{
  struct icws_failure failure = {.code = ICWS_OK};
  *blob = vectors_hex(hex);
  enum icws_error error = icws_hashtree_decode(tree, vectors_bytes(blob), MANY, &failure);
  assert_int_equal(failure.code, error);
  if (error != ICWS_OK)
    assert_int_equal(tree->count, 0);
  return error;
}

static const char *lookup_name(enum icws_lookup result)
{
  switch (result) {
  case ICWS_LOOKUP_FOUND:
    return "found";
  case ICWS_LOOKUP_ABSENT:
    return "absent";
  case ICWS_LOOKUP_UNKNOWN:
    return "unknown";
  case ICWS_LOOKUP_ERROR:
    return "error";
  }
  return "?";
}

static void check_lookup(const struct icws_hashtree *tree, const json_t *lookup)
{
  enum { MAX_PATH = 8 };
  struct vectors_blob labels[MAX_PATH];
  struct icws_bytes path[MAX_PATH];
  const json_t *path_json = vectors_get(lookup, "path");
  size_t count = json_array_size(path_json);
  assert_true(count <= MAX_PATH);
  for (size_t i = 0; i < count; i++) {
    labels[i] = vectors_hex(json_string_value(json_array_get(path_json, i)));
    path[i] = vectors_bytes(&labels[i]);
  }
  struct icws_bytes value = {.data = NULL, .len = 0};
  enum icws_lookup result = icws_hashtree_lookup(tree, path, count, &value);
  char text[256];
  int length = snprintf(text, sizeof text, "%s", lookup_name(result));
  if (result == ICWS_LOOKUP_FOUND) {
    text[length++] = ':';
    assert_int_equal(icws_hex_encode(value, text + length, sizeof text - (size_t)length), ICWS_OK);
  }
  assert_string_equal(text, vectors_text(lookup, "spec_algorithm"));
  for (size_t i = 0; i < count; i++)
    free(labels[i].data);
}

/* One upstream tree, which is there for its digest only, is ill-formed. */
static bool has_leaf_among_others(const json_t *vector)
{
  return strcmp(vectors_text(vector, "name"), "ic_certification_works_with_simple_tree") == 0;
}

static void trees_and_lookups(void **state)
{
  (void)state;
  json_t *file = vectors_shared("hash_trees.json");
  struct icws_hashtree tree;
  json_t *vector;
  json_t *lookup;
  size_t i;
  size_t j;
  size_t lookups = 0;
  icws_hashtree_init(&tree, NULL);
  json_array_foreach(vectors_get(file, "trees"), i, vector)
  {
    struct vectors_blob blob;
    uint8_t digest[ICWS_SHA256_BYTES];
    assert_int_equal(decode_hex(&tree, vectors_text(vector, "tree_hex"), &blob), ICWS_OK);
    icws_hashtree_digest(&tree, digest);
    assert_digest(digest, vectors_text(vector, "root_hash_hex"));
    assert_int_equal(icws_hashtree_well_formed(&tree, NULL),
                     has_leaf_among_others(vector) ? ICWS_ERR_HASHTREE : ICWS_OK);
    json_array_foreach(vectors_get(vector, "lookups"), j, lookup)
    {
      check_lookup(&tree, lookup);
      lookups++;
    }
    free(blob.data);
  }
  assert_int_equal(i, 21);
  assert_int_equal(lookups, 93);
  icws_hashtree_wipe(&tree);
  json_decref(file);
}

static void malformed_trees(void **state)
{
  (void)state;
  json_t *file = vectors_shared("hash_trees.json");
  struct icws_hashtree tree;
  json_t *vector;
  size_t i;
  icws_hashtree_init(&tree, NULL);
  json_array_foreach(vectors_get(file, "malformed"), i, vector)
  {
    struct vectors_blob blob;
    if (decode_hex(&tree, vectors_text(vector, "tree_hex"), &blob) != ICWS_ERR_HASHTREE)
      fail_msg("%s", vectors_text(vector, "name"));
    free(blob.data);
  }
  assert_int_equal(i, 14);
  icws_hashtree_wipe(&tree);
  json_decref(file);
}

static void constants(void **state)
{
  (void)state;
  json_t *file = vectors_shared("hash_trees.json");
  const json_t *expected = vectors_get(file, "constants");
  uint8_t empty[ICWS_SHA256_BYTES];
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_treehash_empty(icws_sha256, empty);
  assert_digest(empty, vectors_text(expected, "empty_hash"));
  icws_treehash_leaf(icws_sha256, icws_bytes_of(NULL, 0), digest);
  assert_digest(digest, vectors_text(expected, "leaf_of_empty"));
  icws_treehash_leaf(icws_sha256, icws_bytes_text("hello"), digest);
  assert_digest(digest, vectors_text(expected, "leaf_hello"));
  icws_treehash_labeled(icws_sha256, icws_bytes_text("x"), digest, digest);
  assert_digest(digest, vectors_text(expected, "labeled_x_leaf_hello"));
  icws_treehash_fork(icws_sha256, empty, empty, digest);
  assert_digest(digest, vectors_text(expected, "fork_empty_empty"));
  json_decref(file);
}

static void encodings(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    enum icws_error error;
  } cases[] = {
      {"8100", ICWS_OK},
      {"d9d9f78100", ICWS_OK},
      {"d9d9f7d9d9f78100", ICWS_ERR_HASHTREE}, /* tag twice */
      {"810000", ICWS_ERR_HASHTREE},           /* a byte left over */
      {"9f00ff", ICWS_ERR_HASHTREE},           /* indefinite length */
      {"8203d9d9f740", ICWS_ERR_HASHTREE},     /* a tag inside */
      {"82035f4161ff", ICWS_ERR_HASHTREE},     /* a string in chunks */
      {"", ICWS_ERR_HASHTREE},
      {"d9d9f7", ICWS_ERR_HASHTREE},
      {"9bffffffffffffffff00", ICWS_ERR_HASHTREE},
      {"82035bffffffffffffffff00", ICWS_ERR_HASHTREE},
      {"83028161628100", ICWS_ERR_HASHTREE}, /* label in an array */
  };
  struct icws_hashtree tree;
  icws_hashtree_init(&tree, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct vectors_blob blob;
    assert_int_equal(decode_hex(&tree, cases[i].hex, &blob), cases[i].error);
    free(blob.data);
  }
  icws_hashtree_wipe(&tree);
}

/* Writes |depth| forks or labels above one another, and a leaf at the bottom. */
static size_t nest(uint8_t *out, size_t depth, bool forks)
{
  static const uint8_t fork[] = {0x83, 0x01, 0x81, 0x00}; /* left child empty */
  static const uint8_t label[] = {0x83, 0x02, 0x41, 0x61};
  static const uint8_t leaf[] = {0x82, 0x03, 0x40};
  size_t len = 0;
  for (size_t i = 0; i < depth; i++, len += 4)
    memcpy(out + len, forks ? fork : label, 4);
  memcpy(out + len, leaf, sizeof leaf);
  return len + sizeof leaf;
}

static void depth_limit(void **state)
{
  (void)state;
  static uint8_t encoding[4 * 100000 + 3];
  struct icws_hashtree tree;
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_hashtree_init(&tree, NULL);
  for (int forks = 0; forks <= 1; forks++) {
    size_t len = nest(encoding, ICWS_HASHTREE_MAX_DEPTH, forks != 0);
    assert_int_equal(icws_hashtree_decode(&tree, icws_bytes_of(encoding, len), MANY, NULL),
                     ICWS_OK);
    icws_hashtree_digest(&tree, digest);
    len = nest(encoding, ICWS_HASHTREE_MAX_DEPTH + 1, forks != 0);
    assert_int_equal(icws_hashtree_decode(&tree, icws_bytes_of(encoding, len), MANY, NULL),
                     ICWS_ERR_LIMIT);
    len = nest(encoding, 100000, forks != 0);
    assert_int_equal(icws_hashtree_decode(&tree, icws_bytes_of(encoding, len), MANY, NULL),
                     ICWS_ERR_LIMIT);
  }
  icws_hashtree_wipe(&tree);
}

/* The digest's stack is fullest where forks lean to the left: |depth| of them, with empty leaves. */
static void leaning_to_the_left(void **state)
{
  (void)state;
  uint8_t encoding[ICWS_HASHTREE_MAX_DEPTH * 4 + 2];
  uint8_t expected[ICWS_SHA256_BYTES];
  uint8_t empty[ICWS_SHA256_BYTES];
  uint8_t digest[ICWS_SHA256_BYTES];
  struct icws_hashtree tree;
  size_t len = 0;
  for (size_t i = 0; i < ICWS_HASHTREE_MAX_DEPTH; i++) {
    encoding[len++] = 0x83;
    encoding[len++] = 0x01;
  }
  for (size_t i = 0; i <= ICWS_HASHTREE_MAX_DEPTH; i++) {
    encoding[len++] = 0x81;
    encoding[len++] = 0x00;
  }
  icws_treehash_empty(icws_sha256, empty);
  memcpy(expected, empty, sizeof empty);
  for (size_t i = 0; i < ICWS_HASHTREE_MAX_DEPTH; i++)
    icws_treehash_fork(icws_sha256, expected, empty, expected);
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, icws_bytes_of(encoding, len), MANY, NULL), ICWS_OK);
  icws_hashtree_digest(&tree, digest);
  assert_memory_equal(digest, expected, sizeof digest);
  icws_hashtree_wipe(&tree);
}

static void node_limit(void **state)
{
  (void)state;
  struct icws_hashtree tree;
  struct icws_failure failure;
  struct vectors_blob blob = vectors_hex("83018100830181008100"); /* five nodes */
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&blob), 5, &failure), ICWS_OK);
  assert_int_equal(tree.count, 5);
  assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&blob), 4, &failure), ICWS_ERR_LIMIT);
  assert_int_equal(failure.code, ICWS_ERR_LIMIT);
  assert_int_equal(tree.count, 0);
  icws_hashtree_wipe(&tree);
  free(blob.data);
}

/* Labels with an empty tree below. */
#define A_EMPTY "830241618100"
#define AA_EMPTY "83024261618100"
#define B_EMPTY "830241628100"
#define C_EMPTY "830241638100"

static void well_formedness(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    enum icws_error error;
    const char *what;
  } cases[] = {
      {"820340", ICWS_OK, "a leaf alone"},
      {"8301" A_EMPTY B_EMPTY, ICWS_OK, "a < b"},
      {"8301" B_EMPTY A_EMPTY, ICWS_ERR_HASHTREE, "b before a"},
      {"8301" A_EMPTY A_EMPTY, ICWS_ERR_HASHTREE, "a twice"},
      {"8301" A_EMPTY AA_EMPTY, ICWS_OK, "a prefix goes first"},
      {"8301" AA_EMPTY A_EMPTY, ICWS_ERR_HASHTREE, "a prefix goes last"},
      {"8301" A_EMPTY "820340", ICWS_ERR_HASHTREE, "a leaf beside a label"},
      {"8301"
       "820340"
       "8100",
       ICWS_ERR_HASHTREE, "a leaf in a fork"},
      {"83024161"
       "8301" B_EMPTY B_EMPTY,
       ICWS_ERR_HASHTREE, "b twice below a"},
      {"8301"
       "8301" A_EMPTY C_EMPTY B_EMPTY,
       ICWS_ERR_HASHTREE, "a, c, b across forks"},
      {"8301" A_EMPTY "8301" B_EMPTY C_EMPTY, ICWS_OK, "a, b, c across forks"},
  };
  struct icws_hashtree tree;
  icws_hashtree_init(&tree, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct vectors_blob blob;
    assert_int_equal(decode_hex(&tree, cases[i].hex, &blob), ICWS_OK);
    if (icws_hashtree_well_formed(&tree, NULL) != cases[i].error)
      fail_msg("%s", cases[i].what);
    free(blob.data);
  }
  icws_hashtree_wipe(&tree);
}

/* Fork(Fork(a: leaf 1, b: empty), Fork(pruned, c: (d: leaf 2))) */
static const char walked_tree[] = "8301"
                                  "8301"
                                  "83024161"
                                  "82034131"
                                  "83024162"
                                  "8100"
                                  "8301"
                                  "82045820"
                                  "0000000000000000000000000000000000000000000000000000000000000000"
                                  "83024163"
                                  "83024164"
                                  "82034132";

static void subtrees_and_labels(void **state)
{
  (void)state;
  struct icws_hashtree tree;
  struct vectors_blob blob;
  struct icws_bytes path[] = {icws_bytes_text("c"), icws_bytes_text("d")};
  struct icws_bytes empty[] = {icws_bytes_text("b")};
  struct icws_bytes hidden[] = {icws_bytes_text("bb")};
  struct icws_bytes label;
  struct icws_bytes value;
  size_t at;
  size_t child;
  size_t cursor = 0;
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(decode_hex(&tree, walked_tree, &blob), ICWS_OK);

  for (const char *expected = "abc"; *expected != '\0'; expected++) {
    assert_true(icws_hashtree_next_label(&tree, 0, &cursor, &label, &child));
    assert_true(icws_bytes_equal(label, icws_bytes_of(expected, 1)));
    assert_true(icws_bytes_equal(tree.nodes[child - 1].bytes, label));
  }
  assert_false(icws_hashtree_next_label(&tree, 0, &cursor, &label, &child));
  assert_false(icws_hashtree_next_label(&tree, 0, &cursor, &label, &child));

  assert_int_equal(icws_hashtree_lookup_subtree(&tree, path, 1, &at), ICWS_LOOKUP_FOUND);
  assert_int_equal(tree.nodes[at].type, ICWS_HASHTREE_LABELED);
  cursor = 0;
  assert_true(icws_hashtree_next_label(&tree, at, &cursor, &label, &child));
  assert_true(icws_bytes_equal(label, path[1]));
  assert_int_equal(tree.nodes[child].type, ICWS_HASHTREE_LEAF);
  assert_false(icws_hashtree_next_label(&tree, at, &cursor, &label, &child));
  assert_int_equal(icws_hashtree_lookup(&tree, path, 1, &value), ICWS_LOOKUP_ERROR);
  assert_int_equal(icws_hashtree_lookup(&tree, path, 2, &value), ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(value, icws_bytes_text("2")));

  assert_int_equal(icws_hashtree_lookup_subtree(&tree, empty, 1, &at), ICWS_LOOKUP_ABSENT);
  assert_int_equal(icws_hashtree_lookup_subtree(&tree, hidden, 1, &at), ICWS_LOOKUP_UNKNOWN);
  assert_int_equal(icws_hashtree_lookup_subtree(&tree, NULL, 0, &at), ICWS_LOOKUP_FOUND);
  assert_int_equal(at, 0);
  icws_hashtree_wipe(&tree);
  free(blob.data);
}

static void memory(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_hashtree tree;
  struct vectors_blob blob = vectors_hex(walked_tree);
  mem_probe_init(&probe);
  icws_hashtree_init(&tree, &probe.mem);
  probe.fail_from = 0;
  assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&blob), MANY, NULL), ICWS_ERR_NOMEM);
  probe.fail_from = SIZE_MAX;
  assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&blob), MANY, NULL), ICWS_OK);
  size_t allocations = probe.allocations;
  for (int i = 0; i < 10; i++)
    assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&blob), MANY, NULL), ICWS_OK);
  assert_int_equal(probe.allocations, allocations);
  icws_hashtree_wipe(&tree);
  assert_int_equal(probe.live, 0);
  free(blob.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(trees_and_lookups),   cmocka_unit_test(malformed_trees),
      cmocka_unit_test(constants),           cmocka_unit_test(encodings),
      cmocka_unit_test(depth_limit),         cmocka_unit_test(leaning_to_the_left),
      cmocka_unit_test(node_limit),          cmocka_unit_test(well_formedness),
      cmocka_unit_test(subtrees_and_labels), cmocka_unit_test(memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

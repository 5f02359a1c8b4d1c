/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/digest.h>
#include <icws/hashtree.h>

#include "cdk/certified_tree.h"

#define MAX_NODES 100000

/* Labels are "k" and a number of eight digits, of which only even ones are ever inserted: the odd
 * ones lie between. */
#define LABEL_BYTES 10

struct item {
  struct icws_label_entry entry;
  char label[LABEL_BYTES];
  uint8_t value[ICWS_SHA256_BYTES];
  bool present;
};

static size_t hashes; /* how often the function that the tree was given has been called */

static void counting_sha256(const struct icws_bytes *parts, size_t count,
                            uint8_t out[ICWS_SHA256_BYTES])
{
  hashes++;
  icws_sha256(parts, count, out);
}

static struct icws_bytes label_of(size_t number, char label[LABEL_BYTES])
{
  snprintf(label, LABEL_BYTES, "k%08zu", number % 100000000);
  return icws_bytes_of(label, LABEL_BYTES - 1);
}

static void insert(struct icws_certified_tree *tree, struct item *item, size_t index)
{
  struct icws_bytes label = label_of(2 * index, item->label);
  crypto_hash_sha256(item->value, label.data, label.len);
  icws_label_tree_insert(&tree->entries, &item->entry, label,
                         icws_bytes_of(item->value, sizeof item->value));
  item->present = true;
}

static void take_out(struct icws_certified_tree *tree, struct item *item)
{
  icws_label_tree_remove(&tree->entries, &item->entry);
  memset(&item->entry, 0xa5, sizeof item->entry);
  item->present = false;
}

/* The hashes of the interface specification, spelled out with another implementation. */
static void hash_parts(uint8_t out[ICWS_SHA256_BYTES], const char *domain, const void *first,
                       size_t first_len, const void *second, size_t second_len)
{
  crypto_hash_sha256_state sha;
  uint8_t length = (uint8_t)strlen(domain);
  crypto_hash_sha256_init(&sha);
  crypto_hash_sha256_update(&sha, &length, 1);
  crypto_hash_sha256_update(&sha, (const uint8_t *)domain, length);
  if (first_len > 0)
    crypto_hash_sha256_update(&sha, first, first_len);
  if (second_len > 0)
    crypto_hash_sha256_update(&sha, second, second_len);
  crypto_hash_sha256_final(&sha, out);
}

static void hash_entry(uint8_t out[ICWS_SHA256_BYTES], const char *label, const char *value)
{
  uint8_t leaf[ICWS_SHA256_BYTES];
  hash_parts(leaf, "ic-hashtree-leaf", value, strlen(value), NULL, 0);
  hash_parts(out, "ic-hashtree-labeled", label, strlen(label), leaf, sizeof leaf);
}

static void tree_init(struct icws_certified_tree *tree)
{
  icws_certified_tree_init(tree, icws_bytes_text("websocket"), counting_sha256);
  hashes = 0;
}

static void test_empty_tree(void **state)
{
  (void)state;
  struct icws_certified_tree tree;
  tree_init(&tree);
  uint8_t empty[ICWS_SHA256_BYTES];
  uint8_t expected[ICWS_SHA256_BYTES];
  hash_parts(empty, "ic-hashtree-empty", NULL, 0, NULL, 0);
  hash_parts(expected, "ic-hashtree-labeled", "websocket", 9, empty, sizeof empty);
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_certified_tree_digest(&tree, digest);
  assert_memory_equal(digest, expected, sizeof digest);
}

static void assert_witness(struct icws_certified_tree *tree, const struct icws_label_entry *first,
                           const struct icws_label_entry *last, const void *expected, size_t len)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_certified_tree_put_witness(tree, first, last, &out);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_int_equal(out.len, len);
  assert_memory_equal(out.data, expected, len);
  icws_buf_wipe(&out);
}

#define WEBSOCKET_HEAD                                                                             \
  "\xd9\xd9\xf7\x83\x02\x49"                                                                       \
  "websocket"

static void test_one_entry(void **state)
{
  (void)state;
  struct icws_certified_tree tree;
  tree_init(&tree);
  struct icws_label_entry a;
  icws_label_tree_insert(&tree.entries, &a, icws_bytes_text("a"), icws_bytes_text("one"));

  uint8_t entry[ICWS_SHA256_BYTES];
  uint8_t expected[ICWS_SHA256_BYTES];
  hash_entry(entry, "a", "one");
  hash_parts(expected, "ic-hashtree-labeled", "websocket", 9, entry, sizeof entry);
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_certified_tree_digest(&tree, digest);
  assert_memory_equal(digest, expected, sizeof digest);

  static const char encoding[] = WEBSOCKET_HEAD "\x83\x02\x41"
                                                "a\x82\x03\x43one";
  assert_witness(&tree, &a, &a, encoding, sizeof encoding - 1);
}

/* Three entries have one shape only: whichever came last, two of them share a fork. */
static void test_three_entries_prune_both_sides(void **state)
{
  (void)state;
  struct icws_certified_tree tree;
  tree_init(&tree);
  struct icws_label_entry a;
  struct icws_label_entry b;
  struct icws_label_entry c;
  icws_label_tree_insert(&tree.entries, &a, icws_bytes_text("a"), icws_bytes_text("one"));
  icws_label_tree_insert(&tree.entries, &b, icws_bytes_text("b"), icws_bytes_text("two"));
  icws_label_tree_insert(&tree.entries, &c, icws_bytes_text("c"), icws_bytes_text("three"));

  uint8_t hash_a[ICWS_SHA256_BYTES];
  uint8_t hash_c[ICWS_SHA256_BYTES];
  hash_entry(hash_a, "a", "one");
  hash_entry(hash_c, "c", "three");
  struct icws_buf expected;
  icws_buf_init(&expected, 0, NULL);
  static const char fork_pruned[] = WEBSOCKET_HEAD "\x83\x01\x82\x04\x58\x20";
  static const char fork_b_pruned[] = "\x83\x01\x83\x02\x41"
                                      "b\x82\x03\x43two\x82\x04\x58\x20";
  icws_buf_put(&expected, fork_pruned, sizeof fork_pruned - 1);
  icws_buf_put(&expected, hash_a, sizeof hash_a);
  icws_buf_put(&expected, fork_b_pruned, sizeof fork_b_pruned - 1);
  icws_buf_put(&expected, hash_c, sizeof hash_c);
  assert_witness(&tree, &b, &b, expected.data, expected.len);
  icws_buf_wipe(&expected);
}

static enum icws_lookup look_up(const struct icws_hashtree *tree, struct icws_bytes label,
                                struct icws_bytes *value)
{
  struct icws_bytes path[] = {icws_bytes_text("websocket"), label};
  return icws_hashtree_lookup(tree, path, 2, value);
}

static bool any_present(const struct item *items, size_t from, size_t to)
{
  for (size_t i = from; i < to; i++) {
    if (items[i].present)
      return true;
  }
  return false;
}

/* What a client finds in |witness| for the range of items from |first| to |last|: exactly these,
 * proofs that nothing else lies between them, and no word about what is pruned beside them. */
static void check_lookups(const struct icws_hashtree *witness, const struct item *items,
                          size_t count, size_t first, size_t last)
{
  bool pruned_before = any_present(items, 0, first);
  bool pruned_after = any_present(items, last + 1, count);
  for (size_t number = 0; number < 2 * count; number++) {
    char label[LABEL_BYTES];
    struct icws_bytes value;
    enum icws_lookup found = look_up(witness, label_of(number, label), &value);
    bool pruned = (number < 2 * first && pruned_before) || (number > 2 * last && pruned_after);
    if (pruned) {
      assert_int_equal(found, ICWS_LOOKUP_UNKNOWN);
    } else if (number % 2 == 0 && items[number / 2].present) {
      assert_int_equal(found, ICWS_LOOKUP_FOUND);
      assert_int_equal(value.len, ICWS_SHA256_BYTES);
      assert_memory_equal(value.data, items[number / 2].value, ICWS_SHA256_BYTES);
    } else {
      assert_int_equal(found, ICWS_LOOKUP_ABSENT);
    }
  }
}

static void check_witness(struct icws_certified_tree *tree, const struct item *items, size_t count,
                          size_t first, size_t last)
{
  uint8_t root[ICWS_SHA256_BYTES];
  icws_certified_tree_digest(tree, root);
  struct icws_buf encoding;
  icws_buf_init(&encoding, 0, NULL);
  hashes = 0;
  icws_certified_tree_put_witness(tree, &items[first].entry, &items[last].entry, &encoding);
  assert_int_equal(icws_buf_error(&encoding), ICWS_OK);
  assert_int_equal(hashes, 0);

  struct icws_hashtree witness;
  icws_hashtree_init(&witness, NULL);
  assert_int_equal(icws_hashtree_decode(&witness, icws_buf_bytes(&encoding), MAX_NODES, NULL),
                   ICWS_OK);
  assert_int_equal(icws_hashtree_well_formed(&witness, NULL), ICWS_OK);
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_hashtree_digest(&witness, digest);
  assert_memory_equal(digest, root, sizeof root);
  check_lookups(&witness, items, count, first, last);
  icws_hashtree_wipe(&witness);
  icws_buf_wipe(&encoding);
}

static void test_every_range_of_small_trees(void **state)
{
  (void)state;
  enum { COUNT = 12 };
  struct item items[COUNT];
  struct icws_certified_tree tree;
  tree_init(&tree);
  for (size_t count = 1; count <= COUNT; count++) {
    insert(&tree, &items[count - 1], count - 1);
    for (size_t first = 0; first < count; first++) {
      for (size_t last = first; last < count; last++)
        check_witness(&tree, items, count, first, last);
    }
  }
}

static uint64_t next_random(uint64_t *seed)
{
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

static size_t random_present(const struct item *items, size_t count, uint64_t *seed)
{
  size_t i;
  do {
    i = (size_t)(next_random(seed) % count);
  } while (!items[i].present);
  return i;
}

static void test_random_changes_and_ranges(void **state)
{
  (void)state;
  enum { COUNT = 2000 };
  uint64_t seed = 0x853c49e6748fea9b;
  struct item *items = calloc(COUNT, sizeof *items);
  assert_non_null(items);
  struct icws_certified_tree tree;
  tree_init(&tree);
  insert(&tree, &items[0], 0);
  for (int i = 0; i < 20000; i++) {
    size_t number = (size_t)(next_random(&seed) % COUNT);
    if (!items[number].present)
      insert(&tree, &items[number], number);
    else if (tree.entries.count > 1)
      take_out(&tree, &items[number]);
    if (i % 1000 != 0)
      continue;
    size_t a = random_present(items, COUNT, &seed);
    size_t b = random_present(items, COUNT, &seed);
    check_witness(&tree, items, COUNT, a < b ? a : b, a < b ? b : a);
  }
  free(items);
}

/* The root depends on the entries and the shape alone, not on which hashes were kept: it is that of
 * a whole witness, which the decoder hashes from nothing. (check_witness compares.) */
static void test_kept_hashes_are_never_stale(void **state)
{
  (void)state;
  enum { COUNT = 64 };
  uint64_t seed = 0xda3e39cb94b95bdb;
  struct item items[COUNT] = {{.present = false}};
  struct icws_certified_tree tree;
  tree_init(&tree);
  insert(&tree, &items[0], 0);
  insert(&tree, &items[COUNT - 1], COUNT - 1);
  for (int i = 0; i < 3000; i++) {
    size_t number = 1 + (size_t)(next_random(&seed) % (COUNT - 2));
    if (items[number].present)
      take_out(&tree, &items[number]);
    else
      insert(&tree, &items[number], number);
    check_witness(&tree, items, COUNT, 0, COUNT - 1);
  }
}

/* What changing one of |count| entries may cost in hashes, by the height of the tree: the path to
 * the root, what rotations along it touch beside it, the entry and the common label. */
static void check_costs(size_t count, unsigned max_height)
{
  struct item *items = calloc(count + 1, sizeof *items);
  assert_non_null(items);
  struct icws_certified_tree tree;
  tree_init(&tree);
  uint8_t digest[ICWS_SHA256_BYTES];
  for (size_t i = 0; i < count; i++)
    insert(&tree, &items[i], i);
  icws_certified_tree_digest(&tree, digest);
  assert_int_equal(hashes, 2 * count + (count - 1) + 1);
  assert_true(tree.entries.root->height <= max_height);

  hashes = 0;
  insert(&tree, &items[count], count);
  icws_certified_tree_digest(&tree, digest);
  assert_true(hashes <= max_height + 6);

  for (size_t i = 0; i < 20; i++) {
    hashes = 0;
    take_out(&tree, &items[i]);
    icws_certified_tree_digest(&tree, digest);
    assert_true(hashes <= max_height + 6);
  }
  hashes = 0;
  icws_certified_tree_digest(&tree, digest);
  assert_int_equal(hashes, 1);
  free(items);
}

static void test_costs_grow_logarithmically(void **state)
{
  (void)state;
  check_costs(100, 7);
  check_costs(1000, 10);
  check_costs(10000, 14);
  check_costs(100000, 17);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_empty_tree),
      cmocka_unit_test(test_one_entry),
      cmocka_unit_test(test_three_entries_prune_both_sides),
      cmocka_unit_test(test_every_range_of_small_trees),
      cmocka_unit_test(test_random_changes_and_ranges),
      cmocka_unit_test(test_kept_hashes_are_never_stale),
      cmocka_unit_test(test_costs_grow_logarithmically),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

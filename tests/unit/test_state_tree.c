/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <icws/hashtree.h>

#include "devnet/state_tree.h"

/* Digests of the trees below, computed with another implementation of the specification's hashes
 * over forks that part the labels in the middle. */
static const char digest_of_empty[] =
    "4e3ed35c4e2d1ee89996483fb6260a64cffb6c47dbab216e7930e82f8190d120";
static const char digest_of_example[] =
    "b307b992df46f2d0cf07ce122367163af6340c5bd07c39628b7787fab6e07edb";
static const char digest_of_time[] =
    "73cee73ec4d4fee5c9b6a5bf359e97ad7d90fc65327b9acd225b61f222898c32";

#define MAX_LABELS 3

/* A path is written with its labels apart by blanks. */
struct path {
  struct icws_bytes labels[MAX_LABELS];
  size_t count;
};

static struct path path_of(const char *text)
{
  struct path path = {.count = 0};
  while (*text != '\0') {
    size_t len = strcspn(text, " ");
    assert_true(path.count < MAX_LABELS);
    path.labels[path.count++] = icws_bytes_of(text, len);
    text += len + (text[len] == ' ' ? 1 : 0);
  }
  return path;
}

static void put(struct icws_state_tree *tree, const char *path_text, const char *value)
{
  struct path path = path_of(path_text);
  icws_state_tree_put(tree, (struct icws_state_path){path.labels, path.count},
                      icws_bytes_text(value));
}

/* Not in order, so that sorting is needed. */
static struct icws_state_tree *make_example(void)
{
  struct icws_state_tree *tree = icws_state_tree_new();
  assert_non_null(tree);
  put(tree, "d", "morning");
  put(tree, "a y", "world");
  put(tree, "c", "");
  put(tree, "b", "good");
  put(tree, "a x", "hello");
  put(tree, "z z", "end");
  return tree;
}

static void assert_digest(const uint8_t digest[ICWS_SHA256_BYTES], const char *hex)
{
  char text[2 * ICWS_SHA256_BYTES + 1];
  assert_int_equal(icws_hex_encode(icws_bytes_of(digest, ICWS_SHA256_BYTES), text, sizeof text),
                   ICWS_OK);
  assert_string_equal(text, hex);
}

static void assert_tree_digest(const struct icws_state_tree *tree, const char *hex)
{
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_state_tree_digest(tree, digest);
  assert_digest(digest, hex);
}

static void test_digest(void **state)
{
  (void)state;
  struct icws_state_tree *tree = icws_state_tree_new();
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  assert_tree_digest(tree, digest_of_empty);
  icws_state_tree_del(tree);

  tree = icws_state_tree_new();
  put(tree, "b", "good");
  const uint8_t raw[] = {0xff, 0x00};
  const struct icws_bytes last = icws_bytes_of(raw, sizeof raw);
  icws_state_tree_put(tree, (struct icws_state_path){&last, 1}, icws_bytes_text("end"));
  put(tree, "a y", "world");
  put(tree, "c", "");
  put(tree, "a x", "hello");
  put(tree, "d", "morning");
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  assert_tree_digest(tree, digest_of_example);
  icws_state_tree_del(tree);
}

static void test_nat_is_leb128(void **state)
{
  (void)state;
  struct icws_state_tree *tree = icws_state_tree_new();
  struct path time = path_of("time");
  icws_state_tree_put_nat(tree, (struct icws_state_path){time.labels, 1},
                          UINT64_C(1700000000000000000));
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  assert_tree_digest(tree, digest_of_time);
  icws_state_tree_del(tree);
}

static void test_misuse_sticks(void **state)
{
  (void)state;
  struct icws_state_tree *tree = make_example();
  put(tree, "b", "good"); /* twice */
  put(tree, "e", "fine");
  assert_int_equal(icws_state_tree_seal(tree), ICWS_ERR_INVALID_ARGUMENT);
  icws_state_tree_del(tree);

  tree = make_example();
  put(tree, "b inside", "a value");
  assert_int_equal(icws_state_tree_seal(tree), ICWS_ERR_INVALID_ARGUMENT);
  icws_state_tree_del(tree);

  tree = make_example();
  put(tree, "a", "over children");
  assert_int_equal(icws_state_tree_seal(tree), ICWS_ERR_INVALID_ARGUMENT);
  icws_state_tree_del(tree);
}

/* --- Witnesses --------------------------------------------------------------------------------- */

/* A witness, decoded. */
struct witness {
  struct icws_buf encoding;
  struct icws_hashtree tree;
};

#define MAX_PATHS 4

/* The witness of |tree| for the paths, apart by '|'; it must be well formed and of its digest. */
static void make_witness(struct icws_state_tree *tree, const char *paths_text,
                         struct witness *witness)
{
  char text[128];
  struct path paths[MAX_PATHS];
  struct icws_state_path arguments[MAX_PATHS];
  size_t count = 0;
  assert_true(snprintf(text, sizeof text, "%s", paths_text) < (int)sizeof text);
  for (char *at = text; *at != '\0'; count++) {
    size_t len = strcspn(at, "|");
    char *next = at + len + (at[len] == '|' ? 1 : 0);
    at[len] = '\0';
    assert_true(count < MAX_PATHS);
    paths[count] = path_of(at);
    arguments[count] = (struct icws_state_path){paths[count].labels, paths[count].count};
    at = next;
  }
  icws_buf_init(&witness->encoding, 0, NULL);
  icws_hashtree_init(&witness->tree, NULL);
  icws_state_tree_witness(tree, arguments, count, &witness->encoding);
  assert_int_equal(icws_buf_error(&witness->encoding), ICWS_OK);
  assert_int_equal(
      icws_hashtree_decode(&witness->tree, icws_buf_bytes(&witness->encoding), 1000, NULL),
      ICWS_OK);
  assert_int_equal(icws_hashtree_well_formed(&witness->tree, NULL), ICWS_OK);
  uint8_t expected[ICWS_SHA256_BYTES];
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_state_tree_digest(tree, expected);
  icws_hashtree_digest(&witness->tree, digest);
  assert_memory_equal(digest, expected, sizeof digest);
}

static void wipe_witness(struct witness *witness)
{
  icws_hashtree_wipe(&witness->tree);
  icws_buf_wipe(&witness->encoding);
}

/* What the witness says about a path: a value, "(absent)", "(unknown)" or "(error)". */
static void assert_says(const struct witness *witness, const char *path_text, const char *expected)
{
  static const char *const names[] = {[ICWS_LOOKUP_ABSENT] = "(absent)",
                                      [ICWS_LOOKUP_UNKNOWN] = "(unknown)",
                                      [ICWS_LOOKUP_ERROR] = "(error)"};
  struct path path = path_of(path_text);
  struct icws_bytes value = {0};
  enum icws_lookup lookup = icws_hashtree_lookup(&witness->tree, path.labels, path.count, &value);
  if (lookup != ICWS_LOOKUP_FOUND) {
    assert_string_equal(names[lookup], expected);
    return;
  }
  assert_int_equal(value.len, strlen(expected));
  if (value.len > 0) {
    assert_memory_equal(value.data, expected, value.len);
  }
}

static void test_reveals_what_is_asked_for(void **state)
{
  (void)state;
  struct icws_state_tree *tree = make_example();
  struct witness witness;
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);

  make_witness(tree, "a y|c", &witness);
  assert_says(&witness, "a y", "world");
  assert_says(&witness, "c", "");
  assert_says(&witness, "a x", "(unknown)");
  assert_says(&witness, "b", "(unknown)");
  assert_says(&witness, "z z", "(unknown)");
  assert_says(&witness, "a", "(error)");
  wipe_witness(&witness);

  /* Marks of the former witness must be gone. */
  make_witness(tree, "b", &witness);
  assert_says(&witness, "b", "good");
  assert_says(&witness, "a y", "(unknown)");
  assert_says(&witness, "c", "(unknown)");
  wipe_witness(&witness);
  icws_state_tree_del(tree);
}

static void test_reveals_subtrees(void **state)
{
  (void)state;
  struct icws_state_tree *tree = make_example();
  struct witness witness;
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);

  make_witness(tree, "a x|a", &witness);
  assert_says(&witness, "a x", "hello");
  assert_says(&witness, "a y", "world");
  assert_says(&witness, "a z", "(absent)");
  assert_says(&witness, "b", "(unknown)");
  wipe_witness(&witness);

  make_witness(tree, "a y", &witness);
  assert_says(&witness, "a x", "(unknown)");
  wipe_witness(&witness);

  make_witness(tree, "", &witness); /* nothing: one pruned node */
  assert_int_equal(witness.tree.count, 1);
  assert_says(&witness, "a x", "(unknown)");
  wipe_witness(&witness);
  icws_state_tree_del(tree);
}

static void test_proves_absence(void **state)
{
  (void)state;
  static const char *const absent[] = {"0", "aa", "bb", "cc", "e", "zz", "a 0", "a xx", "a z"};
  struct icws_state_tree *tree = make_example();
  struct witness witness;
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
    make_witness(tree, absent[i], &witness);
    assert_says(&witness, absent[i], "(absent)");
    assert_says(&witness, "b", "(unknown)");
    assert_says(&witness, "d", "(unknown)");
    assert_says(&witness, "a x", "(unknown)");
    wipe_witness(&witness);
  }
  make_witness(tree, "b inside", &witness); /* below a value there is nothing */
  assert_says(&witness, "b inside", "(absent)");
  wipe_witness(&witness);
  icws_state_tree_del(tree);

  tree = icws_state_tree_new();
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  make_witness(tree, "a", &witness);
  assert_says(&witness, "a", "(absent)");
  wipe_witness(&witness);
  icws_state_tree_del(tree);
}

/* Enough labels for forks of every shape; each one is revealed alone. */
static void test_many_labels(void **state)
{
  (void)state;
  enum { LABELS = 300 };
  struct icws_state_tree *tree = icws_state_tree_new();
  char label[16];
  char value[16];
  for (int i = 0; i < LABELS; i++) {
    int number = i * 7 % LABELS; /* 7 and 300 have no common divisor: each number once */
    snprintf(label, sizeof label, "n%03d", number);
    snprintf(value, sizeof value, "%d", number * number);
    put(tree, label, value);
  }
  assert_int_equal(icws_state_tree_seal(tree), ICWS_OK);
  for (int i = 0; i < LABELS; i++) {
    struct witness witness;
    snprintf(label, sizeof label, "n%03d", i);
    snprintf(value, sizeof value, "%d", i * i);
    make_witness(tree, label, &witness);
    assert_says(&witness, label, value);
    assert_true(witness.tree.count <=
                2 + 2 * 9); /* nine forks on the way to it, and their others */
    wipe_witness(&witness);
  }
  icws_state_tree_del(tree);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_digest),           cmocka_unit_test(test_nat_is_leb128),
      cmocka_unit_test(test_misuse_sticks),    cmocka_unit_test(test_reveals_what_is_asked_for),
      cmocka_unit_test(test_reveals_subtrees), cmocka_unit_test(test_proves_absence),
      cmocka_unit_test(test_many_labels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

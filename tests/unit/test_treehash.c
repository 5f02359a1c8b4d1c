/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sodium.h>

#include <icws/hashtree.h>

#include "vectors.h"

static void sha256(const struct icws_bytes *parts, size_t count, uint8_t out[ICWS_SHA256_BYTES])
{
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (size_t i = 0; i < count; i++)
    crypto_hash_sha256_update(&state, parts[i].data, parts[i].len);
  crypto_hash_sha256_final(&state, out);
}

static void check_hash(const uint8_t hash[ICWS_SHA256_BYTES], const json_t *constants,
                       const char *name)
{
  struct vectors_blob expected = vectors_hex_at(constants, name);
  assert_int_equal(expected.len, ICWS_SHA256_BYTES);
  assert_memory_equal(hash, expected.data, ICWS_SHA256_BYTES);
  free(expected.data);
}

static void shared_constants(void **state)
{
  (void)state;
  json_t *root = vectors_shared("hash_trees.json");
  const json_t *constants = vectors_get(root, "constants");
  uint8_t hash[ICWS_SHA256_BYTES];
  uint8_t child[ICWS_SHA256_BYTES];

  icws_treehash_empty(sha256, child);
  check_hash(child, constants, "empty_hash");
  icws_treehash_fork(sha256, child, child, hash);
  check_hash(hash, constants, "fork_empty_empty");

  icws_treehash_leaf(sha256, icws_bytes_of(NULL, 0), hash);
  check_hash(hash, constants, "leaf_of_empty");
  icws_treehash_leaf(sha256, icws_bytes_text("hello"), child);
  check_hash(child, constants, "leaf_hello");
  icws_treehash_labeled(sha256, icws_bytes_text("x"), child, hash);
  check_hash(hash, constants, "labeled_x_leaf_hello");
  json_decref(root);
}

/* The example of the IC interface specification, "Certification": its tree and its root hash. */
static void the_example_of_the_specification(void **state)
{
  (void)state;
  uint8_t x[ICWS_SHA256_BYTES];
  uint8_t y[ICWS_SHA256_BYTES];
  uint8_t a[ICWS_SHA256_BYTES];
  uint8_t b[ICWS_SHA256_BYTES];
  uint8_t c[ICWS_SHA256_BYTES];
  uint8_t d[ICWS_SHA256_BYTES];
  uint8_t empty[ICWS_SHA256_BYTES];

  icws_treehash_empty(sha256, empty);
  icws_treehash_leaf(sha256, icws_bytes_text("hello"), x);
  icws_treehash_labeled(sha256, icws_bytes_text("x"), x, x);
  icws_treehash_fork(sha256, x, empty, x);
  icws_treehash_leaf(sha256, icws_bytes_text("world"), y);
  icws_treehash_labeled(sha256, icws_bytes_text("y"), y, y);
  icws_treehash_fork(sha256, x, y, a);
  icws_treehash_labeled(sha256, icws_bytes_text("a"), a, a);
  icws_treehash_leaf(sha256, icws_bytes_text("good"), b);
  icws_treehash_labeled(sha256, icws_bytes_text("b"), b, b);
  icws_treehash_labeled(sha256, icws_bytes_text("c"), empty, c);
  icws_treehash_leaf(sha256, icws_bytes_text("morning"), d);
  icws_treehash_labeled(sha256, icws_bytes_text("d"), d, d);
  icws_treehash_fork(sha256, a, b, a);
  icws_treehash_fork(sha256, c, d, c);
  icws_treehash_fork(sha256, a, c, a);

  struct vectors_blob expected =
      vectors_hex("eb5c5b2195e62d996b84c9bcc8259d19a83786a2f59e0878cec84c811f669aa0");
  assert_memory_equal(a, expected.data, ICWS_SHA256_BYTES);
  icws_treehash_fork(sha256, c, a, c); /* a fork the other way round is another tree */
  assert_memory_not_equal(c, expected.data, ICWS_SHA256_BYTES);
  free(expected.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shared_constants),
      cmocka_unit_test(the_example_of_the_specification),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

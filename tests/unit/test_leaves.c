/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws/leaves.h"
#include "vectors.h"

/* The leaves of a tree as text, one on a line; |visits| says how many are wanted. */
struct listing {
  char text[1024];
  int visits;
};

static bool add(const char *path, struct icws_bytes value, void *user_data)
{
  struct listing *listing = user_data;
  size_t used = strlen(listing->text);
  assert_true(used + strlen(path) + value.len + 3 < sizeof(listing->text));
  strcat(listing->text, path);
  strcat(listing->text, "=");
  strncat(listing->text, (const char *)value.data, value.len);
  strcat(listing->text, "\n");
  return --listing->visits > 0;
}

static bool walk(const char *hex, struct listing *listing)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_hashtree tree;
  icws_hashtree_init(&tree, NULL);
  assert_int_equal(icws_hashtree_decode(&tree, vectors_bytes(&blob), 100, NULL), ICWS_OK);
  bool done = icws_leaves_walk(&tree, add, listing);
  icws_hashtree_wipe(&tree);
  free(blob.data);
  return done;
}

/* The example of the IC interface specification, "Certification", "Example". */
#define EXAMPLE                                                                                    \
  "8301830183024161830183018302417882034568656c6c6f810083024179820345776f726c6483024162820344"     \
  "676f6f648301830241638100830241648203476d6f726e696e67"

static void test_all(void **state)
{
  struct listing listing = {.visits = 100};
  (void)state;
  assert_true(walk(EXAMPLE, &listing));
  assert_string_equal(listing.text, "/a/x=hello\n/a/y=world\n/b=good\n/d=morning\n");
}

static void test_stopped(void **state)
{
  struct listing listing = {.visits = 2};
  (void)state;
  assert_false(walk(EXAMPLE, &listing));
  assert_string_equal(listing.text, "/a/x=hello\n/a/y=world\n");
}

static void test_labels(void **state)
{
  struct listing listing = {.visits = 100};
  (void)state;
  /* canister / 00000000000000020101 / "a/b" = "1", as ryjl3-tyaaa-aaaaa-aaaba-cai */
  assert_true(walk("83024863616e69737465728302"
                   "4a00000000000000020101"
                   "830243612f62"
                   "82034131",
                   &listing));
  assert_string_equal(listing.text, "/canister/ryjl3-tyaaa-aaaaa-aaaba-cai/0x612f62=1\n");

  /* the empty label, and one with a control character */
  listing = (struct listing){.visits = 100};
  assert_true(walk("8301830240820341318302411b82034132", &listing));
  assert_string_equal(listing.text, "/0x=1\n/0x1b=2\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_all),
      cmocka_unit_test(test_stopped),
      cmocka_unit_test(test_labels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cdk/label_tree.h"

#define LABEL_BYTES 4

/* An entry in a block of its own, so that a sanitizer sees every use of a removed one. */
struct item {
  struct icws_label_entry entry;
  uint8_t label[LABEL_BYTES];
};

/* The labels that are in the tree, as numbers: the model that the tree is compared with. */
struct model {
  struct icws_label_tree tree;
  struct item **items; /* by number; NULL if it is not there */
  uint32_t universe;
  size_t count;
};

static void model_init(struct model *model, uint32_t universe)
{
  icws_label_tree_init(&model->tree);
  model->items = calloc(universe, sizeof *model->items);
  assert_non_null(model->items);
  model->universe = universe;
  model->count = 0;
}

static void label_of(uint32_t number, uint8_t label[LABEL_BYTES])
{
  for (int i = 0; i < LABEL_BYTES; i++)
    label[i] = (uint8_t)(number >> 8 * (LABEL_BYTES - 1 - i));
}

static void model_insert(struct model *model, uint32_t number)
{
  struct item *item = malloc(sizeof *item);
  assert_non_null(item);
  label_of(number, item->label);
  icws_label_tree_insert(&model->tree, &item->entry, icws_bytes_of(item->label, LABEL_BYTES),
                         icws_bytes_of(NULL, 0));
  model->items[number] = item;
  model->count++;
}

static void model_remove(struct model *model, uint32_t number)
{
  icws_label_tree_remove(&model->tree, &model->items[number]->entry);
  free(model->items[number]);
  model->items[number] = NULL;
  model->count--;
}

static void model_wipe(struct model *model)
{
  for (uint32_t i = 0; i < model->universe; i++)
    free(model->items[i]);
  free(model->items);
}

/* The least number of leaves that an AVL tree of this height can have. */
static size_t least_leaves(unsigned height)
{
  size_t lower = 1;
  size_t leaves = height == 0 ? 1 : 2;
  for (unsigned h = 1; h < height; h++) {
    size_t higher = lower + leaves;
    lower = leaves;
    leaves = higher;
  }
  return leaves;
}

/* Returns the number of leaves below |node|. */
static size_t check_node(const struct icws_label_node *node)
{
  if (node->height == 0) {
    assert_ptr_equal(node, &node->first->leaf);
    return 1;
  }
  const struct icws_label_node *left = node->child[0];
  const struct icws_label_node *right = node->child[1];
  assert_ptr_equal(left->parent, node);
  assert_ptr_equal(right->parent, node);
  assert_ptr_equal(node->first, left->first);
  unsigned higher = left->height > right->height ? left->height : right->height;
  unsigned lower = left->height > right->height ? right->height : left->height;
  assert_int_equal(node->height, higher + 1);
  assert_true(higher - lower <= 1);
  return check_node(left) + check_node(right);
}

/* The tree is sound and balanced, and has exactly the model's labels in order. */
static void check(const struct model *model)
{
  assert_int_equal(model->tree.count, model->count);
  if (model->tree.root != NULL) {
    assert_null(model->tree.root->parent);
    assert_int_equal(check_node(model->tree.root), model->count);
    assert_true(model->count >= least_leaves(model->tree.root->height));
  }
  const struct icws_label_entry *entry =
      icws_label_tree_at_least(&model->tree, icws_bytes_of(NULL, 0));
  for (uint32_t i = 0; i < model->universe; i++) {
    if (model->items[i] == NULL)
      continue;
    assert_ptr_equal(entry, &model->items[i]->entry);
    entry = icws_label_tree_next(entry);
  }
  assert_null(entry);
}

/* Every label of the universe is found or not found as it should be. */
static void check_lookups(const struct model *model)
{
  const struct item *above = NULL;
  for (uint32_t i = model->universe; i-- > 0;) {
    if (model->items[i] != NULL)
      above = model->items[i];
    uint8_t label[LABEL_BYTES];
    label_of(i, label);
    struct icws_bytes bytes = icws_bytes_of(label, LABEL_BYTES);
    assert_ptr_equal(icws_label_tree_find(&model->tree, bytes), model->items[i]);
    assert_ptr_equal(icws_label_tree_at_least(&model->tree, bytes), above);
  }
}

static uint64_t next_random(uint64_t *seed)
{
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

static void test_empty(void **state)
{
  (void)state;
  struct model model;
  model_init(&model, 1);
  check(&model);
  check_lookups(&model);
  model_wipe(&model);
}

static void test_one_entry_comes_and_goes(void **state)
{
  (void)state;
  struct model model;
  model_init(&model, 3);
  for (int round = 0; round < 2; round++) {
    model_insert(&model, 1);
    check(&model);
    check_lookups(&model);
    model_remove(&model, 1);
    check(&model);
  }
  model_wipe(&model);
}

/* A queue: the newest come at one end, the oldest go at the other. */
static void test_queue_stays_balanced(void **state)
{
  (void)state;
  struct model model;
  model_init(&model, 3000);
  for (uint32_t i = 0; i < model.universe; i++) {
    model_insert(&model, i);
    if (i >= 100)
      model_remove(&model, i - 100);
    if (i % 50 == 0)
      check(&model);
  }
  check_lookups(&model);
  for (uint32_t i = model.universe - 100; i < model.universe; i++) {
    model_remove(&model, i);
    check(&model);
  }
  model_wipe(&model);
}

static void test_descending_order_stays_balanced(void **state)
{
  (void)state;
  struct model model;
  model_init(&model, 1024);
  for (uint32_t i = model.universe; i-- > 0;)
    model_insert(&model, i);
  check(&model);
  assert_int_equal(model.tree.root->height, 10);
  for (uint32_t i = model.universe; i-- > 0;)
    model_remove(&model, i);
  check(&model);
  model_wipe(&model);
}

static void toggle(struct model *model, uint32_t number)
{
  if (model->items[number] == NULL)
    model_insert(model, number);
  else
    model_remove(model, number);
}

/* Small trees are checked after every single change: all shapes of rotations come up. */
static void test_random_changes_of_small_trees(void **state)
{
  (void)state;
  uint64_t seed = 0x9e3779b97f4a7c15;
  struct model model;
  model_init(&model, 40);
  for (int i = 0; i < 20000; i++) {
    toggle(&model, (uint32_t)(next_random(&seed) % model.universe));
    check(&model);
    if (i % 100 == 0)
      check_lookups(&model);
  }
  model_wipe(&model);
}

static void test_random_changes_of_large_trees(void **state)
{
  (void)state;
  uint64_t seed = 0xd1b54a32d192ed03;
  struct model model;
  model_init(&model, 8000);
  for (int i = 0; i < 40000; i++) {
    toggle(&model, (uint32_t)(next_random(&seed) % model.universe));
    if (i % 1000 == 0)
      check(&model);
  }
  check(&model);
  check_lookups(&model);
  model_wipe(&model);
}

/* A label that is a prefix of another comes first. */
static void test_labels_of_different_lengths(void **state)
{
  (void)state;
  static const char *const labels[] = {"", "a", "aa", "ab", "b"};
  static const size_t order[] = {3, 0, 4, 2, 1};
  struct icws_label_entry entries[5];
  struct icws_label_tree tree;
  icws_label_tree_init(&tree);
  for (size_t i = 0; i < 5; i++) {
    icws_label_tree_insert(&tree, &entries[order[i]], icws_bytes_text(labels[order[i]]),
                           icws_bytes_text("value"));
  }
  const struct icws_label_entry *entry = icws_label_tree_at_least(&tree, icws_bytes_text(""));
  for (size_t i = 0; i < 5; i++) {
    assert_ptr_equal(entry, &entries[i]);
    assert_true(icws_bytes_equal(entry->value, icws_bytes_text("value")));
    entry = icws_label_tree_next(entry);
  }
  assert_null(entry);
  assert_ptr_equal(icws_label_tree_at_least(&tree, icws_bytes_text("aaa")), &entries[3]);
  assert_null(icws_label_tree_find(&tree, icws_bytes_text("aaa")));
  assert_null(icws_label_tree_at_least(&tree, icws_bytes_text("c")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_one_entry_comes_and_goes),
      cmocka_unit_test(test_queue_stays_balanced),
      cmocka_unit_test(test_descending_order_stays_balanced),
      cmocka_unit_test(test_random_changes_of_small_trees),
      cmocka_unit_test(test_random_changes_of_large_trees),
      cmocka_unit_test(test_labels_of_different_lengths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

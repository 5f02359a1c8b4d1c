/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sort.h"

static int compare(const void *a, const void *b)
{
  const uint32_t *left = a;
  const uint32_t *right = b;
  return *left < *right ? -1 : *left > *right;
}

/* A fixed sequence that looks random (a linear congruence). */
static uint32_t next(uint32_t *state)
{
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static void any_order_becomes_increasing(void **state)
{
  (void)state;
  uint32_t items[200];
  uint32_t seed = 1;
  for (size_t count = 0; count <= 200; count++) {
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
      items[i] = next(&seed) % 50; /* with many that are equal */
      sum += (uint64_t)items[i] * items[i];
    }
    icws_sort(items, count, sizeof(items[0]), compare);
    for (size_t i = 0; i < count; i++) {
      sum -= (uint64_t)items[i] * items[i];
      assert_true(i == 0 || items[i - 1] <= items[i]);
    }
    assert_int_equal(sum, 0); /* the same items */
  }
}

static uint64_t comparisons;

static int counting_compare(const void *a, const void *b)
{
  comparisons++;
  return compare(a, b);
}

/* n log n, not n squared, for the orders that others might choose. */
static void no_order_is_slow(void **state)
{
  (void)state;
  static uint32_t items[65536];
  for (unsigned order = 0; order < 3; order++) {
    for (uint32_t i = 0; i < 65536; i++)
      items[i] = order == 0 ? i : order == 1 ? 65535 - i : i ^ 0x5555;
    comparisons = 0;
    icws_sort(items, 65536, sizeof(items[0]), counting_compare);
    assert_true(comparisons < 65536u * 16 * 3);
    for (uint32_t i = 0; i < 65536; i++)
      assert_int_equal(items[i], i);
  }
}

static int compare_first(const void *a, const void *b)
{
  return compare(a, b);
}

static void items_move_whole(void **state)
{
  (void)state;
  struct {
    uint32_t key;
    uint8_t rest[ICWS_SORT_ITEM_MAX_BYTES - 4];
  } items[3] = {{.key = 3, .rest = {33}}, {.key = 1, .rest = {11}}, {.key = 2, .rest = {22}}};
  icws_sort(items, 3, sizeof(items[0]), compare_first);
  for (uint32_t i = 0; i < 3; i++) {
    assert_int_equal(items[i].key, i + 1);
    assert_int_equal(items[i].rest[0], (i + 1) * 11);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_order_becomes_increasing),
      cmocka_unit_test(no_order_is_slow),
      cmocka_unit_test(items_move_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

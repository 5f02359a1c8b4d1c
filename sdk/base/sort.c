/* SPDX-License-Identifier: Apache-2.0 */
#include "sort.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A heap in an array: the children of item i are items 2i + 1 and 2i + 2. */
struct heap {
  uint8_t *items;
  size_t count;
  size_t size;
  icws_sort_compare_fn *compare;
};

static uint8_t *item(const struct heap *heap, size_t index)
{
  return heap->items + index * heap->size;
}

static void swap(const struct heap *heap, size_t a, size_t b)
{
  uint8_t held[ICWS_SORT_ITEM_MAX_BYTES];
  memcpy(held, item(heap, a), heap->size);
  memcpy(item(heap, a), item(heap, b), heap->size);
  memcpy(item(heap, b), held, heap->size);
}

/* Lets the item at |index| sink to where no child is greater. */
static void sink(const struct heap *heap, size_t index)
{
  for (;;) {
    size_t greatest = index;
    for (size_t child = 2 * index + 1; child <= 2 * index + 2 && child < heap->count; child++) {
      if (heap->compare(item(heap, child), item(heap, greatest)) > 0)
        greatest = child;
    }
    if (greatest == index)
      return;
    swap(heap, index, greatest);
    index = greatest;
  }
}

static bool is_sorted(const struct heap *heap)
{
  for (size_t i = 1; i < heap->count; i++) {
    if (heap->compare(item(heap, i - 1), item(heap, i)) > 0)
      return false;
  }
  return true;
}

void icws_sort(void *items, size_t count, size_t size, icws_sort_compare_fn *compare)
{
  struct heap heap = {.items = items, .count = count, .size = size, .compare = compare};
  assert(size <= ICWS_SORT_ITEM_MAX_BYTES);
  if (is_sorted(&heap))
    return;
  for (size_t i = count / 2; i-- > 0;)
    sink(&heap, i);
  while (heap.count > 1) {
    swap(&heap, 0, --heap.count);
    sink(&heap, 0);
  }
}

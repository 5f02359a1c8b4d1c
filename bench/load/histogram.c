/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MS UINT64_C(1000000)

const uint64_t load_histogram_bounds_ns[LOAD_HISTOGRAM_BOUNDS] = {
    1 * MS,   2 * MS,    5 * MS,    10 * MS,   20 * MS,    50 * MS,    100 * MS,   200 * MS,
    500 * MS, 1000 * MS, 2000 * MS, 5000 * MS, 10000 * MS, 20000 * MS, 50000 * MS, 100000 * MS,
};

bool load_histogram_init(struct load_histogram *histogram, const char *name, uint64_t unit_ns,
                         size_t capacity)
{
  *histogram = (struct load_histogram){.name = name, .unit_ns = unit_ns, .capacity = capacity};
  histogram->times = calloc(capacity > 0 ? capacity : 1, sizeof *histogram->times);
  return histogram->times != NULL;
}

void load_histogram_wipe(struct load_histogram *histogram)
{
  free(histogram->times);
  histogram->times = NULL;
}

void load_histogram_add(struct load_histogram *histogram, uint64_t time_ns)
{
  assert(histogram->count < histogram->capacity);
  histogram->times[histogram->count++] = time_ns;
  histogram->sorted = false;
}

static int compare(const void *a, const void *b)
{
  uint64_t left;
  uint64_t right;
  memcpy(&left, a, sizeof left);
  memcpy(&right, b, sizeof right);
  return (left > right) - (left < right);
}

double load_histogram_quantile(struct load_histogram *histogram, unsigned percent)
{
  if (histogram->count == 0)
    return 0;
  if (!histogram->sorted)
    qsort(histogram->times, histogram->count, sizeof *histogram->times, compare);
  histogram->sorted = true;
  size_t rank = (histogram->count * percent + 99) / 100;
  return (double)histogram->times[rank > 0 ? rank - 1 : 0] / (double)histogram->unit_ns;
}

void load_histogram_buckets(const struct load_histogram *histogram,
                            size_t counts[LOAD_HISTOGRAM_BOUNDS + 1])
{
  memset(counts, 0, (LOAD_HISTOGRAM_BOUNDS + 1) * sizeof *counts);
  for (size_t i = 0; i < histogram->count; i++) {
    size_t bucket = 0;
    while (bucket < LOAD_HISTOGRAM_BOUNDS && histogram->times[i] > load_histogram_bounds_ns[bucket])
      bucket++;
    counts[bucket]++;
  }
}

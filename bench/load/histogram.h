/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_HISTOGRAM_H
#define ICWS_BENCH_LOAD_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Times, in ns.  Each one is kept, so that quantiles are exact. */
struct load_histogram {
  const char *name; /* ends in the unit that it is reported in, as in "open_connection_latency_s" */
  uint64_t unit_ns;
  uint64_t *times;
  size_t count;
  size_t capacity;
  bool sorted;
};

/* The upper bounds of the buckets: 1, 2 and 5 ms, 10 ms and so on.  What is longer than the last
 * one is in the bucket after it. */
#define LOAD_HISTOGRAM_BOUNDS 16
extern const uint64_t load_histogram_bounds_ns[LOAD_HISTOGRAM_BOUNDS];

/* load_histogram_init makes room for |capacity| times; false without memory. */
bool load_histogram_init(struct load_histogram *histogram, const char *name, uint64_t unit_ns,
                         size_t capacity);
void load_histogram_wipe(struct load_histogram *histogram);

/* load_histogram_add takes a time; there must be room. */
void load_histogram_add(struct load_histogram *histogram, uint64_t time_ns);

/* load_histogram_quantile returns the smallest time that |percent| of all are not above, in the
 * unit of the histogram; 100 is the maximum.  0 if there are none. */
double load_histogram_quantile(struct load_histogram *histogram, unsigned percent);

/* load_histogram_buckets counts the times in each bucket. */
void load_histogram_buckets(const struct load_histogram *histogram,
                            size_t counts[LOAD_HISTOGRAM_BOUNDS + 1]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/histogram.h"

#define MS UINT64_C(1000000)

/* Quantiles are whole numbers here. */
static void assert_quantile(struct load_histogram *histogram, unsigned percent, int wanted)
{
  assert_int_equal((int)load_histogram_quantile(histogram, percent), wanted);
}

static void test_empty(void **state)
{
  struct load_histogram histogram;
  size_t counts[LOAD_HISTOGRAM_BOUNDS + 1];
  (void)state;
  assert_true(load_histogram_init(&histogram, "x_ms", MS, 0));
  assert_quantile(&histogram, 50, 0);
  assert_quantile(&histogram, 100, 0);
  load_histogram_buckets(&histogram, counts);
  for (size_t i = 0; i <= LOAD_HISTOGRAM_BOUNDS; i++)
    assert_int_equal(counts[i], 0);
  load_histogram_wipe(&histogram);
}

/* 1 to 200 ms, the longest first; of those, half are not above 100 ms, and so on. */
static void test_quantiles(void **state)
{
  struct load_histogram histogram;
  (void)state;
  assert_true(load_histogram_init(&histogram, "x_ms", MS, 201));
  for (uint64_t ms = 200; ms > 0; ms--)
    load_histogram_add(&histogram, ms * MS);
  assert_quantile(&histogram, 50, 100);
  assert_quantile(&histogram, 90, 180);
  assert_quantile(&histogram, 99, 198);
  assert_quantile(&histogram, 100, 200);
  load_histogram_add(&histogram, 5000 * MS); /* after it has been sorted */
  assert_quantile(&histogram, 100, 5000);
  load_histogram_wipe(&histogram);
}

static void test_one(void **state)
{
  struct load_histogram histogram;
  (void)state;
  assert_true(load_histogram_init(&histogram, "x_s", 1000 * MS, 1));
  load_histogram_add(&histogram, 7000 * MS);
  assert_quantile(&histogram, 1, 7);
  assert_quantile(&histogram, 50, 7);
  assert_quantile(&histogram, 100, 7);
  load_histogram_wipe(&histogram);
}

/* A bound belongs to the bucket that it closes. */
static void test_buckets(void **state)
{
  struct load_histogram histogram;
  size_t counts[LOAD_HISTOGRAM_BOUNDS + 1];
  (void)state;
  assert_true(load_histogram_init(&histogram, "x_ms", MS, 6));
  load_histogram_add(&histogram, 0);
  load_histogram_add(&histogram, 1 * MS);
  load_histogram_add(&histogram, 1 * MS + 1);
  load_histogram_add(&histogram, 2 * MS);
  load_histogram_add(&histogram, 100000 * MS);
  load_histogram_add(&histogram, 100000 * MS + 1);
  load_histogram_buckets(&histogram, counts);
  assert_int_equal(counts[0], 2);
  assert_int_equal(counts[1], 2);
  for (size_t i = 2; i < LOAD_HISTOGRAM_BOUNDS - 1; i++)
    assert_int_equal(counts[i], 0);
  assert_int_equal(counts[LOAD_HISTOGRAM_BOUNDS - 1], 1);
  assert_int_equal(counts[LOAD_HISTOGRAM_BOUNDS], 1);
  load_histogram_wipe(&histogram);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_quantiles),
      cmocka_unit_test(test_one),
      cmocka_unit_test(test_buckets),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/rate.h"

#define MS UINT64_C(1000000)
#define NOW (UINT64_C(7000) * MS)

static void test_burst_and_then_the_rate(void **state)
{
  const struct rate_limit limit = {.per_second = 10, .burst = 3};
  struct rate rate = {0};

  (void)state;
  for (int i = 0; i < 3; i++) {
    assert_int_equal(rate_wait_ns(&rate, &limit, NOW), 0);
    rate_add(&rate, &limit, NOW);
  }
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW), 100 * MS);
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW + 99 * MS), 1 * MS);
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW + 100 * MS), 0);
  rate_add(&rate, &limit, NOW + 100 * MS);
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW + 100 * MS), 100 * MS);
}

static void test_what_comes_too_early_counts(void **state)
{
  const struct rate_limit limit = {.per_second = 10, .burst = 1};
  struct rate rate = {0};

  (void)state;
  for (int i = 0; i < 5; i++)
    rate_add(&rate, &limit, NOW);
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW), 500 * MS);
}

static void test_rest_is_not_saved_beyond_the_burst(void **state)
{
  const struct rate_limit limit = {.per_second = 10, .burst = 2};
  struct rate rate = {0};

  (void)state;
  rate_add(&rate, &limit, NOW);
  rate_add(&rate, &limit, NOW + 60000 * MS);
  rate_add(&rate, &limit, NOW + 60000 * MS);
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW + 60000 * MS), 100 * MS);
}

static void test_no_limit(void **state)
{
  const struct rate_limit limit = {0};
  struct rate rate = {0};

  (void)state;
  for (int i = 0; i < 1000; i++)
    rate_add(&rate, &limit, NOW);
  assert_int_equal(rate_wait_ns(&rate, &limit, NOW), 0);
  assert_true(rate_is_unused(&rate, NOW));
}

static void test_use_is_forgotten_in_time(void **state)
{
  const struct rate_limit limit = {.per_second = 2, .burst = 2};
  struct rate rate = {0};

  (void)state;
  assert_true(rate_is_unused(&rate, NOW));
  rate_add(&rate, &limit, NOW);
  assert_false(rate_is_unused(&rate, NOW + 499 * MS));
  assert_true(rate_is_unused(&rate, NOW + 500 * MS));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_burst_and_then_the_rate),
      cmocka_unit_test(test_what_comes_too_early_counts),
      cmocka_unit_test(test_rest_is_not_saved_beyond_the_burst),
      cmocka_unit_test(test_no_limit),
      cmocka_unit_test(test_use_is_forgotten_in_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

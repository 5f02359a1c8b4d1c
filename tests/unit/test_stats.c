/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/stats.h"

#define MS UINT64_C(1000000)

static void test_buckets_are_cumulative(void **state)
{
  struct icws_gateway_histogram histogram = {0};

  (void)state;
  assert_int_equal(icws_gateway_bucket_ms[0], 1);
  assert_int_equal(icws_gateway_bucket_ms[1], 2);
  histogram_add(&histogram, 0);
  histogram_add(&histogram, 1 * MS); /* a bound belongs to its bucket */
  histogram_add(&histogram, 1 * MS + 1);
  histogram_add(&histogram, 2 * MS + 1);
  assert_int_equal(histogram.within[0], 2);
  assert_int_equal(histogram.within[1], 3);
  assert_int_equal(histogram.within[2], 4);
  assert_int_equal(histogram.within[ICWS_GATEWAY_BUCKETS - 1], 4);
  assert_int_equal(histogram.count, 4);
  assert_int_equal(histogram.sum_ns, 4 * MS + 2);
}

static void test_beyond_the_last_bound(void **state)
{
  struct icws_gateway_histogram histogram = {0};

  (void)state;
  histogram_add(&histogram, icws_gateway_bucket_ms[ICWS_GATEWAY_BUCKETS - 1] * MS + 1);
  assert_int_equal(histogram.within[ICWS_GATEWAY_BUCKETS - 1], 0);
  assert_int_equal(histogram.count, 1);
}

static void test_bounds_ascend(void **state)
{
  (void)state;
  for (size_t i = 1; i < ICWS_GATEWAY_BUCKETS; i++)
    assert_true(icws_gateway_bucket_ms[i] > icws_gateway_bucket_ms[i - 1]);
}

static void assert_is_name(const char *name)
{
  assert_non_null(name);
  assert_true(strlen(name) > 0);
  assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
}

static void test_each_kind_has_a_name_of_its_own(void **state)
{
  (void)state;
  for (int i = 0; i < ICWS_GATEWAY_REFUSALS; i++) {
    assert_is_name(icws_gateway_refusal_name((enum icws_gateway_refusal)i));
    for (int j = 0; j < i; j++)
      assert_string_not_equal(icws_gateway_refusal_name((enum icws_gateway_refusal)i),
                              icws_gateway_refusal_name((enum icws_gateway_refusal)j));
  }
  for (int i = 0; i < ICWS_GATEWAY_TROUBLES; i++) {
    assert_is_name(icws_gateway_trouble_name((enum icws_gateway_trouble)i));
    for (int j = 0; j < i; j++)
      assert_string_not_equal(icws_gateway_trouble_name((enum icws_gateway_trouble)i),
                              icws_gateway_trouble_name((enum icws_gateway_trouble)j));
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_buckets_are_cumulative),
      cmocka_unit_test(test_beyond_the_last_bound),
      cmocka_unit_test(test_bounds_ascend),
      cmocka_unit_test(test_each_kind_has_a_name_of_its_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

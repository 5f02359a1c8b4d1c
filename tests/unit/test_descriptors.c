/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "common/descriptors.h"

static rlim_t limit_now(void)
{
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  return limit.rlim_cur;
}

/* A hard limit of 400, so that the test does not depend on the machine's. */
static int lower_hard_limit(void **state)
{
  const struct rlimit limit = {.rlim_cur = 200, .rlim_max = 400};
  (void)state;
  return setrlimit(RLIMIT_NOFILE, &limit);
}

static void test_raise(void **state)
{
  (void)state;
  assert_true(icws_descriptors_limit(300));
  assert_int_equal(limit_now(), 300);
  assert_true(icws_descriptors_limit(400));
  assert_int_equal(limit_now(), 400);
}

static void test_lower(void **state)
{
  (void)state;
  assert_true(icws_descriptors_limit(100));
  assert_int_equal(limit_now(), 100);
}

static void test_more_than_permitted(void **state)
{
  (void)state;
  assert_false(icws_descriptors_limit(401));
  assert_int_equal(limit_now(), 400);
  assert_false(icws_descriptors_limit(UINT64_MAX - 1));
  assert_int_equal(limit_now(), 400);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_raise),
      cmocka_unit_test(test_lower),
      cmocka_unit_test(test_more_than_permitted),
  };
  return cmocka_run_group_tests(tests, lower_hard_limit, NULL);
}

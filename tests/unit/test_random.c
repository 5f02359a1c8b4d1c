/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/random.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_the_default_fills_all_bytes(void **state)
{
  const struct icws_random *random = icws_random_default();
  uint8_t first[64] = {0};
  uint8_t second[64] = {0};
  uint8_t both[64];
  (void)state;
  assert_ptr_equal(random, icws_random_default());
  for (int i = 0; i < 16; i++) {
    assert_int_equal(random->fill(both, sizeof both, random->user_data), ICWS_OK);
    for (size_t at = 0; at < sizeof both; at++)
      first[at] |= both[at];
  }
  /* A byte that stays zero in 16 fillings: once in 2^128. */
  for (size_t at = 0; at < sizeof first; at++)
    assert_int_not_equal(first[at], 0);
  assert_int_equal(random->fill(second, sizeof second, random->user_data), ICWS_OK);
  assert_memory_not_equal(both, second, sizeof both);
}

static void test_nothing_beyond_the_length_is_written(void **state)
{
  const struct icws_random *random = icws_random_default();
  uint8_t out[16] = {0};
  (void)state;
  assert_int_equal(random->fill(out, 8, random->user_data), ICWS_OK);
  for (size_t at = 8; at < sizeof out; at++)
    assert_int_equal(out[at], 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_default_fills_all_bytes),
      cmocka_unit_test(test_nothing_beyond_the_length_is_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

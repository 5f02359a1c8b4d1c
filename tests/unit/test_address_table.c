/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/random.h>

#include "gateway/address_table.h"

#define NOW UINT64_C(5000000000)

static struct address number(uint32_t n)
{
  struct address address = {0};

  memcpy(address.bytes, &n, sizeof n);
  return address;
}

static struct address_entry *get(struct address_table *table, uint32_t n)
{
  const struct address address = number(n);

  return address_table_get(table, &address);
}

static int set_up(void **state)
{
  static struct address_table table;

  assert_int_equal(address_table_init(&table, icws_random_default()), ICWS_OK);
  *state = &table;
  return 0;
}

static int tear_down(void **state)
{
  address_table_wipe(*state);
  return 0;
}

static void test_an_address_has_one_entry(void **state)
{
  struct address_table *table = *state;
  struct address_entry *first = get(table, 1);

  assert_non_null(first);
  assert_int_equal(first->connections, 0);
  assert_ptr_equal(get(table, 1), first);
  assert_ptr_not_equal(get(table, 2), first);
  assert_int_equal(table->count, 2);
}

static void test_sweep_forgets_what_does_not_matter(void **state)
{
  const struct rate_limit limit = {.per_second = 1, .burst = 1};
  struct address_table *table = *state;
  struct address_entry *connected = get(table, 1);

  connected->connections = 1;
  rate_add(&get(table, 2)->rate, &limit, NOW);
  (void)get(table, 3);
  address_table_sweep(table, NOW);
  assert_int_equal(table->count, 2);
  address_table_sweep(table, NOW + 999999999);
  assert_int_equal(table->count, 2);
  address_table_sweep(table, NOW + 1000000000);
  assert_int_equal(table->count, 1);
  assert_ptr_equal(get(table, 1), connected);
  connected->connections = 0;
  address_table_sweep(table, NOW);
  assert_int_equal(table->count, 0);
}

static void test_there_is_room_for_so_many(void **state)
{
  struct address_table *table = *state;

  for (uint32_t i = 0; i < ADDRESS_TABLE_MAX; i++)
    assert_non_null(get(table, i));
  assert_null(get(table, ADDRESS_TABLE_MAX));
  assert_non_null(get(table, 77)); /* who is there already is still found */
  address_table_sweep(table, NOW);
  assert_int_equal(table->count, 0);
  assert_non_null(get(table, ADDRESS_TABLE_MAX));
}

static enum icws_error no_random(uint8_t *out, size_t len, void *user_data)
{
  (void)out;
  (void)len;
  (void)user_data;
  return ICWS_ERR_RANDOM;
}

static void test_no_randomness_no_table(void **state)
{
  const struct icws_random random = {.fill = no_random};
  struct address_table table;

  (void)state;
  assert_int_equal(address_table_init(&table, &random), ICWS_ERR_RANDOM);
  address_table_wipe(&table);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_an_address_has_one_entry),
      TEST(test_sweep_forgets_what_does_not_matter),
      TEST(test_there_is_room_for_so_many),
      cmocka_unit_test(test_no_randomness_no_table),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

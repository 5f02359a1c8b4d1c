/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/session_table.h"

#define MANY 1000

static struct icws_principal principal(uint8_t number)
{
  struct icws_principal value = {.len = 1, .bytes = {number}};

  return value;
}

static struct session_table_entry entry(uint8_t canister, uint8_t client, uint64_t nonce)
{
  return (struct session_table_entry){
      .canister = principal(canister),
      .key = {.principal = principal(client), .nonce = nonce},
  };
}

static struct session_table_entry *find(const struct session_table *table, uint8_t canister,
                                        uint8_t client, uint64_t nonce)
{
  const struct session_table_entry wanted = entry(canister, client, nonce);

  return session_table_find(table, &wanted.canister, &wanted.key);
}

static int set_up(void **state)
{
  static struct session_table table;

  assert_int_equal(session_table_init(&table, icws_random_default()), ICWS_OK);
  *state = &table;
  return 0;
}

static int tear_down(void **state)
{
  session_table_wipe(*state);
  return 0;
}

static void test_finds_what_was_entered(void **state)
{
  struct session_table *table = *state;
  struct session_table_entry a = entry(1, 2, 3);

  assert_null(find(table, 1, 2, 3));
  assert_true(session_table_enter(table, &a));
  assert_ptr_equal(find(table, 1, 2, 3), &a);
  assert_int_equal(table->count, 1);
  session_table_remove(table, &a);
  assert_null(find(table, 1, 2, 3));
  assert_int_equal(table->count, 0);
}

static void test_every_part_of_the_key_counts(void **state)
{
  struct session_table *table = *state;
  struct session_table_entry a = entry(1, 2, 3);

  assert_true(session_table_enter(table, &a));
  assert_null(find(table, 9, 2, 3));
  assert_null(find(table, 1, 9, 3));
  assert_null(find(table, 1, 2, 9));
}

static void test_refuses_the_same_key_twice(void **state)
{
  struct session_table *table = *state;
  struct session_table_entry a = entry(1, 2, 3);
  struct session_table_entry same = entry(1, 2, 3);
  struct session_table_entry elsewhere = entry(4, 2, 3);

  assert_true(session_table_enter(table, &a));
  assert_false(session_table_enter(table, &same));
  assert_ptr_equal(find(table, 1, 2, 3), &a);
  assert_true(session_table_enter(table, &elsewhere));
  assert_int_equal(table->count, 2);
  session_table_remove(table, &a);
  assert_true(session_table_enter(table, &same));
  assert_ptr_equal(find(table, 1, 2, 3), &same);
}

static void test_grows(void **state)
{
  static struct session_table_entry entries[MANY];
  struct session_table *table = *state;

  for (size_t i = 0; i < MANY; i++) {
    entries[i] = entry((uint8_t)(i % 3), (uint8_t)(i % 7), i);
    assert_true(session_table_enter(table, &entries[i]));
  }
  assert_int_equal(table->count, MANY);
  assert_true(table->bucket_count >= MANY);
  for (size_t i = 0; i < MANY; i += 2)
    session_table_remove(table, &entries[i]);
  for (size_t i = 0; i < MANY; i++)
    assert_ptr_equal(find(table, (uint8_t)(i % 3), (uint8_t)(i % 7), i),
                     i % 2 == 0 ? NULL : &entries[i]);
}

static enum icws_error no_randomness(uint8_t *out, size_t len, void *user_data)
{
  (void)out;
  (void)len;
  (void)user_data;
  return ICWS_ERR_SYSTEM;
}

static void test_needs_randomness(void **state)
{
  const struct icws_random broken = {.fill = no_randomness};
  struct session_table table;

  (void)state;
  assert_int_equal(session_table_init(&table, &broken), ICWS_ERR_RANDOM);
  session_table_wipe(&table);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_finds_what_was_entered, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_every_part_of_the_key_counts, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_refuses_the_same_key_twice, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_grows, set_up, tear_down),
      cmocka_unit_test(test_needs_randomness),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

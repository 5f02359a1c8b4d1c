/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devnet/canisters/members.h"

static struct icws_principal principal_of(uint8_t number)
{
  return (struct icws_principal){.len = 1, .bytes = {number}};
}

static void add(struct icws_members *members, uint8_t number)
{
  const struct icws_principal principal = principal_of(number);
  assert_true(icws_members_add(members, &principal));
}

static void drop(struct icws_members *members, uint8_t number)
{
  const struct icws_principal principal = principal_of(number);
  icws_members_remove(members, &principal);
}

static void lose(struct icws_members *members, uint8_t number)
{
  const struct icws_principal principal = principal_of(number);
  icws_members_lose(members, &principal);
}

static void test_sorted_and_once(void **state)
{
  (void)state;
  struct icws_members members = {0};
  for (int i = 0; i < 100; i++) {
    add(&members, (uint8_t)(i * 37 % 100)); /* each number below 100 once */
  }
  add(&members, 50);
  assert_int_equal(members.count, 100);
  for (size_t i = 0; i < 100; i++) {
    assert_int_equal(members.list[i].principal.bytes[0], i);
  }
  drop(&members, 0);
  drop(&members, 50);
  drop(&members, 50);
  drop(&members, 200);
  assert_int_equal(members.count, 98);
  assert_int_equal(members.list[0].principal.bytes[0], 1);
  assert_int_equal(members.list[49].principal.bytes[0], 51);
  icws_members_wipe(&members);
  assert_int_equal(members.count, 0);
}

static void test_lost(void **state)
{
  (void)state;
  struct icws_members members = {0};
  struct icws_principal principal;
  add(&members, 1);
  add(&members, 2);
  add(&members, 3);
  assert_false(icws_members_next_lost(&members, &principal));
  lose(&members, 3);
  lose(&members, 3);
  lose(&members, 2);
  lose(&members, 9);
  assert_int_equal(members.lost, 2);
  assert_true(icws_members_next_lost(&members, &principal));
  assert_int_equal(principal.bytes[0], 2);
  drop(&members, 2);
  assert_true(icws_members_next_lost(&members, &principal));
  assert_int_equal(principal.bytes[0], 3);
  drop(&members, 3);
  assert_false(icws_members_next_lost(&members, &principal));
  assert_int_equal(members.lost, 0);
  add(&members, 3); /* who comes again starts anew */
  assert_false(icws_members_next_lost(&members, &principal));
  icws_members_wipe(&members);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sorted_and_once),
      cmocka_unit_test(test_lost),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

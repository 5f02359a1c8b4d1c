/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "icws/bind/names.h"

static void test_snake_case(void **state)
{
  (void)state;
  static const char *const rows[][2] = {
      {"text", "text"},
      {"AppMessage", "app_message"},
      {"HTTPServer", "http_server"},
      {"getHTTP", "get_http"},
      {"Http2Server", "http2_server"},
      {"X", "x"},
      {"ok_Case", "ok_case"},
      {"snake_case_", "snake_case_"},
      {"__private", "private"},
      {"two words", "two_words"},
      {"a--b", "a_b"},
      {"\xc3\xa4hnlich", "hnlich"},
      {"7th", "n_2761067"},
      {"", "n_0"},
      {"\xe2\x98\x83", "n_11272781"},
      {"___", "n_4745535"},
  };
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_string_equal(bind_snake_case(&arena, icws_bytes_text(rows[i][0])), rows[i][1]);
  icws_arena_wipe(&arena);
}

static void test_members(void **state)
{
  (void)state;
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  assert_string_equal(bind_member_name(&arena, "int"), "int_");
  assert_string_equal(bind_member_name(&arena, "class"), "class_");
  assert_string_equal(bind_member_name(&arena, "errno"), "errno_");
  assert_string_equal(bind_member_name(&arena, "integer"), "integer");
  assert_string_equal(bind_upper_case(&arena, "a_b1"), "A_B1");
  icws_arena_wipe(&arena);
}

static void test_plain(void **state)
{
  (void)state;
  assert_true(bind_is_plain(icws_bytes_text("Az_09")));
  assert_false(bind_is_plain(icws_bytes_text("")));
  assert_false(bind_is_plain(icws_bytes_text("a*")));
  assert_false(bind_is_plain(icws_bytes_text("a/")));
  assert_false(bind_is_plain(icws_bytes_text("\xc3\xa4")));
}

static void test_scopes(void **state)
{
  (void)state;
  struct bind_scope scope = {.buckets = {NULL}};
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  assert_string_equal(bind_scope_add(&scope, &arena, "a"), "a");
  assert_string_equal(bind_scope_add(&scope, &arena, "b"), "b");
  assert_string_equal(bind_scope_add(&scope, &arena, "a"), "a_2");
  assert_string_equal(bind_scope_add(&scope, &arena, "a_3"), "a_3");
  assert_string_equal(bind_scope_add(&scope, &arena, "a"), "a_4");
  icws_arena_wipe(&arena);
}

/* A full arena ends what would look for another name. */
static void test_full_arena(void **state)
{
  (void)state;
  struct bind_scope scope = {.buckets = {NULL}};
  struct icws_arena arena;
  icws_arena_init(&arena, 64, NULL);
  while (icws_arena_error(&arena) == ICWS_OK)
    assert_non_null(bind_scope_add(&scope, &arena, "a"));
  assert_int_equal(icws_arena_error(&arena), ICWS_ERR_LIMIT);
  assert_string_equal(bind_snake_case(&arena, icws_bytes_text("a")), "");
  icws_arena_wipe(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_snake_case), cmocka_unit_test(test_members),
      cmocka_unit_test(test_plain),      cmocka_unit_test(test_scopes),
      cmocka_unit_test(test_full_arena),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "candid/path.h"

static void check(const struct icws_candid_path *path, const char *expected)
{
  char text[ICWS_CANDID_PATH_TEXT_BYTES];
  memset(text, 'x', sizeof(text));
  assert_ptr_equal(icws_candid_path_text(path, text), text);
  assert_string_equal(text, expected);
}

static void check_step(struct icws_candid_step step, const char *expected)
{
  struct icws_candid_path path;
  icws_candid_path_init(&path);
  icws_candid_path_add(&path, step);
  check(&path, expected);
}

static void each_step(void **state)
{
  (void)state;
  struct icws_candid_field_type field = {.id = 7, .name = icws_bytes_text("text")};
  const struct icws_candid_method_type method = {.name = icws_bytes_text("open")};
  check_step(icws_candid_step_index(ICWS_CANDID_STEP_NONE, 3), "");
  check_step(icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, 0), "argument 1");
  check_step(icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, UINT32_MAX), "argument 4294967296");
  check_step(icws_candid_step_index(ICWS_CANDID_STEP_RESULT, 9), "result 10");
  check_step(icws_candid_step_index(ICWS_CANDID_STEP_ITEM, 0), "item 0");
  check_step(icws_candid_step_index(ICWS_CANDID_STEP_ITEMS, 5), "the items");
  check_step(icws_candid_step_field(&field), "field text");
  check_step(icws_candid_step_case(&field), "case text");
  check_step(icws_candid_step_method(&method), "method open");
  field.name = icws_bytes_of(NULL, 0);
  check_step(icws_candid_step_field(&field), "field 7");
  check_step(icws_candid_step_case(&field), "case 7");
  field.name = icws_bytes_text("");
  check_step(icws_candid_step_field(&field), "field ");
}

static void the_outermost_comes_first(void **state)
{
  (void)state;
  struct icws_candid_path path;
  icws_candid_path_init(&path);
  check(&path, "");
  icws_candid_path_add(&path, icws_candid_step_index(ICWS_CANDID_STEP_ITEM, 2));
  icws_candid_path_add(&path, icws_candid_step_index(ICWS_CANDID_STEP_NONE, 0));
  icws_candid_path_add(&path, icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, 0));
  check(&path, "argument 1, item 2");
  icws_candid_path_init(&path);
  check(&path, "");
}

static void the_outermost_are_left_out(void **state)
{
  (void)state;
  struct icws_candid_path path;
  icws_candid_path_init(&path);
  for (uint32_t i = 0; i < ICWS_CANDID_PATH_STEPS; i++)
    icws_candid_path_add(&path, icws_candid_step_index(ICWS_CANDID_STEP_ITEM, i));
  check(&path, "item 7, item 6, item 5, item 4, item 3, item 2, item 1, item 0");
  for (uint32_t i = 0; i < 1000; i++)
    icws_candid_path_add(&path, icws_candid_step_index(ICWS_CANDID_STEP_ITEM, 99));
  check(&path, "..., item 7, item 6, item 5, item 4, item 3, item 2, item 1, item 0");
}

static void long_names_are_cut(void **state)
{
  (void)state;
  struct icws_candid_path path;
  char name[500];
  char text[ICWS_CANDID_PATH_TEXT_BYTES];
  char expected[ICWS_CANDID_PATH_TEXT_BYTES];
  memset(name, 'n', sizeof(name));
  const struct icws_candid_field_type field = {.name = icws_bytes_of(name, sizeof(name))};
  icws_candid_path_init(&path);
  icws_candid_path_add(&path, icws_candid_step_index(ICWS_CANDID_STEP_ITEM, 1));
  icws_candid_path_add(&path, icws_candid_step_field(&field));
  icws_candid_path_add(&path, icws_candid_step_field(&field));
  memset(expected, 'n', sizeof(expected) - 1);
  memcpy(expected, "field ", 6);
  expected[sizeof(expected) - 1] = '\0';
  assert_string_equal(icws_candid_path_text(&path, text), expected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_step),
      cmocka_unit_test(the_outermost_comes_first),
      cmocka_unit_test(the_outermost_are_left_out),
      cmocka_unit_test(long_names_are_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

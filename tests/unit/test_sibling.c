/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/sibling.h"

/* The only program that surely lies beside this one is itself. */
static void test_beside(void **state)
{
  char own[ICWS_SIBLING_BYTES] = {0};
  char path[ICWS_SIBLING_BYTES];
  (void)state;
  assert_true(readlink("/proc/self/exe", own, sizeof(own) - 1) > 0);
  icws_sibling_path("test_sibling", path);
  assert_string_equal(path, own);
}

static void test_not_there(void **state)
{
  char path[ICWS_SIBLING_BYTES];
  (void)state;
  icws_sibling_path("no-such-program", path);
  assert_string_equal(path, "no-such-program");
  icws_sibling_word("no-such-program", path);
  assert_string_equal(path, "no-such-program");
}

/* Characters that a shell acts on make a word of a path useless; the path stays one. */
static void test_word(void **state)
{
  char folder[] = "/tmp/icws test XXXXXX";
  char name[ICWS_SIBLING_BYTES] = "../../../../../../../../../../../../../../../..";
  char path[ICWS_SIBLING_BYTES];
  char word[ICWS_SIBLING_BYTES];
  (void)state;
  assert_non_null(mkdtemp(folder));
  strcat(name, folder);
  icws_sibling_path(name, path);
  icws_sibling_word(name, word);
  assert_int_equal(rmdir(folder), 0);
  assert_string_not_equal(path, name);
  assert_string_equal(word, name);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_beside),
      cmocka_unit_test(test_not_there),
      cmocka_unit_test(test_word),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

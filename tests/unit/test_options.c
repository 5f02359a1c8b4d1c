/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/options.h"

struct settings {
  bool loud;
  const char *name;
  uint64_t count;
  uint64_t wait_ms;
  uint64_t linger_ms;
  struct icws_option_list items;
};

static struct settings settings;
static const char *operand;

static const struct icws_option rows[] = {
    {'l', "loud", NULL, ICWS_OPTION_FLAG, offsetof(struct settings, loud), "be loud"},
    {'n', "name", "NAME", ICWS_OPTION_TEXT, offsetof(struct settings, name), "a name"},
    {'C', "count", "N", ICWS_OPTION_COUNT, offsetof(struct settings, count), "a count"},
    {'\0', "wait", "SEC", ICWS_OPTION_SECONDS, offsetof(struct settings, wait_ms), "a time"},
    {'q', "linger", "SEC", ICWS_OPTION_LINGER, offsetof(struct settings, linger_ms), "a time"},
    {'i', "item", "ITEM", ICWS_OPTION_LIST, offsetof(struct settings, items), "an item"},
};

/* Parses the words up to NULL. */
static int parse(const char *operand_name, ...)
{
  const struct icws_option_group group = {"Options", rows, sizeof(rows) / sizeof(rows[0]),
                                          &settings};
  const struct icws_command_line command_line = {.program = "program",
                                                 .synopsis = "[OPTION]...",
                                                 .about = "Test.\n",
                                                 .operands = {operand_name},
                                                 .groups = &group,
                                                 .group_count = 1};
  char words[12][64] = {"program"};
  char *argv[12] = {words[0]};
  int argc = 1;
  va_list arguments;
  va_start(arguments, operand_name);
  for (const char *word = va_arg(arguments, const char *); word != NULL;
       word = va_arg(arguments, const char *)) {
    strcpy(words[argc], word);
    argv[argc] = words[argc];
    argc++;
  }
  va_end(arguments);
  memset(&settings, 0, sizeof(settings));
  operand = NULL;
  int status = icws_options_parse(&command_line, argc, argv, &operand);
  if (settings.name != NULL) { /* the words are gone when this returns */
    static char kept[64];
    settings.name = strcpy(kept, settings.name);
  }
  if (operand != NULL) {
    static char kept[64];
    operand = strcpy(kept, operand);
  }
  return status;
}

static void test_each_kind(void **state)
{
  (void)state;
  assert_int_equal(parse(NULL, "-l", "-n", "anna", "-C3", "--wait", "0.25", "-q", "0", NULL),
                   ICWS_OPTIONS_GO);
  assert_true(settings.loud);
  assert_string_equal(settings.name, "anna");
  assert_int_equal(settings.count, 3);
  assert_int_equal(settings.wait_ms, 250);
  assert_int_equal(settings.linger_ms, 0);
  assert_int_equal(parse(NULL, "--loud", "--name=b c", "--count", "18446744073709551615",
                         "--wait=2", "--linger", "1.005", NULL),
                   ICWS_OPTIONS_GO);
  assert_string_equal(settings.name, "b c");
  assert_true(settings.count == UINT64_MAX);
  assert_int_equal(settings.wait_ms, 2000);
  assert_int_equal(settings.linger_ms, 1005);
  assert_int_equal(parse(NULL, NULL), ICWS_OPTIONS_GO);
  assert_false(settings.loud);
  assert_null(operand);
}

/* Items are counted here; test_options_file reads them. */
static void test_list(void **state)
{
  (void)state;
  assert_int_equal(parse(NULL, "-i", "a", "--item=b", "-l", "-ic", NULL), ICWS_OPTIONS_GO);
  assert_int_equal(settings.items.count, 3);
  assert_int_equal(parse(NULL, "-l", NULL), ICWS_OPTIONS_GO);
  assert_int_equal(settings.items.count, 0);
  assert_int_equal(parse(NULL, "-i", "", NULL), 2);
}

static void test_operand(void **state)
{
  (void)state;
  assert_int_equal(parse("FILE", "key.pem", "-l", NULL), ICWS_OPTIONS_GO);
  assert_string_equal(operand, "key.pem");
  assert_true(settings.loud);
  assert_int_equal(parse("FILE", "--", "-l", NULL), ICWS_OPTIONS_GO);
  assert_string_equal(operand, "-l");
  assert_false(settings.loud);
  assert_int_equal(parse("FILE", NULL), 2);
  assert_int_equal(parse("FILE", "one", "two", NULL), 2);
  assert_int_equal(parse(NULL, "one", NULL), 2);
}

/* Operands without a name of their own may be any number, and stand among the options. */
static void test_rest(void **state)
{
  struct icws_operands rest;
  const struct icws_option_group group = {"Options", rows, 1, &settings};
  const struct icws_command_line command_line = {.program = "program",
                                                 .synopsis = "FIRST [REST]...",
                                                 .about = "Test.\n",
                                                 .operands = {"FIRST"},
                                                 .rest = &rest,
                                                 .groups = &group,
                                                 .group_count = 1};
  char words[][8] = {"program", "one", "two", "-l", "--", "-x"};
  char *argv[] = {words[0], words[1], words[2], words[3], words[4], words[5], NULL};
  (void)state;
  assert_int_equal(icws_options_parse(&command_line, 6, argv, &operand), ICWS_OPTIONS_GO);
  assert_string_equal(operand, "one");
  assert_int_equal(rest.count, 2);
  assert_string_equal(rest.words[0], "two");
  assert_string_equal(rest.words[1], "-x");
  assert_true(settings.loud);
  char *alone[] = {words[0], words[1], NULL};
  assert_int_equal(icws_options_parse(&command_line, 2, alone, &operand), ICWS_OPTIONS_GO);
  assert_int_equal(rest.count, 0);
  assert_int_equal(icws_options_parse(&command_line, 1, alone, &operand), 2);
}

static void test_wrong(void **state)
{
  static const char *const counts[] = {"", "0", "-1", "+1", "1x", "1.5", "18446744073709551616"};
  static const char *const times[] = {"",
                                      "0",
                                      "0.000",
                                      "-1",
                                      "1.",
                                      ".5",
                                      "1.0005",
                                      "1s",
                                      "1e3",
                                      "1000000001",
                                      "99999999999999999999"};
  (void)state;
  for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
    assert_int_equal(parse(NULL, "-C", counts[i], NULL), 2);
  for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
    assert_int_equal(parse(NULL, "--wait", times[i], NULL), 2);
  assert_int_equal(parse(NULL, "-q", "", NULL), 2);
  assert_int_equal(parse(NULL, "-n", "", NULL), 2);
  assert_int_equal(parse(NULL, "-n", NULL), 2);
  assert_int_equal(parse(NULL, "--name", NULL), 2);
  assert_int_equal(parse(NULL, "--loud=yes", NULL), 2);
  assert_int_equal(parse(NULL, "-x", NULL), 2);
  assert_int_equal(parse(NULL, "--unknown", NULL), 2);
}

static void test_help_and_version(void **state)
{
  (void)state;
  assert_int_equal(parse(NULL, "--help", NULL), 0);
  assert_int_equal(parse(NULL, "-h", NULL), 0);
  assert_int_equal(parse("FILE", "--version", NULL), 0); /* an operand is not missed */
  assert_int_equal(parse(NULL, "-V", "--unknown", NULL), 0);
  assert_int_equal(parse(NULL, "--unknown", "-V", NULL), 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_kind), cmocka_unit_test(test_list),
      cmocka_unit_test(test_operand),   cmocka_unit_test(test_rest),
      cmocka_unit_test(test_wrong),     cmocka_unit_test(test_help_and_version),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

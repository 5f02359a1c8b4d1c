/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/options_file.h"

struct settings {
  bool loud;
  const char *config;
  const char *name;
  uint64_t count;
  struct icws_option_list friends;
};

static struct settings settings;
static struct icws_buf contents;
static char said[2048]; /* what the last parse wrote to standard error */

static const struct icws_option rows[] = {
    {'l', "loud", NULL, ICWS_OPTION_FLAG, offsetof(struct settings, loud), "be loud"},
    {'n', "name", "NAME", ICWS_OPTION_TEXT, offsetof(struct settings, name), "a name"},
    {'C', "count", "N", ICWS_OPTION_COUNT, offsetof(struct settings, count), "a count"},
    {'f', "friend", "NAME", ICWS_OPTION_LIST, offsetof(struct settings, friends), "a friend"},
};
static const struct icws_option program_rows[] = {
    {'\0', "config", "FILE", ICWS_OPTION_TEXT, offsetof(struct settings, config), "the file"},
};

static const char *check(const struct icws_option *option, const char *argument, void *user_data)
{
  assert_ptr_equal(user_data, &settings);
  assert_int_not_equal(option->kind, ICWS_OPTION_FLAG);
  if (option->kind == ICWS_OPTION_COUNT)
    return strcmp(argument, "7") == 0 ? "another number" : NULL;
  return strcmp(argument, "nobody") == 0 ? "somebody" : NULL;
}

static int parse_command_line(const struct icws_command_line *command_line, const char *words)
{
  static char copy[256]; /* the settings borrow from it */
  static char name[] = "program";
  char *argv[16] = {name};
  int argc = 1;
  strcpy(copy, words);
  for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
    argv[argc++] = word;
  return icws_options_parse(command_line, argc, argv, NULL);
}

/* What standard error has got since it was turned into |capture|. */
static void take_back_stderr(FILE *capture, int original)
{
  fflush(stderr);
  rewind(capture);
  said[fread(said, 1, sizeof(said) - 1, capture)] = '\0';
  dup2(original, STDERR_FILENO);
  close(original);
  fclose(capture);
}

/* Parses |words|, and then a file that holds |text|. */
static int parse_bytes(const char *words, const char *text, size_t len)
{
  bool given[ICWS_OPTIONS_MAX] = {false};
  const struct icws_option_group groups[] = {
      {"Options", rows, sizeof(rows) / sizeof(rows[0]), &settings},
      {"Program", program_rows, 1, &settings},
  };
  const struct icws_command_line command_line = {.program = "program",
                                                 .synopsis = "[OPTION]...",
                                                 .about = "Test.\n",
                                                 .groups = groups,
                                                 .group_count = 2,
                                                 .check = check,
                                                 .given = given};
  char path[] = "/tmp/icws-test-options-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, len), (ssize_t)len);
  close(fd);
  memset(&settings, 0, sizeof(settings));
  icws_buf_wipe(&contents);
  icws_buf_init(&contents, ICWS_OPTIONS_FILE_MAX_BYTES, NULL);
  assert_int_equal(parse_command_line(&command_line, words), ICWS_OPTIONS_GO);
  FILE *capture = tmpfile();
  int original = dup(STDERR_FILENO);
  dup2(fileno(capture), STDERR_FILENO);
  int result = icws_options_file_read(&command_line, path, "config", &contents);
  take_back_stderr(capture, original);
  unlink(path);
  return result;
}

static int parse(const char *words, const char *text)
{
  return parse_bytes(words, text, strlen(text));
}

static void test_lines(void **state)
{
  (void)state;
  assert_int_equal(parse("", "# a comment\n"
                             "\n"
                             "  name = anna b#c  # another\r\n"
                             "\tcount=3\t\n"
                             "friend = x = y\n"
                             "  # friend = z\n"
                             "friend = w"),
                   ICWS_OPTIONS_GO);
  assert_string_equal(said, "");
  assert_string_equal(settings.name, "anna b#c");
  assert_int_equal(settings.count, 3);
  assert_int_equal(settings.friends.count, 2);
  assert_string_equal(settings.friends.items[0], "x = y");
  assert_string_equal(settings.friends.items[1], "w");
  assert_int_equal(parse("", ""), ICWS_OPTIONS_GO);
  assert_null(settings.name);
}

/* A list that the command line has replaces the file's. */
static void test_command_line_wins(void **state)
{
  (void)state;
  assert_int_equal(parse("-n anna -f berta", "name = carla\ncount = 5\nfriend = x\nfriend = y\n"),
                   ICWS_OPTIONS_GO);
  assert_string_equal(settings.name, "anna");
  assert_int_equal(settings.count, 5);
  assert_int_equal(settings.friends.count, 1);
  assert_string_equal(settings.friends.items[0], "berta");
}

static void expect_complaint(const char *text, const char *complaint)
{
  assert_int_equal(parse("", text), 2);
  assert_non_null(strstr(said, complaint));
}

static void test_complaints(void **state)
{
  (void)state;
  expect_complaint("name = anna\nnome = berta\n", ":2: unknown key 'nome'");
  expect_complaint("--name = anna\n", ":1: unknown key '--name'");
  expect_complaint("loud = yes\n", ":1: unknown key 'loud'");
  expect_complaint("config = other\n", ":1: unknown key 'config'");
  expect_complaint("\n\ncount = many\n", ":3: count takes a whole number above zero, not 'many'");
  expect_complaint("count =\n", ":1: count takes a whole number above zero, not ''");
  expect_complaint("name =  # nothing\n", ":1: name takes something, not ''");
  expect_complaint("name = nobody\n", ":1: name takes somebody, not 'nobody'");
  expect_complaint("count = 7\n", ":1: count takes another number, not '7'");
  expect_complaint("friend = nobody\n", ":1: friend takes somebody, not 'nobody'");
  expect_complaint("name = a\n# b\nname = c\n", ":3: 'name' is in line 1 already");
  expect_complaint("name\n", ":1: a line is 'key = value', not 'name'");
  expect_complaint("= anna\n", ":1: a line is 'key = value', not '=...'");
  expect_complaint("name http://anna:secret@host\n", ":1: a line is 'key = value', not 'name...'");
  expect_complaint("name: anna\n", ":1: a line is 'key = value', not 'name...'");
  expect_complaint("name = a\x1b[2Jb\n", ":1: there is a control character");
  assert_int_equal(parse_bytes("", "name = a\0b\n", 11), 2);
  assert_non_null(strstr(said, ":1: there is a control character"));
}

static void test_limits(void **state)
{
  (void)state;
  static char text[ICWS_OPTIONS_FILE_MAX_BYTES + 1];
  size_t len = 0;
  for (int i = 0; i < ICWS_OPTION_LIST_MAX; i++)
    len += (size_t)sprintf(text + len, "friend = %d\n", i);
  assert_int_equal(parse("", text), ICWS_OPTIONS_GO);
  assert_int_equal(settings.friends.count, ICWS_OPTION_LIST_MAX);
  strcpy(text + len, "friend = more\n");
  expect_complaint(text, ":257: friend takes at most 256 values, not 'more'");

  memset(text, '\n', sizeof(text));
  assert_int_equal(parse_bytes("", text, ICWS_OPTIONS_FILE_MAX_BYTES - 1), ICWS_OPTIONS_GO);
  assert_int_equal(parse_bytes("", text, ICWS_OPTIONS_FILE_MAX_BYTES + 1), 1);
  assert_non_null(strstr(said, "too large"));
}

static void test_missing_file(void **state)
{
  (void)state;
  bool given[ICWS_OPTIONS_MAX] = {false};
  const struct icws_command_line command_line = {.program = "program", .given = given};
  assert_int_equal(icws_options_file_read(&command_line, "/nonexistent/file", "config", &contents),
                   1);
}

static int wipe(void **state)
{
  (void)state;
  icws_buf_wipe(&contents);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lines),        cmocka_unit_test(test_command_line_wins),
      cmocka_unit_test(test_complaints),   cmocka_unit_test(test_limits),
      cmocka_unit_test(test_missing_file),
  };
  return cmocka_run_group_tests(tests, NULL, wipe);
}

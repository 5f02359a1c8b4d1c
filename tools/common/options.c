/* SPDX-License-Identifier: Apache-2.0 */
#include "common/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <icws/version.h>

#include "common/complain.h"
#include "common/exit_code.h"

#define MAX_SECONDS UINT64_C(1000000000)
#define HELP_COLUMN 30

/* What getopt_long returns for the row at index i is FIRST_ROW + i. */
enum { HELP = 256, VERSION, FIRST_ROW };

static const struct icws_option common_rows[] = {
    {'V', "version", NULL, ICWS_OPTION_FLAG, 0, "print the version and exit"},
    {'h', "help", NULL, ICWS_OPTION_FLAG, 0, "print this and exit"},
};

/* The tables as getopt_long wants them. */
struct grammar {
  const struct icws_option *rows[ICWS_OPTIONS_MAX];
  void *settings[ICWS_OPTIONS_MAX];
  size_t count;
  struct option longs[ICWS_OPTIONS_MAX + 3];
  char shorts[2 * (ICWS_OPTIONS_MAX + 2) + 2];
};

/* --- Help ------------------------------------------------------------------------------------- */

static void print_row(const struct icws_option *row)
{
  char left[64];
  int width =
      snprintf(left, sizeof(left), "  %c%c%c --%s%s%s", row->letter != '\0' ? '-' : ' ',
               row->letter != '\0' ? row->letter : ' ', row->letter != '\0' ? ',' : ' ', row->name,
               row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
  if (width < HELP_COLUMN - 1)
    printf("%-*s%s\n", HELP_COLUMN, left, row->help);
  else
    printf("%s\n%*s%s\n", left, HELP_COLUMN, "", row->help);
}

static int print_help(const struct icws_command_line *command_line)
{
  printf("Usage: %s %s\n%s", command_line->program, command_line->synopsis, command_line->about);
  for (size_t i = 0; i < command_line->group_count; i++) {
    printf("\n%s:\n", command_line->groups[i].title);
    for (size_t j = 0; j < command_line->groups[i].count; j++)
      print_row(&command_line->groups[i].options[j]);
  }
  printf("\nGeneral:\n");
  for (size_t i = 0; i < sizeof(common_rows) / sizeof(common_rows[0]); i++)
    print_row(&common_rows[i]);
  return fflush(stdout) == 0 ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
}

static int print_version(const struct icws_command_line *command_line)
{
  printf("%.*s %s\n", (int)strcspn(command_line->program, " "), command_line->program,
         ICWS_VERSION);
  return fflush(stdout) == 0 ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
}

/* --- Arguments of options --------------------------------------------------------------------- */

/* Reads the digits at |*text| and moves it past them; false if there are none or the number passes
 * |max|. */
static bool read_digits(const char **text, uint64_t max, uint64_t *value)
{
  const char *start = *text;
  *value = 0;
  for (; **text >= '0' && **text <= '9'; (*text)++) {
    unsigned digit = (unsigned)(**text - '0');
    if (*value > (max - digit) / 10)
      return false;
    *value = *value * 10 + digit;
  }
  return *text != start;
}

static bool read_count(const char *text, uint64_t *count)
{
  return read_digits(&text, UINT64_MAX, count) && *text == '\0' && *count > 0;
}

/* At most three places behind the point: milliseconds. */
static bool read_seconds(const char *text, uint64_t *ms)
{
  uint64_t seconds;
  if (!read_digits(&text, MAX_SECONDS, &seconds))
    return false;
  *ms = seconds * 1000;
  if (*text == '\0')
    return true;
  if (*text++ != '.' || *text == '\0')
    return false;
  for (uint64_t place = 100; *text >= '0' && *text <= '9' && place > 0; place /= 10)
    *ms += place * (uint64_t)(*text++ - '0');
  return *text == '\0';
}

static bool store(const struct icws_option *row, void *settings, const char *argument,
                  const char **wanted)
{
  void *member = (char *)settings + row->offset;
  switch (row->kind) {
  case ICWS_OPTION_FLAG:
    *(bool *)member = true;
    return true;
  case ICWS_OPTION_TEXT:
    *wanted = "something";
    *(const char **)member = argument;
    return argument[0] != '\0';
  case ICWS_OPTION_COUNT:
    *wanted = "a whole number above zero";
    return read_count(argument, member);
  case ICWS_OPTION_SECONDS:
    *wanted = "seconds above zero, as 2 or 0.5";
    return read_seconds(argument, member) && *(uint64_t *)member > 0;
  case ICWS_OPTION_LINGER:
    *wanted = "seconds, as 2 or 0.5";
    return read_seconds(argument, member);
  }
  return false;
}

/* --- Parsing ---------------------------------------------------------------------------------- */

static void add_row(struct grammar *grammar, const struct icws_option *row, int value)
{
  size_t at = strlen(grammar->shorts);
  struct option *entry = grammar->longs;
  while (entry->name != NULL)
    entry++;
  entry->name = row->name;
  entry->has_arg = row->argument != NULL ? required_argument : no_argument;
  entry->val = value;
  if (row->letter == '\0')
    return;
  grammar->shorts[at++] = row->letter;
  if (row->argument != NULL)
    grammar->shorts[at++] = ':';
  grammar->shorts[at] = '\0';
}

static void build_grammar(struct grammar *grammar, const struct icws_command_line *command_line)
{
  memset(grammar, 0, sizeof(*grammar));
  grammar->shorts[0] = ':'; /* to tell a missing argument from an unknown option */
  for (size_t i = 0; i < command_line->group_count; i++) {
    const struct icws_option_group *group = &command_line->groups[i];
    for (size_t j = 0; j < group->count; j++) {
      assert(grammar->count < ICWS_OPTIONS_MAX);
      grammar->rows[grammar->count] = &group->options[j];
      grammar->settings[grammar->count] = group->settings;
      add_row(grammar, &group->options[j], FIRST_ROW + (int)grammar->count++);
    }
  }
  add_row(grammar, &common_rows[0], VERSION);
  add_row(grammar, &common_rows[1], HELP);
}

/* A short option comes back as its letter. */
static int row_value(const struct grammar *grammar, int value)
{
  if (value == 'h')
    return HELP;
  if (value == 'V')
    return VERSION;
  for (size_t i = 0; i < grammar->count; i++)
    if (value == grammar->rows[i]->letter)
      return FIRST_ROW + (int)i;
  return value;
}

static int complain_unknown(const struct icws_command_line *command_line, char **argv)
{
  /* optopt is the letter of a short option, and 0 or a row's number for a long one. */
  if (optopt > 0 && optopt < HELP)
    return icws_complain_usage(command_line->program, "unknown option '-%c'", optopt);
  return icws_complain_usage(command_line->program, "unknown option '%s', or one without argument",
                             argv[optind - 1]);
}

static int act_on(const struct icws_command_line *command_line, const struct grammar *grammar,
                  int value, char **argv)
{
  const char *wanted = "";
  if (value == HELP)
    return print_help(command_line);
  if (value == VERSION)
    return print_version(command_line);
  if (value == ':')
    return icws_complain_usage(command_line->program, "option '%s' needs an argument",
                               argv[optind - 1]);
  if (value < FIRST_ROW)
    return complain_unknown(command_line, argv);
  size_t index = (size_t)(value - FIRST_ROW);
  if (!store(grammar->rows[index], grammar->settings[index], optarg, &wanted))
    return icws_complain_usage(command_line->program, "--%s takes %s, not '%s'",
                               grammar->rows[index]->name, wanted, optarg);
  return ICWS_OPTIONS_GO;
}

static int take_operands(const struct icws_command_line *command_line, int argc, char **argv,
                         const char **operands)
{
  for (size_t i = 0; i < ICWS_OPERANDS_MAX && command_line->operands[i] != NULL; i++) {
    if (optind == argc || argv[optind][0] == '\0')
      return icws_complain_usage(command_line->program, "%s is missing", command_line->operands[i]);
    operands[i] = argv[optind++];
  }
  if (optind < argc)
    return icws_complain_usage(command_line->program, "'%s' is too much", argv[optind]);
  return ICWS_OPTIONS_GO;
}

int icws_options_parse(const struct icws_command_line *command_line, int argc, char **argv,
                       const char **operands)
{
  struct grammar grammar;
  build_grammar(&grammar, command_line);
  optind = 0; /* begin anew: tests parse more than once */
  opterr = 0;
  for (;;) {
    int value = getopt_long(argc, argv, grammar.shorts, grammar.longs, NULL);
    if (value == -1)
      return take_operands(command_line, argc, argv, operands);
    int status = act_on(command_line, &grammar, row_value(&grammar, value), argv);
    if (status != ICWS_OPTIONS_GO)
      return status;
  }
}

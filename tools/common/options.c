/* SPDX-License-Identifier: Apache-2.0 */
#include "common/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <icws/version.h>

#include "common/complain.h"
#include "common/exit_code.h"

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
  const char *wanted =
      icws_option_take(command_line, grammar->rows[index], grammar->settings[index], optarg);
  if (wanted != NULL)
    return icws_complain_usage(command_line->program, "--%s takes %s, not '%s'",
                               grammar->rows[index]->name, wanted, optarg);
  if (command_line->given != NULL)
    command_line->given[index] = true;
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
  if (command_line->rest != NULL)
    *command_line->rest = (struct icws_operands){argv + optind, (size_t)(argc - optind)};
  else if (optind < argc)
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

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_OPTIONS_H
#define ICWS_TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Command lines from tables: a table row is what is parsed, what --help shows, and what the test of
 * the manual pages compares them with.
 */

/* What an option's member in the settings is, and what its argument must be. */
enum icws_option_kind {
  ICWS_OPTION_FLAG,    /* bool; no argument */
  ICWS_OPTION_TEXT,    /* const char *, borrowed from argv; not empty */
  ICWS_OPTION_COUNT,   /* uint64_t; 1 or more */
  ICWS_OPTION_SECONDS, /* uint64_t in milliseconds; decimal seconds above zero, as 2 or 0.5 */
  ICWS_OPTION_LINGER,  /* the same, zero as well */
  ICWS_OPTION_LIST,    /* struct icws_option_list; each time the option is given adds an item */
};

#define ICWS_OPTION_LIST_MAX 256

struct icws_option_list {
  const char *items[ICWS_OPTION_LIST_MAX]; /* as ICWS_OPTION_TEXT */
  size_t count;
};

struct icws_option {
  char letter; /* '\0': none */
  const char *name;
  const char *argument; /* its name in --help; NULL for a flag */
  enum icws_option_kind kind;
  size_t offset; /* of the member in the group's settings */
  const char *help;
};

/* Options that belong together; |settings| is the struct that their members are in. */
struct icws_option_group {
  const char *title;
  const struct icws_option *options;
  size_t count;
  void *settings;
};

#define ICWS_OPTIONS_MAX 32 /* of a command, over all groups */
#define ICWS_OPERANDS_MAX 2

/* Operands of any number, borrowed from argv. */
struct icws_operands {
  char **words;
  size_t count;
};

struct icws_command_line {
  const char *program;                     /* as its messages name it */
  const char *synopsis;                    /* what follows the name in --help */
  const char *about;                       /* one or more lines, each with its newline */
  const char *operands[ICWS_OPERANDS_MAX]; /* the names of those that are required, in order */
  struct icws_operands *rest;              /* where further operands go; NULL: there may be none */
  const struct icws_option_group *groups;
  size_t group_count;

  /* NULL, or looks at each argument that is good by its kind, and returns what is wanted instead ("a
   * port number"), or NULL.  It may keep in the settings what it makes of the argument. */
  const char *(*check)(const struct icws_option *option, const char *argument, void *settings);

  /* For configuration files (common/options_file.h): what the command line gave, in the order of
   * the rows over all groups; ICWS_OPTIONS_MAX places, false at first.  NULL: not wanted. */
  bool *given;
};

#define ICWS_OPTIONS_GO (-1)

/*
 * icws_options_parse reads a command line into the settings; argv[0] is passed over.  --help and
 * --version are known without a row.  Returns ICWS_OPTIONS_GO, or what to end with: after --help
 * or --version, or after a complaint.  |operands|, as many as the command line has names for, are
 * borrowed from argv; it may be NULL if there are none.
 */
int icws_options_parse(const struct icws_command_line *command_line, int argc, char **argv,
                       const char **operands);

/* icws_option_take stores |argument| as |row| of |command_line| wants it in |settings|, and returns
 * NULL, or what is wanted instead. */
const char *icws_option_take(const struct icws_command_line *command_line,
                             const struct icws_option *row, void *settings, const char *argument);

#endif

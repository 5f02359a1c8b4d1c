/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <icws/bytes.h>
#include <icws/version.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/hardening.h"

struct command {
  const char *group; /* NULL: the name stands alone */
  const char *name;
  const char *help;
  int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"key", "new", "make a key file", icws_cli_key_new},
    {"key", "show", "print the principal and the public key of a key file", icws_cli_key_show},
    {NULL, "verify", "check a certificate, and a message that it certifies", icws_cli_verify},
    {NULL, "status", "print what a network says of itself", icws_cli_status},
    {NULL, "query", "run a query method of a canister", icws_cli_query},
    {NULL, "call", "run an update method of a canister", icws_cli_call},
    {NULL, "read-state", "print certified values of the network's state", icws_cli_read_state},
    {"candid", "decode", "print a message as Candid text", icws_cli_candid_decode},
    {"candid", "encode", "print the message of values in Candid text", icws_cli_candid_encode},
    {"candid", "check", "check an interface, a .did file", icws_cli_candid_check},
    {"candid", "subtype", "check that one interface can replace another", icws_cli_candid_subtype},
    {"candid", "bind", "write C for the types of an interface", icws_cli_candid_bind},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static int print_help(void)
{
  printf("Usage: %s COMMAND [ARGUMENT]...\n"
         "Keys, calls of canisters, and certificates and Candid looked at without a "
         "network.\n\nCommands:\n",
         ICWS_CLI_NAME);
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    char name[32];
    const char *group = commands[i].group;
    snprintf(name, sizeof(name), "%s%s%s", group != NULL ? group : "", group != NULL ? " " : "",
             commands[i].name);
    printf("  %-16s%s\n", name, commands[i].help);
  }
  printf("\n'%s COMMAND --help' says more; '%s --version' prints the version.\n", ICWS_CLI_NAME,
         ICWS_CLI_NAME);
  return fflush(stdout) == 0 ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
}

static int print_version(void)
{
  printf("%s %s\n", ICWS_CLI_NAME, ICWS_VERSION);
  return fflush(stdout) == 0 ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
}

static bool is_one_of(const char *word, const char *letter, const char *name)
{
  return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

/* A command's name is the first one or two of the arguments. */
static bool matches(const struct command *command, int argc, char **argv, int *words)
{
  *words = command->group == NULL ? 1 : 2;
  if (argc <= *words)
    return false;
  if (command->group != NULL && strcmp(argv[1], command->group) != 0)
    return false;
  return strcmp(argv[*words], command->name) == 0;
}

static bool is_group(const char *word)
{
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (commands[i].group != NULL && strcmp(commands[i].group, word) == 0)
      return true;
  }
  return false;
}

/* Appends the commands of the group |word|, if it is one, as in "new, show". */
static void put_group(const char *word, struct icws_buf *list)
{
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (commands[i].group == NULL || strcmp(commands[i].group, word) != 0)
      continue;
    if (list->len > 0)
      icws_buf_put(list, ", ", 2);
    icws_buf_put(list, commands[i].name, strlen(commands[i].name));
  }
}

static int complain_unknown(int argc, char **argv)
{
  struct icws_buf list;
  icws_buf_init(&list, 0, NULL);
  put_group(argv[1], &list);
  if (list.len > 0)
    icws_complain_usage(ICWS_CLI_NAME, "'%s %s' is followed by one of: %.*s", ICWS_CLI_NAME,
                        argv[1], (int)list.len, (const char *)list.data);
  else
    icws_complain_usage(ICWS_CLI_NAME, "unknown command '%s%s%s'", argv[1], argc > 2 ? " " : "",
                        argc > 2 ? argv[2] : "");
  icws_buf_wipe(&list);
  return ICWS_EXIT_USAGE;
}

int icws_cli_main(int argc, char **argv)
{
  icws_hold_standard_descriptors();
  icws_forbid_core_dumps();
  if (argc < 2)
    return icws_complain_usage(ICWS_CLI_NAME, "a command is missing");
  if (is_one_of(argv[1], "-h", "--help"))
    return print_help();
  if (is_one_of(argv[1], "-V", "--version"))
    return print_version();
  if (argc == 3 && is_group(argv[1]) && is_one_of(argv[2], "-h", "--help"))
    return print_help();
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    int words;
    if (matches(&commands[i], argc, argv, &words))
      return commands[i].run(argc - words, argv + words);
  }
  return complain_unknown(argc, argv);
}

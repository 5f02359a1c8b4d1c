/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>

#include <icws/identity.h>
#include <icws/keys.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/options.h"
#include "common/passphrase.h"
#include "common/signals.h"

#define NEW_NAME "icws key new"
#define SHOW_NAME "icws key show"

static int failed(const char *program, const struct icws_failure *failure)
{
  int number = icws_signals_take();
  if (number != 0)
    return ICWS_EXIT_SIGNAL + number;
  icws_complain_failure(program, failure);
  return ICWS_EXIT_OTHER;
}

static void print_principal(const struct icws_identity *identity)
{
  struct icws_signer signer = icws_identity_signer(identity);
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(&signer.sender, text);
  printf("principal:  %s\n", text);
}

static void print_public_key(const struct icws_identity *identity)
{
  struct icws_signer signer = icws_identity_signer(identity);
  printf("public key: ");
  for (size_t i = 0; i < signer.public_key.len; i++)
    printf("%02x", signer.public_key.data[i]);
  printf("\n");
}

/* Late errors of standard output are errors of the command. */
static int flush_output(const char *program)
{
  if (fflush(stdout) == 0)
    return ICWS_EXIT_OK;
  icws_complain(program, "cannot write to standard output");
  return ICWS_EXIT_OTHER;
}

int icws_cli_key_new(int argc, char **argv)
{
  const char *path;
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_identity *identity = NULL;
  const struct icws_command_line command_line = {
      .program = NEW_NAME,
      .synopsis = "FILE",
      .about = "Make a new key, write it to FILE, which must not exist, and print its principal.\n",
      .operands = {"FILE"},
  };
  int status = icws_options_parse(&command_line, argc, argv, &path);
  if (status != ICWS_OPTIONS_GO)
    return status;
  enum icws_error error = icws_identity_new(NULL, &identity);
  if (error != ICWS_OK) {
    icws_complain(NEW_NAME, "%s", icws_strerror(error));
    return ICWS_EXIT_OTHER;
  }
  error = icws_keys_create(path, identity, &failure);
  if (error == ICWS_OK) {
    print_principal(identity);
    status = flush_output(NEW_NAME);
  } else {
    status = failed(NEW_NAME, &failure);
  }
  icws_identity_del(identity);
  return status;
}

static int show(const char *path)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_identity *identity = NULL;
  /* Caught, they end the asking for a passphrase, which gives the terminal its echo back. */
  if (!icws_signals_open(signals, sizeof(signals) / sizeof(signals[0]))) {
    icws_complain(SHOW_NAME, "cannot catch signals");
    return ICWS_EXIT_OTHER;
  }
  if (icws_keys_load(path, icws_passphrase_ask, &path, &identity, &failure) != ICWS_OK)
    return failed(SHOW_NAME, &failure);
  print_principal(identity);
  print_public_key(identity);
  icws_identity_del(identity);
  return flush_output(SHOW_NAME);
}

int icws_cli_key_show(int argc, char **argv)
{
  const char *path = NULL;
  static const struct icws_option options[] = {
      {'\0', "identity", "FILE", ICWS_OPTION_TEXT, 0, "the key file"},
  };
  const struct icws_option_group groups[] = {{"Options", options, 1, &path}};
  const struct icws_command_line command_line = {
      .program = SHOW_NAME,
      .synopsis = "--identity FILE",
      .about = "Print the principal of a key file, and its public key as DER in hex.\n",
      .groups = groups,
      .group_count = 1,
  };
  int status = icws_options_parse(&command_line, argc, argv, NULL);
  if (status != ICWS_OPTIONS_GO)
    return status;
  if (path == NULL)
    return icws_complain_usage(SHOW_NAME, "--identity is needed");
  status = show(path);
  icws_signals_close();
  return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bind.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/interface.h"
#include "common/options.h"

#define NAME "icws candid bind"
#define PREFIX_BYTES 64

struct settings {
  const char *prefix;
};

static const struct icws_option options[] = {
    {'\0', "prefix", "NAME", ICWS_OPTION_TEXT, offsetof(struct settings, prefix),
     "begin all names, and those of the files, with NAME"},
};

/* The name of the file without folders and ending, as an identifier. */
static void name_after_file(const char *path, char prefix[PREFIX_BYTES])
{
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  size_t len = 0;
  for (; *name != '\0' && *name != '.' && len + 1 < PREFIX_BYTES; name++) {
    char character = *name;
    if (character >= 'A' && character <= 'Z')
      character = (char)(character - 'A' + 'a');
    bool fits = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    prefix[len++] = fits ? character : '_';
  }
  prefix[len] = '\0';
}

static enum icws_error write_file(const char *prefix, const char *ending,
                                  const struct icws_buf *contents, struct icws_failure *failure)
{
  char path[PREFIX_BYTES + 4];
  int len = snprintf(path, sizeof(path), "%s%s", prefix, ending);
  if (len < 0 || (size_t)len >= sizeof(path))
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "the prefix is too long");
  return icws_file_write(path, icws_buf_bytes(contents), failure);
}

static int bind(const struct icws_interface *interface, const char *prefix)
{
  struct icws_failure failure;
  struct icws_buf header;
  struct icws_buf source;
  icws_buf_init(&header, 0, NULL);
  icws_buf_init(&source, 0, NULL);
  enum icws_error error = icws_bind(&interface->candid, prefix, &header, &source, &failure);
  if (error == ICWS_OK)
    error = write_file(prefix, ".h", &header, &failure);
  if (error == ICWS_OK)
    error = write_file(prefix, ".c", &source, &failure);
  if (error != ICWS_OK)
    icws_complain_failure(NAME, &failure);
  icws_buf_wipe(&header);
  icws_buf_wipe(&source);
  return error == ICWS_OK ? ICWS_EXIT_OK : ICWS_EXIT_OTHER;
}

int icws_cli_candid_bind(int argc, char **argv)
{
  const char *path;
  char prefix[PREFIX_BYTES];
  struct settings settings = {.prefix = NULL};
  struct icws_interface interface;
  const struct icws_option_group groups[] = {{"Options", options, 1, &settings}};
  const struct icws_command_line command_line = {
      .program = NAME,
      .synopsis = "[OPTION]... FILE.did",
      .about =
          "Write C for the types and methods of an interface: structs, and functions that encode\n"
          "and decode them.  FILE.did makes FILE.h and FILE.c in the current folder.\n",
      .operands = {"FILE.did"},
      .groups = groups,
      .group_count = 1,
  };
  int status = icws_options_parse(&command_line, argc, argv, &path);
  if (status != ICWS_OPTIONS_GO)
    return status;
  name_after_file(path, prefix);
  icws_interface_init(&interface);
  status = icws_interface_load(&interface, NAME, path);
  if (status == ICWS_EXIT_OK)
    status = bind(&interface, settings.prefix != NULL ? settings.prefix : prefix);
  icws_interface_wipe(&interface);
  return status;
}

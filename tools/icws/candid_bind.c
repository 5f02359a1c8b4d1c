/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "bind/bind.h"
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

/* The name of the file without folders and its last ending, as an identifier. */
static void name_after_file(const char *path, char prefix[PREFIX_BYTES])
{
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  const char *dot = strrchr(name, '.');
  size_t name_len = dot == NULL ? strlen(name) : (size_t)(dot - name);
  size_t len = 0;
  for (; len < name_len && len + 1 < PREFIX_BYTES; len++) {
    char character = name[len];
    if (character >= 'A' && character <= 'Z')
      character = (char)(character - 'A' + 'a');
    bool fits = (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    prefix[len] = fits ? character : '_';
  }
  prefix[len] = '\0';
}

/* What begins each file that icws_bind makes holds this. */
#define MARK "Made by icws candid bind"
#define MARK_WITHIN_BYTES 256

/* A file that somebody wrote, as a program beside its interface may be, must not be lost. */
static bool may_be_replaced(const char *path)
{
  char start[MARK_WITHIN_BYTES + 1];
  FILE *file = fopen(path, "re");
  if (file == NULL)
    return true; /* it is not there, or writing it will say what is wrong */
  size_t len = fread(start, 1, MARK_WITHIN_BYTES, file);
  fclose(file);
  start[len] = '\0';
  return len == 0 || strstr(start, MARK) != NULL;
}

/* A file to make. */
struct output {
  char path[PREFIX_BYTES + 4];
  struct icws_buf contents;
};

static enum icws_error name_output(struct output *output, const char *prefix, const char *ending,
                                   struct icws_failure *failure)
{
  int len = snprintf(output->path, sizeof(output->path), "%s%s", prefix, ending);
  if (len < 0 || (size_t)len >= sizeof(output->path))
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "the prefix is too long");
  if (!may_be_replaced(output->path))
    return icws_fail(
        failure, ICWS_ERR_INVALID_ARGUMENT,
        "%s is there and was not made by icws candid bind; --prefix gives another name",
        output->path);
  return ICWS_OK;
}

static enum icws_error make(const struct icws_interface *interface, const char *prefix,
                            struct output *header, struct output *source,
                            struct icws_failure *failure)
{
  enum icws_error error =
      icws_bind(&interface->candid, prefix, &header->contents, &source->contents, failure);
  if (error == ICWS_OK)
    error = name_output(header, prefix, ".h", failure);
  if (error == ICWS_OK)
    error = name_output(source, prefix, ".c", failure);
  if (error == ICWS_OK)
    error = icws_file_write(header->path, icws_buf_bytes(&header->contents), failure);
  if (error == ICWS_OK)
    error = icws_file_write(source->path, icws_buf_bytes(&source->contents), failure);
  return error;
}

static int bind(const struct icws_interface *interface, const char *prefix)
{
  struct icws_failure failure;
  struct output header;
  struct output source;
  icws_buf_init(&header.contents, 0, NULL);
  icws_buf_init(&source.contents, 0, NULL);
  enum icws_error error = make(interface, prefix, &header, &source, &failure);
  if (error != ICWS_OK)
    icws_complain_failure(NAME, &failure);
  icws_buf_wipe(&header.contents);
  icws_buf_wipe(&source.contents);
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
          "and decode them.  FILE.did makes FILE.h and FILE.c in the current folder, and replaces\n"
          "those that it made before.\n",
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

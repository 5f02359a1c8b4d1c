/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <icws/candid_interface.h>

#include "icws/bind/bind.h"

/* bind_interface FILE.did PREFIX FOLDER writes FOLDER/PREFIX.h and FOLDER/PREFIX.c. */

static int complain(const char *what, const char *why)
{
  (void)fprintf(stderr, "bind_interface: %s: %s\n", what, why);
  return 1;
}

static bool read_file(const char *path, struct icws_buf *text)
{
  char part[4096];
  size_t len;
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return false;
  while ((len = fread(part, 1, sizeof part, file)) > 0)
    icws_buf_put(text, part, len);
  return fclose(file) == 0 && icws_buf_error(text) == ICWS_OK;
}

static bool write_file(const char *folder, const char *name, const char *end,
                       const struct icws_buf *text)
{
  char path[1024];
  int len = snprintf(path, sizeof path, "%s/%s%s", folder, name, end);
  FILE *file = len > 0 && (size_t)len < sizeof path ? fopen(path, "wb") : NULL;
  if (file == NULL)
    return false;
  bool written = fwrite(text->data, 1, text->len, file) == text->len;
  return fclose(file) == 0 && written;
}

static int bind_text(struct icws_bytes text, char **args)
{
  struct icws_candid_types *types;
  struct icws_candid_interface interface;
  struct icws_failure failure;
  struct icws_buf header;
  struct icws_buf source;
  if (icws_candid_types_new(NULL, &types) != ICWS_OK)
    return complain(args[1], "no memory");
  icws_buf_init(&header, 0, NULL);
  icws_buf_init(&source, 0, NULL);
  int status = 0;
  if (icws_candid_interface_parse(text, types, NULL, NULL, &interface, NULL, &failure) != ICWS_OK ||
      icws_bind(&interface, args[2], &header, &source, &failure) != ICWS_OK)
    status = complain(args[1], failure.text);
  else if (!write_file(args[3], args[2], ".h", &header) ||
           !write_file(args[3], args[2], ".c", &source))
    status = complain(args[3], "cannot be written to");
  icws_buf_wipe(&header);
  icws_buf_wipe(&source);
  icws_candid_types_del(types);
  return status;
}

int main(int argc, char **argv)
{
  struct icws_buf text;
  if (argc != 4)
    return complain("usage", "bind_interface FILE.did PREFIX FOLDER");
  icws_buf_init(&text, 0, NULL);
  int status = read_file(argv[1], &text) ? bind_text(icws_buf_bytes(&text), argv)
                                         : complain(argv[1], "cannot be read");
  icws_buf_wipe(&text);
  return status;
}

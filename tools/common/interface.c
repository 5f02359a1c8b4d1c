/* SPDX-License-Identifier: Apache-2.0 */
#include "common/interface.h"

#include <stdio.h>
#include <string.h>

#include "common/caret.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"

#define PATH_BYTES 4096

void icws_interface_init(struct icws_interface *interface)
{
  *interface = (struct icws_interface){.types = NULL};
}

void icws_interface_wipe(struct icws_interface *interface)
{
  icws_candid_types_del(interface->types);
  icws_interface_init(interface);
}

/* An imported file is named by its path from the folder of the first one, |user_data|. */
static enum icws_error import_beside(struct icws_bytes name, struct icws_buf *text, void *user_data,
                                     struct icws_failure *failure)
{
  const char *importing = user_data;
  const char *slash = strrchr(importing, '/');
  int folder = slash == NULL ? 0 : (int)(slash - importing) + 1;
  char path[PATH_BYTES];
  if (memchr(name.data, '\0', name.len) != NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "the name of an import has a NUL in it");
  bool is_absolute = name.len > 0 && name.data[0] == '/';
  int len = snprintf(path, sizeof(path), "%.*s%.*s", is_absolute ? 0 : folder, importing,
                     (int)name.len, (const char *)name.data);
  if (len < 0 || (size_t)len >= sizeof(path))
    return icws_fail(failure, ICWS_ERR_SYSTEM, "the name of an import is too long");
  return icws_file_read(path, text, failure);
}

static int parse(struct icws_interface *interface, const char *program, const char *source,
                 struct icws_bytes text, icws_candid_import_fn *import)
{
  struct icws_candid_spot spot = {.line = 0};
  struct icws_failure failure = {.code = ICWS_OK};
  char path[PATH_BYTES];
  snprintf(path, sizeof(path), "%s", source);
  enum icws_error error = icws_candid_types_new(NULL, &interface->types);
  if (error != ICWS_OK) {
    icws_complain(program, "%s: %s", source, icws_strerror(error));
    return ICWS_EXIT_OTHER;
  }
  error = icws_candid_interface_parse(text, interface->types, import, path, &interface->candid,
                                      &spot, &failure);
  if (error == ICWS_OK)
    return ICWS_EXIT_OK;
  icws_complain_at(program, source, text, &spot, &failure);
  return ICWS_EXIT_OTHER;
}

int icws_interface_parse(struct icws_interface *interface, const char *program, const char *source,
                         struct icws_bytes text)
{
  return parse(interface, program, source, text, NULL);
}

int icws_interface_load(struct icws_interface *interface, const char *program, const char *path)
{
  struct icws_buf text;
  struct icws_failure failure = {.code = ICWS_OK};
  int status = ICWS_EXIT_OTHER;
  icws_buf_init(&text, ICWS_FILE_MAX_BYTES, NULL);
  if (icws_file_read(path, &text, &failure) != ICWS_OK)
    icws_complain_failure(program, &failure);
  else
    status = parse(interface, program, path, icws_buf_bytes(&text), import_beside);
  icws_buf_wipe(&text);
  return status;
}

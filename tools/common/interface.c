/* SPDX-License-Identifier: Apache-2.0 */
#include "common/interface.h"

#include <stdlib.h>
#include <string.h>

#include "common/caret.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"

#define PATH_MAX_BYTES 4096

void icws_interface_init(struct icws_interface *interface)
{
  *interface = (struct icws_interface){.types = NULL};
}

void icws_interface_wipe(struct icws_interface *interface)
{
  icws_candid_types_del(interface->types);
  icws_interface_init(interface);
}

/* An imported file is named by its path from the folder of the first one, |user_data|: the parser
 * sees to imports of imports. */
static enum icws_error import_beside(struct icws_bytes name, struct icws_buf *text, void *user_data,
                                     struct icws_failure *failure)
{
  const char *importing = user_data;
  const char *slash = strrchr(importing, '/');
  struct icws_buf path;
  if (name.len == 0 || memchr(name.data, '\0', name.len) != NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "an import that is no file's name");
  icws_buf_init(&path, PATH_MAX_BYTES, NULL);
  if (name.data[0] != '/' && slash != NULL)
    icws_buf_put(&path, importing, (size_t)(slash - importing) + 1);
  else if (icws_bytes_equal(name, icws_bytes_text("-")))
    icws_buf_put(&path, "./", 2); /* a file is meant, not standard input */
  icws_buf_put(&path, name.data, name.len);
  icws_buf_put_u8(&path, '\0');
  enum icws_error error = icws_buf_error(&path);
  error = error == ICWS_OK ? icws_file_read((const char *)path.data, text, failure)
                           : icws_fail(failure, error, "the name of an import is too long");
  icws_buf_wipe(&path);
  return error;
}

static enum icws_error parse(struct icws_interface *interface, struct icws_bytes text,
                             icws_candid_import_fn *import, char *path,
                             struct icws_candid_spot *spot, struct icws_failure *failure)
{
  enum icws_error error = icws_candid_types_new(NULL, &interface->types);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "%s", icws_strerror(error));
  error = icws_candid_interface_parse(text, interface->types, import, path, &interface->candid,
                                      spot, failure);
  if (error != ICWS_OK)
    icws_interface_wipe(interface);
  return error;
}

enum icws_error icws_interface_read(struct icws_interface *interface, struct icws_bytes text,
                                    struct icws_failure *failure)
{
  return parse(interface, text, NULL, NULL, NULL, failure);
}

int icws_interface_load(struct icws_interface *interface, const char *program, const char *path)
{
  char *importing = strdup(path);
  struct icws_buf text;
  struct icws_candid_spot spot = {.line = 0};
  struct icws_failure failure = {.code = ICWS_OK};
  int status = ICWS_EXIT_OTHER;
  icws_buf_init(&text, ICWS_FILE_MAX_BYTES, NULL);
  if (importing == NULL)
    icws_complain(program, "%s: no memory", path);
  else if (icws_file_read(path, &text, &failure) != ICWS_OK)
    icws_complain_failure(program, &failure);
  else if (parse(interface, icws_buf_bytes(&text), import_beside, importing, &spot, &failure) !=
           ICWS_OK)
    icws_complain_at(program, icws_file_name(path), icws_buf_bytes(&text), &spot, &failure);
  else
    status = ICWS_EXIT_OK;
  icws_buf_wipe(&text);
  free(importing);
  return status;
}

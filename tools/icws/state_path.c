/* SPDX-License-Identifier: Apache-2.0 */
#include "state_path.h"

#include <string.h>

#include "common/escape.h"
#include "state_label.h"

/* The labels' ends are known before the buffer has found its place. */
static enum icws_error parse(struct icws_state_path *path, size_t ends[ICWS_PATH_MAX_LABELS],
                             struct icws_failure *failure)
{
  const char *text = path->text;
  const char *at = text;
  if (!icws_escape_is_utf8(icws_bytes_text(text)))
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "a path is UTF-8; 0x and hex digits write other bytes");
  if (*at != '/')
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "a path begins with a slash, as in /time");
  while (*at == '/') {
    if (path->count == ICWS_PATH_MAX_LABELS)
      return icws_fail(failure, ICWS_ERR_LIMIT, "a path has %d labels at most",
                       ICWS_PATH_MAX_LABELS);
    size_t length = strcspn(at + 1, "/");
    enum icws_error error =
        icws_state_label_parse(icws_bytes_of(text, (size_t)(at - text)),
                               icws_bytes_of(at + 1, length), &path->bytes, failure);
    if (error != ICWS_OK)
      return error;
    ends[path->count++] = path->bytes.len;
    at += 1 + length;
  }
  return ICWS_OK;
}

enum icws_error icws_state_path_parse(struct icws_state_path *path, const char *text,
                                      struct icws_failure *failure)
{
  size_t ends[ICWS_PATH_MAX_LABELS];
  *path = (struct icws_state_path){.text = text};
  icws_buf_init(&path->bytes, 0, NULL);
  enum icws_error error = parse(path, ends, failure);
  if (error == ICWS_OK && icws_buf_error(&path->bytes) != ICWS_OK)
    error = icws_fail(failure, icws_buf_error(&path->bytes), "no memory for a path");
  for (size_t i = 0, start = 0; error == ICWS_OK && i < path->count; start = ends[i++])
    path->labels[i] = icws_bytes_of(path->bytes.data + start, ends[i] - start);
  return error;
}

void icws_state_path_wipe(struct icws_state_path *path)
{
  icws_buf_wipe(&path->bytes);
}

bool icws_state_path_owner(const struct icws_state_path *path, const char *root,
                           struct icws_principal *owner)
{
  return path->count > 1 && icws_bytes_equal(path->labels[0], icws_bytes_text(root)) &&
         icws_principal_init(owner, path->labels[1]) == ICWS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/import_name.h"

#include <stdbool.h>
#include <string.h>

static bool is_word(struct icws_bytes segment, const char *word)
{
  return icws_bytes_equal(segment, icws_bytes_text(word));
}

/* The length of |path| up to its last segment, and with a slash at its end. */
static size_t folder_length(struct icws_bytes path)
{
  size_t len = path.len;
  while (len > 0 && path.data[len - 1] != '/')
    len--;
  return len;
}

/* Takes the segment before the next slash off |path|. */
static struct icws_bytes take_segment(struct icws_bytes *path)
{
  const uint8_t *slash = path->len > 0 ? memchr(path->data, '/', path->len) : NULL;
  size_t len = slash == NULL ? path->len : (size_t)(slash - path->data);
  size_t taken = slash == NULL ? len : len + 1;
  struct icws_bytes segment = icws_bytes_of(path->data, len);
  *path = icws_bytes_of(path->data + taken, path->len - taken);
  return segment;
}

/* Puts |segment| behind the |len| bytes of the path |out|; returns their new number. */
static size_t put_segment(uint8_t *out, size_t len, struct icws_bytes segment)
{
  struct icws_bytes path = icws_bytes_of(out, len);
  size_t last = folder_length(path);
  struct icws_bytes parent = icws_bytes_of(out + last, len - last);
  bool at_root = last == 1 && parent.len == 0;
  if (segment.len == 0 || is_word(segment, ".") || (at_root && is_word(segment, "..")))
    return len;
  if (is_word(segment, "..") && parent.len > 0 && !is_word(parent, ".."))
    return last > 1 ? last - 1 : last; /* the slash of an absolute path stays */
  if (len > 0 && out[len - 1] != '/')
    out[len++] = '/';
  memcpy(out + len, segment.data, segment.len);
  return len + segment.len;
}

struct icws_bytes icws_candid_import_name(struct icws_bytes importer, struct icws_bytes name,
                                          struct icws_arena *arena)
{
  bool absolute = name.len > 0 && name.data[0] == '/';
  struct icws_bytes folder = icws_bytes_of(importer.data, absolute ? 0 : folder_length(importer));
  struct icws_bytes parts[] = {folder, name};
  size_t len = 0;
  uint8_t *out = icws_arena_alloc(arena, folder.len + name.len + 1);
  if (out == NULL || name.len == 0)
    return icws_bytes_of(NULL, 0);
  if (absolute || (folder.len > 0 && folder.data[0] == '/'))
    out[len++] = '/';
  for (size_t i = 0; i < 2; i++) {
    while (parts[i].len > 0)
      len = put_segment(out, len, take_segment(&parts[i]));
  }
  return icws_bytes_of(out, len);
}

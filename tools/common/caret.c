/* SPDX-License-Identifier: Apache-2.0 */
#include "common/caret.h"

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/complain.h"
#include "common/escape.h"

#define BEFORE_BYTES 60 /* of the line that are shown before the spot */
#define AFTER_BYTES 40

static size_t line_start(struct icws_bytes text, size_t offset)
{
  while (offset > 0 && text.data[offset - 1] != '\n')
    offset--;
  return offset;
}

static size_t line_end(struct icws_bytes text, size_t offset)
{
  while (offset < text.len && text.data[offset] != '\n' && text.data[offset] != '\r')
    offset++;
  return offset;
}

/* Moves |offset| back to where a character of UTF-8 begins. */
static size_t character_start(struct icws_bytes text, size_t offset)
{
  while (offset > 0 && offset < text.len && (text.data[offset] & 0xc0) == 0x80)
    offset--;
  return offset;
}

void icws_caret_put(struct icws_bytes text, const struct icws_candid_spot *spot,
                    struct icws_buf *out)
{
  if (spot->line == 0)
    return;
  size_t at = spot->offset < text.len ? spot->offset : text.len;
  size_t from = line_start(text, at);
  size_t to = line_end(text, at);
  if (at - from > BEFORE_BYTES)
    from = character_start(text, at - BEFORE_BYTES);
  if (to - at > AFTER_BYTES)
    to = character_start(text, at + AFTER_BYTES);
  size_t shown_from = out->len;
  icws_buf_put(out, "  ", 2);
  icws_escape(icws_bytes_of(text.data + from, at - from), out);
  size_t width = icws_columns(icws_bytes_of(out->data + shown_from, out->len - shown_from));
  icws_escape(icws_bytes_of(text.data + at, to - at), out);
  icws_buf_put_u8(out, '\n');
  for (size_t i = 0; i < width; i++)
    icws_buf_put_u8(out, ' ');
  icws_buf_put(out, "^\n", 2);
}

void icws_complain_at(const char *program, const char *source, struct icws_bytes text,
                      const struct icws_candid_spot *spot, const struct icws_failure *failure)
{
  struct icws_buf lines;
  icws_complain(program, "%s: %s", source, failure->text);
  icws_buf_init(&lines, 0, NULL);
  icws_caret_put(text, spot, &lines);
  if (icws_buf_error(&lines) == ICWS_OK && lines.len > 0)
    fprintf(stderr, "%.*s", (int)lines.len, (const char *)lines.data);
  icws_buf_wipe(&lines);
}

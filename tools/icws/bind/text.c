/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stdio.h>
#include <string.h>

#define LINE_CHARACTERS 100
#define INDENT 2
#define CONTINUATION 4

BIND_PRINTF(1, 0) static size_t length_of(const char *format, va_list args)
{
  int len = vsnprintf(NULL, 0, format, args);
  return len < 0 ? 0 : (size_t)len;
}

const char *bind_format(struct icws_arena *arena, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  size_t len = length_of(format, args);
  va_end(args);
  char *text = icws_arena_alloc(arena, len + 1);
  if (text == NULL)
    return "";
  va_start(args, format);
  (void)vsnprintf(text, len + 1, format, args);
  va_end(args);
  return text;
}

const char *bind_address_of(struct icws_arena *arena, const char *place)
{
  return place[0] == '*' ? place + 1 : bind_format(arena, "&%s", place);
}

/* Appends text of |len| characters. */
BIND_PRINTF(3, 0)
static void append(struct icws_buf *out, size_t len, const char *format, va_list args)
{
  uint8_t *text = icws_buf_reserve(out, len + 1);
  if (text == NULL)
    return;
  (void)vsnprintf((char *)text, len + 1, format, args);
  icws_buf_truncate(out, out->len - 1); /* the NUL */
}

void bind_print(struct icws_buf *out, const char *format, ...)
{
  va_list args;
  va_start(args, format);
  size_t len = length_of(format, args);
  va_end(args);
  va_start(args, format);
  append(out, len, format, args);
  va_end(args);
}

/* --- Lines ------------------------------------------------------------------------------------- */

static void put_spaces(struct icws_buf *out, size_t count)
{
  while (count-- > 0)
    icws_buf_put_u8(out, ' ');
}

static bool is_break(const char *text, size_t at)
{
  return at > 1 && text[at - 1] == ' ' && (text[at - 2] == ',' || text[at - 2] == '=');
}

/* Where a line of |len| characters is broken: behind the last comma or '=' that is within |room|, or
 * else the first one; |len| if there is none. */
static size_t break_at(const char *text, size_t len, size_t room)
{
  size_t at = room < len ? room : len;
  while (at > 0 && !is_break(text, at))
    at--;
  for (size_t later = room; at == 0 && later < len; later++) {
    if (is_break(text, later))
      return later;
  }
  return at > 0 ? at : len;
}

/* The column, counted from the start of |text|, behind the last parenthesis that is open at its end;
 * 0 if there is none. */
static size_t open_column(const char *text, size_t len)
{
  size_t closed = 0;
  for (size_t at = len; at > 0; at--) {
    if (text[at - 1] == ')')
      closed++;
    else if (text[at - 1] == '(' && closed-- == 0)
      return at;
  }
  return 0;
}

/* How long what stands before the name of a declared function is, if a parameter does not fit in below
 * the parenthesis: that goes to a line of its own then.  0 if all fit in. */
static size_t length_of_type(const char *text, size_t len)
{
  size_t open = strcspn(text, "(");
  size_t name = open;
  while (name > 0 && text[name - 1] != ' ')
    name--;
  for (size_t at = open; at < len;) {
    size_t end = at + 1;
    while (end < len && !is_break(text, end))
      end++;
    if (open + 1 + end - at > LINE_CHARACTERS)
      return name;
    at = end;
  }
  return 0;
}

static void put_broken(struct icws_buf *out, size_t indent, const char *text)
{
  size_t column = indent;
  size_t len = strlen(text);
  size_t type = indent == 0 && len > LINE_CHARACTERS ? length_of_type(text, len) : 0;
  put_spaces(out, column);
  if (type > 0) {
    icws_buf_put(out, text, type - 1);
    icws_buf_put_u8(out, '\n');
    text += type;
    len -= type;
  }
  while (column + len > LINE_CHARACTERS) {
    size_t end = break_at(text, len, LINE_CHARACTERS + 1 - column);
    if (end == len)
      break;
    icws_buf_put(out, text, end - 1);
    icws_buf_put_u8(out, '\n');
    size_t open = open_column(text, end);
    if (open > 0)
      column += open;
    else if (column == indent)
      column += CONTINUATION;
    put_spaces(out, column);
    text += end;
    len -= end;
  }
  icws_buf_put(out, text, len);
  icws_buf_put_u8(out, '\n');
}

void bind_line(struct icws_buf *out, unsigned indent, const char *format, ...)
{
  struct icws_arena scratch;
  va_list args;
  icws_arena_init(&scratch, 0, out->mem);
  va_start(args, format);
  size_t len = length_of(format, args);
  va_end(args);
  char *text = icws_arena_alloc(&scratch, len + 1);
  if (text == NULL) {
    icws_buf_fail(out, icws_arena_error(&scratch));
  } else {
    va_start(args, format);
    (void)vsnprintf(text, len + 1, format, args);
    va_end(args);
    put_broken(out, (size_t)indent * INDENT, text);
  }
  icws_arena_wipe(&scratch);
}

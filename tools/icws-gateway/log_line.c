/* SPDX-License-Identifier: Apache-2.0 */
#include "log_line.h"

#include <stdio.h>
#include <string.h>

#include <icws/utf8.h>

#include "common/escape.h"
#include "common/timestamp.h"

static const char *const level_names[] = {
    [ICWS_GATEWAY_LOG_ERROR] = "error",
    [ICWS_GATEWAY_LOG_WARN] = "warn",
    [ICWS_GATEWAY_LOG_INFO] = "info",
    [ICWS_GATEWAY_LOG_DEBUG] = "debug",
};

#define LEVELS (sizeof(level_names) / sizeof(level_names[0]))

bool icws_log_level_parse(const char *text, enum icws_gateway_log_level *level)
{
  for (size_t i = 0; i < LEVELS; i++) {
    if (strcmp(text, level_names[i]) == 0) {
      *level = (enum icws_gateway_log_level)i;
      return true;
    }
  }
  return false;
}

/* What the text has said already is not said again. */
static void put_fact(const struct icws_log_line *line, const struct icws_log_field *field,
                     struct icws_buf *out)
{
  if (field->value == NULL || strstr(line->text, field->value) != NULL)
    return;
  icws_buf_put_text(out, " ");
  icws_buf_put_text(out, field->name);
  icws_buf_put_text(out, "=");
  icws_escape(icws_bytes_text(field->value), out);
}

void icws_log_line_put_text(const struct icws_log_line *line, struct icws_buf *out)
{
  char time[ICWS_TIMESTAMP_BYTES];
  icws_timestamp_format(line->time_ns, time);
  icws_buf_put_text(out, time);
  icws_buf_put_text(out, " ");
  icws_buf_put_text(out, level_names[line->level]);
  icws_buf_put_text(out, " ");
  icws_escape(icws_bytes_text(line->text), out);
  for (size_t i = 0; i < line->field_count; i++)
    put_fact(line, &line->fields[i], out);
  icws_buf_put_text(out, "\n");
}

/* RFC 8259, section 7. */
static void put_character(struct icws_bytes character, struct icws_buf *out)
{
  uint8_t first = character.data[0];
  if (first == '"' || first == '\\') {
    icws_buf_put_u8(out, '\\');
    icws_buf_put_u8(out, first);
  } else if (first < 0x20) {
    char escape[8];
    (void)snprintf(escape, sizeof(escape), "\\u%04x", first);
    icws_buf_put_text(out, escape);
  } else {
    icws_buf_put(out, character.data, character.len);
  }
}

static void put_string(const char *text, struct icws_buf *out)
{
  struct icws_bytes rest = icws_bytes_text(text);
  icws_buf_put_u8(out, '"');
  while (rest.len > 0) {
    uint32_t character;
    size_t length = icws_utf8_next(rest, &character);
    if (length == 0)
      icws_buf_put_text(out, "\xef\xbf\xbd"); /* U+FFFD */
    else
      put_character(icws_bytes_of(rest.data, length), out);
    length = length == 0 ? 1 : length;
    rest = icws_bytes_of(rest.data + length, rest.len - length);
  }
  icws_buf_put_u8(out, '"');
}

static void put_member(const char *name, const char *value, struct icws_buf *out)
{
  icws_buf_put_text(out, ",");
  put_string(name, out);
  icws_buf_put_text(out, ":");
  put_string(value, out);
}

void icws_log_line_put_json(const struct icws_log_line *line, struct icws_buf *out)
{
  char time[ICWS_TIMESTAMP_BYTES];
  icws_timestamp_format(line->time_ns, time);
  icws_buf_put_text(out, "{\"time\":");
  put_string(time, out);
  put_member("level", level_names[line->level], out);
  put_member("event", line->event, out);
  put_member("message", line->text, out);
  for (size_t i = 0; i < line->field_count; i++)
    if (line->fields[i].value != NULL)
      put_member(line->fields[i].name, line->fields[i].value, out);
  icws_buf_put_text(out, "}\n");
}

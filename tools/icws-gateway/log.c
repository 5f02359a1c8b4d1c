/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "common/output.h"
#include "common/timestamp.h"

#define TEXT_BYTES 1024

/* A line that cannot be written is lost: there is nowhere to say so. */
static void write_line(const struct icws_log *log, const struct icws_log_line *line)
{
  if (line->level > log->level)
    return;
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  if (log->format == ICWS_LOG_JSON)
    icws_log_line_put_json(line, &out);
  else
    icws_log_line_put_text(line, &out);
  if (icws_buf_error(&out) == ICWS_OK)
    (void)icws_output_write(STDERR_FILENO, icws_buf_bytes(&out));
  icws_buf_wipe(&out);
}

void icws_log_event(const struct icws_log *log, enum icws_gateway_log_level level,
                    const char *event, const struct icws_log_field *fields, size_t field_count,
                    const char *text, ...)
{
  char sentence[TEXT_BYTES];
  va_list arguments;
  va_start(arguments, text);
  (void)vsnprintf(sentence, sizeof(sentence), text, arguments);
  va_end(arguments);
  const struct icws_log_line line = {
      icws_timestamp_now(), level, event, sentence, fields, field_count,
  };
  write_line(log, &line);
}

void icws_log_gateway(void *log, const struct icws_gateway_log_entry *entry)
{
  const struct icws_log_field fields[] = {
      {"canister", entry->canister},
      {"client", entry->client},
      {"address", entry->address},
  };
  const struct icws_log_line line = {
      icws_timestamp_now(), entry->level, entry->event,
      entry->text,          fields,       sizeof(fields) / sizeof(fields[0]),
  };
  write_line(log, &line);
}

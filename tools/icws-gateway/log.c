/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "common/output.h"
#include "common/timestamp.h"

#define TEXT_BYTES 1024

/* A pipe that is ready for output takes so many bytes at once (POSIX, "write"). */
#define LINE_BYTES PIPE_BUF

static bool is_ready(void)
{
  struct pollfd error = {.fd = STDERR_FILENO, .events = POLLOUT};
  return poll(&error, 1, 0) == 1;
}

static bool put_line(const struct icws_log *log, const struct icws_log_line *line)
{
  struct icws_buf out;
  icws_buf_init(&out, LINE_BYTES, NULL);
  if (log->format == ICWS_LOG_JSON)
    icws_log_line_put_json(line, &out);
  else
    icws_log_line_put_text(line, &out);
  bool written = icws_buf_error(&out) == ICWS_OK && is_ready() &&
                 icws_output_write(STDERR_FILENO, icws_buf_bytes(&out)) == ICWS_OUTPUT_OK;
  icws_buf_wipe(&out);
  return written;
}

static bool put_lost(const struct icws_log *log, uint64_t time_ns)
{
  char count[24];
  (void)snprintf(count, sizeof(count), "%" PRIu64, log->lost);
  const struct icws_log_field fields[] = {{"lines", count}};
  const struct icws_log_line line = {
      .time_ns = time_ns,
      .level = ICWS_GATEWAY_LOG_WARN,
      .event = "log_lost",
      .text = "the log's reader was too slow for some lines",
      .fields = fields,
      .field_count = 1,
  };
  return put_line(log, &line);
}

static void write_line(struct icws_log *log, const struct icws_log_line *line)
{
  if (line->level > log->level)
    return;
  if (log->lost > 0 && put_lost(log, line->time_ns))
    log->lost = 0;
  if (log->lost > 0 || !put_line(log, line))
    log->lost++;
}

__attribute__((format(printf, 3, 0))) static void
write_sentence(struct icws_log *log, struct icws_log_line line, const char *text, va_list arguments)
{
  char sentence[TEXT_BYTES];
  (void)vsnprintf(sentence, sizeof(sentence), text, arguments);
  line.time_ns = icws_timestamp_now();
  line.text = sentence;
  write_line(log, &line);
}

void icws_log_event(struct icws_log *log, enum icws_gateway_log_level level, const char *event,
                    const struct icws_log_field *fields, size_t field_count, const char *text, ...)
{
  const struct icws_log_line line = {
      .level = level, .event = event, .fields = fields, .field_count = field_count};
  va_list arguments;
  va_start(arguments, text);
  write_sentence(log, line, text, arguments);
  va_end(arguments);
}

void icws_log_say(struct icws_log *log, enum icws_gateway_log_level level, const char *event,
                  const char *text, ...)
{
  const struct icws_log_line line = {.level = level, .event = event};
  va_list arguments;
  va_start(arguments, text);
  write_sentence(log, line, text, arguments);
  va_end(arguments);
}

void icws_log_gateway(void *log, const struct icws_gateway_log_entry *entry)
{
  const struct icws_log_field fields[] = {
      {"canister", entry->canister},
      {"client", entry->client},
      {"address", entry->address},
  };
  const struct icws_log_line line = {
      .time_ns = icws_timestamp_now(),
      .level = entry->level,
      .event = entry->event,
      .text = entry->text,
      .fields = fields,
      .field_count = sizeof(fields) / sizeof(fields[0]),
  };
  write_line(log, &line);
}

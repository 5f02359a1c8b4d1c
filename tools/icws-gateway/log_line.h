/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_LOG_LINE_H
#define ICWS_TOOLS_GATEWAY_LOG_LINE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>

#include "gateway/gateway.h"

/* A fact that belongs to it. */
struct icws_log_field {
  const char *name;  /* lower case with underscores */
  const char *value; /* NULL: there is none, and nothing is written */
};

/* One thing that happened. */
struct icws_log_line {
  uint64_t time_ns; /* since 1970 */
  enum icws_gateway_log_level level;
  const char *event;
  const char *text;
  const struct icws_log_field *fields;
  size_t field_count;
};

/*
 * Both append one line with its newline to |out|; whatever the members hold, it is one line.
 *
 * icws_log_line_put_text is for people: time, level, text, and as name=value those facts that the
 * text does not have, all escaped as icws_escape does.
 * icws_log_line_put_json makes an object of strings: "time", "level", "event", "message" and the
 * fields.  What is not UTF-8 in them becomes U+FFFD.
 */
void icws_log_line_put_text(const struct icws_log_line *line, struct icws_buf *out);
void icws_log_line_put_json(const struct icws_log_line *line, struct icws_buf *out);

/* icws_log_level_parse reads "error", "warn", "info" or "debug"; false if it is none. */
bool icws_log_level_parse(const char *text, enum icws_gateway_log_level *level);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_LOG_H
#define ICWS_TOOLS_GATEWAY_LOG_H

#include "log_line.h"

enum icws_log_format { ICWS_LOG_TEXT, ICWS_LOG_JSON };

/*
 * The log of the program, on standard error.  A reader that does not keep up costs lines, not time:
 * what cannot be written at once is counted, and the next line that can be is preceded by one that
 * says how many were lost.
 */
struct icws_log {
  enum icws_log_format format;
  enum icws_gateway_log_level level; /* what is less important is left out */
  uint64_t lost;                     /* lines, since the last one that was written */
};

/* icws_log_event writes a line with the program's own facts, icws_log_say one without.  |text| is
 * printf's. */
void icws_log_event(struct icws_log *log, enum icws_gateway_log_level level, const char *event,
                    const struct icws_log_field *fields, size_t field_count, const char *text, ...)
    __attribute__((format(printf, 6, 7)));
void icws_log_say(struct icws_log *log, enum icws_gateway_log_level level, const char *event,
                  const char *text, ...) __attribute__((format(printf, 4, 5)));

/* icws_log_gateway writes what a gateway tells; |log| is the struct icws_log. */
void icws_log_gateway(void *log, const struct icws_gateway_log_entry *entry);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_OUTPUT_H
#define ICWS_TOOLS_OUTPUT_H

#include <stdbool.h>

#include <icws/bytes.h>

/* How writing data to standard output went. */
enum icws_output_result {
  ICWS_OUTPUT_OK,
  ICWS_OUTPUT_CLOSED,      /* the reader has gone */
  ICWS_OUTPUT_INTERRUPTED, /* a signal that is caught (common/signals.h) came while it blocked */
  ICWS_OUTPUT_FAILED,      /* errno says why */
};

/* icws_output_write writes all of |bytes| to |fd| at once, without a buffer in between, waiting for
 * a slow reader if need be. */
enum icws_output_result icws_output_write(int fd, struct icws_bytes bytes);

/* icws_output_finish writes so to standard output what a command has to say, and complains as
 * |program| if that fails, or if |out| has an error.  Returns ICWS_EXIT_OK, or what to end with. */
int icws_output_finish(const char *program, const struct icws_buf *out);

/* icws_output_is_closed tells, from the events that poll returned for |fd|, that nobody can read
 * any more what is written to it. */
bool icws_output_is_closed(short events);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_LINE_READER_H
#define ICWS_CHAT_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>

/* Lines from a descriptor, with bounded memory. */

enum icws_line_reader_state {
  ICWS_LINES_MORE,     /* read again when there is input */
  ICWS_LINES_END,      /* the input is at its end */
  ICWS_LINES_TOO_LONG, /* the next line passes the limit: nothing more is read */
  ICWS_LINES_FAILED,   /* reading failed, errno_value says why; or there is no memory (0) */
};

/* All members may be read. */
struct icws_line_reader {
  struct icws_buf buf;
  size_t start;    /* of what has not been taken */
  size_t scanned;  /* up to here there is no newline */
  size_t max_line; /* bytes, without the newline */
  uint64_t number; /* of the lines taken so far */
  enum icws_line_reader_state state;
  int errno_value;
};

void icws_line_reader_init(struct icws_line_reader *reader, size_t max_line);
void icws_line_reader_wipe(struct icws_line_reader *reader);

/* icws_line_reader_fill reads once from |fd|, which should have input.  Lines must have been taken
 * before, so that the buffer holds at most one that is not whole. */
void icws_line_reader_fill(struct icws_line_reader *reader, int fd);

/* icws_line_reader_peek stores the next whole line, without its newline; at the end of the input
 * what is left counts as a line.  It borrows until the reader changes.  icws_line_reader_take
 * passes over it. */
bool icws_line_reader_peek(struct icws_line_reader *reader, struct icws_bytes *line);
void icws_line_reader_take(struct icws_line_reader *reader);

#endif

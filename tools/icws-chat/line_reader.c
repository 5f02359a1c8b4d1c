/* SPDX-License-Identifier: Apache-2.0 */
#include "line_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 16384

void icws_line_reader_init(struct icws_line_reader *reader, size_t max_line)
{
  *reader = (struct icws_line_reader){.max_line = max_line, .state = ICWS_LINES_MORE};
  icws_buf_init(&reader->buf, max_line + 1 + READ_BYTES, NULL);
}

void icws_line_reader_wipe(struct icws_line_reader *reader)
{
  icws_buf_wipe(&reader->buf);
}

static void drop_taken(struct icws_line_reader *reader)
{
  size_t left = reader->buf.len - reader->start;
  if (reader->start == 0)
    return;
  memmove(reader->buf.data, reader->buf.data + reader->start, left);
  reader->buf.len = left;
  reader->scanned -= reader->start;
  reader->start = 0;
}

void icws_line_reader_fill(struct icws_line_reader *reader, int fd)
{
  char piece[READ_BYTES];
  ssize_t count = read(fd, piece, sizeof(piece));
  if (count == 0)
    reader->state = ICWS_LINES_END;
  if (count < 0 && errno != EINTR && errno != EAGAIN) {
    reader->state = ICWS_LINES_FAILED;
    reader->errno_value = errno;
  }
  if (count <= 0)
    return;
  drop_taken(reader);
  icws_buf_put(&reader->buf, piece, (size_t)count);
  if (icws_buf_error(&reader->buf) != ICWS_OK)
    reader->state = ICWS_LINES_FAILED;
}

static void scan(struct icws_line_reader *reader)
{
  const uint8_t *data = reader->buf.data;
  size_t left = reader->buf.len - reader->scanned;
  const uint8_t *newline = left == 0 ? NULL : memchr(data + reader->scanned, '\n', left);
  reader->scanned = newline == NULL ? reader->buf.len : (size_t)(newline - data);
  if (reader->scanned - reader->start > reader->max_line)
    reader->state = ICWS_LINES_TOO_LONG;
}

bool icws_line_reader_peek(struct icws_line_reader *reader, struct icws_bytes *line)
{
  if (reader->state == ICWS_LINES_TOO_LONG || reader->state == ICWS_LINES_FAILED)
    return false;
  scan(reader);
  bool whole = reader->scanned < reader->buf.len;
  bool last = reader->state == ICWS_LINES_END && reader->scanned > reader->start;
  if (reader->state == ICWS_LINES_TOO_LONG || (!whole && !last))
    return false;
  *line = icws_bytes_of(reader->buf.data + reader->start, reader->scanned - reader->start);
  return true;
}

void icws_line_reader_take(struct icws_line_reader *reader)
{
  if (reader->scanned < reader->buf.len)
    reader->scanned++; /* the newline */
  reader->start = reader->scanned;
  reader->number++;
}

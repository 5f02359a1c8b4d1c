/* SPDX-License-Identifier: Apache-2.0 */
#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "common/output.h"

#define READ_BYTES 65536

static bool is_standard_input(const char *path)
{
  return strcmp(path, "-") == 0;
}

const char *icws_file_name(const char *path)
{
  return is_standard_input(path) ? "standard input" : path;
}

static enum icws_error read_all(int fd, const char *path, struct icws_buf *out,
                                struct icws_failure *failure)
{
  uint8_t piece[READ_BYTES];
  ssize_t count = 1;
  while (count != 0 && icws_buf_error(out) == ICWS_OK) {
    count = read(fd, piece, sizeof(piece));
    if (count < 0 && errno != EINTR)
      return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: %s", path, strerror(errno));
    if (count > 0)
      icws_buf_put(out, piece, (size_t)count);
  }
  enum icws_error error = icws_buf_error(out);
  return error == ICWS_OK
             ? ICWS_OK
             : icws_fail(failure, error, "%s: %s", path,
                         error == ICWS_ERR_LIMIT ? "it is too large" : icws_strerror(error));
}

enum icws_error icws_file_read(const char *path, struct icws_buf *out, struct icws_failure *failure)
{
  if (is_standard_input(path))
    return read_all(STDIN_FILENO, icws_file_name(path), out, failure);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "%s: %s", path, strerror(errno));
  enum icws_error error = read_all(fd, path, out, failure);
  close(fd);
  return error;
}

enum icws_error icws_file_write(const char *path, struct icws_bytes bytes,
                                struct icws_failure *failure)
{
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  bool written = fd >= 0 && icws_output_write(fd, bytes) == ICWS_OUTPUT_OK;
  int reason = errno;
  if (fd >= 0 && close(fd) != 0 && written) {
    written = false;
    reason = errno;
  }
  return written ? ICWS_OK : icws_fail(failure, ICWS_ERR_SYSTEM, "%s: %s", path, strerror(reason));
}

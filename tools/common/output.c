/* SPDX-License-Identifier: Apache-2.0 */
#include "common/output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/signals.h"

static bool signal_waits(int timeout_ms, int fd)
{
  struct pollfd waits[] = {{.fd = icws_signals_fd(), .events = POLLIN},
                           {.fd = fd, .events = POLLOUT}};
  poll(waits, 2, timeout_ms);
  return (waits[0].revents & POLLIN) != 0;
}

enum icws_output_result icws_output_write(int fd, struct icws_bytes bytes)
{
  while (bytes.len > 0) {
    ssize_t count = write(fd, bytes.data, bytes.len);
    if (count >= 0) {
      bytes = icws_bytes_of(bytes.data + count, bytes.len - (size_t)count);
      continue;
    }
    if (errno == EPIPE)
      return ICWS_OUTPUT_CLOSED;
    if (errno != EINTR && errno != EAGAIN)
      return ICWS_OUTPUT_FAILED;
    /* The descriptor may have been made non-blocking by somebody who shares it. */
    if (signal_waits(errno == EAGAIN ? -1 : 0, fd))
      return ICWS_OUTPUT_INTERRUPTED;
  }
  return ICWS_OUTPUT_OK;
}

int icws_output_finish(const char *program, const struct icws_buf *out)
{
  enum icws_error error = icws_buf_error(out);
  if (error != ICWS_OK) {
    icws_complain(program, "%s", icws_strerror(error));
    return ICWS_EXIT_OTHER;
  }
  switch (icws_output_write(STDOUT_FILENO, icws_buf_bytes(out))) {
  case ICWS_OUTPUT_OK:
    return ICWS_EXIT_OK;
  case ICWS_OUTPUT_INTERRUPTED:
    return ICWS_EXIT_SIGNAL + icws_signals_take();
  case ICWS_OUTPUT_CLOSED:
  case ICWS_OUTPUT_FAILED:
    break;
  }
  icws_complain(program, "cannot write to standard output: %s", strerror(errno));
  return ICWS_EXIT_OTHER;
}

bool icws_output_is_closed(short events)
{
  return (events & (POLLERR | POLLHUP)) != 0;
}

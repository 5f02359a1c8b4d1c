/* SPDX-License-Identifier: Apache-2.0 */
#include "common/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define MAX_SIGNALS 8

/* A handler reaches nothing but globals. */
static int pipe_ends[2] = {-1, -1};
static int caught[MAX_SIGNALS];
static size_t caught_count;

static void on_signal(int number)
{
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  /* A full pipe has told already. */
  ssize_t ignored = write(pipe_ends[1], &byte, 1);
  (void)ignored;
  errno = saved;
}

static void set_action(int number, void (*handler)(int))
{
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

static bool set_flags(int fd)
{
  return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

bool icws_signals_open(const int *numbers, size_t count)
{
  if (count > MAX_SIGNALS || pipe(pipe_ends) != 0)
    return false;
  if (!set_flags(pipe_ends[0]) || !set_flags(pipe_ends[1]))
    return false;
  for (caught_count = 0; caught_count < count; caught_count++) {
    caught[caught_count] = numbers[caught_count];
    set_action(numbers[caught_count], on_signal);
  }
  set_action(SIGPIPE, SIG_IGN);
  return true;
}

void icws_signals_close(void)
{
  for (; caught_count > 0; caught_count--)
    set_action(caught[caught_count - 1], SIG_DFL);
  for (int i = 0; i < 2; i++) {
    if (pipe_ends[i] >= 0)
      close(pipe_ends[i]);
    pipe_ends[i] = -1;
  }
}

int icws_signals_fd(void)
{
  return pipe_ends[0];
}

int icws_signals_take(void)
{
  unsigned char byte;
  return read(pipe_ends[0], &byte, 1) == 1 ? byte : 0;
}

int icws_signals_take_ending(void)
{
  int number;
  do
    number = icws_signals_take();
  while (number != 0 && number != SIGINT && number != SIGTERM && number != SIGHUP);
  return number;
}

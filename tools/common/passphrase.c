/* SPDX-License-Identifier: Apache-2.0 */
#include "common/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "common/escape.h"
#include "common/signals.h"

static void say(int terminal, struct icws_bytes text)
{
  ssize_t ignored = write(terminal, text.data, text.len);
  (void)ignored;
}

static void say_prompt(int terminal, const char *path)
{
  struct icws_buf prompt;
  icws_buf_init(&prompt, 0, NULL);
  icws_buf_put(&prompt, "Passphrase for ", 15);
  icws_escape(icws_bytes_text(path), &prompt);
  icws_buf_put(&prompt, ": ", 2);
  say(terminal, icws_buf_bytes(&prompt));
  icws_buf_wipe(&prompt);
}

/* Waits for a key; false if a signal came before, which the caller of the program's loop takes.  (A
 * read that waits would miss a signal that came just before it.) */
static bool wait_for_key(int terminal)
{
  struct pollfd fds[] = {{.fd = terminal, .events = POLLIN},
                         {.fd = icws_signals_fd(), .events = POLLIN}};
  while (poll(fds, 2, -1) < 0) {
    if (errno != EINTR)
      return false;
  }
  return fds[1].revents == 0;
}

/* Byte by byte into the caller's locked memory: no other buffer ever holds the passphrase. */
static enum icws_error read_line(int terminal, char *out, size_t size, size_t *len)
{
  for (*len = 0; *len < size; (*len)++) {
    if (!wait_for_key(terminal) || read(terminal, out + *len, 1) != 1)
      return ICWS_ERR_PASSPHRASE;
    if (out[*len] == '\n')
      return ICWS_OK;
  }
  return ICWS_ERR_PASSPHRASE;
}

enum icws_error icws_passphrase_ask(char *out, size_t size, size_t *len, void *user_data)
{
  const char *const *path = user_data;
  struct termios before;
  int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0)
    return ICWS_ERR_PASSPHRASE;
  enum icws_error error = ICWS_ERR_PASSPHRASE;
  if (tcgetattr(terminal, &before) == 0) {
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    silent.c_lflag |= (tcflag_t)ICANON;
    /* Silent first: what is typed as soon as the prompt shows must neither echo nor be flushed. */
    if (tcsetattr(terminal, TCSAFLUSH, &silent) == 0) {
      say_prompt(terminal, *path);
      error = read_line(terminal, out, size, len);
      tcsetattr(terminal, TCSAFLUSH, &before);
      say(terminal, icws_bytes_text("\n"));
    }
  }
  close(terminal);
  return error;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "display.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chat.h"
#include "chat_message.h"
#include "common/caret.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/output.h"
#include "terminal.h"

#define LINE_BYTES 1024

void icws_chat_say(struct icws_chat *chat, const char *format, ...)
{
  char text[LINE_BYTES];
  char line[LINE_BYTES + 8];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  if (chat->at_terminal) {
    snprintf(line, sizeof(line), "-- %s\n", text);
    icws_terminal_print(icws_bytes_text(line));
  } else {
    icws_complain(ICWS_CHAT_NAME, "%s", text);
  }
}

void icws_chat_say_not_sent(struct icws_chat *chat, enum icws_error error,
                            const struct icws_failure *failure)
{
  if (error == ICWS_ERR_QUEUE_FULL)
    icws_chat_say(chat, "not sent: too many lines are waiting; try again later");
  else
    icws_chat_say(chat, "not sent: %s", failure->text);
}

void icws_chat_show_where(struct icws_bytes text, const struct icws_candid_spot *spot)
{
  struct icws_buf lines;
  icws_buf_init(&lines, 0, NULL);
  icws_caret_put(text, spot, &lines);
  if (icws_buf_error(&lines) == ICWS_OK && lines.len > 0)
    icws_terminal_print(icws_buf_bytes(&lines));
  icws_buf_wipe(&lines);
}

/* Names are not in a message, only their hashes. */
static void hint_at_names(struct icws_chat *chat)
{
  if (chat->hinted || chat->options.quiet || !icws_payload_has_unnamed(&chat->payload))
    return;
  chat->hinted = true;
  icws_chat_say(chat, ICWS_PAYLOAD_HINT);
}

/* A reader of the output who leaves does not keep the lines of the input from being sent. */
static void write_out(struct icws_chat *chat)
{
  if (chat->output_closed)
    return;
  switch (icws_output_write(STDOUT_FILENO, icws_buf_bytes(&chat->shown))) {
  case ICWS_OUTPUT_OK:
  case ICWS_OUTPUT_INTERRUPTED: /* the loop takes the signal */
    break;
  case ICWS_OUTPUT_CLOSED:
    chat->output_closed = true;
    break;
  case ICWS_OUTPUT_FAILED:
    icws_complain(ICWS_CHAT_NAME, "cannot write to standard output: %s", strerror(errno));
    icws_chat_finish(chat, ICWS_EXIT_OTHER);
    break;
  }
}

void icws_chat_show(struct icws_chat *chat, struct icws_bytes content)
{
  icws_buf_clear(&chat->shown);
  bool saying = icws_chat_message_render(&chat->payload, content, &chat->self, &chat->shown);
  if (icws_buf_error(&chat->shown) != ICWS_OK) {
    icws_chat_say(chat, "no memory for a message");
    icws_chat_finish(chat, ICWS_EXIT_OTHER);
  } else if (chat->at_terminal) {
    icws_terminal_print(icws_buf_bytes(&chat->shown));
  } else {
    write_out(chat);
  }
  if (!saying)
    hint_at_names(chat);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/exit_code.h"
#include "common/monotonic.h"
#include "display.h"

bool icws_chat_batch_wants_input(struct icws_chat *chat)
{
  struct icws_bytes line;
  return chat->status == ICWS_CHAT_RUNNING && chat->lines.state == ICWS_LINES_MORE &&
         !chat->input_failed && !icws_line_reader_peek(&chat->lines, &line) &&
         chat->lines.state == ICWS_LINES_MORE;
}

/* No line after one that could not be sent: the reader would find them out of their order. */
static void refuse_line(struct icws_chat *chat, const char *reason)
{
  icws_chat_say(chat, "line %" PRIu64 ": %s; it and what follows is not sent",
                chat->lines.number + 1, reason);
  chat->input_failed = true;
}

static void check_reader(struct icws_chat *chat)
{
  const struct icws_line_reader *lines = &chat->lines;
  char reason[128];
  if (lines->state == ICWS_LINES_TOO_LONG)
    refuse_line(chat, "it is too long for a message");
  if (lines->state != ICWS_LINES_FAILED)
    return;
  snprintf(reason, sizeof(reason), "it cannot be read: %s",
           strerror(lines->errno_value != 0 ? lines->errno_value : ENOMEM));
  refuse_line(chat, reason);
}

static void queue_lines(struct icws_chat *chat)
{
  struct icws_bytes line;
  struct icws_failure failure;
  while (!chat->input_failed && icws_line_reader_peek(&chat->lines, &line)) {
    enum icws_error error = icws_chat_send_line(chat, line, &failure);
    if (error == ICWS_ERR_QUEUE_FULL)
      return;
    if (error != ICWS_OK) {
      refuse_line(chat, failure.text);
      return;
    }
    icws_line_reader_take(&chat->lines);
  }
  if (!chat->input_failed)
    check_reader(chat);
}

static bool all_delivered(struct icws_chat *chat)
{
  struct icws_bytes line;
  bool read = chat->input_failed ||
              (chat->lines.state == ICWS_LINES_END && !icws_line_reader_peek(&chat->lines, &line));
  bool acknowledged = !chat->options.wait_ack || chat->last_acked >= chat->last_sent;
  return read && chat->sent == chat->tickets && acknowledged;
}

void icws_chat_batch_report(struct icws_chat *chat)
{
  if (chat->sent < chat->tickets)
    icws_chat_say(chat, "sent %" PRIu64 " of %" PRIu64 " lines", chat->sent, chat->tickets);
  else if (!chat->options.quiet)
    icws_chat_say(chat, "%" PRIu64 " line%s sent, %s", chat->sent, chat->sent == 1 ? "" : "s",
                  chat->last_acked >= chat->last_sent && chat->sent > 0
                      ? "all acknowledged by the canister"
                      : "acknowledgements not awaited");
}

static void end_if_over(struct icws_chat *chat)
{
  if (!chat->output_closed && icws_monotonic_ms() < chat->end_ms)
    return;
  icws_chat_batch_report(chat);
  icws_chat_finish(chat, chat->input_failed ? ICWS_EXIT_OTHER : ICWS_EXIT_OK);
}

void icws_chat_batch_advance(struct icws_chat *chat)
{
  if (chat->status != ICWS_CHAT_RUNNING)
    return;
  queue_lines(chat);
  if (chat->phase != ICWS_PHASE_OPEN || !all_delivered(chat))
    return;
  if (chat->end_ms == ICWS_NEVER)
    chat->end_ms = icws_monotonic_ms() + chat->options.linger_ms;
  end_if_over(chat);
}

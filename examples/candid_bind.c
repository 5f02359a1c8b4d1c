/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "chat.h" /* which icws candid bind makes of chat.did */

/* Appends the message (record { reply_to = opt 7; text = "hi"; timestamp = 1 }). */
static enum icws_error encode(struct icws_buf *out)
{
  const struct icws_candid_nat reply_to = {.value = 7};
  const struct chat_message message = {
      .reply_to = &reply_to, /* NULL for null */
      .text = icws_bytes_text("hi"),
      .timestamp = 1,
  };
  return chat_message_encode(&message, out);
}

static void print(const struct chat_message *message)
{
  printf("text of %zu bytes, timestamp %" PRIu64, message->text.len, message->timestamp);
  if (message->reply_to != NULL && message->reply_to->large.len == 0)
    printf(", a reply to %" PRIu64, message->reply_to->value);
  printf("\n");
}

int main(int argc, char **argv)
{
  struct icws_arena arena;
  struct icws_buf bytes;
  struct icws_failure failure = {.text = "these are no hex digits"};
  struct chat_message message;
  icws_arena_init(&arena, (size_t)1 << 20, NULL); /* no message takes more */
  icws_buf_init(&bytes, 0, NULL);
  enum icws_error error =
      argc > 1 ? icws_hex_decode(icws_bytes_text(argv[1]), &bytes) : encode(&bytes);
  if (error == ICWS_OK)
    error = chat_message_decode(icws_buf_bytes(&bytes), &arena, &message, &failure);
  if (error == ICWS_OK)
    print(&message);
  else
    fprintf(stderr, "%s\n", failure.text);
  icws_buf_wipe(&bytes);
  icws_arena_wipe(&arena);
  return error != ICWS_OK;
}

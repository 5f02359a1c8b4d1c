/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox.h"

#include <stdlib.h>
#include <string.h>

struct icws_outbox_message {
  struct icws_outbox_message *next;
  size_t len;
  uint8_t content[];
};

void icws_outbox_init(struct icws_outbox *outbox, size_t max_message_bytes, size_t max_messages,
                      size_t max_bytes)
{
  memset(outbox, 0, sizeof *outbox);
  outbox->max_message_bytes = max_message_bytes;
  outbox->max_messages = max_messages;
  outbox->max_bytes = max_bytes;
  outbox->end = &outbox->first;
}

void icws_outbox_wipe(struct icws_outbox *outbox)
{
  while (outbox->first != NULL) {
    struct icws_outbox_message *message = outbox->first;
    outbox->first = message->next;
    free(message);
  }
  outbox->messages = 0;
  outbox->bytes = 0;
  outbox->end = &outbox->first;
}

enum icws_error icws_outbox_send(struct icws_outbox *outbox, struct icws_bytes content,
                                 uint64_t *ticket)
{
  struct icws_outbox_message *message;
  if (content.len > outbox->max_message_bytes || content.len > outbox->max_bytes)
    return ICWS_ERR_LIMIT;
  if (outbox->messages >= outbox->max_messages || content.len > outbox->max_bytes - outbox->bytes)
    return ICWS_ERR_QUEUE_FULL;
  message = malloc(sizeof *message + content.len);
  if (message == NULL)
    return ICWS_ERR_NOMEM;
  message->next = NULL;
  message->len = content.len;
  if (content.len > 0)
    memcpy(message->content, content.data, content.len);
  *outbox->end = message;
  outbox->end = &message->next;
  outbox->messages++;
  outbox->bytes += content.len;
  if (ticket != NULL)
    *ticket = outbox->messages;
  return ICWS_OK;
}

enum icws_error icws_outbox_hand_over(struct icws_outbox *outbox, struct icws_session *session)
{
  enum icws_error error = ICWS_OK;
  const struct icws_outbox_message *message;
  for (message = outbox->first; message != NULL && error == ICWS_OK; message = message->next)
    error = icws_session_send(session, icws_bytes_of(message->content, message->len), NULL);
  icws_outbox_wipe(outbox);
  return error;
}

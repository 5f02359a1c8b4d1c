/* SPDX-License-Identifier: Apache-2.0 */
#include "relay_queue.h"

#include <stdlib.h>
#include <string.h>

void relay_queue_init(struct relay_queue *queue, size_t max_messages, size_t max_bytes)
{
  *queue = (struct relay_queue){.max_messages = max_messages, .max_bytes = max_bytes};
  queue->last = &queue->first;
}

void relay_queue_wipe(struct relay_queue *queue)
{
  struct relay_message *message;

  while ((message = relay_queue_take(queue)))
    free(message);
}

bool relay_queue_full(const struct relay_queue *queue)
{
  return queue->count >= queue->max_messages || queue->bytes >= queue->max_bytes;
}

enum icws_error relay_queue_push(struct relay_queue *queue, struct icws_bytes envelope,
                                 uint64_t ingress_expiry, uint64_t now_ns)
{
  struct relay_message *message;

  if (relay_queue_full(queue))
    return ICWS_ERR_QUEUE_FULL;
  message = malloc(sizeof *message + envelope.len);
  if (!message)
    return ICWS_ERR_NOMEM;
  *message = (struct relay_message){
      .queued_ns = now_ns,
      .ingress_expiry = ingress_expiry,
      .len = envelope.len,
  };
  if (envelope.len > 0)
    memcpy(message->envelope, envelope.data, envelope.len);
  *queue->last = message;
  queue->last = &message->next;
  queue->count++;
  queue->bytes += envelope.len;
  return ICWS_OK;
}

struct relay_message *relay_queue_take(struct relay_queue *queue)
{
  struct relay_message *message = queue->first;

  if (!message)
    return NULL;
  queue->first = message->next;
  if (!queue->first)
    queue->last = &queue->first;
  queue->count--;
  queue->bytes -= message->len;
  message->next = NULL;
  return message;
}

uint64_t relay_queue_age_ns(const struct relay_queue *queue, uint64_t now_ns)
{
  if (!queue->first || now_ns < queue->first->queued_ns)
    return 0;
  return now_ns - queue->first->queued_ns;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "send_queue.h"

#include <assert.h>
#include <string.h>

void send_queue_init(struct send_queue *queue, size_t max_messages, size_t max_bytes,
                     const struct icws_mem *mem)
{
  *queue = (struct send_queue){.max_messages = max_messages, .max_bytes = max_bytes};
  icws_buf_init(&queue->records, 0, mem);
}

void send_queue_wipe(struct send_queue *queue)
{
  icws_buf_wipe(&queue->records);
  queue->head = 0;
  queue->count = 0;
  queue->content_bytes = 0;
}

/* Moves the records to the front of their memory when that is at least half unused, so that the cost
 * of moving is spread over the messages that left. */
static void compact(struct send_queue *queue)
{
  struct icws_buf *records = &queue->records;

  if (queue->head == 0 || queue->head < records->len / 2)
    return;
  memmove(records->data, records->data + queue->head, records->len - queue->head);
  records->len -= queue->head;
  queue->head = 0;
}

enum icws_error send_queue_push(struct send_queue *queue, struct icws_bytes content)
{
  struct icws_buf *records = &queue->records;
  size_t before;

  if (queue->count >= queue->max_messages || content.len > queue->max_bytes - queue->content_bytes)
    return ICWS_ERR_QUEUE_FULL;

  compact(queue);
  before = records->len;
  icws_buf_put(records, &content.len, sizeof content.len);
  icws_buf_put(records, content.data, content.len);
  if (icws_buf_error(records) != ICWS_OK) {
    enum icws_error error = icws_buf_error(records);

    records->len = before;
    records->error = ICWS_OK;
    return error;
  }
  queue->count++;
  queue->content_bytes += content.len;
  queue->pushed++;
  return ICWS_OK;
}

struct icws_bytes send_queue_front(const struct send_queue *queue, uint64_t *ticket)
{
  const uint8_t *record = queue->records.data + queue->head;
  size_t len;

  assert(queue->count > 0);
  memcpy(&len, record, sizeof len);
  *ticket = queue->pushed - queue->count + 1;
  return icws_bytes_of(record + sizeof len, len);
}

void send_queue_pop(struct send_queue *queue)
{
  uint64_t ticket;
  struct icws_bytes front = send_queue_front(queue, &ticket);

  queue->head += sizeof front.len + front.len;
  queue->content_bytes -= front.len;
  queue->count--;
  if (queue->count == 0) {
    icws_buf_clear(&queue->records);
    queue->head = 0;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_SEND_QUEUE_H
#define ICWS_SEND_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>

/*
 * The application messages of a session that wait to be sent: a bounded first-in first-out queue in
 * one run of memory, which is reused, so that nothing is allocated per message once it has grown.
 */
struct send_queue {
  struct icws_buf records; /* each a native size_t and that many bytes */
  size_t head;             /* where the first record starts */
  size_t count;
  size_t content_bytes;
  size_t max_messages;
  size_t max_bytes;
  uint64_t pushed; /* since the beginning */
};

void send_queue_init(struct send_queue *queue, size_t max_messages, size_t max_bytes,
                     const struct icws_mem *mem);

/* Overwrites and frees; the queue is empty afterwards. */
void send_queue_wipe(struct send_queue *queue);

/* Copies |content| to the end.  ICWS_OK, ICWS_ERR_QUEUE_FULL or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error send_queue_push(struct send_queue *queue, struct icws_bytes content);

/* Borrows the first message until the next call; the queue must not be empty.  Tickets count from
 * 1. */
struct icws_bytes send_queue_front(const struct send_queue *queue, uint64_t *ticket);
void send_queue_pop(struct send_queue *queue);

#endif

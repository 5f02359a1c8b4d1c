/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_RELAY_QUEUE_H
#define ICWS_GATEWAY_RELAY_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>

#include "gateway/network.h"

/*
 * The envelopes of one client that wait to be relayed, in the order in which they came.  A canister
 * insists on that order and the IC does not keep it, so that by default only one is under way at a
 * time.
 */
struct relay_message {
  struct relay_message *next;
  uint64_t queued_ns;                  /* monotonic */
  uint64_t ingress_expiry;             /* ns since 1970 */
  struct icws_network_request request; /* for whoever took it */
  size_t len;
  uint8_t envelope[]; /* the client's bytes, unchanged */
};

struct relay_queue {
  struct relay_message *first;
  struct relay_message **last; /* where the next one is linked in */
  size_t count;
  size_t bytes;
  size_t max_messages;
  size_t max_bytes;
};

void relay_queue_init(struct relay_queue *queue, size_t max_messages, size_t max_bytes);

/* Frees what waits; the queue is empty afterwards. */
void relay_queue_wipe(struct relay_queue *queue);

/* relay_queue_full tells that |max_messages| or |max_bytes| is reached: the time to read nothing
 * more from the client.  The last message may pass |max_bytes|. */
bool relay_queue_full(const struct relay_queue *queue);

/* Copies |envelope| to the end.  ICWS_OK, ICWS_ERR_QUEUE_FULL or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error relay_queue_push(struct relay_queue *queue,
                                                struct icws_bytes envelope, uint64_t ingress_expiry,
                                                uint64_t now_ns);

/* Takes out the first message, which the caller frees with free(); NULL if none waits. */
struct relay_message *relay_queue_take(struct relay_queue *queue);

/* How long the first message has waited at |now_ns|; 0 if none waits. */
uint64_t relay_queue_age_ns(const struct relay_queue *queue, uint64_t now_ns);

#endif

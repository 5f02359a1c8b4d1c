/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_ACK_WINDOW_H
#define ICWS_ACK_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#define ACK_WINDOW_SPANS 64

/*
 * When the messages were sent that the canister has not acknowledged yet.
 *
 * A client may send any number of messages between two acknowledgements, so the window keeps spans
 * of sequence numbers instead of single ones: bounded memory, and a deadline that is exact for the
 * oldest message and late by at most 1/32 of the timeout after an acknowledgement that ends within a
 * span.
 */
struct ack_span {
  uint64_t first_seq;
  uint64_t last_seq;
  uint64_t first_ns; /* when first_seq was sent, or a later time */
  uint64_t last_ns;
};

struct ack_window {
  struct ack_span spans[ACK_WINDOW_SPANS];
  unsigned head;
  unsigned count;
  uint64_t timeout_ns;
};

void ack_window_init(struct ack_window *window, uint64_t timeout_ns);

/* Notes that |seq| was sent at |now_ns|; sequence numbers and times never decrease. */
void ack_window_sent(struct ack_window *window, uint64_t seq, uint64_t now_ns);

/* Forgets all up to |seq|. */
void ack_window_acked(struct ack_window *window, uint64_t seq);

/* When an acknowledgement of what was sent at |sent_ns| is overdue: UINT64_MAX is never. */
uint64_t ack_window_due(const struct ack_window *window, uint64_t sent_ns);

/* The oldest unacknowledged message; false if there is none. */
bool ack_window_oldest(const struct ack_window *window, uint64_t *seq, uint64_t *deadline_ns);

#endif

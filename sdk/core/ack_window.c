/* SPDX-License-Identifier: Apache-2.0 */
#include "ack_window.h"

#include <stddef.h>

/* Wide enough that all spans together outlast the timeout. */
static uint64_t span_width(const struct ack_window *window)
{
  return window->timeout_ns / (ACK_WINDOW_SPANS / 2);
}

static struct ack_span *span_at(struct ack_window *window, unsigned i)
{
  return &window->spans[(window->head + i) % ACK_WINDOW_SPANS];
}

void ack_window_init(struct ack_window *window, uint64_t timeout_ns)
{
  *window = (struct ack_window){.timeout_ns = timeout_ns};
}

void ack_window_sent(struct ack_window *window, uint64_t seq, uint64_t now_ns)
{
  if (window->count > 0) {
    struct ack_span *last = span_at(window, window->count - 1);

    if (now_ns - last->first_ns < span_width(window) || window->count == ACK_WINDOW_SPANS) {
      last->last_seq = seq;
      last->last_ns = now_ns;
      return;
    }
  }
  *span_at(window, window->count++) =
      (struct ack_span){.first_seq = seq, .last_seq = seq, .first_ns = now_ns, .last_ns = now_ns};
}

void ack_window_acked(struct ack_window *window, uint64_t seq)
{
  while (window->count > 0 && span_at(window, 0)->last_seq <= seq) {
    window->head = (window->head + 1) % ACK_WINDOW_SPANS;
    window->count--;
  }
  if (window->count > 0) {
    struct ack_span *first = span_at(window, 0);

    if (seq >= first->first_seq) {
      first->first_seq = seq + 1;
      first->first_ns = first->last_ns;
    }
  }
}

uint64_t ack_window_due(const struct ack_window *window, uint64_t sent_ns)
{
  return window->timeout_ns > UINT64_MAX - sent_ns ? UINT64_MAX : sent_ns + window->timeout_ns;
}

bool ack_window_oldest(const struct ack_window *window, uint64_t *seq, uint64_t *deadline_ns)
{
  const struct ack_span *first = &window->spans[window->head];

  if (window->count == 0)
    return false;
  *seq = first->first_seq;
  *deadline_ns = ack_window_due(window, first->first_ns);
  return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_RATE_H
#define ICWS_GATEWAY_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* So many a second, and so many at once before that counts.  |per_second| 0: as many as come. */
struct rate_limit {
  uint32_t per_second;
  uint32_t burst; /* at least 1, if there is a limit */
};

/* How far a limit is used up: a bucket that leaks.  Zero is an unused one. */
struct rate {
  uint64_t empty_ns; /* monotonic: when it has leaked all */
};

/* Counts one. */
void rate_add(struct rate *rate, const struct rate_limit *limit, uint64_t now_ns);

/* How long from |now_ns| until one more stays within the limit; 0: at once. */
uint64_t rate_wait_ns(const struct rate *rate, const struct rate_limit *limit, uint64_t now_ns);

/* Whether nothing that was counted matters any more. */
bool rate_is_unused(const struct rate *rate, uint64_t now_ns);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_RECENCY_H
#define ICWS_CORE_RECENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which of a few slots holds something, and which was used longest ago.  All zero is empty. */
#define ICWS_RECENCY_SLOTS 4

struct icws_recency {
  uint64_t last_use[ICWS_RECENCY_SLOTS]; /* 0: the slot is empty */
  uint64_t uses;
};

bool icws_recency_holds(const struct icws_recency *recency, size_t slot);
void icws_recency_use(struct icws_recency *recency, size_t slot);

/* icws_recency_evict empties the slot that was used longest ago, or finds an empty one, and returns
 * its index. */
size_t icws_recency_evict(struct icws_recency *recency);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "recency.h"

bool icws_recency_holds(const struct icws_recency *recency, size_t slot)
{
  return recency->last_use[slot] != 0;
}

void icws_recency_use(struct icws_recency *recency, size_t slot)
{
  recency->last_use[slot] = ++recency->uses;
}

size_t icws_recency_evict(struct icws_recency *recency)
{
  size_t oldest = 0;
  for (size_t i = 1; i < ICWS_RECENCY_SLOTS; i++) {
    if (recency->last_use[i] < recency->last_use[oldest])
      oldest = i;
  }
  recency->last_use[oldest] = 0;
  return oldest;
}

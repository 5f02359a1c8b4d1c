/* SPDX-License-Identifier: Apache-2.0 */
#include "rate.h"

#define NS_PER_S UINT64_C(1000000000)

void rate_add(struct rate *rate, const struct rate_limit *limit, uint64_t now_ns)
{
  if (limit->per_second == 0)
    return;
  if (rate->empty_ns < now_ns)
    rate->empty_ns = now_ns;
  rate->empty_ns += NS_PER_S / limit->per_second;
}

uint64_t rate_wait_ns(const struct rate *rate, const struct rate_limit *limit, uint64_t now_ns)
{
  uint64_t each_ns;
  uint64_t room_ns; /* one more fits when no more than this has yet to leak */

  if (limit->per_second == 0 || rate_is_unused(rate, now_ns))
    return 0;
  each_ns = NS_PER_S / limit->per_second;
  room_ns = each_ns * (limit->burst - 1);
  return rate->empty_ns - now_ns > room_ns ? rate->empty_ns - now_ns - room_ns : 0;
}

bool rate_is_unused(const struct rate *rate, uint64_t now_ns)
{
  return rate->empty_ns <= now_ns;
}

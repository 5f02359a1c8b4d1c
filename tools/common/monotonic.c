/* SPDX-License-Identifier: Apache-2.0 */
#include "common/monotonic.h"

#include <limits.h>
#include <time.h>

uint64_t icws_monotonic_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int icws_monotonic_sooner(int timeout_ms, uint64_t deadline_ms)
{
  uint64_t now = icws_monotonic_ms();
  if (deadline_ms == UINT64_MAX)
    return timeout_ms;
  uint64_t left = deadline_ms > now ? deadline_ms - now : 0;
  int left_ms = left > INT_MAX ? INT_MAX : (int)left;
  return timeout_ms < 0 || left_ms < timeout_ms ? left_ms : timeout_ms;
}

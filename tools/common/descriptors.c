/* SPDX-License-Identifier: Apache-2.0 */
#include "common/descriptors.h"

#include <sys/resource.h>

bool icws_descriptors_limit(uint64_t count)
{
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return false;
  bool enough = limit.rlim_max >= count; /* RLIM_INFINITY is the largest number */
  limit.rlim_cur = enough ? (rlim_t)count : limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit) == 0 && enough;
}

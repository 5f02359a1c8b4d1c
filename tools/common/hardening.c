/* SPDX-License-Identifier: Apache-2.0 */
#include "common/hardening.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* The leak checker attaches to the process at its end. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_CHECKED_FOR_LEAKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_CHECKED_FOR_LEAKS 1
#endif
#endif

void icws_forbid_core_dumps(void)
{
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(IS_CHECKED_FOR_LEAKS)
  /* The limit does not bind a core_pattern that is a pipe. */
  prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
}

void icws_hold_standard_descriptors(void)
{
  /* Each opened the wrong way round.  open takes the lowest place that is free. */
  static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
      return;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "service.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* A path, or with @ in place of the first NUL an abstract name.  Returns the address's length, or
 * 0. */
static socklen_t parse_name(const char *name, struct sockaddr_un *address)
{
  size_t len = strlen(name);
  memset(address, 0, sizeof(*address));
  if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof(address->sun_path))
    return 0;
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, name, len);
  if (name[0] == '@')
    address->sun_path[0] = '\0';
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

void icws_service_notify(const char *state)
{
  const char *name = getenv("NOTIFY_SOCKET");
  struct sockaddr_un address;
  socklen_t len = name == NULL ? 0 : parse_name(name, &address);
  if (len == 0)
    return;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, len);
  close(fd);
}

void icws_service_notify_reloading(void)
{
  char state[64];
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  (void)snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
                 (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
  icws_service_notify(state);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"

struct icws_probe {
  int fd;
  int error; /* what connect said at once */
  struct icws_watch *watch;
  struct icws_timer *timer;
  icws_probed_fn *fn;
  void *user_data;
};

static void timer_fired(void *user_data)
{
  struct icws_probe *probe = user_data;
  probe->fn(probe->user_data, probe->error);
}

static void connected(void *user_data, int fd, int status, int events)
{
  struct icws_probe *probe = user_data;
  socklen_t len = sizeof probe->error;
  (void)status;
  (void)events;
  icws_watch_set(probe->watch, 0);
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &probe->error, &len) != 0)
    probe->error = errno;
  probe->fn(probe->user_data, probe->error);
}

static bool begin(struct icws_probe *probe, uv_loop_t *loop, const struct icws_address *address)
{
  probe->fd = socket(address->sockaddr.ss_family, SOCK_STREAM, 0);
  if (probe->fd < 0 || fcntl(probe->fd, F_SETFD, FD_CLOEXEC) != 0 ||
      fcntl(probe->fd, F_SETFL, O_NONBLOCK) != 0)
    return false;
  probe->watch = icws_watch_new(loop, probe->fd, connected, probe);
  probe->timer = icws_timer_new(loop, timer_fired, probe);
  if (probe->watch == NULL || probe->timer == NULL)
    return false;
  if (connect(probe->fd, (const struct sockaddr *)&address->sockaddr, address->len) != 0)
    probe->error = errno;
  if (probe->error == EINPROGRESS)
    icws_watch_set(probe->watch, UV_WRITABLE);
  else
    icws_timer_start(probe->timer, 0);
  return true;
}

struct icws_probe *icws_probe_new(uv_loop_t *loop, const struct icws_address *address,
                                  icws_probed_fn *fn, void *user_data)
{
  struct icws_probe *probe = calloc(1, sizeof *probe);
  if (probe == NULL)
    return NULL;
  probe->fn = fn;
  probe->user_data = user_data;
  if (begin(probe, loop, address))
    return probe;
  icws_probe_del(probe);
  return NULL;
}

void icws_probe_del(struct icws_probe *probe)
{
  if (probe == NULL)
    return;
  icws_watch_del(probe->watch);
  icws_timer_del(probe->timer);
  if (probe->fd >= 0)
    close(probe->fd);
  free(probe);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "loop.h"

#include <stdlib.h>

struct icws_timer {
  uv_timer_t handle;
  icws_timer_fn *fn;
  void *user_data;
};

struct icws_watch {
  uv_poll_t handle;
  icws_watch_fn *fn;
  void *user_data;
  int fd;
};

int icws_loop_timeout_ms(const uv_loop_t *loop)
{
  uint64_t since = uv_hrtime() / 1000000 - uv_now(loop);
  int timeout = uv_backend_timeout(loop);
  if (!uv_loop_alive(loop)) /* for which libuv has 0 */
    return -1;
  if (timeout <= 0)
    return timeout;
  return since < (uint64_t)timeout ? timeout - (int)since : 0;
}

void icws_loop_close(uv_loop_t *loop)
{
  while (uv_run(loop, UV_RUN_NOWAIT) != 0) /* libuv closes its handles on the loop */
    ;
  uv_loop_close(loop);
}

/* The handle is the first member of what was allocated. */
static void free_closed(uv_handle_t *handle)
{
  free(handle);
}

static void timer_fired(uv_timer_t *handle)
{
  struct icws_timer *timer = handle->data;
  timer->fn(timer->user_data);
}

struct icws_timer *icws_timer_new(uv_loop_t *loop, icws_timer_fn *fn, void *user_data)
{
  struct icws_timer *timer = calloc(1, sizeof *timer);
  if (timer == NULL)
    return NULL;
  uv_timer_init(loop, &timer->handle); /* cannot fail */
  timer->handle.data = timer;
  timer->fn = fn;
  timer->user_data = user_data;
  return timer;
}

void icws_timer_del(struct icws_timer *timer)
{
  if (timer != NULL)
    uv_close((uv_handle_t *)&timer->handle, free_closed);
}

void icws_timer_start(struct icws_timer *timer, uint64_t ms)
{
  uv_update_time(timer->handle.loop); /* |ms| counts from now, not from when the loop last woke */
  uv_timer_start(&timer->handle, timer_fired, ms, 0);
}

void icws_timer_stop(struct icws_timer *timer)
{
  uv_timer_stop(&timer->handle);
}

static void watch_fired(uv_poll_t *handle, int status, int events)
{
  struct icws_watch *watch = handle->data;
  watch->fn(watch->user_data, watch->fd, status, events);
}

struct icws_watch *icws_watch_new(uv_loop_t *loop, int fd, icws_watch_fn *fn, void *user_data)
{
  struct icws_watch *watch = calloc(1, sizeof *watch);
  if (watch == NULL)
    return NULL;
  if (uv_poll_init(loop, &watch->handle, fd) != 0) {
    free(watch);
    return NULL;
  }
  watch->handle.data = watch;
  watch->fn = fn;
  watch->user_data = user_data;
  watch->fd = fd;
  return watch;
}

void icws_watch_del(struct icws_watch *watch)
{
  if (watch != NULL)
    uv_close((uv_handle_t *)&watch->handle, free_closed);
}

void icws_watch_set(struct icws_watch *watch, int events)
{
  if (events == 0)
    uv_poll_stop(&watch->handle);
  else
    uv_poll_start(&watch->handle, events, watch_fired);
}

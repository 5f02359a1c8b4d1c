/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_LOOP_H
#define ICWS_NET_LOOP_H

#include <stdint.h>

#include <uv.h>

#include <icws/export.h>

/*
 * Timers and watched descriptors that can be deleted at any time, also from their own callbacks.
 * libuv closes its handles later, on the loop: they own their memory until then.
 */
struct icws_timer;
struct icws_watch;

/* icws_loop_timeout_ms returns how long a poll() may wait for |loop|: milliseconds, -1 without
 * limit.  libuv itself counts from when its loop last woke. */
int icws_loop_timeout_ms(const uv_loop_t *loop);

/* icws_loop_close closes |loop|, after all that was on it has been deleted. */
void icws_loop_close(uv_loop_t *loop);

typedef void icws_timer_fn(void *user_data);

/* |events| are those of uv_poll: UV_READABLE, UV_WRITABLE; 0 and a negative |status| after an
 * error. */
typedef void icws_watch_fn(void *user_data, int fd, int status, int events);

/* icws_timer_new makes a stopped timer, or returns NULL without memory. icws_timer_start fires it
 * once, after |ms|; it replaces what was started before. */
ICWS_NODISCARD struct icws_timer *icws_timer_new(uv_loop_t *loop, icws_timer_fn *fn,
                                                 void *user_data);
void icws_timer_del(struct icws_timer *timer);
void icws_timer_start(struct icws_timer *timer, uint64_t ms);
void icws_timer_stop(struct icws_timer *timer);

/* icws_watch_new watches the descriptor |fd| for nothing yet; NULL without memory or if the loop
 * cannot watch it.  It must be deleted before |fd| is closed.  icws_watch_set sets the events; none
 * pauses. */
ICWS_NODISCARD struct icws_watch *icws_watch_new(uv_loop_t *loop, int fd, icws_watch_fn *fn,
                                                 void *user_data);
void icws_watch_del(struct icws_watch *watch);
void icws_watch_set(struct icws_watch *watch, int events);

#endif

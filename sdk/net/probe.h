/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_PROBE_H
#define ICWS_NET_PROBE_H

#include <uv.h>

#include <icws/export.h>

#include "resolve.h"

/*
 * A TCP connection that is made only to learn why one cannot be made: libwebsockets does not say.
 * |fn| is called once, later, on the loop, with the errno of connect, or 0 if it succeeds this
 * time; it may delete the probe, which at any other time cancels it.  NULL without memory or
 * descriptors.
 */
struct icws_probe;

typedef void icws_probed_fn(void *user_data, int error);

ICWS_NODISCARD struct icws_probe *icws_probe_new(uv_loop_t *loop,
                                                 const struct icws_address *address,
                                                 icws_probed_fn *fn, void *user_data);
void icws_probe_del(struct icws_probe *probe);

#endif

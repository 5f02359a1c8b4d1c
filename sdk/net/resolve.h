/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_RESOLVE_H
#define ICWS_NET_RESOLVE_H

#include <stddef.h>

#include <sys/socket.h>
#include <uv.h>

#include <icws/error.h>

#include "url.h"

#define ICWS_ADDRESSES_MAX 16
#define ICWS_ADDRESS_TEXT_BYTES 46 /* INET6_ADDRSTRLEN */

struct icws_address {
  socklen_t len;
  struct sockaddr_storage sockaddr; /* IPv4 or IPv6, with the port */
};

/* In the order in which they should be tried (RFC 6724). */
struct icws_addresses {
  size_t count;
  struct icws_address list[ICWS_ADDRESSES_MAX];
};

/* icws_address_format writes the address without its port. */
void icws_address_format(const struct icws_address *address, char out[ICWS_ADDRESS_TEXT_BYTES]);

/* Exactly once: |addresses| (borrowed until the return), or NULL and |failure|, ICWS_ERR_RESOLVE. */
typedef void icws_resolved_fn(void *user_data, const struct icws_addresses *addresses,
                              const struct icws_failure *failure);

/*
 * A look-up of the addresses of |url|'s host with c-ares, on |loop| and without a thread.  Numeric
 * hosts need no server.  icws_resolver_new starts it; |fn| is called later, on the loop, and may
 * delete the resolver, which at any other time cancels it.  Returns ICWS_OK or ICWS_ERR_SYSTEM.
 */
struct icws_resolver;

ICWS_NODISCARD enum icws_error icws_resolver_new(uv_loop_t *loop, const struct icws_url *url,
                                                 icws_resolved_fn *fn, void *user_data,
                                                 struct icws_resolver **resolver,
                                                 struct icws_failure *failure);
void icws_resolver_del(struct icws_resolver *resolver);

#endif

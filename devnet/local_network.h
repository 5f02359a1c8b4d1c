/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_LOCAL_NETWORK_H
#define ICWS_DEVNET_LOCAL_NETWORK_H

#include <uv.h>

#include <icws/error.h>

#include "devnet/replica.h"
#include "gateway/network.h"

/*
 * The network that a gateway sees when the replica is in the same process.  Requests reach the
 * replica from the loop, in the order in which they were submitted; queries are answered at once
 * then, calls after the round that executed them.
 */
struct icws_local_network;

/* icws_local_network_new makes a network on |loop| in front of |replica|; both must outlive it.
 * Returns ICWS_OK or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_local_network_new(uv_loop_t *loop, struct icws_replica *replica,
                                                      struct icws_local_network **network);

/* icws_local_network_del frees it, once the loop has run to close its handle.  Requests that are
 * not answered yet are forgotten.  NULL is ignored. */
void icws_local_network_del(struct icws_local_network *network);

/* icws_local_network_face returns what a gateway is given; it lives as long as the network. */
struct icws_network *icws_local_network_face(struct icws_local_network *network);

/* icws_local_network_settle answers the calls that have their outcome.  To be called after each
 * round, from the loop. */
void icws_local_network_settle(struct icws_local_network *network);

#endif

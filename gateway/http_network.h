/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_HTTP_NETWORK_H
#define ICWS_GATEWAY_HTTP_NETWORK_H

#include <uv.h>

#include <icws/agent.h>
#include <icws/error.h>

#include "gateway/gateway.h"
#include "gateway/network.h"

/*
 * A network that is reached over the HTTP API of the Internet Computer, by an agent.  Envelopes go
 * out byte for byte.  What comes back is not verified: it paces the gateway and carries data that
 * clients verify.  While the network cannot be reached, or refuses it for the time being, the agent
 * sends a call again until its envelope has expired; a query is not, since it can be asked anew.
 *
 * The agent's max_requests must be enough for all that a gateway has under way: max_in_flight for
 * twice max_clients, and a poll for each canister.  What is beyond is rejected.
 */
struct icws_http_network;

struct icws_http_network_config {
  uv_loop_t *loop;          /* must be given: the gateway's; outlives the network */
  struct icws_agent *agent; /* must be given; outlives the network, which drives it: nobody else
                               calls icws_agent_process or icws_agent_run meanwhile */
  icws_gateway_log_fn *log; /* NULL: silent */
  void *log_user_data;
};

/*
 * icws_http_network_new watches |config|'s agent on the loop and stores the network in |*network|.
 * |config| is copied.  Returns ICWS_OK, ICWS_ERR_INVALID_ARGUMENT, ICWS_ERR_SYSTEM or
 * ICWS_ERR_NOMEM.
 *
 * icws_http_network_del stops that, once all requests are answered or cancelled: after
 * icws_gateway_del.  It runs the loop until its handles are closed, so that it must not be called
 * from within one of the loop's callbacks.  NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_http_network_new(const struct icws_http_network_config *config,
                                                     struct icws_http_network **network,
                                                     struct icws_failure *failure);
void icws_http_network_del(struct icws_http_network *network);

/* icws_http_network_face returns what a gateway's configuration takes; it lives as long as
 * |network|. */
struct icws_network *icws_http_network_face(struct icws_http_network *network);

#endif

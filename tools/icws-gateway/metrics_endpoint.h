/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_METRICS_ENDPOINT_H
#define ICWS_TOOLS_GATEWAY_METRICS_ENDPOINT_H

#include <uv.h>

#include "endpoint.h"
#include "gateway/gateway.h"

/* An HTTP server for those who run a gateway: /metrics, and /healthz, which is 200 while clients
 * are let in and 503 while the gateway drains. */
struct icws_metrics_endpoint;

/*
 * icws_metrics_endpoint_new listens on |where|; |loop| and |gateway| outlive the endpoint.  Returns
 * ICWS_OK, ICWS_ERR_SYSTEM or ICWS_ERR_NOMEM.
 *
 * icws_metrics_endpoint_del closes it, running the loop: not to be called from within one of the
 * loop's callbacks.  NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_metrics_endpoint_new(uv_loop_t *loop,
                                                         const struct icws_endpoint *where,
                                                         const struct icws_gateway *gateway,
                                                         struct icws_metrics_endpoint **endpoint,
                                                         struct icws_failure *failure);
void icws_metrics_endpoint_del(struct icws_metrics_endpoint *endpoint);

/* icws_metrics_endpoint_drain lets /healthz tell that the gateway drains.  NULL is ignored. */
void icws_metrics_endpoint_drain(struct icws_metrics_endpoint *endpoint);

/* icws_metrics_endpoint_port returns the port that is listened on. */
uint16_t icws_metrics_endpoint_port(const struct icws_metrics_endpoint *endpoint);

#endif

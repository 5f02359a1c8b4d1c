/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_METRICS_H
#define ICWS_TOOLS_GATEWAY_METRICS_H

#include <stdint.h>

#include <icws/bytes.h>

#include "gateway/gateway.h"

#define ICWS_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* icws_metrics_put appends the metrics of a gateway whose process started at |start_ns| (since
 * 1970), in the text format of Prometheus, version 0.0.4.  No label names a client, a canister or
 * an address, so that the number of time series is fixed. */
void icws_metrics_put(const struct icws_gateway_stats *stats, uint64_t start_ns,
                      struct icws_buf *out);

#endif

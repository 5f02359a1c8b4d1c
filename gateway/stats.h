/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_STATS_H
#define ICWS_GATEWAY_STATS_H

#include <stdint.h>

#include "gateway.h"

/* Counts something that took |duration_ns|. */
void histogram_add(struct icws_gateway_histogram *histogram, uint64_t duration_ns);

#endif

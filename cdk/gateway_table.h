/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_GATEWAY_TABLE_H
#define ICWS_CDK_GATEWAY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>
#include <icws/principal.h>

#include "gateway_queue.h"
#include "label_tree.h"

struct icws_cdk;

/* A gateway that clients named when they opened. */
struct icws_cdk_gateway {
  struct icws_label_entry entry; /* first; in the table, by principal */
  struct icws_cdk_queue queue;
  size_t client_count;
  uint64_t empty_since; /* if there are no clients: when the last one went */
};

/* icws_cdk_gateway_find returns the gateway |principal|, or NULL.  icws_cdk_gateway_get makes it if
 * it is not there: ICWS_OK, ICWS_ERR_LIMIT (too many) or ICWS_ERR_NOMEM. */
struct icws_cdk_gateway *icws_cdk_gateway_find(const struct icws_cdk *cdk,
                                               const struct icws_principal *principal);
ICWS_NODISCARD enum icws_error icws_cdk_gateway_get(struct icws_cdk *cdk,
                                                    const struct icws_principal *principal,
                                                    struct icws_cdk_gateway **gateway);

/* icws_cdk_gateway_forget_unused forgets a gateway that has never had anything; others stay. */
void icws_cdk_gateway_forget_unused(struct icws_cdk *cdk, struct icws_cdk_gateway *gateway);

/* icws_cdk_gateways_forget_empty forgets the gateways that have had no clients for longer than the
 * ack interval, with their messages; icws_cdk_gateways_forget_all all. */
void icws_cdk_gateways_forget_empty(struct icws_cdk *cdk);
void icws_cdk_gateways_forget_all(struct icws_cdk *cdk);

#endif

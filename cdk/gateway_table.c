/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway_table.h"

#include <assert.h>

#include "cdk_state.h"

static struct icws_cdk_gateway *gateway_of(struct icws_label_entry *entry)
{
  return (struct icws_cdk_gateway *)entry;
}

struct icws_cdk_gateway *icws_cdk_gateway_find(const struct icws_cdk *cdk,
                                               const struct icws_principal *principal)
{
  return gateway_of(icws_label_tree_find(&cdk->gateways, icws_principal_bytes(principal)));
}

enum icws_error icws_cdk_gateway_get(struct icws_cdk *cdk, const struct icws_principal *principal,
                                     struct icws_cdk_gateway **gateway)
{
  struct icws_cdk_gateway *found = icws_cdk_gateway_find(cdk, principal);
  if (found == NULL) {
    if (cdk->gateways.count >= cdk->config.max_gateways)
      return ICWS_ERR_LIMIT;
    found = icws_cdk_allocate(cdk, sizeof *found);
    if (found == NULL)
      return ICWS_ERR_NOMEM;
    *found = (struct icws_cdk_gateway){
        .queue = {.gateway = *principal},
        .empty_since = icws_cdk_time(cdk),
    };
    icws_label_tree_insert(&cdk->gateways, &found->entry,
                           icws_principal_bytes(&found->queue.gateway), icws_bytes_of(NULL, 0));
  }
  *gateway = found;
  return ICWS_OK;
}

static void forget(struct icws_cdk *cdk, struct icws_cdk_gateway *gateway)
{
  icws_cdk_queue_clear(cdk, &gateway->queue);
  icws_label_tree_remove(&cdk->gateways, &gateway->entry);
  icws_cdk_release(cdk, gateway);
}

void icws_cdk_gateway_forget_unused(struct icws_cdk *cdk, struct icws_cdk_gateway *gateway)
{
  if (gateway->queue.next_nonce > 0)
    return;
  assert(gateway->client_count == 0); /* each brings an OpenMessage */
  forget(cdk, gateway);
}

static struct icws_label_entry *first_gateway(const struct icws_cdk *cdk)
{
  return icws_label_tree_at_least(&cdk->gateways, icws_bytes_of(NULL, 0));
}

void icws_cdk_gateways_forget_empty(struct icws_cdk *cdk)
{
  uint64_t now = icws_cdk_time(cdk);
  struct icws_label_entry *next;
  for (struct icws_label_entry *entry = first_gateway(cdk); entry != NULL; entry = next) {
    next = icws_label_tree_next(entry);
    struct icws_cdk_gateway *gateway = gateway_of(entry);
    if (gateway->client_count == 0 &&
        icws_cdk_later(gateway->empty_since, cdk->ack_interval_ns) < now)
      forget(cdk, gateway);
  }
}

void icws_cdk_gateways_forget_all(struct icws_cdk *cdk)
{
  struct icws_label_entry *entry;
  while ((entry = first_gateway(cdk)) != NULL)
    forget(cdk, gateway_of(entry));
}

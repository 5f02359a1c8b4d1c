/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "gateway_state.h"

/* More than the CBOR around the four members of a message for a client. */
#define FRAME_OVERHEAD 64

static void on_message(void *user_data, const struct icws_client_key *key,
                       const struct icws_certified *message)
{
  struct gateway_canister *canister = user_data;
  struct icws_gateway *gateway = canister->gateway;
  struct session_table_entry *entry =
      session_table_find(&gateway->table, &canister->poller.canister, key);
  struct gateway_client *client;
  struct icws_buf frame;

  if (!entry) {
    gateway->context.stats.messages_dropped++;
    return;
  }
  server_frame_init(&frame, message->key.len + message->content.len + message->cert.len +
                                message->tree.len + FRAME_OVERHEAD);
  icws_certified_put(&frame, message);
  client = entry->client;
  client_session_deliver(&client->session, &frame);
}

static void on_stopped(void *user_data)
{
  struct gateway_canister *canister = user_data;

  gateway_clients_spread(canister->gateway, canister, ICWS_GATEWAY_REFUSED_STOPPED);
}

static bool awaits(void *user_data, const struct icws_client_key *key)
{
  const struct gateway_canister *canister = user_data;
  const struct session_table_entry *entry =
      session_table_find(&canister->gateway->table, &canister->poller.canister, key);
  const struct gateway_client *client = entry ? entry->client : NULL;

  return client && client->session.state == CLIENT_SETUP;
}

static void on_restarted(void *user_data)
{
  struct gateway_canister *canister = user_data;

  gateway_clients_spread(canister->gateway, canister, ICWS_GATEWAY_REFUSED_FORGOTTEN);
}

static void on_rescheduled(void *user_data)
{
  struct gateway_canister *canister = user_data;

  gateway_wake(canister->gateway, canister->poller.deadline_ns);
}

static const struct poller_hooks poller_hooks = {
    .deliver = on_message,
    .stopped = on_stopped,
    .awaits = awaits,
    .restarted = on_restarted,
    .rescheduled = on_rescheduled,
};

struct gateway_canister *gateway_canister_join(struct icws_gateway *gateway,
                                               const struct icws_principal *principal)
{
  struct gateway_canister *canister = gateway->canisters;

  while (canister &&
         (canister->clients == 0 || !icws_principal_equal(&canister->poller.canister, principal)))
    canister = canister->next;
  if (!canister) {
    canister = calloc(1, sizeof *canister);
    if (!canister)
      return NULL;
    canister->gateway = gateway;
    canister->next = gateway->canisters;
    gateway->canisters = canister;
    gateway->context.stats.pollers++;
    poller_init(&canister->poller, &gateway->context, principal, &poller_hooks, canister);
    on_rescheduled(canister);
  }
  canister->clients++;
  return canister;
}

void gateway_canister_leave(struct gateway_canister *canister)
{
  if (--canister->clients > 0)
    return;
  poller_stop(&canister->poller);
  canister->gateway->context.stats.pollers--;
}

void gateway_canisters_free(struct icws_gateway *gateway, bool all)
{
  struct gateway_canister **link = &gateway->canisters;

  while (*link) {
    struct gateway_canister *canister = *link;

    if (canister->clients > 0 && !all) {
      link = &canister->next;
      continue;
    }
    *link = canister->next;
    poller_wipe(&canister->poller);
    free(canister);
  }
}

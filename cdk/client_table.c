/* SPDX-License-Identifier: Apache-2.0 */
#include "client_table.h"

#include "cdk_state.h"

static struct icws_cdk_client *client_of(struct icws_label_entry *entry)
{
  return (struct icws_cdk_client *)entry;
}

struct icws_cdk_client *icws_cdk_client_new(const struct icws_cdk *cdk,
                                            const struct icws_client_key *key,
                                            struct icws_cdk_gateway *gateway)
{
  struct icws_cdk_client *client = icws_cdk_allocate(cdk, sizeof *client);
  if (client != NULL) {
    *client = (struct icws_cdk_client){
        .key = *key,
        .gateway = gateway,
        .last_keep_alive = icws_cdk_time(cdk),
    };
  }
  return client;
}

void icws_cdk_client_insert(struct icws_cdk *cdk, struct icws_cdk_client *client)
{
  icws_label_tree_insert(&cdk->clients, &client->entry,
                         icws_principal_bytes(&client->key.principal), icws_bytes_of(NULL, 0));
  client->gateway->client_count++;
}

void icws_cdk_client_remove(struct icws_cdk *cdk, struct icws_cdk_client *client)
{
  struct icws_cdk_gateway *gateway = client->gateway;
  gateway->client_count--;
  if (gateway->client_count == 0)
    gateway->empty_since = icws_cdk_time(cdk);
  icws_label_tree_remove(&cdk->clients, &client->entry);
  icws_cdk_release(cdk, client);
}

struct icws_cdk_client *icws_cdk_client_find(const struct icws_cdk *cdk,
                                             const struct icws_principal *principal)
{
  return client_of(icws_label_tree_find(&cdk->clients, icws_principal_bytes(principal)));
}

struct icws_cdk_client *icws_cdk_client_find_key(const struct icws_cdk *cdk,
                                                 const struct icws_client_key *key)
{
  struct icws_cdk_client *client = icws_cdk_client_find(cdk, &key->principal);
  return client != NULL && icws_client_key_equal(&client->key, key) ? client : NULL;
}

struct icws_cdk_client *icws_cdk_client_at_least(const struct icws_cdk *cdk,
                                                 struct icws_bytes principal)
{
  return client_of(icws_label_tree_at_least(&cdk->clients, principal));
}

struct icws_cdk_client *icws_cdk_client_next(const struct icws_cdk_client *client)
{
  return client_of(icws_label_tree_next(&client->entry));
}

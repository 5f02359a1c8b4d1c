/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "gateway_state.h"

static void free_client(struct gateway_client *client)
{
  struct icws_gateway *gateway = client->gateway;

  *client->link = client->next;
  if (client->next)
    client->next->link = client->link;
  client_session_wipe(&client->session);
  free(client);
  if (gateway->drained && !gateway->clients)
    gateway_wake(gateway, 0);
}

/* --- How a session acts ----------------------------------------------------------------------- */

static enum icws_error on_enter(void *user_data)
{
  struct gateway_client *client = user_data;
  struct session_table_entry *entry = &client->session.entry;

  entry->client = client;
  if (!session_table_enter(&client->gateway->table, entry))
    return ICWS_ERR_INVALID_STATE;
  client->canister = gateway_canister_join(client->gateway, &entry->canister);
  if (client->canister)
    return ICWS_OK;
  session_table_remove(&client->gateway->table, entry);
  return ICWS_ERR_NOMEM;
}

static void on_leave(void *user_data)
{
  struct gateway_client *client = user_data;

  session_table_remove(&client->gateway->table, &client->session.entry);
  gateway_canister_leave(client->canister);
  client->canister = NULL;
}

static bool on_send(void *user_data, struct icws_bytes frame)
{
  struct gateway_client *client = user_data;

  return server_send(client->connection, frame);
}

static void on_pause(void *user_data, bool paused)
{
  struct gateway_client *client = user_data;

  server_pause(client->connection, paused);
}

static void on_close(void *user_data, enum close_code code, const char *reason)
{
  struct gateway_client *client = user_data;

  server_close(client->connection, (uint16_t)code, reason);
}

static void on_settled(void *user_data)
{
  struct gateway_client *client = user_data;

  client->settled = true;
  if (!client->connection)
    free_client(client);
}

static const struct client_hooks client_hooks = {
    .enter = on_enter,
    .leave = on_leave,
    .send = on_send,
    .pause = on_pause,
    .close = on_close,
    .settled = on_settled,
};

/* --- What the server tells -------------------------------------------------------------------- */

static bool send_handshake(struct icws_gateway *gateway, struct server_connection *connection)
{
  icws_buf_clear(&gateway->frame);
  icws_handshake_put(&gateway->frame, &gateway->principal);
  return icws_buf_error(&gateway->frame) == ICWS_OK &&
         server_send(connection, icws_buf_bytes(&gateway->frame));
}

static void *on_accepted(void *user_data, struct server_connection *connection)
{
  struct icws_gateway *gateway = user_data;
  struct gateway_client *client;

  gateway->context.stats.connections_accepted++;
  if (!send_handshake(gateway, connection))
    return NULL;
  client = calloc(1, sizeof *client);
  if (!client)
    return NULL;
  client->gateway = gateway;
  client->connection = connection;
  client->next = gateway->clients;
  client->link = &gateway->clients;
  if (client->next)
    client->next->link = &client->next;
  gateway->clients = client;
  client_session_init(&client->session, &gateway->context, server_address(connection),
                      &client_hooks, client);
  return client;
}

static void on_received(void *data, struct icws_bytes frame)
{
  struct gateway_client *client = data;

  client_session_receive(&client->session, frame);
}

static void on_offended(void *data, enum icws_gateway_refusal refusal, uint16_t code,
                        const char *reason)
{
  struct gateway_client *client = data;

  client_session_refuse(&client->session, refusal, (enum close_code)code, "%s", reason);
}

static void on_gone(void *data)
{
  struct gateway_client *client = data;

  client->connection = NULL;
  if (client->settled)
    free_client(client);
  else
    client_session_gone(&client->session);
}

const struct server_hooks gateway_server_hooks = {
    .accepted = on_accepted,
    .received = on_received,
    .offended = on_offended,
    .gone = on_gone,
};

void gateway_client_abandon(struct gateway_client *client)
{
  client_session_abandon(&client->session);
  on_settled(client);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "gateway_state.h"

static void unthrottle(struct gateway_client *client)
{
  if (!client->throttled_link)
    return;
  *client->throttled_link = client->throttled_next;
  if (client->throttled_next)
    client->throttled_next->throttled_link = client->throttled_link;
  client->throttled_link = NULL;
}

static void free_client(struct gateway_client *client)
{
  struct icws_gateway *gateway = client->gateway;

  *client->link = client->next;
  if (client->next)
    client->next->link = client->link;
  unthrottle(client);
  client_session_wipe(&client->session);
  free(client);
  gateway->context.sessions--;
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
  unthrottle(client);
}

static enum icws_error on_send(void *user_data, struct icws_buf *frame)
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

static void on_missing(void *user_data)
{
  struct gateway_client *client = user_data;

  poller_look_back(&client->canister->poller);
}

static void on_throttle(void *user_data, uint64_t until_ns)
{
  struct gateway_client *client = user_data;
  struct icws_gateway *gateway = client->gateway;

  client->throttled_until_ns = until_ns;
  client->throttled_next = gateway->throttled;
  client->throttled_link = &gateway->throttled;
  if (client->throttled_next)
    client->throttled_next->throttled_link = &client->throttled_next;
  gateway->throttled = client;
  gateway_wake(gateway, until_ns);
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
    .missing = on_missing,
    .throttle = on_throttle,
    .settled = on_settled,
};

/* --- What the server tells -------------------------------------------------------------------- */

static bool send_handshake(struct icws_gateway *gateway, struct server_connection *connection)
{
  struct icws_buf frame;

  server_frame_init(&frame, 0);
  icws_handshake_put(&frame, &gateway->principal);
  return server_send(connection, &frame) == ICWS_OK;
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
  gateway->context.sessions++;
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

/* --- Over all clients ------------------------------------------------------------------------- */

uint64_t gateway_clients_resume(struct icws_gateway *gateway, uint64_t now_ns)
{
  uint64_t deadline_ns = UINT64_MAX;
  struct gateway_client *next;

  for (struct gateway_client *client = gateway->throttled; client; client = next) {
    next = client->throttled_next;
    if (client->throttled_until_ns <= now_ns) {
      unthrottle(client);
      client_session_resume(&client->session); /* throttles it anew, if need be */
    }
  }
  for (struct gateway_client *client = gateway->throttled; client; client = client->throttled_next)
    if (client->throttled_until_ns < deadline_ns)
      deadline_ns = client->throttled_until_ns;
  return deadline_ns;
}

void gateway_clients_spread(struct icws_gateway *gateway, const struct gateway_canister *canister,
                            enum icws_gateway_refusal why)
{
  const struct gateway_context *context = &gateway->context;
  const uint64_t spread_ns = context->config.stopped_spread_ms * GATEWAY_NS_PER_MS;
  const uint64_t now = context->config.monotonic_ns();

  for (struct gateway_client *client = gateway->clients; client; client = client->next) {
    if (client->canister != canister || client->leaves_ns != 0)
      continue;
    if (why == ICWS_GATEWAY_REFUSED_FORGOTTEN) {
      if (client->session.state != CLIENT_OPEN)
        continue;
      client->session.known_to_canister = false;
    }
    client->leaves_as = why;
    client->leaves_ns = now + gateway_random_below(context, spread_ns);
    if (client->leaves_ns < gateway->leave_ns)
      gateway->leave_ns = client->leaves_ns;
  }
  gateway_wake(gateway, gateway->leave_ns);
}

/* A session that ends here frees its client only if the connection is gone, and then it has ended
 * before: the next client stays valid. */
void gateway_clients_dismiss(struct icws_gateway *gateway, uint64_t now_ns)
{
  if (now_ns < gateway->leave_ns)
    return;
  gateway->leave_ns = UINT64_MAX;
  for (struct gateway_client *client = gateway->clients; client; client = client->next) {
    if (client->leaves_ns == 0 || !client->canister)
      continue;
    if (client->leaves_ns <= now_ns)
      client_session_refuse(&client->session, client->leaves_as, CLOSE_TRY_AGAIN_LATER,
                            client->leaves_as == ICWS_GATEWAY_REFUSED_STOPPED
                                ? "the canister has stopped"
                                : "the canister has started anew and does not know this client");
    else if (client->leaves_ns < gateway->leave_ns)
      gateway->leave_ns = client->leaves_ns;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway.h"

#include <stdio.h>
#include <stdlib.h>

#include "gateway_state.h"

#define SWEEP_NS UINT64_C(1000000000)

static uint64_t now_ns(const struct icws_gateway *gateway)
{
  return gateway->context.config.monotonic_ns();
}

/* --- Time ------------------------------------------------------------------------------------- */

static void on_timer(uv_timer_t *timer);

static void arm(struct icws_gateway *gateway, uint64_t deadline_ns)
{
  const uint64_t now = now_ns(gateway);
  const uint64_t wait_ns = deadline_ns > now ? deadline_ns - now : 0;
  const uint64_t wait_ms = (wait_ns + GATEWAY_NS_PER_MS - 1) / GATEWAY_NS_PER_MS;

  gateway->timer_ns = deadline_ns;
  uv_update_time(gateway->context.config.loop);
  (void)uv_timer_start(&gateway->timer, on_timer, wait_ms, 0);
}

void gateway_wake(struct icws_gateway *gateway, uint64_t deadline_ns)
{
  if (deadline_ns < gateway->timer_ns)
    arm(gateway, deadline_ns);
}

/* A session that ends here frees its client only if the connection is gone, and then it has ended
 * before: the next client stays valid. */
static void sweep(struct icws_gateway *gateway, uint64_t now)
{
  if (now < gateway->sweep_ns)
    return;
  gateway->sweep_ns = now + SWEEP_NS;
  server_sweep(gateway->server);
  for (struct gateway_client *client = gateway->clients; client; client = client->next)
    client_session_tick(&client->session);
}

static size_t count_unsettled(const struct icws_gateway *gateway)
{
  size_t count = 0;

  for (const struct gateway_client *client = gateway->clients; client; client = client->next)
    count += client->settled ? 0 : 1;
  return count;
}

/* Draining ends when all clients are gone, or when its time is up. */
static void end_drain(struct icws_gateway *gateway, uint64_t now)
{
  void (*drained)(void *user_data, size_t unsettled) = gateway->drained;

  if (!drained || (gateway->clients && now < gateway->drain_ns))
    return;
  gateway->drained = NULL;
  gateway->drain_ns = UINT64_MAX;
  drained(gateway->drained_user_data, count_unsettled(gateway));
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
  return a < b ? a : b;
}

static void on_timer(uv_timer_t *timer)
{
  struct icws_gateway *gateway = timer->data;
  const uint64_t now = now_ns(gateway);
  uint64_t deadline_ns;

  gateway_canisters_free(gateway, false);
  for (struct gateway_canister *c = gateway->canisters; c; c = c->next)
    poller_tick(&c->poller);
  sweep(gateway, now);
  gateway_clients_dismiss(gateway, now);

  deadline_ns = gateway_clients_resume(gateway, now);
  deadline_ns = earlier(deadline_ns, gateway->sweep_ns);
  deadline_ns = earlier(deadline_ns, gateway->drain_ns);
  deadline_ns = earlier(deadline_ns, gateway->leave_ns);
  for (const struct gateway_canister *c = gateway->canisters; c; c = c->next)
    deadline_ns = earlier(deadline_ns, c->poller.deadline_ns);
  arm(gateway, deadline_ns);
  end_drain(gateway, now);
}

/* --- The object ------------------------------------------------------------------------------- */

static enum icws_error start_server(struct icws_gateway *gateway, struct icws_failure *failure)
{
  char principal[ICWS_PRINCIPAL_TEXT_BYTES];
  char about[256];

  icws_principal_to_text(&gateway->principal, principal);
  (void)snprintf(about, sizeof about,
                 "This is a gateway of IC WebSocket.\n"
                 "Connect to it by WebSocket, with a client of that protocol.\n"
                 "Its principal is %s.\n",
                 principal);
  return server_new(&gateway->context, &gateway_server_hooks, gateway, about, &gateway->server,
                    failure);
}

static void start_timer(struct icws_gateway *gateway)
{
  (void)uv_timer_init(gateway->context.config.loop, &gateway->timer);
  gateway->timer.data = gateway;
  gateway->sweep_ns = now_ns(gateway) + SWEEP_NS;
  gateway->drain_ns = UINT64_MAX;
  gateway->leave_ns = UINT64_MAX;
  arm(gateway, gateway->sweep_ns);
}

enum icws_error icws_gateway_new(const struct icws_gateway_config *config,
                                 struct icws_gateway **gateway, struct icws_failure *failure)
{
  struct icws_gateway *new;
  enum icws_error error;

  if (!config->loop || !config->identity || !config->network)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "a gateway needs a loop, an identity and a network");
  new = calloc(1, sizeof *new);
  if (!new)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a gateway");
  gateway_context_init(&new->context, config);
  new->principal = icws_identity_signer(config->identity).sender;

  error = session_table_init(&new->table, new->context.config.random);
  if (error != ICWS_OK)
    error = icws_fail(failure, error, "no table of clients: %s", icws_strerror(error));
  else
    error = start_server(new, failure);
  if (error != ICWS_OK) {
    session_table_wipe(&new->table);
    free(new);
    return error;
  }
  start_timer(new);
  *gateway = new;
  return ICWS_OK;
}

void icws_gateway_drain(struct icws_gateway *gateway, uint32_t timeout_ms,
                        void (*drained)(void *user_data, size_t unsettled), void *user_data)
{
  gateway->drained = drained;
  gateway->drained_user_data = user_data;
  gateway->drain_ns = now_ns(gateway) + timeout_ms * GATEWAY_NS_PER_MS;
  server_refuse_new(gateway->server);
  for (struct gateway_client *client = gateway->clients; client; client = client->next)
    client_session_dismiss(&client->session, CLOSE_GOING_AWAY, "the gateway is going away");
  gateway_wake(gateway, gateway->clients ? gateway->drain_ns : 0);
}

void icws_gateway_del(struct icws_gateway *gateway)
{
  struct gateway_client *next;

  if (!gateway)
    return;
  gateway->drained = NULL;
  gateway->timer_ns = 0; /* nothing arms the timer again */
  uv_close((uv_handle_t *)&gateway->timer, NULL);
  for (struct gateway_client *client = gateway->clients; client; client = next) {
    next = client->next;
    gateway_client_abandon(client);
  }
  gateway_canisters_free(gateway, true);
  server_del(gateway->server);
  session_table_wipe(&gateway->table);
  free(gateway);
}

enum icws_error icws_gateway_reload_tls(struct icws_gateway *gateway, struct icws_failure *failure)
{
  return server_reload_tls(gateway->server, failure);
}

uint16_t icws_gateway_port(const struct icws_gateway *gateway)
{
  return server_port(gateway->server);
}

struct icws_principal icws_gateway_principal(const struct icws_gateway *gateway)
{
  return gateway->principal;
}

struct icws_gateway_stats icws_gateway_stats(const struct icws_gateway *gateway)
{
  struct icws_gateway_stats stats = gateway->context.stats;

  stats.clients = gateway->table.count;
  stats.addresses = server_address_count(gateway->server);
  for (const struct gateway_client *client = gateway->clients; client; client = client->next)
    stats.connections += client->connection ? 1 : 0;
  return stats;
}

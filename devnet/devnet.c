/* SPDX-License-Identifier: Apache-2.0 */
#include "devnet/devnet.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <icws/agent.h>
#include <icws/digest.h>
#include <icws/identity.h>

#include "devnet/canisters/canisters.h"
#include "devnet/http_port.h"
#include "devnet/local_network.h"
#include "devnet/replica.h"
#include "gateway/http_network.h"

#define DEFAULT_ROUND_MS 100
#define DEFAULT_TICKER_INTERVAL_MS 1000
#define DEFAULT_ACK_INTERVAL_MS 300000
#define DEFAULT_KEEP_ALIVE_WINDOW_MS 60000

static const struct built_in {
  const char *name;
  const struct icws_app_type *type;
} built_ins[ICWS_DEVNET_CANISTERS] = {
    [ICWS_DEVNET_CHAT] = {"chat", &icws_canister_chat},
    [ICWS_DEVNET_PINGPONG] = {"pingpong", &icws_canister_pingpong},
    [ICWS_DEVNET_TICKER] = {"ticker", &icws_canister_ticker},
    [ICWS_DEVNET_ECHO] = {"echo", &icws_canister_echo},
};

struct icws_devnet {
  uv_loop_t *loop;
  uv_timer_t rounds;
  bool rounds_open;
  icws_gateway_log_fn *log;
  void *log_user_data;
  struct icws_replica *replica;
  struct icws_local_network *network;
  struct icws_agent *agent; /* these two: if the gateway works over HTTP */
  struct icws_http_network *http_network;
  struct icws_identity *gateway_identity;
  struct icws_gateway *gateway;
  struct icws_http_port *http_port;
  const char *address;
  char gateway_url[80];
  char network_url[80];
  struct icws_principal canisters[ICWS_DEVNET_CANISTERS];
};

/* --- Making the parts -------------------------------------------------------------------------- */

/* One seed for all: the BLS keys are derived from it by the replica, the gateway's here. */
static enum icws_error make_keys(struct icws_devnet *devnet, const uint8_t *seed)
{
  const struct icws_bytes parts[] = {icws_bytes_text("gateway identity"),
                                     icws_bytes_of(seed, ICWS_DEVNET_SEED_BYTES)};
  uint8_t identity_seed[ICWS_SHA256_BYTES];
  icws_sha256(parts, 2, identity_seed);
  enum icws_error error = icws_identity_from_seed(identity_seed, &devnet->gateway_identity);
  sodium_memzero(identity_seed, sizeof identity_seed);
  if (error != ICWS_OK) {
    return error;
  }
  const struct icws_replica_config config = {.seed = seed};
  return icws_replica_new(&config, &devnet->replica);
}

static enum icws_error make_replica(struct icws_devnet *devnet, const uint8_t *given_seed)
{
  uint8_t *seed = sodium_init() < 0 ? NULL : sodium_malloc(ICWS_DEVNET_SEED_BYTES);
  if (seed == NULL) {
    return ICWS_ERR_NOMEM;
  }
  const struct icws_random *random = icws_random_default();
  enum icws_error error = ICWS_OK;
  if (given_seed != NULL) {
    memcpy(seed, given_seed, ICWS_DEVNET_SEED_BYTES);
  } else if (random->fill(seed, ICWS_DEVNET_SEED_BYTES, random->user_data) != ICWS_OK) {
    error = ICWS_ERR_RANDOM;
  }
  if (error == ICWS_OK) {
    error = make_keys(devnet, seed);
  }
  sodium_free(seed);
  return error;
}

static uint64_t or_default(uint32_t value, uint64_t otherwise)
{
  return value > 0 ? value : otherwise;
}

/* A shorter ack interval shortens the keep-alive window too, unless that is given. */
static struct icws_app_config configure_apps(const struct icws_devnet_config *config)
{
  uint64_t ack_interval_ms = or_default(config->ack_interval_ms, DEFAULT_ACK_INTERVAL_MS);
  uint64_t window_ms = (ack_interval_ms + 4) / 5;
  if (window_ms > DEFAULT_KEEP_ALIVE_WINDOW_MS) {
    window_ms = DEFAULT_KEEP_ALIVE_WINDOW_MS;
  }
  return (struct icws_app_config){
      .ack_interval_ms = ack_interval_ms,
      .keep_alive_window_ms = or_default(config->keep_alive_window_ms, window_ms),
      .period_ms = or_default(config->ticker_interval_ms, DEFAULT_TICKER_INTERVAL_MS)};
}

static enum icws_error install(struct icws_devnet *devnet, const struct icws_devnet_config *config)
{
  const struct icws_app_config app_config = configure_apps(config);
  for (size_t i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    struct icws_canister_system system;
    struct icws_canister canister;
    if (config->canisters != NULL) {
      devnet->canisters[i] = config->canisters[i];
    }
    enum icws_error error = icws_replica_reserve(devnet->replica, &devnet->canisters[i], &system);
    if (error == ICWS_OK) {
      error = icws_app_new(built_ins[i].type, &app_config, &system, &canister);
    }
    if (error != ICWS_OK) {
      return error;
    }
    icws_replica_install(devnet->replica, &devnet->canisters[i], &canister);
  }
  return icws_replica_round(devnet->replica);
}

static void put_url(char out[80], const char *scheme, const char *address, uint16_t port)
{
  bool ipv6 = strchr(address, ':') != NULL;
  (void)snprintf(out, 80, ipv6 ? "%s://[%s]:%u" : "%s://%s:%u", scheme, address, (unsigned)port);
}

static enum icws_error start_http_port(struct icws_devnet *devnet,
                                       const struct icws_devnet_config *config,
                                       struct icws_failure *failure)
{
  enum icws_error error = icws_http_port_new(devnet->loop, devnet->replica, devnet->address,
                                             config->network_port, &devnet->http_port, failure);
  if (error == ICWS_OK) {
    put_url(devnet->network_url, "http", devnet->address, icws_http_port_number(devnet->http_port));
  }
  return error;
}

static enum icws_error start_http_network(struct icws_devnet *devnet, struct icws_failure *failure)
{
  const struct icws_agent_config agent_config = {.network_url = devnet->network_url,
                                                 .root_key = icws_devnet_root_key(devnet)};
  enum icws_error error = icws_agent_new(&agent_config, &devnet->agent, failure);
  if (error != ICWS_OK) {
    return error;
  }
  const struct icws_http_network_config config = {.loop = devnet->loop,
                                                  .agent = devnet->agent,
                                                  .log = devnet->log,
                                                  .log_user_data = devnet->log_user_data};
  return icws_http_network_new(&config, &devnet->http_network, failure);
}

static enum icws_error start_gateway(struct icws_devnet *devnet,
                                     const struct icws_devnet_config *config,
                                     struct icws_failure *failure)
{
  struct icws_network *network = icws_local_network_face(devnet->network);
  if (config->gateway_over_http) {
    enum icws_error error = start_http_network(devnet, failure);
    if (error != ICWS_OK) {
      return error;
    }
    network = icws_http_network_face(devnet->http_network);
  }
  const struct icws_gateway_config gateway_config = {.loop = devnet->loop,
                                                     .identity = devnet->gateway_identity,
                                                     .network = network,
                                                     .address = devnet->address,
                                                     .port = config->gateway_port,
                                                     .log = config->log,
                                                     .log_user_data = config->log_user_data};
  enum icws_error error = icws_gateway_new(&gateway_config, &devnet->gateway, failure);
  if (error != ICWS_OK) {
    return error;
  }
  put_url(devnet->gateway_url, "ws", devnet->address, icws_gateway_port(devnet->gateway));
  return ICWS_OK;
}

/* --- Rounds ------------------------------------------------------------------------------------ */

static void on_round(uv_timer_t *timer)
{
  struct icws_devnet *devnet = timer->data;
  enum icws_error error = icws_replica_round(devnet->replica);
  if (error != ICWS_OK && devnet->log != NULL) {
    devnet->log(devnet->log_user_data, &(struct icws_gateway_log_entry){
                                           .level = ICWS_GATEWAY_LOG_ERROR,
                                           .event = "not_certified",
                                           .text = "replica: the state could not be certified: "
                                                   "out of memory",
                                       });
  }
  icws_local_network_settle(devnet->network);
  icws_http_port_settle(devnet->http_port);
}

static void start_rounds(struct icws_devnet *devnet, uint32_t round_ms)
{
  uint64_t interval = or_default(round_ms, DEFAULT_ROUND_MS);
  uv_timer_init(devnet->loop, &devnet->rounds); /* this and the next cannot fail here */
  devnet->rounds.data = devnet;
  devnet->rounds_open = true;
  uv_timer_start(&devnet->rounds, on_round, interval, interval);
}

/* --- Life -------------------------------------------------------------------------------------- */

static enum icws_error start(struct icws_devnet *devnet, const struct icws_devnet_config *config,
                             struct icws_failure *failure)
{
  enum icws_error error = make_replica(devnet, config->seed);
  if (error == ICWS_OK) {
    error = install(devnet, config);
  }
  if (error == ICWS_OK) {
    error = icws_local_network_new(devnet->loop, devnet->replica, &devnet->network);
  }
  if (error == ICWS_ERR_INVALID_ARGUMENT) {
    return icws_fail(failure, error, "the keep-alive window must be shorter than the ack interval");
  }
  if (error != ICWS_OK) {
    return icws_fail(failure, error, "%s", icws_strerror(error));
  }
  error = start_http_port(devnet, config, failure);
  if (error != ICWS_OK) {
    return error;
  }
  start_rounds(devnet, config->round_ms);
  return start_gateway(devnet, config, failure);
}

enum icws_error icws_devnet_new(const struct icws_devnet_config *config,
                                struct icws_devnet **devnet, struct icws_failure *failure)
{
  if (config->loop == NULL) {
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "a local network needs a loop");
  }
  struct icws_devnet *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return icws_fail(failure, ICWS_ERR_NOMEM, "%s", icws_strerror(ICWS_ERR_NOMEM));
  }
  made->loop = config->loop;
  made->address = config->address == NULL ? "127.0.0.1" : config->address;
  made->log = config->log;
  made->log_user_data = config->log_user_data;
  enum icws_error error = start(made, config, failure);
  if (error != ICWS_OK) {
    icws_devnet_del(made);
    return error;
  }
  *devnet = made;
  return ICWS_OK;
}

static void on_rounds_closed(uv_handle_t *handle)
{
  struct icws_devnet *devnet = handle->data;
  devnet->rounds_open = false;
}

void icws_devnet_del(struct icws_devnet *devnet)
{
  if (devnet == NULL) {
    return;
  }
  icws_gateway_del(devnet->gateway);
  icws_http_network_del(devnet->http_network);
  icws_agent_del(devnet->agent);
  icws_http_port_del(devnet->http_port);
  icws_local_network_del(devnet->network);
  if (devnet->rounds_open) {
    uv_close((uv_handle_t *)&devnet->rounds, on_rounds_closed);
  }
  while (devnet->rounds_open) { /* the network's handle is closed along with this one */
    uv_run(devnet->loop, UV_RUN_NOWAIT);
  }
  icws_replica_del(devnet->replica);
  icws_identity_del(devnet->gateway_identity);
  free(devnet);
}

void icws_devnet_drain(struct icws_devnet *devnet, uint32_t timeout_ms,
                       void (*drained)(void *user_data, size_t unsettled), void *user_data)
{
  icws_gateway_drain(devnet->gateway, timeout_ms, drained, user_data);
}

/* --- What clients need to know ----------------------------------------------------------------- */

const char *icws_devnet_gateway_url(const struct icws_devnet *devnet)
{
  return devnet->gateway_url;
}

const char *icws_devnet_network_url(const struct icws_devnet *devnet)
{
  return devnet->network_url;
}

struct icws_bytes icws_devnet_root_key(const struct icws_devnet *devnet)
{
  return icws_replica_root_key(devnet->replica);
}

struct icws_principal icws_devnet_canister_id(const struct icws_devnet *devnet,
                                              enum icws_devnet_canister canister)
{
  return devnet->canisters[canister];
}

const char *icws_devnet_canister_name(enum icws_devnet_canister canister)
{
  return built_ins[canister].name;
}

const char *icws_devnet_canister_interface(enum icws_devnet_canister canister)
{
  return built_ins[canister].type->interface;
}

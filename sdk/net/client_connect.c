/* SPDX-License-Identifier: Apache-2.0 */
#include "client_impl.h"

#include <stdio.h>
#include <string.h>

static void wait_at_most(struct icws_client *client, uint64_t ms)
{
  icws_timer_start(client->phase_timer, ms);
}

/* --- TCP: each address in turn ---------------------------------------------------------------- */

static void try_address(struct icws_client *client);

/* Notes what became of the current address, and goes on to the next. */
static void give_up_address(struct icws_client *client, enum icws_error error, const char *reason)
{
  const struct icws_address *address = &client->addresses.list[client->next_address];
  struct icws_failure *attempts = &client->attempts;
  char before[ICWS_FAILURE_TEXT_BYTES];
  char text[ICWS_ADDRESS_TEXT_BYTES];
  icws_probe_del(client->probe);
  client->probe = NULL;
  icws_address_format(address, text);
  memcpy(before, attempts->text, sizeof before);
  (void)icws_fail(attempts, error, "%s%s%s: %s", before, before[0] == '\0' ? "" : ", ", text,
                  reason);
  client->next_address++;
  try_address(client);
}

static void probed(void *user_data, int error)
{
  struct icws_client *client = user_data;
  give_up_address(client, ICWS_ERR_CONNECT,
                  error == 0 ? "the connection broke" : uv_strerror(uv_translate_sys_error(error)));
}

/* libwebsockets could not connect; the errno is lost, so connect once more to see it. */
static void probe_address(struct icws_client *client)
{
  client->probe =
      icws_probe_new(&client->loop, &client->addresses.list[client->next_address], probed, client);
  if (client->probe == NULL)
    give_up_address(client, ICWS_ERR_CONNECT, "no connection");
}

static void fail_connect(struct icws_client *client)
{
  struct icws_failure failure;
  (void)icws_fail(&failure, client->attempts.code, "cannot connect to %s (%s)",
                  client->url.authority, client->attempts.text);
  icws_client_finish(client, &failure);
}

/* An address may take its share of the time that is left. */
static void try_address(struct icws_client *client)
{
  size_t left = client->addresses.count - client->next_address;
  uint64_t now = uv_now(&client->loop);
  uint64_t time = client->connect_deadline > now ? client->connect_deadline - now : 0;
  if (left == 0) {
    fail_connect(client);
    return;
  }
  wait_at_most(client, time / left);
  if (icws_transport_connect(client->transport, &client->addresses.list[client->next_address],
                             NULL) != ICWS_OK)
    probe_address(client);
}

void icws_client_connection_failed(struct icws_client *client, const struct icws_failure *failure)
{
  if (failure->code == ICWS_ERR_CONNECT)
    probe_address(client);
  else
    icws_client_finish(client, failure);
}

static void resolved(void *user_data, const struct icws_addresses *addresses,
                     const struct icws_failure *failure)
{
  struct icws_client *client = user_data;
  if (failure != NULL) {
    icws_client_finish(client, failure);
    return;
  }
  client->addresses = *addresses;
  icws_resolver_del(client->resolver);
  client->resolver = NULL;
  icws_client_set_phase(client, ICWS_PHASE_CONNECT);
  uv_update_time(&client->loop);
  client->connect_deadline = uv_now(&client->loop) + client->config.connect_timeout_ms;
  try_address(client);
}

static void resolve(struct icws_client *client)
{
  struct icws_failure failure;
  icws_client_set_phase(client, ICWS_PHASE_RESOLVE);
  wait_at_most(client, client->config.resolve_timeout_ms);
  if (icws_resolver_new(&client->loop, &client->url, resolved, client, &client->resolver,
                        &failure) != ICWS_OK)
    icws_client_finish(client, &failure);
}

/* --- The root key ----------------------------------------------------------------------------- */

static void root_key_fetched(void *user_data, struct icws_bytes root_key,
                             const struct icws_failure *failure)
{
  struct icws_client *client = user_data;
  struct icws_verifier_config config = {.root_key = root_key};
  struct icws_failure refused;
  if (failure == NULL && root_key.len == 0) {
    /* An empty one in the verifier's configuration would mean mainnet's. */
    (void)icws_fail(&refused, ICWS_ERR_ROOT_KEY, "%s has an empty root key",
                    client->root_key_url.authority);
    failure = &refused;
  } else if (failure == NULL &&
             icws_verifier_new(&config, &client->verifier, &refused) != ICWS_OK) {
    failure = &refused;
  }
  if (failure != NULL) {
    icws_client_finish(client, failure);
    return;
  }
  icws_root_key_fetch_del(client->root_key_fetch);
  client->root_key_fetch = NULL;
  resolve(client);
}

static void fetch_root_key(struct icws_client *client)
{
  struct icws_failure failure;
  icws_client_set_phase(client, ICWS_PHASE_ROOT_KEY);
  wait_at_most(client, client->config.root_key_timeout_ms);
  if (icws_root_key_fetch_new(&client->loop, &client->root_key_url, client->ca_file,
                              root_key_fetched, client, &client->root_key_fetch,
                              &failure) != ICWS_OK)
    icws_client_finish(client, &failure);
}

void icws_client_connect(struct icws_client *client)
{
  if (client->verifier == NULL)
    fetch_root_key(client);
  else
    resolve(client);
}

/* --- TLS, the upgrade, and the ends of patience ----------------------------------------------- */

void icws_client_transport_stage(struct icws_client *client, enum icws_transport_stage stage)
{
  switch (stage) {
  case ICWS_STAGE_CONNECT:
    break;
  case ICWS_STAGE_TLS:
    icws_client_set_phase(client, ICWS_PHASE_TLS);
    wait_at_most(client, client->config.tls_timeout_ms);
    break;
  case ICWS_STAGE_UPGRADE:
    icws_client_set_phase(client, ICWS_PHASE_UPGRADE);
    wait_at_most(client, client->config.upgrade_timeout_ms);
    break;
  case ICWS_STAGE_UP:
    icws_timer_stop(client->phase_timer);
    icws_client_begin_session(client);
    break;
  }
}

static void fail_waiting(struct icws_client *client, enum icws_error error, const char *what,
                         const char *whom, uint64_t ms)
{
  struct icws_failure failure;
  (void)icws_fail(&failure, error, "%s %s within %llu ms", what, whom, (unsigned long long)ms);
  icws_client_finish(client, &failure);
}

void icws_client_phase_timed_out(struct icws_client *client)
{
  const struct icws_client_config *config = &client->config;
  const char *authority = client->url.authority;
  switch (client->phase) {
  case ICWS_PHASE_ROOT_KEY:
    fail_waiting(client, ICWS_ERR_HTTP, "no root key from", client->root_key_url.authority,
                 config->root_key_timeout_ms);
    break;
  case ICWS_PHASE_RESOLVE:
    fail_waiting(client, ICWS_ERR_RESOLVE_TIMEOUT, "no answer to the look-up of the host name",
                 client->url.host, config->resolve_timeout_ms);
    break;
  case ICWS_PHASE_CONNECT:
    icws_transport_abort(client->transport);
    give_up_address(client, ICWS_ERR_CONNECT_TIMEOUT, "no answer in time");
    break;
  case ICWS_PHASE_TLS:
    fail_waiting(client, ICWS_ERR_TLS_TIMEOUT, "no TLS handshake with", authority,
                 config->tls_timeout_ms);
    break;
  case ICWS_PHASE_UPGRADE:
    fail_waiting(client, ICWS_ERR_UPGRADE_TIMEOUT, "no upgrade to WebSocket by", authority,
                 config->upgrade_timeout_ms);
    break;
  case ICWS_PHASE_CLOSING:
    fail_waiting(client, ICWS_ERR_DISCONNECTED, "no answer to the closing by", authority,
                 config->close_timeout_ms);
    break;
  case ICWS_PHASE_IDLE: /* the session has deadlines of its own */
  case ICWS_PHASE_HANDSHAKE:
  case ICWS_PHASE_OPENING:
  case ICWS_PHASE_OPEN:
  case ICWS_PHASE_CLOSED:
    break;
  }
}

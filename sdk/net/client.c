/* SPDX-License-Identifier: Apache-2.0 */
#include "client_impl.h"

#include <stdlib.h>
#include <string.h>

#include "process.h"

#define DEFAULT_PHASE_TIMEOUT_MS 10000
#define DEFAULT_CLOSE_TIMEOUT_MS 2000

/* The session's defaults (icws/session.h), which the outbox and the transport need to know. */
#define DEFAULT_MAX_FRAME_BYTES ((size_t)4 << 20)
#define DEFAULT_MAX_MESSAGE_BYTES ((size_t)1 << 20)
#define DEFAULT_MAX_QUEUED_MESSAGES 1024
#define DEFAULT_MAX_QUEUED_BYTES ((size_t)8 << 20)

const char *icws_client_phase_name(enum icws_client_phase phase)
{
  static const char *const names[] = {
      [ICWS_PHASE_IDLE] = "idle",
      [ICWS_PHASE_ROOT_KEY] = "root key",
      [ICWS_PHASE_RESOLVE] = "resolve",
      [ICWS_PHASE_CONNECT] = "connect",
      [ICWS_PHASE_TLS] = "TLS",
      [ICWS_PHASE_UPGRADE] = "upgrade",
      [ICWS_PHASE_HANDSHAKE] = "handshake",
      [ICWS_PHASE_OPENING] = "opening",
      [ICWS_PHASE_OPEN] = "open",
      [ICWS_PHASE_CLOSING] = "closing",
      [ICWS_PHASE_CLOSED] = "closed",
  };
  if ((unsigned)phase >= sizeof names / sizeof names[0])
    return "unknown";
  return names[phase];
}

/* --- Making ----------------------------------------------------------------------------------- */

static void set_default(uint64_t *value, uint64_t otherwise)
{
  if (*value == 0)
    *value = otherwise;
}

static void set_default_size(size_t *value, size_t otherwise)
{
  if (*value == 0)
    *value = otherwise;
}

static void fill_defaults(struct icws_client_config *config)
{
  set_default(&config->resolve_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->connect_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->tls_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->upgrade_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->root_key_timeout_ms, DEFAULT_PHASE_TIMEOUT_MS);
  set_default(&config->close_timeout_ms, DEFAULT_CLOSE_TIMEOUT_MS);
  set_default_size(&config->max_frame_bytes, DEFAULT_MAX_FRAME_BYTES);
  set_default_size(&config->max_message_bytes, DEFAULT_MAX_MESSAGE_BYTES);
  set_default_size(&config->max_queued_messages, DEFAULT_MAX_QUEUED_MESSAGES);
  set_default_size(&config->max_queued_bytes, DEFAULT_MAX_QUEUED_BYTES);
}

static enum icws_error check_config(const struct icws_client_config *config,
                                    struct icws_failure *failure)
{
  enum icws_error error = ICWS_ERR_INVALID_ARGUMENT;
  if (config->gateway_url == NULL)
    return icws_fail(failure, error, "the gateway's URL is missing");
  if (config->canister.len == 0)
    return icws_fail(failure, error, "the canister is missing: its principal is empty");
  if (config->root_key.len > 0 && config->root_key_url != NULL)
    return icws_fail(failure, error, "a root key and a URL to fetch one from exclude each other");
  if (config->max_frame_bytes > INT32_MAX || config->max_message_bytes > INT32_MAX)
    return icws_fail(failure, error, "a limit on a message's size is 2 GiB or more");
  return ICWS_OK;
}

/* Copies what the configuration points to, and forgets the pointers. */
static enum icws_error adopt_config(struct icws_client *client, struct icws_failure *failure)
{
  struct icws_client_config *config = &client->config;
  struct icws_verifier_config verifier = {.root_key = config->root_key};
  enum icws_error error = icws_url_parse(config->gateway_url, "ws", &client->url, failure);
  if (error == ICWS_OK && config->root_key_url != NULL)
    error = icws_url_parse(config->root_key_url, "http", &client->root_key_url, failure);
  else if (error == ICWS_OK)
    error = icws_verifier_new(&verifier, &client->verifier, failure);
  if (error != ICWS_OK)
    return error;
  if (config->root_key_url != NULL && strcmp(client->root_key_url.path, "/") != 0)
    return icws_fail(failure, ICWS_ERR_URL, "a network's URL has no path: %s",
                     config->root_key_url);
  if (config->ca_file != NULL && (client->ca_file = strdup(config->ca_file)) == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  if (config->identity == NULL) {
    error = icws_identity_new(NULL, &client->own_identity);
    if (error != ICWS_OK)
      return icws_fail(failure, error, "no fresh identity: %s", icws_strerror(error));
    config->identity = client->own_identity;
  }
  config->gateway_url = NULL;
  config->root_key_url = NULL;
  config->ca_file = NULL;
  config->root_key = icws_bytes_of(NULL, 0);
  return ICWS_OK;
}

static void phase_timer_fired(void *user_data)
{
  icws_client_phase_timed_out(user_data);
}

static enum icws_error make_parts(struct icws_client *client, struct icws_failure *failure)
{
  const struct icws_transport_config transport = {
      .loop = &client->loop,
      .url = &client->url,
      .ca_file = client->ca_file,
      .max_frame_bytes = client->config.max_frame_bytes,
      .handler = &icws_client_transport_handler,
      .user_data = client,
  };
  enum icws_error error = icws_process_setup(failure);
  if (error != ICWS_OK)
    return error;
  client->phase_timer = icws_timer_new(&client->loop, phase_timer_fired, client);
  client->session_timer = icws_timer_new(&client->loop, icws_client_session_timer_fired, client);
  if (client->phase_timer == NULL || client->session_timer == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  return icws_transport_new(&transport, &client->transport, failure);
}

enum icws_error icws_client_new(const struct icws_client_config *config,
                                struct icws_client **client, struct icws_failure *failure)
{
  enum icws_error error = check_config(config, failure);
  struct icws_client *made;
  int status;
  if (error != ICWS_OK)
    return error;
  made = calloc(1, sizeof *made);
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  made->config = *config;
  fill_defaults(&made->config);
  icws_outbox_init(&made->outbox, made->config.max_message_bytes, made->config.max_queued_messages,
                   made->config.max_queued_bytes);
  status = uv_loop_init(&made->loop);
  if (status != 0) {
    free(made);
    return icws_fail(failure, ICWS_ERR_SYSTEM, "no event loop: %s", uv_strerror(status));
  }
  error = adopt_config(made, failure);
  if (error == ICWS_OK)
    error = make_parts(made, failure);
  if (error != ICWS_OK) {
    icws_client_del(made);
    return error;
  }
  *client = made;
  return ICWS_OK;
}

static void stop_connecting(struct icws_client *client)
{
  icws_root_key_fetch_del(client->root_key_fetch);
  icws_resolver_del(client->resolver);
  icws_probe_del(client->probe);
  client->root_key_fetch = NULL;
  client->resolver = NULL;
  client->probe = NULL;
}

void icws_client_del(struct icws_client *client)
{
  struct icws_sigpipe sigpipe;
  if (client == NULL)
    return;
  icws_sigpipe_block(&sigpipe);
  stop_connecting(client);
  icws_timer_del(client->phase_timer);
  icws_timer_del(client->session_timer);
  icws_transport_del(client->transport);
  icws_loop_close(&client->loop);
  icws_sigpipe_restore(&sigpipe);
  icws_session_del(client->session);
  icws_outbox_wipe(&client->outbox);
  icws_verifier_del(client->verifier);
  icws_identity_del(client->own_identity);
  free(client->ca_file);
  free(client);
}

/* --- Phases ----------------------------------------------------------------------------------- */

void icws_client_set_phase(struct icws_client *client, enum icws_client_phase phase)
{
  if (client->phase == phase)
    return;
  client->phase = phase;
  if (client->config.callbacks.on_phase != NULL)
    client->config.callbacks.on_phase(client, phase, client->config.user_data);
}

void icws_client_finish(struct icws_client *client, const struct icws_failure *failure)
{
  if (client->phase == ICWS_PHASE_CLOSED)
    return;
  if (failure != NULL && client->failure.code == ICWS_OK &&
      (!client->close_wanted || client->phase == ICWS_PHASE_CLOSING))
    client->failure = *failure;
  stop_connecting(client);
  icws_transport_abort(client->transport);
  icws_timer_stop(client->phase_timer);
  icws_timer_stop(client->session_timer);
  icws_outbox_wipe(&client->outbox);
  icws_client_set_phase(client, ICWS_PHASE_CLOSED);
  client->told_closed = true;
  if (client->config.callbacks.on_closed != NULL)
    client->config.callbacks.on_closed(client, &client->failure, client->config.user_data);
}

/* --- Driving ---------------------------------------------------------------------------------- */

enum icws_error icws_client_start(struct icws_client *client)
{
  if (client->started || client->close_wanted)
    return ICWS_ERR_INVALID_STATE;
  client->started = true;
  client->stirred = true;
  return ICWS_OK;
}

int icws_client_fd(const struct icws_client *client)
{
  return uv_backend_fd(&client->loop);
}

int icws_client_timeout_ms(const struct icws_client *client)
{
  if (client->told_closed)
    return -1;
  if (client->stirred)
    return 0;
  return client->phase == ICWS_PHASE_IDLE ? -1 : icws_loop_timeout_ms(&client->loop);
}

/* Does what calls from outside have asked for. */
static void act(struct icws_client *client)
{
  client->stirred = false;
  if (client->close_wanted && client->session == NULL)
    icws_client_finish(client, NULL);
  else if (client->session != NULL)
    icws_client_drive(client);
  else if (client->started && client->phase == ICWS_PHASE_IDLE)
    icws_client_connect(client);
}

static void process(struct icws_client *client, bool wait)
{
  struct icws_sigpipe sigpipe;
  icws_sigpipe_block(&sigpipe);
  client->processing = true;
  uv_update_time(&client->loop);
  if (client->stirred)
    act(client);
  if (client->phase != ICWS_PHASE_IDLE && client->phase != ICWS_PHASE_CLOSED)
    uv_run(&client->loop, wait && !client->stirred ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  client->processing = false;
  icws_sigpipe_restore(&sigpipe);
}

bool icws_client_process(struct icws_client *client)
{
  if (!client->processing)
    process(client, false);
  return !client->told_closed;
}

enum icws_error icws_client_run(struct icws_client *client)
{
  if (client->processing || !client->started)
    return ICWS_ERR_INVALID_STATE;
  while (!client->told_closed)
    process(client, true);
  return client->failure.code;
}

enum icws_error icws_client_send(struct icws_client *client, struct icws_bytes content,
                                 uint64_t *ticket)
{
  if (client->failure.code != ICWS_OK)
    return client->failure.code;
  if (client->close_wanted || client->told_closed)
    return ICWS_ERR_CLOSED;
  if (client->session == NULL)
    return icws_outbox_send(&client->outbox, content, ticket);
  client->stirred = true;
  return icws_session_send(client->session, content, ticket);
}

void icws_client_close(struct icws_client *client)
{
  if (client->close_wanted || client->phase >= ICWS_PHASE_CLOSING)
    return;
  client->close_wanted = true;
  client->stirred = true;
  if (client->session != NULL)
    icws_session_close(client->session);
}

/* --- Looking ---------------------------------------------------------------------------------- */

enum icws_client_phase icws_client_phase(const struct icws_client *client)
{
  return client->phase;
}

const struct icws_failure *icws_client_failure(const struct icws_client *client)
{
  return &client->failure;
}

struct icws_principal icws_client_principal(const struct icws_client *client)
{
  return icws_identity_signer(client->config.identity).sender;
}

struct icws_session_stats icws_client_stats(const struct icws_client *client)
{
  static const struct icws_session_stats none;
  return client->session == NULL ? none : icws_session_stats(client->session);
}

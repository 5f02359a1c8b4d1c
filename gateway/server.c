/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "server_state.h"

#define OWN_DESCRIPTORS 64 /* besides the sockets' */

/* Each connection has a buffer of so many bytes.  Most frames of clients, an envelope of some 470
 * bytes and a message, come in one piece; the others are put together. */
#define READ_BYTES 1024

/* How much of a frame is handed to the system at once; libwebsockets would take READ_BYTES. */
#define WRITE_BYTES 65536

void server_sweep(struct server *server)
{
  const uint64_t now = server->context->config.monotonic_ns();
  struct server_connection *next;

  server_listener_sweep(server);
  address_table_sweep(&server->addresses, now);
  for (struct server_connection *c = server->connections; c; c = next) {
    next = c->next;
    server_connection_sweep(c, now);
  }
}

/* --- libwebsockets ---------------------------------------------------------------------------- */

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
  struct lws_context *lws = lws_get_context(wsi);
  struct server *server = lws ? lws_context_user(lws) : NULL;
  struct server_connection *connection = user;

  switch ((int)reason) {
  case LWS_CALLBACK_HTTP:
    server->context->stats.refusals[ICWS_GATEWAY_REFUSED_NO_WEBSOCKET]++;
    return server_answer_http(wsi, 426, server->about);
  case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    return server_admit(server, wsi);
  case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
    server_init_tls(server, user);
    return 0;
  case LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY:
    return 0; /* it gets one with its certificate */
  case LWS_CALLBACK_WSI_CREATE:
    server_socket_begin(server, wsi);
    return 0;
  case LWS_CALLBACK_WSI_DESTROY:
    server_socket_end(server, wsi);
    return 0;
  case LWS_CALLBACK_ESTABLISHED:
    server_socket_upgraded(server, wsi);
    return server_connection_establish(server, connection, wsi);
  case LWS_CALLBACK_RECEIVE:
    server_connection_receive(connection, in, len);
    return 0;
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return server_connection_write(connection);
  case LWS_CALLBACK_CLOSED:
    server_connection_bury(connection);
    return 0;
  default:
    return lws_callback_http_dummy(wsi, reason, user, in, len);
  }
}

/*
 * How many descriptors libwebsockets is told to expect; 0: as many as the process may have.  Only
 * with that limit itself it finds a connection by its descriptor in a table; with a smaller one it
 * searches all of them at every event.  But where the limit is far beyond what is needed, its tables
 * would be long for nothing.
 */
static unsigned expected_descriptors(size_t max_clients)
{
  const size_t needed = max_clients + SERVER_SPARE_SOCKETS + OWN_DESCRIPTORS;
  struct rlimit limit;

  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 4 <= needed)
    return 0;
  return (unsigned)needed;
}

static enum icws_error make_context(struct server *server, struct icws_failure *failure)
{
  static const struct lws_protocols protocols[] = {
      {"ic-websocket", on_event, sizeof(struct server_connection), READ_BYTES, 0, NULL,
       WRITE_BYTES},
      {NULL, NULL, 0, 0, 0, NULL, 0},
  };
  static const lws_retry_bo_t no_pings = {0}; /* else it pings idle clients, and hangs up on them */
  const struct icws_gateway_config *config = &server->context->config;
  void *loops[] = {config->loop};
  struct lws_context_creation_info info;

  memset(&info, 0, sizeof info);
  info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  if (config->tls_certificate_file)
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
  info.foreign_loops = loops;
  info.user = server;
  info.fd_limit_per_thread = expected_descriptors(config->max_clients);
  info.server_string = "icws-gateway";
  info.alpn = "http/1.1"; /* else browsers and curl choose HTTP/2, which nothing here answers */
  server->lws = lws_create_context(&info);
  if (!server->lws)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "libwebsockets cannot start");

  info.protocols = protocols;
  info.retry_and_idle_policy = &no_pings;
  info.alpn = "http/1.1"; /* else it offers HTTP/2, whose requests it cannot answer here */
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER; /* sockets are handed to it */
  server->vhost = lws_create_vhost(server->lws, &info);
  if (!server->vhost)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "libwebsockets cannot start a server");
  return ICWS_OK;
}

static enum icws_error read_proxies(struct server *server, struct icws_failure *failure)
{
  const struct icws_gateway_config *config = &server->context->config;
  struct address_network *networks;

  if (config->trusted_proxy_count == 0)
    return ICWS_OK;
  networks = calloc(config->trusted_proxy_count, sizeof *networks);
  if (!networks)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a server");
  server->proxies = (struct proxies){.networks = networks, .count = config->trusted_proxy_count};
  for (size_t i = 0; i < config->trusted_proxy_count; i++)
    if (!address_network_parse(config->trusted_proxies[i], &networks[i]))
      return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                       "%s is neither a numeric address nor a network such as 192.0.2.0/24",
                       config->trusted_proxies[i]);
  return ICWS_OK;
}

static enum icws_error start(struct server *server, struct icws_failure *failure)
{
  const struct icws_gateway_config *config = &server->context->config;
  enum icws_error error = read_proxies(server, failure);

  if (error != ICWS_OK)
    return error;
  error = address_table_init(&server->addresses, config->random);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "no table of addresses: %s", icws_strerror(error));
  if (!config->tls_certificate_file != !config->tls_key_file)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "a certificate needs its key, and a key its certificate");
  error = make_context(server, failure);
  if (error == ICWS_OK && config->tls_certificate_file)
    error = server_load_tls(server, failure);
  if (error == ICWS_OK)
    error = server_listen(server, failure);
  return error;
}

enum icws_error server_new(struct gateway_context *context, const struct server_hooks *hooks,
                           void *user_data, const char *about, struct server **server,
                           struct icws_failure *failure)
{
  struct server *new = calloc(1, sizeof *new);
  enum icws_error error;

  if (!new)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a server");
  new->context = context;
  new->hooks = hooks;
  new->user_data = user_data;
  new->listener = -1;
  new->sockets_end = &new->sockets;
  (void)snprintf(new->about, sizeof new->about, "%s", about);
  lws_set_log_level(0, NULL); /* what it has to say goes through the hooks */
  error = start(new, failure);
  if (error != ICWS_OK) {
    server_del(new);
    return error;
  }
  *server = new;
  return ICWS_OK;
}

static void note_closing(uv_handle_t *handle, void *any)
{
  if (uv_is_closing(handle))
    *(bool *)any = true;
}

/*
 * On a loop that is not its own, libwebsockets takes two calls to end: the first closes sockets and
 * handles, the second frees what is left when the loop has closed them.  It does not tell when that
 * is; but then no handle of the loop is being closed any more.
 */
void server_del(struct server *server)
{
  uv_loop_t *loop = server->context->config.loop;
  bool closing = true;

  server_listener_close(server);
  if (server->lws)
    lws_context_destroy(server->lws);
  while (closing) {
    closing = false;
    (void)uv_run(loop, UV_RUN_NOWAIT);
    uv_walk(loop, note_closing, &closing);
  }
  if (server->lws)
    lws_context_destroy(server->lws);
  address_table_wipe(&server->addresses);
  free(server->proxies.networks);
  free(server);
}

void server_refuse_new(struct server *server)
{
  server->refusing = true;
}

size_t server_address_count(const struct server *server)
{
  return server->addresses.count;
}

enum icws_error server_reload_tls(struct server *server, struct icws_failure *failure)
{
  enum icws_error error;

  if (!server->tls)
    return icws_fail(failure, ICWS_ERR_INVALID_STATE, "the gateway has no TLS");
  error = server_load_tls(server, failure);
  if (error == ICWS_OK)
    server->context->stats.tls_reloads++;
  return error;
}

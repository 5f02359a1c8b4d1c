/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "server_state.h"

#define SPARE_DESCRIPTORS 64 /* beyond the clients': clients to be refused, the listener */

/* Each connection has a buffer of so many bytes.  Most frames of clients, an envelope of some 470
 * bytes and a message, come in one piece; the others are put together. */
#define READ_BYTES 1024

void server_sweep(struct server *server)
{
  const uint64_t now = server->context->config.monotonic_ns();
  struct server_connection *next;

  for (struct server_connection *c = server->connections; c; c = next) {
    next = c->next;
    server_connection_sweep(c, now);
  }
}

/* --- HTTP ------------------------------------------------------------------------------------- */

/* Answers a request that is not, or cannot become, a WebSocket.  Returns what the callback is to
 * return. */
static int answer_http(struct lws *wsi, unsigned status, const char *text)
{
  unsigned char buffer[LWS_PRE + 1024];
  unsigned char *start = buffer + LWS_PRE;
  unsigned char *p = start;
  unsigned char *end = buffer + sizeof buffer - 1;
  const size_t len = strlen(text);

  if (lws_add_http_common_headers(wsi, status, "text/plain; charset=utf-8", len, &p, end) != 0)
    return -1;
  if (status == 426 && lws_add_http_header_by_name(wsi, (const unsigned char *)"upgrade:",
                                                   (const unsigned char *)"websocket", 9, &p, end))
    return -1;
  if (lws_finalize_write_http_header(wsi, start, &p, end) != 0)
    return -1;
  p = start;
  memcpy(p, text, len);
  if (lws_write(wsi, p, len, LWS_WRITE_HTTP_FINAL) != (int)len)
    return -1;
  return lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* Whether a WebSocket may be made of this request; if not, the answer says why. */
static int admit(struct server *server, struct lws *wsi)
{
  if (server->refusing)
    (void)answer_http(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE, "This gateway is going away.\n");
  else if (server->count >= server->context->config.max_clients)
    (void)answer_http(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE,
                      "This gateway has as many clients as it takes. Try again later.\n");
  else
    return 0;
  return 1;
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
    return answer_http(wsi, 426, server->about);
  case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    return admit(server, wsi);
  case LWS_CALLBACK_ESTABLISHED:
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

/* The address must be numeric: libwebsockets would look for a network interface of that name. */
static bool is_numeric(const char *address)
{
  struct in6_addr out;

  return inet_pton(AF_INET, address, &out) == 1 || inet_pton(AF_INET6, address, &out) == 1;
}

/*
 * How many descriptors libwebsockets is told to expect; 0: as many as the process may have.  Only
 * with that limit itself it finds a connection by its descriptor in a table; with a smaller one it
 * searches all of them at every event.  But where the limit is far beyond what is needed, its tables
 * would be long for nothing.
 */
static unsigned expected_descriptors(size_t max_clients)
{
  const unsigned needed = (unsigned)max_clients + SPARE_DESCRIPTORS;
  struct rlimit limit;

  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 4 <= needed)
    return 0;
  return needed;
}

static enum icws_error listen_on(struct server *server, struct icws_failure *failure)
{
  static const struct lws_protocols protocols[] = {
      {"ic-websocket", on_event, sizeof(struct server_connection), READ_BYTES, 0, NULL, 0},
      {NULL, NULL, 0, 0, 0, NULL, 0},
  };
  static const lws_retry_bo_t no_pings = {0}; /* else it pings idle clients, and hangs up on them */
  const struct icws_gateway_config *config = &server->context->config;
  void *loops[] = {config->loop};
  struct lws_context_creation_info info;

  memset(&info, 0, sizeof info);
  info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                 LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
  info.foreign_loops = loops;
  info.user = server;
  info.fd_limit_per_thread = expected_descriptors(config->max_clients);
  info.ka_time = 60;
  info.ka_probes = 3;
  info.ka_interval = 20;
  info.server_string = "icws-gateway";
  server->lws = lws_create_context(&info);
  if (!server->lws)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "libwebsockets cannot start");

  info.protocols = protocols;
  info.retry_and_idle_policy = &no_pings;
  info.port = config->port;
  info.iface = config->address;
  errno = 0;
  server->vhost = lws_create_vhost(server->lws, &info);
  if (!server->vhost)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot listen on %s port %u: %s", config->address,
                     (unsigned)config->port,
                     errno != 0 ? strerror(errno) : "the port is in use or not permitted");
  return ICWS_OK;
}

enum icws_error server_new(struct gateway_context *context, const struct server_hooks *hooks,
                           void *user_data, const char *about, struct server **server,
                           struct icws_failure *failure)
{
  struct server *new;
  enum icws_error error;

  if (!is_numeric(context->config.address))
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "%s is not a numeric address",
                     context->config.address);
  new = calloc(1, sizeof *new);
  if (!new)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a server");
  new->context = context;
  new->hooks = hooks;
  new->user_data = user_data;
  (void)snprintf(new->about, sizeof new->about, "%s", about);
  lws_set_log_level(0, NULL); /* what it has to say goes through the hooks */
  error = listen_on(new, failure);
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

  if (server->lws) {
    bool closing = true;

    lws_context_destroy(server->lws);
    while (closing) {
      closing = false;
      (void)uv_run(loop, UV_RUN_NOWAIT);
      uv_walk(loop, note_closing, &closing);
    }
    lws_context_destroy(server->lws);
  }
  free(server);
}

uint16_t server_port(const struct server *server)
{
  return (uint16_t)lws_get_vhost_listen_port(server->vhost);
}

void server_refuse_new(struct server *server)
{
  server->refusing = true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "http_server.h"

#include <stdlib.h>
#include <string.h>

#include "http_server_state.h"

#define SWEEP_INTERVAL_MS 250
#define BACKLOG 128

/* --- Life ------------------------------------------------------------------------------------- */

static void on_connection(uv_stream_t *listener, int status)
{
  if (status == 0)
    http_connection_accept(listener->data);
}

static void on_sweep(uv_timer_t *timer)
{
  struct icws_http_server *server = timer->data;
  const uint64_t now = server->config.monotonic_ns();

  for (struct http_connection *c = server->connections; c; c = c->next)
    http_connection_sweep(c, now); /* which frees none: they are closed by the loop */
}

/* Reads a numeric address; false if it is none. */
static bool read_address(const struct icws_http_server_config *config, struct sockaddr_storage *out)
{
  return uv_ip4_addr(config->address, config->port, (struct sockaddr_in *)out) == 0 ||
         uv_ip6_addr(config->address, config->port, (struct sockaddr_in6 *)out) == 0;
}

static uint16_t port_of(const uv_tcp_t *tcp)
{
  struct sockaddr_storage address;
  int len = sizeof address;

  if (uv_tcp_getsockname(tcp, (struct sockaddr *)&address, &len) != 0)
    return 0;
  return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                             : ((struct sockaddr_in *)&address)->sin_port);
}

static enum icws_error listen_on(struct icws_http_server *server,
                                 const struct sockaddr_storage *address,
                                 struct icws_failure *failure)
{
  const struct icws_http_server_config *config = &server->config;
  int error;

  (void)uv_timer_init(config->loop, &server->sweep); /* these four cannot fail */
  (void)uv_tcp_init(config->loop, &server->listener);
  server->handles = 2;
  server->sweep.data = server;
  server->listener.data = server;
  (void)uv_timer_start(&server->sweep, on_sweep, SWEEP_INTERVAL_MS, SWEEP_INTERVAL_MS);
  error = uv_tcp_bind(&server->listener, (const struct sockaddr *)address, 0);
  if (error == 0)
    error = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
  if (error != 0)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot listen on %s port %u: %s", config->address,
                     (unsigned)config->port, uv_strerror(error));
  server->port = port_of(&server->listener);
  return ICWS_OK;
}

static void default_ms(uint32_t *member, uint32_t value)
{
  if (*member == 0)
    *member = value;
}

static void fill_in(struct icws_http_server_config *config)
{
  if (!config->address)
    config->address = "127.0.0.1";
  if (config->max_connections == 0)
    config->max_connections = 256;
  if (config->max_body_bytes == 0)
    config->max_body_bytes = 65536;
  default_ms(&config->head_timeout_ms, 20000);
  default_ms(&config->body_timeout_ms, 30000);
  default_ms(&config->idle_timeout_ms, 60000);
  default_ms(&config->output_timeout_ms, 30000);
  if (!config->monotonic_ns)
    config->monotonic_ns = uv_hrtime;
}

enum icws_error icws_http_server_new(const struct icws_http_server_config *config,
                                     struct icws_http_server **server, struct icws_failure *failure)
{
  struct icws_http_server *new;
  struct sockaddr_storage address;
  enum icws_error error;

  if (!config->loop || !config->handler || !config->name)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "an HTTP server needs a loop, a handler and a name");
  new = calloc(1, sizeof *new);
  if (!new)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for an HTTP server");
  new->config = *config;
  fill_in(&new->config);
  if (read_address(&new->config, &address))
    error = listen_on(new, &address, failure);
  else
    error = icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "%s is not a numeric address",
                      new->config.address);
  if (error != ICWS_OK) {
    icws_http_server_del(new);
    return error;
  }
  *server = new;
  return ICWS_OK;
}

static void on_handle_closed(uv_handle_t *handle)
{
  struct icws_http_server *server = handle->data;

  server->handles--;
}

void icws_http_server_del(struct icws_http_server *server)
{
  if (!server)
    return;
  if (server->handles > 0) {
    uv_close((uv_handle_t *)&server->sweep, on_handle_closed);
    uv_close((uv_handle_t *)&server->listener, on_handle_closed);
  }
  for (struct http_connection *c = server->connections; c; c = c->next)
    http_connection_close(c);
  while (server->handles > 0 || server->connections)
    (void)uv_run(server->config.loop, UV_RUN_NOWAIT);
  free(server);
}

uint16_t icws_http_server_port(const struct icws_http_server *server)
{
  return server->port;
}

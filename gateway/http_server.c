/* SPDX-License-Identifier: Apache-2.0 */
#include "http_server.h"

#include <stdlib.h>
#include <unistd.h>

#include "http_server_state.h"
#include "listener.h"

#define NS_PER_MS UINT64_C(1000000)
#define SWEEP_INTERVAL_NS (250 * NS_PER_MS)
#define BACKLOG 128

/* More than the configured number of connections are told to try again, up to this many more. */
#define SPARE_CONNECTIONS 64

/* --- Driving libmicrohttpd -------------------------------------------------------------------- */

static void run(struct icws_http_server *server)
{
  const uint64_t now = server->config.monotonic_ns();

  if (now >= server->sweep_ns) {
    http_connection_sweep(server, now);
    server->sweep_ns = now + SWEEP_INTERVAL_NS;
  }
  (void)MHD_run(server->daemon);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
  (void)status;
  (void)events;
  run(poll->data);
}

static void on_timer(uv_timer_t *timer)
{
  run(timer->data);
}

void http_server_wake(struct icws_http_server *server)
{
  (void)uv_timer_start(&server->timer, on_timer, 0, 0);
}

/* Before the loop waits: when libmicrohttpd wants to run again, which each run may change. */
static void on_prepare(uv_prepare_t *prepare)
{
  struct icws_http_server *server = prepare->data;
  uint64_t wait_ms = SWEEP_INTERVAL_NS / NS_PER_MS;
  MHD_UNSIGNED_LONG_LONG wanted_ms;

  if (MHD_get_timeout(server->daemon, &wanted_ms) == MHD_YES && wanted_ms < wait_ms)
    wait_ms = wanted_ms;
  if (uv_is_active((uv_handle_t *)&server->timer) && uv_timer_get_due_in(&server->timer) <= wait_ms)
    return; /* starting it anew at each turn would put it off for ever on a busy loop */
  (void)uv_timer_start(&server->timer, on_timer, wait_ms, 0);
}

static enum icws_error attach(struct icws_http_server *server, struct icws_failure *failure)
{
  uv_loop_t *loop = server->config.loop;
  const int fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
  int error = uv_poll_init(loop, &server->poll, fd);

  if (error != 0)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot watch a descriptor: %s", uv_strerror(error));
  (void)uv_timer_init(loop, &server->timer); /* these and the next cannot fail */
  (void)uv_prepare_init(loop, &server->prepare);
  server->handles = 3;
  server->poll.data = server;
  server->timer.data = server;
  server->prepare.data = server;
  (void)uv_poll_start(&server->poll, UV_READABLE, on_ready);
  (void)uv_prepare_start(&server->prepare, on_prepare);
  return ICWS_OK;
}

/* --- Listening -------------------------------------------------------------------------------- */

/* What libmicrohttpd says of clients is of no interest: it answers them. */
static void log_nothing(void *cls, const char *format, va_list arguments)
{
  (void)cls;
  (void)format;
  (void)arguments;
}

static struct MHD_Daemon *start_daemon(struct icws_http_server *server, int fd)
{
  const struct icws_http_server_config *config = &server->config;
  const unsigned connections = (unsigned)config->max_connections + SPARE_CONNECTIONS;
  const unsigned timeout_s = (config->timeout_ms + 999) / 1000;

  return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
                          NULL, http_exchange_proceed, server, MHD_OPTION_EXTERNAL_LOGGER,
                          log_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
                          MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT, connections,
                          MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)ICWS_HTTP_MAX_HEAD_BYTES,
                          MHD_OPTION_CONNECTION_TIMEOUT, timeout_s, MHD_OPTION_NOTIFY_COMPLETED,
                          http_exchange_completed, server, MHD_OPTION_NOTIFY_CONNECTION,
                          http_connection_notify, server, MHD_OPTION_END);
}

static enum icws_error start(struct icws_http_server *server, struct icws_failure *failure)
{
  const struct listener_config listener = {
      .address = server->config.address, .port = server->config.port, .backlog = BACKLOG};
  int fd;
  const enum icws_error error = listener_open(&listener, &fd, failure);

  if (error != ICWS_OK)
    return error;
  server->port = listener_port(fd);
  server->daemon = start_daemon(server, fd);
  if (server->daemon)
    return attach(server, failure);
  (void)close(fd);
  return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot start an HTTP server");
}

/* --- Life ------------------------------------------------------------------------------------- */

static void fill_in(struct icws_http_server_config *config)
{
  if (!config->address)
    config->address = "127.0.0.1";
  if (config->max_connections == 0)
    config->max_connections = 256;
  if (config->max_body_bytes == 0)
    config->max_body_bytes = 65536;
  if (config->timeout_ms == 0)
    config->timeout_ms = 60000;
  if (!config->monotonic_ns)
    config->monotonic_ns = uv_hrtime;
}

enum icws_error icws_http_server_new(const struct icws_http_server_config *config,
                                     struct icws_http_server **server, struct icws_failure *failure)
{
  struct icws_http_server *new;
  enum icws_error error;

  if (!config->loop || !config->handler || !config->name)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "an HTTP server needs a loop, a handler and a name");
  new = calloc(1, sizeof *new);
  if (!new)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for an HTTP server");
  new->config = *config;
  fill_in(&new->config);
  error = start(new, failure);
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
    uv_close((uv_handle_t *)&server->poll, on_handle_closed);
    uv_close((uv_handle_t *)&server->timer, on_handle_closed);
    uv_close((uv_handle_t *)&server->prepare, on_handle_closed);
  }
  while (server->handles > 0)
    (void)uv_run(server->config.loop, UV_RUN_NOWAIT);
  http_exchange_part(server);
  if (server->daemon)
    MHD_stop_daemon(server->daemon); /* and closes its sockets */
  free(server);
}

uint16_t icws_http_server_port(const struct icws_http_server *server)
{
  return server->port;
}

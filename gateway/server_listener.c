/* SPDX-License-Identifier: Apache-2.0 */

/* The listening socket.  It is not left to libwebsockets, since what a socket inherits from it must
 * be set before it listens: the window that a client is offered first. */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listener.h"
#include "server_state.h"

#define BACKLOG 1024
#define ACCEPTS_AT_A_TIME 64 /* so that others on the loop get their turn */
#define PROBES 3

static void set(int fd, int level, int option, size_t value)
{
  const int number = value < INT32_MAX ? (int)value : INT32_MAX;

  /* What the system does not know of these is a courtesy less. */
  (void)setsockopt(fd, level, option, &number, sizeof number);
}

void server_set_window(int fd, size_t bytes)
{
  set(fd, SOL_SOCKET, SO_RCVBUF, bytes);
  set(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, bytes);
}

/* A client whose machine is silent for |silence_timeout_ms| is found: by probes when nothing is under
 * way to it, else by the lack of acknowledgements. */
static void find_silence(int fd, uint32_t timeout_ms)
{
  const uint32_t timeout_s = timeout_ms / 1000;
  const uint32_t interval_s = timeout_s / (2 * PROBES) > 0 ? timeout_s / (2 * PROBES) : 1;
  const uint32_t idle_s = timeout_s > PROBES * interval_s ? timeout_s - PROBES * interval_s : 1;

  set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle_s);
  set(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval_s);
  set(fd, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
  set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, timeout_ms);
}

/* No descriptor or no memory is left: whoever waits is accepted when server_sweep looks again. */
static void rest(struct server *server, int error)
{
  (void)uv_poll_stop(&server->accepting);
  server->resting = true;
  gateway_log(server->context, ICWS_GATEWAY_LOG_ERROR, "cannot_accept", NULL,
              "no connection can be accepted: %s", strerror(error));
}

/* A socket that does not block and stays out of other programs; -1 if none could be accepted. */
static int accept_one(int listener)
{
  const int fd = accept(listener, NULL, NULL);

  if (fd >= 0) {
    (void)fcntl(fd, F_SETFL, O_NONBLOCK); /* these two cannot fail */
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  return fd;
}

static void on_connections(uv_poll_t *poll, int status, int events)
{
  struct server *server = poll->data;

  (void)status;
  (void)events;
  for (int i = 0; i < ACCEPTS_AT_A_TIME; i++) {
    const int fd = accept_one(server->listener);

    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
      rest(server, errno);
    if (fd < 0 && errno != ECONNABORTED && errno != EINTR)
      return;
    if (fd < 0)
      continue;
    find_silence(fd, server->context->config.silence_timeout_ms);
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    server_socket_adopt(server, fd);
  }
}

static void watch(struct server *server)
{
  server->resting = false;
  (void)uv_poll_start(&server->accepting, UV_READABLE, on_connections);
}

void server_listener_sweep(struct server *server)
{
  if (server->resting)
    watch(server);
}

enum icws_error server_listen(struct server *server, struct icws_failure *failure)
{
  const struct icws_gateway_config *config = &server->context->config;
  const struct listener_config listener = {
      .address = config->address,
      .port = config->port,
      .backlog = BACKLOG,
      .receive_buffer_bytes = config->receive_buffer_bytes,
  };
  const enum icws_error error = listener_open(&listener, &server->listener, failure);

  if (error != ICWS_OK)
    return error;
  if (uv_poll_init(config->loop, &server->accepting, server->listener) != 0)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "the loop cannot watch a socket");
  server->accepting.data = server;
  server->watching = true;
  watch(server);
  return ICWS_OK;
}

void server_listener_close(struct server *server)
{
  if (server->watching)
    uv_close((uv_handle_t *)&server->accepting, NULL);
  server->watching = false;
  if (server->listener >= 0)
    (void)close(server->listener);
  server->listener = -1;
}

uint16_t server_port(const struct server *server)
{
  return listener_port(server->listener);
}

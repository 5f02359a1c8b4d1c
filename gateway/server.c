/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libwebsockets.h>

#define MAX_REASON_BYTES 123 /* RFC 6455, section 5.5: 125 with the code */
#define CLOSING_NS_MAX                                                                             \
  UINT64_C(5000000000)       /* how long a client has to take what is queued and to go */
#define SPARE_DESCRIPTORS 64 /* beyond the clients': clients to be refused, the listener */
#define MAX_ABOUT_BYTES 512

struct output_frame {
  struct output_frame *next;
  size_t len;
  uint8_t room_and_payload[]; /* LWS_PRE bytes for libwebsockets, then the payload */
};

struct server_connection {
  struct server *server;
  struct lws *wsi;
  void *data;
  struct server_connection *next;
  struct server_connection **link;

  struct icws_buf input; /* a frame that comes in fragments */

  struct output_frame *output;
  struct output_frame **output_end;
  size_t output_bytes;
  uint64_t taken_ns; /* when the client last took something, or had taken all */

  bool closing;
  uint64_t closing_ns;
  uint16_t close_code;
  char close_reason[MAX_REASON_BYTES + 1];
};

struct server {
  struct gateway_context *context;
  const struct server_hooks *hooks;
  void *user_data;
  struct lws_context *lws;
  struct lws_vhost *vhost;
  struct server_connection *connections;
  size_t count;
  bool refusing;
  char about[MAX_ABOUT_BYTES];
};

static uint64_t now_ns(const struct server *server)
{
  return server->context->config.monotonic_ns();
}

/* --- Output ------------------------------------------------------------------------------------
 */

static void drop_output(struct server_connection *connection)
{
  while (connection->output) {
    struct output_frame *frame = connection->output;

    connection->output = frame->next;
    free(frame);
  }
  connection->output_end = &connection->output;
  connection->output_bytes = 0;
}

static void give_up_slow(struct server_connection *connection)
{
  connection->server->context->stats.clients_slow++;
  drop_output(connection);
}

bool server_send(struct server_connection *connection, struct icws_bytes bytes)
{
  const size_t max = connection->server->context->config.max_output_bytes;
  struct output_frame *frame;

  if (connection->closing)
    return false;
  if (bytes.len > max - connection->output_bytes) {
    give_up_slow(connection);
    return false;
  }
  frame = malloc(sizeof *frame + LWS_PRE + bytes.len);
  if (!frame)
    return false;
  frame->next = NULL;
  frame->len = bytes.len;
  if (bytes.len > 0)
    memcpy(frame->room_and_payload + LWS_PRE, bytes.data, bytes.len);
  if (!connection->output)
    connection->taken_ns = now_ns(connection->server);
  *connection->output_end = frame;
  connection->output_end = &frame->next;
  connection->output_bytes += bytes.len;
  lws_callback_on_writable(connection->wsi);
  return true;
}

void server_pause(struct server_connection *connection, bool paused)
{
  (void)lws_rx_flow_control(connection->wsi, paused ? 0 : 1);
}

void server_close(struct server_connection *connection, uint16_t code, const char *reason)
{
  if (connection->closing)
    return;
  connection->closing = true;
  connection->closing_ns = now_ns(connection->server);
  connection->close_code = code;
  (void)snprintf(connection->close_reason, sizeof connection->close_reason, "%s", reason);
  server_pause(connection, false); /* or the client's answer to the close is not read */
  lws_callback_on_writable(connection->wsi);
}

/* One frame, or the end.  Non-zero makes libwebsockets close. */
static int write_next(struct server_connection *connection)
{
  struct output_frame *frame = connection->output;
  int written;

  if (!frame) {
    if (!connection->closing)
      return 0;
    lws_close_reason(connection->wsi, (enum lws_close_status)connection->close_code,
                     (unsigned char *)connection->close_reason, strlen(connection->close_reason));
    return -1;
  }
  written =
      lws_write(connection->wsi, frame->room_and_payload + LWS_PRE, frame->len, LWS_WRITE_BINARY);
  if (written < 0)
    return -1;
  connection->taken_ns = now_ns(connection->server);
  connection->output = frame->next;
  if (!connection->output)
    connection->output_end = &connection->output;
  connection->output_bytes -= frame->len;
  free(frame);
  if (connection->output || connection->closing)
    lws_callback_on_writable(connection->wsi);
  return 0;
}

/* --- Input -------------------------------------------------------------------------------------
 */

static void offend(struct server_connection *connection, uint16_t code, const char *reason)
{
  icws_buf_wipe(&connection->input);
  connection->server->hooks->offended(connection->data, code, reason);
}

static void receive(struct server_connection *connection, const void *data, size_t len)
{
  const bool whole =
      lws_is_final_fragment(connection->wsi) && lws_remaining_packet_payload(connection->wsi) == 0;
  const struct server_hooks *hooks = connection->server->hooks;

  if (connection->closing)
    return;
  if (!lws_frame_is_binary(connection->wsi)) {
    offend(connection, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE,
           "text frames are not IC WebSocket: its messages are binary CBOR");
    return;
  }
  if (whole && connection->input.len == 0 && len <= connection->input.max) {
    hooks->received(connection->data, icws_bytes_of(data, len));
    return;
  }
  icws_buf_put(&connection->input, data, len);
  if (icws_buf_error(&connection->input) != ICWS_OK) {
    offend(connection, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "the frame is too large");
  } else if (whole) {
    hooks->received(connection->data, icws_buf_bytes(&connection->input));
    icws_buf_clear(&connection->input);
  }
}

/* --- Connections -------------------------------------------------------------------------------
 */

static int establish(struct server *server, struct server_connection *connection, struct lws *wsi)
{
  *connection = (struct server_connection){.server = server, .wsi = wsi};
  connection->output_end = &connection->output;
  icws_buf_init(&connection->input, server->context->config.max_message_bytes, NULL);
  connection->next = server->connections;
  connection->link = &server->connections;
  if (connection->next)
    connection->next->link = &connection->next;
  server->connections = connection;
  server->count++;
  connection->data = server->hooks->accepted(server->user_data, connection);
  return connection->data ? 0 : -1;
}

static void bury(struct server_connection *connection)
{
  struct server *server = connection->server;

  if (!server)
    return; /* never established */
  *connection->link = connection->next;
  if (connection->next)
    connection->next->link = connection->link;
  server->count--;
  if (connection->data)
    server->hooks->gone(connection->data);
  drop_output(connection);
  icws_buf_wipe(&connection->input);
  connection->server = NULL;
}

void server_sweep(struct server *server)
{
  const uint64_t now = now_ns(server);
  const uint64_t timeout_ns = server->context->config.output_timeout_ms * GATEWAY_NS_PER_MS;
  struct server_connection *next;

  for (struct server_connection *c = server->connections; c; c = next) {
    next = c->next;
    if (c->closing) {
      if (now - c->closing_ns >= CLOSING_NS_MAX)
        lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    } else if (c->output && now - c->taken_ns >= timeout_ns) {
      give_up_slow(c);
      offend(c, LWS_CLOSE_STATUS_POLICY_VIOLATION, "too slow: nothing was taken for too long");
    }
  }
}

/* --- HTTP --------------------------------------------------------------------------------------
 */

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

/* --- libwebsockets -----------------------------------------------------------------------------
 */

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
    return establish(server, connection, wsi);
  case LWS_CALLBACK_RECEIVE:
    receive(connection, in, len);
    return 0;
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return write_next(connection);
  case LWS_CALLBACK_CLOSED:
    bury(connection);
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

static enum icws_error listen_on(struct server *server, struct icws_failure *failure)
{
  static const struct lws_protocols protocols[] = {
      {"ic-websocket", on_event, sizeof(struct server_connection), 4096, 0, NULL, 0},
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
  info.fd_limit_per_thread = (unsigned)config->max_clients + SPARE_DESCRIPTORS;
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

/* SPDX-License-Identifier: Apache-2.0 */
#include "sockets.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libwebsockets.h>

#define READ_BYTES 16384              /* most messages come in one piece, and are not copied then */
#define FRAME_BYTES_MAX (4 << 20)     /* as in icws/session.h */
#define LIBWEBSOCKETS_TIMEOUT_S 86400 /* the clients have deadlines of their own */
#define URL_BYTES 512

struct load_sockets {
  const struct load_socket_handler *handler;
  uv_loop_t *loop;
  struct lws_context *context;
  uv_timer_t closer; /* runs while |closing| is not empty */
  bool closer_open;
  bool ending;
  struct load_socket *closing;
  struct icws_buf output;
  char url[URL_BYTES]; /* cut into pieces by lws_parse_uri */
  char path[URL_BYTES];
  const char *host;
  int port;
  char authority[URL_BYTES + 8];
  char address[64]; /* of |host|, numeric */
};

/* --- The end of a connection ------------------------------------------------------------------ */

static void forget_closing(struct load_socket *socket)
{
  struct load_socket **link = &socket->sockets->closing;
  while (*link != NULL && *link != socket)
    link = &(*link)->next_closing;
  if (*link != NULL)
    *link = socket->next_closing;
}

static void describe_end(const struct load_socket *socket, const char *detail,
                         struct icws_failure *failure)
{
  const char *where = socket->sockets->authority;
  unsigned status = lws_http_client_http_response(socket->wsi);
  if (socket->peer_close.code != ICWS_OK)
    *failure = socket->peer_close;
  else if (socket->is_up)
    (void)icws_fail(failure, ICWS_ERR_DISCONNECTED, "%s dropped the connection", where);
  else if (status != 0 && status != 101)
    (void)icws_fail(failure, ICWS_ERR_UPGRADE,
                    "%s answered the upgrade to WebSocket with HTTP status %u", where, status);
  else
    (void)icws_fail(failure, ICWS_ERR_CONNECT, "cannot connect to %s: %s", where,
                    detail != NULL ? detail : "it closed the connection");
}

static void end(struct load_socket *socket, const char *detail)
{
  bool as_asked = socket->closing && (socket->close_begun || socket->peer_close.code != ICWS_OK);
  struct icws_failure failure;
  describe_end(socket, detail, &failure);
  forget_closing(socket);
  socket->wsi = NULL;
  icws_buf_wipe(&socket->input);
  if (!socket->starting)
    socket->sockets->handler->gone(socket->user_data, as_asked ? NULL : &failure);
}

/* RFC 6455, 5.5.1. */
static void note_peer_close(struct load_socket *socket, const uint8_t *data, size_t len)
{
  const char *where = socket->sockets->authority;
  if (len < 2)
    (void)icws_fail(&socket->peer_close, ICWS_ERR_DISCONNECTED, "%s closed without a code", where);
  else
    (void)icws_fail(&socket->peer_close, ICWS_ERR_DISCONNECTED, "%s closed with code %u: %.*s",
                    where, (unsigned)data[0] << 8 | data[1], (int)(len - 2),
                    (const char *)data + 2);
}

/* Closing from within a callback of libwebsockets drops the connection before the close frame is
 * sent, if the loop is libuv's: so a timer does it. */
static void close_due(uv_timer_t *timer)
{
  struct load_sockets *sockets = timer->data;
  while (sockets->closing != NULL) {
    struct load_socket *socket = sockets->closing;
    sockets->closing = socket->next_closing;
    socket->close_begun = true;
    lws_close_reason(socket->wsi, (enum lws_close_status)socket->close_code,
                     (unsigned char *)(uintptr_t)socket->close_reason,
                     strlen(socket->close_reason));
    lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
  }
}

/* --- Events ----------------------------------------------------------------------------------- */

static int receive(struct load_socket *socket, const void *data, size_t len)
{
  struct lws *wsi = socket->wsi;
  const struct load_socket_handler *handler = socket->sockets->handler;
  enum icws_frame_type type = lws_frame_is_binary(wsi) ? ICWS_FRAME_BINARY : ICWS_FRAME_TEXT;
  if (socket->closing)
    return 0;
  bool whole = lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0;
  if (whole && socket->input.len == 0) {
    handler->message(socket->user_data, type, icws_bytes_of(data, len));
    return 0;
  }
  icws_buf_put(&socket->input, data, len);
  if (icws_buf_error(&socket->input) != ICWS_OK)
    return -1;
  if (whole) {
    handler->message(socket->user_data, type, icws_buf_bytes(&socket->input));
    icws_buf_clear(&socket->input);
  }
  return 0;
}

/* libwebsockets calls this when it has sent what was written before.  Closed with something unsent,
 * it would send that, but no close frame. */
static void writable(struct load_socket *socket)
{
  struct load_sockets *sockets = socket->sockets;
  if (!socket->closing) {
    sockets->handler->writable(socket->user_data);
  } else if (!socket->close_begun) {
    forget_closing(socket); /* it may be there already */
    socket->next_closing = sockets->closing;
    sockets->closing = socket;
    uv_timer_start(&sockets->closer, close_due, 0, 0);
  }
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
  struct load_socket *socket = user;
  if (socket == NULL || socket->wsi != wsi || socket->sockets->ending)
    return 0;
  switch ((int)reason) {
  case LWS_CALLBACK_CLIENT_ESTABLISHED:
    socket->is_up = true;
    socket->sockets->handler->up(socket->user_data);
    return 0;
  case LWS_CALLBACK_CLIENT_RECEIVE:
    return receive(socket, in, len);
  case LWS_CALLBACK_CLIENT_WRITEABLE:
    writable(socket);
    return socket->broken ? -1 : 0;
  case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    note_peer_close(socket, in, len);
    return 0;
  case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    end(socket, in);
    return 0;
  case LWS_CALLBACK_CLIENT_CLOSED:
  case LWS_CALLBACK_WSI_DESTROY: /* some connections end with this only */
    end(socket, NULL);
    return 0;
  default:
    return 0;
  }
}

/* --- Making ----------------------------------------------------------------------------------- */

static enum icws_error read_url(struct load_sockets *sockets, const char *url,
                                struct icws_failure *failure)
{
  const char *scheme = NULL;
  const char *path = NULL;
  if (strlen(url) >= sizeof sockets->url)
    return icws_fail(failure, ICWS_ERR_URL, "the gateway's URL is too long");
  (void)snprintf(sockets->url, sizeof sockets->url, "%s", url);
  if (lws_parse_uri(sockets->url, &scheme, &sockets->host, &sockets->port, &path) != 0 ||
      strcmp(scheme, "ws") != 0 || sockets->host[0] == '\0')
    return icws_fail(failure, ICWS_ERR_URL,
                     "the gateway's URL must be ws://HOST:PORT: TLS is not measured");
  (void)snprintf(sockets->path, sizeof sockets->path, "/%s", path);
  (void)snprintf(sockets->authority, sizeof sockets->authority, "%s:%d", sockets->host,
                 sockets->port);
  return ICWS_OK;
}

/* Once: libwebsockets would look the name up for each connection, and block each time. */
static enum icws_error resolve(struct load_sockets *sockets, struct icws_failure *failure)
{
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  int error = getaddrinfo(sockets->host, NULL, &hints, &found);
  if (error == 0)
    error = getnameinfo(found->ai_addr, found->ai_addrlen, sockets->address,
                        sizeof sockets->address, NULL, 0, NI_NUMERICHOST);
  if (found != NULL)
    freeaddrinfo(found);
  if (error != 0)
    return icws_fail(failure, ICWS_ERR_RESOLVE, "%s: %s", sockets->host, gai_strerror(error));
  return ICWS_OK;
}

/* fd_limit_per_thread is left alone: with a limit of its own libwebsockets searches all connections
 * for a descriptor at every event, with the process's it has a table. */
static enum icws_error make_context(struct load_sockets *sockets, struct icws_failure *failure)
{
  static const struct lws_protocols protocols[] = {
      {.name = "", .callback = on_event, .rx_buffer_size = READ_BYTES},
      {.name = NULL},
  };
  void *loops[] = {sockets->loop};
  const struct lws_context_creation_info info = {
      .port = CONTEXT_PORT_NO_LISTEN,
      .protocols = protocols,
      .options = LWS_SERVER_OPTION_LIBUV,
      .foreign_loops = loops,
      .gid = -1,
      .uid = -1,
      .pt_serv_buf_size = READ_BYTES,
      .timeout_secs = LIBWEBSOCKETS_TIMEOUT_S,
      .connect_timeout_secs = LIBWEBSOCKETS_TIMEOUT_S,
      .http_proxy_address = "", /* do not look for one in the environment */
  };
  lws_set_log_level(0, NULL);
  sockets->context = lws_create_context(&info);
  if (sockets->context == NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM,
                     "libwebsockets cannot be set up: is its libuv plugin installed, and are there "
                     "memory and descriptors?");
  return ICWS_OK;
}

enum icws_error load_sockets_new(uv_loop_t *loop, const char *url,
                                 const struct load_socket_handler *handler,
                                 struct load_sockets **sockets, struct icws_failure *failure)
{
  struct load_sockets *made = calloc(1, sizeof *made);
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  made->loop = loop;
  made->handler = handler;
  icws_buf_init(&made->output, 0, NULL);
  enum icws_error error = read_url(made, url, failure);
  if (error == ICWS_OK)
    error = resolve(made, failure);
  if (error == ICWS_OK)
    error = make_context(made, failure);
  if (error != ICWS_OK) {
    load_sockets_del(made);
    return error;
  }
  uv_timer_init(loop, &made->closer); /* cannot fail */
  made->closer.data = made;
  made->closer_open = true;
  *sockets = made;
  return ICWS_OK;
}

/* With a foreign loop a context ends in two steps: the first closes its handles, the second, when
 * the loop has seen them closed, frees. */
void load_sockets_del(struct load_sockets *sockets)
{
  if (sockets == NULL)
    return;
  sockets->ending = true;
  if (sockets->closer_open)
    uv_close((uv_handle_t *)&sockets->closer, NULL);
  if (sockets->context != NULL) {
    lws_context_destroy(sockets->context);
    while (uv_run(sockets->loop, UV_RUN_NOWAIT) != 0)
      ;
    lws_context_destroy(sockets->context);
  }
  icws_buf_wipe(&sockets->output);
  free(sockets);
}

bool load_socket_open(struct load_socket *socket, struct load_sockets *sockets, void *user_data)
{
  /* libwebsockets pings by itself after 300 s, unless a connection's own policy is that it never
   * does. */
  static const lws_retry_bo_t never_ping;
  const struct lws_client_connect_info info = {
      .context = sockets->context,
      .address = sockets->address,
      .port = sockets->port,
      .host = sockets->authority,
      .path = sockets->path,
      .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
      .alpn = "http/1.1",
      .ietf_version_or_minus_one = -1,
      .retry_and_idle_policy = &never_ping,
      .userdata = socket,
      .pwsi = &socket->wsi,
  };
  *socket = (struct load_socket){.sockets = sockets, .user_data = user_data};
  icws_buf_init(&socket->input, FRAME_BYTES_MAX, NULL);
  socket->starting = true;
  bool started = lws_client_connect_via_info(&info) != NULL && socket->wsi != NULL;
  socket->starting = false;
  if (!started)
    socket->wsi = NULL;
  return started;
}

void load_socket_want_write(struct load_socket *socket)
{
  lws_callback_on_writable(socket->wsi);
}

void load_socket_write(struct load_socket *socket, struct icws_bytes message)
{
  struct icws_buf *output = &socket->sockets->output;
  icws_buf_clear(output);
  uint8_t *space = icws_buf_reserve(output, LWS_PRE + message.len);
  if (space != NULL)
    memcpy(space + LWS_PRE, message.data, message.len);
  socket->broken =
      space == NULL || lws_write(socket->wsi, space + LWS_PRE, message.len, LWS_WRITE_BINARY) < 0;
}

void load_socket_close(struct load_socket *socket, uint16_t code, const char *reason)
{
  if (socket->closing)
    return;
  socket->closing = true;
  socket->close_code = code;
  socket->close_reason = reason;
  lws_callback_on_writable(socket->wsi);
}

void load_socket_drop(struct load_socket *socket)
{
  struct lws *wsi = socket->wsi;
  if (wsi == NULL)
    return;
  forget_closing(socket);
  socket->wsi = NULL;
  icws_buf_wipe(&socket->input);
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

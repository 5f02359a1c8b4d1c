/* SPDX-License-Identifier: Apache-2.0 */
#include "transport_impl.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "process.h"

/* Deployed gateways end a session on a WebSocket ping and never ping themselves; TCP keepalive
 * keeps silent links alive in NATs, which forget them after about a minute. */
#define KEEPALIVE_IDLE_S 45
#define KEEPALIVE_INTERVAL_S 15
#define KEEPALIVE_PROBES 4

/* libwebsockets needs one descriptor; its table of them is not to be as long as the process's. */
#define DESCRIPTORS_MAX 8

#define UNSENT_BYTES 1

#define READ_BYTES 16384 /* a TLS record */

/* Its own timeouts are not to come before the client's. */
#define LIBWEBSOCKETS_TIMEOUT_S 86400
#define CLOSE_EXTENSION_MS 1000

static void set_stage(struct icws_transport *transport, enum icws_transport_stage stage)
{
  if (transport->stage == stage)
    return;
  transport->stage = stage;
  transport->config.handler->on_stage(transport->config.user_data, stage);
}

static void tls_starts(void *user_data)
{
  struct icws_transport *transport = user_data;
  if (transport->stage != ICWS_STAGE_CONNECT)
    return; /* a later handshake of the same connection */
  icws_tls_begin(&transport->tls, lws_get_ssl(transport->wsi));
  set_stage(transport, ICWS_STAGE_TLS);
}

/*
 * Has the kernel take the next message only when it has sent those before, as far as the peer's
 * window lets it.  What lies in its buffer otherwise, megabytes of it, is numbered and signed: a
 * keep-alive would have to go behind it, and the canister does not wait that long.
 */
static void keep_unsent_short(struct lws *wsi)
{
#ifdef TCP_NOTSENT_LOWAT
  const int bytes = UNSENT_BYTES;
  /* A system that cannot do this sends keep-alives later. */
  (void)setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
#else
  (void)wsi;
#endif
}

/* --- Messages --------------------------------------------------------------------------------- */

static void receive(struct icws_transport *transport, const void *data, size_t len)
{
  struct icws_buf *message = &transport->message;
  size_t room = transport->config.max_frame_bytes + 1 - message->len;
  if (transport->closing)
    return;
  if (!transport->in_message) {
    bool binary = lws_frame_is_binary(transport->wsi);
    transport->message_type = binary ? ICWS_FRAME_BINARY : ICWS_FRAME_TEXT;
    transport->in_message = true;
  }
  icws_buf_put(message, data, len < room ? len : room);
  transport->broken = icws_buf_error(message) != ICWS_OK;
  if (transport->broken)
    return;
  if (message->len <= transport->config.max_frame_bytes && !lws_is_final_fragment(transport->wsi))
    return;
  transport->config.handler->on_message(transport->config.user_data, transport->message_type,
                                        icws_buf_bytes(message));
  icws_buf_clear(message);
  transport->in_message = false;
}

void icws_transport_write(struct icws_transport *transport, struct icws_bytes message)
{
  uint8_t *space;
  icws_buf_clear(&transport->out);
  space = icws_buf_reserve(&transport->out, LWS_PRE + message.len);
  if (space == NULL) {
    transport->broken = true;
    return;
  }
  if (message.len > 0)
    memcpy(space + LWS_PRE, message.data, message.len);
  if (lws_write(transport->wsi, space + LWS_PRE, message.len, LWS_WRITE_BINARY) < 0)
    transport->broken = true;
}

/* libwebsockets calls this when it has sent what was written before, and wants one write at most for
 * each time.  Closed with something unsent, it would send that, but no close frame. */
static void writable(struct icws_transport *transport)
{
  bool wanted = transport->wants_write;
  transport->wants_write = false;
  if (transport->closing)
    icws_timer_start(transport->close_timer, 0);
  else if (wanted)
    transport->config.handler->on_writable(transport->config.user_data);
}

/* Closing from within a callback of libwebsockets drops the connection before the close frame is
 * sent, if the loop is libuv's: so a timer does it.  It goes on to extend the 5 s that libwebsockets
 * grants the peer to read it all: the client has a timeout. */
static void keep_closing(void *user_data)
{
  struct icws_transport *transport = user_data;
  if (transport->wsi == NULL)
    return;
  icws_timer_start(transport->close_timer, CLOSE_EXTENSION_MS);
  if (transport->close_begun) {
    lws_set_timeout(transport->wsi, PENDING_TIMEOUT_CLOSE_ACK, LIBWEBSOCKETS_TIMEOUT_S);
    return;
  }
  transport->close_begun = true;
  lws_close_reason(transport->wsi, (enum lws_close_status)transport->close_code,
                   (unsigned char *)transport->close_reason, strlen(transport->close_reason));
  lws_set_timeout(transport->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

/* --- libwebsockets ---------------------------------------------------------------------------- */

static void connection_event(struct icws_transport *transport, enum lws_callback_reasons reason,
                             void *in, size_t len)
{
  if (reason == LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER)
    set_stage(transport, ICWS_STAGE_UPGRADE);
  else if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED) {
    keep_unsent_short(transport->wsi);
    set_stage(transport, ICWS_STAGE_UP);
  } else if (reason == LWS_CALLBACK_CLIENT_RECEIVE)
    receive(transport, in, len);
  else if (reason == LWS_CALLBACK_CLIENT_WRITEABLE)
    writable(transport);
  else if (reason == LWS_CALLBACK_WS_PEER_INITIATED_CLOSE)
    icws_transport_note_close(transport, in, len);
  else if (reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR)
    icws_transport_ended(transport, in);
  else if (reason == LWS_CALLBACK_CLIENT_CLOSED || reason == LWS_CALLBACK_WSI_DESTROY)
    icws_transport_ended(transport, NULL); /* some connections end with the latter only */
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
  struct icws_transport *transport = lws_context_user(lws_get_context(wsi));
  (void)user;
  if (wsi != transport->wsi || transport->aborted)
    return 0;
  transport->calling = true;
  connection_event(transport, reason, in, len);
  transport->calling = false;
  return transport->aborted || transport->broken ? -1 : 0;
}

static const struct lws_protocols protocols[] = {
    {.name = "", .callback = on_event, .rx_buffer_size = READ_BYTES},
    {.name = NULL},
};

static enum icws_error make_context(struct icws_transport *transport, struct icws_failure *failure)
{
  struct lws_context_creation_info info = {
      .port = CONTEXT_PORT_NO_LISTEN,
      .protocols = protocols,
      .options = LWS_SERVER_OPTION_LIBUV,
      .foreign_loops = transport->loops,
      .user = transport,
      .gid = -1,
      .uid = -1,
      .fd_limit_per_thread = DESCRIPTORS_MAX,
      .pt_serv_buf_size = READ_BYTES,
      .ka_time = KEEPALIVE_IDLE_S,
      .ka_interval = KEEPALIVE_INTERVAL_S,
      .ka_probes = KEEPALIVE_PROBES,
      .timeout_secs = LIBWEBSOCKETS_TIMEOUT_S,
      .connect_timeout_secs = LIBWEBSOCKETS_TIMEOUT_S,
      .http_proxy_address = "", /* do not look for one in the environment */
  };
  struct sigaction sigpipe;
  /* An SSL_CTX of its own making libwebsockets would leak once there is a second context. */
  if (transport->config.url->secure) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.provided_client_ssl_ctx = transport->tls.ctx;
  }
  icws_process_lock(&sigpipe);
  transport->context = lws_create_context(&info);
  icws_process_unlock(&sigpipe);
  if (transport->context == NULL)
    return icws_fail(failure, ICWS_ERR_SYSTEM,
                     "libwebsockets cannot be set up: is its libuv plugin installed, and are there "
                     "memory and descriptors?");
  return ICWS_OK;
}

enum icws_error icws_transport_new(const struct icws_transport_config *config,
                                   struct icws_transport **transport, struct icws_failure *failure)
{
  struct icws_transport *made = calloc(1, sizeof *made);
  enum icws_error error;
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  made->config = *config;
  made->loops[0] = config->loop;
  made->tls.url = config->url;
  made->tls.on_start = tls_starts;
  made->tls.user_data = made;
  icws_buf_init(&made->message, config->max_frame_bytes + 1, NULL);
  icws_buf_init(&made->out, 0, NULL);
  error = config->url->secure ? icws_tls_init(&made->tls, config->ca_file, failure) : ICWS_OK;
  made->close_timer = icws_timer_new(config->loop, keep_closing, made);
  if (error == ICWS_OK && made->close_timer == NULL)
    error = icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  if (error == ICWS_OK)
    error = make_context(made, failure);
  if (error != ICWS_OK) {
    icws_transport_del(made);
    return error;
  }
  *transport = made;
  return ICWS_OK;
}

/* With a foreign loop a context ends in two steps: the first closes its handles, the second, when
 * the loop has seen them closed, frees.  (In between, libwebsockets 4.1.6 closes the descriptor of
 * its event pipe once more: see "Threads" in icws/client.h.) */
void icws_transport_del(struct icws_transport *transport)
{
  struct sigaction sigpipe;
  if (transport == NULL)
    return;
  transport->aborted = true;
  icws_timer_del(transport->close_timer);
  icws_process_lock(&sigpipe);
  if (transport->context != NULL) {
    lws_context_destroy(transport->context);
    while (uv_run(transport->config.loop, UV_RUN_NOWAIT) != 0)
      ;
    lws_context_destroy(transport->context);
  }
  icws_process_unlock(&sigpipe);
  icws_tls_wipe(&transport->tls);
  icws_buf_wipe(&transport->message);
  icws_buf_wipe(&transport->out);
  free(transport);
}

static struct lws *connect_wsi(struct icws_transport *transport, const char *address)
{
  /* libwebsockets pings by itself after 300 s, unless a connection's own policy is that it never
   * does. */
  static const lws_retry_bo_t never_ping;
  const struct icws_url *url = transport->config.url;
  struct lws_client_connect_info info = {
      .context = transport->context,
      .address = address,
      .port = url->port,
      .host = url->authority,
      .path = url->path,
      .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
      .alpn = "http/1.1",
      .ietf_version_or_minus_one = -1,
      .retry_and_idle_policy = &never_ping,
      .pwsi = &transport->wsi,
  };
  if (url->secure)
    info.ssl_connection |= LCCSCF_USE_SSL;
  /* To compare it with the certificate, libwebsockets cuts "host:port" at the first colon: of an
   * IPv6 address nothing is left.  icws_tls_init has addresses compared. */
  if (url->numeric)
    info.ssl_connection |= LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
  return lws_client_connect_via_info(&info);
}

enum icws_error icws_transport_connect(struct icws_transport *transport,
                                       const struct icws_address *address,
                                       struct icws_failure *failure)
{
  char text[ICWS_ADDRESS_TEXT_BYTES];
  icws_address_format(address, text);
  transport->stage = ICWS_STAGE_CONNECT;
  transport->tls.reason[0] = '\0';
  transport->aborted = false;
  transport->failure.code = ICWS_OK;
  transport->starting = true;
  if (connect_wsi(transport, text) == NULL) {
    if (transport->failure.code == ICWS_OK)
      icws_transport_explain(transport, NULL);
    transport->wsi = NULL;
  }
  transport->starting = false;
  if (transport->wsi == NULL)
    return icws_fail(failure, transport->failure.code, "%s", transport->failure.text);
  return ICWS_OK;
}

void icws_transport_abort(struct icws_transport *transport)
{
  struct lws *wsi = transport->wsi;
  transport->aborted = true;
  transport->wsi = NULL;
  if (wsi != NULL && !transport->calling)
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

void icws_transport_want_write(struct icws_transport *transport)
{
  transport->wants_write = true;
  if (transport->wsi != NULL)
    lws_callback_on_writable(transport->wsi);
}

void icws_transport_close(struct icws_transport *transport, uint16_t code, const char *reason)
{
  transport->closing = true;
  transport->close_code = code;
  snprintf(transport->close_reason, sizeof transport->close_reason, "%s", reason);
  icws_transport_want_write(transport);
}

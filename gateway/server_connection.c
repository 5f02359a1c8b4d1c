/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "server_state.h"

/* How long a client has to take what is queued and to go. */
#define CLOSING_NS_MAX UINT64_C(5000000000)

/* TCP scales windows by what the buffer was when the connection was made, and a small one is not
 * scaled: 16 bits (RFC 7323, section 2). */
#define WIDEST_WINDOW ((size_t)UINT16_MAX)

static uint64_t now_ns(const struct server *server)
{
  return server->context->config.monotonic_ns();
}

/* --- Output ----------------------------------------------------------------------------------- */

void server_frame_init(struct icws_buf *frame, size_t len)
{
  icws_buf_init(frame, 0, NULL);
  (void)icws_buf_reserve(frame, LWS_PRE + len);
  if (icws_buf_error(frame) == ICWS_OK)
    icws_buf_truncate(frame, LWS_PRE);
}

static size_t payload_len(const struct output_frame *frame)
{
  return frame->bytes.len - LWS_PRE;
}

static void free_frame(struct output_frame *frame)
{
  icws_buf_wipe(&frame->bytes);
  free(frame);
}

static void drop_output(struct server_connection *connection)
{
  while (connection->output) {
    struct output_frame *frame = connection->output;

    connection->output = frame->next;
    free_frame(frame);
  }
  connection->output_end = &connection->output;
  connection->output_bytes = 0;
}

static enum icws_error queue_output(struct server_connection *connection,
                                    const struct icws_buf *bytes)
{
  const size_t max = connection->server->context->config.max_output_bytes;
  struct output_frame *frame;

  if (connection->closing)
    return ICWS_ERR_INVALID_STATE;
  if (icws_buf_error(bytes) != ICWS_OK)
    return icws_buf_error(bytes);
  if (bytes->len - LWS_PRE > max - connection->output_bytes) {
    drop_output(connection);
    return ICWS_ERR_QUEUE_FULL;
  }
  frame = malloc(sizeof *frame);
  if (!frame)
    return ICWS_ERR_NOMEM;
  *frame = (struct output_frame){.bytes = *bytes};
  if (!connection->output)
    connection->taken_ns = now_ns(connection->server);
  *connection->output_end = frame;
  connection->output_end = &frame->next;
  connection->output_bytes += payload_len(frame);
  return ICWS_OK;
}

enum icws_error server_send(struct server_connection *connection, struct icws_buf *frame)
{
  const enum icws_error error = queue_output(connection, frame);

  if (error != ICWS_OK) {
    icws_buf_wipe(frame);
    return error;
  }
  lws_callback_on_writable(connection->wsi);
  return ICWS_OK;
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

/*
 * Begins the closing handshake.  The usual way, to return -1 from the callback, closes without a
 * close frame where libwebsockets was built with its debug checks, as in Debian: after the first
 * close it closes once more, to confirm that this has no problem.
 */
static void begin_close(struct server_connection *connection)
{
  if (connection->close_begun)
    return;
  connection->close_begun = true;
  lws_close_reason(connection->wsi, (enum lws_close_status)connection->close_code,
                   (unsigned char *)connection->close_reason, strlen(connection->close_reason));
  lws_set_timeout(connection->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_SYNC);
}

int server_connection_write(struct server_connection *connection)
{
  struct output_frame *frame = connection->output;
  int written;

  if (!frame) {
    if (connection->closing)
      begin_close(connection);
    return 0;
  }
  written =
      lws_write(connection->wsi, frame->bytes.data + LWS_PRE, payload_len(frame), LWS_WRITE_BINARY);
  if (written < 0)
    return -1;
  connection->taken_ns = now_ns(connection->server);
  connection->output = frame->next;
  if (!connection->output)
    connection->output_end = &connection->output;
  connection->output_bytes -= payload_len(frame);
  connection->server->context->stats.bytes_out += payload_len(frame);
  free_frame(frame);
  if (connection->output || connection->closing)
    lws_callback_on_writable(connection->wsi);
  return 0;
}

/* --- Input ------------------------------------------------------------------------------------ */

static void offend(struct server_connection *connection, enum icws_gateway_refusal refusal,
                   uint16_t code, const char *reason)
{
  icws_buf_wipe(&connection->input);
  connection->server->hooks->offended(connection->data, refusal, code, reason);
}

/*
 * A small window keeps a flood of messages short, in front of a keep-alive, but lets a large message
 * take a round trip for each window.  So the window is as wide as what is yet to come of one frame: it
 * widens when that begins, and has closed again before the next one can come in it.
 */
static void fit_window(struct server_connection *connection)
{
  const size_t rest = lws_remaining_packet_payload(connection->wsi);
  size_t window = connection->server->context->config.receive_buffer_bytes;

  while (2 * window <= rest && 2 * window <= WIDEST_WINDOW)
    window *= 2;
  if (window == connection->window)
    return;
  connection->window = window;
  server_set_window(lws_get_socket_fd(connection->wsi), window);
}

void server_connection_receive(struct server_connection *connection, const void *data, size_t len)
{
  const bool whole =
      lws_is_final_fragment(connection->wsi) && lws_remaining_packet_payload(connection->wsi) == 0;
  const struct server_hooks *hooks = connection->server->hooks;

  fit_window(connection);
  if (connection->closing)
    return;
  if (!lws_frame_is_binary(connection->wsi)) {
    offend(connection, ICWS_GATEWAY_REFUSED_TEXT, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE,
           "text frames are not IC WebSocket: its messages are binary CBOR");
    return;
  }
  if (whole && connection->input.len == 0 && len <= connection->input.max) {
    hooks->received(connection->data, icws_bytes_of(data, len));
    return;
  }
  icws_buf_put(&connection->input, data, len);
  if (icws_buf_error(&connection->input) != ICWS_OK) {
    offend(connection, ICWS_GATEWAY_REFUSED_TOO_LARGE, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE,
           "the frame is too large");
  } else if (whole) {
    hooks->received(connection->data, icws_buf_bytes(&connection->input));
    icws_buf_wipe(&connection->input);
  }
}

const char *server_address(const struct server_connection *connection)
{
  return connection->address;
}

/* --- Life ------------------------------------------------------------------------------------- */

int server_connection_establish(struct server *server, struct server_connection *connection,
                                struct lws *wsi)
{
  const struct address address = server_client_address(server, wsi);
  const struct address subscriber = address_subscriber(&address);
  struct address_entry *entry = address_table_get(&server->addresses, &subscriber);

  if (!entry)
    return -1;
  entry->connections++;
  *connection = (struct server_connection){.server = server, .wsi = wsi, .entry = entry};
  address_format(&address, connection->address);
  connection->output_end = &connection->output;
  connection->window = server->context->config.receive_buffer_bytes;
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

void server_connection_bury(struct server_connection *connection)
{
  struct server *server = connection->server;

  if (!server)
    return; /* never established */
  *connection->link = connection->next;
  if (connection->next)
    connection->next->link = connection->link;
  server->count--;
  connection->entry->connections--;
  if (connection->data)
    server->hooks->gone(connection->data);
  drop_output(connection);
  icws_buf_wipe(&connection->input);
  connection->server = NULL;
}

void server_connection_sweep(struct server_connection *connection, uint64_t now)
{
  const struct icws_gateway_config *config = &connection->server->context->config;

  if (connection->closing) {
    /* The socket's end is what libwebsockets surely notices: timeouts that are set from outside of
     * its callbacks wait until it is called for another reason. */
    if (now - connection->closing_ns >= CLOSING_NS_MAX)
      (void)shutdown(lws_get_socket_fd(connection->wsi), SHUT_RDWR);
  } else if (connection->output &&
             now - connection->taken_ns >= config->output_timeout_ms * GATEWAY_NS_PER_MS) {
    drop_output(connection);
    offend(connection, ICWS_GATEWAY_REFUSED_SLOW, LWS_CLOSE_STATUS_POLICY_VIOLATION,
           "too slow: nothing was taken for too long");
  }
}

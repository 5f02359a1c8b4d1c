/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "http_server_state.h"

#define NS_PER_MS UINT64_C(1000000)
#define LINGER_NS (5000 * NS_PER_MS)

/* More than the configured number are told to try again, up to this many more. */
#define SPARE_CONNECTIONS 64

static void proceed(struct http_connection *connection);

static void enter(struct http_connection *connection, enum http_connection_state state)
{
  connection->state = state;
  connection->since_ns = connection->server->config.monotonic_ns();
}

/* --- Life ------------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
  struct http_connection *connection = handle->data;

  *connection->link = connection->next;
  if (connection->next)
    connection->next->link = connection->link;
  connection->server->connection_count--;
  if (connection->exchange) /* whose bytes libuv may have needed until now */
    http_exchange_leave(connection->exchange);
  icws_buf_wipe(&connection->input);
  free(connection);
}

void http_connection_close(struct http_connection *connection)
{
  if (connection->state == HTTP_CLOSING)
    return;
  if (connection->exchange && connection->state == HTTP_HANDLING) {
    http_exchange_leave(connection->exchange);
    connection->exchange = NULL;
  }
  enter(connection, HTTP_CLOSING);
  uv_close((uv_handle_t *)&connection->tcp, on_closed);
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
  struct http_connection *connection = handle->data;

  (void)suggested;
  *buffer = uv_buf_init((char *)connection->server->input, HTTP_READ_BYTES);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buffer)
{
  struct http_connection *connection = stream->data;

  if (len < 0) {
    http_connection_close(connection);
    return;
  }
  if (connection->state == HTTP_LINGERING || len == 0)
    return;
  icws_buf_put(&connection->input, buffer->base, (size_t)len);
  if (icws_buf_error(&connection->input) != ICWS_OK)
    http_connection_close(connection);
  else
    proceed(connection);
}

/* While a request is handled nothing is read: what a client sends ahead waits in its socket.  The
 * price is that a client that leaves meanwhile is noticed only when it is answered. */
static void set_reading(struct http_connection *connection, bool reading)
{
  if (reading && !connection->reading)
    (void)uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read);
  else if (!reading && connection->reading)
    (void)uv_read_stop((uv_stream_t *)&connection->tcp);
  connection->reading = reading;
}

static void drop_input(struct http_connection *connection, size_t len)
{
  struct icws_buf *input = &connection->input;

  memmove(input->data, input->data + len, input->len - len);
  icws_buf_truncate(input, input->len - len);
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void on_shut_down(uv_shutdown_t *request, int status)
{
  struct http_connection *connection = request->handle->data;

  if (status < 0)
    http_connection_close(connection);
}

static void linger(struct http_connection *connection)
{
  enter(connection, HTTP_LINGERING);
  if (uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->tcp, on_shut_down) != 0)
    http_connection_close(connection);
  else
    set_reading(connection, true);
}

static void on_written(uv_write_t *request, int status)
{
  struct http_connection *connection = request->handle->data;

  if (connection->state == HTTP_CLOSING)
    return;
  http_exchange_leave(connection->exchange);
  connection->exchange = NULL;
  if (status < 0) {
    http_connection_close(connection);
  } else if (connection->last) {
    linger(connection);
  } else {
    enter(connection, HTTP_READING_HEAD);
    proceed(connection);
  }
}

static void write_answer(struct http_connection *connection)
{
  struct icws_http_exchange *exchange = connection->exchange;
  const struct icws_buf *parts[] = {&exchange->answer_head, &exchange->answer_body};
  uv_buf_t buffers[2];

  enter(connection, HTTP_WRITING);
  connection->unwritten = SIZE_MAX;
  for (size_t i = 0; i < 2; i++) {
    if (icws_buf_error(parts[i]) != ICWS_OK) {
      http_connection_close(connection);
      return;
    }
    buffers[i] = uv_buf_init((char *)parts[i]->data, (unsigned)parts[i]->len);
  }
  if (uv_write(&connection->write, (uv_stream_t *)&connection->tcp, buffers,
               parts[1]->len > 0 ? 2 : 1, on_written) != 0)
    http_connection_close(connection);
}

void http_connection_answer(struct http_connection *connection)
{
  if (connection->state == HTTP_HANDLING)
    write_answer(connection);
}

/* Answers in the handler's place; the rest of the connection's input is not understood, then. */
static void refuse(struct http_connection *connection, unsigned status, const char *text)
{
  if (!connection->exchange)
    connection->exchange = http_exchange_new(connection);
  if (!connection->exchange) {
    http_connection_close(connection);
    return;
  }
  connection->last = true;
  enter(connection, HTTP_HANDLING);
  icws_http_exchange_refuse(connection->exchange, status, text);
}

/* --- Requests --------------------------------------------------------------------------------- */

static void on_encouraged(uv_write_t *request, int status)
{
  (void)request;
  (void)status; /* the answer's will be the same */
}

/* RFC 9110, section 10.1.1: who asks whether to send the body waits for this. */
static void encourage(struct http_connection *connection)
{
  static char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
  const uv_buf_t buffer = uv_buf_init(line, sizeof line - 1);

  (void)uv_write(&connection->encourage, (uv_stream_t *)&connection->tcp, &buffer, 1,
                 on_encouraged);
}

static void begin_body(struct http_connection *connection)
{
  const struct icws_http_server_config *config = &connection->server->config;
  struct icws_http_exchange *exchange = connection->exchange;

  connection->body_left = exchange->head.length;
  if (exchange->head.length > ICWS_HTTP_MAX_SKIMMED_BYTES) {
    refuse(connection, 413, "The body is too large.\n");
    return;
  }
  if (exchange->head.length > config->max_body_bytes) {
    enter(connection, HTTP_SKIMMING_BODY);
    icws_http_exchange_refuse(exchange, 413, "The body is too large.\n");
  } else {
    enter(connection, HTTP_READING_BODY);
  }
  if (exchange->head.expects_continue)
    encourage(connection);
}

static bool needs_length(const struct http_head *head)
{
  return strcmp(head->method, "POST") == 0 || strcmp(head->method, "PUT") == 0 ||
         strcmp(head->method, "PATCH") == 0;
}

static void take_head(struct http_connection *connection, const struct http_head *head)
{
  struct icws_http_exchange *exchange = http_exchange_new(connection);

  if (!exchange) {
    http_connection_close(connection);
    return;
  }
  connection->exchange = exchange;
  exchange->head = *head;
  connection->last = !head->keep_alive;
  exchange->head_only = strcmp(head->method, "HEAD") == 0;
  if (exchange->head_only)
    memcpy(exchange->head.method, "GET", 4);
  if (!head->has_length && needs_length(head))
    refuse(connection, 411, "A body must come with its Content-Length.\n");
  else
    begin_body(connection);
}

/* Each of these takes a step with the input that is there; false if it needs more. */

static bool read_head(struct http_connection *connection)
{
  struct http_head head;
  struct http_head_error error;
  size_t len;

  if (connection->input.len == 0)
    return false;
  switch (http_head_read(icws_buf_bytes(&connection->input), &head, &len, &error)) {
  case HTTP_HEAD_WHOLE:
    drop_input(connection, len);
    take_head(connection, &head);
    return true;
  case HTTP_HEAD_BAD:
    refuse(connection, error.status, error.text);
    return true;
  case HTTP_HEAD_MORE:
    break;
  }
  return false;
}

/* Takes as much of the body as is there; true when it is whole. */
static bool read_body(struct http_connection *connection)
{
  struct icws_buf *body = &connection->exchange->body;
  const size_t here = connection->input.len;
  const size_t len = connection->body_left < here ? (size_t)connection->body_left : here;

  if (connection->state == HTTP_READING_BODY)
    icws_buf_put(body, connection->input.data, len);
  drop_input(connection, len);
  connection->body_left -= len;
  return connection->body_left == 0;
}

static void handle(struct http_connection *connection)
{
  const struct icws_http_server_config *config = &connection->server->config;
  struct icws_http_exchange *exchange = connection->exchange;

  enter(connection, HTTP_HANDLING);
  if (icws_buf_error(&exchange->body) != ICWS_OK) {
    refuse(connection, 503, "Out of memory.\n");
    return;
  }
  exchange->request.body = icws_buf_bytes(&exchange->body);
  config->handler(config->user_data, exchange);
}

/* Does what can be done with the input that is there. */
static void proceed(struct http_connection *connection)
{
  bool more = true;

  while (more) {
    switch (connection->state) {
    case HTTP_READING_HEAD:
      more = read_head(connection);
      break;
    case HTTP_READING_BODY:
      more = read_body(connection);
      if (more)
        handle(connection);
      break;
    case HTTP_SKIMMING_BODY:
      more = read_body(connection);
      if (more)
        write_answer(connection);
      break;
    default:
      more = false;
      break;
    }
  }
  if (connection->state != HTTP_CLOSING && connection->state != HTTP_LINGERING)
    set_reading(connection,
                connection->state != HTTP_HANDLING && connection->state != HTTP_WRITING);
}

/* --- Time ------------------------------------------------------------------------------------- */

static void sweep_writing(struct http_connection *connection, uint64_t now, uint64_t timeout_ns)
{
  const size_t unwritten = uv_stream_get_write_queue_size((uv_stream_t *)&connection->tcp);

  if (unwritten != connection->unwritten) {
    connection->unwritten = unwritten;
    connection->since_ns = now;
  } else if (now - connection->since_ns >= timeout_ns) {
    http_connection_close(connection);
  }
}

void http_connection_sweep(struct http_connection *connection, uint64_t now)
{
  const struct icws_http_server_config *config = &connection->server->config;
  const uint64_t passed = now - connection->since_ns;
  const bool idle = connection->input.len == 0;

  switch (connection->state) {
  case HTTP_READING_HEAD:
    if (idle && passed >= config->idle_timeout_ms * NS_PER_MS)
      http_connection_close(connection);
    else if (!idle && passed >= config->head_timeout_ms * NS_PER_MS)
      refuse(connection, 408, "The request took too long to come.\n");
    break;
  case HTTP_READING_BODY:
    if (passed >= config->body_timeout_ms * NS_PER_MS)
      refuse(connection, 408, "The body took too long to come.\n");
    break;
  case HTTP_SKIMMING_BODY:
    if (passed >= config->body_timeout_ms * NS_PER_MS)
      http_connection_close(connection);
    break;
  case HTTP_WRITING:
    sweep_writing(connection, now, config->output_timeout_ms * NS_PER_MS);
    break;
  case HTTP_LINGERING:
    if (passed >= LINGER_NS)
      http_connection_close(connection);
    break;
  case HTTP_HANDLING:
  case HTTP_CLOSING:
    break;
  }
}

/* --- A new client ----------------------------------------------------------------------------- */

static struct http_connection *connection_new(struct icws_http_server *server)
{
  struct http_connection *connection = calloc(1, sizeof *connection);

  if (!connection)
    return NULL;
  connection->server = server;
  icws_buf_init(&connection->input, 0, NULL); /* a head and what was read with it, at most */
  (void)uv_tcp_init(server->config.loop, &connection->tcp); /* cannot fail */
  connection->tcp.data = connection;
  connection->next = server->connections;
  connection->link = &server->connections;
  if (connection->next)
    connection->next->link = &connection->next;
  server->connections = connection;
  server->connection_count++;
  enter(connection, HTTP_READING_HEAD);
  return connection;
}

void http_connection_accept(struct icws_http_server *server)
{
  const size_t max = server->config.max_connections;
  struct http_connection *connection = connection_new(server);

  if (!connection)
    return; /* the client waits for the next one that there is memory for */
  if (uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)&connection->tcp) != 0 ||
      server->connection_count > max + SPARE_CONNECTIONS) {
    http_connection_close(connection);
    return;
  }
  (void)uv_tcp_nodelay(&connection->tcp, 1);
  if (server->connection_count > max)
    refuse(connection, 503, "This server has as many connections as it takes. Try again later.\n");
  else
    set_reading(connection, true);
}

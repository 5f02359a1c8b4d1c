/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_server_state.h"

/* --- Life ------------------------------------------------------------------------------------- */

static struct icws_http_exchange *exchange_new(struct http_connection *connection)
{
  struct icws_http_exchange *exchange = calloc(1, sizeof *exchange);

  if (!exchange)
    return NULL;
  exchange->connection = connection;
  icws_buf_init(&exchange->body, connection->server->config.max_body_bytes, NULL);
  exchange->request = (struct icws_http_request){.method = exchange->method,
                                                 .path = exchange->path,
                                                 .content_type = exchange->content_type,
                                                 .origin = exchange->origin};
  return exchange;
}

static void exchange_del(struct icws_http_exchange *exchange)
{
  if (exchange->response)
    MHD_destroy_response(exchange->response);
  icws_buf_wipe(&exchange->body);
  free(exchange);
}

static void list(struct icws_http_exchange *exchange)
{
  struct icws_http_server *server = exchange->connection->server;

  exchange->next = server->exchanges;
  exchange->link = &server->exchanges;
  if (exchange->next)
    exchange->next->link = &exchange->next;
  server->exchanges = exchange;
}

static void unlist(struct icws_http_exchange *exchange)
{
  *exchange->link = exchange->next;
  if (exchange->next)
    exchange->next->link = exchange->link;
}

void http_exchange_part(struct icws_http_server *server)
{
  struct icws_http_exchange *exchange;

  while ((exchange = server->exchanges)) {
    unlist(exchange);
    if (exchange->suspended)
      MHD_resume_connection(exchange->connection->mhd); /* none may be left when it stops */
    exchange->connection = NULL;
  }
}

void http_exchange_completed(void *cls, struct MHD_Connection *mhd, void **context,
                             enum MHD_RequestTerminationCode code)
{
  struct icws_http_exchange *exchange = *context;
  struct http_connection *connection = http_connection_of(mhd);

  (void)cls;
  (void)code;
  if (connection) {
    connection->handling = false;
    connection->since_ns = connection->server->config.monotonic_ns();
  }
  if (!exchange)
    return;
  *context = NULL;
  if (!exchange->handled) {
    exchange_del(exchange);
  } else if (exchange->connection) { /* it goes on without a client */
    unlist(exchange);
    exchange->connection = NULL;
  }
}

/* --- The answer ------------------------------------------------------------------------------- */

const struct icws_http_request *
icws_http_exchange_request(const struct icws_http_exchange *exchange)
{
  return &exchange->request;
}

static bool add_fields(struct MHD_Response *response, const struct icws_http_field *fields,
                       size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (MHD_add_response_header(response, fields[i].name, fields[i].value) == MHD_NO)
      return false;
  return true;
}

/* NULL if memory is short. */
static struct MHD_Response *make_response(const struct icws_http_server_config *config,
                                          const struct icws_http_answer *answer)
{
  const struct icws_http_field name = {"server", config->name};
  const struct icws_http_field type = {"content-type", answer->content_type};
  struct MHD_Response *response = MHD_create_response_from_buffer(
      answer->body.len, (void *)(uintptr_t)answer->body.data, MHD_RESPMEM_MUST_COPY);

  if (response && add_fields(response, &name, 1) &&
      add_fields(response, &type, answer->content_type ? 1 : 0) &&
      add_fields(response, config->fields, config->field_count) &&
      add_fields(response, answer->fields, answer->field_count))
    return response;
  if (response)
    MHD_destroy_response(response);
  return NULL;
}

void icws_http_exchange_answer(struct icws_http_exchange *exchange,
                               const struct icws_http_answer *answer)
{
  struct http_connection *connection = exchange->connection;

  if (!connection) {
    exchange_del(exchange);
    return;
  }
  exchange->status = answer->status;
  exchange->response = make_response(&connection->server->config, answer);
  if (exchange->handled)
    unlist(exchange);
  exchange->handled = false;
  if (exchange->suspended) {
    MHD_resume_connection(connection->mhd);
    http_server_wake(connection->server);
  }
}

void icws_http_exchange_refuse(struct icws_http_exchange *exchange, unsigned status,
                               const char *text)
{
  const struct icws_http_answer answer = {
      .status = status, .content_type = "text/plain; charset=utf-8", .body = icws_bytes_text(text)};

  icws_http_exchange_answer(exchange, &answer);
}

/* Without a response memory was short, and the connection is dropped. */
static enum MHD_Result send_answer(struct icws_http_exchange *exchange)
{
  if (!exchange->response)
    return MHD_NO;
  return MHD_queue_response(exchange->connection->mhd, exchange->status, exchange->response);
}

static enum MHD_Result refuse(struct icws_http_exchange *exchange, unsigned status,
                              const char *text)
{
  icws_http_exchange_refuse(exchange, status, text);
  return send_answer(exchange);
}

/* --- The request ------------------------------------------------------------------------------ */

static bool copy_text(char *out, size_t size, const char *text)
{
  return snprintf(out, size, "%s", text ? text : "") < (int)size;
}

static bool copy_field(struct MHD_Connection *mhd, const char *name,
                       char out[ICWS_HTTP_MAX_FIELD_BYTES + 1])
{
  return copy_text(out, ICWS_HTTP_MAX_FIELD_BYTES + 1,
                   MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, name));
}

/* Whether a body is announced that will not even be read to be dropped. */
static bool announces_too_much(struct MHD_Connection *mhd)
{
  const char *text = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "content-length");

  /* libmicrohttpd saw that it is a number */
  return text && strtoull(text, NULL, 10) > ICWS_HTTP_MAX_SKIMMED_BYTES;
}

/* A refusal at this point makes libmicrohttpd close the connection behind its answer. */
static enum MHD_Result begin(struct icws_http_exchange *exchange, const char *url,
                             const char *method)
{
  struct http_connection *connection = exchange->connection;
  const struct icws_http_server_config *config = &connection->server->config;

  if (connection->server->connection_count > config->max_connections)
    return refuse(exchange, 503,
                  "This server has as many connections as it takes. Try again later.\n");
  if (!copy_text(exchange->method, sizeof exchange->method,
                 strcmp(method, "HEAD") == 0 ? "GET" : method))
    return refuse(exchange, 501, "The method is not known here.\n");
  if (!copy_text(exchange->path, sizeof exchange->path, url))
    return refuse(exchange, 414, "The path is too long.\n");
  if (!copy_field(connection->mhd, "content-type", exchange->content_type) ||
      !copy_field(connection->mhd, "origin", exchange->origin))
    return refuse(exchange, 431, "A header field is too long.\n");
  if (announces_too_much(connection->mhd))
    return refuse(exchange, 413, "The body is too large.\n");
  return MHD_YES;
}

static enum MHD_Result handle(struct icws_http_exchange *exchange)
{
  const struct icws_http_server_config *config = &exchange->connection->server->config;
  struct MHD_Connection *mhd = exchange->connection->mhd;
  enum icws_error error = icws_buf_error(&exchange->body);

  exchange->connection->handling = true;
  if (error == ICWS_ERR_LIMIT)
    return refuse(exchange, 413, "The body is too large.\n");
  if (error != ICWS_OK)
    return refuse(exchange, 503, "Out of memory.\n");
  exchange->request.body = icws_buf_bytes(&exchange->body);
  exchange->handled = true;
  list(exchange);
  config->handler(config->user_data, exchange);
  if (!exchange->handled)
    return send_answer(exchange);
  exchange->suspended = true;
  MHD_suspend_connection(mhd);
  return MHD_YES;
}

/* A body that is too long goes on to be read, and is dropped: |body| keeps its error. */
static enum MHD_Result take_body(struct icws_http_exchange *exchange, const char *data, size_t *len)
{
  exchange->received += *len;
  icws_buf_put(&exchange->body, data, *len);
  *len = 0;
  return exchange->received <= ICWS_HTTP_MAX_SKIMMED_BYTES ? MHD_YES : MHD_NO;
}

enum MHD_Result http_exchange_proceed(void *cls, struct MHD_Connection *mhd, const char *url,
                                      const char *method, const char *version, const char *data,
                                      size_t *len, void **context)
{
  struct icws_http_exchange *exchange = *context;
  struct http_connection *connection = http_connection_of(mhd);

  (void)cls;
  (void)version;
  if (!exchange) {
    exchange = connection ? exchange_new(connection) : NULL;
    *context = exchange;
    return exchange ? begin(exchange, url, method) : MHD_NO;
  }
  if (*len > 0)
    return take_body(exchange, data, len);
  if (exchange->suspended)
    return exchange->connection ? send_answer(exchange) : MHD_NO;
  return handle(exchange);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_server_state.h"

static void exchange_free(struct icws_http_exchange *exchange)
{
  icws_buf_wipe(&exchange->body);
  icws_buf_wipe(&exchange->answer_head);
  icws_buf_wipe(&exchange->answer_body);
  free(exchange);
}

struct icws_http_exchange *http_exchange_new(struct http_connection *connection)
{
  struct icws_http_exchange *exchange = calloc(1, sizeof *exchange);

  if (!exchange)
    return NULL;
  exchange->connection = connection;
  icws_buf_init(&exchange->body, connection->server->config.max_body_bytes, NULL);
  icws_buf_init(&exchange->answer_head, 0, NULL);
  icws_buf_init(&exchange->answer_body, 0, NULL);
  exchange->request = (struct icws_http_request){.method = exchange->head.method,
                                                 .path = exchange->head.path,
                                                 .content_type = exchange->head.content_type,
                                                 .origin = exchange->head.origin};
  return exchange;
}

void http_exchange_leave(struct icws_http_exchange *exchange)
{
  const bool kept = exchange->connection->state == HTTP_HANDLING && !exchange->answered;

  exchange->connection = NULL;
  if (!kept)
    exchange_free(exchange);
}

const struct icws_http_request *
icws_http_exchange_request(const struct icws_http_exchange *exchange)
{
  return &exchange->request;
}

/* --- The answer ------------------------------------------------------------------------------- */

/* RFC 9110, section 15. */
static const char *reason_of(unsigned status)
{
  static const struct {
    unsigned status;
    const char *reason;
  } reasons[] = {
      {200, "OK"},
      {202, "Accepted"},
      {204, "No Content"},
      {400, "Bad Request"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {411, "Length Required"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  };

  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (reasons[i].status == status)
      return reasons[i].reason;
  return "";
}

static void put_field(struct icws_buf *out, const char *name, const char *value)
{
  icws_buf_put_text(out, name);
  icws_buf_put_text(out, ": ");
  icws_buf_put_text(out, value);
  icws_buf_put_text(out, "\r\n");
}

static void put_fields(struct icws_buf *out, const struct icws_http_field *fields, size_t count)
{
  for (size_t i = 0; i < count; i++)
    put_field(out, fields[i].name, fields[i].value);
}

static void put_head(const struct icws_http_exchange *exchange,
                     const struct icws_http_answer *answer, struct icws_buf *out)
{
  const struct icws_http_server_config *config = &exchange->connection->server->config;
  char text[64];

  (void)snprintf(text, sizeof text, "HTTP/1.1 %u %s\r\n", answer->status,
                 reason_of(answer->status));
  icws_buf_put_text(out, text);
  put_field(out, "server", config->name);
  if (answer->content_type)
    put_field(out, "content-type", answer->content_type);
  if (answer->status != 204) {
    (void)snprintf(text, sizeof text, "%zu", answer->body.len);
    put_field(out, "content-length", text);
  }
  put_fields(out, config->fields, config->field_count);
  put_fields(out, answer->fields, answer->field_count);
  if (exchange->connection->last)
    put_field(out, "connection", "close");
  icws_buf_put_text(out, "\r\n");
}

void icws_http_exchange_answer(struct icws_http_exchange *exchange,
                               const struct icws_http_answer *answer)
{
  if (!exchange->connection) {
    exchange_free(exchange);
    return;
  }
  exchange->answered = true;
  put_head(exchange, answer, &exchange->answer_head);
  if (!exchange->head_only && answer->status != 204)
    icws_buf_put(&exchange->answer_body, answer->body.data, answer->body.len);
  http_connection_answer(exchange->connection);
}

void icws_http_exchange_refuse(struct icws_http_exchange *exchange, unsigned status,
                               const char *text)
{
  const struct icws_http_answer answer = {
      .status = status, .content_type = "text/plain; charset=utf-8", .body = icws_bytes_text(text)};

  icws_http_exchange_answer(exchange, &answer);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics_endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "common/timestamp.h"
#include "gateway/http_server.h"
#include "metrics.h"

struct icws_metrics_endpoint {
  struct icws_http_server *server;
  const struct icws_gateway *gateway;
  uint64_t start_ns;
  bool draining;
};

static void answer(struct icws_http_exchange *exchange, unsigned status, const char *content_type,
                   struct icws_bytes body)
{
  const struct icws_http_answer answer = {
      .status = status, .content_type = content_type, .body = body};
  icws_http_exchange_answer(exchange, &answer);
}

static void answer_metrics(const struct icws_metrics_endpoint *endpoint,
                           struct icws_http_exchange *exchange)
{
  const struct icws_gateway_stats stats = icws_gateway_stats(endpoint->gateway);
  struct icws_buf text;
  icws_buf_init(&text, 0, NULL);
  icws_metrics_put(&stats, endpoint->start_ns, &text);
  if (icws_buf_error(&text) == ICWS_OK)
    answer(exchange, 200, ICWS_METRICS_CONTENT_TYPE, icws_buf_bytes(&text));
  else
    icws_http_exchange_refuse(exchange, 500, "no memory");
  icws_buf_wipe(&text);
}

static void answer_health(const struct icws_metrics_endpoint *endpoint,
                          struct icws_http_exchange *exchange)
{
  bool draining = endpoint->draining;
  answer(exchange, draining ? 503 : 200, "text/plain; charset=utf-8",
         icws_bytes_text(draining ? "draining\n" : "ok\n"));
}

static void on_request(void *user_data, struct icws_http_exchange *exchange)
{
  const struct icws_metrics_endpoint *endpoint = user_data;
  const struct icws_http_request *request = icws_http_exchange_request(exchange);
  bool is_metrics = strcmp(request->path, "/metrics") == 0;
  if (!is_metrics && strcmp(request->path, "/healthz") != 0)
    icws_http_exchange_refuse(exchange, 404, "there are /metrics and /healthz");
  else if (strcmp(request->method, "GET") != 0)
    icws_http_exchange_refuse(exchange, 405, "only GET and HEAD");
  else if (is_metrics)
    answer_metrics(endpoint, exchange);
  else
    answer_health(endpoint, exchange);
}

enum icws_error icws_metrics_endpoint_new(uv_loop_t *loop, const struct icws_endpoint *where,
                                          const struct icws_gateway *gateway,
                                          struct icws_metrics_endpoint **endpoint,
                                          struct icws_failure *failure)
{
  struct icws_metrics_endpoint *made = calloc(1, sizeof(*made));
  if (made == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for the metrics endpoint");
  made->gateway = gateway;
  made->start_ns = icws_timestamp_now();
  const struct icws_http_server_config config = {
      .loop = loop,
      .handler = on_request,
      .user_data = made,
      .name = "icws-gateway",
      .address = where->address,
      .port = where->port,
      .max_connections = 32,
  };
  enum icws_error error = icws_http_server_new(&config, &made->server, failure);
  if (error == ICWS_OK)
    *endpoint = made;
  else
    free(made);
  return error;
}

void icws_metrics_endpoint_del(struct icws_metrics_endpoint *endpoint)
{
  if (endpoint == NULL)
    return;
  icws_http_server_del(endpoint->server);
  free(endpoint);
}

void icws_metrics_endpoint_drain(struct icws_metrics_endpoint *endpoint)
{
  if (endpoint != NULL)
    endpoint->draining = true;
}

uint16_t icws_metrics_endpoint_port(const struct icws_metrics_endpoint *endpoint)
{
  return icws_http_server_port(endpoint->server);
}

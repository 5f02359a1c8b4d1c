/* SPDX-License-Identifier: Apache-2.0 */

/* What comes before a WebSocket: who may have one, and what others are told. */

#include <string.h>

#include "forwarded.h"
#include "server_state.h"

/* As much as libwebsockets takes of all headers of a request. */
#define MAX_HEADER_BYTES 4096

/* --- Answers ---------------------------------------------------------------------------------- */

int server_answer_http(struct lws *wsi, unsigned status, const char *text)
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

/* --- Whose connection it is ------------------------------------------------------------------- */

static struct icws_bytes copy_header(struct lws *wsi, enum lws_token_indexes token, char *out)
{
  const int len = lws_hdr_copy(wsi, out, MAX_HEADER_BYTES, token);

  return icws_bytes_of(out, len > 0 ? (size_t)len : 0);
}

struct address server_client_address(const struct server *server, struct lws *wsi)
{
  char x_forwarded_for[MAX_HEADER_BYTES];
  struct sockaddr_storage name;
  socklen_t len = sizeof name;
  struct address peer = {0};

  if (getpeername(lws_get_socket_fd(wsi), (struct sockaddr *)&name, &len) != 0 ||
      !address_of_socket(&name, &peer))
    return peer; /* it is gone already */
  return forwarded_client(&server->proxies, &peer,
                          copy_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, x_forwarded_for));
}

/* --- Admission -------------------------------------------------------------------------------- */

static bool is_origin_allowed(const struct icws_gateway_config *config, struct lws *wsi)
{
  char header[MAX_HEADER_BYTES];
  struct icws_bytes origin;

  if (!config->origins || lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0)
    return true;
  origin = copy_header(wsi, WSI_TOKEN_ORIGIN, header);
  for (size_t i = 0; i < config->origin_count; i++)
    if (strcmp(config->origins[i], "*") == 0 ||
        icws_bytes_equal(origin, icws_bytes_text(config->origins[i])))
      return true;
  return false;
}

static struct rate_limit connection_limit(const struct icws_gateway_config *config)
{
  return (struct rate_limit){.per_second = config->connections_per_second,
                             .burst = config->connection_burst};
}

/* The answer to whoever is not admitted. */
struct refusal {
  enum icws_gateway_refusal kind;
  unsigned status;
  const char *text;
};

static const struct refusal *refuse(const struct server *server, struct lws *wsi,
                                    const struct address_entry *entry)
{
  static const struct refusal draining = {ICWS_GATEWAY_REFUSED_DRAINING,
                                          HTTP_STATUS_SERVICE_UNAVAILABLE,
                                          "This gateway is going away.\n"};
  static const struct refusal full = {
      ICWS_GATEWAY_REFUSED_CLIENTS, HTTP_STATUS_SERVICE_UNAVAILABLE,
      "This gateway has as many clients as it takes. Try again later.\n"};
  static const struct refusal origin = {ICWS_GATEWAY_REFUSED_ORIGIN, HTTP_STATUS_FORBIDDEN,
                                        "This gateway does not serve pages of this origin.\n"};
  static const struct refusal address_full = {
      ICWS_GATEWAY_REFUSED_CLIENTS_PER_ADDRESS, HTTP_STATUS_SERVICE_UNAVAILABLE,
      "This gateway has as many clients from your address as it takes.\n"};
  static const struct refusal too_fast = {
      ICWS_GATEWAY_REFUSED_CONNECTION_RATE, 429,
      "Connections from your address come too fast. Try again later.\n"};
  static const struct refusal memory = {ICWS_GATEWAY_REFUSED_MEMORY,
                                        HTTP_STATUS_SERVICE_UNAVAILABLE,
                                        "This gateway is out of memory. Try again later.\n"};
  const struct icws_gateway_config *config = &server->context->config;
  const struct rate_limit limit = connection_limit(config);

  if (server->refusing)
    return &draining;
  if (server->count >= config->max_clients || server->context->sessions >= 2 * config->max_clients)
    return &full;
  if (!is_origin_allowed(config, wsi))
    return &origin;
  if (!entry)
    return &memory;
  if (config->max_clients_per_address > 0 && entry->connections >= config->max_clients_per_address)
    return &address_full;
  if (rate_wait_ns(&entry->rate, &limit, config->monotonic_ns()) > 0)
    return &too_fast;
  return NULL;
}

static void log_refusal(const struct server *server, const struct address *address,
                        const struct refusal *refusal)
{
  char text[ADDRESS_TEXT_BYTES];
  const struct gateway_subject subject = {.address = text};

  address_format(address, text);
  gateway_log(server->context, ICWS_GATEWAY_LOG_DEBUG, "connection_refused", &subject,
              "refusing a connection (%u): %s", refusal->status,
              icws_gateway_refusal_name(refusal->kind));
}

int server_admit(struct server *server, struct lws *wsi)
{
  const struct rate_limit limit = connection_limit(&server->context->config);
  const struct address address = server_client_address(server, wsi);
  const struct address subscriber = address_subscriber(&address);
  struct address_entry *entry = address_table_get(&server->addresses, &subscriber);
  const struct refusal *refusal = refuse(server, wsi, entry);

  if (!refusal) {
    rate_add(&entry->rate, &limit, server->context->config.monotonic_ns());
    return 0;
  }
  server->context->stats.refusals[refusal->kind]++;
  log_refusal(server, &address, refusal);
  (void)server_answer_http(wsi, refusal->status, refusal->text);
  return 1;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cdk/icws_cdk.h"

#include "cdk_state.h"
#include "connection.h"
#include "delivery.h"

#define NS_PER_MS UINT64_C(1000000)
#define KIB ((size_t)1024)

/* The common label of all certified messages (IC WebSocket protocol). */
static const char websocket_label[] = "websocket";

void *icws_cdk_allocate(const struct icws_cdk *cdk, size_t size)
{
  return cdk->host.mem->reallocate(NULL, size, cdk->host.mem->user_data);
}

void icws_cdk_release(const struct icws_cdk *cdk, void *pointer)
{
  cdk->host.mem->release(pointer, cdk->host.mem->user_data);
}

uint64_t icws_cdk_time(const struct icws_cdk *cdk)
{
  return cdk->host.time(cdk->host.user_data);
}

uint64_t icws_cdk_later(uint64_t time, uint64_t duration)
{
  return duration < UINT64_MAX - time ? time + duration : UINT64_MAX;
}

void icws_cdk_certify(struct icws_cdk *cdk)
{
  if (!cdk->certified_changed)
    return;
  uint8_t digest[ICWS_SHA256_BYTES];
  icws_certified_tree_digest(&cdk->certified, digest);
  cdk->host.set_certified_data(digest, cdk->host.user_data);
  cdk->certified_changed = false;
}

static uint64_t or_default(uint64_t value, uint64_t fallback)
{
  return value != 0 ? value : fallback;
}

static size_t or_default_size(size_t value, size_t fallback)
{
  return value != 0 ? value : fallback;
}

static struct icws_cdk_config without_zeros(const struct icws_cdk_config *config)
{
  return (struct icws_cdk_config){
      .ack_interval_ms = or_default(config->ack_interval_ms, 300000),
      .keep_alive_window_ms = or_default(config->keep_alive_window_ms, 60000),
      .max_poll_messages = or_default_size(config->max_poll_messages, 50),
      .max_poll_bytes = or_default_size(config->max_poll_bytes, 1536 * KIB),
      .max_message_bytes = or_default_size(config->max_message_bytes, 1024 * KIB),
      .max_clients = or_default_size(config->max_clients, 10000),
      .max_gateways = or_default_size(config->max_gateways, 1000),
      .max_gateway_messages = or_default_size(config->max_gateway_messages, 100000),
      .max_gateway_bytes = or_default_size(config->max_gateway_bytes, 64 * KIB * KIB),
  };
}

static bool is_valid(const struct icws_cdk_config *config, const struct icws_cdk_host *host)
{
  return config->ack_interval_ms <= UINT64_MAX / NS_PER_MS &&
         config->keep_alive_window_ms < config->ack_interval_ms &&
         config->max_poll_messages <= SIZE_MAX / sizeof(struct icws_output_message) &&
         host->time != NULL && host->set_certified_data != NULL && host->data_certificate != NULL &&
         host->sha256 != NULL;
}

/* Fills |cdk|, whose memory is the host's. */
static void init(struct icws_cdk *cdk, const struct icws_cdk_config *config,
                 const struct icws_cdk_host *host, const struct icws_cdk_handlers *handlers)
{
  *cdk = (struct icws_cdk){
      .config = *config,
      .host = *host,
      .handlers = *handlers,
      .ack_interval_ns = config->ack_interval_ms * NS_PER_MS,
      .keep_alive_window_ns = config->keep_alive_window_ms * NS_PER_MS,
      .certified_changed = true, /* the empty tree, too, wants to be certified */
      .keep_alive_deadline = UINT64_MAX,
  };
  cdk->ack_deadline = icws_cdk_later(icws_cdk_time(cdk), cdk->ack_interval_ns);
  icws_label_tree_init(&cdk->clients);
  icws_label_tree_init(&cdk->gateways);
  icws_certified_tree_init(&cdk->certified, icws_bytes_text(websocket_label), host->sha256);
  icws_buf_init(&cdk->service, 0, host->mem);
  icws_buf_init(&cdk->content, 0, host->mem);
  icws_buf_init(&cdk->witness, 0, host->mem);
}

enum icws_error icws_cdk_new(const struct icws_cdk_config *config, const struct icws_cdk_host *host,
                             const struct icws_cdk_handlers *handlers, struct icws_cdk **cdk)
{
  static const struct icws_cdk_config defaults = {0};
  struct icws_cdk_config valid = without_zeros(config != NULL ? config : &defaults);
  if (!is_valid(&valid, host))
    return ICWS_ERR_INVALID_ARGUMENT;
  struct icws_cdk_host known = *host;
  if (known.mem == NULL)
    known.mem = icws_mem_default();

  struct icws_cdk *made = known.mem->reallocate(NULL, sizeof *made, known.mem->user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  init(made, &valid, &known, handlers);
  made->poll = icws_cdk_allocate(made, valid.max_poll_messages * sizeof *made->poll);
  if (made->poll == NULL) {
    icws_cdk_del(made);
    return ICWS_ERR_NOMEM;
  }
  icws_cdk_certify(made);
  *cdk = made;
  return ICWS_OK;
}

static void remove_all_clients(struct icws_cdk *cdk)
{
  struct icws_cdk_client *client;
  while ((client = icws_cdk_client_at_least(cdk, icws_bytes_of(NULL, 0))) != NULL)
    icws_cdk_client_remove(cdk, client);
}

void icws_cdk_del(struct icws_cdk *cdk)
{
  if (cdk == NULL)
    return;
  remove_all_clients(cdk);
  icws_cdk_gateways_forget_all(cdk);
  icws_buf_wipe(&cdk->service);
  icws_buf_wipe(&cdk->content);
  icws_buf_wipe(&cdk->witness);
  icws_cdk_release(cdk, cdk->poll);
  icws_cdk_release(cdk, cdk);
}

/* What handlers do is certified once, when the way into the kit from which they ran ends. */

enum icws_error icws_cdk_send(struct icws_cdk *cdk, const struct icws_principal *client,
                              struct icws_bytes content)
{
  struct icws_cdk_client *receiver = icws_cdk_client_find(cdk, client);
  if (receiver == NULL)
    return ICWS_ERR_CLOSED;
  enum icws_error error = icws_cdk_delivery_application(cdk, receiver, content);
  if (!cdk->busy)
    icws_cdk_certify(cdk);
  return error;
}

enum icws_error icws_cdk_close(struct icws_cdk *cdk, const struct icws_principal *client)
{
  struct icws_cdk_client *leaving = icws_cdk_client_find(cdk, client);
  if (leaving == NULL)
    return ICWS_ERR_CLOSED;
  bool in_handler = cdk->busy;
  cdk->busy = true;
  enum icws_error error = icws_cdk_connection_close(cdk, leaving, ICWS_CLOSE_BY_APPLICATION);
  cdk->busy = in_handler;
  if (!in_handler)
    icws_cdk_certify(cdk);
  return error;
}

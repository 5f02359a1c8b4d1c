/* SPDX-License-Identifier: Apache-2.0 */
#include "connection.h"

#include "cdk_state.h"
#include "delivery.h"

void icws_cdk_connection_drop(struct icws_cdk *cdk, struct icws_cdk_client *client)
{
  struct icws_client_key key = client->key;
  icws_cdk_client_remove(cdk, client);
  if (cdk->handlers.on_close != NULL)
    cdk->handlers.on_close(cdk, &key, cdk->handlers.user_data);
}

static enum icws_error send_close(struct icws_cdk *cdk, struct icws_cdk_client *client,
                                  enum icws_close_reason reason)
{
  struct icws_service_message service = {.type = ICWS_SERVICE_CLOSE, .reason = reason};
  return icws_cdk_delivery_service(cdk, client, &service);
}

enum icws_error icws_cdk_connection_close(struct icws_cdk *cdk, struct icws_cdk_client *client,
                                          enum icws_close_reason reason)
{
  enum icws_error error = send_close(cdk, client, reason);
  icws_cdk_connection_drop(cdk, client);
  return error;
}

/* Whether a client with |key| may come, as far as those who are there are concerned: NULL, or why
 * not. */
static const char *refusal(const struct icws_cdk *cdk, const struct icws_client_key *key)
{
  struct icws_principal anonymous = icws_principal_anonymous();
  if (icws_principal_equal(&key->principal, &anonymous))
    return "the anonymous principal cannot open a connection";
  const struct icws_cdk_client *present = icws_cdk_client_find(cdk, &key->principal);
  if (present == NULL && cdk->clients.count >= cdk->config.max_clients)
    return "too many clients are connected";
  if (present != NULL && present->key.nonce == key->nonce)
    return "this client key is already connected";
  return NULL;
}

/* Makes the client and its OpenMessage, without anybody seeing them yet. */
static enum icws_error prepare(struct icws_cdk *cdk, const struct icws_client_key *key,
                               struct icws_cdk_gateway *gateway, struct icws_cdk_client **client,
                               struct icws_cdk_message **message)
{
  *client = icws_cdk_client_new(cdk, key, gateway);
  if (*client == NULL)
    return ICWS_ERR_NOMEM;
  struct icws_service_message service = {.type = ICWS_SERVICE_OPEN, .client_key = *key};
  enum icws_error error = icws_cdk_delivery_prepare_service(cdk, *client, &service, message);
  if (error != ICWS_OK)
    icws_cdk_release(cdk, *client);
  return error;
}

/* The application has refused the client whose OpenMessage has number |open_nonce|.  The number can
 * be given back only if none follows it: gateways insist on numbers without gaps. */
static void undo_open(struct icws_cdk *cdk, const struct icws_client_key *key, uint64_t open_nonce)
{
  struct icws_cdk_client *client = icws_cdk_client_find_key(cdk, key);
  if (client == NULL)
    return;
  struct icws_cdk_gateway *gateway = client->gateway;
  if (gateway->queue.next_nonce == open_nonce + 1)
    icws_cdk_queue_take_back(cdk, &gateway->queue);
  else
    send_close(cdk, client, ICWS_CLOSE_BY_APPLICATION);
  icws_cdk_client_remove(cdk, client);
  icws_cdk_gateway_forget_unused(cdk, gateway);
}

static const char *run_on_open(struct icws_cdk *cdk, const struct icws_client_key *key,
                               uint64_t open_nonce)
{
  if (cdk->handlers.on_open == NULL)
    return NULL;
  const char *text = cdk->handlers.on_open(cdk, key, cdk->handlers.user_data);
  if (text != NULL)
    undo_open(cdk, key, open_nonce);
  return text;
}

/* All that can fail in the kit comes first: an earlier connection of the principal is dropped only
 * for one that takes its place. */
const char *icws_cdk_connection_open(struct icws_cdk *cdk, const struct icws_principal *caller,
                                     const struct icws_open_args *args)
{
  struct icws_client_key key = {.principal = *caller, .nonce = args->client_nonce};
  const char *text = refusal(cdk, &key);
  if (text != NULL)
    return text;

  struct icws_cdk_gateway *gateway;
  enum icws_error error = icws_cdk_gateway_get(cdk, &args->gateway, &gateway);
  if (error != ICWS_OK)
    return error == ICWS_ERR_LIMIT ? "too many gateways are in use" : icws_strerror(error);
  struct icws_cdk_client *client;
  struct icws_cdk_message *open_message;
  error = prepare(cdk, &key, gateway, &client, &open_message);
  if (error != ICWS_OK) {
    icws_cdk_gateway_forget_unused(cdk, gateway);
    return icws_strerror(error);
  }

  struct icws_cdk_client *earlier = icws_cdk_client_find(cdk, caller);
  if (earlier != NULL)
    icws_cdk_connection_drop(cdk, earlier);
  icws_cdk_client_insert(cdk, client);
  uint64_t open_nonce = gateway->queue.next_nonce;
  icws_cdk_delivery_queue(cdk, client, open_message);
  return run_on_open(cdk, &key, open_nonce);
}

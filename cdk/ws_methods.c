/* SPDX-License-Identifier: Apache-2.0 */
#include "cdk/icws_cdk.h"

#include "cdk_state.h"
#include "connection.h"

/* An answer is written before anything changes, so that the call can still be rejected if there is
 * no memory for it; should the call then fail, the error takes the answer's place. */
static enum icws_error begin(struct icws_cdk *cdk, struct icws_buf *reply,
                             struct icws_failure *failure)
{
  if (cdk->busy)
    return icws_fail(failure, ICWS_ERR_INVALID_STATE, "a handler called a method of its canister");
  struct icws_result ok = {.ok = true};
  icws_buf_clear(reply);
  icws_result_put(reply, &ok);
  enum icws_error error = icws_buf_error(reply);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "the answer cannot be written: %s", icws_strerror(error));
  cdk->busy = true;
  return ICWS_OK;
}

static enum icws_error end(struct icws_cdk *cdk, const char *text, struct icws_buf *reply,
                           struct icws_failure *failure)
{
  cdk->busy = false;
  icws_cdk_certify(cdk);
  if (text == NULL)
    return ICWS_OK;
  struct icws_result err = {.ok = false, .text = icws_bytes_text(text)};
  icws_buf_clear(reply);
  icws_result_put(reply, &err);
  enum icws_error error = icws_buf_error(reply);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "the answer cannot be written: %s", icws_strerror(error));
  return ICWS_OK;
}

enum icws_error icws_cdk_ws_open(struct icws_cdk *cdk, const struct icws_principal *caller,
                                 struct icws_bytes arg, struct icws_buf *reply,
                                 struct icws_failure *failure)
{
  struct icws_open_args args;
  enum icws_error error = icws_open_args_decode(arg, &args, failure);
  if (error == ICWS_OK)
    error = begin(cdk, reply, failure);
  if (error != ICWS_OK)
    return error;
  return end(cdk, icws_cdk_connection_open(cdk, caller, &args), reply, failure);
}

/* A service message.  One that is refused has used up its number all the same: the client cannot
 * know that it was. */
static const char *take_service_message(struct icws_cdk *cdk, struct icws_cdk_client *client,
                                        struct icws_bytes content)
{
  client->last_received++;
  struct icws_service_message service;
  if (icws_service_message_decode(content, &service, NULL) != ICWS_OK)
    return "the service message cannot be decoded";
  if (service.type != ICWS_SERVICE_KEEP_ALIVE)
    return "clients may send no other service message than KeepAliveMessage";
  client->last_keep_alive = icws_cdk_time(cdk);
  return NULL;
}

/* The handler may have closed the client; and only its success counts the message as received. */
static const char *take_application_message(struct icws_cdk *cdk,
                                            const struct icws_websocket_message *message)
{
  if (cdk->handlers.on_message != NULL) {
    const char *text = cdk->handlers.on_message(cdk, &message->client_key, message->content,
                                                cdk->handlers.user_data);
    if (text != NULL)
      return text;
  }
  struct icws_cdk_client *client = icws_cdk_client_find_key(cdk, &message->client_key);
  if (client != NULL)
    client->last_received = message->sequence_num;
  return NULL;
}

static const char *take_message(struct icws_cdk *cdk, const struct icws_principal *caller,
                                const struct icws_websocket_message *message)
{
  struct icws_cdk_client *client = icws_cdk_client_find(cdk, caller);
  if (client == NULL)
    return "the caller is not a connected client";
  if (!icws_client_key_equal(&message->client_key, &client->key))
    return "the client key is not the caller's";
  if (message->sequence_num != client->last_received + 1) {
    icws_cdk_connection_close(cdk, client, ICWS_CLOSE_WRONG_SEQUENCE_NUMBER);
    return "the sequence number is not the next one; the connection is closed";
  }
  if (message->is_service_message)
    return take_service_message(cdk, client, message->content);
  return take_application_message(cdk, message);
}

enum icws_error icws_cdk_ws_message(struct icws_cdk *cdk, const struct icws_principal *caller,
                                    struct icws_bytes arg, struct icws_buf *reply,
                                    struct icws_failure *failure)
{
  struct icws_websocket_message message;
  enum icws_error error = icws_message_args_decode(arg, &message, failure);
  if (error == ICWS_OK)
    error = begin(cdk, reply, failure);
  if (error != ICWS_OK)
    return error;
  return end(cdk, take_message(cdk, caller, &message), reply, failure);
}

static const char *close_client(struct icws_cdk *cdk, const struct icws_principal *caller,
                                const struct icws_client_key *key)
{
  struct icws_cdk_client *client = icws_cdk_client_find_key(cdk, key);
  if (client == NULL)
    return "there is no such client";
  if (!icws_principal_equal(&client->gateway->queue.gateway, caller))
    return "the client is not connected through the caller";
  icws_cdk_connection_drop(cdk, client);
  return NULL;
}

enum icws_error icws_cdk_ws_close(struct icws_cdk *cdk, const struct icws_principal *caller,
                                  struct icws_bytes arg, struct icws_buf *reply,
                                  struct icws_failure *failure)
{
  struct icws_client_key key;
  enum icws_error error = icws_close_args_decode(arg, &key, failure);
  if (error == ICWS_OK)
    error = begin(cdk, reply, failure);
  if (error != ICWS_OK)
    return error;
  return end(cdk, close_client(cdk, caller, &key), reply, failure);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery.h"

#include "cdk_state.h"

enum icws_error icws_cdk_delivery_prepare(struct icws_cdk *cdk,
                                          const struct icws_cdk_client *client,
                                          enum icws_cdk_kind kind, struct icws_bytes content,
                                          struct icws_cdk_message **message)
{
  struct icws_cdk_queue *queue = &client->gateway->queue;
  icws_cdk_queue_delete_old(cdk, queue);

  struct icws_websocket_message parts = {
      .client_key = client->key,
      .sequence_num = client->last_sent + 1,
      .timestamp = icws_cdk_time(cdk),
      .is_service_message = kind != ICWS_CDK_APPLICATION,
      .content = content,
  };
  icws_buf_clear(&cdk->content);
  icws_websocket_message_put(&cdk->content, &parts);
  enum icws_error error = icws_buf_error(&cdk->content);
  if (error != ICWS_OK)
    return error;
  return icws_cdk_message_new(cdk, queue, &client->key, parts.timestamp, kind == ICWS_CDK_LAST,
                              icws_buf_bytes(&cdk->content), message);
}

void icws_cdk_delivery_queue(struct icws_cdk *cdk, struct icws_cdk_client *client,
                             struct icws_cdk_message *message)
{
  icws_cdk_queue_push(cdk, &client->gateway->queue, message);
  client->last_sent++;
}

enum icws_error icws_cdk_delivery_prepare_service(struct icws_cdk *cdk,
                                                  const struct icws_cdk_client *client,
                                                  const struct icws_service_message *service,
                                                  struct icws_cdk_message **message)
{
  icws_buf_clear(&cdk->service);
  icws_service_message_put(&cdk->service, service);
  enum icws_error error = icws_buf_error(&cdk->service);
  if (error != ICWS_OK)
    return error;
  enum icws_cdk_kind kind = service->type == ICWS_SERVICE_CLOSE ? ICWS_CDK_LAST : ICWS_CDK_SERVICE;
  return icws_cdk_delivery_prepare(cdk, client, kind, icws_buf_bytes(&cdk->service), message);
}

enum icws_error icws_cdk_delivery_service(struct icws_cdk *cdk, struct icws_cdk_client *client,
                                          const struct icws_service_message *service)
{
  struct icws_cdk_message *message;
  enum icws_error error = icws_cdk_delivery_prepare_service(cdk, client, service, &message);
  if (error == ICWS_OK)
    icws_cdk_delivery_queue(cdk, client, message);
  return error;
}

enum icws_error icws_cdk_delivery_application(struct icws_cdk *cdk, struct icws_cdk_client *client,
                                              struct icws_bytes content)
{
  if (content.len > cdk->config.max_message_bytes)
    return ICWS_ERR_LIMIT;
  struct icws_cdk_message *message;
  enum icws_error error =
      icws_cdk_delivery_prepare(cdk, client, ICWS_CDK_APPLICATION, content, &message);
  if (error == ICWS_OK)
    icws_cdk_delivery_queue(cdk, client, message);
  return error;
}

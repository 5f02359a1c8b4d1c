/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_DELIVERY_H
#define ICWS_CDK_DELIVERY_H

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/message.h>

struct icws_cdk;
struct icws_cdk_client;
struct icws_cdk_message;

enum icws_cdk_kind {
  ICWS_CDK_APPLICATION,
  ICWS_CDK_SERVICE,
  ICWS_CDK_LAST, /* a CloseMessage: no message to the client follows it */
};

/* What it takes to get a message into the queue of a client's gateway, where it is fetched. */

/* icws_cdk_delivery_prepare makes the next message to |client| (in the table or not yet), without
 * queueing it: so that icws_cdk_delivery_queue cannot fail.  No other message to the client may
 * come between the two.  Returns ICWS_OK, ICWS_ERR_QUEUE_FULL (except for a last one) or
 * ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_cdk_delivery_prepare(struct icws_cdk *cdk,
                                                         const struct icws_cdk_client *client,
                                                         enum icws_cdk_kind kind,
                                                         struct icws_bytes content,
                                                         struct icws_cdk_message **message);
void icws_cdk_delivery_queue(struct icws_cdk *cdk, struct icws_cdk_client *client,
                             struct icws_cdk_message *message);

/* icws_cdk_delivery_prepare_service prepares a service message; icws_cdk_delivery_service and
 * icws_cdk_delivery_application do both steps. */
ICWS_NODISCARD enum icws_error
icws_cdk_delivery_prepare_service(struct icws_cdk *cdk, const struct icws_cdk_client *client,
                                  const struct icws_service_message *service,
                                  struct icws_cdk_message **message);
ICWS_NODISCARD enum icws_error
icws_cdk_delivery_service(struct icws_cdk *cdk, struct icws_cdk_client *client,
                          const struct icws_service_message *service);
ICWS_NODISCARD enum icws_error icws_cdk_delivery_application(struct icws_cdk *cdk,
                                                             struct icws_cdk_client *client,
                                                             struct icws_bytes content);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CDK_GATEWAY_QUEUE_H
#define ICWS_CDK_GATEWAY_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/error.h>
#include <icws/message.h>

#include "label_tree.h"

struct icws_cdk;

/* A message on its way to a gateway.  While it is queued it is an entry of the kit's certified
 * tree: its key with the SHA-256 of its content. */
struct icws_cdk_message {
  struct icws_label_entry entry; /* first: see icws_cdk_message_of */
  struct icws_client_key client_key;
  uint64_t timestamp;
  uint8_t digest[ICWS_SHA256_BYTES];
  char key[ICWS_MESSAGE_KEY_BYTES];
  size_t content_len;
  uint8_t content[];
};

struct icws_cdk_message *icws_cdk_message_of(struct icws_label_entry *entry);

/* The messages for one gateway, numbered without gaps.  The certified tree finds them by number and
 * knows their order, so that the queue itself is a window of numbers. */
struct icws_cdk_queue {
  struct icws_principal gateway;
  uint64_t first_nonce;            /* of the oldest message */
  uint64_t next_nonce;             /* of the next to be queued; equal to |first_nonce| if none is */
  struct icws_cdk_message *oldest; /* NULL if there is none */
  size_t message_count;            /* with those made but not queued yet */
  size_t byte_count;               /* likewise; of contents */
};

/* icws_cdk_message_new makes room for a message with |content| (copied) in |queue|, where it counts
 * from now on, so that icws_cdk_queue_push cannot fail.  A client's last message |is_last| and finds
 * room in a full queue as well: it tells the client that it will get no more, and there is one at
 * most for each client, whose first message needed room.  Returns ICWS_OK, ICWS_ERR_QUEUE_FULL or
 * ICWS_ERR_NOMEM.  icws_cdk_message_del gives up one that is not queued. */
ICWS_NODISCARD enum icws_error
icws_cdk_message_new(const struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                     const struct icws_client_key *client_key, uint64_t timestamp, bool is_last,
                     struct icws_bytes content, struct icws_cdk_message **message);
void icws_cdk_message_del(const struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                          struct icws_cdk_message *message);

/* icws_cdk_queue_push gives |message|, which was made for |queue|, its number and certifies it. */
void icws_cdk_queue_push(struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                         struct icws_cdk_message *message);

/* icws_cdk_queue_take_back deletes the newest message as if it had never been queued. */
void icws_cdk_queue_take_back(struct icws_cdk *cdk, struct icws_cdk_queue *queue);

/* icws_cdk_queue_delete_old deletes up to a fixed number of messages that are older than the ack
 * interval; icws_cdk_queue_clear deletes all. */
void icws_cdk_queue_delete_old(struct icws_cdk *cdk, struct icws_cdk_queue *queue);
void icws_cdk_queue_clear(struct icws_cdk *cdk, struct icws_cdk_queue *queue);

/* icws_cdk_queue_at_least returns the first message whose number is |nonce| or higher, or NULL;
 * |*found| then is its number. */
struct icws_cdk_message *icws_cdk_queue_at_least(const struct icws_cdk *cdk,
                                                 const struct icws_cdk_queue *queue, uint64_t nonce,
                                                 uint64_t *found);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway_queue.h"

#include <assert.h>
#include <string.h>

#include "cdk_state.h"

/* How many old messages one send deletes at most (IC WebSocket protocol, the canister's side): more
 * than it adds, so that they go away in time, and no more, so that no send takes long. */
#define MAX_DELETED_PER_SEND 5

struct icws_cdk_message *icws_cdk_message_of(struct icws_label_entry *entry)
{
  return (struct icws_cdk_message *)entry;
}

static bool has_room(const struct icws_cdk *cdk, const struct icws_cdk_queue *queue, size_t len)
{
  const struct icws_cdk_config *config = &cdk->config;
  return queue->message_count < config->max_gateway_messages &&
         queue->byte_count <= config->max_gateway_bytes &&
         len <= config->max_gateway_bytes - queue->byte_count;
}

enum icws_error icws_cdk_message_new(const struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                                     const struct icws_client_key *client_key, uint64_t timestamp,
                                     bool is_last, struct icws_bytes content,
                                     struct icws_cdk_message **message)
{
  if (!is_last && !has_room(cdk, queue, content.len))
    return ICWS_ERR_QUEUE_FULL;
  struct icws_cdk_message *made = icws_cdk_allocate(cdk, sizeof *made + content.len);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  *made = (struct icws_cdk_message){
      .client_key = *client_key,
      .timestamp = timestamp,
      .content_len = content.len,
  };
  if (content.len > 0)
    memcpy(made->content, content.data, content.len);
  queue->message_count++;
  queue->byte_count += content.len;
  *message = made;
  return ICWS_OK;
}

void icws_cdk_message_del(const struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                          struct icws_cdk_message *message)
{
  queue->message_count--;
  queue->byte_count -= message->content_len;
  icws_cdk_release(cdk, message);
}

static struct icws_bytes key_bytes(const struct icws_cdk_queue *queue, uint64_t nonce,
                                   char key[ICWS_MESSAGE_KEY_BYTES])
{
  return icws_bytes_of(key, icws_message_key_format(&queue->gateway, nonce, key));
}

void icws_cdk_queue_push(struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                         struct icws_cdk_message *message)
{
  struct icws_bytes content = icws_bytes_of(message->content, message->content_len);
  cdk->host.sha256(&content, 1, message->digest);
  icws_label_tree_insert(&cdk->certified.entries, &message->entry,
                         key_bytes(queue, queue->next_nonce, message->key),
                         icws_bytes_of(message->digest, sizeof message->digest));
  cdk->certified_changed = true;
  queue->next_nonce++;
  if (queue->oldest == NULL)
    queue->oldest = message;
}

/* Takes a queued message out of the tree and frees it. */
static void uncertify(struct icws_cdk *cdk, struct icws_cdk_queue *queue,
                      struct icws_cdk_message *message)
{
  icws_label_tree_remove(&cdk->certified.entries, &message->entry);
  cdk->certified_changed = true;
  icws_cdk_message_del(cdk, queue, message);
}

void icws_cdk_queue_take_back(struct icws_cdk *cdk, struct icws_cdk_queue *queue)
{
  uint64_t nonce;
  struct icws_cdk_message *newest =
      icws_cdk_queue_at_least(cdk, queue, queue->next_nonce - 1, &nonce);
  assert(newest != NULL);
  queue->next_nonce = nonce;
  if (queue->oldest == newest)
    queue->oldest = NULL;
  uncertify(cdk, queue, newest);
}

/* The keys of one gateway are neighbours in the tree, in the order of their numbers. */
static void delete_oldest(struct icws_cdk *cdk, struct icws_cdk_queue *queue)
{
  struct icws_cdk_message *oldest = queue->oldest;
  queue->first_nonce++;
  queue->oldest = queue->first_nonce < queue->next_nonce
                      ? icws_cdk_message_of(icws_label_tree_next(&oldest->entry))
                      : NULL;
  uncertify(cdk, queue, oldest);
}

void icws_cdk_queue_delete_old(struct icws_cdk *cdk, struct icws_cdk_queue *queue)
{
  uint64_t now = icws_cdk_time(cdk);
  for (int i = 0; i < MAX_DELETED_PER_SEND && queue->oldest != NULL; i++) {
    if (icws_cdk_later(queue->oldest->timestamp, cdk->ack_interval_ns) >= now)
      return;
    delete_oldest(cdk, queue);
  }
}

void icws_cdk_queue_clear(struct icws_cdk *cdk, struct icws_cdk_queue *queue)
{
  while (queue->oldest != NULL)
    delete_oldest(cdk, queue);
}

struct icws_cdk_message *icws_cdk_queue_at_least(const struct icws_cdk *cdk,
                                                 const struct icws_cdk_queue *queue, uint64_t nonce,
                                                 uint64_t *found)
{
  if (queue->oldest == NULL || nonce >= queue->next_nonce)
    return NULL;
  if (nonce < queue->first_nonce)
    nonce = queue->first_nonce;
  char key[ICWS_MESSAGE_KEY_BYTES];
  struct icws_label_entry *entry =
      icws_label_tree_find(&cdk->certified.entries, key_bytes(queue, nonce, key));
  assert(entry != NULL);
  *found = nonce;
  return icws_cdk_message_of(entry);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cdk/icws_cdk.h"

#include "cdk_state.h"

/* The answer to a poll.  What is certified are the messages from |first| to |last|. */
struct poll {
  struct icws_get_messages_result result;
  const struct icws_label_entry *first; /* NULL: there are none */
  const struct icws_label_entry *last;
};

static struct icws_output_message output_of(const struct icws_cdk_message *message)
{
  return (struct icws_output_message){
      .client_key = message->client_key,
      .key = message->entry.label,
      .content = icws_bytes_of(message->content, message->content_len),
  };
}

/* Lists the messages of |queue| from |nonce| on, as many as one answer may hold.  The first one
 * goes in whatever its length: else it would block the queue. */
static void collect(struct icws_cdk *cdk, const struct icws_cdk_queue *queue, uint64_t nonce,
                    struct poll *poll)
{
  struct icws_cdk_message *message = icws_cdk_queue_at_least(cdk, queue, nonce, &nonce);
  if (message == NULL)
    return;
  poll->first = &message->entry;
  size_t count = 0;
  size_t bytes = 0;
  do {
    poll->last = &message->entry;
    cdk->poll[count++] = output_of(message);
    bytes += message->content_len;
    nonce++;
    message = icws_cdk_message_of(icws_label_tree_next(&message->entry));
  } while (nonce < queue->next_nonce && count < cdk->config.max_poll_messages &&
           bytes <= cdk->config.max_poll_bytes &&
           message->content_len <= cdk->config.max_poll_bytes - bytes);
  poll->result.messages = cdk->poll;
  poll->result.message_count = count;
  poll->result.is_end_of_queue = nonce == queue->next_nonce;
}

/* Adds certificate and witness.  An empty answer has neither. */
static enum icws_error certify(struct icws_cdk *cdk, struct poll *poll)
{
  if (poll->first == NULL)
    return ICWS_OK;
  poll->result.cert = cdk->host.data_certificate(cdk->host.user_data);
  if (poll->result.cert.len == 0) {
    poll->result = (struct icws_get_messages_result){
        .ok = false,
        .text = icws_bytes_text("messages are certified in queries only"),
    };
    return ICWS_OK;
  }
  icws_buf_clear(&cdk->witness);
  icws_certified_tree_put_witness(&cdk->certified, poll->first, poll->last, &cdk->witness);
  poll->result.tree = icws_buf_bytes(&cdk->witness);
  return icws_buf_error(&cdk->witness);
}

enum icws_error icws_cdk_ws_get_messages(struct icws_cdk *cdk, const struct icws_principal *caller,
                                         struct icws_bytes arg, struct icws_buf *reply,
                                         struct icws_failure *failure)
{
  if (cdk->busy)
    return icws_fail(failure, ICWS_ERR_INVALID_STATE, "a handler called a method of its canister");
  uint64_t nonce;
  enum icws_error error = icws_get_messages_args_decode(arg, &nonce, failure);
  if (error != ICWS_OK)
    return error;

  /* Who is no gateway of a client gets an empty answer, too, not an error. */
  struct poll poll = {.result = {.ok = true, .is_end_of_queue = true}};
  const struct icws_cdk_gateway *gateway = icws_cdk_gateway_find(cdk, caller);
  if (gateway != NULL)
    collect(cdk, &gateway->queue, nonce, &poll);
  error = certify(cdk, &poll);
  if (error == ICWS_OK) {
    icws_buf_clear(reply);
    icws_get_messages_result_put(reply, &poll.result);
    error = icws_buf_error(reply);
  }
  if (error != ICWS_OK)
    return icws_fail(failure, error, "the answer cannot be written: %s", icws_strerror(error));
  return ICWS_OK;
}

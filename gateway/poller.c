/* SPDX-License-Identifier: Apache-2.0 */
#include "poller.h"

#include "own_request.h"
#include "stats.h"

/* So many answers in a row with a gap mean that the messages in between are gone. */
#define MAX_GAPS 5

static void start(struct poller *poller);

static void log_state(const struct poller *poller, enum icws_gateway_log_level level,
                      const char *event, const char *what, struct icws_bytes detail)
{
  const struct gateway_subject subject = {.canister = &poller->canister};
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];

  icws_principal_to_text(&poller->canister, canister);
  gateway_log(poller->context, level, event, &subject, "polling %s %s%s%.*s", canister, what,
              detail.len > 0 ? ": " : "", GATEWAY_TEXT(detail));
}

void poller_init(struct poller *poller, struct gateway_context *context,
                 const struct icws_principal *canister, const struct poller_hooks *hooks,
                 void *user_data)
{
  *poller = (struct poller){
      .context = context,
      .canister = *canister,
      .hooks = hooks,
      .user_data = user_data,
      .anywhere = true,
      .deadline_ns = context->config.monotonic_ns(),
  };
  icws_buf_init(&poller->envelope, 0, NULL);
  log_state(poller, ICWS_GATEWAY_LOG_INFO, "poll_started", "begins", (struct icws_bytes){0});
}

void poller_stop(struct poller *poller)
{
  const struct icws_network *network = poller->context->config.network;

  if (poller->stopped)
    return;
  if (poller->polling)
    network->cancel(network->self, &poller->request);
  poller->polling = false;
  poller->stopped = true;
  log_state(poller, ICWS_GATEWAY_LOG_INFO, "poll_stopped", "ends", (struct icws_bytes){0});
  poller->deadline_ns = UINT64_MAX;
}

void poller_wipe(struct poller *poller)
{
  poller_stop(poller);
  icws_buf_wipe(&poller->envelope);
}

static void reschedule(struct poller *poller, uint64_t deadline_ns)
{
  poller->deadline_ns = deadline_ns;
  poller->hooks->rescheduled(poller->user_data);
}

/* Between half of |pause_ms| and all of it, so that gateways do not poll in step. */
static uint64_t jitter_ns(const struct poller *poller, uint64_t pause_ms)
{
  const uint64_t half_ns = pause_ms * GATEWAY_NS_PER_MS / 2;

  return half_ns + gateway_random_below(poller->context, half_ns + 1);
}

/* Pauses before the next poll: the interval, doubled with each failure in a row, up to a limit. */
static void fail(struct poller *poller, enum icws_gateway_trouble trouble, const char *why,
                 struct icws_bytes detail)
{
  const struct icws_gateway_config *config = &poller->context->config;
  const unsigned doublings = poller->failures < 16 ? poller->failures : 16;
  uint64_t pause_ms = (uint64_t)config->polling_interval_ms << doublings;

  poller->looking_back = false;
  poller->context->stats.troubles[trouble]++;
  if (poller->failures++ == 0)
    log_state(poller, ICWS_GATEWAY_LOG_ERROR, "poll_failed", why, detail);
  if (pause_ms > config->poll_backoff_max_ms)
    pause_ms = config->poll_backoff_max_ms;
  reschedule(poller, config->monotonic_ns() + jitter_ns(poller, pause_ms));
}

static void fail_with(struct poller *poller, enum icws_gateway_trouble trouble, const char *why)
{
  fail(poller, trouble, why, (struct icws_bytes){0});
}

static void succeed(struct poller *poller)
{
  if (poller->failures > 0)
    log_state(poller, ICWS_GATEWAY_LOG_INFO, "poll_works", "works again", (struct icws_bytes){0});
  poller->failures = 0;
  poller->gaps = 0;
}

enum nonces { NONCES_CONSECUTIVE, NONCES_GAP, NONCES_FOREIGN };

/* Whether the messages' keys are of this gateway and number on from the last one. */
static enum nonces check_nonces(const struct poller *poller,
                                const struct icws_get_messages_result *result)
{
  const struct icws_principal self = icws_identity_signer(poller->context->config.identity).sender;
  uint64_t expected = poller->nonce;

  for (size_t i = 0; i < result->message_count; i++) {
    struct icws_principal gateway;
    uint64_t nonce;

    if (icws_message_key_parse(result->messages[i].key, &gateway, &nonce) != ICWS_OK ||
        !icws_principal_equal(&gateway, &self))
      return NONCES_FOREIGN;
    if (nonce != expected && !(i == 0 && poller->anywhere))
      return NONCES_GAP;
    expected = nonce + 1;
  }
  return NONCES_CONSECUTIVE;
}

/* When the canister made the message; 0 if it does not say so as canisters do. */
static uint64_t timestamp_of(const struct icws_output_message *message)
{
  struct icws_websocket_message decoded;

  return icws_websocket_message_decode(message->content, &decoded, NULL) == ICWS_OK
             ? decoded.timestamp
             : 0;
}

static void deliver(struct poller *poller, const struct icws_get_messages_result *result)
{
  if (result->message_count > 0)
    poller->timestamp = timestamp_of(&result->messages[result->message_count - 1]);
  for (size_t i = 0; i < result->message_count && !poller->stopped; i++) {
    const struct icws_output_message *message = &result->messages[i];
    const struct icws_certified certified = {
        .key = message->key,
        .content = message->content,
        .cert = result->cert,
        .tree = result->tree,
    };
    struct icws_principal gateway;

    if (icws_message_key_parse(message->key, &gateway, &poller->nonce) != ICWS_OK)
      return; /* check_nonces has parsed it */
    poller->nonce++;
    poller->anywhere = false;
    poller->hooks->deliver(poller->user_data, &message->client_key, &certified);
  }
}

static void poll_later(struct poller *poller)
{
  reschedule(poller,
             poller->started_ns + poller->context->config.polling_interval_ms * GATEWAY_NS_PER_MS);
}

/* Whether the first message for a client has not the number 1.  The canister may then have begun
 * anew and numbered past what is asked for, and what the client needs first lies below. */
static bool is_suspicious(const struct poller *poller,
                          const struct icws_get_messages_result *result)
{
  for (size_t i = 0; i < result->message_count; i++) {
    const struct icws_output_message *message = &result->messages[i];
    struct icws_websocket_message decoded;
    size_t earlier = 0;

    if (!poller->hooks->awaits(poller->user_data, &message->client_key))
      continue;
    while (!icws_client_key_equal(&result->messages[earlier].client_key, &message->client_key))
      earlier++;
    if (earlier == i &&
        icws_websocket_message_decode(message->content, &decoded, NULL) == ICWS_OK &&
        decoded.sequence_num != 1)
      return true;
  }
  return false;
}

/* A page that is not the last one makes the next poll follow at once, unless it is empty: then
 * there is nothing to hurry for. */
static void take(struct poller *poller, const struct icws_get_messages_result *result)
{
  switch (check_nonces(poller, result)) {
  case NONCES_FOREIGN:
    fail_with(poller, ICWS_GATEWAY_POLL_NONCES, "got a message whose key is not of this gateway");
    return;
  case NONCES_GAP:
    if (++poller->gaps >= MAX_GAPS) {
      poller->anywhere = true;
      poller->gaps = 0;
    }
    fail_with(poller, ICWS_GATEWAY_POLL_NONCES, "got nonces that are not consecutive");
    return;
  case NONCES_CONSECUTIVE:
    break;
  }
  succeed(poller);
  if (poller->timestamp != 0 && !poller->looked_back && is_suspicious(poller, result)) {
    poller_look_back(poller);
    reschedule(poller, poller->context->config.monotonic_ns());
    return;
  }
  poller->looked_back = false;
  deliver(poller, result);
  if (poller->stopped)
    return;
  if (!result->is_end_of_queue && result->message_count > 0)
    start(poller);
  else
    poll_later(poller);
}

/* --- Canisters that begin anew ----------------------------------------------------------------- */

/* Messages are in the order of their times: one that is numbered below the last that was handed on,
 * but later, is of a new life. */
static bool shows_restart(const struct poller *poller,
                          const struct icws_get_messages_result *result)
{
  struct icws_principal gateway;
  uint64_t nonce;

  return result->message_count > 0 && poller->timestamp != 0 &&
         icws_message_key_parse(result->messages[0].key, &gateway, &nonce) == ICWS_OK &&
         nonce < poller->nonce && timestamp_of(&result->messages[0]) > poller->timestamp;
}

/* Takes what the canister keeps, from the first message on, which alone matters. */
static void take_back(struct poller *poller, const struct icws_get_messages_result *result)
{
  poller->looking_back = false;
  poller->looked_back = true;
  if (!shows_restart(poller, result)) {
    succeed(poller);
    poll_later(poller);
    return;
  }
  log_state(poller, ICWS_GATEWAY_LOG_WARN, "canister_restarted",
            "shows that the canister has lost its state", (struct icws_bytes){0});
  poller->anywhere = true;
  poller->hooks->restarted(poller->user_data);
  if (!poller->stopped)
    take(poller, result);
}

static bool is_code(const struct icws_network_answer *answer, const char *code)
{
  return icws_bytes_equal(answer->error_code, icws_bytes_text(code));
}

/* Error codes of the replica: there is no such canister, it is stopped, it is stopping, it has no
 * code.  Networks that give no such code are told by the reject code. */
static bool has_stopped(const struct icws_network_answer *answer)
{
  return answer->reject_code == ICWS_REJECT_DESTINATION_INVALID || is_code(answer, "IC0301") ||
         is_code(answer, "IC0508") || is_code(answer, "IC0509") || is_code(answer, "IC0537");
}

static void rejected(struct poller *poller, const struct icws_network_answer *answer)
{
  fail(poller, ICWS_GATEWAY_POLL_REJECTED, "is rejected", answer->text);
  if (has_stopped(answer))
    poller->hooks->stopped(poller->user_data);
}

static void answered(struct icws_network_request *request, const struct icws_network_answer *answer)
{
  struct poller *poller = request->user_data;
  struct gateway_context *context = poller->context;
  struct icws_get_messages_result result;
  struct icws_failure failure;

  poller->polling = false;
  histogram_add(&context->stats.poll_latency, context->config.monotonic_ns() - poller->started_ns);
  if (answer->outcome == ICWS_NETWORK_REJECTED)
    rejected(poller, answer);
  else if (answer->outcome != ICWS_NETWORK_REPLIED)
    fail(poller, ICWS_GATEWAY_POLL_NO_ANSWER, "got no answer", answer->text);
  else if (icws_get_messages_result_decode(answer->reply, context->poll_messages,
                                           GATEWAY_POLL_MAX_MESSAGES, &result, &failure) != ICWS_OK)
    fail(poller, ICWS_GATEWAY_POLL_UNREADABLE, "got an unreadable answer",
         icws_bytes_text(failure.text));
  else if (!result.ok)
    fail(poller, ICWS_GATEWAY_POLL_REFUSED, "is refused", result.text);
  else if (poller->looking_back)
    take_back(poller, &result);
  else
    take(poller, &result);
}

static enum icws_error put_request(struct poller *poller)
{
  struct icws_buf arg;
  enum icws_error error;

  icws_buf_init(&arg, 0, NULL);
  icws_get_messages_args_put(&arg, poller->looking_back ? 0 : poller->nonce);
  icws_buf_clear(&poller->envelope);
  error = icws_buf_error(&arg);
  if (error == ICWS_OK)
    error = own_request_put(&poller->envelope, poller->context, ICWS_REQUEST_QUERY,
                            &poller->canister, "ws_get_messages", icws_buf_bytes(&arg));
  icws_buf_wipe(&arg);
  return error;
}

static void start(struct poller *poller)
{
  const struct icws_gateway_config *config = &poller->context->config;
  enum icws_error error;

  poller->started_ns = config->monotonic_ns();
  poller->context->stats.polls++;
  error = put_request(poller);
  if (error != ICWS_OK) {
    fail(poller, ICWS_GATEWAY_POLL_NOT_SENT, "cannot be done",
         icws_bytes_text(icws_strerror(error)));
    return;
  }
  poller->polling = true;
  poller->request = (struct icws_network_request){
      .canister = poller->canister,
      .envelope = icws_buf_bytes(&poller->envelope),
      .answered = answered,
      .user_data = poller,
  };
  config->network->query(config->network->self, &poller->request);
  reschedule(poller, poller->started_ns + config->poll_timeout_ms * GATEWAY_NS_PER_MS);
}

void poller_tick(struct poller *poller)
{
  const struct icws_gateway_config *config = &poller->context->config;

  if (poller->stopped || config->monotonic_ns() < poller->deadline_ns)
    return;
  if (poller->polling) {
    config->network->cancel(config->network->self, &poller->request);
    poller->polling = false;
    poller->context->stats.troubles[ICWS_GATEWAY_POLL_TIMEOUT]++;
    if (poller->failures++ == 0)
      log_state(poller, ICWS_GATEWAY_LOG_ERROR, "poll_failed", "got no answer in time",
                (struct icws_bytes){0});
  }
  poller->looking_back = poller->look_back;
  poller->look_back = false;
  start(poller);
}

void poller_look_back(struct poller *poller)
{
  poller->look_back = poller->nonce > 0;
}

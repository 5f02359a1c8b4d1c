/* SPDX-License-Identifier: Apache-2.0 */
#include "session_model.h"

#include <stdlib.h>
#include <string.h>

static void must(bool condition)
{
  if (!condition)
    abort();
}

/* --- Randomness -------------------------------------------------------------------------------- */

/* The client's nonce first, as the vectors have it, then a counter. */
static enum icws_error fill(uint8_t *out, size_t len, void *user_data)
{
  struct session_model *model = user_data;
  uint64_t value = model->random_calls == 0 ? model->table->client_nonce : model->random_calls;

  model->random_calls++;
  for (size_t i = 0; i < len; i++)
    out[i] = (uint8_t)(i < 8 ? value >> (8 * i) : 0);
  return ICWS_OK;
}

/* --- What came in ------------------------------------------------------------------------------ */

/* The frame just fed was taken as the next message: it must be that, for this client, and certified
 * by the network. */
static void note_message(struct session_model *model)
{
  const struct certified_frames *table = model->table;
  struct icws_client_key self = icws_session_client_key(model->session);
  struct icws_principal gateway = icws_session_gateway(model->session);
  struct icws_certified fields;
  struct icws_principal named;
  uint64_t nonce;
  bool found = false;

  must(icws_certified_decode(model->frame_bytes, &fields, NULL) == ICWS_OK);
  for (size_t i = 0; i < table->count && !found; i++)
    found = table->frames[i].certified &&
            icws_bytes_equal(fields.content, table->frames[i].fields.content) &&
            icws_bytes_equal(fields.key, table->frames[i].fields.key);
  must(found);
  must(icws_websocket_message_decode(fields.content, &model->message, NULL) == ICWS_OK);
  must(icws_client_key_equal(&model->message.client_key, &self));
  must(model->message.sequence_num == model->last_received + 1);
  must(icws_message_key_parse(fields.key, &named, &nonce) == ICWS_OK);
  must(icws_principal_equal(&named, &gateway) && nonce >= model->least_nonce);
  model->least_nonce = nonce + 1;
  model->last_received++;
}

static struct icws_service_message service_message(const struct session_model *model)
{
  struct icws_service_message service;

  must(model->last_received > 0 && model->message.is_service_message);
  must(icws_service_message_decode(model->message.content, &service, NULL) == ICWS_OK);
  return service;
}

static void opened(struct session_model *model)
{
  must(!model->opened && model->last_received == 1);
  must(service_message(model).type == ICWS_SERVICE_OPEN);
  model->opened = true;
}

static void delivered(const struct session_model *model, const struct icws_event_message *event)
{
  const struct icws_websocket_message *message = &model->message;

  must(model->opened && !message->is_service_message);
  must(event->content.data == message->content.data && event->content.len == message->content.len);
  must(event->sequence_num == model->last_received && event->timestamp == message->timestamp);
}

static void acknowledged(const struct session_model *model, const struct icws_event_ack *event)
{
  struct icws_service_message service = service_message(model);

  must(model->opened && service.type == ICWS_SERVICE_ACK);
  must(service.last_incoming_sequence_num == event->sequence_num);
}

static void closed(struct session_model *model, const struct icws_failure *failure)
{
  must(failure == icws_session_failure(model->session));
  switch (failure->code) {
  case ICWS_ERR_CLOSED_BY_CANISTER:
  case ICWS_ERR_CANISTER_SEQUENCE:
  case ICWS_ERR_CANISTER_SERVICE:
  case ICWS_ERR_CANISTER_KEEP_ALIVE:
    must(service_message(model).type == ICWS_SERVICE_CLOSE);
    break;
  case ICWS_ERR_NOMEM:
    must(model->memory.failed);
    break;
  default:
    break;
  }
  model->closed = true;
}

bool session_model_event(struct session_model *model)
{
  struct icws_event event;

  if (!icws_session_next_event(model->session, model->now, &event))
    return false;
  must(!model->closed);
  switch (event.type) {
  case ICWS_EVENT_SIGN:
    must(!model->signing && event.u.to_sign.len == sizeof model->to_sign);
    memcpy(model->to_sign, event.u.to_sign.data, sizeof model->to_sign);
    model->signing = true;
    break;
  case ICWS_EVENT_OPEN:
    opened(model);
    break;
  case ICWS_EVENT_MESSAGE:
    delivered(model, &event.u.message);
    break;
  case ICWS_EVENT_SENT:
    must(event.u.sent.ticket == ++model->sent_events && event.u.sent.ticket <= model->queued);
    must(event.u.sent.sequence_num <= model->last_sent);
    break;
  case ICWS_EVENT_ACK:
    acknowledged(model, &event.u.ack);
    break;
  case ICWS_EVENT_CLOSED:
    closed(model, event.u.closed);
    break;
  }
  return true;
}

static void drop_frame(struct session_model *model)
{
  free(model->frame);
  model->frame = NULL;
}

static void pull_all(struct session_model *model)
{
  while (session_model_event(model))
    ;
  drop_frame(model);
}

/* What a call that reports the session's error must have returned. */
static void check_reported(const struct session_model *model, enum icws_error error)
{
  enum icws_error code = icws_session_failure(model->session)->code;

  if (icws_session_state(model->session) == ICWS_SESSION_CLOSED)
    must(error == (code != ICWS_OK ? code : ICWS_ERR_CLOSED));
  else
    must(error == ICWS_OK);
}

void session_model_recv(struct session_model *model, enum icws_frame_type type,
                        struct icws_bytes bytes, bool forged, bool early)
{
  bool was_closed = icws_session_state(model->session) == ICWS_SESSION_CLOSED;
  uint8_t *copy = malloc(bytes.len + 1); /* of its own, so that an over-read shows */
  enum icws_error error;

  must(copy != NULL);
  if (bytes.len > 0)
    memcpy(copy + 1, bytes.data, bytes.len);
  if (!early || was_closed)
    pull_all(model);
  error = icws_session_recv(model->session, type, icws_bytes_of(copy + 1, bytes.len), model->now);
  if (error == ICWS_ERR_INVALID_STATE && early) {
    must(session_model_event(model)); /* there was one to pull */
    free(copy);
    return;
  }
  check_reported(model, error);
  if (forged)
    must(icws_session_state(model->session) == ICWS_SESSION_CLOSED);
  drop_frame(model);
  model->frame = copy;
  model->frame_bytes = icws_bytes_of(copy + 1, bytes.len);
  if (icws_session_stats(model->session).last_sequence_received != model->last_received)
    note_message(model);
}

/* --- The other calls --------------------------------------------------------------------------- */

void session_model_send(struct session_model *model, size_t len)
{
  bool was_closed = icws_session_state(model->session) == ICWS_SESSION_CLOSED;
  uint64_t ticket = 0;
  uint8_t *content;
  enum icws_error error;

  if (model->queued == MODEL_MAX_SENDS)
    return;
  content = malloc(len + 1);
  must(content != NULL);
  memset(content, (uint8_t)(model->queued + 1), len + 1);
  error = icws_session_send(model->session, icws_bytes_of(content, len), &ticket);
  free(content);
  if (was_closed)
    check_reported(model, error);
  else if (len > model->config.max_message_bytes || len > model->config.max_queued_bytes)
    must(error == ICWS_ERR_LIMIT);
  else
    must(error == ICWS_OK || error == ICWS_ERR_QUEUE_FULL ||
         (error == ICWS_ERR_NOMEM && model->memory.failed));
  if (error != ICWS_OK)
    return;
  must(ticket == model->queued + 1);
  model->queued_lens[model->queued++] = len;
}

void session_model_tick(struct session_model *model)
{
  check_reported(model, icws_session_tick(model->session, model->now));
  must(icws_session_deadline(model->session) > model->now.mono_ns);
}

void session_model_sign(struct session_model *model, size_t signature_len)
{
  uint8_t signature[1024] = {1};
  bool alive = icws_session_state(model->session) != ICWS_SESSION_CLOSED;
  enum icws_error error =
      icws_session_signed(model->session, icws_bytes_of(signature, signature_len));

  if (alive && !model->signing)
    must(error == ICWS_ERR_INVALID_STATE);
  else if (alive && (signature_len == 0 || signature_len > 512))
    must(error == ICWS_ERR_INVALID_ARGUMENT);
  else
    check_reported(model, error);
  if (error != ICWS_ERR_INVALID_ARGUMENT)
    model->signing = false;
}

void session_model_refuse_to_sign(struct session_model *model)
{
  struct icws_failure reason;
  bool alive = icws_session_state(model->session) != ICWS_SESSION_CLOSED;

  icws_fail(&reason, ICWS_ERR_KEY, "the key is gone");
  icws_session_sign_failed(model->session, &reason);
  if (alive)
    must((icws_session_failure(model->session)->code == ICWS_ERR_KEY) == model->signing);
  model->signing = false;
}

void session_model_close(struct session_model *model)
{
  icws_session_close(model->session);
  must(icws_session_state(model->session) == ICWS_SESSION_CLOSED);
}

void session_model_disconnect(struct session_model *model)
{
  struct icws_failure reason;

  icws_fail(&reason, ICWS_ERR_DISCONNECTED, "the connection broke");
  icws_session_disconnected(model->session, &reason);
  must(icws_session_state(model->session) == ICWS_SESSION_CLOSED);
  model->close_done = true;
}

/* --- After every step -------------------------------------------------------------------------- */

static void check_stats(struct session_model *model)
{
  struct icws_session_stats stats = icws_session_stats(model->session);
  const struct icws_session_stats *before = &model->stats;

  must(stats.messages_received >= before->messages_received);
  must(stats.messages_sent >= before->messages_sent);
  must(stats.keep_alives_sent >= before->keep_alives_sent);
  must(stats.acks_received >= before->acks_received);
  must(stats.last_sequence_sent >= before->last_sequence_sent);
  must(stats.last_sequence_acked >= before->last_sequence_acked);
  must(stats.last_sequence_received >= before->last_sequence_received);
  must(stats.last_sequence_acked <= stats.last_sequence_sent);
  must(stats.queued_messages <= model->config.max_queued_messages);
  must(stats.queued_bytes <= model->config.max_queued_bytes);
  model->stats = stats;
}

void session_model_check(struct session_model *model)
{
  const struct icws_failure *failure = icws_session_failure(model->session);

  check_stats(model);
  if (model->failure.code != ICWS_OK)
    must(failure->code == model->failure.code && strcmp(failure->text, model->failure.text) == 0);
  else if (failure->code != ICWS_OK)
    model->failure = *failure;
  if (failure->code != ICWS_OK)
    must(icws_session_state(model->session) == ICWS_SESSION_CLOSED);
  if (model->closed) {
    must(icws_session_state(model->session) == ICWS_SESSION_CLOSED);
    must(icws_session_deadline(model->session) == ICWS_NEVER);
  }
}

/* --- Making and ending ------------------------------------------------------------------------- */

bool session_model_init(struct session_model *model, const struct icws_session_config *limits,
                        unsigned until_failure)
{
  const struct certified_frames *table = certified_frames_get();
  enum icws_error error;

  *model = (struct session_model){.table = table, .config = *limits};
  counted_memory_init(&model->memory);
  model->random = (struct icws_random){model, fill};
  model->now = (struct icws_now){.wall_ns = table->frames[0].arrives_ns, .mono_ns = 1};
  error = icws_verifier_new(
      &(struct icws_verifier_config){.root_key = table->root_key, .mem = &model->memory.hooks},
      &model->verifier, NULL);
  must(error == ICWS_OK);
  model->memory.until_failure = until_failure;
  model->config.canister = table->canister;
  model->config.signer = icws_identity_signer(table->client);
  model->config.verifier = model->verifier;
  model->config.random = &model->random;
  model->config.mem = &model->memory.hooks;
  error = icws_session_new(&model->config, model->now, &model->session, NULL);
  must(error == ICWS_OK || (error == ICWS_ERR_NOMEM && model->memory.failed));
  return error == ICWS_OK;
}

void session_model_wipe(struct session_model *model)
{
  icws_session_del(model->session);
  icws_verifier_del(model->verifier);
  drop_frame(model);
  must(model->memory.live == 0);
}

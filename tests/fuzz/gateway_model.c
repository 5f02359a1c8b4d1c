/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway_model.h"

#include <stdlib.h>
#include <string.h>

#include <icws/envelope.h>
#include <icws/message.h>

#define MAX_WAITING 3
#define MAX_WAITING_BYTES 4096

struct icws_identity *model_identity;
uint64_t model_clock_ns;

void must(bool condition)
{
  if (!condition)
    abort();
}

static uint64_t now_ns(void)
{
  return model_clock_ns;
}

/* --- The network ------------------------------------------------------------------------------ */

static void check_relayed(struct gateway_model *model, const struct icws_envelope *envelope,
                          struct icws_bytes bytes)
{
  const bool first = model->relayed == 0;

  must(model->relayed < model->received);
  must(icws_bytes_equal(bytes, icws_buf_bytes(&model->envelopes[model->relayed])));
  must(icws_bytes_equal(envelope->method, icws_bytes_text(first ? "ws_open" : "ws_message")));
  must(icws_principal_equal(&envelope->sender, &model->session.entry.key.principal));
  must(model->call_count < MODEL_MAX_IN_FLIGHT);
  model->relayed++;
}

static void check_close(struct gateway_model *model, const struct icws_envelope *envelope)
{
  const struct icws_signer signer = icws_identity_signer(model_identity);

  must(icws_principal_equal(&envelope->sender, &signer.sender));
  must(model->call_count == 0);
  must(model->session.state == CLIENT_CLOSED);
  model->close_called = true;
}

static void on_call(void *self, struct icws_network_request *request)
{
  struct gateway_model *model = self;
  struct icws_envelope envelope;

  must(!model->close_called);
  must(icws_envelope_decode(request->envelope, &envelope, NULL) == ICWS_OK);
  must(envelope.type == ICWS_REQUEST_CALL);
  must(icws_principal_equal(&envelope.canister, &model->session.entry.canister));
  if (icws_bytes_equal(envelope.method, icws_bytes_text("ws_close")))
    check_close(model, &envelope);
  else
    check_relayed(model, &envelope, request->envelope);
  model->calls[model->call_count++] = request;
}

static void on_query(void *self, struct icws_network_request *request)
{
  struct gateway_model *model = self;

  must(!model->poll);
  model->poll = request;
}

static struct icws_network_request *take_call(struct gateway_model *model, size_t index)
{
  struct icws_network_request *request = model->calls[index];

  model->calls[index] = model->calls[--model->call_count];
  return request;
}

static void on_cancel(void *self, struct icws_network_request *request)
{
  struct gateway_model *model = self;

  if (request == model->poll) {
    model->poll = NULL;
    return;
  }
  for (size_t i = 0; i < model->call_count; i++)
    if (model->calls[i] == request) {
      (void)take_call(model, i);
      return;
    }
  must(false);
}

/* --- What the session and the poller make others do ------------------------------------------- */

static void on_deliver(void *user_data, const struct icws_client_key *client,
                       const struct icws_certified *message)
{
  struct gateway_model *model = user_data;
  struct icws_buf frame;

  if (!model->entered || !icws_client_key_equal(client, &model->session.entry.key))
    return;
  icws_buf_init(&frame, 0, NULL);
  icws_certified_put(&frame, message);
  client_session_deliver(&model->session, &frame);
}

static void ignore(void *user_data)
{
  (void)user_data;
}

static enum icws_error on_enter(void *user_data)
{
  static const struct poller_hooks hooks = {
      .deliver = on_deliver, .stopped = ignore, .restarted = ignore, .rescheduled = ignore};
  struct gateway_model *model = user_data;

  must(!model->entered && model->relayed == 0);
  model->entered = true;
  model->had_poller = true;
  poller_init(&model->poller, &model->context, &model->session.entry.canister, &hooks, model);
  poller_tick(&model->poller);
  return ICWS_OK;
}

static void on_leave(void *user_data)
{
  struct gateway_model *model = user_data;

  must(model->entered);
  model->entered = false;
  poller_stop(&model->poller);
}

static enum icws_error on_send(void *user_data, struct icws_buf *frame)
{
  struct gateway_model *model = user_data;

  must(model->entered && model->closed == 0);
  icws_buf_wipe(frame);
  return model->send_result;
}

static void on_pause(void *user_data, bool paused)
{
  struct gateway_model *model = user_data;

  (void)paused;
  must(model->closed == 0);
}

static void on_close(void *user_data, enum close_code code, const char *reason)
{
  struct gateway_model *model = user_data;

  must(code >= 1001 && code <= 1013 && strlen(reason) <= 123);
  model->closed++;
  must(model->closed == 1);
}

static void on_missing(void *user_data)
{
  struct gateway_model *model = user_data;

  must(model->entered);
  poller_look_back(&model->poller);
}

static void on_throttle(void *user_data, uint64_t until_ns)
{
  (void)user_data;
  must(until_ns > model_clock_ns);
}

static void on_settled(void *user_data)
{
  struct gateway_model *model = user_data;

  must(model->call_count == 0 && !model->entered);
  model->settled++;
}

static const struct client_hooks client_hooks = {
    .enter = on_enter,
    .leave = on_leave,
    .send = on_send,
    .pause = on_pause,
    .close = on_close,
    .missing = on_missing,
    .throttle = on_throttle,
    .settled = on_settled,
};

/* --- Steps ------------------------------------------------------------------------------------ */

void model_receive(struct gateway_model *model, struct icws_bytes frame)
{
  struct icws_buf *copy = &model->envelopes[model->received];
  struct icws_bytes envelope;

  if (model->received == MODEL_MAX_FRAMES || model->closed > 0)
    return;
  icws_buf_init(copy, 0, NULL);
  if (icws_client_frame_decode(frame, &envelope, NULL) == ICWS_OK)
    icws_buf_put(copy, envelope.data, envelope.len);
  model->received++;
  client_session_receive(&model->session, frame);
  must(model->session.waiting.count <= MAX_WAITING);
  must(model->session.waiting.bytes <= MAX_WAITING_BYTES + frame.len);
}

static void answer(struct icws_network_request *request, uint8_t how, struct icws_bytes bytes)
{
  const struct icws_network_answer answer = {
      .outcome = (enum icws_network_outcome)(how % (ICWS_NETWORK_UNKNOWN + 1)),
      .reject_code = (enum icws_reject_code)(how / 16 % 7),
      .reply = bytes,
      .text = bytes,
      .error_code = bytes,
  };

  request->answered(request, &answer);
}

void model_answer_call(struct gateway_model *model, size_t index, uint8_t how,
                       struct icws_bytes bytes)
{
  if (model->call_count > 0)
    answer(take_call(model, index % model->call_count), how, bytes);
}

void model_answer_poll(struct gateway_model *model, uint8_t how, struct icws_bytes bytes)
{
  struct icws_network_request *poll = model->poll;

  if (!poll)
    return;
  model->poll = NULL;
  answer(poll, how, bytes);
}

void model_gone(struct gateway_model *model)
{
  if (model->session.connected)
    client_session_gone(&model->session);
}

/* --- Runs ------------------------------------------------------------------------------------- */

void model_begin(struct gateway_model *model)
{
  memset(model, 0, sizeof *model);
  model_clock_ns = UINT64_C(1700000000000000000);
  model->network =
      (struct icws_network){.self = model, .query = on_query, .call = on_call, .cancel = on_cancel};
  gateway_context_init(&model->context, &(struct icws_gateway_config){
                                            .identity = model_identity,
                                            .network = &model->network,
                                            .max_waiting_messages = MAX_WAITING,
                                            .max_waiting_bytes = MAX_WAITING_BYTES,
                                            .max_in_flight = MODEL_MAX_IN_FLIGHT,
                                            .messages_per_second = 5,
                                            .message_burst = 10,
                                            .wall_ns = now_ns,
                                            .monotonic_ns = now_ns,
                                        });
  client_session_init(&model->session, &model->context, "192.0.2.1", &client_hooks, model);
}

void model_end(struct gateway_model *model)
{
  if (model->settled == 0)
    model_gone(model);
  while (model->call_count > 0)
    answer(take_call(model, 0), ICWS_NETWORK_UNKNOWN, (struct icws_bytes){0});
  must(model->settled == 1);
  must(!model->poll);
  client_session_wipe(&model->session);
  if (model->had_poller)
    poller_wipe(&model->poller);
  for (size_t i = 0; i < model->received; i++)
    icws_buf_wipe(&model->envelopes[i]);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What a session sends. */
#include "session_model.h"

#include <stdlib.h>
#include <string.h>

static void must(bool condition)
{
  if (!condition)
    abort();
}

static void check_message(struct session_model *model, struct icws_bytes arg)
{
  struct icws_client_key self = icws_session_client_key(model->session);
  struct icws_websocket_message message;

  must(model->opened);
  must(icws_message_args_decode(arg, &message, NULL) == ICWS_OK);
  must(icws_client_key_equal(&message.client_key, &self));
  must(message.sequence_num == model->last_sent + 1);
  if (message.is_service_message) {
    struct icws_service_message service;
    must(icws_service_message_decode(message.content, &service, NULL) == ICWS_OK);
    must(service.type == ICWS_SERVICE_KEEP_ALIVE);
    return;
  }
  must(message.content.len == model->queued_lens[model->handed_over]);
  for (size_t i = 0; i < message.content.len; i++)
    must(message.content.data[i] == (uint8_t)(model->handed_over + 1));
}

static void check_open(struct session_model *model, struct icws_bytes arg)
{
  struct icws_principal gateway = icws_session_gateway(model->session);
  struct icws_open_args args;

  must(icws_open_args_decode(arg, &args, NULL) == ICWS_OK);
  must(args.client_nonce == model->table->client_nonce);
  must(icws_principal_equal(&args.gateway, &gateway));
}

/* Returns whether the frame is the ws_open. */
static bool check_frame(struct session_model *model, struct icws_bytes frame)
{
  struct icws_principal sender = icws_identity_signer(model->table->client).sender;
  struct icws_envelope envelope;
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  struct icws_bytes encoding;

  must(icws_client_frame_decode(frame, &encoding, NULL) == ICWS_OK);
  must(icws_envelope_decode(encoding, &envelope, NULL) == ICWS_OK);
  icws_request_to_sign(envelope.request_id, to_sign);
  must(memcmp(to_sign, model->to_sign, sizeof to_sign) == 0);
  must(envelope.type == ICWS_REQUEST_CALL);
  must(icws_principal_equal(&envelope.sender, &sender));
  must(icws_principal_equal(&envelope.canister, &model->table->canister));
  if (icws_bytes_equal(envelope.method, icws_bytes_text("ws_open"))) {
    must(!model->open_sent);
    check_open(model, envelope.arg);
    return true;
  }
  must(icws_bytes_equal(envelope.method, icws_bytes_text("ws_message")));
  check_message(model, envelope.arg);
  return false;
}

static void check_close(const struct session_model *model, const struct icws_output *output)
{
  enum icws_error code = icws_session_failure(model->session)->code;

  must(icws_session_state(model->session) == ICWS_SESSION_CLOSED && !model->close_done);
  if (code == ICWS_OK)
    must(output->close_code == ICWS_CLOSE_CODE_DONE);
  else if (code == ICWS_ERR_CLOSED_BY_CANISTER)
    must(output->close_code == ICWS_CLOSE_CODE_APPLICATION);
  else
    must(output->close_code == ICWS_CLOSE_CODE_ERROR);
  must(strlen(output->close_reason) < ICWS_CLOSE_REASON_BYTES);
}

bool session_model_output(struct session_model *model, bool done)
{
  uint64_t messages_before = icws_session_stats(model->session).messages_sent;
  struct icws_output output;
  bool is_open = false;

  if (!icws_session_next_output(model->session, &output))
    return false;
  must(!model->close_done);
  if (output.type == ICWS_OUTPUT_FRAME)
    is_open = check_frame(model, output.frame);
  else
    check_close(model, &output);
  if (!done)
    return true;
  icws_session_output_done(model->session, model->now);
  if (output.type == ICWS_OUTPUT_CLOSE)
    model->close_done = true;
  else if (is_open)
    model->open_sent = true;
  else
    model->last_sent++;
  model->handed_over += icws_session_stats(model->session).messages_sent - messages_before;
  return true;
}

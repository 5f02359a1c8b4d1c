/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A client of the gateway and its canister, both of which may send anything.  An input is a script:
 * frames of the client, answers of the network, time that passes (enum step).  What must hold
 * whatever happens:
 *  - what is relayed are the client's frames, byte for byte and in order: ws_open, then ws_message of
 *    the same sender to the same canister, so many at a time as the configuration says;
 *  - ws_close goes out once at most, with nothing else under way, and nothing goes out after it;
 *  - memory for what waits is bounded;
 *  - once the client is gone and all is answered, the session is settled, once.
 * The rest of a script that begins with STEP_FORWARDED is a header X-Forwarded-For: whatever stands
 * left of the client's address does not change it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <icws/envelope.h>
#include <icws/message.h>

#include "gateway/forwarded.h"
#include "gateway_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One byte each; what follows it in the script. */
enum step {
  STEP_FRAME,     /* length (2 bytes), a frame of the client */
  STEP_OPEN,      /* nonce: the frame of a proper ws_open */
  STEP_MESSAGE,   /* length (2 bytes), a proper ws_message with that content */
  STEP_ANSWER,    /* which call, how it ends, length (2 bytes), reply or text */
  STEP_POLL,      /* how it ends, length (2 bytes), reply or text */
  STEP_DELIVER,   /* count, first nonce: messages for the client */
  STEP_TIME,      /* 2 bytes: tenths of a second */
  STEP_ROOM,      /* what happens to frames for the client from now on */
  STEP_DISMISS,   /* the gateway stops */
  STEP_GONE,      /* the client leaves */
  STEP_FORWARDED, /* only as the first one */
  STEPS,
};

struct script {
  const uint8_t *data;
  size_t len;
};

/* --- Reading a script ------------------------------------------------------------------------- */

static uint8_t take_u8(struct script *script)
{
  if (script->len == 0)
    return 0;
  script->len--;
  return *script->data++;
}

static size_t take_u16(struct script *script)
{
  const size_t high = take_u8(script);

  return high << 8 | take_u8(script);
}

static struct icws_bytes take_bytes(struct script *script)
{
  size_t len = take_u16(script);
  struct icws_bytes bytes;

  if (len > script->len)
    len = script->len;
  bytes = icws_bytes_of(script->data, len);
  script->data += len;
  script->len -= len;
  return bytes;
}

/* --- Steps ------------------------------------------------------------------------------------ */

/* The signature is of no interest to a gateway. */
static void receive_call(struct gateway_model *model, const char *method,
                         const struct icws_buf *arg)
{
  static const uint8_t signature[ICWS_SIGNATURE_BYTES];
  const struct icws_signer signer = icws_identity_signer(model_identity);
  const struct icws_call call = {
      .canister = icws_principal_anonymous(),
      .sender = signer.sender,
      .method = icws_bytes_text(method),
      .arg = icws_buf_bytes(arg),
      .ingress_expiry = model_clock_ns + UINT64_C(240000000000),
  };
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  icws_client_frame_put(&frame);
  icws_envelope_put(&frame, &call, signer.public_key, icws_bytes_of(signature, sizeof signature));
  must(icws_buf_error(&frame) == ICWS_OK);
  model_receive(model, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

static void receive_open(struct gateway_model *model, uint64_t nonce)
{
  const struct icws_open_args args = {.client_nonce = nonce,
                                      .gateway = icws_identity_signer(model_identity).sender};
  struct icws_buf arg;

  icws_buf_init(&arg, 0, NULL);
  icws_open_args_put(&arg, &args);
  receive_call(model, "ws_open", &arg);
  icws_buf_wipe(&arg);
}

static void receive_message(struct gateway_model *model, struct icws_bytes content)
{
  const struct icws_websocket_message message = {.content = content};
  struct icws_buf arg;

  icws_buf_init(&arg, 0, NULL);
  icws_message_args_put(&arg, &message);
  receive_call(model, "ws_message", &arg);
  icws_buf_wipe(&arg);
}

static void answer_call(struct gateway_model *model, struct script *script)
{
  const size_t index = take_u8(script);
  const uint8_t how = take_u8(script);
  const struct icws_bytes bytes = take_bytes(script);

  model_answer_call(model, index, how, bytes);
}

static void deliver(struct gateway_model *model, size_t count, uint64_t nonce)
{
  const struct icws_principal gateway = icws_identity_signer(model_identity).sender;
  struct icws_output_message messages[4];
  char keys[4][ICWS_MESSAGE_KEY_BYTES];
  const struct icws_get_messages_result result = {
      .ok = true, .messages = messages, .message_count = count, .is_end_of_queue = true};
  struct icws_buf reply;

  for (size_t i = 0; i < count; i++) {
    icws_message_key_format(&gateway, nonce + i, keys[i]);
    messages[i] = (struct icws_output_message){.client_key = model->session.entry.key,
                                               .key = icws_bytes_text(keys[i])};
  }
  icws_buf_init(&reply, 0, NULL);
  icws_get_messages_result_put(&reply, &result);
  must(icws_buf_error(&reply) == ICWS_OK);
  model_answer_poll(model, ICWS_NETWORK_REPLIED, icws_buf_bytes(&reply));
  icws_buf_wipe(&reply);
}

static void pass_time(struct gateway_model *model, uint64_t tenths)
{
  model_clock_ns += tenths * UINT64_C(100000000);
  if (model->session.throttled)
    client_session_resume(&model->session);
  client_session_tick(&model->session);
  if (model->entered)
    poller_tick(&model->poller);
}

static void make_step(struct gateway_model *model, struct script *script)
{
  static const enum icws_error send_results[] = {ICWS_OK, ICWS_ERR_QUEUE_FULL, ICWS_ERR_NOMEM};
  size_t count;

  switch ((enum step)(take_u8(script) % STEPS)) {
  case STEP_FRAME:
    model_receive(model, take_bytes(script));
    break;
  case STEP_OPEN:
    receive_open(model, take_u8(script));
    break;
  case STEP_MESSAGE:
    receive_message(model, take_bytes(script));
    break;
  case STEP_ANSWER:
    answer_call(model, script);
    break;
  case STEP_POLL:
    count = take_u8(script);
    model_answer_poll(model, (uint8_t)count, take_bytes(script));
    break;
  case STEP_DELIVER:
    count = take_u8(script) % 5;
    deliver(model, count, take_u8(script));
    break;
  case STEP_TIME:
    pass_time(model, take_u16(script));
    break;
  case STEP_ROOM:
    model->send_result = send_results[take_u8(script) % 3];
    break;
  case STEP_DISMISS:
    client_session_dismiss(&model->session, CLOSE_GOING_AWAY, "the gateway is going away");
    break;
  case STEP_GONE:
    model_gone(model);
    break;
  case STEP_FORWARDED:
  case STEPS:
    break;
  }
}

/* --- The header X-Forwarded-For ---------------------------------------------------------------- */

static void check_forwarded(struct icws_bytes list)
{
  struct address_network network;
  const struct proxies trusted = {.networks = &network, .count = 1};
  struct address peer;
  struct address client;
  struct address with_spoof;
  struct icws_buf spoofed;

  must(address_network_parse("10.0.0.0/8", &network));
  must(address_parse(icws_bytes_text("10.0.0.1"), &peer));
  client = forwarded_client(&trusted, &peer, list);
  icws_buf_init(&spoofed, 0, NULL);
  icws_buf_put_text(&spoofed, "198.51.100.66,");
  icws_buf_put(&spoofed, list.data, list.len);
  with_spoof = forwarded_client(&trusted, &peer, icws_buf_bytes(&spoofed));
  icws_buf_wipe(&spoofed);
  if (!address_is_in(&client, &network))
    must(address_equal(&client, &with_spoof));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const uint8_t seed[ICWS_ED25519_SEED_BYTES] = {1};
  static struct gateway_model model;
  struct script script = {.data = data, .len = size};

  if (!model_identity)
    must(icws_identity_from_seed(seed, &model_identity) == ICWS_OK);
  if (size > 0 && data[0] == STEP_FORWARDED) {
    check_forwarded(icws_bytes_of(data + 1, size - 1));
    return 0;
  }
  model_begin(&model);
  while (script.len > 0 && model.settled == 0)
    make_step(&model, &script);
  model_end(&model);
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "scripted_canister.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t wall_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void scripted_canister_init(struct scripted_canister *canister)
{
  static const uint8_t id[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1};
  memset(canister, 0, sizeof *canister);
  memcpy(canister->id.bytes, id, sizeof id);
  canister->id.len = sizeof id;
  maker_key_init(&canister->root, "scripted canister");
  icws_principal_self_authenticating(&canister->gateway, icws_bytes_text("scripted gateway"));
}

/* --- Sending ---------------------------------------------------------------------------------- */

static bool send_message(struct scripted_canister *canister, struct scripted_connection *connection,
                         struct icws_bytes message)
{
  size_t fragment = canister->fragment == 0 ? message.len : canister->fragment;
  if (canister->ping && message.len > 1)
    return scripted_send_frame(connection, SCRIPTED_BINARY, false, message.data, 1) &&
           scripted_send_frame(connection, SCRIPTED_PING, true, "?", 1) &&
           scripted_send_fragments(connection, SCRIPTED_CONTINUATION, message.data + 1,
                                   message.len - 1, fragment);
  return scripted_send_fragments(connection, SCRIPTED_BINARY, message.data, message.len, fragment);
}

/* The tree of one message, and the certificate of its root hash. */
static void put_proof(const struct scripted_canister *canister, struct icws_bytes key,
                      struct icws_bytes content, struct icws_buf *cert, struct icws_buf *tree)
{
  uint8_t hash[ICWS_SHA256_BYTES];
  uint8_t node[ICWS_SHA256_BYTES];
  struct icws_buf state;
  icws_sha256(&content, 1, hash);
  maker_put_label(tree, icws_bytes_text("websocket"));
  maker_put_label(tree, key);
  maker_put_leaf(tree, icws_bytes_of(hash, sizeof hash));
  icws_treehash_leaf(icws_sha256, icws_bytes_of(hash, sizeof hash), node);
  icws_treehash_labeled(icws_sha256, key, node, hash);
  icws_treehash_labeled(icws_sha256, icws_bytes_text("websocket"), hash, node);
  icws_buf_init(&state, 0, NULL);
  maker_put_state(&state, &canister->id, icws_bytes_of(node, sizeof node), wall_ns());
  maker_put_certificate(cert, icws_buf_bytes(&state), &canister->root, NULL,
                        icws_bytes_of(NULL, 0));
  icws_buf_wipe(&state);
}

static bool send_certified(struct scripted_canister *canister,
                           struct scripted_connection *connection, bool is_service,
                           struct icws_bytes payload)
{
  const struct icws_websocket_message message = {
      .client_key = canister->client,
      .sequence_num = ++canister->sequence_num,
      .timestamp = wall_ns(),
      .is_service_message = is_service,
      .content = payload,
  };
  char key[ICWS_MESSAGE_KEY_BYTES];
  struct icws_buf content, cert, tree, frame;
  struct icws_certified certified;
  bool sent;
  icws_buf_init(&content, 0, NULL);
  icws_buf_init(&cert, 0, NULL);
  icws_buf_init(&tree, 0, NULL);
  icws_buf_init(&frame, 0, NULL);
  icws_websocket_message_put(&content, &message);
  icws_message_key_format(&canister->gateway, canister->nonce++, key);
  put_proof(canister, icws_bytes_text(key), icws_buf_bytes(&content), &cert, &tree);
  certified.key = icws_bytes_text(key);
  certified.content = icws_buf_bytes(&content);
  certified.cert = icws_buf_bytes(&cert);
  certified.tree = icws_buf_bytes(&tree);
  icws_certified_put(&frame, &certified);
  sent = icws_buf_error(&frame) == ICWS_OK &&
         send_message(canister, connection, icws_buf_bytes(&frame));
  icws_buf_wipe(&content);
  icws_buf_wipe(&cert);
  icws_buf_wipe(&tree);
  icws_buf_wipe(&frame);
  return sent;
}

/* --- Receiving -------------------------------------------------------------------------------- */

static bool decode_call(struct scripted_canister *canister, const struct scripted_frame *frame,
                        const char *method, struct icws_envelope *envelope)
{
  struct icws_bytes encoding;
  bool good = frame->opcode == SCRIPTED_BINARY && frame->fin && frame->masked &&
              icws_client_frame_decode(icws_bytes_of(frame->payload, frame->len), &encoding,
                                       NULL) == ICWS_OK &&
              icws_envelope_decode(encoding, envelope, NULL) == ICWS_OK &&
              icws_envelope_verify(envelope, wall_ns(), NULL, NULL) == ICWS_OK &&
              icws_bytes_equal(envelope->method, icws_bytes_text(method)) &&
              icws_principal_equal(&envelope->canister, &canister->id);
  if (!good)
    canister->faults++;
  return good;
}

/* Reads up to the next call, which the caller frees; false once the client has closed. */
static bool read_call(struct scripted_canister *canister, struct scripted_connection *connection,
                      struct scripted_frame *frame)
{
  while (scripted_read_frame(connection, frame)) {
    if (frame->opcode != SCRIPTED_PONG && frame->opcode != SCRIPTED_CLOSE)
      return true;
    if (frame->opcode == SCRIPTED_CLOSE) {
      canister->close_code =
          frame->len < 2 ? 1005 : (unsigned)frame->payload[0] << 8 | frame->payload[1];
      scripted_send_frame(connection, SCRIPTED_CLOSE, true, frame->payload, frame->len);
      free(frame->payload);
      return false;
    }
    canister->pongs++;
    free(frame->payload);
  }
  return false;
}

static bool take_open(struct scripted_canister *canister, struct scripted_connection *connection)
{
  struct scripted_frame frame;
  struct icws_envelope envelope;
  struct icws_open_args args;
  bool good;
  if (!read_call(canister, connection, &frame))
    return false;
  good = decode_call(canister, &frame, "ws_open", &envelope) &&
         icws_open_args_decode(envelope.arg, &args, NULL) == ICWS_OK &&
         icws_principal_equal(&args.gateway, &canister->gateway);
  if (good) {
    canister->client.principal = envelope.sender;
    canister->client.nonce = args.client_nonce;
    canister->opens++;
  }
  free(frame.payload);
  return good;
}

bool scripted_canister_open(struct scripted_canister *canister,
                            struct scripted_connection *connection)
{
  struct icws_service_message open = {.type = ICWS_SERVICE_OPEN};
  struct icws_buf buf;
  bool good;
  icws_buf_init(&buf, 0, NULL);
  icws_handshake_put(&buf, &canister->gateway);
  good =
      send_message(canister, connection, icws_buf_bytes(&buf)) && take_open(canister, connection);
  icws_buf_clear(&buf);
  open.client_key = canister->client;
  icws_service_message_put(&buf, &open);
  good = good && send_certified(canister, connection, true, icws_buf_bytes(&buf));
  icws_buf_wipe(&buf);
  return good;
}

static bool echo(struct scripted_canister *canister, struct scripted_connection *connection,
                 const struct scripted_frame *frame)
{
  struct icws_envelope envelope;
  struct icws_websocket_message message;
  if (!decode_call(canister, frame, "ws_message", &envelope))
    return false;
  if (icws_message_args_decode(envelope.arg, &message, NULL) != ICWS_OK ||
      message.sequence_num != canister->messages + 1 || message.is_service_message) {
    canister->faults++;
    return false;
  }
  canister->messages++;
  return send_certified(canister, connection, false, message.content);
}

bool scripted_canister_answer(struct scripted_canister *canister,
                              struct scripted_connection *connection)
{
  struct scripted_frame frame;
  bool more;
  if (!read_call(canister, connection, &frame))
    return false;
  more = echo(canister, connection, &frame);
  free(frame.payload);
  return more;
}

void scripted_canister_serve(struct scripted_connection *connection, void *user_data)
{
  struct scripted_canister *canister = user_data;
  bool more = scripted_accept(connection) && scripted_canister_open(canister, connection);
  while (more)
    more = scripted_canister_answer(canister, connection);
}

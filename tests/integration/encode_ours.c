/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Prints what libicws, and the local network beside it, encode: one JSON object a line, as
 * tests/interop/decode-ours.mjs reads them.  All values are fixed; encode_ours.expected says what the
 * official packages must find in each line.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <icws/icws.h>

#include "devnet/canisters/app_message.h"
#include "devnet/certifier.h"

#define NOW_NS UINT64_C(1700000000000000000)

/* The client, gateway and canister of tests/vectors. */
static const uint8_t client_seed[ICWS_ED25519_SEED_BYTES] = {
    0x9d, 0x2a, 0x15, 0xc7, 0xfa, 0xb7, 0xa8, 0x37, 0xf5, 0xd4, 0xc7, 0xec, 0xbc, 0xc8, 0x52, 0x54,
    0x19, 0xbb, 0x9b, 0xd6, 0xdc, 0xbe, 0x86, 0x5d, 0x70, 0x2a, 0x5d, 0xc7, 0x96, 0x30, 0x97, 0x83};
static const uint8_t call_nonce[] = {0xbd, 0xc2, 0xe8, 0xfd, 0x50, 0x39, 0x21, 0xd8,
                                     0x2d, 0xf5, 0xd8, 0xd8, 0xa4, 0xcf, 0x25, 0xaf};
static struct icws_identity *client;
static struct icws_client_key client_key = {.nonce = UINT64_C(10601660951005674595)};
static struct icws_principal gateway;
static struct icws_principal canister;

static struct icws_buf out; /* of the line that is being made */

static void must(bool condition, const char *what)
{
  if (condition)
    return;
  fprintf(stderr, "encode_ours: %s\n", what);
  exit(1);
}

static struct icws_principal principal(const char *text)
{
  struct icws_principal principal;

  must(icws_principal_from_text(&principal, icws_bytes_text(text)) == ICWS_OK, text);
  return principal;
}

static void print_hex(const char *name, struct icws_bytes bytes)
{
  printf("\"%s\":\"", name);
  for (size_t i = 0; i < bytes.len; i++)
    printf("%02x", (unsigned)bytes.data[i]);
  printf("\"");
}

static void begin(const char *kind)
{
  must(icws_buf_error(&out) == ICWS_OK, kind);
  printf("{\"kind\":\"%s\",", kind);
  print_hex("hex", icws_buf_bytes(&out));
  icws_buf_clear(&out);
}

static void print(const char *kind)
{
  begin(kind);
  printf("}\n");
}

/* --- What the canister's methods take and return ----------------------------------------------- */

static struct icws_websocket_message message(uint64_t sequence_num, const char *content)
{
  return (struct icws_websocket_message){
      .client_key = client_key,
      .sequence_num = sequence_num,
      .timestamp = NOW_NS,
      .content = icws_bytes_text(content),
  };
}

static void print_message_args(void)
{
  struct icws_websocket_message application = message(1, "hello");
  struct icws_websocket_message service = message(UINT64_MAX, "");

  service.is_service_message = true;
  icws_message_args_put(&out, &application);
  print("ws_message_args");
  icws_message_args_put(&out, &service);
  print("ws_message_args");
}

static void print_args(void)
{
  icws_open_args_put(&out,
                     &(struct icws_open_args){.client_nonce = UINT64_MAX, .gateway = gateway});
  print("ws_open_args");
  icws_close_args_put(&out, &client_key);
  print("ws_close_args");
  icws_get_messages_args_put(&out, 0);
  print("ws_get_messages_args");
  icws_get_messages_args_put(&out, UINT64_C(4294967296));
  print("ws_get_messages_args");
}

static void print_results(void)
{
  struct icws_output_message messages[] = {
      {client_key, icws_bytes_text("first"), icws_bytes_text("\x01\x02")},
      {{canister, 0}, icws_bytes_text("second"), icws_bytes_text("")},
  };
  struct icws_get_messages_result full = {
      .ok = true,
      .messages = messages,
      .message_count = 2,
      .cert = icws_bytes_text("\x0a\x0b"),
      .tree = icws_bytes_text("\x0c"),
  };
  struct icws_get_messages_result empty = {.ok = true, .is_end_of_queue = true};
  struct icws_get_messages_result refused = {.text = icws_bytes_text("no")};

  icws_get_messages_result_put(&out, &full);
  print("ws_get_messages_result");
  icws_get_messages_result_put(&out, &empty);
  print("ws_get_messages_result");
  icws_get_messages_result_put(&out, &refused);
  print("ws_get_messages_result");
  icws_result_put(&out, &(struct icws_result){.ok = true});
  print("result");
  icws_result_put(&out, &(struct icws_result){.text = icws_bytes_text("gr\xc3\xbc\xc3\x9f")});
  print("result");
}

static void print_service_messages(void)
{
  struct icws_service_message messages[] = {
      {.type = ICWS_SERVICE_OPEN, .client_key = client_key},
      {.type = ICWS_SERVICE_ACK, .last_incoming_sequence_num = 0},
      {.type = ICWS_SERVICE_KEEP_ALIVE, .last_incoming_sequence_num = UINT64_MAX},
      {.type = ICWS_SERVICE_CLOSE, .reason = ICWS_CLOSE_WRONG_SEQUENCE_NUMBER},
      {.type = ICWS_SERVICE_CLOSE, .reason = ICWS_CLOSE_INVALID_SERVICE_MESSAGE},
      {.type = ICWS_SERVICE_CLOSE, .reason = ICWS_CLOSE_KEEP_ALIVE_TIMEOUT},
      {.type = ICWS_SERVICE_CLOSE, .reason = ICWS_CLOSE_BY_APPLICATION},
  };

  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
    icws_service_message_put(&out, &messages[i]);
    print("service_message");
  }
  icws_app_message_put(&out, icws_bytes_text("ping"), NOW_NS);
  print("app_message");
}

/* --- Frames ------------------------------------------------------------------------------------ */

static void print_frames_of_the_gateway(void)
{
  struct icws_websocket_message content = message(24, "hi");
  struct icws_certified certified = {
      .key = icws_bytes_text("key"),
      .content = icws_bytes_text("content"),
      .cert = icws_bytes_text(""),
      .tree = icws_bytes_text("\x83"),
  };

  icws_handshake_put(&out, &gateway);
  print("handshake");
  icws_certified_put(&out, &certified);
  print("relayed");
  icws_websocket_message_put(&out, &content);
  print("content");
}

/* The call of the first case in tests/vectors/envelopes.json, whose request id is known. */
static void print_envelope(void)
{
  struct icws_signer signer = icws_identity_signer(client);
  struct icws_open_args args = {.client_nonce = client_key.nonce, .gateway = gateway};
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];
  uint8_t signature[ICWS_SIGNATURE_BYTES];
  struct icws_call call = {
      .canister = canister,
      .sender = signer.sender,
      .method = icws_bytes_text("ws_open"),
      .nonce = icws_bytes_of(call_nonce, sizeof call_nonce),
      .ingress_expiry = NOW_NS + ICWS_INGRESS_EXPIRY_AHEAD_NS,
  };
  struct icws_buf arg;

  icws_buf_init(&arg, 0, NULL);
  icws_open_args_put(&arg, &args);
  call.arg = icws_buf_bytes(&arg);
  icws_call_request_id(&call, id);
  icws_request_to_sign(id, to_sign);
  icws_identity_sign(client, icws_bytes_of(to_sign, sizeof to_sign), signature);
  icws_client_frame_put(&out);
  icws_envelope_put(&out, &call, signer.public_key, icws_bytes_of(signature, sizeof signature));
  begin("envelope_frame");
  printf(",\"now_ns\":\"%llu\"}\n", (unsigned long long)NOW_NS);
  icws_buf_wipe(&arg);
}

/* --- Principals and certificates --------------------------------------------------------------- */

static void print_principal(const struct icws_principal *principal)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];

  icws_principal_to_text(principal, text);
  icws_buf_put(&out, principal->bytes, principal->len);
  begin("principal");
  printf(",\"text\":\"%s\"}\n", text);
}

static void print_principals(void)
{
  struct icws_principal anonymous = icws_principal_anonymous();
  struct icws_principal management = principal("aaaaa-aa");

  print_principal(&management);
  print_principal(&anonymous);
  print_principal(&canister);
  print_principal(&client_key.principal);
}

static void print_certificate(void)
{
  const uint8_t seed[ICWS_BLS_SEED_BYTES] = {1};
  const struct icws_canister_range range = {canister, canister};
  const struct icws_bytes labels[] = {icws_bytes_text("canister"),
                                      icws_bytes_of(canister.bytes, canister.len),
                                      icws_bytes_text("certified_data")};
  const struct icws_bytes time = icws_bytes_text("time");
  const struct icws_state_path paths[] = {{labels, 3}, {&time, 1}};
  uint8_t signature[ICWS_BLS_SIGNATURE_BYTES];
  struct icws_state_tree *tree = icws_state_tree_new();
  struct icws_certifier *certifier = NULL;

  must(tree != NULL && icws_certifier_new(seed, &range, NOW_NS, &certifier) == ICWS_OK, "memory");
  icws_state_tree_put(tree, paths[0], icws_bytes_text("certified"));
  icws_state_tree_put_nat(tree, paths[1], NOW_NS);
  must(icws_state_tree_seal(tree) == ICWS_OK, "the state tree");
  icws_certifier_sign(certifier, tree, signature);
  icws_certifier_put(certifier, tree, signature, paths, 2, ICWS_RANGES_FLAT, &out);
  begin("certificate");
  printf(",\"canister_id\":\"54yea-6qaaa-aaaaa-qaabq-cai\",");
  print_hex("root_key", icws_certifier_root_key(certifier));
  printf("}\n");
  icws_certifier_del(certifier);
  icws_state_tree_del(tree);
}

int main(void)
{
  must(icws_identity_from_seed(client_seed, &client) == ICWS_OK, "the client's key");
  client_key.principal = icws_identity_signer(client).sender;
  gateway = principal("kgen2-ub25q-2yd4q-z6ufi-pi6yc-ayck5-a4x2p-3xhjp-ujbfc-6fcuh-jae");
  canister = principal("54yea-6qaaa-aaaaa-qaabq-cai");
  icws_buf_init(&out, 0, NULL);
  print_message_args();
  print_args();
  print_results();
  print_service_messages();
  print_frames_of_the_gateway();
  print_envelope();
  print_principals();
  print_certificate();
  icws_buf_wipe(&out);
  icws_identity_del(client);
  return fflush(stdout) == 0 ? 0 : 1;
}

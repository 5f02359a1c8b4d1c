/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "vectors.h"

static void assert_decodes(struct icws_bytes encoding, struct icws_envelope *envelope,
                           const char *name)
{
  struct icws_failure failure;
  if (icws_envelope_decode(encoding, envelope, &failure) != ICWS_OK)
    fail_msg("%s: %s", name, failure.text);
}

static void assert_hex_field(struct icws_bytes field, const json_t *vector, const char *key)
{
  struct vectors_blob expected =
      vectors_hex(json_object_get(vector, key) ? vectors_text(vector, key) : "");
  assert_true(icws_bytes_equal(field, vectors_bytes(&expected)));
  free(expected.data);
}

static void assert_principal(const struct icws_principal *principal, const char *expected)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(principal, text);
  assert_string_equal(text, expected);
}

static void assert_type(const struct icws_envelope *envelope, const char *type)
{
  static const char *const names[] = {"call", "query", "read_state"};
  assert_string_equal(names[envelope->type], type);
}

static void assert_own_fields(const struct icws_envelope *envelope, const json_t *vector)
{
  assert_type(envelope, vectors_text(vector, "request_type"));
  assert_principal(&envelope->sender, vectors_text(vector, "sender"));
  assert_int_equal(envelope->ingress_expiry, vectors_uint(vector, "ingress_expiry"));
  assert_hex_field(envelope->nonce, vector, "nonce_hex");
  assert_hex_field(envelope->public_key, vector, "pubkey_hex");
  assert_hex_field(envelope->signature, vector, "sig_hex");
  assert_int_equal(envelope->has_public_key, json_object_get(vector, "pubkey_hex") != NULL);
  assert_int_equal(envelope->has_signature, json_object_get(vector, "sig_hex") != NULL);
  assert_int_equal(envelope->delegations.len > 0, vectors_uint(vector, "delegations") > 0);
  assert_false(envelope->has_sender_info);
  assert_hex_field(icws_bytes_of(envelope->request_id, sizeof envelope->request_id), vector,
                   "request_id_hex");
  if (envelope->type == ICWS_REQUEST_READ_STATE) {
    assert_true(envelope->paths.len > 0);
    return;
  }
  assert_principal(&envelope->canister, vectors_text(vector, "canister_id"));
  assert_true(icws_bytes_equal(envelope->method, icws_bytes_text(vectors_text(vector, "method"))));
  assert_hex_field(envelope->arg, vector, "arg_hex");
}

/* Also of the invalid ones only the form is judged here. */
static void test_own_vectors(void **state)
{
  json_t *vectors = vectors_own("envelopes.json");
  size_t index;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    struct icws_envelope envelope;
    struct vectors_blob encoding = vectors_hex_at(vector, "envelope_hex");
    if (strcmp(vectors_text(vector, "expected"), "nonce_too_long") == 0) {
      assert_int_equal(icws_envelope_decode(vectors_bytes(&encoding), &envelope, NULL),
                       ICWS_ERR_ENVELOPE);
    } else {
      assert_decodes(vectors_bytes(&encoding), &envelope, vectors_text(vector, "name"));
      assert_own_fields(&envelope, vector);
    }
    free(encoding.data);
  }
  assert_true(index >= 64);
  json_decref(vectors);
}

static void test_shared_vectors(void **state)
{
  json_t *vectors = vectors_shared("envelopes.json");
  size_t index;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "envelopes"), index, vector)
  {
    struct icws_envelope envelope;
    struct vectors_blob encoding = vectors_hex_at(vector, "envelope_hex");
    assert_decodes(vectors_bytes(&encoding), &envelope, vectors_text(vector, "name"));
    assert_hex_field(icws_bytes_of(envelope.request_id, sizeof envelope.request_id), vector,
                     "request_id_hex");
    assert_hex_field(envelope.public_key, vector, "sender_pubkey_hex");
    assert_hex_field(envelope.signature, vector, "sender_sig_hex");
    free(encoding.data);
  }
  assert_int_equal(index, 18);
  json_decref(vectors);
}

static void test_frames_of_the_javascript_agent(void **state)
{
  json_t *vectors = vectors_shared("js-envelopes.json");
  size_t index;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    struct icws_envelope envelope;
    struct vectors_blob frame = vectors_hex_at(vector, "websocket_frame");
    struct icws_cbor_field field = {.name = "envelope", .type = ICWS_CBOR_MAP, .required = true};
    assert_int_equal(icws_cbor_decode_fields(vectors_bytes(&frame), "frame", &field, 1, NULL),
                     ICWS_OK);
    assert_decodes(field.value.bytes, &envelope, vectors_text(vector, "name"));
    assert_type(&envelope, "call");
    assert_principal(&envelope.sender, vectors_text(vector, "sender"));
    assert_principal(&envelope.canister, vectors_text(vector, "canister_id"));
    assert_true(
        icws_bytes_equal(envelope.method, icws_bytes_text(vectors_text(vector, "method_name"))));
    assert_hex_field(envelope.arg, vector, "arg");
    assert_hex_field(envelope.nonce, vector, "nonce");
    assert_hex_field(envelope.public_key, vector, "sender_pubkey");
    assert_hex_field(envelope.signature, vector, "sender_sig");
    assert_int_equal(envelope.ingress_expiry, vectors_uint(vector, "ingress_expiry_ns"));
    assert_hex_field(icws_bytes_of(envelope.request_id, sizeof envelope.request_id), vector,
                     "request_id");
    free(frame.data);
  }
  assert_int_equal(index, 6);
  json_decref(vectors);
}

static void test_what_is_put_is_decoded(void **state)
{
  const uint8_t nonce[ICWS_NONCE_MAX_BYTES] = {1, 2, 3};
  const uint8_t key[ICWS_ED25519_DER_BYTES] = {4};
  const uint8_t signature[ICWS_SIGNATURE_BYTES] = {5};
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  struct icws_envelope envelope;
  struct icws_buf buf;
  struct icws_call call = {
      .sender = icws_principal_anonymous(),
      .method = icws_bytes_text("method"),
      .arg = icws_bytes_text("argument"),
      .nonce = icws_bytes_of(nonce, sizeof nonce),
      .ingress_expiry = UINT64_MAX,
  };
  (void)state;
  icws_buf_init(&buf, 0, NULL);
  icws_envelope_put(&buf, &call, icws_bytes_of(key, sizeof key),
                    icws_bytes_of(signature, sizeof signature));
  assert_decodes(icws_buf_bytes(&buf), &envelope, "our own");
  icws_call_request_id(&call, id);
  assert_memory_equal(envelope.request_id, id, sizeof id);
  assert_true(icws_principal_equal(&envelope.sender, &call.sender));
  assert_true(icws_principal_equal(&envelope.canister, &call.canister));
  assert_true(icws_bytes_equal(envelope.method, call.method));
  assert_true(icws_bytes_equal(envelope.arg, call.arg));
  assert_true(icws_bytes_equal(envelope.nonce, call.nonce));
  assert_true(icws_bytes_equal(envelope.public_key, icws_bytes_of(key, sizeof key)));
  assert_true(icws_bytes_equal(envelope.signature, icws_bytes_of(signature, sizeof signature)));
  assert_int_equal(envelope.ingress_expiry, UINT64_MAX);
  icws_buf_wipe(&buf);
}

/* Envelopes as hex, {"content": {...}} with short names for the parts. */
#define TAG "d9d9f7"
#define CONTENT "67636f6e74656e74"
#define TYPE "6c726571756573745f74797065"
#define CALL TYPE "6463616c6c"
#define QUERY TYPE "657175657279"
#define READ_STATE TYPE "6a726561645f7374617465"
#define SENDER "6673656e646572"
#define EXPIRY "6e696e67726573735f657870697279"
#define CANISTER "6b63616e69737465725f6964"
#define METHOD "6b6d6574686f645f6e616d65"
#define ARG "63617267"
#define PATHS "657061746873"
#define BYTES_30 "581e000000000000000000000000000000000000000000000000000000000000"
#define REST SENDER "4104" EXPIRY "01" CANISTER "4101" METHOD "616d" ARG "40"

static const struct {
  const char *reason;
  const char *hex;
  enum icws_error error;
} forms[] = {
    {"a whole call", "a1" CONTENT "a6" CALL REST, ICWS_OK},
    {"with the tag", TAG "a1" CONTENT "a6" CALL REST, ICWS_OK},
    {"a query", "a1" CONTENT "a6" QUERY REST, ICWS_OK},
    {"a read_state", "a1" CONTENT "a4" READ_STATE SENDER "4104" EXPIRY "01" PATHS "8180", ICWS_OK},
    {"an unknown key", "a2616100" CONTENT "a6" CALL REST, ICWS_OK},
    {"an unknown field", "a1" CONTENT "a7616100" CALL REST, ICWS_OK},
    {"nothing", "", ICWS_ERR_CBOR},
    {"no map", "80", ICWS_ERR_CBOR},
    {"two tags", TAG TAG "a1" CONTENT "a6" CALL REST, ICWS_ERR_CBOR},
    {"a trailing byte", "a1" CONTENT "a6" CALL REST "00", ICWS_ERR_CBOR},
    {"content twice", "a2" CONTENT "a6" CALL REST CONTENT "a6" CALL REST, ICWS_ERR_CBOR},
    {"a field twice", "a1" CONTENT "a7" CALL REST ARG "40", ICWS_ERR_CBOR},
    {"content is no map", "a1" CONTENT "80", ICWS_ERR_CBOR},
    {"a tag within", "a1" CONTENT TAG "a6" CALL REST, ICWS_ERR_CBOR},
    {"no content", "a0", ICWS_ERR_ENVELOPE},
    {"an empty content", "a1" CONTENT "a0", ICWS_ERR_ENVELOPE},
    {"no type", "a1" CONTENT "a5" REST, ICWS_ERR_ENVELOPE},
    {"an unknown type", "a1" CONTENT "a6" TYPE "6463616c6d" REST, ICWS_ERR_ENVELOPE},
    {"a type in bytes", "a1" CONTENT "a6" TYPE "4463616c6c" REST, ICWS_ERR_CBOR},
    {"no sender", "a1" CONTENT "a5" CALL EXPIRY "01" CANISTER "4101" METHOD "616d" ARG "40",
     ICWS_ERR_ENVELOPE},
    {"no expiry", "a1" CONTENT "a5" CALL SENDER "4104" CANISTER "4101" METHOD "616d" ARG "40",
     ICWS_ERR_ENVELOPE},
    {"no canister", "a1" CONTENT "a5" CALL SENDER "4104" EXPIRY "01" METHOD "616d" ARG "40",
     ICWS_ERR_ENVELOPE},
    {"no method", "a1" CONTENT "a5" CALL SENDER "4104" EXPIRY "01" CANISTER "4101" ARG "40",
     ICWS_ERR_ENVELOPE},
    {"no argument", "a1" CONTENT "a5" CALL SENDER "4104" EXPIRY "01" CANISTER "4101" METHOD "616d",
     ICWS_ERR_ENVELOPE},
    {"no paths", "a1" CONTENT "a3" READ_STATE SENDER "4104" EXPIRY "01", ICWS_ERR_ENVELOPE},
    {"a method in bytes",
     "a1" CONTENT "a6" CALL SENDER "4104" EXPIRY "01" CANISTER "4101" METHOD "416d" ARG "40",
     ICWS_ERR_CBOR},
    {"an expiry below zero",
     "a1" CONTENT "a6" CALL SENDER "4104" EXPIRY "20" CANISTER "4101" METHOD "616d" ARG "40",
     ICWS_ERR_CBOR},
    {"a sender of 30 bytes",
     "a1" CONTENT "a6" CALL SENDER BYTES_30 EXPIRY "01" CANISTER "4101" METHOD "616d" ARG "40",
     ICWS_ERR_ENVELOPE},
    {"a canister of 30 bytes",
     "a1" CONTENT "a6" CALL SENDER "4104" EXPIRY "01" CANISTER BYTES_30 METHOD "616d" ARG "40",
     ICWS_ERR_ENVELOPE},
    {"a path that is no array", "a1" CONTENT "a4" READ_STATE SENDER "4104" EXPIRY "01" PATHS "8140",
     ICWS_ERR_CBOR},
    {"a label that is no bytes",
     "a1" CONTENT "a4" READ_STATE SENDER "4104" EXPIRY "01" PATHS "81816161", ICWS_ERR_CBOR},
};

static void test_forms(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct icws_envelope envelope;
    struct icws_failure failure = {0};
    struct vectors_blob encoding = vectors_hex(forms[i].hex);
    enum icws_error error = icws_envelope_decode(vectors_bytes(&encoding), &envelope, &failure);
    if (error != forms[i].error)
      fail_msg("%s: %s (%s)", forms[i].reason, icws_error_name(error), failure.text);
    assert_int_equal(failure.code, error);
    free(encoding.data);
  }
}

static enum icws_error decode_paths(size_t paths, size_t labels)
{
  struct icws_envelope envelope;
  struct icws_buf buf;
  struct vectors_blob head =
      vectors_hex("a1" CONTENT "a4" READ_STATE SENDER "4104" EXPIRY "01" PATHS);
  icws_buf_init(&buf, 0, NULL);
  icws_buf_put(&buf, head.data, head.len);
  icws_cbor_put_array(&buf, paths);
  for (size_t i = 0; i < paths; i++) {
    icws_cbor_put_array(&buf, labels);
    for (size_t j = 0; j < labels; j++)
      icws_cbor_put_bytes(&buf, icws_bytes_text("label"));
  }
  enum icws_error error = icws_envelope_decode(icws_buf_bytes(&buf), &envelope, NULL);
  icws_buf_wipe(&buf);
  free(head.data);
  return error;
}

static void test_limits(void **state)
{
  struct icws_envelope envelope;
  (void)state;
  assert_int_equal(decode_paths(ICWS_READ_STATE_MAX_PATHS, 1), ICWS_OK);
  assert_int_equal(decode_paths(ICWS_READ_STATE_MAX_PATHS + 1, 1), ICWS_ERR_LIMIT);
  assert_int_equal(decode_paths(2, ICWS_PATH_MAX_LABELS), ICWS_OK);
  assert_int_equal(decode_paths(2, ICWS_PATH_MAX_LABELS + 1), ICWS_ERR_LIMIT);
  uint8_t *large = calloc(1, ICWS_ENVELOPE_MAX_BYTES + 1);
  assert_non_null(large);
  assert_int_equal(
      icws_envelope_decode(icws_bytes_of(large, ICWS_ENVELOPE_MAX_BYTES + 1), &envelope, NULL),
      ICWS_ERR_LIMIT);
  assert_int_equal(
      icws_envelope_decode(icws_bytes_of(large, ICWS_ENVELOPE_MAX_BYTES), &envelope, NULL),
      ICWS_ERR_CBOR);
  free(large);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own_vectors),
      cmocka_unit_test(test_shared_vectors),
      cmocka_unit_test(test_frames_of_the_javascript_agent),
      cmocka_unit_test(test_what_is_put_is_decoded),
      cmocka_unit_test(test_forms),
      cmocka_unit_test(test_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

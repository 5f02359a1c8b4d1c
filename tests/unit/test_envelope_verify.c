/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>
#include <icws/keys.h>

#include "vectors.h"

/* Of the shared vectors. */
#define SHARED_NOW UINT64_C(1700000000000000000)

static enum icws_error judge(struct icws_bytes encoding, uint64_t now_ns,
                             struct icws_failure *failure)
{
  struct icws_envelope envelope;
  enum icws_error error = icws_envelope_decode(encoding, &envelope, failure);
  if (error == ICWS_OK)
    error = icws_envelope_verify(&envelope, now_ns, icws_keys_verify_ecdsa, failure);
  return error;
}

static enum icws_error expected_error(const json_t *vector)
{
  static const struct {
    const char *expected;
    enum icws_error error;
  } errors[] = {
      {"valid", ICWS_OK},
      {"bad_signature", ICWS_ERR_SIGNATURE},
      {"sender_mismatch", ICWS_ERR_SENDER},
      {"delegation_expired", ICWS_ERR_DELEGATION},
      {"target_not_covered", ICWS_ERR_DELEGATION},
      {"bad_delegation_signature", ICWS_ERR_DELEGATION},
      {"too_many_delegations", ICWS_ERR_DELEGATION},
      {"repeated_key", ICWS_ERR_DELEGATION},
      {"anonymous_with_signature", ICWS_ERR_ENVELOPE},
      {"missing_signature", ICWS_ERR_ENVELOPE},
      {"nonce_too_long", ICWS_ERR_ENVELOPE},
      {"bad_public_key", ICWS_ERR_KEY},
      {"expired", ICWS_ERR_EXPIRY},
      {"expiry_too_far", ICWS_ERR_EXPIRY},
  };
  const char *expected = vectors_text(vector, "expected");
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    if (strcmp(errors[i].expected, expected) == 0)
      return errors[i].error;
  }
  fail_msg("no error is known for %s", expected);
  return ICWS_OK;
}

static void test_own_vectors(void **state)
{
  json_t *vectors = vectors_own("envelopes.json");
  uint64_t now_ns = vectors_uint(vectors, "now_ns");
  size_t index;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    struct icws_failure failure = {0};
    struct vectors_blob encoding = vectors_hex_at(vector, "envelope_hex");
    enum icws_error error = judge(vectors_bytes(&encoding), now_ns, &failure);
    if (error != expected_error(vector))
      fail_msg("%s: %s (%s)", vectors_text(vector, "name"), icws_error_name(error), failure.text);
    assert_int_equal(failure.code, error);
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
    struct icws_failure failure = {0};
    const char *name = vectors_text(vector, "name");
    struct vectors_blob encoding = vectors_hex_at(vector, "envelope_hex");
    /* Its delegation says that it is for queries. */
    enum icws_error expected = strcmp(name, "delegated2_call") == 0 ? ICWS_ERR_DELEGATION : ICWS_OK;
    enum icws_error error = judge(vectors_bytes(&encoding), SHARED_NOW, &failure);
    if (error != expected)
      fail_msg("%s: %s (%s)", name, icws_error_name(error), failure.text);
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
    struct icws_failure failure = {0};
    struct vectors_blob frame = vectors_hex_at(vector, "websocket_frame");
    struct icws_cbor_field field = {.name = "envelope", .type = ICWS_CBOR_MAP, .required = true};
    assert_int_equal(icws_cbor_decode_fields(vectors_bytes(&frame), "frame", &field, 1, NULL),
                     ICWS_OK);
    uint64_t now_ns = vectors_uint(vector, "ingress_expiry_ns");
    if (judge(field.value.bytes, now_ns, &failure) != ICWS_OK)
      fail_msg("%s: %s", vectors_text(vector, "name"), failure.text);
    assert_int_equal(judge(field.value.bytes, now_ns + 1, &failure), ICWS_ERR_EXPIRY);
    free(frame.data);
  }
  assert_int_equal(index, 6);
  json_decref(vectors);
}

/* From this length on each byte is changed in one of the three ways in turn: a chain of twenty
 * delegations takes twenty-one verifications each time. */
#define LONG_ENVELOPE 1000

/* Nothing vouches for an anonymous request, so only that it stays one is asserted. */
static void flip_every_byte(struct vectors_blob *encoding, uint64_t now_ns, const char *name)
{
  static const uint8_t flips[] = {0x01, 0x80, 0xff};
  struct icws_principal nobody = icws_principal_anonymous();
  struct icws_envelope original;
  assert_int_equal(icws_envelope_decode(vectors_bytes(encoding), &original, NULL), ICWS_OK);
  bool anonymous = icws_principal_equal(&original.sender, &nobody);
  size_t step = encoding->len < LONG_ENVELOPE ? 1 : 4;
  for (size_t i = 0; i < 3 * encoding->len; i += step) {
    struct icws_envelope envelope;
    struct icws_failure failure;
    encoding->data[i / 3] ^= flips[i % 3];
    if (judge(vectors_bytes(encoding), now_ns, &failure) == ICWS_OK) {
      if (!anonymous)
        fail_msg("%s: byte %zu changed by %02x, and it verifies", name, i / 3, flips[i % 3]);
      assert_int_equal(icws_envelope_decode(vectors_bytes(encoding), &envelope, NULL), ICWS_OK);
      assert_true(icws_principal_equal(&envelope.sender, &nobody));
    }
    encoding->data[i / 3] ^= flips[i % 3];
  }
}

static void test_no_byte_can_change(void **state)
{
  json_t *vectors = vectors_own("envelopes.json");
  uint64_t now_ns = vectors_uint(vectors, "now_ns");
  size_t index;
  size_t flipped = 0;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    if (strcmp(vectors_text(vector, "expected"), "valid") != 0)
      continue;
    struct vectors_blob encoding = vectors_hex_at(vector, "envelope_hex");
    flip_every_byte(&encoding, now_ns, vectors_text(vector, "name"));
    free(encoding.data);
    flipped++;
  }
  assert_int_equal(flipped, 25);
  json_decref(vectors);
}

/* The vector of our own that has |name|. */
static struct vectors_blob own_envelope(const char *name, uint64_t *now_ns)
{
  json_t *vectors = vectors_own("envelopes.json");
  struct vectors_blob encoding = {0};
  size_t index;
  const json_t *vector;
  *now_ns = vectors_uint(vectors, "now_ns");
  json_array_foreach(vectors_get(vectors, "cases"), index, vector)
  {
    if (strcmp(vectors_text(vector, "name"), name) == 0)
      encoding = vectors_hex_at(vector, "envelope_hex");
  }
  json_decref(vectors);
  assert_non_null(encoding.data);
  return encoding;
}

static void test_without_a_verifier_of_ecdsa(void **state)
{
  struct icws_envelope envelope;
  uint64_t now_ns;
  (void)state;
  struct vectors_blob encoding = own_envelope("ws_open, secp256k1", &now_ns);
  assert_int_equal(icws_envelope_decode(vectors_bytes(&encoding), &envelope, NULL), ICWS_OK);
  assert_int_equal(icws_envelope_verify(&envelope, now_ns, NULL, NULL), ICWS_ERR_UNSUPPORTED);
  free(encoding.data);

  encoding = own_envelope("ws_open, ed25519", &now_ns);
  assert_int_equal(icws_envelope_decode(vectors_bytes(&encoding), &envelope, NULL), ICWS_OK);
  assert_int_equal(icws_envelope_verify(&envelope, now_ns, NULL, NULL), ICWS_OK);
  free(encoding.data);
}

static void test_anonymous_requests(void **state)
{
  struct icws_envelope envelope;
  uint64_t now_ns;
  (void)state;
  struct vectors_blob encoding = own_envelope("anonymous ws_open", &now_ns);
  assert_int_equal(icws_envelope_decode(vectors_bytes(&encoding), &envelope, NULL), ICWS_OK);
  assert_int_equal(icws_envelope_verify(&envelope, now_ns, NULL, NULL), ICWS_OK);
  /* Only calls expire. */
  uint64_t late = envelope.ingress_expiry + 1;
  assert_int_equal(icws_envelope_verify(&envelope, late, NULL, NULL), ICWS_ERR_EXPIRY);
  envelope.type = ICWS_REQUEST_QUERY;
  assert_int_equal(icws_envelope_verify(&envelope, late, NULL, NULL), ICWS_OK);
  envelope.type = ICWS_REQUEST_READ_STATE;
  assert_int_equal(icws_envelope_verify(&envelope, 0, NULL, NULL), ICWS_OK);
  /* An empty chain is one all the same. */
  envelope.delegations = icws_bytes_text("\x80");
  assert_int_equal(icws_envelope_verify(&envelope, 0, NULL, NULL), ICWS_ERR_ENVELOPE);
  free(encoding.data);
}

/* The algorithm of canister signatures, and a key as Internet Identity's start. */
static void test_keys_of_the_ic_itself_are_unsupported(void **state)
{
  struct icws_failure failure;
  struct vectors_blob key =
      vectors_hex("303c300c060a2b0601040183b8430102032c000a00000000000000070101"
                  "0000000000000000000000000000000000000000000000000000000000000000");
  struct icws_envelope envelope = {
      .type = ICWS_REQUEST_CALL,
      .has_public_key = true,
      .has_signature = true,
      .public_key = vectors_bytes(&key),
  };
  (void)state;
  icws_principal_self_authenticating(&envelope.sender, envelope.public_key);
  assert_int_equal(icws_envelope_verify(&envelope, 0, icws_keys_verify_ecdsa, &failure),
                   ICWS_ERR_UNSUPPORTED);
  key.data[15] = 1; /* the last byte of the OID: WebAuthn */
  icws_principal_self_authenticating(&envelope.sender, envelope.public_key);
  assert_int_equal(icws_envelope_verify(&envelope, 0, icws_keys_verify_ecdsa, &failure),
                   ICWS_ERR_UNSUPPORTED);
  envelope.has_sender_info = true;
  assert_int_equal(icws_envelope_verify(&envelope, 0, icws_keys_verify_ecdsa, &failure),
                   ICWS_ERR_UNSUPPORTED);
  free(key.data);
}

/* No key goes with the anonymous sender, so nothing can go with a key either. */
static void test_anonymous_with_sender_info(void **state)
{
  struct icws_failure failure;
  struct icws_envelope envelope = {
      .type = ICWS_REQUEST_CALL,
      .sender = icws_principal_anonymous(),
  };
  (void)state;
  assert_int_equal(icws_envelope_verify(&envelope, 0, icws_keys_verify_ecdsa, &failure), ICWS_OK);
  envelope.has_sender_info = true;
  assert_int_equal(icws_envelope_verify(&envelope, 0, icws_keys_verify_ecdsa, &failure),
                   ICWS_ERR_ENVELOPE);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own_vectors),
      cmocka_unit_test(test_shared_vectors),
      cmocka_unit_test(test_frames_of_the_javascript_agent),
      cmocka_unit_test(test_no_byte_can_change),
      cmocka_unit_test(test_without_a_verifier_of_ecdsa),
      cmocka_unit_test(test_anonymous_requests),
      cmocka_unit_test(test_keys_of_the_ic_itself_are_unsupported),
      cmocka_unit_test(test_anonymous_with_sender_info),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

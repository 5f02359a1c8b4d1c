/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/message.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vectors.h"

static void assert_blob(struct icws_bytes bytes, const json_t *object, const char *key)
{
  struct vectors_blob blob = vectors_hex_at(object, key);
  assert_true(icws_bytes_equal(bytes, vectors_bytes(&blob)));
  free(blob.data);
}

static void check_handshake(struct icws_bytes frame, const json_t *value, enum icws_error expected,
                            struct icws_failure *failure)
{
  struct icws_principal gateway;
  assert_int_equal(icws_handshake_decode(frame, &gateway, failure), expected);
  if (expected == ICWS_OK)
    assert_blob(icws_principal_bytes(&gateway), value, "gateway_principal");
}

static void check_relayed(struct icws_bytes frame, const json_t *value, enum icws_error expected,
                          struct icws_failure *failure)
{
  struct icws_certified certified;
  assert_int_equal(icws_certified_decode(frame, &certified, failure), expected);
  if (expected != ICWS_OK)
    return;
  assert_true(icws_bytes_equal(certified.key, icws_bytes_text(vectors_text(value, "key"))));
  assert_blob(certified.content, value, "content");
  assert_blob(certified.cert, value, "cert");
  assert_blob(certified.tree, value, "tree");
}

static void check_content(struct icws_bytes frame, const json_t *value, enum icws_error expected,
                          struct icws_failure *failure)
{
  struct icws_websocket_message message;
  assert_int_equal(icws_websocket_message_decode(frame, &message, failure), expected);
  if (expected != ICWS_OK)
    return;
  const json_t *key = vectors_get(value, "client_key");
  assert_blob(icws_principal_bytes(&message.client_key.principal), key, "client_principal");
  assert_true(message.client_key.nonce == vectors_uint(key, "client_nonce"));
  assert_true(message.sequence_num == vectors_uint(value, "sequence_num"));
  assert_true(message.timestamp == vectors_uint(value, "timestamp"));
  assert_int_equal(message.is_service_message,
                   json_is_true(vectors_get(value, "is_service_message")));
  assert_blob(message.content, value, "content");
}

/* A copy of exactly its size, so that a sanitizer sees any over-read. */
static uint8_t *exact_copy(const struct vectors_blob *blob)
{
  uint8_t *copy = malloc(blob->len > 0 ? blob->len : 1);
  assert_non_null(copy);
  memcpy(copy, blob->data, blob->len);
  return copy;
}

static enum icws_error expected_error(const json_t *vector)
{
  if (strcmp(vectors_text(vector, "expected"), "valid") == 0)
    return ICWS_OK;
  return strstr(vectors_text(vector, "name"), " deep") != NULL ? ICWS_ERR_LIMIT : ICWS_ERR_CBOR;
}

static void protocol_vectors(void **state)
{
  (void)state;
  json_t *file = vectors_own("protocol_cbor.json");
  json_t *vector;
  size_t i;
  json_array_foreach(vectors_get(file, "cases"), i, vector)
  {
    const char *kind = vectors_text(vector, "kind");
    const json_t *value = json_object_get(vector, "value");
    enum icws_error expected = expected_error(vector);
    struct vectors_blob blob = vectors_hex_at(vector, "hex");
    uint8_t *copy = exact_copy(&blob);
    struct icws_bytes frame = icws_bytes_of(copy, blob.len);
    struct icws_failure failure = {.code = ICWS_OK};
    print_message("%s: %s\n", kind, vectors_text(vector, "name"));
    if (strcmp(kind, "handshake") == 0)
      check_handshake(frame, value, expected, &failure);
    else if (strcmp(kind, "relayed") == 0)
      check_relayed(frame, value, expected, &failure);
    else if (strcmp(kind, "content") == 0)
      check_content(frame, value, expected, &failure);
    else
      fail_msg("unknown kind %s", kind);
    assert_int_equal(failure.code, expected);
    free(copy);
    free(blob.data);
  }
  assert_true(i > 0);
  json_decref(file);
}

static void recorded_session(void **state)
{
  (void)state;
  json_t *file = vectors_shared("recorded-session.json");
  json_t *vector;
  size_t i;
  json_array_foreach(vectors_get(file, "messages"), i, vector)
  {
    const json_t *decoded = vectors_get(vector, "decoded");
    struct vectors_blob content = vectors_hex_at(vector, "content");
    struct icws_websocket_message message;
    char principal[ICWS_PRINCIPAL_TEXT_BYTES];
    assert_int_equal(icws_websocket_message_decode(vectors_bytes(&content), &message, NULL),
                     ICWS_OK);
    icws_principal_to_text(&message.client_key.principal, principal);
    assert_string_equal(principal, vectors_text(decoded, "client_principal"));
    assert_true(message.client_key.nonce == vectors_uint(decoded, "client_nonce"));
    assert_true(message.sequence_num == vectors_uint(decoded, "sequence_num"));
    assert_true(message.timestamp == vectors_uint(decoded, "timestamp"));
    assert_int_equal(message.is_service_message,
                     json_is_true(vectors_get(decoded, "is_service_message")));
    assert_blob(message.content, decoded, "content");
    free(content.data);
  }
  assert_int_equal(i, 4);
  json_decref(file);
}

static void client_frames(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    const char *envelope; /* NULL: refused */
  } cases[] = {
      {"d9d9f7a168656e76656c6f7065a1617801", "a1617801"},
      {"a168656e76656c6f7065a1617801", "a1617801"},
      {"a268656e76656c6f7065a0617a00", "a0"},
      {"a168656e76656c6f706541a1", NULL},           /* a blob */
      {"a168656e76656c6f7065d9d9f7a1617801", NULL}, /* tagged within */
      {"a0", NULL},
      {"a168656e76656c6f7065a161780100", NULL},             /* a byte left over */
      {"a268656e76656c6f7065a068656e76656c6f7065a0", NULL}, /* twice */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct vectors_blob frame = vectors_hex(cases[i].hex);
    struct icws_bytes envelope;
    struct icws_failure failure = {.code = ICWS_OK};
    enum icws_error error = icws_client_frame_decode(vectors_bytes(&frame), &envelope, &failure);
    assert_int_equal(error, cases[i].envelope != NULL ? ICWS_OK : ICWS_ERR_CBOR);
    assert_int_equal(failure.code, error);
    if (cases[i].envelope != NULL) {
      struct vectors_blob expected = vectors_hex(cases[i].envelope);
      assert_true(icws_bytes_equal(envelope, vectors_bytes(&expected)));
      free(expected.data);
    }
    free(frame.data);
  }
}

static void failures_name_the_field(void **state)
{
  (void)state;
  struct vectors_blob frame = vectors_hex("a171676174657761795f7072696e636970616c00");
  struct icws_principal gateway;
  struct icws_failure failure;
  assert_int_equal(icws_handshake_decode(vectors_bytes(&frame), &gateway, &failure), ICWS_ERR_CBOR);
  assert_string_equal(failure.text,
                      "handshake, field gateway_principal: a byte string was expected (byte 19)");
  free(frame.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(protocol_vectors), cmocka_unit_test(recorded_session),
      cmocka_unit_test(client_frames), cmocka_unit_test(failures_name_the_field)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

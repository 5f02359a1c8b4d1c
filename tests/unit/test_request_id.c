/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "vectors.h"

static void put_value(struct icws_buf *buf, const json_t *value);

static void put_map(struct icws_buf *buf, json_t *map)
{
  const char *key;
  json_t *value;
  icws_cbor_put_map(buf, json_object_size(map));
  json_object_foreach(map, key, value)
  {
    icws_cbor_put_key(buf, key);
    put_value(buf, value);
  }
}

static void put_hex(struct icws_buf *buf, const json_t *value, const char *kind)
{
  struct vectors_blob blob = vectors_hex_at(value, kind);
  icws_cbor_put_bytes(buf, vectors_bytes(&blob));
  free(blob.data);
}

/* The vectors say the type of a value: {"nat": "1"}, {"array": [{"text": "a"}]}. */
static void put_value(struct icws_buf *buf, const json_t *value)
{
  const char *kind = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)value));
  json_t *contents = vectors_get(value, kind);
  size_t index;
  const json_t *element;
  if (strcmp(kind, "text") == 0) {
    icws_cbor_put_text(buf, icws_bytes_text(json_string_value(contents)));
  } else if (strcmp(kind, "bytes") == 0 || strcmp(kind, "blob") == 0) {
    put_hex(buf, value, kind);
  } else if (strcmp(kind, "nat") == 0) {
    icws_cbor_put_uint(buf, vectors_uint(value, kind));
  } else if (strcmp(kind, "map") == 0) {
    put_map(buf, contents);
  } else if (strcmp(kind, "array") == 0) {
    icws_cbor_put_array(buf, json_array_size(contents));
    json_array_foreach(contents, index, element) put_value(buf, element);
  } else {
    fail_msg("a vector has a value of kind %s", kind);
  }
}

static void assert_request_id(struct icws_bytes content, const char *expected, const char *name)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  char hex[2 * ICWS_REQUEST_ID_BYTES + 1];
  struct icws_failure failure;
  if (icws_content_request_id(content, id, &failure) != ICWS_OK)
    fail_msg("%s: %s", name, failure.text);
  assert_int_equal(icws_hex_encode(icws_bytes_of(id, sizeof id), hex, sizeof hex), ICWS_OK);
  if (strcmp(hex, expected) != 0)
    fail_msg("%s: %s, not %s", name, hex, expected);
}

static size_t check_maps(const json_t *cases, const char *hash_key)
{
  size_t index;
  const json_t *vector;
  json_array_foreach(cases, index, vector)
  {
    struct icws_buf buf;
    icws_buf_init(&buf, 0, NULL);
    put_map(&buf, vectors_get(vector, "map"));
    assert_int_equal(icws_buf_error(&buf), ICWS_OK);
    assert_request_id(icws_buf_bytes(&buf), vectors_text(vector, hash_key),
                      vectors_text(vector, "name"));
    icws_buf_wipe(&buf);
  }
  return json_array_size(cases);
}

static void test_own_vectors(void **state)
{
  json_t *vectors = vectors_own("request_ids.json");
  (void)state;
  assert_int_equal(check_maps(vectors_get(vectors, "cases"), "request_id"), 14);
  json_decref(vectors);
}

static void test_vectors_of_the_specification(void **state)
{
  json_t *vectors = vectors_shared("request_ids.json");
  (void)state;
  assert_int_equal(check_maps(vectors_get(vectors, "vectors"), "hash_hex"), 17);
  json_decref(vectors);
}

static void test_vectors_of_the_javascript_agent(void **state)
{
  json_t *vectors = vectors_shared("js-request-ids.json");
  (void)state;
  assert_int_equal(check_maps(vectors_get(vectors, "cases"), "request_id"), 3);
  json_decref(vectors);
}

/* Requests that mainnet certified. */
static void test_real_requests(void **state)
{
  json_t *vectors = vectors_shared("requests_with_certificates.json");
  size_t index;
  const json_t *vector;
  (void)state;
  json_array_foreach(vectors, index, vector)
  {
    struct vectors_blob request = vectors_hex_at(vector, "request_cbor_hex");
    struct icws_cbor_field content = {.name = "content", .type = ICWS_CBOR_MAP, .required = true};
    assert_int_equal(icws_cbor_decode_fields(vectors_bytes(&request), "request", &content, 1, NULL),
                     ICWS_OK);
    assert_request_id(content.value.bytes, vectors_text(vector, "request_id_hex"),
                      vectors_text(vector, "name"));
    free(request.data);
  }
  assert_int_equal(index, 2);
  json_decref(vectors);
}

static enum icws_error request_id_of(const char *hex)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  struct icws_failure failure = {0};
  struct vectors_blob content = vectors_hex(hex);
  enum icws_error error = icws_content_request_id(vectors_bytes(&content), id, &failure);
  assert_int_equal(failure.code, error);
  free(content.data);
  return error;
}

static void test_malformed_contents_are_refused(void **state)
{
  static const struct {
    const char *reason;
    const char *hex;
  } contents[] = {
      {"nothing", ""},
      {"no map", "6161"},
      {"a trailing byte", "a000"},
      {"a key twice", "a2616101616102"},
      {"a key twice in a map within", "a16162a2616101616101"},
      {"a key that is no text", "a1416101"},
      {"a negative number", "a1616120"},
      {"a boolean", "a16161f5"},
      {"null", "a16161f6"},
      {"a float", "a16161f93c00"},
      {"an indefinite length", "bf616101ff"},
      {"a tag within", "a16161d9d9f701"},
      {"cut short", "a16161"},
      {"an array cut short", "a161618201"},
      {"text that is not UTF-8", "a1616161ff"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
    if (request_id_of(contents[i].hex) != ICWS_ERR_CBOR)
      fail_msg("accepted: %s", contents[i].reason);
  }
}

/* {"a": [[[... ]]]} with |depth| arrays. */
static enum icws_error nested(size_t depth)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_cbor_put_map(&buf, 1);
  icws_cbor_put_key(&buf, "a");
  for (size_t i = 0; i < depth; i++)
    icws_cbor_put_array(&buf, i + 1 < depth ? 1 : 0);
  enum icws_error error = icws_content_request_id(icws_buf_bytes(&buf), id, NULL);
  icws_buf_wipe(&buf);
  return error;
}

static enum icws_error wide(size_t keys)
{
  uint8_t id[ICWS_REQUEST_ID_BYTES];
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_cbor_put_map(&buf, keys);
  for (size_t i = 0; i < keys; i++) {
    const char key[] = {(char)('0' + i), '\0'};
    icws_cbor_put_key(&buf, key);
    icws_cbor_put_uint(&buf, i);
  }
  enum icws_error error = icws_content_request_id(icws_buf_bytes(&buf), id, NULL);
  icws_buf_wipe(&buf);
  return error;
}

static void test_limits(void **state)
{
  (void)state;
  assert_int_equal(nested(ICWS_CONTENT_MAX_DEPTH), ICWS_OK);
  assert_int_equal(nested(ICWS_CONTENT_MAX_DEPTH + 1), ICWS_ERR_LIMIT);
  assert_int_equal(nested(100000), ICWS_ERR_LIMIT);
  assert_int_equal(wide(ICWS_CBOR_MAX_KEYS), ICWS_OK);
  assert_int_equal(wide(ICWS_CBOR_MAX_KEYS + 1), ICWS_ERR_LIMIT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_own_vectors),
      cmocka_unit_test(test_vectors_of_the_specification),
      cmocka_unit_test(test_vectors_of_the_javascript_agent),
      cmocka_unit_test(test_real_requests),
      cmocka_unit_test(test_malformed_contents_are_refused),
      cmocka_unit_test(test_limits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

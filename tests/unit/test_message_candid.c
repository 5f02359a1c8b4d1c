/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid.h>
#include <icws/message.h>

#include "message_kinds.h"
#include "vectors.h"

/* --- What is done with each vector ----------------------------------------------------------- */

static void check_valid(message_kind_fn *try, struct icws_bytes candid, const json_t *value)
{
  struct icws_buf again;
  struct icws_failure failure = {.text = ""};
  icws_buf_init(&again, 0, NULL);
  if (try(candid, value, &again, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  /* What we encode means the same, and encoding it once more changes no byte. */
  struct icws_buf twice;
  icws_buf_init(&twice, 0, NULL);
  assert_int_equal(icws_buf_error(&again), ICWS_OK);
  assert_int_equal(try(icws_buf_bytes(&again), value, &twice, &failure), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&again), icws_buf_bytes(&twice)));
  /* Without the room for its last byte it is not encoded. */
  struct icws_buf small;
  icws_buf_init(&small, again.len - 1, NULL);
  assert_int_equal(try(candid, value, &small, &failure), ICWS_OK);
  assert_int_equal(icws_buf_error(&small), ICWS_ERR_LIMIT);
  icws_buf_wipe(&small);
  icws_buf_wipe(&twice);
  icws_buf_wipe(&again);
}

static void check_refused(message_kind_fn *try, struct icws_bytes candid)
{
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  enum icws_error error = try(candid, NULL, NULL, &failure);
  assert_true(error == ICWS_ERR_CANDID || error == ICWS_ERR_LIMIT);
  assert_int_equal(failure.code, error);
  assert_non_null(strstr(failure.text, "(at byte "));
}

/* No beginning of a message is a message, nor is one with a byte more; and whatever is done to a
 * byte is survived. */
static void check_twins(message_kind_fn *try, struct icws_bytes candid)
{
  uint8_t *twin = malloc(candid.len + 1);
  assert_non_null(twin);
  memcpy(twin, candid.data, candid.len);
  twin[candid.len] = 0;
  check_refused(try, icws_bytes_of(twin, candid.len + 1));
  for (size_t len = 0; len < candid.len; len++)
    check_refused(try, icws_bytes_of(twin, len));
  static const uint8_t flips[] = {0x01, 0x80, 0xff};
  for (size_t i = 0; i < candid.len; i++) {
    for (size_t f = 0; f < sizeof flips; f++) {
      twin[i] ^= flips[f];
      enum icws_error error = try(icws_bytes_of(twin, candid.len), NULL, NULL, NULL);
      assert_true(error == ICWS_OK || error == ICWS_ERR_CANDID || error == ICWS_ERR_LIMIT);
      assert_true(error != ICWS_OK || i >= 4); /* the magic */
      twin[i] ^= flips[f];
    }
  }
  free(twin);
}

static void own_vectors(void **state)
{
  (void)state;
  json_t *root = vectors_own("protocol_candid.json");
  const json_t *entry;
  size_t i;
  size_t tried = 0;
  json_array_foreach(vectors_get(root, "cases"), i, entry)
  {
    message_kind_fn *try = message_kind(vectors_text(entry, "kind"));
    if (try == NULL)
      continue; /* messages of an application: the next test */
    struct vectors_blob blob = vectors_hex_at(entry, "hex");
    if (strcmp(vectors_text(entry, "expected"), "valid") == 0) {
      check_valid(try, vectors_bytes(&blob), vectors_get(entry, "value"));
      check_twins(try, vectors_bytes(&blob));
    } else {
      check_refused(try, vectors_bytes(&blob));
    }
    free(blob.data);
    tried++;
  }
  assert_true(tried > 95);
  json_decref(root);
}

/* The library does not know the types of applications, but can pass over them. */
static void own_vectors_of_an_application(void **state)
{
  (void)state;
  json_t *root = vectors_own("protocol_candid.json");
  const json_t *entry;
  size_t i;
  size_t tried = 0;
  json_array_foreach(vectors_get(root, "cases"), i, entry)
  {
    if (strcmp(vectors_text(entry, "kind"), "app_message") != 0)
      continue;
    struct vectors_blob blob = vectors_hex_at(entry, "hex");
    struct icws_candid_reader reader;
    assert_int_equal(icws_candid_reader_init(&reader, vectors_bytes(&blob)), ICWS_OK);
    bool valid = strcmp(vectors_text(entry, "expected"), "valid") == 0;
    assert_int_equal(icws_candid_finish(&reader), valid ? ICWS_OK : ICWS_ERR_CANDID);
    free(blob.data);
    tried++;
  }
  assert_true(tried >= 4);
  json_decref(root);
}

/* Moves the members of the client key from |value| into an object of their own, as the other vectors
 * have it. */
static json_t *with_client_key(const json_t *value)
{
  json_t *result = json_deep_copy(value);
  json_t *key = json_object();
  static const char *const names[] = {"client_principal", "client_nonce"};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(json_object_set(key, names[i], vectors_get(value, names[i])), 0);
    assert_int_equal(json_object_del(result, names[i]), 0);
  }
  assert_int_equal(json_object_set_new(result, "client_key", key), 0);
  return result;
}

static void check_shared_case(const char *what, const json_t *value, struct icws_bytes candid)
{
  static const char prefix[] = "service message ";
  message_kind_fn *try = message_kind("service_message");
  json_t *expected;
  if (strcmp(what, "ws_open arguments") == 0) {
    try = message_kind("ws_open_args");
    expected = json_deep_copy(value);
  } else if (strncmp(what, "ws_message", strlen("ws_message")) == 0) {
    try = message_kind("ws_message_args");
    expected = json_pack("{s:o}", "msg", with_client_key(value));
  } else if (strcmp(what, "service message OpenMessage") == 0) {
    expected = json_pack("{s:o}", "OpenMessage", with_client_key(value));
  } else {
    assert_int_equal(strncmp(what, prefix, strlen(prefix)), 0);
    expected = json_pack("{s:o}", what + strlen(prefix), json_deep_copy(value));
  }
  check_valid(try, candid, expected);
  check_twins(try, candid);
  json_decref(expected);
}

static void shared_vectors(void **state)
{
  (void)state;
  json_t *root = vectors_shared("js-protocol-candid.json");
  const json_t *entry;
  size_t i;
  json_array_foreach(vectors_get(root, "cases"), i, entry)
  {
    const char *what = vectors_text(entry, "what");
    if (strncmp(what, "application message", strlen("application message")) == 0)
      continue;
    struct vectors_blob blob = vectors_hex_at(entry, "candid");
    check_shared_case(what, vectors_get(entry, "value"), vectors_bytes(&blob));
    free(blob.data);
  }
  assert_int_equal(i, 10);
  json_decref(root);
}

/* --- Single rules ---------------------------------------------------------------------------- */

static void check_failure(const char *kind, const char *hex, const char *text)
{
  message_kind_fn *try = message_kind(kind);
  struct icws_failure failure;
  struct vectors_blob blob = vectors_hex(hex);
  assert_int_equal(try(vectors_bytes(&blob), NULL, NULL, &failure), ICWS_ERR_CANDID);
  assert_string_equal(failure.text, text);
  free(blob.data);
}

static void failures_name_the_field(void **state)
{
  (void)state;
  check_failure("ws_get_messages_args", "4449444c016c000100",
                "argument of ws_get_messages: nonce: the field is missing (at byte 9 of 9)");
  check_failure("ws_get_messages_args", "4449444c016c01ef9999fe097c010001",
                "argument of ws_get_messages: nonce: a value is not a nat64 (at byte 15 of 16)");
  check_failure("ws_open_args", "4449444c0000",
                "argument of ws_open: the argument is missing (at byte 6 of 6)");
  check_failure("result", "00",
                "result of a method: the message does not start with DIDL (at byte 0 "
                "of 1)");
}

static void outputs_stay_as_they_are_after_a_failure(void **state)
{
  (void)state;
  struct icws_bytes empty = icws_bytes_of(NULL, 0);
  uint64_t nonce = 5;
  assert_int_equal(icws_get_messages_args_decode(empty, &nonce, NULL), ICWS_ERR_CANDID);
  assert_int_equal(nonce, 5);
  struct icws_service_message service = {.type = ICWS_SERVICE_CLOSE,
                                         .reason = ICWS_CLOSE_KEEP_ALIVE_TIMEOUT};
  assert_int_equal(icws_service_message_decode(empty, &service, NULL), ICWS_ERR_CANDID);
  assert_int_equal(service.type, ICWS_SERVICE_CLOSE);
  assert_int_equal(service.reason, ICWS_CLOSE_KEEP_ALIVE_TIMEOUT);
}

static void more_messages_than_there_is_room_for(void **state)
{
  (void)state;
  struct icws_output_message messages[3] = {
      {.key = {NULL, 0}},
  };
  struct icws_get_messages_result result = {.ok = true, .messages = messages, .message_count = 3};
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_get_messages_result_put(&buf, &result);
  struct icws_output_message read[3];
  struct icws_failure failure;
  assert_int_equal(
      icws_get_messages_result_decode(icws_buf_bytes(&buf), read, 2, &result, &failure),
      ICWS_ERR_LIMIT);
  assert_int_equal(failure.code, ICWS_ERR_LIMIT);
  assert_int_equal(icws_get_messages_result_decode(icws_buf_bytes(&buf), read, 3, &result, NULL),
                   ICWS_OK);
  assert_int_equal(result.message_count, 3);
  icws_buf_wipe(&buf);
}

static void client_keys_are_equal_in_both_parts(void **state)
{
  (void)state;
  struct icws_client_key a = {.principal = icws_principal_anonymous(), .nonce = 1};
  struct icws_client_key b = a;
  assert_true(icws_client_key_equal(&a, &b));
  b.nonce = 2;
  assert_false(icws_client_key_equal(&a, &b));
  b = a;
  b.principal.bytes[0] = 5;
  assert_false(icws_client_key_equal(&a, &b));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(own_vectors),
      cmocka_unit_test(own_vectors_of_an_application),
      cmocka_unit_test(shared_vectors),
      cmocka_unit_test(failures_name_the_field),
      cmocka_unit_test(outputs_stay_as_they_are_after_a_failure),
      cmocka_unit_test(more_messages_than_there_is_room_for),
      cmocka_unit_test(client_keys_are_equal_in_both_parts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bound.h"
#include "vectors.h"

/* What icws candid bind makes of bound.did, against messages of the official package. */

static void check_principal(struct icws_principal principal, const json_t *object, const char *key)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  (void)icws_principal_to_text(&principal, text);
  assert_string_equal(text, vectors_text(object, key));
}

static void check_blob(struct icws_bytes bytes, const json_t *object, const char *key)
{
  struct vectors_blob expected = vectors_hex_at(object, key);
  assert_true(icws_bytes_equal(bytes, vectors_bytes(&expected)));
  free(expected.data);
}

static void check_client_key(const struct bound_client_key *key, const json_t *object)
{
  const json_t *value = vectors_get(object, "client_key");
  check_principal(key->client_principal, value, "client_principal");
  assert_true(key->client_nonce == vectors_uint(value, "client_nonce"));
}

static enum icws_error try_open(struct icws_bytes message, struct icws_arena *arena,
                                const json_t *value, struct icws_buf *again)
{
  struct bound_ws_open_args args;
  enum icws_error error = bound_ws_open_args_decode(message, arena, &args, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  check_principal(args.arg0.gateway_principal, value, "gateway_principal");
  assert_true(args.arg0.client_nonce == vectors_uint(value, "client_nonce"));
  return bound_ws_open_args_encode(&args, again);
}

static enum icws_error try_message(struct icws_bytes message, struct icws_arena *arena,
                                   const json_t *value, struct icws_buf *again)
{
  struct bound_ws_message_args args;
  enum icws_error error = bound_ws_message_args_decode(message, arena, &args, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  const json_t *expected = vectors_get(value, "msg");
  check_client_key(&args.arg0.msg.client_key, expected);
  assert_true(args.arg0.msg.sequence_num == vectors_uint(expected, "sequence_num"));
  assert_true(args.arg0.msg.timestamp == vectors_uint(expected, "timestamp"));
  assert_int_equal(args.arg0.msg.is_service_message,
                   json_is_true(vectors_get(expected, "is_service_message")));
  check_blob(args.arg0.msg.content, expected, "content");
  return bound_ws_message_args_encode(&args, again);
}

static enum icws_error try_close(struct icws_bytes message, struct icws_arena *arena,
                                 const json_t *value, struct icws_buf *again)
{
  struct bound_ws_close_args args;
  enum icws_error error = bound_ws_close_args_decode(message, arena, &args, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  check_client_key(&args.arg0.client_key, value);
  return bound_ws_close_args_encode(&args, again);
}

static enum icws_error try_get_messages(struct icws_bytes message, struct icws_arena *arena,
                                        const json_t *value, struct icws_buf *again)
{
  struct bound_ws_get_messages_args args;
  enum icws_error error = bound_ws_get_messages_args_decode(message, arena, &args, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  assert_true(args.arg0.nonce == vectors_uint(value, "nonce"));
  return bound_ws_get_messages_args_encode(&args, again);
}

static void check_messages(const struct bound_certified_messages *found, const json_t *expected)
{
  const json_t *message;
  size_t i;
  json_array_foreach(vectors_get(expected, "messages"), i, message)
  {
    const struct bound_output_message *output = &found->messages.items[i];
    struct icws_bytes key = icws_bytes_text(vectors_text(message, "key"));
    assert_true(icws_bytes_equal(output->key, key));
    check_blob(output->content, message, "content");
    check_client_key(&output->client_key, message);
  }
  assert_int_equal(i, found->messages.count);
  check_blob(found->cert, expected, "cert");
  check_blob(found->tree, expected, "tree");
  const json_t *end = json_array_get(vectors_get(expected, "is_end_of_queue"), 0);
  assert_int_equal(found->is_end_of_queue != NULL, end != NULL);
  if (end != NULL)
    assert_int_equal(*found->is_end_of_queue, json_is_true(end));
}

static enum icws_error try_messages_result(struct icws_bytes message, struct icws_arena *arena,
                                           const json_t *value, struct icws_buf *again)
{
  struct bound_get_messages_result result;
  enum icws_error error = bound_get_messages_result_decode(message, arena, &result, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  const json_t *ok = json_object_get(value, "Ok");
  assert_int_equal(result.tag == BOUND_GET_MESSAGES_RESULT_OK, ok != NULL);
  if (ok != NULL)
    check_messages(&result.as.ok, ok);
  return bound_get_messages_result_encode(&result, again);
}

static enum icws_error try_result(struct icws_bytes message, struct icws_arena *arena,
                                  const json_t *value, struct icws_buf *again)
{
  struct bound_result result;
  enum icws_error error = bound_result_decode(message, arena, &result, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  assert_int_equal(result.tag == BOUND_RESULT_OK, json_object_get(value, "Ok") != NULL);
  if (result.tag == BOUND_RESULT_ERR)
    assert_true(icws_bytes_equal(result.as.err, icws_bytes_text(vectors_text(value, "Err"))));
  return bound_result_encode(&result, again);
}

static enum icws_error try_app_message(struct icws_bytes message, struct icws_arena *arena,
                                       const json_t *value, struct icws_buf *again)
{
  struct bound_app_message app;
  enum icws_error error = bound_app_message_decode(message, arena, &app, NULL);
  if (error != ICWS_OK || value == NULL)
    return error;
  assert_true(icws_bytes_equal(app.text, icws_bytes_text(vectors_text(value, "text"))));
  assert_true(app.timestamp == vectors_uint(value, "timestamp"));
  return bound_app_message_encode(&app, again);
}

/* Decodes |message|, compares it with |value| unless that is NULL, and encodes it again. */
typedef enum icws_error try_fn(struct icws_bytes message, struct icws_arena *arena,
                               const json_t *value, struct icws_buf *again);

static const struct {
  const char *kind;
  try_fn *try_message;
  const char *same; /* a case whose bytes come out again: its table has one layout only */
} kinds[] = {
    {"ws_open_args", try_open, "ordinary"},
    {"ws_message_args", try_message, NULL},
    {"ws_close_args", try_close, NULL},
    {"ws_get_messages_args", try_get_messages, "nonce 51"},
    {"ws_get_messages_result", try_messages_result, NULL},
    {"result", try_result, "Err"},
    {"app_message", try_app_message, "ordinary"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static size_t kind_of(const json_t *row)
{
  size_t kind = 0;
  while (kind < KINDS && strcmp(kinds[kind].kind, vectors_text(row, "kind")) != 0)
    kind++;
  return kind;
}

static void check_vector(const json_t *row, size_t kind)
{
  struct vectors_blob blob = vectors_hex_at(row, "hex");
  struct icws_arena arena;
  struct icws_buf once;
  struct icws_buf twice;
  icws_arena_init(&arena, 0, NULL);
  icws_buf_init(&once, 0, NULL);
  icws_buf_init(&twice, 0, NULL);
  bool valid = strcmp(vectors_text(row, "expected"), "valid") == 0;
  const json_t *value = valid ? vectors_get(row, "value") : NULL;
  enum icws_error error = kinds[kind].try_message(vectors_bytes(&blob), &arena, value, &once);
  if (error != (valid ? ICWS_OK : ICWS_ERR_CANDID))
    fail_msg("%s, %s: %s", kinds[kind].kind, vectors_text(row, "name"), icws_error_name(error));
  if (valid) {
    assert_int_equal(kinds[kind].try_message(icws_buf_bytes(&once), &arena, value, &twice),
                     ICWS_OK);
    assert_true(icws_bytes_equal(icws_buf_bytes(&once), icws_buf_bytes(&twice)));
  }
  if (kinds[kind].same != NULL && strcmp(kinds[kind].same, vectors_text(row, "name")) == 0)
    assert_true(icws_bytes_equal(icws_buf_bytes(&once), vectors_bytes(&blob)));
  icws_buf_wipe(&once);
  icws_buf_wipe(&twice);
  icws_arena_wipe(&arena);
  free(blob.data);
}

static void test_official_package(void **state)
{
  json_t *root = vectors_own("protocol_candid.json");
  const json_t *row;
  size_t i;
  size_t checked = 0;
  (void)state;
  json_array_foreach(vectors_get(root, "cases"), i, row)
  {
    if (kind_of(row) == KINDS)
      continue;
    check_vector(row, kind_of(row));
    checked++;
  }
  assert_int_equal(checked, 87);
  json_decref(root);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_official_package)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

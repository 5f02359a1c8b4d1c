/* SPDX-License-Identifier: Apache-2.0 */
#include "message_kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vectors.h"

#define MESSAGES 8 /* room for those of one answer */

/* --- Comparing decoded values with the vectors' ---------------------------------------------- */

static void check_principal(const struct icws_principal *principal, const json_t *object,
                            const char *key)
{
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  (void)icws_principal_to_text(principal, text);
  assert_string_equal(text, vectors_text(object, key));
}

static void check_number(uint64_t number, const json_t *object, const char *key)
{
  assert_true(number == vectors_uint(object, key));
}

static void check_blob(struct icws_bytes bytes, const json_t *object, const char *key)
{
  struct vectors_blob expected = vectors_hex_at(object, key);
  assert_true(icws_bytes_equal(bytes, vectors_bytes(&expected)));
  free(expected.data);
}

static void check_text(struct icws_bytes text, const json_t *object, const char *key)
{
  assert_true(icws_bytes_equal(text, icws_bytes_text(vectors_text(object, key))));
}

static void check_client_key(const struct icws_client_key *key, const json_t *object)
{
  const json_t *value = vectors_get(object, "client_key");
  check_principal(&key->principal, value, "client_principal");
  check_number(key->nonce, value, "client_nonce");
}

/* --- One function for each kind of message --------------------------------------------------- */

static enum icws_error try_open_args(struct icws_bytes candid, const json_t *value,
                                     struct icws_buf *again, struct icws_failure *failure)
{
  struct icws_open_args args;
  enum icws_error error = icws_open_args_decode(candid, &args, failure);
  if (error == ICWS_OK && value != NULL) {
    check_principal(&args.gateway, value, "gateway_principal");
    check_number(args.client_nonce, value, "client_nonce");
  }
  if (error == ICWS_OK && again != NULL)
    icws_open_args_put(again, &args);
  return error;
}

static enum icws_error try_message_args(struct icws_bytes candid, const json_t *value,
                                        struct icws_buf *again, struct icws_failure *failure)
{
  struct icws_websocket_message message;
  enum icws_error error = icws_message_args_decode(candid, &message, failure);
  if (error == ICWS_OK && value != NULL) {
    const json_t *expected = vectors_get(value, "msg");
    check_client_key(&message.client_key, expected);
    check_number(message.sequence_num, expected, "sequence_num");
    check_number(message.timestamp, expected, "timestamp");
    assert_int_equal(message.is_service_message,
                     json_is_true(vectors_get(expected, "is_service_message")));
    check_blob(message.content, expected, "content");
  }
  if (error == ICWS_OK && again != NULL)
    icws_message_args_put(again, &message);
  return error;
}

static enum icws_error try_close_args(struct icws_bytes candid, const json_t *value,
                                      struct icws_buf *again, struct icws_failure *failure)
{
  struct icws_client_key key;
  enum icws_error error = icws_close_args_decode(candid, &key, failure);
  if (error == ICWS_OK && value != NULL)
    check_client_key(&key, value);
  if (error == ICWS_OK && again != NULL)
    icws_close_args_put(again, &key);
  return error;
}

static enum icws_error try_get_messages_args(struct icws_bytes candid, const json_t *value,
                                             struct icws_buf *again, struct icws_failure *failure)
{
  uint64_t nonce;
  enum icws_error error = icws_get_messages_args_decode(candid, &nonce, failure);
  if (error == ICWS_OK && value != NULL)
    check_number(nonce, value, "nonce");
  if (error == ICWS_OK && again != NULL)
    icws_get_messages_args_put(again, nonce);
  return error;
}

static enum icws_error try_result(struct icws_bytes candid, const json_t *value,
                                  struct icws_buf *again, struct icws_failure *failure)
{
  struct icws_result result;
  enum icws_error error = icws_result_decode(candid, &result, failure);
  if (error == ICWS_OK && value != NULL) {
    assert_int_equal(result.ok, json_object_get(value, "Ok") != NULL);
    if (!result.ok)
      check_text(result.text, value, "Err");
  }
  if (error == ICWS_OK && again != NULL)
    icws_result_put(again, &result);
  return error;
}

/* is_end_of_queue is an opt in the vectors: a list of none or one. */
static void check_certified_messages(const struct icws_get_messages_result *result,
                                     const json_t *expected)
{
  const json_t *messages = vectors_get(expected, "messages");
  assert_int_equal(result->message_count, json_array_size(messages));
  for (size_t i = 0; i < result->message_count; i++) {
    const json_t *message = json_array_get(messages, i);
    check_client_key(&result->messages[i].client_key, message);
    check_text(result->messages[i].key, message, "key");
    check_blob(result->messages[i].content, message, "content");
  }
  check_blob(result->cert, expected, "cert");
  check_blob(result->tree, expected, "tree");
  const json_t *end = json_array_get(vectors_get(expected, "is_end_of_queue"), 0);
  assert_int_equal(result->is_end_of_queue, end == NULL || json_is_true(end));
}

static enum icws_error try_get_messages_result(struct icws_bytes candid, const json_t *value,
                                               struct icws_buf *again, struct icws_failure *failure)
{
  struct icws_output_message messages[MESSAGES];
  struct icws_get_messages_result result;
  enum icws_error error =
      icws_get_messages_result_decode(candid, messages, MESSAGES, &result, failure);
  if (error == ICWS_OK && value != NULL) {
    assert_int_equal(result.ok, json_object_get(value, "Ok") != NULL);
    if (result.ok)
      check_certified_messages(&result, vectors_get(value, "Ok"));
    else
      check_text(result.text, value, "Err");
  }
  if (error == ICWS_OK && again != NULL)
    icws_get_messages_result_put(again, &result);
  return error;
}

static void check_service_message(const struct icws_service_message *message, const json_t *value)
{
  static const char *const reasons[] = {"WrongSequenceNumber", "InvalidServiceMessage",
                                        "KeepAliveTimeout", "ClosedByApplication"};
  switch (message->type) {
  case ICWS_SERVICE_OPEN:
    check_client_key(&message->client_key, vectors_get(value, "OpenMessage"));
    return;
  case ICWS_SERVICE_ACK:
    check_number(message->last_incoming_sequence_num, vectors_get(value, "AckMessage"),
                 "last_incoming_sequence_num");
    return;
  case ICWS_SERVICE_KEEP_ALIVE:
    check_number(message->last_incoming_sequence_num, vectors_get(value, "KeepAliveMessage"),
                 "last_incoming_sequence_num");
    return;
  case ICWS_SERVICE_CLOSE:
    (void)vectors_get(vectors_get(vectors_get(value, "CloseMessage"), "reason"),
                      reasons[message->reason]);
    return;
  }
}

static enum icws_error try_service_message(struct icws_bytes candid, const json_t *value,
                                           struct icws_buf *again, struct icws_failure *failure)
{
  struct icws_service_message message;
  enum icws_error error = icws_service_message_decode(candid, &message, failure);
  if (error == ICWS_OK && value != NULL)
    check_service_message(&message, value);
  if (error == ICWS_OK && again != NULL)
    icws_service_message_put(again, &message);
  return error;
}

static const struct {
  const char *name;
  message_kind_fn *try;
} kinds[] = {
    {"ws_open_args", try_open_args},
    {"ws_message_args", try_message_args},
    {"ws_close_args", try_close_args},
    {"ws_get_messages_args", try_get_messages_args},
    {"ws_get_messages_result", try_get_messages_result},
    {"result", try_result},
    {"service_message", try_service_message},
};

message_kind_fn *message_kind(const char *name)
{
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(kinds[i].name, name) == 0)
      return kinds[i].try;
  }
  return NULL;
}

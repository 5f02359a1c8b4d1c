/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws-chat/chat_message.h"
#include "vectors.h"

/* Encoded with @dfinity/candid 3.4.3.  Of records with the fields as they are said: */
#define SENDER "kj67s-b5v2y-ahlkr-kmume-xbow6-zwbtj-j4j3m-ae46e-qqrcu-uxiby-yae"
#define SENDER_HEX "1db5d60075aa2a65184b85d6f66c19a53c4ed80273c484222a52e80e3002"
/* { text = "hi \1b[31m"; timestamp = 5; sender = opt SENDER } */
#define OF_USER                                                                                    \
  "4449444c026e686c03ad99e7e70471b58f93dc0600d6a9bbae0a780101086869201b5b33316d0101" SENDER_HEX    \
  "0500000000000000"
/* { text = "kj67s joined"; timestamp = 5; sender = null : opt principal } */
#define OF_ROOM                                                                                    \
  "4449444c026e686c03ad99e7e70471b58f93dc0600d6a9bbae0a7801010c6b6a363773206a6f696e6564000500000"  \
  "000000000"
/* { text = "x"; sender = SENDER }, not optional */
#define OF_USER_PLAIN "4449444c016c02ad99e7e70471b58f93dc06680100017801" SENDER_HEX
/* { text = "x"; sender = "y" }: by the rules of subtyping a sender that is null, but not without the
 * last byte */
#define SENDER_IS_TEXT "4449444c016c02ad99e7e70471b58f93dc0671010001780179"
#define SENDER_CUT_OFF "4449444c016c02ad99e7e70471b58f93dc06710100017801"
/* { sender = opt SENDER } */
#define NO_TEXT "4449444c026e686c01b58f93dc060001010101" SENDER_HEX
#define TEXT_ALONE "4449444c0001710178" /* "x" */
#define NOTHING "4449444c0000"          /* no argument */

static enum icws_error decode(const char *hex, struct icws_chat_message *message)
{
  struct vectors_blob blob = vectors_hex(hex);
  enum icws_error error = icws_chat_message_decode(vectors_bytes(&blob), message);
  message->text = icws_bytes_of(NULL, 0); /* it borrows from the blob */
  free(blob.data);
  return error;
}

static void check_shown(struct icws_bytes content, const char *line)
{
  struct icws_principal self;
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_principal_from_text(&self, icws_bytes_text("2vxsx-fae")), ICWS_OK);
  icws_chat_message_render(content, &self, &out);
  icws_buf_put_u8(&out, '\0');
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, line);
  icws_buf_wipe(&out);
}

static void check_shown_hex(const char *hex, const char *line)
{
  struct vectors_blob blob = vectors_hex(hex);
  check_shown(vectors_bytes(&blob), line);
  free(blob.data);
}

/* What official packages encode comes out of the encoder, too, and is decoded. */
static void test_vectors(void **state)
{
  json_t *vectors = vectors_own("protocol_candid.json");
  size_t index;
  json_t *row;
  size_t checked = 0;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, row)
  {
    if (strcmp(vectors_text(row, "kind"), "app_message") != 0)
      continue;
    struct vectors_blob blob = vectors_hex_at(row, "hex");
    struct icws_chat_message message;
    enum icws_error error = icws_chat_message_decode(vectors_bytes(&blob), &message);
    bool valid = strcmp(vectors_text(row, "expected"), "valid") == 0;
    assert_int_equal(error, valid ? ICWS_OK : ICWS_ERR_CANDID);
    if (valid) {
      struct icws_bytes text = icws_bytes_text(vectors_text(vectors_get(row, "value"), "text"));
      assert_true(icws_bytes_equal(message.text, text));
      assert_int_equal(message.from, ICWS_CHAT_SENDER_NONE);
    }
    free(blob.data);
    checked++;
  }
  assert_true(checked >= 5);
  json_decref(vectors);
}

static void test_encode(void **state)
{
  json_t *vectors = vectors_own("protocol_candid.json");
  size_t index;
  json_t *row;
  size_t checked = 0;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, row)
  {
    const char *name = vectors_text(row, "name");
    bool plain = strcmp(name, "ordinary") == 0 || strcmp(name, "empty text") == 0;
    if (strcmp(vectors_text(row, "kind"), "app_message") != 0 || !plain)
      continue;
    struct vectors_blob blob = vectors_hex_at(row, "hex");
    json_t *value = vectors_get(row, "value");
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    icws_chat_message_encode(icws_bytes_text(vectors_text(value, "text")),
                             vectors_uint(value, "timestamp"), &out);
    assert_true(icws_bytes_equal(icws_buf_bytes(&out), vectors_bytes(&blob)));
    icws_buf_wipe(&out);
    free(blob.data);
    checked++;
  }
  assert_int_equal(checked, 2);
  json_decref(vectors);
}

static void test_senders(void **state)
{
  struct icws_chat_message message;
  struct icws_principal sender;
  (void)state;
  assert_int_equal(icws_principal_from_text(&sender, icws_bytes_text(SENDER)), ICWS_OK);
  assert_int_equal(decode(OF_USER, &message), ICWS_OK);
  assert_int_equal(message.from, ICWS_CHAT_SENDER_USER);
  assert_true(icws_principal_equal(&message.sender, &sender));
  assert_int_equal(decode(OF_USER_PLAIN, &message), ICWS_OK);
  assert_int_equal(message.from, ICWS_CHAT_SENDER_USER);
  assert_true(icws_principal_equal(&message.sender, &sender));
  assert_int_equal(decode(OF_ROOM, &message), ICWS_OK);
  assert_int_equal(message.from, ICWS_CHAT_SENDER_ROOM);
  assert_int_equal(decode(SENDER_IS_TEXT, &message), ICWS_OK);
  assert_int_equal(message.from, ICWS_CHAT_SENDER_ROOM);
}

static void test_other_types(void **state)
{
  struct icws_chat_message message;
  (void)state;
  assert_int_equal(decode(SENDER_CUT_OFF, &message), ICWS_ERR_CANDID);
  assert_int_equal(decode(NO_TEXT, &message), ICWS_ERR_CANDID);
  assert_int_equal(decode(TEXT_ALONE, &message), ICWS_ERR_CANDID);
  assert_int_equal(decode(NOTHING, &message), ICWS_ERR_CANDID);
  assert_int_equal(decode("", &message), ICWS_ERR_CANDID);
}

static void test_lines(void **state)
{
  (void)state;
  check_shown_hex(OF_USER, "kj67s-b5v2y: hi \\x1b[31m\n");
  check_shown_hex(OF_ROOM, "* kj67s joined\n");
  check_shown_hex(TEXT_ALONE,
                  "? 4449444c0001710178  (9 bytes, not a chat message; icws-tail -J shows all)\n");
  check_shown_hex(NO_TEXT, "? 4449444c026e686c01b58f93dc0600010101011db5d60075aa2a65184b85d6f6..."
                           "  (49 bytes, not a chat message; icws-tail -J shows all)\n");
}

static void test_own_and_canister_lines(void **state)
{
  struct vectors_blob blob = vectors_hex(OF_USER);
  struct icws_principal self;
  struct icws_buf out;
  struct icws_buf content;
  (void)state;
  assert_int_equal(icws_principal_from_text(&self, icws_bytes_text(SENDER)), ICWS_OK);
  icws_buf_init(&out, 0, NULL);
  icws_chat_message_render(vectors_bytes(&blob), &self, &out);
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), icws_bytes_text("you: hi \\x1b[31m\n")));
  icws_buf_wipe(&out);
  free(blob.data);

  icws_buf_init(&content, 0, NULL);
  icws_chat_message_encode(icws_bytes_text("one\ntwo"), 1, &content);
  check_shown(icws_buf_bytes(&content), "canister: one\\ntwo\n");
  icws_buf_wipe(&content);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_vectors), cmocka_unit_test(test_encode),
      cmocka_unit_test(test_senders), cmocka_unit_test(test_other_types),
      cmocka_unit_test(test_lines),   cmocka_unit_test(test_own_and_canister_lines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

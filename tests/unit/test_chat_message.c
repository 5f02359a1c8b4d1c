/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
/* { text = "x"; sender = "y" } */
#define SENDER_IS_TEXT "4449444c016c02ad99e7e70471b58f93dc0671010001780179"
/* { sender = opt SENDER } */
#define NO_TEXT "4449444c026e686c01b58f93dc060001010101" SENDER_HEX
#define TEXT_ALONE "4449444c0001710178" /* "x" */
#define NOTHING "4449444c0000"          /* no argument */

static void check_shown_to(const char *self_text, struct icws_bytes content, const char *line)
{
  struct icws_principal self;
  struct icws_payload payload;
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_payload_init(&payload, NULL, NULL, 0);
  assert_int_equal(icws_principal_from_text(&self, icws_bytes_text(self_text)), ICWS_OK);
  bool saying = icws_chat_message_render(&payload, content, &self, &out);
  icws_buf_put_u8(&out, '\0');
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, line);
  /* What is nobody's words is shown in the notation of Candid, or of hex. */
  assert_int_equal(saying, strchr(line, '(') == NULL);
  icws_payload_wipe(&payload);
  icws_buf_wipe(&out);
}

static void check_shown(struct icws_bytes content, const char *line)
{
  check_shown_to("2vxsx-fae", content, line);
}

static void check_shown_hex(const char *hex, const char *line)
{
  struct vectors_blob blob = vectors_hex(hex);
  check_shown(vectors_bytes(&blob), line);
  free(blob.data);
}

/* What official packages encode is shown as what the canister says. */
static void test_vectors(void **state)
{
  json_t *vectors = vectors_own("protocol_candid.json");
  size_t index;
  json_t *row;
  size_t checked = 0;
  (void)state;
  json_array_foreach(vectors_get(vectors, "cases"), index, row)
  {
    const char *name = vectors_text(row, "name");
    if (strcmp(vectors_text(row, "kind"), "app_message") != 0 ||
        (strcmp(name, "ordinary") != 0 && strcmp(name, "empty text") != 0))
      continue;
    struct vectors_blob blob = vectors_hex_at(row, "hex");
    const char *text = vectors_text(vectors_get(row, "value"), "text");
    char line[256];
    snprintf(line, sizeof(line), "canister: %s\n", text);
    check_shown(vectors_bytes(&blob), line);
    free(blob.data);
    checked++;
  }
  assert_int_equal(checked, 2);
  json_decref(vectors);
}

static void test_senders(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex(OF_USER);
  check_shown(vectors_bytes(&blob), "kj67s-b5v2y: hi \\x1b[31m\n");
  check_shown_to(SENDER, vectors_bytes(&blob), "you: hi \\x1b[31m\n");
  free(blob.data);
  check_shown_hex(OF_USER_PLAIN, "kj67s-b5v2y: x\n");
  check_shown_hex(OF_ROOM, "* kj67s joined\n");
  check_shown_hex(TEXT_ALONE, "canister: x\n");
}

/* Other values are shown as what they are. */
static void test_other_types(void **state)
{
  (void)state;
  check_shown_hex(SENDER_IS_TEXT,
                  "canister: (record { 1291439277 = \"x\"; 1803863989 = \"y\" })\n");
  check_shown_hex(NO_TEXT, "canister: (record { 1803863989 = opt principal \"" SENDER "\" })\n");
  check_shown_hex(NOTHING, "canister: ()\n");
}

static void test_no_candid(void **state)
{
  (void)state;
  check_shown(icws_bytes_text("\xff"),
              "? ff  (1 bytes; the message does not start with DIDL (at byte 0 of 1))\n");
  check_shown_hex(
      "4449444c00017e02",
      "? 4449444c00017e02  (8 bytes; argument 1: a bool is neither 0 nor 1 (at byte 8 of 8))\n");
  check_shown_hex(NO_TEXT "00",
                  "? 4449444c026e686c01b58f93dc0600010101011db5d60075aa2a65184b85d6f6..."
                  "  (50 bytes; bytes are left over after the last argument "
                  "(at byte 49 of 50))\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_vectors),
      cmocka_unit_test(test_senders),
      cmocka_unit_test(test_other_types),
      cmocka_unit_test(test_no_candid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/interface.h"
#include "icws-chat/draft.h"
#include "vectors.h"

#define NOW UINT64_C(1700000000000000000)

/* A draft for messages of |type|, or without an interface for NULL. */
struct fixture {
  struct icws_interface interface;
  struct icws_chat_draft draft;
  struct icws_buf out;
  struct icws_candid_spot spot;
  struct icws_failure failure;
};

static void begin(struct fixture *fixture, const char *type)
{
  char text[512];
  int message_type = 0;
  memset(fixture, 0, sizeof(*fixture));
  icws_interface_init(&fixture->interface);
  icws_buf_init(&fixture->out, 0, NULL);
  if (type != NULL) {
    snprintf(text, sizeof(text), "service : { ws_message : (record {}, opt %s) -> () }", type);
    assert_int_equal(icws_interface_read(&fixture->interface, icws_bytes_text(text), NULL),
                     ICWS_OK);
    assert_int_equal(
        icws_candid_interface_message_type(&fixture->interface.candid, &message_type, NULL),
        ICWS_OK);
  }
  assert_int_equal(icws_chat_draft_init(&fixture->draft, fixture->interface.types, message_type),
                   ICWS_OK);
}

static void end(struct fixture *fixture)
{
  icws_chat_draft_wipe(&fixture->draft);
  icws_interface_wipe(&fixture->interface);
  icws_buf_wipe(&fixture->out);
}

/* What was drafted, as Candid text of the types that the bytes have. */
static void check_message(struct fixture *fixture, const char *expected)
{
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_candid_args args;
  struct icws_buf text;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  icws_buf_init(&text, 0, NULL);
  assert_int_equal(
      icws_candid_decode_any(icws_buf_bytes(&fixture->out), types, &arena, &args, NULL), ICWS_OK);
  assert_int_equal(icws_candid_print(&args, ICWS_CANDID_ONE_LINE, &text), ICWS_OK);
  icws_buf_put_u8(&text, '\0');
  assert_string_equal((const char *)text.data, expected);
  icws_buf_wipe(&text);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
}

static void check_line(const char *type, const char *expected)
{
  struct fixture fixture;
  begin(&fixture, type);
  assert_int_equal(icws_chat_draft_line(&fixture.draft, icws_bytes_text("hi"), NOW, &fixture.out,
                                        &fixture.failure),
                   ICWS_OK);
  check_message(&fixture, expected);
  end(&fixture);
}

static void check_no_line(const char *type, const char *reason)
{
  struct fixture fixture;
  begin(&fixture, type);
  assert_int_equal(icws_chat_draft_line(&fixture.draft, icws_bytes_text("hi"), NOW, &fixture.out,
                                        &fixture.failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(fixture.failure.text, reason);
  assert_int_equal(fixture.out.len, 0);
  end(&fixture);
}

/* text is 1291439277, timestamp 2781795542, sender 1803863989. */
static void lines_become_messages(void **state)
{
  (void)state;
  check_line("text", "(\"hi\")");
  check_line("record { text : text; timestamp : nat64 }",
             "(record { 1291439277 = \"hi\"; 2781795542 = 1700000000000000000 : nat64 })");
  check_line("record { text : text; timestamp : nat64; sender : opt principal }",
             "(record { 1291439277 = \"hi\"; 1803863989 = null; "
             "2781795542 = 1700000000000000000 : nat64 })");
  check_line("record { text; null; reserved; opt nat }",
             "(record { \"hi\"; null; null : reserved; null })");
  check_line("record { body : text }", "(record { 1092319906 = \"hi\" })");
  check_line(NULL, "(record { 1291439277 = \"hi\"; 2781795542 = 1700000000000000000 : nat64 })");
}

#define REFUSED "a line does not make a message of this canister; /send takes a value of "

static void lines_that_become_none(void **state)
{
  (void)state;
  check_no_line("nat", REFUSED "nat");
  check_no_line("opt text", REFUSED "opt text");
  check_no_line("record { a : text; b : text }", REFUSED "record { a : text; b : text }");
  check_no_line("record { a : nat }", REFUSED "record { a : nat }");
  check_no_line("record { text : text; timestamp : nat }",
                REFUSED "record { text : text; timestamp : nat }");
  check_no_line("record { text : text; n : nat64 }", REFUSED "record { n : nat64; text : text }");
  check_no_line("variant { Say : text }", REFUSED "variant { Say : text }");
}

static void lines_are_utf8(void **state)
{
  (void)state;
  struct fixture fixture;
  begin(&fixture, "text");
  assert_int_equal(icws_chat_draft_line(&fixture.draft, icws_bytes_text("\xff"), NOW, &fixture.out,
                                        &fixture.failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(fixture.failure.text, "it is not UTF-8");
  end(&fixture);
}

/* As the official package encodes it. */
static void a_line_is_what_official_packages_make(void **state)
{
  (void)state;
  json_t *vectors = vectors_own("protocol_candid.json");
  json_t *row;
  size_t index;
  size_t checked = 0;
  json_array_foreach(vectors_get(vectors, "cases"), index, row)
  {
    const char *name = vectors_text(row, "name");
    if (strcmp(vectors_text(row, "kind"), "app_message") != 0 ||
        (strcmp(name, "ordinary") != 0 && strcmp(name, "empty text") != 0))
      continue;
    struct vectors_blob blob = vectors_hex_at(row, "hex");
    json_t *value = vectors_get(row, "value");
    struct fixture fixture;
    begin(&fixture, NULL);
    assert_int_equal(icws_chat_draft_line(&fixture.draft,
                                          icws_bytes_text(vectors_text(value, "text")),
                                          vectors_uint(value, "timestamp"), &fixture.out, NULL),
                     ICWS_OK);
    assert_true(icws_bytes_equal(icws_buf_bytes(&fixture.out), vectors_bytes(&blob)));
    end(&fixture);
    free(blob.data);
    checked++;
  }
  assert_int_equal(checked, 2);
  json_decref(vectors);
}

static void values_in_candid(void **state)
{
  (void)state;
  struct fixture fixture;
  begin(&fixture, "variant { Add : nat8; Stop }");
  assert_int_equal(icws_chat_draft_candid(&fixture.draft, icws_bytes_text("(variant { Add = 5 })"),
                                          &fixture.out, &fixture.spot, &fixture.failure),
                   ICWS_OK);
  check_message(&fixture, "(variant { 3254785 = 5 : nat8 })");
  icws_buf_clear(&fixture.out);
  assert_int_equal(icws_chat_draft_candid(&fixture.draft,
                                          icws_bytes_text("(variant { Add = 500 })"), &fixture.out,
                                          &fixture.spot, &fixture.failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(fixture.failure.text, "line 1, column 18: expected nat8, found 500");
  assert_int_equal(fixture.spot.offset, 17);
  assert_int_equal(fixture.out.len, 0);
  end(&fixture);
}

/* Without an interface a value says itself what it is. */
static void values_without_an_interface(void **state)
{
  (void)state;
  struct fixture fixture;
  begin(&fixture, NULL);
  assert_int_equal(icws_chat_draft_candid(&fixture.draft, icws_bytes_text("(record { 1; \"x\" })"),
                                          &fixture.out, &fixture.spot, &fixture.failure),
                   ICWS_OK);
  check_message(&fixture, "(record { 1; \"x\" })");
  assert_int_equal(icws_chat_draft_json(&fixture.draft, icws_bytes_text("1"), &fixture.out,
                                        &fixture.spot, &fixture.failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(fixture.failure.text,
                      "JSON does not say what types it is of; --candid FILE.did does");
  end(&fixture);
}

static void values_in_json(void **state)
{
  (void)state;
  struct fixture fixture;
  begin(&fixture, "record { text : text; n : nat64 }");
  assert_int_equal(icws_chat_draft_json(&fixture.draft,
                                        icws_bytes_text("{\"n\": \"7\", \"text\": \"x\"}"),
                                        &fixture.out, &fixture.spot, &fixture.failure),
                   ICWS_OK);
  check_message(&fixture, "(record { 110 = 7 : nat64; 1291439277 = \"x\" })");
  icws_buf_clear(&fixture.out);
  assert_int_equal(icws_chat_draft_json(&fixture.draft, icws_bytes_text("{\"n\": -1}"),
                                        &fixture.out, &fixture.spot, &fixture.failure),
                   ICWS_ERR_CANDID);
  assert_int_equal(fixture.spot.line, 0);
  assert_int_equal(fixture.out.len, 0);
  assert_int_equal(icws_chat_draft_json(&fixture.draft, icws_bytes_text("{\"n\": "), &fixture.out,
                                        &fixture.spot, &fixture.failure),
                   ICWS_ERR_CANDID);
  assert_int_equal(fixture.spot.line, 1);
  end(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_become_messages),
      cmocka_unit_test(lines_that_become_none),
      cmocka_unit_test(lines_are_utf8),
      cmocka_unit_test(a_line_is_what_official_packages_make),
      cmocka_unit_test(values_in_candid),
      cmocka_unit_test(values_without_an_interface),
      cmocka_unit_test(values_in_json),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

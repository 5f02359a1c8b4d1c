/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <icws/candid_text.h>
#include <icws/candid_value.h>

#include "candid_text_fixture.h"
#include "vectors.h"

/* Messages that are read as what they say they are. */

static void check_any(const char *hex, const char *value)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_candid_args args;
  struct icws_buf text;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  icws_buf_init(&text, 0, NULL);
  if (icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, &failure) != ICWS_OK)
    fail_msg("%s: %s", hex, failure.text);
  assert_ptr_equal(args.types, types);
  assert_string_equal(candid_text_print(&args, ICWS_CANDID_ONE_LINE, &text), value);
  icws_buf_wipe(&text);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  free(blob.data);
}

static void messages_say_what_they_are(void **state)
{
  (void)state;
  check_any("4449444c0000", "()");
  check_any("4449444c00037f7d71070178", "(null, 7 : nat, \"x\")");
}

/* The types of a message have the numbers that they have in it. */
static void types_keep_their_numbers(void **state)
{
  (void)state;
  /* opt 2; func (0) -> (text) query oneway; record { 5 : 3; 7 : nat }; vec nat8; service { m : 1 };
   * and one to come */
  struct vectors_blob blob = vectors_hex("4449444c06"
                                         "6e02"
                                         "6a01000171020102"
                                         "6c020503077d"
                                         "6d7b"
                                         "6901016d01"
                                         "67020000"
                                         "0102"
                                         "02414207");
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_candid_args args;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, NULL),
                   ICWS_OK);
  assert_int_equal(icws_candid_types_count(types), 6);
  assert_int_equal(icws_candid_types_get(types, 0)->item, 2);
  const struct icws_candid_type *func = icws_candid_types_get(types, 1);
  assert_int_equal(func->field_count, 1);
  assert_int_equal(func->fields[0].type, 0);
  assert_int_equal(func->results[0].type, ICWS_CANDID_TEXT);
  assert_int_equal(func->annotations, ICWS_CANDID_QUERY | ICWS_CANDID_ONEWAY);
  const struct icws_candid_type *record = icws_candid_types_get(types, 2);
  assert_int_equal(record->fields[0].id, 5);
  assert_int_equal(record->fields[0].type, 3);
  assert_null(record->fields[0].name.data);
  assert_true(icws_candid_types_is_blob(types, 3));
  assert_int_equal(icws_candid_types_get(types, 4)->methods[0].type, 1);
  assert_int_equal(icws_candid_types_constructor(types, 5), ICWS_CANDID_FUTURE);
  assert_int_equal(args.values[0].type, 2);
  /* Bytes are borrowed from the message. */
  assert_ptr_equal(args.values[0].as.items[0].as.bytes, blob.data + blob.len - 3);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  free(blob.data);
}

static void what_is_malformed_is_refused_as_anything(void **state)
{
  (void)state;
  static const struct {
    const char *message;
    const char *fault;
  } refused[] = {
      {"4449444c00016f", "argument 1: expected empty, found empty (at byte 7 of 7)"},
      {"4449444c00017e02", "argument 1: a bool is neither 0 nor 1 (at byte 8 of 8)"},
      {"4449444c00017e0101", "bytes are left over after the last argument (at byte 8 of 9)"},
      {"4449444c01", "a count is greater than the message is long (at byte 5 of 5)"},
      {"4449444c026d016c01057e010002"
       "0102",
       "argument 1, item 1, field 5: a bool is neither 0 nor 1 (at byte 16 of 16)"},
  };
  for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
    struct vectors_blob blob = vectors_hex(refused[i].message);
    struct icws_failure failure = {.text = ""};
    struct icws_candid_types *types;
    struct icws_arena arena;
    struct icws_candid_args args;
    assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
    icws_arena_init(&arena, 0, NULL);
    assert_int_equal(icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, &failure),
                     ICWS_ERR_CANDID);
    assert_string_equal(failure.text, refused[i].fault);
    icws_arena_wipe(&arena);
    icws_candid_types_del(types);
    free(blob.data);
  }
}

static void a_value_to_come_is_reserved(void **state)
{
  (void)state;
  check_any("4449444c016703616263"
            "0200710500"
            "68656c6c6f"
            "0178",
            "(null : reserved, \"x\")");
}

static void a_message_needs_a_table_of_its_own(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex("4449444c016e7d010000");
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_candid_args args;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, &failure),
                   ICWS_OK);
  assert_int_equal(icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "the table for the types is not empty");
  assert_int_equal(icws_candid_types_count(types), 1);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  free(blob.data);
}

static void a_failed_table_fails_again(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex("4449444c016e7d010000");
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_candid_args args;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  icws_candid_types_define(types, icws_bytes_text("T"), 99);
  assert_int_equal(icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text, "the table of types has failed before (at byte 9 of 10)");
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  free(blob.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_say_what_they_are),
      cmocka_unit_test(types_keep_their_numbers),
      cmocka_unit_test(what_is_malformed_is_refused_as_anything),
      cmocka_unit_test(a_value_to_come_is_reserved),
      cmocka_unit_test(a_message_needs_a_table_of_its_own),
      cmocka_unit_test(a_failed_table_fails_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

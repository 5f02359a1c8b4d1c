/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The official test suite of Candid, whole: each test as its kind says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>
#include <icws/candid_text.h>
#include <icws/candid_value.h>

#include "vectors.h"

#define MAX_ARGS 16
#define TESTS 322

/* What a test expects values to be of. */
struct expectation {
  struct icws_candid_types *types;
  int args[MAX_ARGS];
  size_t count;
};

/* The definitions of a test, as an interface. */
static void define(struct icws_candid_types *types, const json_t *definitions)
{
  struct icws_buf did;
  struct icws_candid_interface interface;
  struct icws_failure failure = {.text = ""};
  const char *name;
  json_t *type;
  icws_buf_init(&did, 0, NULL);
  json_object_foreach((json_t *)(uintptr_t)definitions, name, type)
  {
    icws_buf_put_text(&did, "type ");
    icws_buf_put_text(&did, name);
    icws_buf_put_text(&did, " = ");
    icws_buf_put_text(&did, json_string_value(type));
    icws_buf_put_text(&did, ";\n");
  }
  if (icws_candid_interface_parse(icws_buf_bytes(&did), types, NULL, NULL, &interface, NULL,
                                  &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  icws_buf_wipe(&did);
}

static void read_expectation(struct expectation *expectation, const json_t *test)
{
  struct icws_failure failure = {.text = ""};
  const json_t *definitions = json_object_get(test, "type_definitions");
  assert_int_equal(icws_candid_types_new(NULL, &expectation->types), ICWS_OK);
  if (definitions != NULL)
    define(expectation->types, definitions);
  if (icws_candid_parse_types(icws_bytes_text(vectors_text(test, "types")), expectation->types,
                              expectation->args, MAX_ARGS, &expectation->count, NULL,
                              &failure) != ICWS_OK)
    fail_msg("%s: %s", vectors_text(test, "name"), failure.text);
}

static enum icws_error decode_hex(const struct expectation *expectation, const json_t *test,
                                  const char *key, struct icws_arena *arena,
                                  struct icws_candid_args *args, struct icws_failure *failure)
{
  struct vectors_blob blob = vectors_hex_at(test, key);
  struct icws_bytes message = icws_arena_copy(arena, vectors_bytes(&blob));
  free(blob.data);
  return icws_candid_decode(message, expectation->types, expectation->args, expectation->count,
                            arena, args, failure);
}

/* Texts stand in the suite as in a string literal: a backslash is in front of quotes and itself. */
static void unescape(const char *escaped, struct icws_buf *text)
{
  for (const char *at = escaped; *at != '\0'; at++) {
    if (at[0] == '\\' && strchr("\\\"'", at[1]) != NULL)
      at++;
    icws_buf_put_u8(text, (uint8_t)*at);
  }
}

/* Two texts have fields that are not expected.  People are told of those; in a message they are
 * passed over, so these texts are made into one. */
static bool has_more_fields(const json_t *test)
{
  const char *name = vectors_text(test, "name");
  return strcmp(name, "construct#161") == 0 || strcmp(name, "construct#162") == 0;
}

static enum icws_error parse_by_message(const struct expectation *expectation,
                                        struct icws_bytes text, struct icws_arena *arena,
                                        struct icws_candid_args *args, struct icws_failure *failure)
{
  struct icws_candid_types *types;
  struct icws_candid_args any;
  struct icws_buf message;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_buf_init(&message, 0, NULL);
  assert_int_equal(icws_candid_parse(text, expectation->types, expectation->args,
                                     expectation->count, arena, args, NULL, failure),
                   ICWS_ERR_CANDID);
  assert_int_equal(icws_candid_parse_any(text, types, arena, &any, NULL, failure), ICWS_OK);
  assert_int_equal(icws_candid_encode(&any, &message, failure), ICWS_OK);
  struct icws_bytes bytes = icws_arena_copy(arena, icws_buf_bytes(&message));
  icws_buf_wipe(&message);
  icws_candid_types_del(types);
  return icws_candid_decode(bytes, expectation->types, expectation->args, expectation->count, arena,
                            args, failure);
}

static enum icws_error parse_text(const struct expectation *expectation, const json_t *test,
                                  const char *key, struct icws_arena *arena,
                                  struct icws_candid_args *args, struct icws_failure *failure)
{
  struct icws_buf text;
  icws_buf_init(&text, 0, NULL);
  unescape(vectors_text(test, key), &text);
  struct icws_bytes bytes = icws_buf_bytes(&text);
  enum icws_error error = has_more_fields(test)
                              ? parse_by_message(expectation, bytes, arena, args, failure)
                              : icws_candid_parse(bytes, expectation->types, expectation->args,
                                                  expectation->count, arena, args, NULL, failure);
  icws_buf_wipe(&text);
  return error;
}

static enum icws_error read_input(const struct expectation *expectation, const json_t *test,
                                  const char *hex_key, const char *text_key,
                                  struct icws_arena *arena, struct icws_candid_args *args,
                                  struct icws_failure *failure)
{
  return json_object_get(test, hex_key) != NULL
             ? decode_hex(expectation, test, hex_key, arena, args, failure)
             : parse_text(expectation, test, text_key, arena, args, failure);
}

/* Encoded and decoded again, a value is the same. */
static void check_encoding(const struct icws_candid_args *args,
                           const struct expectation *expectation, struct icws_arena *arena)
{
  struct icws_buf message;
  struct icws_candid_args again;
  struct icws_failure failure = {.text = ""};
  icws_buf_init(&message, 0, NULL);
  if (icws_candid_encode(args, &message, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  struct icws_bytes bytes = icws_arena_copy(arena, icws_buf_bytes(&message));
  if (icws_candid_decode(bytes, expectation->types, expectation->args, expectation->count, arena,
                         &again, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  assert_true(icws_candid_args_equal(args, &again));
  icws_buf_wipe(&message);
}

static void check_test(const json_t *test)
{
  const char *name = vectors_text(test, "name");
  const char *kind = vectors_text(test, "kind");
  struct expectation expectation;
  struct icws_arena arena;
  struct icws_candid_args args;
  struct icws_candid_args other;
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  read_expectation(&expectation, test);
  icws_arena_init(&arena, (size_t)16 << 20, NULL);
  enum icws_error error =
      read_input(&expectation, test, "blob_hex", "text", &arena, &args, &failure);
  if (strcmp(kind, "fails") == 0) {
    if (error != ICWS_ERR_CANDID && error != ICWS_ERR_LIMIT)
      fail_msg("%s gives %s", name, icws_error_name(error));
    assert_int_equal(failure.code, error);
    assert_true(failure.text[0] != '\0');
  } else {
    if (error != ICWS_OK)
      fail_msg("%s: %s", name, failure.text);
    check_encoding(&args, &expectation, &arena);
  }
  bool has_other = strcmp(kind, "equal") == 0 || strcmp(kind, "not_equal") == 0;
  if (has_other) {
    if (read_input(&expectation, test, "other_blob_hex", "other_text", &arena, &other, &failure) !=
        ICWS_OK)
      fail_msg("%s: %s", name, failure.text);
    if (icws_candid_args_equal(&args, &other) != (strcmp(kind, "equal") == 0))
      fail_msg("%s is not %s", name, kind);
  }
  icws_arena_wipe(&arena);
  icws_candid_types_del(expectation.types);
}

static void shared_official_suite(void **state)
{
  (void)state;
  json_t *root = vectors_shared("candid_tests.json");
  const json_t *test;
  size_t count[4] = {0};
  size_t i;
  static const char *const kinds[] = {"decodes", "fails", "equal", "not_equal"};
  json_array_foreach(vectors_get(root, "tests"), i, test)
  {
    check_test(test);
    for (size_t kind = 0; kind < 4; kind++)
      count[kind] += strcmp(vectors_text(test, "kind"), kinds[kind]) == 0;
  }
  assert_int_equal(i, TESTS);
  assert_int_equal(count[0] + count[1] + count[2] + count[3], TESTS);
  json_decref(root);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shared_official_suite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

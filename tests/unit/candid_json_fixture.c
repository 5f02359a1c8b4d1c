/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_json_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Messages of one argument of each type, but for its value: the type table and the argument's type
 * (Candid specification, "Binary Format"). */
static const char *const headers[TYPES] = {
    [OPT_NAT] = "016e7d0100",
    [OPT_OPT_NAT] = "026e016e7d0100",
    [OPT_BOOL] = "016e7e0100",
    [OPT_OPT_BOOL] = "026e016e7e0100",
    [OPT_OPT_OPT_BOOL] = "036e016e026e7e0100",
    [OPT_NULL] = "016e7f0100",
    [OPT_RESERVED] = "016e700100",
    [OPT_TEXT] = "016e710100",
    [INFINITE] = "016e000100",
    [LIST] = "026e016c02a0d2aca8047b90eddae704000100",
    [BLOB] = "016d7b0100",
    [VEC_BLOB] = "026d016d7b0100",
    [VEC_NAT16] = "016d7a0100",
    [VEC_NULL] = "016d7f0100",
    [PAIR] = "016c02007b01710100",
    [PAIR_OPT] = "026c03007b0101027f6e710100",
    [NO_FIELDS] = "016c000100",
    [UNNAMED] = "016c02057bc0843d7e0100",
    [PERSON] = "026c04dbb7017bcbe4fdc70471a3f795c80401f2afa8c804706e710100",
    [ODD_NAMES] = "016c05057b357bb7ac92017b83b6a6027b90dbaf057b0100",
    [RESULT] = "016b03bc8a017dc5fed20171b8a5a8c8047f0100",
    [UNNAMED_ONE] = "016b02037fbc8a017b0100",
    [FUNC] = "016a0000000100",
    [SERVICE] = "0169000100",
    [PEOPLE] = "036d016c04dbb7017bcbe4fdc70471a3f795c80402f2afa8c804706e710100",
};

static struct icws_candid_field_type named(const char *name, int type)
{
  return (struct icws_candid_field_type){
      .id = icws_candid_field_id(name), .type = type, .name = icws_bytes_text(name)};
}

static struct icws_candid_field_type numbered(uint32_t id, int type)
{
  return (struct icws_candid_field_type){.id = id, .type = type};
}

static struct icws_candid_field_type with_name(uint32_t id, const char *name, size_t len)
{
  return (struct icws_candid_field_type){
      .id = id, .type = ICWS_CANDID_NAT8, .name = icws_bytes_of(name, len)};
}

static void add(struct icws_candid_types *types, int number, int constructor,
                const struct icws_candid_field_type *fields, size_t count)
{
  struct icws_candid_type type = {
      .constructor = constructor, .fields = fields, .field_count = count};
  assert_int_equal(icws_candid_types_add(types, &type), number);
}

#define ADD(types, number, constructor, ...)                                                       \
  add(types, number, constructor, (const struct icws_candid_field_type[]){__VA_ARGS__},            \
      sizeof((struct icws_candid_field_type[]){__VA_ARGS__}) /                                     \
          sizeof(struct icws_candid_field_type))

static void add_opts(struct icws_candid_types *types)
{
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_NAT), OPT_NAT);
  assert_int_equal(icws_candid_types_opt(types, OPT_NAT), OPT_OPT_NAT);
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_BOOL), OPT_BOOL);
  assert_int_equal(icws_candid_types_opt(types, OPT_BOOL), OPT_OPT_BOOL);
  assert_int_equal(icws_candid_types_opt(types, OPT_OPT_BOOL), OPT_OPT_OPT_BOOL);
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_NULL), OPT_NULL);
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_RESERVED), OPT_RESERVED);
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_TEXT), OPT_TEXT);
  assert_int_equal(icws_candid_types_reserve(types), INFINITE);
  assert_int_equal(icws_candid_types_reserve(types), LIST);
  struct icws_candid_type infinite = {.constructor = ICWS_CANDID_OPT, .item = INFINITE};
  icws_candid_types_set(types, INFINITE, &infinite);
  ADD(types, LIST_NODE, ICWS_CANDID_RECORD, named("head", ICWS_CANDID_NAT8), named("tail", LIST));
  struct icws_candid_type list = {.constructor = ICWS_CANDID_OPT, .item = LIST_NODE};
  icws_candid_types_set(types, LIST, &list);
}

static void add_vecs(struct icws_candid_types *types)
{
  assert_int_equal(icws_candid_types_vec(types, ICWS_CANDID_NAT8), BLOB);
  assert_int_equal(icws_candid_types_vec(types, BLOB), VEC_BLOB);
  assert_int_equal(icws_candid_types_vec(types, ICWS_CANDID_NAT16), VEC_NAT16);
  assert_int_equal(icws_candid_types_vec(types, ICWS_CANDID_NULL), VEC_NULL);
}

static void add_records(struct icws_candid_types *types)
{
  ADD(types, PAIR, ICWS_CANDID_RECORD, numbered(0, ICWS_CANDID_NAT8),
      numbered(1, ICWS_CANDID_TEXT));
  ADD(types, PAIR_OPT, ICWS_CANDID_RECORD, numbered(0, ICWS_CANDID_NAT8), numbered(1, OPT_TEXT),
      numbered(2, ICWS_CANDID_NULL));
  add(types, NO_FIELDS, ICWS_CANDID_RECORD, NULL, 0);
  ADD(types, UNNAMED, ICWS_CANDID_RECORD, numbered(5, ICWS_CANDID_NAT8),
      numbered(1000000, ICWS_CANDID_BOOL));
  ADD(types, PERSON, ICWS_CANDID_RECORD, named("id", ICWS_CANDID_NAT8),
      named("name", ICWS_CANDID_TEXT), named("nick", OPT_TEXT),
      named("note", ICWS_CANDID_RESERVED));
  ADD(types, ODD_NAMES, ICWS_CANDID_RECORD, named("5", ICWS_CANDID_NAT8),
      numbered(5, ICWS_CANDID_NAT8), named("007", ICWS_CANDID_NAT8), with_name(4823811, "a\0b", 3),
      named("\xe2\x80\xae", ICWS_CANDID_NAT8));
}

static void add_variants_and_references(struct icws_candid_types *types)
{
  ADD(types, RESULT, ICWS_CANDID_VARIANT, named("Ok", ICWS_CANDID_NAT),
      named("Err", ICWS_CANDID_TEXT), named("none", ICWS_CANDID_NULL));
  ADD(types, UNNAMED_ONE, ICWS_CANDID_VARIANT, numbered(3, ICWS_CANDID_NULL),
      numbered(17724, ICWS_CANDID_NAT8));
  add(types, NO_CASES, ICWS_CANDID_VARIANT, NULL, 0);
  add(types, FUNC, ICWS_CANDID_FUNC, NULL, 0);
  add(types, SERVICE, ICWS_CANDID_SERVICE, NULL, 0);
  add(types, FUTURE, ICWS_CANDID_FUTURE, NULL, 0);
}

int json_fixture_set_up(void **state)
{
  struct json_fixture *fixture = calloc(1, sizeof *fixture);
  assert_non_null(fixture);
  assert_int_equal(icws_candid_types_new(NULL, &fixture->types), ICWS_OK);
  add_opts(fixture->types);
  add_vecs(fixture->types);
  add_records(fixture->types);
  add_variants_and_references(fixture->types);
  assert_int_equal(icws_candid_types_vec(fixture->types, PERSON), PEOPLE);
  assert_int_equal(icws_candid_types_error(fixture->types), ICWS_OK);
  icws_arena_init(&fixture->arena, 0, NULL);
  *state = fixture;
  return 0;
}

int json_fixture_tear_down(void **state)
{
  struct json_fixture *fixture = *state;
  icws_arena_wipe(&fixture->arena);
  icws_candid_types_del(fixture->types);
  free(fixture);
  return 0;
}

/* A message of one argument: |value| is the hex of its value. */
static struct vectors_blob message_of(int type, const char *value)
{
  char primitive[16];
  char hex[2048];
  snprintf(primitive, sizeof primitive, "0001%02x", (unsigned)type & 0x7f);
  int len = snprintf(hex, sizeof hex, "4449444c%s%s", type < 0 ? primitive : headers[type], value);
  assert_true(len > 0 && (size_t)len < sizeof hex);
  return vectors_hex(hex);
}

struct icws_candid_value json_fixture_decode(struct json_fixture *fixture, int type,
                                             const char *value)
{
  struct icws_candid_args args;
  struct vectors_blob message = message_of(type, value);
  struct icws_bytes copy = icws_arena_copy(&fixture->arena, vectors_bytes(&message));
  free(message.data);
  if (icws_candid_decode(copy, fixture->types, &type, 1, &fixture->arena, &args,
                         &fixture->failure) != ICWS_OK)
    fail_msg("%s", fixture->failure.text);
  return args.values[0];
}

void json_fixture_check(struct json_fixture *fixture, const struct icws_candid_value *value,
                        const char *json)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_to_json(fixture->types, value, &out), ICWS_OK);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, json);
  icws_buf_wipe(&out);
}

struct icws_candid_value json_fixture_read(struct json_fixture *fixture, int type, const char *json)
{
  struct icws_candid_value value;
  struct icws_candid_spot spot = {.line = 9};
  if (icws_candid_from_json(icws_bytes_text(json), fixture->types, type, &fixture->arena, &value,
                            &spot, &fixture->failure) != ICWS_OK)
    fail_msg("%s: %s", json, fixture->failure.text);
  assert_int_equal(spot.line, 9); /* only failures have one */
  return value;
}

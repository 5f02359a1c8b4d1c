/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_json.h>

#include "mem_probe.h"
#include "vectors.h"

/* --- The types of the tests -------------------------------------------------------------------- */

/* The composite ones are numbers of the table that add_types makes, in this order. */
enum type {
  OPT_NAT,
  OPT_OPT_NAT,
  OPT_BOOL,
  OPT_OPT_BOOL,
  OPT_OPT_OPT_BOOL,
  OPT_NULL,
  OPT_RESERVED,
  OPT_TEXT,
  INFINITE, /* opt of itself */
  LIST,     /* opt record { head : nat8; tail : LIST } */
  LIST_NODE,
  BLOB,
  VEC_BLOB,
  VEC_NAT16,
  VEC_NULL,
  PAIR,        /* record { nat8; text } */
  PAIR_OPT,    /* record { nat8; opt text; null } */
  NO_FIELDS,   /* record {} */
  UNNAMED,     /* record { 5 : nat8; 1000000 : bool } */
  PERSON,      /* record { id : nat8; name : text; nick : opt text; note : reserved } */
  ODD_NAMES,   /* record { "5" : nat8; 5 : nat8; "007"; "a\0b"; "\u{202e}" } */
  RESULT,      /* variant { Ok : nat; Err : text; none } */
  UNNAMED_ONE, /* variant { 3; 17724 : nat8 } */
  NO_CASES,    /* variant {} */
  FUNC,
  SERVICE,
  FUTURE,
  PEOPLE, /* vec PERSON */
  TYPES,
};

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

struct fixture {
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_failure failure;
};

static int set_up(void **state)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);
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

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  icws_arena_wipe(&fixture->arena);
  icws_candid_types_del(fixture->types);
  free(fixture);
  return 0;
}

/* --- Values both ways -------------------------------------------------------------------------- */

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

static struct icws_candid_value decode(struct fixture *fixture, int type,
                                       const struct vectors_blob *message)
{
  struct icws_candid_args args;
  if (icws_candid_decode(vectors_bytes(message), fixture->types, &type, 1, &fixture->arena, &args,
                         &fixture->failure) != ICWS_OK)
    fail_msg("%s", fixture->failure.text);
  return args.values[0];
}

static void check_written(struct fixture *fixture, const struct icws_candid_value *value,
                          const char *json)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_to_json(fixture->types, value, &out), ICWS_OK);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, json);
  icws_buf_wipe(&out);
}

static struct icws_candid_value read_json(struct fixture *fixture, int type, const char *json)
{
  struct icws_candid_value value;
  struct icws_candid_spot spot = {.line = 9};
  if (icws_candid_from_json(icws_bytes_text(json), fixture->types, type, &fixture->arena, &value,
                            &spot, &fixture->failure) != ICWS_OK)
    fail_msg("%s: %s", json, fixture->failure.text);
  assert_int_equal(spot.line, 9); /* only failures have one */
  return value;
}

static void check_equal(struct fixture *fixture, const struct icws_candid_value *a,
                        const struct icws_candid_value *b, const char *json)
{
  struct icws_candid_args left = {fixture->types, a, 1};
  struct icws_candid_args right = {fixture->types, b, 1};
  if (a->type != b->type || !icws_candid_args_equal(&left, &right))
    fail_msg("%s is another value", json);
}

static void encode(struct fixture *fixture, const struct icws_candid_value *value,
                   struct icws_buf *out)
{
  struct icws_candid_args args = {fixture->types, value, 1};
  if (icws_candid_encode(&args, out, &fixture->failure) != ICWS_OK)
    fail_msg("%s", fixture->failure.text);
}

/* The table of a message that we encode is ours to choose; what comes from JSON is encoded as what
 * comes from bytes is. */
static void check_encoded(struct fixture *fixture, const struct icws_candid_value *decoded,
                          const struct icws_candid_value *read, const char *json)
{
  struct icws_buf one;
  struct icws_buf other;
  icws_buf_init(&one, 0, NULL);
  icws_buf_init(&other, 0, NULL);
  encode(fixture, decoded, &one);
  encode(fixture, read, &other);
  if (!icws_bytes_equal(icws_buf_bytes(&one), icws_buf_bytes(&other)))
    fail_msg("%s is encoded to other bytes", json);
  icws_buf_wipe(&one);
  icws_buf_wipe(&other);
}

struct row {
  int type;
  const char *value; /* in hex, as in a message */
  const char *json;
};

#define D300                                                                                       \
  "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234" \
  "5678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678" \
  "9012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012" \
  "345678901234567890"

static const struct row rows[] = {
    {ICWS_CANDID_NULL, "", "null"},
    {ICWS_CANDID_RESERVED, "", "null"},
    {ICWS_CANDID_BOOL, "00", "false"},
    {ICWS_CANDID_BOOL, "01", "true"},

    {ICWS_CANDID_NAT8, "00", "0"},
    {ICWS_CANDID_NAT8, "ff", "255"},
    {ICWS_CANDID_NAT16, "ffff", "65535"},
    {ICWS_CANDID_NAT32, "ffffffff", "4294967295"},
    {ICWS_CANDID_NAT64, "ffffffffffff1f00", "9007199254740991"},
    {ICWS_CANDID_NAT64, "0000000000002000", "\"9007199254740992\""},
    {ICWS_CANDID_NAT64, "ffffffffffffffff", "\"18446744073709551615\""},
    {ICWS_CANDID_INT8, "7f", "127"},
    {ICWS_CANDID_INT8, "80", "-128"},
    {ICWS_CANDID_INT16, "0080", "-32768"},
    {ICWS_CANDID_INT32, "00000080", "-2147483648"},
    {ICWS_CANDID_INT32, "ffffff7f", "2147483647"},
    {ICWS_CANDID_INT64, "ffffffffffff1f00", "9007199254740991"},
    {ICWS_CANDID_INT64, "0000000000002000", "\"9007199254740992\""},
    {ICWS_CANDID_INT64, "010000000000e0ff", "-9007199254740991"},
    {ICWS_CANDID_INT64, "000000000000e0ff", "\"-9007199254740992\""},
    {ICWS_CANDID_INT64, "0000000000000080", "\"-9223372036854775808\""},
    {ICWS_CANDID_INT64, "ffffffffffffff7f", "\"9223372036854775807\""},
    {ICWS_CANDID_NAT, "00", "0"},
    {ICWS_CANDID_NAT, "ffffffffffffff0f", "9007199254740991"},
    {ICWS_CANDID_NAT, "8080808080808010", "\"9007199254740992\""},
    {ICWS_CANDID_NAT, "ffffffffffffffffff01", "\"18446744073709551615\""},
    {ICWS_CANDID_NAT, "80808080808080808002", "\"18446744073709551616\""},
    {ICWS_CANDID_NAT,
     "d295fcf1ecb2fce7ac97c5dff7bdd888bdc8f89a9995e28ba08587a8dae4edf1d1b680d8febcf9ead0dee1b38ca4"
     "c3add3978a87bef0d7f8aad0f9d7f4e8bce4debc8490eb81f9809daaa78ca5fa82c6bc9aacf884b3d1f98281f1c4"
     "a791c3d6c1e0f083fe9ccb9ce4f098d483b5b3ffc9ba9ddce2c8f6c1c2d8ccd2d883e6b5b9b484a285c0bdaac8a5"
     "98bab15e",
     "\"" D300 "\""},
    {ICWS_CANDID_INT, "7f", "-1"},
    {ICWS_CANDID_INT, "8180808080808070", "-9007199254740991"},
    {ICWS_CANDID_INT, "8080808080808070", "\"-9007199254740992\""},
    {ICWS_CANDID_INT, "80808080808080808001", "\"9223372036854775808\""},
    {ICWS_CANDID_INT, "ffffffffffffffffff7e", "\"-9223372036854775809\""},
    {ICWS_CANDID_INT,
     "aeea838e93cd8398d3e8baa088c2a7f7c2b787e5e6ea9df4dffaf8d7a59b928eaec9ffa781c38695afa19eccf3db"
     "bcd2ace8f5f8c18fa887d5af86a88b97c39ba1c3fbef94fe86ffe2d5d8f3da85fdb9c3e5d387fbccae86fdfe8ebb"
     "d8eebca9be9f8ffc81e3b4e39b8fe7abfccacc80b6c5e2a39db789bebda7b3ada7fc99cac6cbfbddfabfc2d5b7da"
     "e7c5cea17f",
     "\"-" D300 "\""},

    {ICWS_CANDID_FLOAT64, "0000000000000000", "0.0"},
    {ICWS_CANDID_FLOAT64, "0000000000000080", "-0.0"},
    {ICWS_CANDID_FLOAT64, "000000000000f03f", "1.0"},
    {ICWS_CANDID_FLOAT64, "9a9999999999b93f", "0.1"},
    {ICWS_CANDID_FLOAT64, "0100000000000000", "5e-324"},
    {ICWS_CANDID_FLOAT64, "ffffffffffffef7f", "1.7976931348623157e308"},
    {ICWS_CANDID_FLOAT64, "355800662deb41fe", "-1.5e300"},
    {ICWS_CANDID_FLOAT64, "000000000000f07f", "\"Infinity\""},
    {ICWS_CANDID_FLOAT64, "000000000000f0ff", "\"-Infinity\""},
    {ICWS_CANDID_FLOAT64, "000000000000f87f", "\"NaN\""},
    {ICWS_CANDID_FLOAT32, "00000080", "-0.0"},
    {ICWS_CANDID_FLOAT32, "0000c03f", "1.5"},
    {ICWS_CANDID_FLOAT32, "cdcccc3d", "0.10000000149011612"},
    {ICWS_CANDID_FLOAT32, "01000000", "1.401298464324817e-45"},
    {ICWS_CANDID_FLOAT32, "ffff7f7f", "3.4028234663852886e38"},
    /* Its shortest digits as a float32, 7.038531e-26, are a double that rounds to its neighbour. */
    {ICWS_CANDID_FLOAT32, "fe43ae15", "7.038531308148791e-26"},
    {ICWS_CANDID_FLOAT32, "0000807f", "\"Infinity\""},
    {ICWS_CANDID_FLOAT32, "000080ff", "\"-Infinity\""},
    {ICWS_CANDID_FLOAT32, "0000c07f", "\"NaN\""},

    {ICWS_CANDID_TEXT, "00", "\"\""},
    {ICWS_CANDID_TEXT, "026869", "\"hi\""},
    {ICWS_CANDID_TEXT, "0461006200", "\"a\\u0000b\\u0000\""},
    {ICWS_CANDID_TEXT, "06225c2f0a0d09", "\"\\\"\\\\/\\n\\r\\t\""},
    {ICWS_CANDID_TEXT, "041b08077f", "\"\\u001b\\u0008\\u0007\\u007f\""},
    {ICWS_CANDID_TEXT, "09c285c3a9d89ce282ac", "\"\\u0085\xc3\xa9\\u061c\xe2\x82\xac\""},
    {ICWS_CANDID_TEXT, "0ce280a8e280a9e280aee281a7", "\"\\u2028\\u2029\\u202e\\u2067\""},
    {ICWS_CANDID_TEXT, "04f09f9880", "\"\xf0\x9f\x98\x80\""},
    {ICWS_CANDID_PRINCIPAL, "0100", "\"aaaaa-aa\""},
    {ICWS_CANDID_PRINCIPAL, "010104", "\"2vxsx-fae\""},
    {ICWS_CANDID_PRINCIPAL, "011d000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c",
     "\"2mhjn-ayaae-bagba-faydq-qcikb-mga2d-qpcai-reeyu-culbo-gazdi-nry\""},
    {SERVICE, "0109efcdab000000000001", "\"2chl6-4hpzw-vqaaa-aaaaa-c\""},
    {FUNC, "01010104026869", "{\"service\":\"2vxsx-fae\",\"method\":\"hi\"}"},

    {OPT_NAT, "00", "null"},
    {OPT_NAT, "0105", "5"},
    {OPT_OPT_NAT, "00", "null"},
    {OPT_OPT_NAT, "0100", "[null]"},
    {OPT_OPT_NAT, "010105", "[5]"},
    {OPT_OPT_OPT_BOOL, "00", "null"},
    {OPT_OPT_OPT_BOOL, "0100", "[null]"},
    {OPT_OPT_OPT_BOOL, "010100", "[[null]]"},
    {OPT_OPT_OPT_BOOL, "01010101", "[[true]]"},
    {OPT_NULL, "00", "null"},
    {OPT_NULL, "01", "[null]"},
    {OPT_RESERVED, "01", "[null]"},
    {OPT_TEXT, "0103616263", "\"abc\""},
    {INFINITE, "010100", "[[null]]"},
    {LIST, "00", "null"},
    {LIST, "0107010800", "{\"head\":7,\"tail\":{\"head\":8,\"tail\":null}}"},

    {BLOB, "00", "\"\""},
    {BLOB, "0400010aff", "\"00010aff\""},
    {VEC_BLOB, "020001ab", "[\"\",\"ab\"]"},
    {VEC_NAT16, "00", "[]"},
    {VEC_NAT16, "020100ffff", "[1,65535]"},
    {VEC_NULL, "03", "[null,null,null]"},

    {PAIR, "070161", "[7,\"a\"]"},
    {PAIR_OPT, "0700", "[7,null,null]"},
    {NO_FIELDS, "", "{}"},
    {UNNAMED, "0701", "{\"5\":7,\"1000000\":true}"},
    {PERSON, "07026869010161", "{\"id\":7,\"name\":\"hi\",\"nick\":\"a\",\"note\":null}"},
    {PERSON, "070000", "{\"id\":7,\"name\":\"\",\"nick\":null,\"note\":null}"},
    {ODD_NAMES, "0102030405", "{\"5\":1,\"53\":2,\"007\":3,\"4823811\":4,\"\\u202e\":5}"},
    {RESULT, "0005", "{\"Ok\":5}"},
    {RESULT, "01026e6f", "{\"Err\":\"no\"}"},
    {RESULT, "02", "{\"none\":null}"},
    {UNNAMED_ONE, "00", "{\"3\":null}"},
    {UNNAMED_ONE, "0109", "{\"17724\":9}"},
    {PEOPLE, "00", "[]"},
};

static void values_are_written_and_read(void **state)
{
  struct fixture *fixture = *state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct vectors_blob message = message_of(rows[i].type, rows[i].value);
    struct icws_candid_value decoded = decode(fixture, rows[i].type, &message);
    struct icws_candid_value read = read_json(fixture, rows[i].type, rows[i].json);
    check_equal(fixture, &decoded, &read, rows[i].json);
    check_written(fixture, &decoded, rows[i].json);
    check_encoded(fixture, &decoded, &read, rows[i].json);
    free(message.data);
  }
}

/* What is read, but not written. */
static void other_ways_to_write_a_value_are_read(void **state)
{
  static const struct {
    int type;
    const char *json;
    const char *written;
  } cases[] = {
      {ICWS_CANDID_NAT8, " \n\t255 ", "255"},
      {ICWS_CANDID_NAT8, "\"255\"", "255"},
      {ICWS_CANDID_NAT8, "\"0255\"", "255"},
      {ICWS_CANDID_NAT, "9223372036854775807", "\"9223372036854775807\""},
      {ICWS_CANDID_INT, "-9223372036854775808", "\"-9223372036854775808\""},
      {ICWS_CANDID_INT64, "\"-5\"", "-5"},
      {ICWS_CANDID_FLOAT64, "1", "1.0"},
      {ICWS_CANDID_FLOAT64, "-7e2", "-700.0"},
      {ICWS_CANDID_FLOAT64, "1e-999", "0.0"},
      {ICWS_CANDID_FLOAT32, "3.4028235e38", "3.4028234663852886e38"},
      {ICWS_CANDID_FLOAT32, "0.1", "0.10000000149011612"},
      {ICWS_CANDID_TEXT, "\"\\u0041\\/\\b\\ud83d\\ude00\"", "\"A/\\u0008\xf0\x9f\x98\x80\""},
      {ICWS_CANDID_PRINCIPAL, "\"2VXSX-FAE\"", "\"2vxsx-fae\""},
      {BLOB, "\"00AbfF\"", "\"00abff\""},
      {BLOB, "[0,\"171\",255]", "\"00abff\""},
      {BLOB, "[]", "\"\""},
      {FUNC, "{\"method\":\"\",\"service\":\"aaaaa-aa\"}",
       "{\"service\":\"aaaaa-aa\",\"method\":\"\"}"},
      {LIST, "{\"head\":7}", "{\"head\":7,\"tail\":null}"},
      {PAIR_OPT, "[7]", "[7,null,null]"},
      {PAIR_OPT, "[7,\"a\"]", "[7,\"a\",null]"},
      {PERSON, "{\"name\":\"hi\",\"id\":7}",
       "{\"id\":7,\"name\":\"hi\",\"nick\":null,\"note\":null}"},
      {PERSON, "{\"23515\":7,\"1224700491\":\"hi\"}",
       "{\"id\":7,\"name\":\"hi\",\"nick\":null,\"note\":null}"},
      {UNNAMED_ONE, "\"3\"", "{\"3\":null}"},
      {UNNAMED_ONE, "{\"Ok\":9}", "{\"17724\":9}"}, /* its id */
      {RESULT, "\"none\"", "{\"none\":null}"},
      {RESULT, "\"1225396920\"", "{\"none\":null}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_candid_value value = read_json(*state, cases[i].type, cases[i].json);
    check_written(*state, &value, cases[i].written);
  }
}

/* xorshift64: the same numbers in each run. */
static uint64_t next_random(uint64_t *random)
{
  *random ^= *random << 13;
  *random ^= *random >> 7;
  *random ^= *random << 17;
  return *random;
}

static void read_back(struct fixture *fixture, const struct icws_candid_value *value,
                      struct icws_candid_value *again)
{
  struct icws_buf json;
  icws_buf_init(&json, 0, NULL);
  assert_int_equal(icws_candid_to_json(fixture->types, value, &json), ICWS_OK);
  assert_int_equal(icws_candid_from_json(icws_buf_bytes(&json), fixture->types, value->type,
                                         &fixture->arena, again, NULL, &fixture->failure),
                   ICWS_OK);
  icws_buf_wipe(&json);
}

static void every_bit_of_floats_survives(void **state)
{
  uint64_t random = 1;
  for (unsigned i = 0; i < 20000; i++) {
    struct icws_candid_value again;
    uint64_t bits = next_random(&random);
    uint32_t bits32 = (uint32_t)(bits >> 32);
    struct icws_candid_value value = {.type = ICWS_CANDID_FLOAT64};
    memcpy(&value.as.float64, &bits, sizeof bits);
    read_back(*state, &value, &again);
    if ((bits >> 52 & 0x7ff) != 0x7ff)
      assert_memory_equal(&again.as.float64, &bits, sizeof bits);
    value.type = ICWS_CANDID_FLOAT32;
    memcpy(&value.as.float32, &bits32, sizeof bits32);
    read_back(*state, &value, &again);
    if ((bits32 >> 23 & 0xff) != 0xff)
      assert_memory_equal(&again.as.float32, &bits32, sizeof bits32);
  }
}

static void arguments_are_an_array(void **state)
{
  struct fixture *fixture = *state;
  struct icws_candid_value values[] = {
      {.type = ICWS_CANDID_NAT8, .as.nat = 7},
      {.type = OPT_OPT_NAT},
      {.type = ICWS_CANDID_TEXT, .count = 2, .as.bytes = (const uint8_t *)"hi"},
  };
  struct icws_candid_args args = {fixture->types, values, 3};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_args_to_json(&args, &out), ICWS_OK);
  args.count = 0;
  icws_buf_put_u8(&out, ' ');
  assert_int_equal(icws_candid_args_to_json(&args, &out), ICWS_OK);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, "[7,null,\"hi\"] []");
  icws_buf_wipe(&out);
}

/* --- Failures ---------------------------------------------------------------------------------- */

static void check_failure(struct fixture *fixture, int type, struct icws_bytes json,
                          enum icws_error error, const char *text)
{
  struct icws_candid_value value = {.type = 99};
  struct icws_candid_spot spot = {.line = 9};
  enum icws_error found = icws_candid_from_json(json, fixture->types, type, &fixture->arena, &value,
                                                &spot, &fixture->failure);
  if (found != error)
    fail_msg("%.*s: %s instead of %s", (int)json.len, (const char *)json.data,
             icws_error_name(found), icws_error_name(error));
  assert_int_equal(fixture->failure.code, error);
  assert_string_equal(fixture->failure.text, text);
  assert_int_equal(value.type, 99);
  assert_int_equal(spot.offset, 0);
  assert_int_equal(spot.line, 0);
  assert_int_equal(spot.column, 0);
}

static void values_of_another_type_are_refused(void **state)
{
  static const struct {
    int type;
    const char *json;
    const char *text;
  } cases[] = {
      {ICWS_CANDID_NULL, "0", "expected null, found 0"},
      {ICWS_CANDID_RESERVED, "{}", "expected reserved, found an object of 0"},
      {ICWS_CANDID_EMPTY, "null", "there are no values of type empty"},
      {FUTURE, "null", "there are no values of a future type"},
      {ICWS_CANDID_BOOL, "null", "expected bool, found null"},
      {ICWS_CANDID_BOOL, "\"true\"", "expected bool, found \"true\""},
      {ICWS_CANDID_NAT8, "256", "expected nat8, found 256"},
      {ICWS_CANDID_NAT8, "-1", "expected nat8, found -1"},
      {ICWS_CANDID_NAT8, "true", "expected nat8, found true"},
      {ICWS_CANDID_NAT8, "1.0", "expected nat8, found 1"},
      {ICWS_CANDID_NAT8, "2.5", "expected nat8, found 2.5"},
      {ICWS_CANDID_NAT8, "\"\"", "expected nat8, found \"\""},
      {ICWS_CANDID_NAT8, "\"1_0\"", "expected nat8, found \"1_0\""},
      {ICWS_CANDID_NAT8, "\"+1\"", "expected nat8, found \"+1\""},
      {ICWS_CANDID_NAT8, "\"1\\u0000\"", "expected nat8, found \"1\""},
      {ICWS_CANDID_NAT16, "65536", "expected nat16, found 65536"},
      {ICWS_CANDID_NAT32, "4294967296", "expected nat32, found 4294967296"},
      {ICWS_CANDID_NAT64, "\"18446744073709551616\"",
       "expected nat64, found \"18446744073709551616\""},
      {ICWS_CANDID_NAT, "\"-1\"", "expected nat, found \"-1\""},
      {ICWS_CANDID_NAT, "\"0x10\"", "expected nat, found \"0x10\""},
      {ICWS_CANDID_INT, "\"-\"", "expected int, found \"-\""},
      {ICWS_CANDID_INT, "\"--1\"", "expected int, found \"--1\""},
      {ICWS_CANDID_INT8, "128", "expected int8, found 128"},
      {ICWS_CANDID_INT8, "-129", "expected int8, found -129"},
      {ICWS_CANDID_INT16, "-32769", "expected int16, found -32769"},
      {ICWS_CANDID_INT32, "2147483648", "expected int32, found 2147483648"},
      {ICWS_CANDID_INT64, "\"9223372036854775808\"",
       "expected int64, found \"9223372036854775808\""},
      {ICWS_CANDID_FLOAT64, "\"1.5\"", "expected float64, found \"1.5\""},
      {ICWS_CANDID_FLOAT64, "\"nan\"", "expected float64, found \"nan\""},
      {ICWS_CANDID_FLOAT64, "null", "expected float64, found null"},
      {ICWS_CANDID_FLOAT32, "1e39", "expected float32, found 1e+39"},
      {ICWS_CANDID_TEXT, "5", "expected text, found 5"},
      {ICWS_CANDID_PRINCIPAL, "\"2vxsx-fad\"", "expected a principal's text, found \"2vxsx-fad\""},
      {SERVICE, "[4]", "expected a principal's text, found an array of 1"},
      {FUNC, "{\"service\":\"aaaaa-aa\"}",
       "expected an object of service and method, found an object of 1"},
      {FUNC, "{\"service\":\"aaaaa-aa\",\"method\":\"\",\"m\":0}",
       "expected an object of service and method, found an object of 3"},
      {FUNC, "{\"service\":\"a\",\"method\":\"hi\"}",
       ".service: expected a principal's text, found \"a\""},
      {FUNC, "{\"service\":\"aaaaa-aa\",\"method\":1}", ".method: expected text, found 1"},
      {FUNC, "[]", "expected an object of service and method, found an array of 0"},
      {OPT_NAT, "[5]", "expected nat, found an array of 1"},
      {OPT_OPT_NAT, "5", "expected null or an array of 1, found 5"},
      {OPT_OPT_NAT, "[]", "expected null or an array of 1, found an array of 0"},
      {OPT_OPT_NAT, "[1,2]", "expected null or an array of 1, found an array of 2"},
      {OPT_OPT_NAT, "[\"x\"]", "[0]: expected nat, found \"x\""},
      {OPT_OPT_OPT_BOOL, "[[1]]", "[0][0]: expected bool, found 1"},
      {OPT_NULL, "[0]", "[0]: expected null, found 0"},
      {LIST, "{\"head\":1,\"tail\":{\"head\":2,\"tail\":{\"head\":256}}}",
       ".tail.tail.head: expected nat8, found 256"},
      {LIST, "{\"head\":1,\"tail\":{}}", ".tail.head: missing"},
      {BLOB, "\"abc\"", "expected pairs of hex digits, found \"abc\""},
      {BLOB, "\"xy\"", "expected pairs of hex digits, found \"xy\""},
      {BLOB, "[0,256]", "[1]: expected nat8, found 256"},
      {BLOB, "null", "expected hex digits or an array, found null"},
      {VEC_NAT16, "\"01\"", "expected an array, found \"01\""},
      {VEC_NAT16, "{}", "expected an array, found an object of 0"},
      {VEC_NULL, "[null,0]", "[1]: expected null, found 0"},
      {PAIR, "[7]", "[1]: missing"},
      {PAIR, "[7,\"a\",null]", "[2]: no such field"},
      {PAIR, "[\"a\",7]", "[0]: expected nat8, found \"a\""},
      {PAIR, "{\"0\":7,\"1\":\"a\"}", "expected an array, found an object of 2"},
      {PAIR_OPT, "[]", "[0]: missing"},
      {NO_FIELDS, "[]", "expected an object, found an array of 0"},
      {NO_FIELDS, "{\"a\":1}", ".a: no such field"},
      {PERSON, "{\"id\":7}", ".name: missing"},
      {PERSON, "{\"id\":7,\"name\":\"\",\"Nick\":\"\"}", ".Nick: no such field"},
      {PERSON, "{\"id\":7,\"name\":\"\",\"23515\":7}", ".23515: given twice, by name and by id"},
      {PERSON, "{\"id\":7,\"name\":\"\",\"note\":0}", ".note: expected reserved, found 0"},
      {UNNAMED, "{\"5\":7}", ".1000000: missing"},
      {UNNAMED, "{\"5\":7,\"01000000\":true}", ".01000000: no such field"},
      {UNNAMED, "{\"5\":7,\"4295967296\":true}", ".4295967296: no such field"},
      {UNNAMED, "{\"5\":7,\"1000000\\n\":true}", ".1000000?: no such field"},
      {RESULT, "5", "expected an object of 1 or a string, found 5"},
      {RESULT, "{}", "expected an object of 1 or a string, found an object of 0"},
      {RESULT, "{\"Ok\":1,\"none\":null}",
       "expected an object of 1 or a string, found an object of 2"},
      {RESULT, "{\"ok\":1}", ".ok: no such case"},
      {RESULT, "{\"Ok\":null}", ".Ok: expected nat, found null"},
      {RESULT, "{\"none\":1}", ".none: expected null, found 1"},
      {RESULT, "\"Ok\"", ".Ok: the case needs a value"},
      {RESULT, "\"some\"", ".some: no such case"},
      {RESULT, "\"none\\u0000\"", ".none?: no such case"},
      {NO_CASES, "\"none\"", ".none: no such case"},
      {PEOPLE,
       "[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"b\"},{\"id\":3,\"name\":\"c\"},"
       "{\"id\":256,\"name\":\"d\"}]",
       "[3].id: expected nat8, found 256"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    check_failure(*state, cases[i].type, icws_bytes_text(cases[i].json), ICWS_ERR_CANDID,
                  cases[i].text);
}

static void long_texts_and_places_are_cut(void **state)
{
  char json[1024] = "";
  check_failure(*state, ICWS_CANDID_BOOL,
                icws_bytes_text("\"1234567890123456789012345678901234567890x\""), ICWS_ERR_CANDID,
                "expected bool, found \"1234567890123456789012345678901234567890...\"");
  check_failure(*state, ICWS_CANDID_BOOL,
                icws_bytes_text("\"1234567890123456789012345678901234567890\""), ICWS_ERR_CANDID,
                "expected bool, found \"1234567890123456789012345678901234567890\"");
  for (unsigned i = 0; i < 30; i++)
    strcat(json, "{\"head\":1,\"tail\":");
  strcat(json, "5");
  for (unsigned i = 0; i < 30; i++)
    strcat(json, "}");
  check_failure(*state, LIST, icws_bytes_text(json), ICWS_ERR_CANDID,
                "...il.tail.tail.tail.tail.tail.tail.tail.tail.tail.tail.tail.tail.tail.tail"
                ".tail.tail.tail.tail.tail.tail.tail.tail.tail.tail: expected an object, found 5");
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
  struct fixture *fixture = *state;
  static const struct {
    const char *json;
    struct icws_candid_spot spot;
    const char *text;
  } cases[] = {
      {"", {0, 1, 1}, "line 1, column 1: unexpected token near end of file"},
      {"[1,", {2, 1, 3}, "line 1, column 3: ']' expected near end of file"},
      {"[\n 1,\n x]", {7, 3, 2}, "line 3, column 2: invalid token near 'x'"},
      {"1 2", {2, 1, 3}, "line 1, column 3: end of file expected near '2'"},
      {"[\"\xc3\xa9\", 01]", {7, 1, 7}, "line 1, column 7: invalid token near '0'"},
      {"{\"a\":1,\"a\":2}", {9, 1, 10}, "line 1, column 10: duplicate object key near '\"a\"'"},
      {"{\"\\u0000\":1}",
       {8, 1, 9},
       "line 1, column 9: NUL byte in object key not supported near '\"\\u0000\"'"},
      {"[\"\xff\"]", {1, 1, 2}, "line 1, column 2: unable to decode byte 0xff near '\"'"},
      {"\"\\ud800\"", {7, 1, 8}, "line 1, column 8: invalid Unicode '\\uD800' near '\"\\ud800\"'"},
      {"[9223372036854775808]",
       {19, 1, 20},
       "line 1, column 20: the number is too large: write a large integer as a string"},
      {"-9223372036854775809",
       {19, 1, 20},
       "line 1, column 20: the number is too large: write a large integer as a string"},
      {"1e999",
       {4, 1, 5},
       "line 1, column 5: the number is too large: write a large integer as a string"},
      {"NaN", {2, 1, 3}, "line 1, column 3: invalid token near 'NaN'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_candid_value value;
    struct icws_candid_spot spot = {.line = 9};
    assert_int_equal(icws_candid_from_json(icws_bytes_text(cases[i].json), fixture->types, VEC_NULL,
                                           &fixture->arena, &value, &spot, &fixture->failure),
                     ICWS_ERR_CANDID);
    assert_string_equal(fixture->failure.text, cases[i].text);
    assert_int_equal(spot.offset, cases[i].spot.offset);
    assert_int_equal(spot.line, cases[i].spot.line);
    assert_int_equal(spot.column, cases[i].spot.column);
    assert_int_equal(icws_candid_from_json(icws_bytes_text(cases[i].json), fixture->types, VEC_NULL,
                                           &fixture->arena, &value, NULL, NULL),
                     ICWS_ERR_CANDID);
  }
}

static void what_is_not_of_its_type_is_not_written(void **state)
{
  struct fixture *fixture = *state;
  static const uint8_t bytes[30] = {0xff};
  struct icws_candid_value nat = {.type = ICWS_CANDID_NAT8, .as.nat = 1};
  struct icws_candid_func func = {icws_bytes_of(bytes, 30), icws_bytes_text("hi")};
  struct icws_candid_func named_badly = {icws_bytes_of(bytes, 1), icws_bytes_of(bytes, 1)};
  const struct icws_candid_value values[] = {
      {.type = ICWS_CANDID_EMPTY},
      {.type = FUTURE},
      {.type = ICWS_CANDID_TEXT, .count = 1, .as.bytes = bytes},
      {.type = ICWS_CANDID_PRINCIPAL, .count = 30, .as.bytes = bytes},
      {.type = SERVICE, .count = 30, .as.bytes = bytes},
      {.type = FUNC, .as.func = &func},
      {.type = FUNC, .as.func = &named_badly},
      {.type = RESULT, .count = 3, .as.items = &nat},
      {.type = RESULT, .count = 0, .as.items = &nat}, /* Ok has a nat */
      {.type = OPT_BOOL, .as.items = &nat},
      {.type = VEC_NAT16, .count = 1, .as.items = &nat},
  };
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_buf_put(&out, "x", 1);
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    struct icws_candid_args args = {fixture->types, &values[i], 1};
    assert_int_equal(icws_candid_to_json(fixture->types, &values[i], &out),
                     ICWS_ERR_INVALID_ARGUMENT);
    assert_int_equal(icws_candid_args_to_json(&args, &out), ICWS_ERR_INVALID_ARGUMENT);
    assert_int_equal(icws_buf_error(&out), ICWS_OK);
    assert_int_equal(out.len, 1);
  }
  icws_buf_wipe(&out);
}

/* --- Limits and memory ------------------------------------------------------------------------- */

static void put_repeated(struct icws_buf *buf, char character, size_t count)
{
  while (count-- > 0)
    icws_buf_put_u8(buf, (uint8_t)character);
}

/* The value null in |depth| - 1 arrays: as many values as |depth| says. */
static void put_nested(struct icws_buf *json, size_t depth)
{
  icws_buf_clear(json);
  put_repeated(json, '[', depth - 1);
  icws_buf_put(json, "null", 4);
  put_repeated(json, ']', depth - 1);
}

static void nesting_is_bounded(void **state)
{
  struct fixture *fixture = *state;
  struct icws_candid_value value;
  struct icws_buf json;
  struct icws_buf again;
  icws_buf_init(&json, 0, NULL);
  icws_buf_init(&again, 0, NULL);
  put_nested(&json, ICWS_CANDID_MAX_DEPTH);
  assert_int_equal(icws_candid_from_json(icws_buf_bytes(&json), fixture->types, INFINITE,
                                         &fixture->arena, &value, NULL, &fixture->failure),
                   ICWS_OK);
  assert_int_equal(icws_candid_to_json(fixture->types, &value, &again), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&json), icws_buf_bytes(&again)));

  struct icws_candid_value deeper = {.type = INFINITE, .as.items = &value};
  icws_buf_clear(&again);
  assert_int_equal(icws_candid_to_json(fixture->types, &deeper, &again), ICWS_ERR_LIMIT);
  assert_int_equal(again.len, 0);
  put_nested(&json, ICWS_CANDID_MAX_DEPTH + 1);
  assert_int_equal(icws_candid_from_json(icws_buf_bytes(&json), fixture->types, INFINITE,
                                         &fixture->arena, &value, NULL, &fixture->failure),
                   ICWS_ERR_LIMIT);
  assert_non_null(strstr(fixture->failure.text, "[0][0]: nested too deeply"));
  icws_buf_wipe(&json);
  icws_buf_wipe(&again);
}

static void nesting_of_json_is_bounded(void **state)
{
  struct fixture *fixture = *state;
  struct icws_candid_value value;
  struct icws_candid_spot spot = {.line = 9};
  struct icws_buf json;
  icws_buf_init(&json, 0, NULL);
  put_repeated(&json, '[', 100000);
  assert_int_equal(icws_candid_from_json(icws_buf_bytes(&json), fixture->types, INFINITE,
                                         &fixture->arena, &value, &spot, &fixture->failure),
                   ICWS_ERR_LIMIT);
  assert_string_equal(fixture->failure.text,
                      "line 1, column 2049: maximum parsing depth reached near '['");
  assert_int_equal(spot.column, 2049);
  icws_buf_wipe(&json);
}

static void numbers_are_bounded(void **state)
{
  struct fixture *fixture = *state;
  struct icws_buf json;
  icws_buf_init(&json, 0, NULL);
  put_repeated(&json, '"', 1);
  put_repeated(&json, '9', 9864); /* 10^9864 - 1 is below 2^32768 */
  put_repeated(&json, '"', 1);
  icws_buf_put_u8(&json, 0);
  struct icws_candid_value value = read_json(fixture, ICWS_CANDID_NAT, (const char *)json.data);
  check_written(fixture, &value, (const char *)json.data);
  icws_buf_clear(&json);
  put_repeated(&json, '"', 1);
  put_repeated(&json, '9', 9865);
  put_repeated(&json, '"', 1);
  check_failure(fixture, ICWS_CANDID_NAT, icws_buf_bytes(&json), ICWS_ERR_LIMIT,
                "the number is too large");
  check_failure(fixture, ICWS_CANDID_NAT8, icws_buf_bytes(&json), ICWS_ERR_LIMIT,
                "the number is too large");
  icws_buf_wipe(&json);
}

static void the_arena_and_the_buffer_bound_values(void **state)
{
  struct fixture *fixture = *state;
  struct icws_arena all = fixture->arena;
  icws_arena_init(&fixture->arena, 64, NULL);
  check_failure(fixture, VEC_NULL, icws_bytes_text("[null,null,null,null,null]"), ICWS_ERR_LIMIT,
                "the value is too large");
  icws_arena_wipe(&fixture->arena);
  fixture->arena = all;

  struct icws_candid_value value = read_json(fixture, VEC_NULL, "[null,null]");
  struct icws_buf out;
  icws_buf_init(&out, 10, NULL);
  assert_int_equal(icws_candid_to_json(fixture->types, &value, &out), ICWS_ERR_LIMIT);
  assert_int_equal(out.len, 0);
  icws_buf_wipe(&out);
}

/* What takes memory in every way that there is. */
static const struct {
  int type;
  const char *json;
} lavish[] = {
    {PEOPLE, "[{\"id\":1,\"name\":\"a\",\"nick\":\"b\"},{\"id\":2,\"name\":\"c\"}]"},
    {VEC_BLOB, "[\"0102\",[3,4]]"},
    {FUNC, "{\"service\":\"2vxsx-fae\",\"method\":\"hi\"}"},
    {OPT_OPT_NAT, "[\"100000000000000000000000000000000000000000\"]"},
    {RESULT, "{\"Err\":\"no\"}"},
    {PAIR_OPT, "[1,\"a\"]"},
};

static enum icws_error read_lavish(struct fixture *fixture, size_t row, size_t max,
                                   const struct icws_mem *mem)
{
  struct icws_arena arena;
  struct icws_candid_value value;
  icws_arena_init(&arena, max, mem);
  fixture->failure.code = ICWS_OK;
  enum icws_error error =
      icws_candid_from_json(icws_bytes_text(lavish[row].json), fixture->types, lavish[row].type,
                            &arena, &value, NULL, &fixture->failure);
  assert_int_equal(fixture->failure.code, error);
  icws_arena_wipe(&arena);
  return error;
}

static void every_allocation_of_reading_may_fail(void **state)
{
  for (size_t row = 0; row < sizeof lavish / sizeof lavish[0]; row++) {
    enum icws_error error = ICWS_ERR_NOMEM;
    for (size_t allowed = 0; error != ICWS_OK; allowed++) {
      struct mem_probe probe;
      mem_probe_init(&probe);
      probe.fail_from = allowed;
      error = read_lavish(*state, row, 0, &probe.mem);
      assert_true(error == ICWS_OK || error == ICWS_ERR_NOMEM);
      assert_true(error == ICWS_OK ? allowed > 0 : allowed < 10);
      assert_int_equal(probe.live, 0);
    }
  }
}

static void every_byte_of_an_arena_may_be_the_last(void **state)
{
  for (size_t row = 0; row < sizeof lavish / sizeof lavish[0]; row++) {
    size_t max = 1;
    while (read_lavish(*state, row, max, NULL) == ICWS_ERR_LIMIT)
      max++;
    assert_in_range(max, 17, 1000);
    assert_int_equal(read_lavish(*state, row, max, NULL), ICWS_OK);
  }
}

static void every_allocation_of_writing_may_fail(void **state)
{
  struct fixture *fixture = *state;
  for (size_t row = 0; row < sizeof lavish / sizeof lavish[0]; row++) {
    struct icws_candid_value value = read_json(fixture, lavish[row].type, lavish[row].json);
    enum icws_error error = ICWS_ERR_NOMEM;
    for (size_t allowed = 0; error != ICWS_OK; allowed++) {
      struct mem_probe probe;
      struct icws_buf out;
      mem_probe_init(&probe);
      probe.fail_from = allowed;
      icws_buf_init(&out, 0, &probe.mem);
      error = icws_candid_to_json(fixture->types, &value, &out);
      assert_true(error == ICWS_OK || (error == ICWS_ERR_NOMEM && out.len == 0));
      assert_true(error == ICWS_OK ? allowed > 0 : allowed < 10);
      icws_buf_wipe(&out);
      assert_int_equal(probe.live, 0);
    }
  }
}

static void *no_memory(size_t size)
{
  (void)size;
  return NULL;
}

/* The JSON library's memory is its own. */
static void a_parser_without_memory_says_so(void **state)
{
  struct fixture *fixture = *state;
  struct icws_candid_value value;
  json_set_alloc_funcs(no_memory, free);
  enum icws_error error =
      icws_candid_from_json(icws_bytes_text("1"), fixture->types, ICWS_CANDID_NAT8, &fixture->arena,
                            &value, NULL, &fixture->failure);
  json_set_alloc_funcs(malloc, free);
  assert_int_equal(error, ICWS_ERR_NOMEM);
  assert_string_equal(fixture->failure.text, "out of memory");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(values_are_written_and_read),
      TEST(other_ways_to_write_a_value_are_read),
      TEST(every_bit_of_floats_survives),
      TEST(arguments_are_an_array),
      TEST(values_of_another_type_are_refused),
      TEST(long_texts_and_places_are_cut),
      TEST(what_is_no_json_is_refused_with_its_place),
      TEST(what_is_not_of_its_type_is_not_written),
      TEST(nesting_is_bounded),
      TEST(nesting_of_json_is_bounded),
      TEST(numbers_are_bounded),
      TEST(the_arena_and_the_buffer_bound_values),
      TEST(every_allocation_of_reading_may_fail),
      TEST(every_byte_of_an_arena_may_be_the_last),
      TEST(every_allocation_of_writing_may_fail),
      TEST(a_parser_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

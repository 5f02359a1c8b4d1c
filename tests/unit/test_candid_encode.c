/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>
#include <icws/candid_value.h>

#include "mem_probe.h"
#include "vectors.h"

/* --- Values ------------------------------------------------------------------------------------ */

/* Types from text, with a definition for one that holds itself; |*type| is the one. */
static struct icws_candid_types *types_of(const char *text, int *type)
{
  static const char definition[] = "type List = opt record { nat; List };";
  struct icws_candid_types *types;
  struct icws_candid_interface interface;
  struct icws_failure failure = {.text = ""};
  size_t count;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  if (icws_candid_interface_parse(icws_bytes_text(definition), types, NULL, NULL, &interface, NULL,
                                  &failure) != ICWS_OK ||
      icws_candid_parse_types(icws_bytes_text(text), types, type, 1, &count, NULL, &failure) !=
          ICWS_OK)
    fail_msg("%s: %s", text, failure.text);
  return types;
}

/* Encodes one value after two bytes that are there before. */
static enum icws_error encode_one(const struct icws_candid_types *types,
                                  const struct icws_candid_value *value, struct icws_buf *out,
                                  struct icws_failure *failure)
{
  const struct icws_candid_args args = {.types = types, .values = value, .count = 1};
  icws_buf_init(out, 0, NULL);
  icws_buf_put(out, "xy", 2);
  *failure = (struct icws_failure){.code = ICWS_OK, .text = ""};
  enum icws_error error = icws_candid_encode(&args, out, failure);
  assert_int_equal(failure->code, error);
  assert_memory_equal(out->data, "xy", 2);
  return error;
}

static void check_bytes(const struct icws_candid_types *types,
                        const struct icws_candid_value *value, const char *expected)
{
  struct icws_failure failure;
  struct icws_buf out;
  char hex[1024];
  if (encode_one(types, value, &out, &failure) != ICWS_OK)
    fail_msg("%s: %s", expected, failure.text);
  struct icws_bytes message = icws_bytes_of(out.data + 2, out.len - 2);
  assert_int_equal(icws_hex_encode(message, hex, sizeof(hex)), ICWS_OK);
  assert_memory_equal(hex, "4449444c", 8);
  assert_string_equal(hex + 8, expected);
  icws_buf_wipe(&out);
}

static void check_refused(const struct icws_candid_types *types,
                          const struct icws_candid_value *value, enum icws_error expected,
                          const char *text)
{
  struct icws_failure failure;
  struct icws_buf out;
  assert_int_equal(encode_one(types, value, &out, &failure), expected);
  assert_string_equal(failure.text, text);
  assert_int_equal(out.len, 2);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  icws_buf_wipe(&out);
}

#define VALUE(type_, member, content)                                                              \
  (&(struct icws_candid_value){.type = (type_), .as.member = (content)})
#define BYTES(type_, text)                                                                         \
  (&(struct icws_candid_value){                                                                    \
      .type = (type_), .count = sizeof(text) - 1, .as.bytes = (const uint8_t *)(text)})

static void primitives(void **state)
{
  (void)state;
  int type;
  struct icws_candid_types *types = types_of("(null)", &type);
  check_bytes(types, VALUE(ICWS_CANDID_NULL, nat, 0), "00017f");
  check_bytes(types, VALUE(ICWS_CANDID_RESERVED, nat, 0), "000170");
  check_bytes(types, VALUE(ICWS_CANDID_BOOL, boolean, true), "00017e01");
  check_bytes(types, VALUE(ICWS_CANDID_BOOL, boolean, false), "00017e00");
  check_bytes(types, VALUE(ICWS_CANDID_NAT, nat, UINT64_MAX), "00017dffffffffffffffffff01");
  check_bytes(types, BYTES(ICWS_CANDID_NAT, "\0\0\0\0\0\0\0\0\1"), "00017d80808080808080808002");
  check_bytes(types, VALUE(ICWS_CANDID_INT, integer, -129), "00017cff7e");
  check_bytes(types, BYTES(ICWS_CANDID_INT, "\0\0\0\0\0\0\0\0\xff"), "00017c8080808080808080807e");
  check_bytes(types, VALUE(ICWS_CANDID_NAT8, nat, 255), "00017bff");
  check_bytes(types, VALUE(ICWS_CANDID_NAT16, nat, 0x0102), "00017a0201");
  check_bytes(types, VALUE(ICWS_CANDID_NAT32, nat, UINT32_MAX), "000179ffffffff");
  check_bytes(types, VALUE(ICWS_CANDID_NAT64, nat, UINT64_MAX - 1), "000178feffffffffffffff");
  check_bytes(types, VALUE(ICWS_CANDID_INT8, integer, -128), "00017780");
  check_bytes(types, VALUE(ICWS_CANDID_INT16, integer, -2), "000176feff");
  check_bytes(types, VALUE(ICWS_CANDID_INT32, integer, INT32_MIN), "00017500000080");
  check_bytes(types, VALUE(ICWS_CANDID_INT64, integer, INT64_MIN), "0001740000000000000080");
  check_bytes(types, VALUE(ICWS_CANDID_FLOAT32, float32, -1.5f), "0001730000c0bf");
  check_bytes(types, VALUE(ICWS_CANDID_FLOAT64, float64, -0.0), "0001720000000000000080");
  check_bytes(types, VALUE(ICWS_CANDID_FLOAT64, float64, (double)INFINITY),
              "000172000000000000f07f");
  check_bytes(types, BYTES(ICWS_CANDID_TEXT, "\xe2\x98\x83"), "00017103e29883");
  check_bytes(types, BYTES(ICWS_CANDID_TEXT, ""), "00017100");
  check_bytes(types, BYTES(ICWS_CANDID_PRINCIPAL, "\xca\xff"), "0001680102caff");
  icws_candid_types_del(types);
}

/* Each type with a value of it, as its table and its bytes. */
static void composites(void **state)
{
  (void)state;
  struct icws_candid_value nat = {.type = ICWS_CANDID_NAT, .as.nat = 7};
  struct icws_candid_value pair[] = {
      nat, {.type = ICWS_CANDID_TEXT, .count = 1, .as.bytes = (const uint8_t *)"x"}};
  const struct icws_candid_func func = {.service = icws_bytes_of("\xca\xff\xee", 3),
                                        .method = icws_bytes_text("foo")};
  struct {
    const char *type;
    const char *bytes;
    struct icws_candid_value value;
  } rows[] = {
      {"(opt nat)", "016e7d01000107", {.as.items = &nat}},
      {"(opt nat)", "016e7d010000", {.as.items = NULL}},
      {"(vec nat)", "016d7d010000", {.count = 0}},
      {"(vec nat)", "016d7d01000107", {.count = 1, .as.items = &nat}},
      {"(blob)", "016d7b01000261ff", {.count = 2, .as.bytes = (const uint8_t *)"a\xff"}},
      {"(record {})", "016c000100", {.count = 0}},
      {"(record { nat; text })", "016c02007d01710100070178", {.as.items = pair}},
      /* b is 98, a is 97 */
      {"(record { b : text; a : nat })", "016c02617d62710100070178", {.as.items = pair}},
      {"(variant { b : nat; a })", "016b02617f627d01000107", {.count = 1, .as.items = &nat}},
      {"(func (nat, text) -> (bool) query)",
       "016a027d71017e0101010001010"
       "3caffee03666f6f",
       {.as.func = &func}},
      {"(func () -> () oneway)",
       "016a00000102010001010"
       "3caffee03666f6f",
       {.as.func = &func}},
      {"(func () -> () composite_query)",
       "016a00000103010001010"
       "3caffee03666f6f",
       {.as.func = &func}},
      {"(service { m : () -> (); a : () -> () })",
       "036902016101016d026a0000006a00000001000100",
       {.count = 0}},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct icws_candid_types *types = types_of(rows[i].type, &rows[i].value.type);
    check_bytes(types, &rows[i].value, rows[i].bytes);
    icws_candid_types_del(types);
  }
}

/* Of a table with much in it, only what the arguments lead to, in the order in which it comes up. */
static void only_needed_types_are_written(void **state)
{
  (void)state;
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  (void)icws_candid_types_opt(types, ICWS_CANDID_TEXT); /* 0: not needed */
  int vec = icws_candid_types_vec(types, ICWS_CANDID_BOOL);
  (void)icws_candid_types_vec(types, vec); /* 2: not needed */
  int opt = icws_candid_types_opt(types, vec);
  int node = icws_candid_types_reserve(types);
  int list = icws_candid_types_opt(types, node);
  const struct icws_candid_field_type fields[] = {{.id = 0, .type = list}, {.id = 1, .type = vec}};
  icws_candid_types_set(types, node,
                        &(struct icws_candid_type){
                            .constructor = ICWS_CANDID_RECORD, .fields = fields, .field_count = 2});
  const struct icws_candid_value values[] = {
      {.type = list}, {.type = ICWS_CANDID_NULL}, {.type = opt}, {.type = list}};
  const struct icws_candid_args args = {.types = types, .values = values, .count = 4};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_encode(&args, &out, NULL), ICWS_OK);
  /* 0: opt 2; 1: opt 3; 2: record { 0; 3 }; 3: vec bool */
  struct vectors_blob expected = vectors_hex("4449444c04"
                                             "6e02"
                                             "6e03"
                                             "6c0200000103"
                                             "6d7e"
                                             "04007f0100"
                                             "000000");
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), vectors_bytes(&expected)));
  free(expected.data);
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

/* --- What is not of its type ------------------------------------------------------------------- */

static void numbers_out_of_range(void **state)
{
  (void)state;
  static const char text[] = "argument 1: a number is out of its type's range";
  int type;
  struct icws_candid_types *types = types_of("(null)", &type);
  check_refused(types, VALUE(ICWS_CANDID_NAT8, nat, 256), ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_NAT16, nat, 65536), ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_NAT32, nat, UINT64_C(1) << 32), ICWS_ERR_INVALID_ARGUMENT,
                text);
  check_refused(types, VALUE(ICWS_CANDID_NAT32, nat, UINT64_MAX), ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_INT8, integer, 128), ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_INT8, integer, -129), ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_INT16, integer, 32768), ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_INT16, integer, INT64_MIN), ICWS_ERR_INVALID_ARGUMENT,
                text);
  check_refused(types, VALUE(ICWS_CANDID_INT32, integer, INT64_C(1) << 31),
                ICWS_ERR_INVALID_ARGUMENT, text);
  check_refused(types, VALUE(ICWS_CANDID_INT32, integer, INT64_MAX), ICWS_ERR_INVALID_ARGUMENT,
                text);
  check_bytes(types, VALUE(ICWS_CANDID_INT8, integer, 127), "0001777f");
  check_bytes(types, VALUE(ICWS_CANDID_NAT16, nat, 65535), "00017affff");
  check_bytes(types, VALUE(ICWS_CANDID_INT32, integer, INT32_MAX), "000175ffffff7f");

  static uint8_t bytes[ICWS_CANDID_NUMBER_MAX_BYTES + 1];
  memset(bytes, 1, sizeof(bytes));
  struct icws_candid_value number = {
      .type = ICWS_CANDID_NAT, .count = sizeof(bytes), .as.bytes = bytes};
  check_refused(types, &number, ICWS_ERR_INVALID_ARGUMENT,
                "argument 1: a number has too many bytes");
  number.type = ICWS_CANDID_INT;
  check_refused(types, &number, ICWS_ERR_INVALID_ARGUMENT,
                "argument 1: a number has too many bytes");
  number.count--;
  struct icws_failure failure;
  struct icws_buf out;
  assert_int_equal(encode_one(types, &number, &out, &failure), ICWS_OK);
  assert_int_equal(out.len, 2 + 7 + 4681); /* 4095 * 8 + 1 bits and a sign, by seven */
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

static void bytes_that_are_none(void **state)
{
  (void)state;
  static const char principal[30] = "012345678901234567890123456789";
  int type;
  struct icws_candid_types *types = types_of("(func () -> ())", &type);
  check_refused(types, BYTES(ICWS_CANDID_TEXT, "\xff"), ICWS_ERR_INVALID_ARGUMENT,
                "argument 1: a text is not UTF-8");
  struct icws_candid_value value = {
      .type = ICWS_CANDID_PRINCIPAL, .count = 30, .as.bytes = (const uint8_t *)principal};
  check_refused(types, &value, ICWS_ERR_INVALID_ARGUMENT, "argument 1: a principal is too long");
  struct icws_candid_func func = {.service = icws_bytes_of(principal, 30),
                                  .method = icws_bytes_text("m")};
  value = (struct icws_candid_value){.type = type, .as.func = &func};
  check_refused(types, &value, ICWS_ERR_INVALID_ARGUMENT, "argument 1: a principal is too long");
  func = (struct icws_candid_func){.service = icws_bytes_of(principal, 29),
                                   .method = icws_bytes_text("\xc0\x80")};
  check_refused(types, &value, ICWS_ERR_INVALID_ARGUMENT, "argument 1: a text is not UTF-8");
  icws_candid_types_del(types);
  types = types_of("(service {})", &type);
  value =
      (struct icws_candid_value){.type = type, .count = 30, .as.bytes = (const uint8_t *)principal};
  check_refused(types, &value, ICWS_ERR_INVALID_ARGUMENT, "argument 1: a principal is too long");
  value.count = 29;
  check_bytes(types, &value,
              "0169000100011d3031323334353637383930313233343536373839303132333435363738");
  icws_candid_types_del(types);
}

static void types_that_are_none(void **state)
{
  (void)state;
  static const int none[] = {
      1000, INT32_MAX, ICWS_CANDID_OPT, ICWS_CANDID_SERVICE, ICWS_CANDID_FUTURE, INT32_MIN};
  int type;
  struct icws_candid_types *types = types_of("(vec nat)", &type);
  for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
    check_refused(types, VALUE(none[i], nat, 0), ICWS_ERR_INVALID_ARGUMENT,
                  "argument 1: its type is not in the table");
  check_refused(types, VALUE(ICWS_CANDID_EMPTY, nat, 0), ICWS_ERR_INVALID_ARGUMENT,
                "argument 1: there are no values of type empty");
  int future =
      icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_FUTURE});
  check_refused(types, VALUE(future, nat, 0), ICWS_ERR_INVALID_ARGUMENT,
                "argument 1: there are no values of a future type");
  icws_candid_types_del(types);
}

/* Inside another value, with the way there. */
static void values_in_the_wrong_place(void **state)
{
  (void)state;
  static const char other[] = "a value is of another type than its place";
  struct icws_candid_value bad = {.type = ICWS_CANDID_INT};
  struct icws_candid_value good = {.type = ICWS_CANDID_NAT};
  struct icws_candid_value three[] = {good, good, bad};
  struct {
    const char *type;
    const char *where;
    struct icws_candid_value value;
  } rows[] = {
      {"(opt nat)", "argument 1", {.as.items = &bad}},
      {"(vec nat)", "argument 1, item 2", {.count = 3, .as.items = three}},
      {"(record { a : nat; b : nat; c : nat })", "argument 1, field c", {.as.items = three}},
      {"(record { nat; nat; nat })", "argument 1, field 2", {.as.items = three}},
      {"(variant { a; b : nat })", "argument 1, case b", {.count = 1, .as.items = &bad}},
  };
  char text[128];
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct icws_candid_types *types = types_of(rows[i].type, &rows[i].value.type);
    (void)snprintf(text, sizeof(text), "%s: %s", rows[i].where, other);
    check_refused(types, &rows[i].value, ICWS_ERR_INVALID_ARGUMENT, text);
    icws_candid_types_del(types);
  }
  int type;
  struct icws_candid_types *types = types_of("(variant { a; b : nat })", &type);
  struct icws_candid_value variant = {.type = type, .count = 2, .as.items = &good};
  check_refused(types, &variant, ICWS_ERR_INVALID_ARGUMENT,
                "argument 1: a variant has no such case");
  icws_candid_types_del(types);
}

static void the_argument_is_told(void **state)
{
  (void)state;
  int type;
  struct icws_candid_types *types = types_of("(null)", &type);
  const struct icws_candid_value values[] = {{.type = ICWS_CANDID_NULL},
                                             {.type = ICWS_CANDID_EMPTY}};
  const struct icws_candid_args args = {.types = types, .values = values, .count = 2};
  struct icws_failure failure = {.text = ""};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_encode(&args, &out, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "argument 2: there are no values of type empty");
  assert_int_equal(out.len, 0);
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

/* --- Limits ------------------------------------------------------------------------------------ */

static void depth_is_limited(void **state)
{
  (void)state;
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  int type = icws_candid_types_reserve(types);
  icws_candid_types_set(types, type,
                        &(struct icws_candid_type){.constructor = ICWS_CANDID_OPT, .item = type});
  static struct icws_candid_value values[ICWS_CANDID_MAX_DEPTH + 1];
  for (size_t i = 0; i <= ICWS_CANDID_MAX_DEPTH; i++)
    values[i] = (struct icws_candid_value){
        .type = type, .as.items = i < ICWS_CANDID_MAX_DEPTH ? &values[i + 1] : NULL};
  check_refused(types, &values[0], ICWS_ERR_LIMIT, "argument 1: values are nested too deeply");
  struct icws_failure failure;
  struct icws_buf out;
  assert_int_equal(encode_one(types, &values[1], &out, &failure), ICWS_OK);
  assert_int_equal(out.len, 2 + 9 + ICWS_CANDID_MAX_DEPTH);
  icws_buf_wipe(&out);
  values[ICWS_CANDID_MAX_DEPTH].as.items = &values[0]; /* for ever */
  check_refused(types, &values[1], ICWS_ERR_LIMIT, "argument 1: values are nested too deeply");
  icws_candid_types_del(types);
}

static void the_buffer_has_a_limit(void **state)
{
  (void)state;
  int type;
  struct icws_candid_types *types = types_of("(blob)", &type);
  const struct icws_candid_value value = {
      .type = type, .count = 4, .as.bytes = (const uint8_t *)"abcd"};
  const struct icws_candid_args args = {.types = types, .values = &value, .count = 1};
  const size_t len = 9 + 5;
  for (size_t max = 1; max <= len; max++) {
    struct icws_failure failure = {.code = ICWS_OK, .text = ""};
    struct icws_buf out;
    icws_buf_init(&out, max, NULL);
    assert_int_equal(icws_candid_encode(&args, &out, &failure),
                     max < len ? ICWS_ERR_LIMIT : ICWS_OK);
    assert_int_equal(out.len, max < len ? 0 : len);
    assert_int_equal(icws_buf_error(&out), failure.code);
    assert_string_equal(failure.text,
                        max < len ? "the message: a limit on size, depth or count was passed" : "");
    icws_buf_wipe(&out);
  }
  icws_candid_types_del(types);
}

static void a_buffer_that_failed_fails(void **state)
{
  (void)state;
  int type;
  struct icws_candid_types *types = types_of("(null)", &type);
  const struct icws_candid_args args = {.types = types, .values = NULL, .count = 0};
  struct icws_failure failure = {.text = ""};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_buf_put(&out, "abc", 3);
  icws_buf_fail(&out, ICWS_ERR_CBOR);
  assert_int_equal(icws_candid_encode(&args, &out, &failure), ICWS_ERR_CBOR);
  assert_int_equal(out.len, 3);
  icws_buf_clear(&out);
  assert_int_equal(icws_candid_encode(&args, &out, NULL), ICWS_OK);
  assert_int_equal(out.len, 6);
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  int type;
  struct icws_candid_types *types = types_of("(vec opt record { List })", &type);
  struct icws_candid_value items[200];
  for (size_t i = 0; i < 200; i++)
    items[i] = (struct icws_candid_value){.type = icws_candid_types_get(types, type)->item};
  const struct icws_candid_value value = {.type = type, .count = 200, .as.items = items};
  const struct icws_candid_args args = {.types = types, .values = &value, .count = 1};
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t fail_from = 0;
  for (; error != ICWS_OK; fail_from++) {
    struct icws_failure failure = {.code = ICWS_OK, .text = ""};
    struct mem_probe probe;
    struct icws_buf out;
    mem_probe_init(&probe);
    probe.fail_from = fail_from;
    icws_buf_init(&out, 0, &probe.mem);
    error = icws_candid_encode(&args, &out, &failure);
    assert_int_equal(error, probe.allocations > fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(failure.code, error);
    if (fail_from == 0)
      assert_string_equal(failure.text, "no memory for the types");
    if (error != ICWS_OK)
      assert_int_equal(out.len, 0);
    icws_buf_wipe(&out);
    assert_int_equal(probe.live, 0);
  }
  assert_true(fail_from > 3);
  icws_candid_types_del(types);
}

/* --- The official suite ------------------------------------------------------------------------ */

/* What can be read as what it says it is is the same once it is written and read again. */
static bool check_again(struct icws_bytes message)
{
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types;
  struct icws_candid_types *types_again;
  struct icws_candid_args args;
  struct icws_candid_args args_again;
  struct icws_arena arena;
  struct icws_buf out;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  assert_int_equal(icws_candid_types_new(NULL, &types_again), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  icws_buf_init(&out, 0, NULL);
  bool good = icws_candid_decode_any(message, types, &arena, &args, NULL) == ICWS_OK;
  if (good && icws_candid_encode(&args, &out, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  if (good && icws_candid_decode_any(icws_buf_bytes(&out), types_again, &arena, &args_again,
                                     &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  if (good)
    assert_true(icws_candid_args_equal(&args, &args_again));
  icws_buf_wipe(&out);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  icws_candid_types_del(types_again);
  return good;
}

static void shared_official_suite(void **state)
{
  (void)state;
  json_t *root = vectors_shared("candid_tests.json");
  const json_t *test;
  size_t i;
  size_t good = 0;
  json_array_foreach(vectors_get(root, "tests"), i, test)
  {
    if (json_object_get(test, "blob_hex") == NULL)
      continue;
    struct vectors_blob blob = vectors_hex_at(test, "blob_hex");
    bool decoded = check_again(vectors_bytes(&blob));
    if (!decoded && strcmp(vectors_text(test, "kind"), "fails") != 0)
      fail_msg("%s is not read", vectors_text(test, "name"));
    good += decoded;
    free(blob.data);
  }
  assert_true(good > 150);
  json_decref(root);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(primitives),
      cmocka_unit_test(composites),
      cmocka_unit_test(only_needed_types_are_written),
      cmocka_unit_test(numbers_out_of_range),
      cmocka_unit_test(bytes_that_are_none),
      cmocka_unit_test(types_that_are_none),
      cmocka_unit_test(values_in_the_wrong_place),
      cmocka_unit_test(the_argument_is_told),
      cmocka_unit_test(depth_is_limited),
      cmocka_unit_test(the_buffer_has_a_limit),
      cmocka_unit_test(a_buffer_that_failed_fails),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(shared_official_suite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

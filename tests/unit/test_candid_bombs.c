/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Messages that ask for more than they are worth: each is refused, or read, within memory that is a
 * multiple of its length, whatever it claims.
 */
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

#include "leb128.h"
#include "mem_meter.h"

#define KIB ((size_t)1024)

/* --- What memory there may be ------------------------------------------------------------------ */

/* What include/icws/candid_value.h promises of the arena. */
static size_t values_bound(size_t len, size_t count)
{
  return sizeof(struct icws_candid_value) *
         (ICWS_CANDID_SKIP_QUOTA + (ICWS_CANDID_STEPS_PER_BYTE + 1) * len + count);
}

/* An arena leaves less than a quarter of each block unused, and asks for one ahead. */
static size_t arena_bound(size_t used)
{
  return used + used / 3 + 65 * KIB;
}

/* An argument of a function in the table takes a byte, and is kept as a field while its type is
 * built and after that; besides there are up to ICWS_CANDID_MAX_TYPES entries. */
static size_t table_bound(size_t len)
{
  return 2 * arena_bound(len * sizeof(struct icws_candid_field_type)) +
         ICWS_CANDID_MAX_TYPES * (sizeof(struct icws_candid_type) + 3 * sizeof(void *)) + KIB;
}

/* --- Messages and expectations ----------------------------------------------------------------- */

struct bomb {
  struct icws_buf message;
  struct icws_candid_types *types;
  int args[4];
  size_t count;
  size_t compared; /* bytes for comparing types */
};

static void put_hex(struct icws_buf *buf, const char *hex)
{
  assert_int_equal(icws_hex_decode(icws_bytes_text(hex), buf), ICWS_OK);
}

static void put_times(struct icws_buf *buf, size_t times, const char *hex)
{
  while (times-- > 0)
    put_hex(buf, hex);
}

/* |header| is the message without DIDL, up to its values. */
static void start(struct bomb *bomb, const char *header)
{
  *bomb = (struct bomb){.count = 0};
  icws_buf_init(&bomb->message, 0, NULL);
  icws_buf_put(&bomb->message, "DIDL", 4);
  put_hex(&bomb->message, header);
  assert_int_equal(icws_candid_types_new(NULL, &bomb->types), ICWS_OK);
}

static void expect(struct bomb *bomb, const char *definitions, const char *types)
{
  struct icws_candid_interface interface;
  struct icws_failure failure = {.text = ""};
  if (icws_candid_interface_parse(icws_bytes_text(definitions), bomb->types, NULL, NULL, &interface,
                                  NULL, &failure) != ICWS_OK ||
      icws_candid_parse_types(icws_bytes_text(types), bomb->types, bomb->args, 4, &bomb->count,
                              NULL, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
}

/* Reads it, with no limit for the arena where |max| is 0; |fault| is NULL where nothing may fail. */
static void explode_within(const struct bomb *bomb, size_t max, enum icws_error expected,
                           const char *fault)
{
  struct icws_bytes message = icws_buf_bytes(&bomb->message);
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  struct icws_arena arena;
  struct icws_candid_args args;
  struct mem_meter meter;
  mem_meter_init(&meter);
  icws_arena_init(&arena, max, &meter.mem);
  enum icws_error error =
      icws_candid_decode(message, bomb->types, bomb->args, bomb->count, &arena, &args, &failure);
  if (error != expected)
    fail_msg("%s: %s", icws_error_name(error), failure.text);
  if (fault != NULL)
    assert_non_null(strstr(failure.text, fault));
  size_t most = values_bound(message.len, bomb->count);
  if (max > 0 && max < most)
    most = max;
  assert_true(arena.used <= most);
  assert_true(meter.peak <= arena_bound(most) + table_bound(message.len) + bomb->compared);
  icws_arena_wipe(&arena);
  assert_int_equal(meter.live, 0);
}

/* With all memory, then with little. */
static void explode(struct bomb *bomb, enum icws_error expected, const char *fault)
{
  explode_within(bomb, 0, expected, fault);
  if (expected == ICWS_ERR_LIMIT)
    explode_within(bomb, 4 * KIB, expected, NULL);
}

/* At no types, so that all of it is passed over. */
static void explode_when_skipped(struct bomb *bomb, enum icws_error expected, const char *fault)
{
  size_t count = bomb->count;
  bomb->count = 0;
  explode(bomb, expected, fault);
  bomb->count = count;
}

static void explode_as_anything(const struct bomb *bomb, enum icws_error expected)
{
  struct icws_bytes message = icws_buf_bytes(&bomb->message);
  struct icws_candid_types *types;
  struct icws_candid_args args;
  struct icws_arena arena;
  struct mem_meter meter;
  mem_meter_init(&meter);
  icws_arena_init(&arena, 0, &meter.mem);
  assert_int_equal(icws_candid_types_new(&meter.mem, &types), ICWS_OK);
  assert_int_equal(icws_candid_decode_any(message, types, &arena, &args, NULL), expected);
  assert_true(arena.used <= values_bound(message.len, ICWS_CANDID_MAX_ARGS));
  assert_true(meter.peak <= arena_bound(values_bound(message.len, ICWS_CANDID_MAX_ARGS)) +
                                table_bound(message.len));
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  assert_int_equal(meter.live, 0);
}

static void finish(struct bomb *bomb)
{
  icws_buf_wipe(&bomb->message);
  icws_candid_types_del(bomb->types);
}

/* --- Values without bytes ---------------------------------------------------------------------- */

static const char too_many_items[] = "a vec has too many items without bytes";
static const char too_many_steps[] = "takes too many steps";

static void a_billion_nulls(void **state)
{
  (void)state;
  static const char *const vecs[] = {
      "016d7f0100",             /* vec null */
      "016d700100",             /* vec reserved */
      "026d016c000100",         /* vec record {} */
      "036d016c0100026c000100", /* vec record { record {} } */
  };
  static const char *const types[] = {"(vec null)", "(vec reserved)", "(vec record {})",
                                      "(vec record { record {} })"};
  for (size_t i = 0; i < 4; i++) {
    struct bomb bomb;
    start(&bomb, vecs[i]);
    icws_leb128_put(&bomb.message, 1000000000);
    expect(&bomb, "", types[i]);
    explode(&bomb, ICWS_ERR_LIMIT, too_many_items);
    explode_when_skipped(&bomb, ICWS_ERR_LIMIT, too_many_items);
    explode_as_anything(&bomb, ICWS_ERR_LIMIT);
    finish(&bomb);
    start(&bomb, vecs[i]);
    icws_leb128_put(&bomb.message, 1000000000);
    expect(&bomb, "", "(opt text)"); /* which is a mismatch */
    explode(&bomb, ICWS_ERR_LIMIT, too_many_items);
    finish(&bomb);
  }
}

static void as_many_nulls_as_may_be(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "016d7f0100");
  icws_leb128_put(&bomb.message, 30000);
  expect(&bomb, "", "(vec opt nat)");
  explode(&bomb, ICWS_OK, NULL);
  explode_when_skipped(&bomb, ICWS_OK, NULL);
  explode_as_anything(&bomb, ICWS_OK);
  explode_within(&bomb, 30001 * sizeof(struct icws_candid_value), ICWS_OK, NULL);
  explode_within(&bomb, 30001 * sizeof(struct icws_candid_value) - 1, ICWS_ERR_LIMIT,
                 "the values need more memory");
  finish(&bomb);
}

/* Many vecs, each of which claims what a single one may. */
static void many_vecs_of_many_nulls(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "026d016d7f0100");
  icws_leb128_put(&bomb.message, 100);
  for (int i = 0; i < 100; i++)
    icws_leb128_put(&bomb.message, 20000);
  expect(&bomb, "", "(vec vec null)");
  explode(&bomb, ICWS_ERR_LIMIT, NULL);
  explode_when_skipped(&bomb, ICWS_ERR_LIMIT, NULL);
  explode_as_anything(&bomb, ICWS_ERR_LIMIT);
  finish(&bomb);
}

/* Each type has the one before twice: 2^40 values in a table of 41 entries. */
static void types_that_double(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "29");
  for (uint8_t i = 0; i < 40; i++) {
    put_hex(&bomb.message, "6c0200");
    icws_buf_put_u8(&bomb.message, (uint8_t)(i + 1));
    icws_buf_put_u8(&bomb.message, 1);
    icws_buf_put_u8(&bomb.message, (uint8_t)(i + 1));
  }
  put_hex(&bomb.message, "6c00"
                         "0100");
  expect(&bomb, "", "(reserved)");
  explode(&bomb, ICWS_ERR_LIMIT, too_many_steps);
  explode_when_skipped(&bomb, ICWS_ERR_LIMIT, too_many_steps);
  explode_as_anything(&bomb, ICWS_ERR_LIMIT);
  finish(&bomb);
}

/* --- Counts ------------------------------------------------------------------------------------ */

static void counts_beyond_the_message(void **state)
{
  (void)state;
  static const char more_items[] = "a vec has more items than there are bytes";
  static const char greater[] = "a count is greater than the message is long";
  static const struct {
    const char *message;
    const char *fault;
  } rows[] = {
      {"016d7d0100ffffffff7f00", more_items},         /* vec nat */
      {"016d7b0100ffffffff7f00", more_items},         /* vec nat8 */
      {"016d780100ffffffffffffffff7f00", more_items}, /* vec nat64 */
      {"026d016b01007f0100ffffffff7f00", more_items}, /* vec variant */
      {"000171ffffffff7f", "the message ends within a value"},
      {"ffffffff7f00", greater},     /* entries of the table */
      {"016cffffffff7f00", greater}, /* fields */
      {"016affffffff7f00", greater}, /* arguments of a function */
      {"0169ffffffff7f00", greater}, /* methods */
      {"00ffffffff7f00", greater},   /* arguments */
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct bomb bomb;
    start(&bomb, rows[i].message);
    expect(&bomb, "", "(reserved)");
    explode(&bomb, ICWS_ERR_CANDID, rows[i].fault);
    explode_when_skipped(&bomb, ICWS_ERR_CANDID, rows[i].fault);
    explode_as_anything(&bomb, ICWS_ERR_CANDID);
    finish(&bomb);
  }
}

/* Vecs in vecs, each with as many items as there are bytes after it. */
static void nested_vecs_with_great_counts(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "016d000100"); /* a vec of itself */
  for (unsigned left = 500; left-- > 0;)
    icws_leb128_put(&bomb.message, left < 100 ? left : 100);
  expect(&bomb, "type V = vec V;", "(V)");
  explode(&bomb, ICWS_ERR_CANDID, NULL);
  explode_when_skipped(&bomb, ICWS_ERR_CANDID, NULL);
  explode_as_anything(&bomb, ICWS_ERR_CANDID);
  finish(&bomb);
}

/* --- Depth ------------------------------------------------------------------------------------- */

struct deep {
  const char *header; /* of a type that holds itself */
  const char *definition;
  const char *step; /* from a value to the one that it holds */
  const char *end;
};

static const struct deep deep[] = {
    {"016e000100", "type T = opt T;", "01", "00"},
    {"016d000100", "type T = vec T;", "01", "00"},
    {"016b02007f01000100", "type T = variant { 0; 1 : T };", "01", "00"},
    {"026c010001"
     "6e00"
     "0101",
     "type R = record { T }; type T = opt R;", "01", "00"},
};

/* The innermost value of the variant has a null in it, and there are two types in the last row. */
static size_t steps_to(size_t row, size_t depth)
{
  return row == 2 ? depth - 2 : row == 3 ? (depth - 1) / 2 : depth - 1;
}

static void depth_is_limited(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
    for (size_t more = 0; more < 2; more++) {
      struct bomb bomb;
      enum icws_error expected = more == 0 ? ICWS_OK : ICWS_ERR_LIMIT;
      const char *fault = more == 0 ? NULL : "values are nested too deeply";
      start(&bomb, deep[i].header);
      put_times(&bomb.message, steps_to(i, ICWS_CANDID_MAX_DEPTH) + more, deep[i].step);
      put_hex(&bomb.message, deep[i].end);
      expect(&bomb, deep[i].definition, "(T)");
      explode(&bomb, expected, fault);
      explode_when_skipped(&bomb, expected, fault);
      explode_as_anything(&bomb, expected);
      finish(&bomb);
    }
  }
}

static void depth_beyond_all(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
    struct bomb bomb;
    start(&bomb, deep[i].header);
    put_times(&bomb.message, 100000, deep[i].step);
    put_hex(&bomb.message, deep[i].end);
    expect(&bomb, deep[i].definition, "(T)");
    explode(&bomb, ICWS_ERR_LIMIT, "values are nested too deeply");
    explode_when_skipped(&bomb, ICWS_ERR_LIMIT, "values are nested too deeply");
    explode_as_anything(&bomb, ICWS_ERR_LIMIT);
    finish(&bomb);
  }
}

static void a_record_that_holds_itself(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "016c0100000100");
  expect(&bomb, "type R = record { R };", "(R)");
  explode(&bomb, ICWS_ERR_LIMIT, "values are nested too deeply");
  explode_when_skipped(&bomb, ICWS_ERR_LIMIT, "values are nested too deeply");
  explode_as_anything(&bomb, ICWS_ERR_LIMIT);
  finish(&bomb);
  /* Twice: 2^512 values, if nothing ended it. */
  start(&bomb, "016c02000001000100");
  expect(&bomb, "type R = record { R; R };", "(opt R)");
  explode(&bomb, ICWS_ERR_LIMIT, NULL);
  explode_when_skipped(&bomb, ICWS_ERR_LIMIT, NULL);
  explode_as_anything(&bomb, ICWS_ERR_LIMIT);
  finish(&bomb);
}

static void an_opt_of_itself_is_expected(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "00017e01");
  expect(&bomb, "type O = opt O;", "(O)");
  explode(&bomb, ICWS_ERR_LIMIT, "values are nested too deeply");
  finish(&bomb);
}

/* --- Tables ------------------------------------------------------------------------------------ */

static void entries_are_limited(void **state)
{
  (void)state;
  for (size_t more = 0; more < 2; more++) {
    struct bomb bomb;
    enum icws_error expected = more == 0 ? ICWS_OK : ICWS_ERR_LIMIT;
    start(&bomb, "");
    icws_leb128_put(&bomb.message, ICWS_CANDID_MAX_TYPES + more);
    put_times(&bomb.message, ICWS_CANDID_MAX_TYPES + more, "6e7f");
    put_hex(&bomb.message, "00");
    expect(&bomb, "", "()");
    explode(&bomb, expected, more == 0 ? NULL : "the type table has too many entries");
    explode_as_anything(&bomb, expected);
    finish(&bomb);
  }
}

/* What takes the least bytes on the wire for the most memory. */
static void wide_types(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "026a");
  icws_leb128_put(&bomb.message, 100000);
  put_times(&bomb.message, 100000, "7f");
  put_hex(&bomb.message, "0000"
                         "6c");
  icws_leb128_put(&bomb.message, 100000);
  for (uint32_t id = 0; id < 100000; id++) {
    icws_leb128_put(&bomb.message, id);
    put_hex(&bomb.message, "7f");
  }
  put_hex(&bomb.message, "00");
  expect(&bomb, "", "()");
  explode(&bomb, ICWS_OK, NULL);
  explode_as_anything(&bomb, ICWS_OK);
  finish(&bomb);
}

/* --- What is read twice ------------------------------------------------------------------------ */

/* record { opt (itself); text }, |depth| times, at the same with nat for text: on each level there is a
 * mismatch after all that is within. */
static void put_mismatches(struct bomb *bomb, size_t depth)
{
  start(bomb, "036c020001"
              "0171"
              "6e00"
              "6e00"
              "0102");
  put_times(&bomb->message, depth, "01");
  put_hex(&bomb->message, "00");
  for (size_t i = 0; i < depth; i++) {
    put_hex(&bomb->message, "7f");
    put_times(&bomb->message, 127, "61");
  }
  expect(bomb, "type R = record { opt R; nat };", "(opt R)");
}

static void mismatches_within_mismatches(void **state)
{
  (void)state;
  struct bomb bomb;
  put_mismatches(&bomb, 16);
  explode(&bomb, ICWS_OK, NULL);
  finish(&bomb);
  put_mismatches(&bomb, 250);
  explode_when_skipped(&bomb, ICWS_OK, NULL);
  explode(&bomb, ICWS_ERR_LIMIT, too_many_steps);
  finish(&bomb);
}

/* --- What is expected and missing -------------------------------------------------------------- */

#define WIDE 2000

/* A record with WIDE opts besides |first|. */
static int wide_record(struct icws_candid_types *types, int first)
{
  static struct icws_candid_field_type fields[WIDE + 1];
  int opt = icws_candid_types_opt(types, ICWS_CANDID_NAT);
  fields[0] = (struct icws_candid_field_type){.id = 0, .type = first};
  for (uint32_t i = 1; i <= WIDE; i++)
    fields[i] = (struct icws_candid_field_type){.id = i, .type = opt};
  return icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_RECORD,
                                                                 .fields = fields,
                                                                 .field_count = WIDE + 1});
}

static void put_small_records(struct bomb *bomb, size_t count, int first)
{
  start(bomb, "036d016e026c01007e0100"); /* vec opt record { bool } */
  icws_leb128_put(&bomb->message, count);
  put_times(&bomb->message, count, "0101");
  int record = wide_record(bomb->types, first);
  bomb->args[0] = icws_candid_types_vec(bomb->types, icws_candid_types_opt(bomb->types, record));
  bomb->count = 1;
}

static void many_missing_fields(void **state)
{
  (void)state;
  struct bomb bomb;
  put_small_records(&bomb, 20, ICWS_CANDID_BOOL);
  explode(&bomb, ICWS_OK, NULL);
  finish(&bomb);
  put_small_records(&bomb, 20000, ICWS_CANDID_BOOL);
  explode(&bomb, ICWS_ERR_LIMIT, too_many_steps);
  finish(&bomb);
}

/* A mismatch in the first field: what was allocated for the others counts, too. */
static void many_missing_fields_in_vain(void **state)
{
  (void)state;
  struct bomb bomb;
  put_small_records(&bomb, 20, ICWS_CANDID_TEXT);
  explode(&bomb, ICWS_OK, NULL);
  finish(&bomb);
  put_small_records(&bomb, 20000, ICWS_CANDID_TEXT);
  explode(&bomb, ICWS_ERR_LIMIT, too_many_steps);
  finish(&bomb);
}

/* An item of one byte at an opt of an opt of ... */
static void many_opts_for_a_byte(void **state)
{
  (void)state;
  struct bomb bomb;
  start(&bomb, "016d7e0100");
  icws_leb128_put(&bomb.message, 20000);
  put_times(&bomb.message, 20000, "01");
  int type = ICWS_CANDID_BOOL;
  for (int i = 0; i < 200; i++)
    type = icws_candid_types_opt(bomb.types, type);
  bomb.args[0] = icws_candid_types_vec(bomb.types, type);
  bomb.count = 1;
  explode(&bomb, ICWS_ERR_LIMIT, too_many_steps);
  finish(&bomb);
}

/* --- References -------------------------------------------------------------------------------- */

/* The type at hand becomes one of a ring of |length| vecs; rings of 60 and of 59 make 60 * 59 pairs. */
static int ring(struct icws_candid_types *types, int length)
{
  int first = icws_candid_types_reserve(types);
  int last = first;
  for (int i = 1; i < length; i++)
    last = icws_candid_types_vec(types, last);
  icws_candid_types_set(types, first,
                        &(struct icws_candid_type){.constructor = ICWS_CANDID_VEC, .item = last});
  return first;
}

/* A vec of |count| records of two functions that take such rings, of one type or of two in turn. */
static void put_references(struct bomb *bomb, size_t count, bool in_turn)
{
  start(bomb, "40"); /* the ring is 0 up to 59 */
  for (uint8_t i = 0; i < 60; i++) {
    put_hex(&bomb->message, "6d");
    icws_buf_put_u8(&bomb->message, (uint8_t)((i + 1) % 60));
  }
  put_hex(&bomb->message, "6a01000000"
                          "6a01010000"); /* 60 and 61: func (0), func (1) */
  put_hex(&bomb->message, in_turn ? "6c02003c013d" : "6c02003c013c");
  put_hex(&bomb->message, "6d3e"
                          "013f");
  icws_leb128_put(&bomb->message, count);
  put_times(&bomb->message, 2 * count, "01010000");
}

static void expect_references(struct bomb *bomb)
{
  const struct icws_candid_field_type arg = {.id = 0, .type = ring(bomb->types, 59)};
  int func = icws_candid_types_add(
      bomb->types, &(struct icws_candid_type){
                       .constructor = ICWS_CANDID_FUNC, .fields = &arg, .field_count = 1});
  const struct icws_candid_field_type fields[] = {{.id = 0, .type = func}, {.id = 1, .type = func}};
  const struct icws_candid_type record = {
      .constructor = ICWS_CANDID_RECORD, .fields = fields, .field_count = 2};
  bomb->args[0] = icws_candid_types_vec(bomb->types, icws_candid_types_add(bomb->types, &record));
  bomb->count = 1;
  bomb->compared = 3600 * 100 + 1; /* what icws/candid_types.h says of a comparison */
}

static void references_pay_for_their_comparison(void **state)
{
  (void)state;
  struct bomb bomb;
  put_references(&bomb, 8, true);
  expect_references(&bomb);
  explode(&bomb, ICWS_OK, NULL);
  finish(&bomb);
  put_references(&bomb, 100, true);
  expect_references(&bomb);
  explode(&bomb, ICWS_ERR_LIMIT, "the values need more memory or steps than they may");
  explode_when_skipped(&bomb, ICWS_OK, NULL);
  finish(&bomb);
  put_references(&bomb, 100, false); /* of one type: they are compared once */
  expect_references(&bomb);
  explode(&bomb, ICWS_OK, NULL);
  explode_as_anything(&bomb, ICWS_OK);
  finish(&bomb);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_billion_nulls),
      cmocka_unit_test(as_many_nulls_as_may_be),
      cmocka_unit_test(many_vecs_of_many_nulls),
      cmocka_unit_test(types_that_double),
      cmocka_unit_test(counts_beyond_the_message),
      cmocka_unit_test(nested_vecs_with_great_counts),
      cmocka_unit_test(depth_is_limited),
      cmocka_unit_test(depth_beyond_all),
      cmocka_unit_test(a_record_that_holds_itself),
      cmocka_unit_test(an_opt_of_itself_is_expected),
      cmocka_unit_test(entries_are_limited),
      cmocka_unit_test(wide_types),
      cmocka_unit_test(mismatches_within_mismatches),
      cmocka_unit_test(many_missing_fields),
      cmocka_unit_test(many_missing_fields_in_vain),
      cmocka_unit_test(many_opts_for_a_byte),
      cmocka_unit_test(references_pay_for_their_comparison),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "candid_json_fixture.h"
#include "mem_probe.h"

/* --- Failures ---------------------------------------------------------------------------------- */

static void check_failure(struct json_fixture *fixture, int type, struct icws_bytes json,
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

static const struct {
  int type;
  const char *json;
  const char *text;
} misfits[] = {
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
    {ICWS_CANDID_INT64, "\"9223372036854775808\"", "expected int64, found \"9223372036854775808\""},
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

static void values_of_another_type_are_refused(void **state)
{
  for (size_t i = 0; i < sizeof misfits / sizeof misfits[0]; i++)
    check_failure(*state, misfits[i].type, icws_bytes_text(misfits[i].json), ICWS_ERR_CANDID,
                  misfits[i].text);
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
  struct json_fixture *fixture = *state;
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
  struct json_fixture *fixture = *state;
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
  struct json_fixture *fixture = *state;
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
  struct json_fixture *fixture = *state;
  struct icws_buf json;
  icws_buf_init(&json, 0, NULL);
  put_repeated(&json, '"', 1);
  put_repeated(&json, '9', 9864); /* 10^9864 - 1 is below 2^32768 */
  put_repeated(&json, '"', 1);
  icws_buf_put_u8(&json, 0);
  struct icws_candid_value value =
      json_fixture_read(fixture, ICWS_CANDID_NAT, (const char *)json.data);
  json_fixture_check(fixture, &value, (const char *)json.data);
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

static void the_arena_bounds_values(void **state)
{
  struct json_fixture *fixture = *state;
  struct icws_arena all = fixture->arena;
  icws_arena_init(&fixture->arena, 64, NULL);
  check_failure(fixture, VEC_NULL, icws_bytes_text("[null,null,null,null,null]"), ICWS_ERR_LIMIT,
                "the value is too large");
  icws_arena_wipe(&fixture->arena);
  fixture->arena = all;
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

static enum icws_error read_lavish(struct json_fixture *fixture, size_t row, size_t max,
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
      assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
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

static void *no_memory(size_t size)
{
  (void)size;
  return NULL;
}

/* The JSON library's memory is its own. */
static void a_parser_without_memory_says_so(void **state)
{
  struct json_fixture *fixture = *state;
  struct icws_candid_value value;
  json_set_alloc_funcs(no_memory, free);
  enum icws_error error =
      icws_candid_from_json(icws_bytes_text("1"), fixture->types, ICWS_CANDID_NAT8, &fixture->arena,
                            &value, NULL, &fixture->failure);
  json_set_alloc_funcs(malloc, free);
  assert_int_equal(error, ICWS_ERR_NOMEM);
  assert_string_equal(fixture->failure.text, "out of memory");
}

#define TEST(name)                                                                                 \
  cmocka_unit_test_setup_teardown(name, json_fixture_set_up, json_fixture_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(values_of_another_type_are_refused),
      TEST(long_texts_and_places_are_cut),
      TEST(what_is_no_json_is_refused_with_its_place),
      TEST(nesting_is_bounded),
      TEST(nesting_of_json_is_bounded),
      TEST(numbers_are_bounded),
      TEST(the_arena_bounds_values),
      TEST(every_allocation_of_reading_may_fail),
      TEST(every_byte_of_an_arena_may_be_the_last),
      TEST(a_parser_without_memory_says_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

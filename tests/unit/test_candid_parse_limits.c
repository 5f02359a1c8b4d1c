/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_text.h>

#include "candid_text_fixture.h"
#include "mem_probe.h"

/* What text may take of memory, depth and digits, and what is left of it. */

static const char definitions[] = "type Person = record { name : text; age : opt nat8 };";

/* The text may go away. */
static void values_borrow_nothing(void **state)
{
  (void)state;
  static const char input[] = "(\"abc\", principal \"aaaaa-aa\", func \"aaaaa-aa\".m,"
                              " blob \"x\\00\", record { name = 1 })";
  struct candid_text text;
  struct icws_buf out;
  candid_text_open(&text, NULL, "(text, principal, func () -> (), blob, record { name : nat })");
  icws_buf_init(&out, 0, NULL);
  for (int any = 0; any <= 1; any++) {
    char *copy = malloc(sizeof input);
    assert_non_null(copy);
    memcpy(copy, input, sizeof input);
    assert_int_equal(any ? candid_text_parse_any(&text, copy) : candid_text_parse(&text, copy),
                     ICWS_OK);
    memset(copy, 'x', sizeof input - 1);
    assert_string_equal(candid_text_print(&text.args, ICWS_CANDID_ONE_LINE, &out),
                        any ? "(\"abc\", principal \"aaaaa-aa\", func \"aaaaa-aa\".m,"
                              " blob \"x\\00\", record { name = 1 })"
                            : "(\"abc\", principal \"aaaaa-aa\", func \"aaaaa-aa\".m,"
                              " blob \"x\\00\", record { name = 1 : nat })");
    free(copy);
  }
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

static void put_repeated(struct icws_buf *buf, const char *piece, unsigned count)
{
  while (count-- > 0)
    icws_buf_put(buf, piece, strlen(piece));
}

/* |before| and |after|, |count| times each, around |middle|, read in both ways. */
static void check_nested(const char *before, const char *middle, const char *after, unsigned count,
                         const char *type, enum icws_error expected, const char *reason)
{
  struct candid_text text;
  struct icws_buf input;
  candid_text_open(&text,
                   "type Opt = opt Opt; type Vec = vec Vec; type Rec = record { opt Rec };"
                   "type Case = variant { a : Case; b };",
                   type);
  icws_buf_init(&input, 0, NULL);
  put_repeated(&input, "(", 1);
  put_repeated(&input, before, count);
  put_repeated(&input, middle, 1);
  put_repeated(&input, after, count);
  put_repeated(&input, ")", 1);
  icws_buf_put_u8(&input, 0);
  for (int any = 0; any <= 1; any++) {
    enum icws_error error = any ? candid_text_parse_any(&text, (const char *)input.data)
                                : candid_text_parse(&text, (const char *)input.data);
    if (error != expected)
      fail_msg("%s: %s: %s", type, icws_error_name(error), text.failure.text);
    if (error != ICWS_OK && strstr(text.failure.text, reason) == NULL)
      fail_msg("%s", text.failure.text);
  }
  icws_buf_wipe(&input);
  candid_text_close(&text);
}

static void depth_is_bounded(void **state)
{
  (void)state;
  const unsigned most = ICWS_CANDID_MAX_DEPTH;
  static const char reason[] = "values are nested more deeply than 512";
  check_nested("opt ", "null", "", most - 1, "(Opt)", ICWS_OK, NULL);
  check_nested("opt ", "null", "", most, "(Opt)", ICWS_ERR_LIMIT, reason);
  check_nested("vec {", "vec {}", "}", most - 1, "(Vec)", ICWS_OK, NULL);
  check_nested("vec {", "vec {}", "}", most, "(Vec)", ICWS_ERR_LIMIT, reason);
  check_nested("opt record {", "null", "}", most / 2 - 1, "(opt Rec)", ICWS_OK, NULL);
  check_nested("opt record {", "null", "}", most / 2, "(opt Rec)", ICWS_ERR_LIMIT, reason);
  check_nested("variant { a = ", "variant { b }", "}", most - 2, "(Case)", ICWS_OK, NULL);
  check_nested("variant { a = ", "variant { b }", "}", most - 1, "(Case)", ICWS_ERR_LIMIT, reason);
  check_nested("(", "null", ")", 64, "(null)", ICWS_OK, NULL);
  check_nested("(", "null", ")", 65, "(null)", ICWS_ERR_LIMIT, "more than 64 parentheses are open");
  check_nested("opt (", "null", ")", 64, "(Opt)", ICWS_OK, NULL);
  check_nested("opt (", "null", ")", 100000, "(Opt)", ICWS_ERR_LIMIT, "parentheses");
  check_nested("vec {", "", "}", 100000, "(Vec)", ICWS_ERR_LIMIT, reason);
}

/* Each level with an annotation of its own: what is inside is read a second time only. */
static void annotations_within_annotations_take_little(void **state)
{
  (void)state;
  struct candid_text text;
  struct icws_buf input;
  candid_text_open(&text, NULL, "(reserved)");
  icws_buf_init(&input, 0, NULL);
  put_repeated(&input, "(", 1);
  put_repeated(&input, "opt (", 60);
  put_repeated(&input, "5", 1);
  for (unsigned i = 0; i < 60; i++) {
    put_repeated(&input, " : ", 1);
    put_repeated(&input, "opt ", i);
    put_repeated(&input, "int)", 1);
  }
  put_repeated(&input, ")", 1);
  icws_buf_put_u8(&input, 0);
  assert_int_equal(candid_text_parse(&text, (const char *)input.data), ICWS_OK);
  assert_int_equal(candid_text_parse_any(&text, (const char *)input.data), ICWS_OK);
  assert_true(icws_candid_types_count(text.types) < 60 * 60);
  icws_buf_wipe(&input);
  candid_text_close(&text);
}

static void numbers_are_bounded(void **state)
{
  (void)state;
  char *input = malloc(20000);
  assert_non_null(input);
  for (int any = 0; any <= 1; any++) {
    struct candid_text text;
    candid_text_open(&text, NULL, "(int)");
    memset(input, 'f', 20000);
    memcpy(input, "(0x0", 4);
    size_t most = (size_t)ICWS_CANDID_NUMBER_MAX_BYTES * 2 - 1; /* digits, and room for a sign */
    memcpy(input + 4 + most, ")", 2);
    assert_int_equal(any ? candid_text_parse_any(&text, input) : candid_text_parse(&text, input),
                     ICWS_OK);
    assert_int_equal(text.args.values[0].count, ICWS_CANDID_NUMBER_MAX_BYTES);
    memcpy(input + 4 + most, "f)", 3);
    assert_int_equal(any ? candid_text_parse_any(&text, input) : candid_text_parse(&text, input),
                     ICWS_ERR_LIMIT);
    assert_string_equal(text.failure.text, "line 1, column 2: the number has more than 4096 bytes");
    candid_text_close(&text);
  }
  free(input);
}

static const char rich[] =
    "(record { blob \"x\"; vec { 1 : nat8 }; name = \"a\\u{62}c\" : text;"
    " list = vec { opt 1; null : opt int }; big = 340282366920938463463374607431768211456 },"
    " variant { a = func \"aaaaa-aa\".m : func () -> () }, service \"aaaaa-aa\", 5 : int)";
static const char rich_types[] =
    "(record { name : text; list : vec opt int; 0 : blob; 1 : vec nat8;"
    " 2 : opt Person; big : int }, variant { a : func () -> () },"
    " principal, int)";

static void the_limit_of_the_arena_is_kept(void **state)
{
  (void)state;
  enum icws_error error = ICWS_ERR_LIMIT;
  for (size_t max = 1; error != ICWS_OK; max += 16) {
    struct candid_text text;
    candid_text_open(&text, definitions, NULL);
    icws_arena_init(&text.arena, max, NULL);
    error = candid_text_parse_any(&text, rich);
    if (error != ICWS_OK) {
      assert_int_equal(error, ICWS_ERR_LIMIT);
      assert_int_equal(text.failure.code, ICWS_ERR_LIMIT);
      assert_null(text.args.values);
    }
    assert_true(text.arena.used <= max);
    candid_text_close(&text);
    assert_true(max < 65536);
  }
}

#define LEVELS 50
#define ITEMS 10000

/* A value is read at the type of each annotation around it, but kept once. */
static void values_are_kept_once(void **state)
{
  (void)state;
  struct candid_text text;
  struct icws_buf input;
  candid_text_open(&text,
                   "type L = record { v : vec nat; next : opt L };"
                   "type M = record { v : vec nat; next : opt M };",
                   "(L)");
  icws_buf_init(&input, 0, NULL);
  put_repeated(&input, "(", 1);
  put_repeated(&input, "record { v = vec {}; next = opt (", LEVELS);
  put_repeated(&input, "record { v = vec {", 1);
  put_repeated(&input, "1;", ITEMS);
  put_repeated(&input, "} }", 1);
  put_repeated(&input, " : M) }", LEVELS);
  put_repeated(&input, ")", 1);
  icws_buf_put_u8(&input, '\0');
  if (candid_text_parse(&text, (const char *)input.data) != ICWS_OK)
    fail_msg("%s", text.failure.text);
  /* Besides the items: at each level a record of two fields, and what its opt holds. */
  assert_true(text.arena.used < (ITEMS + 4 * (LEVELS + 1)) * sizeof(struct icws_candid_value));
  icws_buf_wipe(&input);
  candid_text_close(&text);
}

static void check_allocations(bool any, const char *input, enum icws_error expected)
{
  enum icws_error error = ICWS_ERR_NOMEM;
  for (size_t from = 0; error == ICWS_ERR_NOMEM; from++) {
    struct candid_text text;
    struct mem_probe probe;
    candid_text_open(&text, definitions, rich_types);
    mem_probe_init(&probe);
    probe.fail_from = from;
    icws_arena_init(&text.arena, 0, &probe.mem);
    error = any ? candid_text_parse_any(&text, input) : candid_text_parse(&text, input);
    assert_int_equal(error, probe.allocations > from ? ICWS_ERR_NOMEM : expected);
    assert_int_equal(text.failure.code, error);
    icws_arena_wipe(&text.arena);
    assert_int_equal(probe.live, 0);
    candid_text_close(&text);
  }
  assert_int_equal(error, expected);
}

static void each_allocation_may_fail(void **state)
{
  (void)state;
  check_allocations(false, rich, ICWS_OK);
  check_allocations(true, rich, ICWS_OK);
  check_allocations(false, "(record { x = 1 })", ICWS_ERR_CANDID);
  check_allocations(false, "(record {})", ICWS_ERR_CANDID);
  check_allocations(false, "(1)", ICWS_ERR_CANDID);
  check_allocations(true, "(1 : vec nat)", ICWS_ERR_CANDID);
  check_allocations(false, "(record {} : record { a : nat })", ICWS_ERR_CANDID);
}

/* The table for any types may fail, too. */
static void each_allocation_of_the_table_may_fail(void **state)
{
  (void)state;
  enum icws_error error = ICWS_ERR_NOMEM;
  for (size_t from = 1; error == ICWS_ERR_NOMEM; from++) {
    struct mem_probe probe;
    struct icws_candid_types *types;
    struct icws_arena arena;
    struct icws_candid_args args;
    struct icws_failure failure;
    mem_probe_init(&probe);
    probe.fail_from = from;
    assert_int_equal(icws_candid_types_new(&probe.mem, &types), ICWS_OK);
    icws_arena_init(&arena, 0, NULL);
    error = icws_candid_parse_any(icws_bytes_text(rich), types, &arena, &args, NULL, &failure);
    assert_int_equal(error, probe.allocations > from ? ICWS_ERR_NOMEM : ICWS_OK);
    icws_arena_wipe(&arena);
    icws_candid_types_del(types);
    assert_int_equal(probe.live, 0);
  }
  assert_int_equal(error, ICWS_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_borrow_nothing),
      cmocka_unit_test(depth_is_bounded),
      cmocka_unit_test(annotations_within_annotations_take_little),
      cmocka_unit_test(numbers_are_bounded),
      cmocka_unit_test(the_limit_of_the_arena_is_kept),
      cmocka_unit_test(values_are_kept_once),
      cmocka_unit_test(each_allocation_may_fail),
      cmocka_unit_test(each_allocation_of_the_table_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

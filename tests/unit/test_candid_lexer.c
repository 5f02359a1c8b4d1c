/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mem_probe.h"

/* --- Tokens ---------------------------------------------------------------------------------- */

static void put(struct icws_buf *out, const char *text)
{
  icws_buf_put(out, text, strlen(text));
}

/* The tokens of |text|, each with a letter for its kind, as in "I:type S:{". */
static void put_tokens(struct icws_candid_lexer *lexer, struct icws_buf *out)
{
  static const char *const kinds[] = {"", "I:", "T:", "N:", "F:", "A:", "S:"};
  for (; lexer->token != ICWS_CANDID_TOKEN_END; icws_candid_lexer_next(lexer)) {
    if (out->len > 0)
      put(out, " ");
    put(out, kinds[lexer->token]);
    icws_buf_put(out, lexer->raw.data, lexer->raw.len);
  }
  icws_buf_put_u8(out, 0);
}

static void check_tokens(const char *text, const char *expected)
{
  struct icws_arena arena;
  struct icws_buf out;
  struct icws_candid_lexer lexer;
  icws_arena_init(&arena, 0, NULL);
  icws_buf_init(&out, 0, NULL);
  icws_candid_lexer_init(&lexer, icws_bytes_text(text), &arena);
  put_tokens(&lexer, &out);
  assert_int_equal(icws_candid_lexer_report(&lexer, NULL, NULL), ICWS_OK);
  assert_string_equal((const char *)out.data, expected);
  icws_buf_wipe(&out);
  icws_arena_wipe(&arena);
}

/* The text is no sequence of tokens: the whole sentence is |expected|. */
static void check_refused_bytes(struct icws_bytes text, const char *expected)
{
  struct icws_arena arena;
  struct icws_candid_lexer lexer;
  struct icws_failure failure = {.code = ICWS_OK};
  icws_arena_init(&arena, 0, NULL);
  icws_candid_lexer_init(&lexer, text, &arena);
  while (lexer.token != ICWS_CANDID_TOKEN_END)
    icws_candid_lexer_next(&lexer);
  assert_int_equal(icws_candid_lexer_report(&lexer, NULL, &failure), ICWS_ERR_CANDID);
  assert_int_equal(failure.code, ICWS_ERR_CANDID);
  assert_string_equal(failure.text, expected);
  icws_candid_lexer_next(&lexer);
  assert_int_equal(lexer.token, ICWS_CANDID_TOKEN_END);
  icws_arena_wipe(&arena);
}

static void check_refused(const char *text, const char *expected)
{
  check_refused_bytes(icws_bytes_text(text), expected);
}

static void names_signs_and_arrows(void **state)
{
  (void)state;
  check_tokens("", "");
  check_tokens(" \t\r\n", "");
  check_tokens("type A_1 = opt _x;", "I:type I:A_1 S:= I:opt I:_x S:;");
  check_tokens("(){};,.:=+-", "S:( S:) S:{ S:} S:; S:, S:. S:: S:= S:+ S:-");
  check_tokens("()->()", "S:( S:) A:-> S:( S:)");
  check_tokens("-->", "S:- A:->");
  check_tokens("service_", "I:service_");
  check_refused("- >", "line 1, column 3: the character '>' has no meaning here");
}

static void other_characters_are_refused(void **state)
{
  (void)state;
  check_refused("nat\n  @", "line 2, column 3: the character '@' has no meaning here");
  check_refused("nat /", "line 1, column 5: the character '/' has no meaning here");
  check_refused("nat */", "line 1, column 5: the character '*' has no meaning here");
  check_refused("\"\xc3\xa9\" \xc3\xa9",
                "line 1, column 5: the character U+00E9 has no meaning here");
  check_refused("\xe2\x82\xac", "line 1, column 1: the character U+20AC has no meaning here");
  check_refused("\xf0\x9f\x98\x80", "line 1, column 1: the character U+1F600 has no meaning here");
  check_refused("\x01", "line 1, column 1: the character U+0001 has no meaning here");
  check_refused_bytes(icws_bytes_of("nat\0", 4),
                      "line 1, column 4: the character U+0000 has no meaning here");
}

static void malformed_utf8_is_refused_wherever_it_is(void **state)
{
  (void)state;
  check_refused("// \xc3\xa9\n\"\xff\"", "line 2, column 2: the text is not UTF-8");
  check_refused("nat \xe2\x82", "line 1, column 5: the text is not UTF-8");
  check_refused("\xed\xa0\x80", "line 1, column 1: the text is not UTF-8");
}

static void comments_are_blank_and_nest(void **state)
{
  (void)state;
  check_tokens("a // b \" /* \n c", "I:a I:c");
  check_tokens("a // at the end", "I:a");
  check_tokens("a/* b */c", "I:a I:c");
  check_tokens("a /* /* b */ // c */ d", "I:a I:d");
  check_tokens("a /***/ b /**/ c", "I:a I:b I:c");
  check_tokens("\"/* no comment */ // nor here\"", "T:/* no comment */ // nor here");
  check_refused("a /* b", "line 1, column 3: the comment is not closed");
  check_refused("a\n /* /* b */ c", "line 2, column 2: the comment is not closed");
  check_refused("/*/", "line 1, column 1: the comment is not closed");
}

static void numbers(void **state)
{
  (void)state;
  check_tokens("0 12 1_000_000 00", "N:0 N:12 N:1_000_000 N:00");
  check_tokens("0x1F 0xdead_BEEF", "N:0x1F N:0xdead_BEEF");
  check_tokens("1. 1.5 0.1_5 12.e3", "F:1. F:1.5 F:0.1_5 F:12.e3");
  check_tokens("1e3 1E+3 1_0.5e-1_0", "F:1e3 F:1E+3 F:1_0.5e-1_0");
  check_tokens("0x1. 0x1.F 0x1p3 0x1.8P-3 0x1e3", "F:0x1. F:0x1.F F:0x1p3 F:0x1.8P-3 N:0x1e3");
  check_tokens("-1 +1.5", "S:- N:1 S:+ F:1.5");
  check_tokens("1:nat", "N:1 S:: I:nat");

  check_refused("1_", "line 1, column 2: '_' has no place in a number");
  check_refused("1__0", "line 1, column 2: '_' has no place in a number");
  check_refused("1nat", "line 1, column 2: 'n' has no place in a number");
  check_refused("0b1", "line 1, column 2: 'b' has no place in a number");
  check_refused("0X1", "line 1, column 2: 'X' has no place in a number");
  check_refused("1._5", "line 1, column 3: '_' has no place in a number");
  check_refused("1p3", "line 1, column 2: 'p' has no place in a number");
  check_refused("0x", "line 1, column 3: a digit is missing in the number");
  check_refused("0x_1", "line 1, column 3: a digit is missing in the number");
  check_refused("1e", "line 1, column 3: a digit is missing in the number");
  check_refused("1e+_1", "line 1, column 4: a digit is missing in the number");
  check_refused("0x1pA", "line 1, column 5: a digit is missing in the number");
}

static void text_ends_at_its_quote(void **state)
{
  (void)state;
  check_tokens("\"\" \"a b\"", "T: T:a b");
  check_tokens("\"a\\\"b\" c", "T:a\\\"b I:c");
  check_tokens("\"\\\\\" c", "T:\\\\ I:c");
  check_tokens("\"\xc3\xa9\"", "T:\xc3\xa9");
  check_refused(" \"a", "line 1, column 2: the text is not closed");
  check_refused("\"a\\\"", "line 1, column 1: the text is not closed");
  check_refused("\"a\\", "line 1, column 1: the text is not closed");
  check_refused("\"a\n\"",
                "line 1, column 3: the control character U+000A must be escaped in text");
  check_refused("\"\\\n\"",
                "line 1, column 3: the control character U+000A must be escaped in text");
  check_refused("\"\x7f\"",
                "line 1, column 2: the control character U+007F must be escaped in text");
}

/* --- Taking ---------------------------------------------------------------------------------- */

struct taker {
  struct icws_arena arena;
  struct icws_candid_lexer lexer;
};

static struct icws_candid_lexer *start(struct taker *taker, const char *text)
{
  icws_arena_init(&taker->arena, 0, NULL);
  icws_candid_lexer_init(&taker->lexer, icws_bytes_text(text), &taker->arena);
  return &taker->lexer;
}

/* The taking of |text| failed, and so does all that is taken later. */
static void check_failed(struct taker *taker, const char *expected)
{
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_candid_spot spot = {0};
  struct icws_bytes bytes;
  uint32_t id;
  assert_int_equal(icws_candid_lexer_report(&taker->lexer, &spot, &failure), ICWS_ERR_CANDID);
  assert_string_equal(failure.text, expected);
  assert_int_equal(spot.offset, taker->lexer.error_at);
  assert_false(icws_candid_lexer_take_bytes(&taker->lexer, &bytes));
  assert_false(icws_candid_lexer_take_name(&taker->lexer, "a name", &bytes));
  assert_false(icws_candid_lexer_take_id(&taker->lexer, &id));
  assert_false(icws_candid_lexer_accept_word(&taker->lexer, "type"));
  assert_false(icws_candid_lexer_expect_sign(&taker->lexer, ';'));
  assert_int_equal(icws_candid_lexer_report(&taker->lexer, NULL, &failure), ICWS_ERR_CANDID);
  assert_string_equal(failure.text, expected);
  icws_arena_wipe(&taker->arena);
}

static void check_bytes(const char *text, const void *expected, size_t len)
{
  struct taker taker;
  struct icws_bytes bytes;
  struct icws_candid_lexer *lexer = start(&taker, text);
  assert_true(icws_candid_lexer_take_bytes(lexer, &bytes));
  assert_int_equal(lexer->token, ICWS_CANDID_TOKEN_END);
  assert_int_equal(lexer->error, ICWS_OK);
  assert_int_equal(bytes.len, len);
  assert_memory_equal(bytes.data, expected, len);
  icws_arena_wipe(&taker.arena);
}

static void escapes_are_undone(void **state)
{
  (void)state;
  check_bytes("\"plain\"", "plain", 5);
  check_bytes("\"\"", "", 0);
  check_bytes("\"\\t\\n\\r\\\\\\\"\\'\"", "\t\n\r\\\"'", 6);
  check_bytes("\"a\\00\\fF\\Ce\\bbz\"", "a\0\xff\xce\xbbz", 6);
  check_bytes("\"\\u{41}\\u{e9}\\u{20aC}\\u{1F600}\"", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10);
  check_bytes("\"\\u{10_ffff}\\u{0000_0000_41}\"",
              "\xf4\x8f\xbf\xbf"
              "A",
              5);
  check_bytes(
      "\"\\u{7f}\\u{80}\\u{7ff}\\u{800}\\u{d7ff}\\u{e000}\\u{ffff}\\u{10000}\"",
      "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80", 21);
}

static void other_escapes_are_refused(void **state)
{
  (void)state;
  static const char unknown[] = "the escape is none of \\t \\n \\r \\\\ \\\" \\' \\HH \\u{H}";
  static const char form[] = "the escape is not of the form \\u{hex digits}";
  static const char nobody[] = "the escape stands for no Unicode character";
  const struct {
    const char *text;
    unsigned column;
    const char *reason;
  } rows[] = {
      {"\"ab\\x41\"", 4, unknown},    {"\"\\0\"", 2, unknown},
      {"\"\\0g\"", 2, unknown},       {"\"\\u0041\"", 2, unknown},
      {"\"\\u\"", 2, unknown},        {"\"\xc3\xa9\\\xc3\xa9\"", 3, unknown},
      {"\"\\u{}\"", 2, form},         {"\"\\u{41\"", 2, form},
      {"\"\\u{_41}\"", 2, form},      {"\"\\u{41_}\"", 2, form},
      {"\"\\u{4__1}\"", 2, form},     {"\"\\u{4g}\"", 2, form},
      {"\"\\u{d800}\"", 2, nobody},   {"\"\\u{dfff}\"", 2, nobody},
      {"\"\\u{110000}\"", 2, nobody}, {"\"\\u{100000041}\"", 2, nobody},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct taker taker;
    struct icws_bytes bytes;
    char expected[160];
    snprintf(expected, sizeof expected, "line 1, column %u: %s", rows[i].column, rows[i].reason);
    assert_false(icws_candid_lexer_take_bytes(start(&taker, rows[i].text), &bytes));
    check_failed(&taker, expected);
  }
}

static void check_name(const char *text, const char *expected)
{
  struct taker taker;
  struct icws_bytes name;
  assert_true(icws_candid_lexer_take_name(start(&taker, text), "a name", &name));
  assert_true(icws_bytes_equal(name, icws_bytes_text(expected)));
  icws_arena_wipe(&taker.arena);
}

static void check_no_name(const char *text, const char *expected)
{
  struct taker taker;
  struct icws_bytes name;
  assert_false(icws_candid_lexer_take_name(start(&taker, text), "a name", &name));
  check_failed(&taker, expected);
}

static void names_are_identifiers_or_quoted(void **state)
{
  (void)state;
  check_name("abc", "abc");
  check_name("Type", "Type");
  check_name("text", "text"); /* no keyword, though the name of a type */
  check_name("\"type\"", "type");
  check_name("\"\"", "");
  check_name("\"a\\u{e9}\\c3\\a9\"", "a\xc3\xa9\xc3\xa9");
  check_no_name("\"\\ff\"", "line 1, column 1: the name is not UTF-8");
  check_no_name("type", "line 1, column 1: expected a name, found the keyword type");
  check_no_name("12", "line 1, column 1: expected a name, found the number 12");
  check_no_name("1.5", "line 1, column 1: expected a name, found the number 1.5");
  check_no_name("->", "line 1, column 1: expected a name, found '->'");
  check_no_name(" ;", "line 1, column 2: expected a name, found ';'");
  check_no_name("\n", "line 2, column 1: expected a name, found the end of the text");
}

static void every_keyword_must_be_quoted(void **state)
{
  (void)state;
  static const char *const keywords[] = {
      "blob",      "composite_query", "false",  "func",    "import", "null", "oneway",  "opt",
      "principal", "query",           "record", "service", "true",   "type", "variant", "vec",
  };
  for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
    assert_true(icws_candid_is_keyword(icws_bytes_text(keywords[i])));
  static const char *const names[] = {
      "",      "Opt",   "types",   "composite", "tru",  "bool",     "nat",   "int",
      "nat64", "int64", "float32", "float64",   "text", "reserved", "empty",
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    assert_false(icws_candid_is_keyword(icws_bytes_text(names[i])));
}

static void tokens_in_failures_are_cut(void **state)
{
  (void)state;
  struct taker taker;
  struct icws_bytes bytes;
  assert_false(icws_candid_lexer_take_bytes(
      start(&taker, "a234567890123456789012345678901234567890"), &bytes));
  check_failed(&taker, "line 1, column 1: expected text in quotes, found the name "
                       "a234567890123456789012345678901234567890");
  assert_false(icws_candid_lexer_take_bytes(
      start(&taker, "a2345678901234567890123456789012345678901"), &bytes));
  check_failed(&taker, "line 1, column 1: expected text in quotes, found the name "
                       "a234567890123456789012345678901234567890...");
  assert_false(icws_candid_lexer_expect_sign(start(&taker, "\"\xc3\xa9\""), ';'));
  check_failed(&taker, "line 1, column 1: expected ';', found the text \"\\u{e9}\"");
}

static void check_id(const char *text, uint32_t expected)
{
  struct taker taker;
  uint32_t id = 0;
  assert_true(icws_candid_lexer_take_id(start(&taker, text), &id));
  assert_int_equal(id, expected);
  icws_arena_wipe(&taker.arena);
}

static void check_no_id(const char *text, const char *expected)
{
  struct taker taker;
  uint32_t id;
  assert_false(icws_candid_lexer_take_id(start(&taker, text), &id));
  check_failed(&taker, expected);
}

static void ids_have_32_bits(void **state)
{
  (void)state;
  check_id("0", 0);
  check_id("0012", 12);
  check_id("1_0", 10);
  check_id("0xfF_ff", 65535);
  check_id("4294967295", UINT32_MAX);
  check_id("0x0000_0000_ffff_ffff", UINT32_MAX);
  check_no_id(" 4294967296", "line 1, column 2: the field id is not below 2^32");
  check_no_id("0x100000000", "line 1, column 1: the field id is not below 2^32");
  check_no_id("18446744073709551616", "line 1, column 1: the field id is not below 2^32");
  check_no_id("1.0", "line 1, column 1: expected a field id, found the number 1.0");
}

static void accepting_goes_on_only_past_what_is_named(void **state)
{
  (void)state;
  struct taker taker;
  struct icws_candid_lexer *lexer = start(&taker, "type \"type\" ; :");
  assert_false(icws_candid_lexer_accept_sign(lexer, ';'));
  assert_false(icws_candid_lexer_accept_word(lexer, "typ"));
  assert_true(icws_candid_lexer_is_word(lexer, "type"));
  assert_true(icws_candid_lexer_accept_word(lexer, "type"));
  assert_false(icws_candid_lexer_is_word(lexer, "type")); /* text, not a word */
  icws_candid_lexer_next(lexer);
  assert_int_equal(lexer->start, 12);
  assert_int_equal(lexer->end, 13);
  assert_true(icws_candid_lexer_is_sign(lexer, ';'));
  assert_true(icws_candid_lexer_expect_sign(lexer, ';'));
  assert_false(icws_candid_lexer_expect_sign(lexer, ';'));
  check_failed(&taker, "line 1, column 15: expected ';', found ':'");
}

static void the_first_failure_wins(void **state)
{
  (void)state;
  struct taker taker;
  struct icws_candid_lexer *lexer = start(&taker, "a\nb");
  assert_false(icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, 2, "%s %d\n", "b", 1));
  assert_false(icws_candid_lexer_fail(lexer, ICWS_ERR_LIMIT, 0, "later"));
  check_failed(&taker, "line 2, column 1: b 1?");
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct icws_arena arena;
  struct icws_candid_lexer lexer;
  struct icws_bytes bytes;
  struct icws_failure failure;
  mem_probe_init(&probe);
  probe.fail_from = 0;
  icws_arena_init(&arena, 0, &probe.mem);
  icws_candid_lexer_init(&lexer, icws_bytes_text("\"plain\" \"\\n\""), &arena);
  assert_true(icws_candid_lexer_take_bytes(&lexer, &bytes));
  assert_false(icws_candid_lexer_take_bytes(&lexer, &bytes));
  assert_int_equal(icws_candid_lexer_report(&lexer, NULL, &failure), ICWS_ERR_NOMEM);
  assert_string_equal(failure.text, "line 1, column 9: there is no memory for what is read");
  icws_arena_wipe(&arena);
  assert_int_equal(probe.live, 0);

  icws_arena_init(&arena, 1, NULL);
  icws_candid_lexer_init(&lexer, icws_bytes_text(" \"\\n\""), &arena);
  assert_false(icws_candid_lexer_take_bytes(&lexer, &bytes));
  assert_int_equal(icws_candid_lexer_report(&lexer, NULL, &failure), ICWS_ERR_LIMIT);
  assert_string_equal(failure.text, "line 1, column 2: what is read needs too much memory");
  icws_arena_wipe(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_signs_and_arrows),
      cmocka_unit_test(other_characters_are_refused),
      cmocka_unit_test(malformed_utf8_is_refused_wherever_it_is),
      cmocka_unit_test(comments_are_blank_and_nest),
      cmocka_unit_test(numbers),
      cmocka_unit_test(text_ends_at_its_quote),
      cmocka_unit_test(escapes_are_undone),
      cmocka_unit_test(other_escapes_are_refused),
      cmocka_unit_test(names_are_identifiers_or_quoted),
      cmocka_unit_test(every_keyword_must_be_quoted),
      cmocka_unit_test(tokens_in_failures_are_cut),
      cmocka_unit_test(ids_have_32_bits),
      cmocka_unit_test(accepting_goes_on_only_past_what_is_named),
      cmocka_unit_test(the_first_failure_wins),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <icws/candid_text.h>

#include "candid_text_fixture.h"

/* Most tests compare what was read by how it is printed: test_candid_print.c ties that to the bytes
 * of messages. */

/* --- At types -------------------------------------------------------------------------------- */

struct row {
  const char *types;
  const char *input;
  const char *result; /* as it is printed, or where and why it is refused */
};

#define ROWS(rows) rows, sizeof(rows) / sizeof((rows)[0])

static const char definitions[] = "type List = opt record { head : int; tail : List };"
                                  "type Opt = opt Opt;"
                                  "type Byte = nat8;"
                                  "type Person = record { name : text; age : opt nat8 };";

static void check_printed(struct candid_text *text, const char *input, const char *expected)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_string_equal(candid_text_print(&text->args, ICWS_CANDID_ONE_LINE, &out), expected);
  /* Printed, in either layout, and read again it is the same. */
  for (int layout = ICWS_CANDID_ONE_LINE; layout <= ICWS_CANDID_PRETTY; layout++) {
    struct icws_candid_args args = text->args;
    const char *printed = candid_text_print(&args, (enum icws_candid_layout)layout, &out);
    if (candid_text_parse(text, printed) != ICWS_OK)
      fail_msg("%s: %s", input, text->failure.text);
    assert_true(icws_candid_args_equal(&args, &text->args));
  }
  icws_buf_wipe(&out);
}

static void check_taken(const struct row *rows, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    struct candid_text text;
    candid_text_open(&text, definitions, rows[i].types);
    if (candid_text_parse(&text, rows[i].input) != ICWS_OK)
      fail_msg("%s: %s", rows[i].input, text.failure.text);
    assert_int_equal(text.args.count, text.count);
    assert_ptr_equal(text.args.types, text.types);
    for (size_t arg = 0; arg < text.count; arg++)
      assert_int_equal(text.args.values[arg].type, text.expected[arg]);
    check_printed(&text, rows[i].input, rows[i].result);
    candid_text_close(&text);
  }
}

static void check_refused_as(const struct row *rows, size_t count, enum icws_error expected)
{
  for (size_t i = 0; i < count; i++) {
    struct candid_text text;
    candid_text_open(&text, definitions, rows[i].types);
    candid_text_check_failure(&text, candid_text_parse(&text, rows[i].input), expected,
                              rows[i].input, rows[i].result);
    candid_text_close(&text);
  }
}

static void check_refused(const struct row *rows, size_t count)
{
  check_refused_as(rows, count, ICWS_ERR_CANDID);
}

static void primitives_are_read(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"()", "()", "()"},
      {"()", " ( /* no, not one */ ) // end", "()"},
      {"(null)", "(null)", "(null)"},
      {"(bool, bool)", "(true, false,)", "(true, false)"},
      {"(text)", "(\"\\u{2603}\\e2\\98\\83\\t\\\"\")", "(\"\xe2\x98\x83\xe2\x98\x83\\t\\\"\")"},
      {"(text)", "(\"\")", "(\"\")"},
      {"(reserved)", "(null)", "(null : reserved)"},
      {"(reserved)", "(record { 1; variant { a = vec { blob \"x\" } }; func \"aaaaa-aa\".m })",
       "(null : reserved)"},
      {"(principal)", "(principal \"AAAAA-aa\")", "(principal \"aaaaa-aa\")"},
      {"(principal)", "(service \"w7x7r-cok77-xa\")", "(principal \"w7x7r-cok77-xa\")"},
      {"(service {})", "(service \"w7x7r-cok77-xa\")", "(service \"w7x7r-cok77-xa\")"},
      {"(func () -> ())", "(func \"w7x7r-cok77-xa\".\"a b\")", "(func \"w7x7r-cok77-xa\".\"a b\")"},
      {"(func () -> ())", "(func \"w7x7r-cok77-xa\" . text)", "(func \"w7x7r-cok77-xa\".text)"},
      {"(nat8)", "(((((7)))))", "(7 : nat8)"},
  };
  check_taken(ROWS(rows));
}

static void numbers_are_read_up_to_their_range(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(nat)", "(0)", "(0 : nat)"},
      {"(nat)", "(-0)", "(0 : nat)"},
      {"(nat)", "(+1_000)", "(1000 : nat)"},
      {"(nat)", "(0xfF_ff)", "(65535 : nat)"},
      {"(nat)", "(340282366920938463463374607431768211456)",
       "(340282366920938463463374607431768211456 : nat)"},
      {"(int)", "(-340282366920938463463374607431768211456)",
       "(-340282366920938463463374607431768211456)"},
      {"(nat8)", "(255)", "(255 : nat8)"},
      {"(nat16)", "(65535)", "(65535 : nat16)"},
      {"(nat32)", "(4294967295)", "(4294967295 : nat32)"},
      {"(nat64)", "(18446744073709551615)", "(18446744073709551615 : nat64)"},
      {"(nat64)", "(0xffffffffffffffff)", "(18446744073709551615 : nat64)"},
      {"(nat8, int8)", "(-0, -0)", "(0 : nat8, 0 : int8)"},
      {"(int8, int8)", "(127, -128)", "(127 : int8, -128 : int8)"},
      {"(int16, int16)", "(32767, -32768)", "(32767 : int16, -32768 : int16)"},
      {"(int32, int32)", "(2147483647, -2147483648)", "(2147483647 : int32, -2147483648 : int32)"},
      {"(int64, int64)", "(9223372036854775807, -9223372036854775808)",
       "(9223372036854775807 : int64, -9223372036854775808 : int64)"},
      {"(float64)", "(1)", "(1.0)"},
      {"(float64)", "(-0)", "(-0.0)"},
      {"(float64)", "(+1.5e3)", "(1500.0)"},
      {"(float64)", "(0x1.8p1)", "(3.0)"},
      {"(float64)", "(0x10)", "(16.0)"},
      {"(float64, float64, float64)", "(NaN, inf, -inf)", "(NaN, inf, -inf)"},
      {"(float32, float32, float32)", "(NaN, inf, -inf)",
       "(NaN : float32, inf : float32, -inf : float32)"},
      {"(float32)", "(0.1)", "(0.1 : float32)"},
      {"(float32)", "(3.4028235e38)", "(3.4028235e38 : float32)"},
      {"(float32)", "(16777217)", "(16777216.0 : float32)"},
      {"(float64)", "(1e-999)", "(0.0)"},
  };
  check_taken(ROWS(rows));
}

static void numbers_beyond_their_range_are_refused(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(nat)", "(-1)", "line 1, column 2: expected nat, found -1"},
      {"(nat)", "(1.0)", "line 1, column 2: expected nat, found 1.0"},
      {"(nat)", "(true)", "line 1, column 2: expected nat, found the keyword true"},
      {"(nat)", "(- 1)", "line 1, column 2: expected nat, found '-'"},
      {"(nat)", "(--1)", "line 1, column 2: expected nat, found '-'"},
      {"(nat)", "(-x)", "line 1, column 2: expected nat, found '-'"},
      {"(int)", "(inf)", "line 1, column 2: expected int, found inf"},
      {"(nat8)", "(256)", "line 1, column 2: expected nat8, found 256"},
      {"(nat8)", "(-1)", "line 1, column 2: expected nat8, found -1"},
      {"(nat8)", "(\n  0x1_00)", "line 2, column 3: expected nat8, found 0x1_00"},
      {"(nat16)", "(65536)", "line 1, column 2: expected nat16, found 65536"},
      {"(nat32)", "(4294967296)", "line 1, column 2: expected nat32, found 4294967296"},
      {"(nat64)", "(18446744073709551616)",
       "line 1, column 2: expected nat64, found 18446744073709551616"},
      {"(nat64)", "(10000000000000000000000000000000000000001)",
       "line 1, column 2: expected nat64, found 1000000000000000000000000000000000000000..."},
      {"(int8)", "(128)", "line 1, column 2: expected int8, found 128"},
      {"(int8)", "(-129)", "line 1, column 2: expected int8, found -129"},
      {"(int8)", "(+128)", "line 1, column 2: expected int8, found +128"},
      {"(int16)", "(32768)", "line 1, column 2: expected int16, found 32768"},
      {"(int16)", "(-32769)", "line 1, column 2: expected int16, found -32769"},
      {"(int32)", "(2147483648)", "line 1, column 2: expected int32, found 2147483648"},
      {"(int32)", "(-2147483649)", "line 1, column 2: expected int32, found -2147483649"},
      {"(int64)", "(9223372036854775808)",
       "line 1, column 2: expected int64, found 9223372036854775808"},
      {"(int64)", "(-9223372036854775809)",
       "line 1, column 2: expected int64, found -9223372036854775809"},
      {"(float64)", "(1e309)", "line 1, column 2: expected float64, found 1e309"},
      {"(float32)", "(-1e39)", "line 1, column 2: expected float32, found -1e39"},
      {"(float64)", "(Inf)", "line 1, column 2: expected float64, found the name Inf"},
      {"(text)", "(-5)", "line 1, column 2: expected text, found -5"},
  };
  check_refused(ROWS(rows));
}

static void other_primitives_are_refused(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(null)", "(0)", "line 1, column 2: expected null, found 0"},
      {"(bool)", "(1)", "line 1, column 2: expected bool, found 1"},
      {"(bool)", "(True)", "line 1, column 2: expected bool, found the name True"},
      {"(text)", "(null)", "line 1, column 2: expected text, found the keyword null"},
      {"(text)", "(\"\\ff\")", "line 1, column 2: the text is not UTF-8"},
      {"(text)", "(\"\\u{d800}\")", "line 1, column 3: the escape stands for no Unicode character"},
      {"(text)", "(\"", "line 1, column 2: the text is not closed"},
      {"(empty)", "(null)", "line 1, column 2: expected empty, found the keyword null"},
      {"(reserved)", "(x)", "line 1, column 2: expected a value, found the name x"},
      {"(principal)", "(\"aaaaa-aa\")",
       "line 1, column 2: expected principal, found the text \"aaaaa-aa\""},
      {"(principal)", "(principal aaaaa)",
       "line 1, column 12: expected a principal in quotes, found the name aaaaa"},
      {"(principal)", "(principal \"aaaaa-ab\")",
       "line 1, column 12: \"aaaaa-ab\" is no principal"},
      {"(service {})", "(principal \"aaaaa-aa\")",
       "line 1, column 2: expected service {}, found the keyword principal"},
      {"(func () -> ())", "(func \"aaaaa-aa\")", "line 1, column 17: expected '.', found ')'"},
      {"(func () -> ())", "(func \"aaaaa-aa\".query)",
       "line 1, column 18: expected the name of a method, found the keyword query"},
      {"(func () -> ())", "(service \"aaaaa-aa\")",
       "line 1, column 2: expected func () -> (), found the keyword service"},
  };
  check_refused(ROWS(rows));
}

static void an_opt_may_be_written_bare(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(opt nat)", "(null)", "(null)"},
      {"(opt nat)", "(opt 5)", "(opt (5 : nat))"},
      {"(opt nat)", "(5)", "(opt (5 : nat))"},
      {"(opt nat)", "(opt (5 : nat))", "(opt (5 : nat))"},
      {"(opt nat)", "(5 : nat)", "(opt (5 : nat))"},
      {"(opt opt nat)", "(null)", "(null)"},
      {"(opt opt nat)", "(opt null)", "(opt null)"},
      {"(opt opt nat)", "(opt opt 5)", "(opt opt (5 : nat))"},
      {"(opt opt nat)", "(opt 5)", "(opt opt (5 : nat))"},
      {"(opt null)", "(null)", "(null)"},
      {"(opt null)", "(opt null)", "(opt null)"},
      {"(opt reserved)", "(null)", "(null)"},
      {"(opt reserved)", "(opt 5)", "(opt (null : reserved))"},
      {"(Opt)", "(opt opt opt null)", "(opt opt opt null)"},
      {"(opt record { nat })", "(record { 1 })", "(opt record { 1 : nat })"},
      {"(List)", "(opt record { head = 1; tail = record { head = 2 } })",
       "(opt record { head = 1; tail = opt record { head = 2; tail = null } })"},
  };
  check_taken(ROWS(rows));
  static const struct row refused[] = {
      {"(opt nat)", "(true)", "line 1, column 2: expected nat, found the keyword true"},
      {"(opt nat)", "(opt true)", "line 1, column 6: expected nat, found the keyword true"},
      {"(opt nat)", "(opt null)", "line 1, column 6: expected nat, found the keyword null"},
      {"(opt nat)", "(opt opt 1)", "line 1, column 6: expected nat, found the keyword opt"},
      {"(opt nat)", "(opt)", "line 1, column 5: expected nat, found ')'"},
      {"(opt opt nat)", "(5)", "line 1, column 2: expected opt opt nat, found 5"},
      {"(opt reserved)", "(5)", "line 1, column 2: expected opt reserved, found 5"},
      {"(opt null)", "(opt 5)", "line 1, column 6: expected null, found 5"},
      {"(Opt)", "(5)", "line 1, column 2: expected Opt, found 5"},
  };
  check_refused(ROWS(refused));
}

static void vecs_and_blobs_are_read(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(vec nat)", "(vec {})", "(vec {})"},
      {"(vec nat)", "(vec { 1; 2; })", "(vec { 1 : nat; 2 : nat })"},
      {"(vec nat16)", "(vec { 1 : nat16; 2 })", "(vec { 1 : nat16; 2 : nat16 })"},
      {"(vec vec text)", "(vec { vec { \"a\" }; vec {} })", "(vec { vec { \"a\" }; vec {} })"},
      {"(vec opt nat8)", "(vec { 1; null })", "(vec { opt (1 : nat8); null })"},
      {"(blob)", "(blob \"\")", "(blob \"\")"},
      {"(blob)", "(blob \"a\\00\\ff\\u{e9}\")", "(blob \"a\\00\\ff\\c3\\a9\")"},
      {"(vec nat8)", "(vec {})", "(blob \"\")"},
      {"(vec nat8)", "(vec { 1; 0xff : nat8; 65 : Byte })", "(blob \"\\01\\ffA\")"},
      {"(vec Byte)", "(blob \"A\")", "(blob \"A\")"},
  };
  check_taken(ROWS(rows));
  static const struct row refused[] = {
      {"(vec nat)", "(vec { 1; -1 })", "line 1, column 11: expected nat, found -1"},
      {"(vec nat)", "(vec { 1, 2 })", "line 1, column 9: expected ';' or '}', found ','"},
      {"(vec nat)", "(vec { 1 2 })", "line 1, column 10: expected ';' or '}', found the number 2"},
      {"(vec nat)", "(vec { 1", "line 1, column 9: expected ';' or '}', found the end of the text"},
      {"(vec nat)", "(vec { 1;", "line 1, column 10: expected nat, found the end of the text"},
      {"(vec nat)", "(vec { ; })", "line 1, column 8: expected nat, found ';'"},
      {"(vec nat)", "(vec 1)", "line 1, column 6: expected '{', found the number 1"},
      {"(vec nat)", "(blob \"a\")", "line 1, column 2: expected vec nat, found the keyword blob"},
      {"(vec nat)", "(record {})", "line 1, column 2: expected vec nat, found the keyword record"},
      {"(blob)", "(vec { 256 })", "line 1, column 8: expected nat8, found 256"},
      {"(blob)", "(\"a\")", "line 1, column 2: expected blob, found the text \"a\""},
      {"(blob)", "(blob 1)", "line 1, column 7: expected text in quotes, found the number 1"},
      {"(blob)", "(blob \"\\g\")",
       "line 1, column 8: the escape is none of \\t \\n \\r \\\\ \\\" \\' \\HH \\u{H}"},
  };
  check_refused(ROWS(refused));
}

static void records_are_read_in_any_order(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(record {})", "(record {})", "(record {})"},
      {"(record { nat; text })", "(record { 1; \"a\" })", "(record { 1 : nat; \"a\" })"},
      {"(record { nat; text })", "(record { 1 = \"a\"; 0 = 1 })", "(record { 1 : nat; \"a\" })"},
      {"(record { 5 : nat; 6 : text })", "(record { 5 = 1; \"a\" })",
       "(record { 5 = 1 : nat; 6 = \"a\" })"},
      {"(record { a : int; b : int })", "(record { b = 2; a = 1; })", "(record { a = 1; b = 2 })"},
      {"(record { a : int; b : int })", "(record { 98 = 2; \"a\" = 1 })",
       "(record { a = 1; b = 2 })"},
      {"(record { 97 : int; b : int })", "(record { a = 1; b = 2 })", "(record { 97 = 1; b = 2 })"},
      {"(record { a : null; b : opt nat; c : reserved; d : List })", "(record {})",
       "(record { a = null; b = null; c = null : reserved; d = null })"},
      {"(record { inf : float64; NaN : float64 })", "(record { inf = inf; NaN = NaN })",
       "(record { NaN = NaN; inf = inf })"},
      {"(record { float64 })", "(record { inf })", "(record { inf })"},
      {"(record { text })", "(record { \"a\" })", "(record { \"a\" })"},
      {"(record { 4294967295 : int })", "(record { 0xffff_ffff = 1 })",
       "(record { 4294967295 = 1 })"},
      {"(Person)", "(record { name = \"x\" : text; age = opt (7 : nat8) })",
       "(record { age = opt (7 : nat8); name = \"x\" })"},
  };
  check_taken(ROWS(rows));
}

static void records_of_other_fields_are_refused(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(Person)", "(record { nam = \"x\" })",
       "line 1, column 11: unexpected field nam; the type has: age, name"},
      {"(Person)", "(record { \"\\u{202e}\" = \"x\" })",
       "line 1, column 11: unexpected field \"\\u{202e}\"; the type has: age, name"},
      {"(Person)", "(record { \"x\" })",
       "line 1, column 11: unexpected field 0; the type has: age, name"},
      {"(Person)", "(record { name = \"x\"; age = 1; name = \"y\" })",
       "line 1, column 32: duplicate field name; the type has: age, name"},
      {"(Person)", "(record { age = 1 })", "line 1, column 19: missing field name : text"},
      {"(Person)", "(record { name = 1 })", "line 1, column 18: expected text, found 1"},
      {"(Person)", "(record { name = \"x\", age = 1 })",
       "line 1, column 21: expected ';' or '}', found ','"},
      {"(Person)", "(record { name : \"x\" })", "line 1, column 16: expected '=', found ':'"},
      {"(Person)", "(record { name })", "line 1, column 16: expected '=', found '}'"},
      {"(Person)", "record { name = \"x\" }",
       "line 1, column 1: expected '(', found the keyword record"},
      {"(Person)", "(5)", "line 1, column 2: expected Person, found 5"},
      {"(record {})", "(record { 1 })",
       "line 1, column 11: unexpected field 0; the type has: none"},
      {"(record { 4294967295 : int })", "(record { 4294967295 = 1; 2 })",
       "line 1, column 27: the field after number 4294967295 needs a number below 2^32"},
      {"(record { int })", "(record { 4294967296 = 1 })",
       "line 1, column 11: the field id is not below 2^32"},
      {"(record { a : opt nat; 5 : record { a : Person; b : text; c : text; d : text } })",
       "(record {})",
       "line 1, column 10: missing field 5 : record { a : Person; b : text; c"
       " : text; d : text }"},
      {"(record { a : int; b : int; c : int; d : int; e : int; f : int; g : int; h : int;"
       " i : int; j : int; k : int; l : int; m : int; n : int; o : int; p : int; q : int;"
       " r : int; s : int; t : int; u : int; v : int; w : int; x : int; y : int; z : int;"
       " aa : int })",
       "(record { A = 1 })",
       "line 1, column 11: unexpected field A; the type has: a, b, c, d, e, f, g, h, i, j, k, l, m,"
       " n, o, p, q, r, s, t, u, v, w, x, y, ..."},
  };
  check_refused(ROWS(rows));
}

static void variants_are_read(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(variant { Ok : nat; Err })", "(variant { Ok = 5 })", "(variant { Ok = 5 : nat })"},
      {"(variant { Ok : nat; Err })", "(variant { Ok = 5 : nat; })", "(variant { Ok = 5 : nat })"},
      {"(variant { Ok : nat; Err })", "(variant { Err })", "(variant { Err })"},
      {"(variant { Ok : nat; Err })", "(variant { Err = null })", "(variant { Err })"},
      {"(variant { Ok : nat; Err })", "(variant { \"Err\" })", "(variant { Err })"},
      {"(variant { Ok : nat; Err })", "(variant { 3456837 })", "(variant { Err })"},
      {"(variant { a : opt nat; b : reserved })", "(variant { a })", "(variant { a = null })"},
      {"(variant { a : opt nat; b : reserved })", "(variant { b })",
       "(variant { b = null : reserved })"},
      {"(variant { \"null\" })", "(variant { \"null\" })", "(variant { \"null\" })"},
  };
  check_taken(ROWS(rows));
  static const struct row refused[] = {
      {"(variant { Ok : nat; Err })", "(variant { ok = 5 })",
       "line 1, column 12: unexpected case ok; the type has: Ok, Err"},
      {"(variant { Ok : nat; Err })", "(variant { 7 })",
       "line 1, column 12: unexpected case 7; the type has: Ok, Err"},
      {"(variant { Ok : nat; Err })", "(variant { Ok })",
       "line 1, column 15: missing value of case Ok : nat"},
      {"(variant { Ok : nat; Err })", "(variant { Err = 5 })",
       "line 1, column 18: expected null, found 5"},
      {"(variant { Ok : nat; Err })", "(variant { Ok = 5; Err })",
       "line 1, column 20: expected '}', found the name Err"},
      {"(variant { Ok : nat; Err })", "(variant {})",
       "line 1, column 11: expected a name or an id, found '}'"},
      {"(variant { Ok : nat; Err })", "(variant { null })",
       "line 1, column 12: expected a name or an id, found the keyword null"},
      {"(variant {})", "(variant { a })",
       "line 1, column 12: unexpected case a; the type has: none"},
      {"(variant { Ok : nat; Err })", "(vec {})",
       "line 1, column 2: expected variant { Ok : nat; Err }, found the keyword vec"},
  };
  check_refused(ROWS(refused));
}

static void arguments_are_counted(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(nat, opt nat, null, reserved)", "(1)", "(1 : nat, null, null, null : reserved)"},
      {"(opt nat)", "()", "(null)"},
  };
  check_taken(ROWS(rows));
  static const struct row refused[] = {
      {"(nat)", "()", "line 1, column 2: missing argument 1 : nat"},
      {"(opt nat, Person)", "(null,)", "line 1, column 7: missing argument 2 : Person"},
      {"(nat)", "(1, 2)", "line 1, column 5: unexpected argument 2; the type has 1"},
      {"()", "(1)", "line 1, column 2: unexpected argument 1; the type has 0"},
      {"(nat)", "(1", "line 1, column 3: expected ',' or ')', found the end of the text"},
      {"(nat)", "(1,", "line 1, column 4: expected ')', found the end of the text"},
      {"(nat)", "(1; 2)", "line 1, column 3: expected ',' or ')', found ';'"},
      {"(nat)", "(,)", "line 1, column 2: expected nat, found ','"},
      {"(nat)", "(1) 2", "line 1, column 5: expected the end of the text, found the number 2"},
      {"(nat)", "", "line 1, column 1: expected '(', found the end of the text"},
      {"(nat)", "1", "line 1, column 1: expected '(', found the number 1"},
      {"(nat)", "(1 ? )", "line 1, column 4: the character '?' has no meaning here"},
      {"(text)", "(\"\xff\")", "line 1, column 3: the text is not UTF-8"},
      {"(nat, nat)", "(/* \xc3\xa9 */ 1,\n/* \xc3\xa9 */ x)",
       "line 2, column 9: expected nat, found the name x"},
  };
  check_refused(ROWS(refused));
}

static void annotations_are_subtypes(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"(nat64)", "(1 : nat64)", "(1 : nat64)"},
      {"(int)", "(1 : nat)", "(1)"},
      {"(int)", "((1 : nat) : int)", "(1)"},
      {"(nat8)", "(1 : Byte)", "(1 : nat8)"},
      {"(Person)", "(record { name = \"x\"; age = null } : Person)",
       "(record { age = null; name = \"x\" })"},
      {"(record { a : int })", "(record { a = 1 } : record { a : nat })", "(record { a = 1 })"},
      {"(vec opt int)", "(vec { 1 : nat; null; (2 : int) } : vec opt int)",
       "(vec { opt 1; null; opt 2 })"},
      {"(variant { a; b })", "(variant { a } : variant { a })", "(variant { a })"},
      {"(func (text, opt text) -> ())", "(func \"aaaaa-aa\".m : func (text) -> (nat))",
       "(func \"aaaaa-aa\".m)"},
      {"(reserved)", "(5 : nat8)", "(null : reserved)"},
      {"(opt int, opt int)", "(opt 5 : opt int, null : null)", "(opt 5, null)"},
      {"(record { int; int })", "(record { 1 : nat; (2 : nat) })", "(record { 1; 2 })"},
  };
  check_taken(ROWS(rows));
  static const struct row refused[] = {
      {"(nat)", "(1 : int)", "line 1, column 4: expected nat, found the annotation int"},
      {"(nat8)", "(1 : nat16)", "line 1, column 4: expected nat8, found the annotation nat16"},
      {"(int)", "(-1 : nat)", "line 1, column 2: expected nat, found -1"},
      {"(int)", "((-1 : nat) : int)", "line 1, column 3: expected nat, found -1"},
      {"(record { a : int })", "(record { a = -1 } : record { a : nat })",
       "line 1, column 15: expected nat, found -1"},
      {"(record { a : int })", "(record { a = 1; b = 2 } : record { a : int; b : int })",
       "line 1, column 18: unexpected field b; the type has: a"},
      {"(record { a : opt int })", "(record { a = opt (true : bool) } : record { a : opt int })",
       "line 1, column 25: expected int, found the annotation bool"},
      {"(nat)", "(1 : Nat)", "line 1, column 6: the type Nat is not defined"},
      {"(nat)", "(1 : 2)", "line 1, column 6: expected a type, found the number 2"},
      {"(nat)", "(1 :)", "line 1, column 5: expected a type, found ')'"},
      {"(nat)", "(1 : nat : nat)", "line 1, column 10: expected ',' or ')', found ':'"},
      {"(nat)", "(: nat)", "line 1, column 2: expected nat, found ':'"},
      {"(nat)", "(1 2 : nat)", "line 1, column 4: expected ',' or ')', found the number 2"},
      {"(opt nat)", "(opt 1 : nat)", "line 1, column 2: expected nat, found the keyword opt"},
      {"(Person)", "(record { name = \"x\" } : record { name : nat })",
       "line 1, column 24: expected Person, found the annotation record { name : nat }"},
  };
  check_refused(ROWS(refused));
}

static void failure_and_spot_may_be_left_out(void **state)
{
  (void)state;
  struct candid_text text;
  candid_text_open(&text, NULL, "(nat)");
  assert_int_equal(icws_candid_parse(icws_bytes_text("(x)"), text.types, text.expected, 1,
                                     &text.arena, &text.args, NULL, NULL),
                   ICWS_ERR_CANDID);
  assert_int_equal(icws_candid_parse_any(icws_bytes_text("(x)"), text.types, &text.arena,
                                         &text.args, NULL, NULL),
                   ICWS_ERR_CANDID);
  assert_null(text.args.values);
  candid_text_close(&text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(primitives_are_read),
      cmocka_unit_test(numbers_are_read_up_to_their_range),
      cmocka_unit_test(numbers_beyond_their_range_are_refused),
      cmocka_unit_test(other_primitives_are_refused),
      cmocka_unit_test(an_opt_may_be_written_bare),
      cmocka_unit_test(vecs_and_blobs_are_read),
      cmocka_unit_test(records_are_read_in_any_order),
      cmocka_unit_test(records_of_other_fields_are_refused),
      cmocka_unit_test(variants_are_read),
      cmocka_unit_test(arguments_are_counted),
      cmocka_unit_test(annotations_are_subtypes),
      cmocka_unit_test(failure_and_spot_may_be_left_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <icws/candid_text.h>

#include "candid_text_fixture.h"

/* Values at any type: what they are follows from how they are written. */

struct row {
  const char *types;
  const char *input;
  const char *result; /* as it is printed */
};

static const char definitions[] = "type Byte = nat8;"
                                  "type Person = record { name : text; age : opt nat8 };";

static void check_any(const char *input, const char *types, const char *printed)
{
  struct candid_text text;
  struct icws_buf out;
  candid_text_open(&text, definitions, NULL);
  icws_buf_init(&out, 0, NULL);
  if (candid_text_parse_any(&text, input) != ICWS_OK)
    fail_msg("%s: %s", input, text.failure.text);
  for (size_t i = 0; i < text.args.count; i++) {
    icws_buf_put(&out, ", ", i > 0 ? 2 : 0);
    assert_int_equal(icws_candid_print_type(text.types, text.args.values[i].type, true,
                                            ICWS_CANDID_ONE_LINE, &out),
                     ICWS_OK);
  }
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, types);
  assert_string_equal(candid_text_print(&text.args, ICWS_CANDID_ONE_LINE, &out), printed);
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

static void values_make_their_types(void **state)
{
  (void)state;
  static const struct row rows[] = {
      {"", "()", "()"},
      {"int, int, int", "(1, -0x10, +1)", "(1, -16, 1)"},
      {"float64, float64, float64", "(1., NaN, -inf)", "(1.0, NaN, -inf)"},
      {"text, bool, bool, null", "(\"x\", true, false, null)", "(\"x\", true, false, null)"},
      {"principal", "(principal \"aaaaa-aa\")", "(principal \"aaaaa-aa\")"},
      {"service {}", "(service \"aaaaa-aa\")", "(service \"aaaaa-aa\")"},
      {"func () -> ()", "(func \"aaaaa-aa\".m)", "(func \"aaaaa-aa\".m)"},
      {"opt int", "(opt 1)", "(opt 1)"},
      {"opt null", "(opt null)", "(opt null)"},
      {"blob", "(blob \"x\")", "(blob \"x\")"},
      {"blob", "(vec { 1 : nat8; 2 })", "(blob \"\\01\\02\")"},
      {"vec empty", "(vec {})", "(vec {})"},
      {"vec int", "(vec { 1; 2 })", "(vec { 1; 2 })"},
      {"vec float64", "(vec { 1.; 2 })", "(vec { 1.0; 2.0 })"},
      {"vec opt int", "(vec { opt 1; null; 2 })", "(vec { opt 1; null; opt 2 })"},
      {"vec record { a : opt int }", "(vec { record { a = opt 1 }; record {} })",
       "(vec { record { a = opt 1 }; record { a = null } })"},
      {"record {}", "(record {})", "(record {})"},
      {"record { int; text }", "(record { 1; \"x\" })", "(record { 1; \"x\" })"},
      {"record { 5 : int; 6 : text; b : bool }", "(record { b = true; 5 = 1; \"x\" })",
       "(record { 5 = 1; 6 = \"x\"; b = true })"},
      {"variant { Ok : int }", "(variant { Ok = 1 })", "(variant { Ok = 1 })"},
      {"variant { Close }", "(variant { Close })", "(variant { Close })"},
      {"nat8", "(1 : Byte)", "(1 : nat8)"},
      {"Person", "(record { name = \"x\" } : Person)", "(record { age = null; name = \"x\" })"},
      {"opt nat", "(null : opt nat)", "(null)"},
      {"vec opt nat", "(vec { null; 1 } : vec opt nat)", "(vec { null; opt (1 : nat) })"},
      {"reserved", "(record { 1 } : reserved)", "(null : reserved)"},
      {"vec variant { a; b }", "(vec { variant { a } : variant { a; b }; variant { b } })",
       "(vec { variant { a }; variant { b } })"},
      {"nat", "((((1 : nat))))", "(1 : nat)"},
      {"int", "((1 : nat) : int)", "(1)"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    check_any(rows[i].input, rows[i].types, rows[i].result);
}

static void values_without_a_type_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *input;
    const char *fault;
  } rows[] = {
      {"(x)", "line 1, column 2: expected a value, found the name x"},
      {"(", "line 1, column 2: expected a value, found the end of the text"},
      {"(1", "line 1, column 3: expected ',' or ')', found the end of the text"},
      {"1", "line 1, column 1: expected '(', found the number 1"},
      {"() 1", "line 1, column 4: expected the end of the text, found the number 1"},
      {"(- 1)", "line 1, column 2: expected a value, found '-'"},
      {"(vec { 1; true })", "line 1, column 11: expected int, found the keyword true"},
      {"(vec { null; opt 1 })", "line 1, column 14: expected null, found the keyword opt"},
      {"(vec { 1 : nat8; 256 })", "line 1, column 18: expected nat8, found 256"},
      {"(vec { variant { a }; variant { b } })",
       "line 1, column 33: unexpected case b; the type has: a"},
      {"(record { a = 1; b = 2; a = 3 })", "line 1, column 25: duplicate field a"},
      {"(record { a = 1; 97 = 3 })", "line 1, column 18: duplicate field 97"},
      {"(record { a })", "line 1, column 13: expected '=', found '}'"},
      {"(variant { a; b })", "line 1, column 15: expected '}', found the name b"},
      {"(variant {})", "line 1, column 11: expected a name or an id, found '}'"},
      {"(opt)", "line 1, column 5: expected a value, found ')'"},
      {"(256 : nat8)", "line 1, column 2: expected nat8, found 256"},
      {"((-1 : nat) : int)", "line 1, column 3: expected nat, found -1"},
      {"(1 : empty)", "line 1, column 2: expected empty, found 1"},
      {"(service \"x\")", "line 1, column 10: \"x\" is no principal"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct candid_text text;
    candid_text_open(&text, definitions, NULL);
    candid_text_check_failure(&text, candid_text_parse_any(&text, rows[i].input), ICWS_ERR_CANDID,
                              rows[i].input, rows[i].fault);
    candid_text_close(&text);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_make_their_types),
      cmocka_unit_test(values_without_a_type_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

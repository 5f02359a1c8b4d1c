/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_text.h>

#include "mem_probe.h"

static struct icws_candid_types *new_types(void)
{
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  return types;
}

static void check_print(const struct icws_candid_types *types, int type, bool by_name,
                        enum icws_candid_layout layout, const char *expected)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_print_type(types, type, by_name, layout, &out), ICWS_OK);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, expected);
  icws_buf_wipe(&out);
}

static int parse(struct icws_candid_types *types, const char *text)
{
  struct icws_buf list;
  int type = ICWS_CANDID_EMPTY;
  size_t count;
  icws_buf_init(&list, 0, NULL);
  icws_buf_put_u8(&list, '(');
  icws_buf_put(&list, text, strlen(text));
  icws_buf_put_u8(&list, ')');
  assert_int_equal(
      icws_candid_parse_types(icws_buf_bytes(&list), types, &type, 1, &count, NULL, NULL), ICWS_OK);
  icws_buf_wipe(&list);
  return type;
}

/* |text| is printed as |expected|, from which the same is made. */
static void check(const char *text, const char *expected, enum icws_candid_layout layout)
{
  struct icws_candid_types *types = new_types();
  check_print(types, parse(types, text), false, layout, expected);
  check_print(types, parse(types, expected), false, layout, expected);
  icws_candid_types_del(types);
}

static void check_line(const char *text, const char *expected)
{
  check(text, expected, ICWS_CANDID_ONE_LINE);
  check(text, expected, ICWS_CANDID_PRETTY); /* all that is short enough is on one line */
}

/* --- One line ---------------------------------------------------------------------------------- */

static void primitives_opt_and_vec(void **state)
{
  (void)state;
  static const char *const names[] = {
      "null",  "bool",  "nat",   "int",     "nat8",    "nat16", "nat32",    "nat64", "int8",
      "int16", "int32", "int64", "float32", "float64", "text",  "reserved", "empty", "principal",
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    check_line(names[i], names[i]);
  check_line("opt  vec\nnat", "opt vec nat");
  check_line("vec nat8", "blob");
  check_line("opt blob", "opt blob");
  check_line("vec vec nat8", "vec blob");
}

static void records_and_variants(void **state)
{
  (void)state;
  check_line("record{}", "record {}");
  check_line("variant {}", "variant {}");
  /* by increasing id: a is 97, Ok 17724 */
  check_line("record { Ok : nat; 5 : int; a : text }", "record { 5 : int; a : text; Ok : nat }");
  check_line("record { nat; text }", "record { nat; text }");
  check_line("record { 1 : text; 0 : nat }", "record { nat; text }");
  check_line("record { 1 : text; 2 : nat }", "record { 1 : text; 2 : nat }");
  check_line("record { 0 : text; 2 : nat }", "record { 0 : text; 2 : nat }");
  check_line("record { \"\" : nat; 1 : int }", "record { \"\" : nat; 1 : int }");
  check_line("variant { 0; 1 : nat }", "variant { 0; 1 : nat }");
  check_line("variant { a : null; Ok; 4_294_967_295 }", "variant { a; Ok; 4294967295 }");
  check_line("variant { a : opt null }", "variant { a : opt null }");
  check_line("record { a : null }", "record { a : null }");
  check_line("record { record { nat } }", "record { record { nat } }");
}

static void functions_and_services(void **state)
{
  (void)state;
  check_line("func()->()", "func () -> ()");
  check_line("func (a : nat, text,) -> (\"b c\" : blob) query",
             "func (a : nat, text) -> (\"b c\" : blob) query");
  check_line("func (nat) -> () oneway", "func (nat) -> () oneway");
  check_line("func () -> (nat) composite_query", "func () -> (nat) composite_query");
  check_line("service {}", "service {}");
  check_line("service { b : () -> (); \"a b\" : (nat) -> () query; }",
             "service { \"a b\" : (nat) -> () query; b : () -> () }");
  check_line("opt func (service {}) -> (func () -> ())",
             "opt func (service {}) -> (func () -> ())");
}

/* Whoever wrote a name: what is printed acts on no terminal. */
static void names_are_quoted_and_escaped(void **state)
{
  (void)state;
  check_line("record { \"text\" : text }", "record { text : text }");
  check_line("record { \"type\" : nat }", "record { \"type\" : nat }");
  check_line("record { \"opt\" : nat }", "record { \"opt\" : nat }");
  check_line("record { \"1a\" : nat }", "record { \"1a\" : nat }");
  check_line("record { \"a-b\" : nat }", "record { \"a-b\" : nat }");
  check_line("record { \"_1\" : nat }", "record { _1 : nat }");
  check_line("record { \"\xc3\xa9\\\"\\\\\" : nat }", "record { \"\xc3\xa9\\\"\\\\\" : nat }");
  check_line("record { \"\\t\\n\\r\\u{1b}[2J\\00\\7f\" : nat }",
             "record { \"\\t\\n\\r\\u{1b}[2J\\u{00}\\u{7f}\" : nat }");
  check_line("record { \"\\u{80}\\u{9f}\\u{a0}\" : nat }",
             "record { \"\\u{80}\\u{9f}\xc2\xa0\" : nat }");
  check_line("record { \"\xe2\x80\xae\\u{61c}\\u{2066}\\u{2028}\\u{1F600}\" : nat }",
             "record { \"\\u{202e}\\u{061c}\\u{2066}\\u{2028}\xf0\x9f\x98\x80\" : nat }");
  check_line("service { \"\\u{1b}\" : () -> () }", "service { \"\\u{1b}\" : () -> () }");
}

static void names_that_are_not_utf8_are_escaped(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  struct icws_candid_field_type field = {
      .id = 1, .type = ICWS_CANDID_NAT, .name = icws_bytes_text("a\xff\xc3")};
  int type = icws_candid_types_add(
      types, &(struct icws_candid_type){
                 .constructor = ICWS_CANDID_RECORD, .fields = &field, .field_count = 1});
  check_print(types, type, false, ICWS_CANDID_ONE_LINE, "record { \"a\\ff\\c3\" : nat }");
  icws_candid_types_del(types);
}

/* --- Definitions ------------------------------------------------------------------------------- */

static int define(struct icws_candid_types *types, const char *name, const char *text)
{
  int type = parse(types, text);
  icws_candid_types_define(types, icws_bytes_text(name), type);
  assert_int_equal(icws_candid_types_error(types), ICWS_OK);
  return type;
}

static void definitions_stand_by_their_names(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int inner = define(types, "Inner", "record { a : nat }");
  int func = define(types, "Fn", "func () -> () query");
  int outer = define(types, "Outer", "record { Inner; opt Inner; service { f : Fn } }");
  check_print(types, inner, true, ICWS_CANDID_ONE_LINE, "Inner");
  check_print(types, inner, false, ICWS_CANDID_ONE_LINE, "record { a : nat }");
  check_print(types, func, false, ICWS_CANDID_ONE_LINE, "func () -> () query");
  check_print(types, outer, true, ICWS_CANDID_ONE_LINE, "Outer");
  check_print(types, outer, false, ICWS_CANDID_ONE_LINE,
              "record { Inner; opt Inner; service { f : Fn } }");
  icws_candid_types_define(types, icws_bytes_text("Later"), inner);
  check_print(types, inner, true, ICWS_CANDID_ONE_LINE, "Inner");
  check_print(types, define(types, "Bytes", "blob"), true, ICWS_CANDID_ONE_LINE, "Bytes");
  icws_candid_types_del(types);
}

static void a_name_that_cannot_be_written_is_none(void **state)
{
  (void)state;
  static const char *const names[] = {"a b", "type", "nat", "", "1"};
  struct icws_candid_types *types = new_types();
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    check_print(types, define(types, names[i], "opt text"), true, ICWS_CANDID_ONE_LINE, "opt text");
  icws_candid_types_del(types);
}

static int make_list(struct icws_candid_types *types)
{
  int list = icws_candid_types_reserve(types);
  struct icws_candid_field_type fields[] = {
      {.id = 0, .type = ICWS_CANDID_NAT},
      {.id = 1, .type = icws_candid_types_opt(types, list)},
  };
  icws_candid_types_set(types, list,
                        &(struct icws_candid_type){
                            .constructor = ICWS_CANDID_RECORD, .fields = fields, .field_count = 2});
  return list;
}

static void check_not_printed(const struct icws_candid_types *types, int type,
                              enum icws_error error)
{
  for (int layout = ICWS_CANDID_ONE_LINE; layout <= ICWS_CANDID_PRETTY; layout++) {
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    assert_int_equal(
        icws_candid_print_type(types, type, true, (enum icws_candid_layout)layout, &out), error);
    assert_int_equal(icws_buf_error(&out), error);
    assert_true(out.len < 4000000);
    icws_buf_wipe(&out);
  }
}

static void a_type_within_itself_needs_a_name(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int list = make_list(types);
  check_not_printed(types, list, ICWS_ERR_LIMIT);
  icws_candid_types_define(types, icws_bytes_text("List"), list);
  check_print(types, list, false, ICWS_CANDID_ONE_LINE, "record { nat; opt List }");
  icws_candid_types_del(types);
}

/* Each type has the one before it twice: 2^40 parts, if all were written. */
static void what_is_printed_is_bounded(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type = ICWS_CANDID_NAT;
  for (int i = 0; i < 40; i++) {
    struct icws_candid_field_type fields[] = {{.id = 0, .type = type}, {.id = 1, .type = type}};
    type = icws_candid_types_add(
        types, &(struct icws_candid_type){
                   .constructor = ICWS_CANDID_VARIANT, .fields = fields, .field_count = 2});
  }
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_print_type(types, type, true, ICWS_CANDID_ONE_LINE, &out),
                   ICWS_ERR_LIMIT);
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

static void nesting_is_bounded_as_in_text(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  struct icws_buf out;
  int type = ICWS_CANDID_NAT;
  icws_buf_init(&out, 0, NULL);
  for (int i = 1; i < ICWS_CANDID_MAX_DEPTH; i++)
    type = icws_candid_types_opt(types, type);
  icws_buf_put_u8(&out, '(');
  assert_int_equal(icws_candid_print_type(types, type, true, ICWS_CANDID_PRETTY, &out), ICWS_OK);
  icws_buf_put_u8(&out, ')');
  size_t count;
  assert_int_equal(
      icws_candid_parse_types(icws_buf_bytes(&out), types, &type, 1, &count, NULL, NULL), ICWS_OK);
  check_not_printed(types, icws_candid_types_opt(types, type), ICWS_ERR_LIMIT);
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

static void there_are_no_words_for_future_types(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type =
      icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_FUTURE});
  check_not_printed(types, type, ICWS_ERR_UNSUPPORTED);
  check_not_printed(types, icws_candid_types_opt(types, type), ICWS_ERR_UNSUPPORTED);
  icws_candid_types_del(types);
}

/* --- Pretty ------------------------------------------------------------------------------------ */

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10
#define X60 X50 X10

static void check_pretty(const char *text, const char *expected)
{
  check(text, expected, ICWS_CANDID_PRETTY);
}

static void a_line_has_80_characters_at_most(void **state)
{
  (void)state;
  check_pretty("record { " X60 "xxx : nat }", "record { " X60 "xxx : nat }"); /* 80 */
  check_pretty("record { " X60 "xxxx : nat }", "record {\n"
                                               "  " X60 "xxxx : nat;\n"
                                               "}");
  check("record { " X60 "xxxx : nat }", "record { " X60 "xxxx : nat }", ICWS_CANDID_ONE_LINE);
  /* Characters, not bytes: 80 again. */
  check_pretty("record { \"" X60 "\xc3\xa9\" : nat }", "record { \"" X60 "\xc3\xa9\" : nat }");
  check_pretty("record { \"" X60 "x\xc3\xa9\" : nat }", "record {\n"
                                                        "  \"" X60 "x\xc3\xa9\" : nat;\n"
                                                        "}");
}

static void what_follows_in_the_line_counts(void **state)
{
  (void)state;
  check_pretty("variant { 1 : record { " X50 "xxxxx : bool }; 2 }", /* 80 with the semicolon */
               "variant {\n"
               "  1 : record { " X50 "xxxxx : bool };\n"
               "  2;\n"
               "}");
  check_pretty("variant { 1 : record { " X50 "xxxxx : nat16 }; 2 }", "variant {\n"
                                                                     "  1 : record {\n"
                                                                     "    " X50 "xxxxx : nat16;\n"
                                                                     "  };\n"
                                                                     "  2;\n"
                                                                     "}");
}

static void functions_break_where_they_must(void **state)
{
  (void)state;
  /* 80 */
  check_pretty("func (" X60 "x : nat) -> ()", "func (" X60 "x : nat) -> ()");
  check_pretty("func (" X60 "xx : nat) -> ()", "func (\n"
                                               "  " X60 "xx : nat\n"
                                               ") -> ()");
  check_pretty("func (" X60 "xxx : nat, b : int) -> (text, bool) query", "func (\n"
                                                                         "  " X60 "xxx : nat,\n"
                                                                         "  b : int\n"
                                                                         ") -> (text, bool) query");
  check_pretty("func (nat, text) -> (" X60 "xxxx : nat)", "func (nat, text) -> (\n"
                                                          "  " X60 "xxxx : nat\n"
                                                          ")");
}

static void services_have_a_method_a_line(void **state)
{
  (void)state;
  check_pretty("opt service { a : (nat, nat) -> (); " X60 " : (nat) -> (nat) query }",
               "opt service {\n"
               "  a : (nat, nat) -> ();\n"
               "  " X60 " : (nat) -> (\n"
               "    nat\n"
               "  ) query;\n"
               "}");
}

static void indentation_ends_with_the_line(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  struct icws_buf out;
  int type = ICWS_CANDID_NAT;
  icws_buf_init(&out, 0, NULL);
  for (int i = 0; i < 400; i++) {
    struct icws_candid_field_type field = {.id = 7, .type = type};
    type = icws_candid_types_add(
        types, &(struct icws_candid_type){
                   .constructor = ICWS_CANDID_RECORD, .fields = &field, .field_count = 1});
  }
  assert_int_equal(icws_candid_print_type(types, type, false, ICWS_CANDID_PRETTY, &out), ICWS_OK);
  assert_true(out.len < (size_t)400 * (80 + 80 + 20));
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

/* What stands before in the same line counts too. */
static void a_type_is_appended(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type = parse(types, "record { " X60 " : nat }"); /* 77 */
  for (size_t before = 3; before <= 4; before++) {
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    icws_buf_put(&out, "first\n", 6);
    icws_buf_put(&out, "====", before);
    assert_int_equal(icws_candid_print_type(types, type, false, ICWS_CANDID_PRETTY, &out), ICWS_OK);
    icws_buf_put_u8(&out, 0);
    assert_string_equal((const char *)out.data, before == 3 ? "first\n===record { " X60 " : nat }"
                                                            : "first\n====record {\n"
                                                              "  " X60 " : nat;\n}");
    icws_buf_wipe(&out);
  }
  icws_candid_types_del(types);
}

/* --- Failures ---------------------------------------------------------------------------------- */

static void the_limit_of_the_output_is_kept(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type = parse(types, "record { nat; text }"); /* 20 */
  for (size_t max = 1; max <= 20; max++) {
    struct icws_buf out;
    icws_buf_init(&out, max, NULL);
    assert_int_equal(icws_candid_print_type(types, type, false, ICWS_CANDID_PRETTY, &out),
                     max == 20 ? ICWS_OK : ICWS_ERR_LIMIT);
    icws_buf_wipe(&out);
  }
  icws_candid_types_del(types);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type = parse(types, "record { a : nat; b : record { " X60 " : nat; c : variant { A; B } } }");
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t failures = 0;
  while (error != ICWS_OK) {
    struct mem_probe probe;
    struct icws_buf out;
    mem_probe_init(&probe);
    probe.fail_from = failures++;
    icws_buf_init(&out, 0, &probe.mem);
    error = icws_candid_print_type(types, type, false, ICWS_CANDID_PRETTY, &out);
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    icws_buf_wipe(&out);
    assert_int_equal(probe.live, 0);
  }
  assert_true(failures > 3);
  icws_candid_types_del(types);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(primitives_opt_and_vec),
      cmocka_unit_test(records_and_variants),
      cmocka_unit_test(functions_and_services),
      cmocka_unit_test(names_are_quoted_and_escaped),
      cmocka_unit_test(names_that_are_not_utf8_are_escaped),
      cmocka_unit_test(definitions_stand_by_their_names),
      cmocka_unit_test(a_name_that_cannot_be_written_is_none),
      cmocka_unit_test(a_type_within_itself_needs_a_name),
      cmocka_unit_test(what_is_printed_is_bounded),
      cmocka_unit_test(nesting_is_bounded_as_in_text),
      cmocka_unit_test(there_are_no_words_for_future_types),
      cmocka_unit_test(a_line_has_80_characters_at_most),
      cmocka_unit_test(what_follows_in_the_line_counts),
      cmocka_unit_test(functions_break_where_they_must),
      cmocka_unit_test(services_have_a_method_a_line),
      cmocka_unit_test(indentation_ends_with_the_line),
      cmocka_unit_test(a_type_is_appended),
      cmocka_unit_test(the_limit_of_the_output_is_kept),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>
#include <icws/candid_text.h>

#include "candid/type_parse.h"
#include "mem_probe.h"
#include "vectors.h"

static struct icws_candid_types *new_types(void)
{
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  return types;
}

/* The type that |text|, in parentheses, is alone. */
static int parse(struct icws_candid_types *types, const char *text)
{
  int type = ICWS_CANDID_EMPTY;
  size_t count = 0;
  struct icws_failure failure = {.text = ""};
  if (icws_candid_parse_types(icws_bytes_text(text), types, &type, 1, &count, NULL, &failure) !=
      ICWS_OK)
    fail_msg("%s: %s", text, failure.text);
  assert_int_equal(count, 1);
  return type;
}

static const struct icws_candid_type *parse_composite(struct icws_candid_types *types,
                                                      const char *text)
{
  int type = parse(types, text);
  assert_true(type >= 0);
  return icws_candid_types_get(types, type);
}

static void check_error(const char *text, enum icws_error error, const char *expected)
{
  struct icws_candid_types *types = new_types();
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  struct icws_candid_spot spot = {0};
  int parsed[2];
  size_t count = 77;
  assert_int_equal(
      icws_candid_parse_types(icws_bytes_text(text), types, parsed, 2, &count, &spot, &failure),
      error);
  assert_int_equal(failure.code, error);
  assert_string_equal(failure.text, expected);
  assert_int_equal(count, 77);
  char place[64];
  snprintf(place, sizeof place, "line %zu, column %zu: ", spot.line, spot.column);
  assert_int_equal(strncmp(failure.text, place, strlen(place)), 0);
  icws_candid_types_del(types);
}

static void check_refused(const char *text, const char *expected)
{
  check_error(text, ICWS_ERR_CANDID, expected);
}

/* --- Primitives, opt, vec ---------------------------------------------------------------------- */

static void primitives(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int type;
  } rows[] = {
      {"(null)", ICWS_CANDID_NULL},       {"(bool)", ICWS_CANDID_BOOL},
      {"(nat)", ICWS_CANDID_NAT},         {"(int)", ICWS_CANDID_INT},
      {"(nat8)", ICWS_CANDID_NAT8},       {"(nat16)", ICWS_CANDID_NAT16},
      {"(nat32)", ICWS_CANDID_NAT32},     {"(nat64)", ICWS_CANDID_NAT64},
      {"(int8)", ICWS_CANDID_INT8},       {"(int16)", ICWS_CANDID_INT16},
      {"(int32)", ICWS_CANDID_INT32},     {"(int64)", ICWS_CANDID_INT64},
      {"(float32)", ICWS_CANDID_FLOAT32}, {"(float64)", ICWS_CANDID_FLOAT64},
      {"(text)", ICWS_CANDID_TEXT},       {"(reserved)", ICWS_CANDID_RESERVED},
      {"(empty)", ICWS_CANDID_EMPTY},     {"(principal)", ICWS_CANDID_PRINCIPAL},
  };
  struct icws_candid_types *types = new_types();
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(parse(types, rows[i].text), rows[i].type);
  assert_int_equal(icws_candid_types_count(types), 0);
  icws_candid_types_del(types);
}

static void opt_vec_and_blob(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  const struct icws_candid_type *opt = parse_composite(types, "(opt vec nat8)");
  assert_int_equal(opt->constructor, ICWS_CANDID_OPT);
  assert_true(icws_candid_types_is_blob(types, opt->item));
  assert_true(icws_candid_types_is_blob(types, parse(types, "(blob)")));
  const struct icws_candid_type *vec = parse_composite(types, "(vec text)");
  assert_int_equal(vec->constructor, ICWS_CANDID_VEC);
  assert_int_equal(vec->item, ICWS_CANDID_TEXT);
  icws_candid_types_del(types);
}

static void several_types_and_none(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int parsed[3] = {0, 0, 0};
  size_t count = 77;
  assert_int_equal(icws_candid_parse_types(icws_bytes_text(" ( ) // none"), types, parsed, 3,
                                           &count, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(count, 0);
  assert_int_equal(icws_candid_parse_types(icws_bytes_text("(nat, x : int, \"a b\" : text,)"),
                                           types, parsed, 3, &count, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(count, 3);
  assert_int_equal(parsed[0], ICWS_CANDID_NAT);
  assert_int_equal(parsed[1], ICWS_CANDID_INT);
  assert_int_equal(parsed[2], ICWS_CANDID_TEXT);
  icws_candid_types_del(types);
}

static void what_is_no_list_of_types_is_refused(void **state)
{
  (void)state;
  check_refused("", "line 1, column 1: expected '(', found the end of the text");
  check_refused("nat", "line 1, column 1: expected '(', found the name nat");
  check_refused("(nat", "line 1, column 5: expected ',' or ')', found the end of the text");
  check_refused("(nat nat)", "line 1, column 6: expected ',' or ')', found the name nat");
  check_refused("(,)", "line 1, column 2: expected a type, found ','");
  check_refused("(nat,,)", "line 1, column 6: expected a type, found ','");
  check_refused("(nat; nat)", "line 1, column 5: expected ',' or ')', found ';'");
  check_refused("(nat) nat", "line 1, column 7: expected the end of the text, found the name nat");
  check_refused("(query)", "line 1, column 2: expected a type, found the keyword query");
  check_refused("(opt)", "line 1, column 5: expected a type, found ')'");
  check_refused("(vec 5)", "line 1, column 6: expected a type, found the number 5");
  check_refused("(\n  vec -> nat)", "line 2, column 7: expected a type, found '->'");
  check_refused("(nat, @)", "line 1, column 7: the character '@' has no meaning here");
  check_refused("(Message)", "line 1, column 2: the type Message is not defined");
  check_refused("(opt record { a : Text })", "line 1, column 19: the type Text is not defined");
  check_refused("(a : nat, \"a\" : nat)", "line 1, column 11: the argument a is there twice");
  check_error("(nat, nat, nat)", ICWS_ERR_LIMIT,
              "line 1, column 1: there are 3 types, and room for 2");
}

static void names_are_those_of_the_table(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int record =
      icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_RECORD});
  icws_candid_types_define(types, icws_bytes_text("Empty"), record);
  icws_candid_types_define(types, icws_bytes_text("Number"), ICWS_CANDID_NAT);
  assert_int_equal(parse(types, "(Empty)"), record);
  assert_int_equal(parse(types, "(Number)"), ICWS_CANDID_NAT);
  assert_int_equal(parse_composite(types, "(opt Empty)")->item, record);
  icws_candid_types_del(types);
}

/* --- Records and variants ---------------------------------------------------------------------- */

static void check_field(const struct icws_candid_type *type, size_t index, uint32_t id,
                        const char *name, int field_type)
{
  assert_true(index < type->field_count);
  const struct icws_candid_field_type *field = &type->fields[index];
  assert_int_equal(field->id, id);
  assert_int_equal(field->type, field_type);
  assert_int_equal(field->name.data == NULL, name == NULL);
  if (name != NULL)
    assert_true(icws_bytes_equal(field->name, icws_bytes_text(name)));
}

static void records(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  assert_int_equal(parse_composite(types, "(record {})")->field_count, 0);

  /* The ids are those of the specification's hash, computed elsewhere. */
  const struct icws_candid_type *type = parse_composite(
      types, "(record { text : text; a : nat; \"Ok\" : int; 0x10 : bool; \"\" : nat8;})");
  assert_int_equal(type->field_count, 5);
  check_field(type, 0, 0, "", ICWS_CANDID_NAT8);
  check_field(type, 1, 16, NULL, ICWS_CANDID_BOOL);
  check_field(type, 2, 97, "a", ICWS_CANDID_NAT);
  check_field(type, 3, 17724, "Ok", ICWS_CANDID_INT);
  check_field(type, 4, 1291439277, "text", ICWS_CANDID_TEXT);
  icws_candid_types_del(types);
}

/* Candid specification, "Shorthand: Tuple Fields". */
static void fields_without_id_are_numbered(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  icws_candid_types_define(types, icws_bytes_text("Number"), ICWS_CANDID_NAT);
  const struct icws_candid_type *type = parse_composite(types, "(record { nat; text; Number })");
  check_field(type, 0, 0, NULL, ICWS_CANDID_NAT);
  check_field(type, 1, 1, NULL, ICWS_CANDID_TEXT);
  check_field(type, 2, 2, NULL, ICWS_CANDID_NAT);

  type =
      parse_composite(types, "(record { null; 5 : bool; int; a : nat8; nat16; 1 : nat32; nat64 })");
  check_field(type, 0, 0, NULL, ICWS_CANDID_NULL);
  check_field(type, 1, 1, NULL, ICWS_CANDID_NAT32);
  check_field(type, 2, 2, NULL, ICWS_CANDID_NAT64);
  check_field(type, 3, 5, NULL, ICWS_CANDID_BOOL);
  check_field(type, 4, 6, NULL, ICWS_CANDID_INT);
  check_field(type, 5, 97, "a", ICWS_CANDID_NAT8);
  check_field(type, 6, 98, NULL, ICWS_CANDID_NAT16);
  icws_candid_types_del(types);

  check_refused("(record { 4_294_967_295 : nat; nat })",
                "line 1, column 32: the id of the field is not below 2^32");
}

static void what_is_no_record_is_refused(void **state)
{
  (void)state;
  check_refused("(record)", "line 1, column 8: expected '{', found ')'");
  check_refused("(record { nat",
                "line 1, column 14: expected ';' or '}', found the end of the text");
  check_refused("(record { nat, nat })", "line 1, column 14: expected ';' or '}', found ','");
  check_refused("(record { ; })", "line 1, column 11: expected a type, found ';'");
  check_refused("(record { 1 })", "line 1, column 13: expected ':', found '}'");
  check_refused("(record { \"a\" })", "line 1, column 15: expected ':', found '}'");
  check_refused("(record { a })", "line 1, column 11: the type a is not defined");
  check_refused("(record { a : })", "line 1, column 15: expected a type, found '}'");
  check_refused("(record { type : nat })",
                "line 1, column 11: expected a type, found the keyword type");
  check_refused("(record { opt : nat })", "line 1, column 15: expected a type, found ':'");
  check_refused("(record { 1.0 : nat })",
                "line 1, column 11: expected a type, found the number 1.0");
  check_refused("(record { 4294967296 : nat })",
                "line 1, column 11: the field id is not below 2^32");
  check_refused("(record { \"\\ff\" : nat })", "line 1, column 11: the name is not UTF-8");
}

static void fields_must_differ(void **state)
{
  (void)state;
  check_refused("(record { a : nat; b : nat; \"a\" : int })",
                "line 1, column 29: the field a is there twice");
  check_refused("(record { 5 : nat; 0x5 : nat })", "line 1, column 20: the field 5 is there twice");
  check_refused("(record { nat; 0 : nat })", "line 1, column 16: the field 0 is there twice");
  check_refused("(record { a : nat; 97 : nat })",
                "line 1, column 20: the field a has the id of the field 97");
  check_refused("(record { 97 : nat; a : nat })",
                "line 1, column 21: the field a has the id of the field 97");
  check_refused("(record { nat; \"\" : nat })",
                "line 1, column 16: the field  has the id of the field 0");
  /* Found by a search: names with one hash. */
  check_refused("(record { ounaoaa : nat;\n lelorss : nat })",
                "line 2, column 2: the field lelorss has the id of the field ounaoaa: 1712702934");
  check_refused("(variant { tsttutr; slteteo })",
                "line 1, column 21: the case slteteo has the id of the case tsttutr: 3930424788");
  check_refused("(variant { a : nat; a })", "line 1, column 21: the case a is there twice");
  check_refused("(variant { 3; 4; 3 : nat })", "line 1, column 18: the case 3 is there twice");
}

static void variants(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  assert_int_equal(parse_composite(types, "(variant {})")->field_count, 0);
  const struct icws_candid_type *type =
      parse_composite(types, "(variant { Ok; Err : text; \"type\"; 7; 0x8 : nat; nat })");
  assert_int_equal(type->constructor, ICWS_CANDID_VARIANT);
  assert_int_equal(type->field_count, 6);
  check_field(type, 0, 7, NULL, ICWS_CANDID_NULL);
  check_field(type, 1, 8, NULL, ICWS_CANDID_NAT);
  check_field(type, 2, 17724, "Ok", ICWS_CANDID_NULL);
  check_field(type, 3, 3456837, "Err", ICWS_CANDID_TEXT);
  check_field(type, 4, 5491937, "nat", ICWS_CANDID_NULL); /* a name, not a type */
  check_field(type, 5, 1292432058, "type", ICWS_CANDID_NULL);
  icws_candid_types_del(types);

  check_refused("(variant { null })", "line 1, column 12: expected a case, found the keyword null");
  check_refused("(variant { vec nat })",
                "line 1, column 12: expected a case, found the keyword vec");
  check_refused("(variant { A : })", "line 1, column 16: expected a type, found '}'");
  check_refused("(variant { A, B })", "line 1, column 13: expected ';' or '}', found ','");
  check_refused("(variant A)", "line 1, column 10: expected '{', found the name A");
}

/* --- Functions and services -------------------------------------------------------------------- */

static void functions(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  const struct icws_candid_type *func = parse_composite(types, "(func () -> ())");
  assert_int_equal(func->constructor, ICWS_CANDID_FUNC);
  assert_int_equal(func->field_count + func->result_count + func->annotations, 0);

  func =
      parse_composite(types, "(func (nat, who : text, \"a b\" : int,) -> (bool, n : nat8) query)");
  assert_int_equal(func->field_count, 3);
  check_field(func, 0, 0, NULL, ICWS_CANDID_NAT);
  check_field(func, 1, 1, "who", ICWS_CANDID_TEXT);
  check_field(func, 2, 2, "a b", ICWS_CANDID_INT);
  assert_int_equal(func->result_count, 2);
  assert_int_equal(func->results[0].type, ICWS_CANDID_BOOL);
  assert_null(func->results[0].name.data);
  assert_int_equal(func->results[1].id, 1);
  assert_int_equal(func->results[1].type, ICWS_CANDID_NAT8);
  assert_true(icws_bytes_equal(func->results[1].name, icws_bytes_text("n")));
  assert_int_equal(func->annotations, ICWS_CANDID_QUERY);

  func = parse_composite(types, "(func (nat) -> () oneway)");
  assert_int_equal(func->annotations, ICWS_CANDID_ONEWAY);
  func = parse_composite(types, "(func () -> (nat) composite_query)");
  assert_int_equal(func->annotations, ICWS_CANDID_COMPOSITE_QUERY);
  icws_candid_types_del(types);
}

static void what_is_no_function_is_refused(void **state)
{
  (void)state;
  check_refused("(func)", "line 1, column 6: expected '(', found ')'");
  check_refused("(func nat -> ())", "line 1, column 7: expected '(', found the name nat");
  check_refused("(func ())", "line 1, column 9: expected '->', found ')'");
  check_refused("(func () -> nat)", "line 1, column 13: expected '(', found the name nat");
  check_refused("(func () -> () query query)",
                "line 1, column 22: a function has one annotation at most");
  check_refused("(func () -> () query oneway)",
                "line 1, column 22: a function has one annotation at most");
  check_refused("(func () -> (nat) oneway)", "line 1, column 19: a oneway function has no results");
  check_refused("(func () -> () update)",
                "line 1, column 16: expected ',' or ')', found the name update");
  check_refused("(func (a : nat, nat, a : int) -> ())",
                "line 1, column 22: the argument a is there twice");
  check_refused("(func (a : nat) -> (a : nat, a : int))",
                "line 1, column 30: the result a is there twice");
  check_refused("(func (1 : nat) -> ())", "line 1, column 8: expected a type, found the number 1");
}

static void check_method(const struct icws_candid_types *types,
                         const struct icws_candid_type *service, size_t index, const char *name,
                         unsigned annotations)
{
  assert_true(icws_bytes_equal(service->methods[index].name, icws_bytes_text(name)));
  const struct icws_candid_type *func = icws_candid_types_get(types, service->methods[index].type);
  assert_int_equal(func->constructor, ICWS_CANDID_FUNC);
  assert_int_equal(func->annotations, annotations);
}

static void services(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  icws_candid_types_define(types, icws_bytes_text("Fn"), parse(types, "(func () -> () oneway)"));
  assert_int_equal(parse_composite(types, "(service {})")->method_count, 0);
  const struct icws_candid_type *service = parse_composite(
      types,
      "(service { b : () -> (nat) query; a : Fn; \"c d\" : func () -> (); \"query\" : Fn;})");
  assert_int_equal(service->constructor, ICWS_CANDID_SERVICE);
  assert_int_equal(service->method_count, 4);
  check_method(types, service, 0, "a", ICWS_CANDID_ONEWAY);
  check_method(types, service, 1, "b", ICWS_CANDID_QUERY);
  check_method(types, service, 2, "c d", 0);
  check_method(types, service, 3, "query", ICWS_CANDID_ONEWAY);
  icws_candid_types_del(types);
}

static void what_is_no_service_is_refused(void **state)
{
  (void)state;
  check_refused("(service)", "line 1, column 9: expected '{', found ')'");
  check_refused("(service { a : nat })", "line 1, column 16: the method a is no function");
  check_refused("(service { a : func })", "line 1, column 21: expected '(', found '}'");
  check_refused("(service { a : opt nat })",
                "line 1, column 16: expected the type of a function, found the keyword opt");
  check_refused("(service { a : F })", "line 1, column 16: the type F is not defined");
  check_refused("(service { query : () -> () })",
                "line 1, column 12: expected a method, found the keyword query");
  check_refused("(service { a : () -> (), b : () -> () })",
                "line 1, column 24: expected ';' or '}', found ','");
  check_refused("(service { a : () -> (); a : (nat) -> () })",
                "line 1, column 26: the method a is there twice");
  check_refused("(service { 1 : () -> () })",
                "line 1, column 12: expected a method, found the number 1");
}

/* --- Limits ------------------------------------------------------------------------------------ */

static void repeat(struct icws_buf *out, const char *text, size_t count)
{
  while (count-- > 0)
    icws_buf_put(out, text, strlen(text));
}

static enum icws_error parse_nested(const char *open, size_t count, const char *inner,
                                    const char *close, struct icws_failure *failure)
{
  struct icws_candid_types *types = new_types();
  struct icws_buf text;
  int type;
  size_t parsed;
  icws_buf_init(&text, 0, NULL);
  repeat(&text, "(", 1);
  repeat(&text, open, count);
  repeat(&text, inner, 1);
  repeat(&text, close, count);
  repeat(&text, ")", 1);
  enum icws_error error =
      icws_candid_parse_types(icws_buf_bytes(&text), types, &type, 1, &parsed, NULL, failure);
  icws_buf_wipe(&text);
  icws_candid_types_del(types);
  return error;
}

static void depth_is_bounded(void **state)
{
  (void)state;
  static const struct {
    const char *open;
    const char *close;
    size_t levels;
  } rows[] = {
      {"opt ", "", 1},
      {"vec ", "", 1},
      {"record {", "}", 1},
      {"variant { a : ", "}", 1},
      {"func (", ") -> ()", 1},
      {"func () -> (", ")", 1},
      {"service { a : () -> (", ") }", 2},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct icws_failure failure = {.text = ""};
    size_t most = (ICWS_CANDID_MAX_DEPTH - 1) / rows[i].levels;
    assert_int_equal(parse_nested(rows[i].open, most, "nat", rows[i].close, &failure), ICWS_OK);
    assert_int_equal(parse_nested(rows[i].open, most + 1, "nat", rows[i].close, &failure),
                     ICWS_ERR_LIMIT);
    assert_non_null(strstr(failure.text, ": types are nested more than 512 deep"));
    assert_int_equal(parse_nested(rows[i].open, 100000, "nat", rows[i].close, &failure),
                     ICWS_ERR_LIMIT);
  }
}

static void the_number_of_types_is_bounded(void **state)
{
  (void)state;
  for (size_t extra = 0; extra <= 1; extra++) {
    struct icws_candid_types *types = new_types();
    struct icws_buf text;
    struct icws_failure failure = {.text = ""};
    int type;
    size_t count;
    icws_buf_init(&text, 0, NULL);
    repeat(&text, "(record {", 1);
    repeat(&text, "opt nat;", ICWS_CANDID_TYPES_MAX - 1 + extra);
    repeat(&text, "})", 1);
    enum icws_error error =
        icws_candid_parse_types(icws_buf_bytes(&text), types, &type, 1, &count, NULL, &failure);
    assert_int_equal(error, extra == 0 ? ICWS_OK : ICWS_ERR_LIMIT);
    assert_string_equal(failure.text,
                        extra == 0 ? "" : "line 1, column 2: there are too many types");
    icws_buf_wipe(&text);
    icws_candid_types_del(types);
  }
}

/* --- One type among values --------------------------------------------------------------------- */

static void a_lexer_goes_on_after_a_type(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  struct icws_arena arena;
  struct icws_candid_lexer lexer;
  int type;
  icws_arena_init(&arena, 0, NULL);
  icws_candid_lexer_init(&lexer, icws_bytes_text("opt nat, nat8; Unknown"), &arena);
  assert_true(icws_candid_lexer_take_type(&lexer, types, &type));
  assert_int_equal(icws_candid_types_get(types, type)->item, ICWS_CANDID_NAT);
  assert_true(icws_candid_lexer_accept_sign(&lexer, ','));
  assert_true(icws_candid_lexer_take_type(&lexer, types, &type));
  assert_int_equal(type, ICWS_CANDID_NAT8);
  assert_true(icws_candid_lexer_accept_sign(&lexer, ';'));
  assert_false(icws_candid_lexer_take_type(&lexer, types, &type));
  assert_int_equal(lexer.error, ICWS_ERR_CANDID);
  assert_string_equal(lexer.reason, "the type Unknown is not defined");
  assert_int_equal(lexer.error_at, 15);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
}

/* --- Memory ------------------------------------------------------------------------------------ */

static enum icws_error parse_with(const struct mem_probe *probe, struct icws_failure *failure)
{
  struct icws_candid_types *types;
  int parsed[2];
  size_t count;
  if (icws_candid_types_new(&probe->mem, &types) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no table");
  enum icws_error error = icws_candid_parse_types(
      icws_bytes_text(
          "(record { \"a\\\"b\" : opt text; variant { A; B : blob } }, service { f : (x "
          ": vec nat) -> (nat) query; g : () -> () })"),
      types, parsed, 2, &count, NULL, failure);
  icws_candid_types_del(types);
  return error;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct icws_failure failure;
  struct mem_probe probe;
  size_t failures = 0;
  for (;; failures++) {
    mem_probe_init(&probe);
    probe.fail_from = failures;
    failure.code = ICWS_OK;
    enum icws_error error = parse_with(&probe, &failure);
    assert_int_equal(probe.live, 0);
    if (error == ICWS_OK)
      break;
    assert_int_equal(error, ICWS_ERR_NOMEM);
    assert_int_equal(failure.code, ICWS_ERR_NOMEM);
  }
  assert_true(failures >= 4);
  assert_int_equal(failures, probe.allocations);
}

/* --- The official test suite ------------------------------------------------------------------- */

#define MOST_TYPES 32

static void parse_definitions(const json_t *test, struct icws_candid_types *types)
{
  struct icws_candid_interface interface;
  struct icws_failure failure = {.text = ""};
  struct icws_buf text;
  const char *name;
  json_t *type;
  icws_buf_init(&text, 0, NULL);
  json_object_foreach(json_object_get(test, "type_definitions"), name, type)
  {
    repeat(&text, "type ", 1);
    repeat(&text, name, 1);
    repeat(&text, " = ", 1);
    repeat(&text, json_string_value(type), 1);
    repeat(&text, ";\n", 1);
  }
  if (icws_candid_interface_parse(icws_buf_bytes(&text), types, NULL, NULL, &interface, NULL,
                                  &failure) != ICWS_OK)
    fail_msg("%s: %s", vectors_text(test, "name"), failure.text);
  icws_buf_wipe(&text);
}

/* Printed and parsed again, a type is a subtype of itself and the other way round. */
static void check_round_trip(struct icws_candid_types *types, int type, const char *test)
{
  struct icws_failure failure = {.text = ""};
  struct icws_buf text;
  int again;
  size_t count;
  icws_buf_init(&text, 0, NULL);
  repeat(&text, "(", 1);
  assert_int_equal(icws_candid_print_type(types, type, false, ICWS_CANDID_ONE_LINE, &text),
                   ICWS_OK);
  repeat(&text, ")", 1);
  if (icws_candid_parse_types(icws_buf_bytes(&text), types, &again, 1, &count, NULL, &failure) !=
          ICWS_OK ||
      icws_candid_subtype(types, type, types, again, NULL, &failure) != ICWS_OK ||
      icws_candid_subtype(types, again, types, type, NULL, &failure) != ICWS_OK)
    fail_msg("%s: %.*s: %s", test, (int)text.len, (const char *)text.data, failure.text);
  icws_buf_wipe(&text);
}

static void check_suite_types(const json_t *test)
{
  const char *name = vectors_text(test, "name");
  const char *text = vectors_text(test, "types");
  struct icws_candid_types *types = new_types();
  struct icws_failure failure = {.text = ""};
  int parsed[MOST_TYPES];
  size_t count = 0;
  parse_definitions(test, types);
  if (icws_candid_parse_types(icws_bytes_text(text), types, parsed, MOST_TYPES, &count, NULL,
                              &failure) != ICWS_OK)
    fail_msg("%s: %s: %s", name, text, failure.text);
  for (size_t i = 0; i < count; i++)
    check_round_trip(types, parsed[i], name);
  icws_candid_types_del(types);
}

static void shared_official_suite(void **state)
{
  (void)state;
  json_t *root = vectors_shared("candid_tests.json");
  const json_t *test;
  size_t i;
  json_array_foreach(vectors_get(root, "tests"), i, test) check_suite_types(test);
  assert_int_equal(i, 322);
  json_decref(root);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(primitives),
      cmocka_unit_test(opt_vec_and_blob),
      cmocka_unit_test(several_types_and_none),
      cmocka_unit_test(what_is_no_list_of_types_is_refused),
      cmocka_unit_test(names_are_those_of_the_table),
      cmocka_unit_test(records),
      cmocka_unit_test(fields_without_id_are_numbered),
      cmocka_unit_test(what_is_no_record_is_refused),
      cmocka_unit_test(fields_must_differ),
      cmocka_unit_test(variants),
      cmocka_unit_test(functions),
      cmocka_unit_test(what_is_no_function_is_refused),
      cmocka_unit_test(services),
      cmocka_unit_test(what_is_no_service_is_refused),
      cmocka_unit_test(depth_is_bounded),
      cmocka_unit_test(the_number_of_types_is_bounded),
      cmocka_unit_test(a_lexer_goes_on_after_a_type),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(shared_official_suite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>

#include "candid/subtype.h"
#include "mem_probe.h"

/* --- Types from text --------------------------------------------------------------------------- */

static struct icws_candid_types *new_types(void)
{
  struct icws_candid_types *types = NULL;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  return types;
}

/* A table with |definitions|, after |padding| types that nothing refers to. */
static struct icws_candid_types *define(const char *definitions, int padding)
{
  struct icws_candid_types *types = new_types();
  struct icws_candid_interface interface;
  struct icws_failure failure = {.text = ""};
  while (padding-- > 0)
    (void)icws_candid_types_opt(types, ICWS_CANDID_NAT);
  if (icws_candid_interface_parse(icws_bytes_text(definitions), types, NULL, NULL, &interface, NULL,
                                  &failure) != ICWS_OK)
    fail_msg("%s: %s", definitions, failure.text);
  return types;
}

static int parse_type(struct icws_candid_types *types, const char *text)
{
  struct icws_failure failure = {.text = ""};
  char arguments[512];
  int type = 0;
  size_t count;
  (void)snprintf(arguments, sizeof(arguments), "(%s)", text);
  if (icws_candid_parse_types(icws_bytes_text(arguments), types, &type, 1, &count, NULL,
                              &failure) != ICWS_OK)
    fail_msg("%s: %s", text, failure.text);
  return type;
}

/* --- The rules --------------------------------------------------------------------------------- */

struct rule {
  const char *name; /* as in the specification, or what the pair shows */
  const char *definitions;
  const char *sub;
  const char *super;
  const char *fault; /* "" if it is a subtype */
};

static const struct rule rules[] = {
    /* Primitive types */
    {"a primitive type, of itself", "", "text", "text", ""},
    {"principal, of itself", "", "principal", "principal", ""},
    {"a primitive type, of another", "", "text", "bool", "text is not a subtype of bool"},
    {"nat at int", "", "nat", "int", ""},
    {"int at nat", "", "int", "nat", "int is not a subtype of nat"},
    {"nat8 at nat", "", "nat8", "nat", "nat8 is not a subtype of nat"},
    {"nat8 at nat16", "", "nat8", "nat16", "nat8 is not a subtype of nat16"},
    {"nat64 at int", "", "nat64", "int", "nat64 is not a subtype of int"},
    {"float32 at float64", "", "float32", "float64", "float32 is not a subtype of float64"},
    {"reserved is the top", "", "text", "reserved", ""},
    {"reserved is the top, of composites", "", "record { a : nat }", "reserved", ""},
    {"reserved, of itself", "", "reserved", "reserved", ""},
    {"reserved at another", "", "reserved", "text", "reserved is not a subtype of text"},
    {"reserved at null", "", "reserved", "null", "reserved is not a subtype of null"},
    {"empty is the bottom", "", "empty", "text", ""},
    {"empty is the bottom, of composites", "", "empty", "service { m : () -> () }", ""},
    {"empty, of itself", "", "empty", "empty", ""},
    {"another at empty", "", "null", "empty", "null is not a subtype of empty"},

    /* Options and vectors */
    {"vec, by its items", "", "vec nat", "vec int", ""},
    {"vec, not by its items", "", "vec int", "vec nat", "the items: int is not a subtype of nat"},
    {"vec empty at any vec", "", "vec empty", "vec text", ""},
    {"vec at what is none", "", "vec nat", "nat", "vec is not a subtype of nat"},
    {"what is no vec", "", "nat8", "blob", "nat8 is not a subtype of vec"},
    {"opt, by its item", "", "opt nat", "opt int", ""},
    {"null at opt", "", "null", "opt int", ""},
    {"reserved at opt", "", "reserved", "opt int", ""},
    {"an item at its opt", "", "nat", "opt int", ""},
    {"opt at opt of opt", "", "opt nat", "opt opt nat", ""},
    {"opt, whatever its item", "", "opt text", "opt nat", ""},
    {"opt, from whatever else", "", "text", "opt nat", ""},
    {"opt, from composites", "", "record { a : nat }", "opt variant { b }", ""},
    {"opt at its item", "", "opt nat", "nat", "opt is not a subtype of nat"},
    {"opt at null", "", "opt empty", "null", "opt is not a subtype of null"},

    /* Records */
    {"record {}, from any", "", "record { a : nat; b : text }", "record {}", ""},
    {"record, by its fields", "", "record { a : nat; b : empty }", "record { a : int; b : bool }",
     ""},
    {"record, not by its fields", "", "record { a : nat; b : text }",
     "record { a : nat; b : bool }", "field b: text is not a subtype of bool"},
    {"record without an opt", "", "record { a : nat }", "record { a : nat; b : opt text }", ""},
    {"record without a reserved", "", "record {}", "record { b : reserved }", ""},
    {"record without a null", "", "record {}", "record { b : null }", ""},
    {"record without a field", "", "record { a : nat }", "record { b : nat }",
     "field b: the field is missing, and not an opt"},
    {"record without a field, by id", "", "record {}", "record { 7 : nat }",
     "field 7: the field is missing, and not an opt"},
    {"record without an empty", "", "record {}", "record { a : empty }",
     "field a: the field is missing, and not an opt"},
    {"record with an opt of another type", "", "record { a : text }", "record { a : opt nat }", ""},
    {"record at what is none", "", "record {}", "variant {}", "record is not a subtype of variant"},
    {"fields within fields", "", "record { a : record { b : vec record { c : nat } } }",
     "record { a : record { b : vec record { c : text } } }",
     "field a, field b, the items, field c: nat is not a subtype of text"},

    /* Variants */
    {"variant {} at any", "", "variant {}", "variant { a; b }", ""},
    {"variant, by its cases", "", "variant { a : nat }", "variant { a : int; b : text }", ""},
    {"variant, not by its cases", "", "variant { a : int }", "variant { a : nat }",
     "case a: int is not a subtype of nat"},
    {"variant with a case more", "", "variant { a; b }", "variant { a }",
     "case b: the case is not expected"},
    {"variant with a case more, of opt", "", "variant { a; b : opt nat }", "variant { a }",
     "case b: the case is not expected"},
    {"variant with a case more, within opt", "", "opt variant { a; b }", "opt variant { a }", ""},

    /* Functions */
    {"func, of itself", "", "func (nat) -> (text) query", "func (nat) -> (text) query", ""},
    {"func with more results", "", "func () -> (nat, text)", "func () -> (nat)", ""},
    {"func with fewer results", "", "func () -> ()", "func () -> (nat)",
     "result 1: it is missing, and not an opt"},
    {"func with fewer results, of opt", "", "func () -> (nat)", "func () -> (nat, opt text)", ""},
    {"func with fewer arguments", "", "func () -> ()", "func (nat) -> ()", ""},
    {"func with more arguments", "", "func (nat, nat) -> ()", "func (nat) -> ()",
     "argument 2: it is missing, and not an opt"},
    {"func with more arguments, of opt", "", "func (nat, opt text) -> ()", "func (nat) -> ()", ""},
    {"func with a greater argument", "", "func (int) -> ()", "func (nat) -> ()", ""},
    {"func with a smaller argument", "", "func (nat) -> ()", "func (int) -> ()",
     "argument 1: int is not a subtype of nat"},
    {"func with a smaller result", "", "func () -> (nat)", "func () -> (int)", ""},
    {"func with a greater result", "", "func () -> (bool, int)", "func () -> (bool, nat)",
     "result 2: int is not a subtype of nat"},
    {"func, names of arguments", "", "func (a : nat) -> (b : nat)", "func (c : nat) -> (d : nat)",
     ""},
    {"func with query", "", "func () -> () query", "func () -> ()",
     "the functions differ in query, composite_query or oneway"},
    {"func without query", "", "func () -> ()", "func () -> () query",
     "the functions differ in query, composite_query or oneway"},
    {"func with composite_query for query", "", "func () -> () composite_query",
     "func () -> () query", "the functions differ in query, composite_query or oneway"},
    {"func with oneway", "", "func () -> () oneway", "func () -> () oneway", ""},
    {"func with oneway, another without", "", "func () -> () oneway", "func () -> ()",
     "the functions differ in query, composite_query or oneway"},
    {"func at service", "", "func () -> ()", "service {}", "func is not a subtype of service"},
    {"func at principal", "", "func () -> ()", "principal", "func is not a subtype of principal"},
    /* Arguments of arguments turn round twice. */
    {"argument of an argument, smaller", "", "func (func (nat) -> ()) -> ()",
     "func (func (int) -> ()) -> ()", ""},
    {"argument of an argument, greater", "", "func (func (int) -> ()) -> ()",
     "func (func (nat) -> ()) -> ()", "argument 1, argument 1: int is not a subtype of nat"},
    {"result of an argument, greater", "", "func (func () -> (int)) -> ()",
     "func (func () -> (nat)) -> ()", ""},
    {"result of an argument, smaller", "", "func (func () -> (nat)) -> ()",
     "func (func () -> (int)) -> ()", "argument 1, result 1: int is not a subtype of nat"},
    {"argument of a result", "", "func () -> (func (int) -> ())", "func () -> (func (nat) -> ())",
     ""},
    {"field of an argument left out", "", "func (record { a : nat }) -> ()",
     "func (record {}) -> ()", "argument 1, field a: the field is missing, and not an opt"},
    {"field of an argument added", "", "func (record {}) -> ()", "func (record { a : nat }) -> ()",
     ""},
    {"thrice turned", "", "func (func (func (int) -> ()) -> ()) -> ()",
     "func (func (func (nat) -> ()) -> ()) -> ()", ""},
    {"thrice turned, the other way", "", "func (func (func (nat) -> ()) -> ()) -> ()",
     "func (func (func (int) -> ()) -> ()) -> ()",
     "argument 1, argument 1, argument 1: int is not a subtype of nat"},

    /* Services */
    {"service {}, from any", "", "service { m : () -> () }", "service {}", ""},
    {"service with methods more", "", "service { a : () -> (); m : (int) -> (nat); z : () -> () }",
     "service { m : (nat) -> (int) }", ""},
    {"service without a method", "", "service { a : () -> () }",
     "service { a : () -> (); m : () -> () }", "method m: the method is missing"},
    {"service with a method of another type", "", "service { m : (nat) -> () }",
     "service { m : (text) -> () }", "method m, argument 1: text is not a subtype of nat"},
    {"service at principal", "", "service { m : () -> () }", "principal", ""},
    {"principal at service", "", "principal", "service {}",
     "principal is not a subtype of service"},
    {"service as an argument at principal", "", "func (principal) -> ()", "func (service {}) -> ()",
     ""},

    /* Types that hold themselves */
    {"a list, of itself", "type L = opt record { nat; L }", "L", "L", ""},
    {"a list of nat at one of int",
     "type N = variant { nil; cons : record { nat; N } };"
     "type I = variant { nil; cons : record { int; I } };",
     "N", "I", ""},
    {"a list of int at one of nat",
     "type N = variant { nil; cons : record { nat; N } };"
     "type I = variant { nil; cons : record { int; I } };",
     "I", "N", "case cons, field 0: int is not a subtype of nat"},
    {"the same list, unrolled",
     "type A = record { next : opt A; x : nat };"
     "type B = record { next : opt record { next : opt B; x : nat }; x : nat };",
     "A", "B", ""},
    {"two that go round at different lengths", "type A = vec vec A; type B = vec vec vec B;", "A",
     "B", ""},
    {"two that part at the third turn", "type A = vec A; type B = vec vec vec variant {};", "A",
     "B", "the items, the items, the items: vec is not a subtype of variant"},
    {"one that turns round within itself", "type F = func (F) -> (); type G = func (G) -> ();", "F",
     "G", ""},
    {"one that turns round within itself, and parts",
     "type F = func (F, nat) -> (); type G = func (G, int) -> ();", "F", "G",
     "argument 2: int is not a subtype of nat"},
    {"one that turns round, and parts the other way",
     "type F = func (F) -> (nat); type G = func (G) -> (int);", "F", "G",
     "argument 1, result 1: int is not a subtype of nat"},
    {"a service that gives itself",
     "type S = service { next : () -> (S); n : () -> (nat) };"
     "type T = service { next : () -> (T); n : () -> (int) };",
     "S", "T", ""},
    {"a record without a value", "type R = record { R }", "R", "R", ""},
    {"a record without a value is no empty", "type R = record { R }", "R", "text",
     "record is not a subtype of text"},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

static void check_rule(const struct rule *rule, enum icws_error error,
                       const struct icws_failure *failure)
{
  bool holds = rule->fault[0] == '\0';
  if ((error == ICWS_OK) != holds || (!holds && error != ICWS_ERR_CANDID))
    fail_msg("%s: %s %s", rule->name, icws_error_name(error), failure->text);
  if (strcmp(failure->text, rule->fault) != 0)
    fail_msg("%s: \"%s\", not \"%s\"", rule->name, failure->text, rule->fault);
  assert_int_equal(failure->code, error);
}

static void each_rule_in_one_table(void **state)
{
  (void)state;
  for (size_t i = 0; i < RULES; i++) {
    struct icws_failure failure = {.code = ICWS_OK, .text = ""};
    struct icws_candid_types *types = define(rules[i].definitions, 0);
    int sub = parse_type(types, rules[i].sub);
    int super = parse_type(types, rules[i].super);
    check_rule(&rules[i], icws_candid_subtype(types, sub, types, super, NULL, &failure), &failure);
    icws_candid_types_del(types);
  }
}

/* In two tables types have other numbers, and a number of one may be out of the other's range. */
static void each_rule_in_two_tables(void **state)
{
  (void)state;
  for (size_t i = 0; i < RULES; i++) {
    for (int padding = 0; padding <= 20; padding += 20) {
      struct icws_failure failure = {.code = ICWS_OK, .text = ""};
      struct icws_candid_types *sub_types = define(rules[i].definitions, padding);
      struct icws_candid_types *super_types = define(rules[i].definitions, 20 - padding);
      int sub = parse_type(sub_types, rules[i].sub);
      int super = parse_type(super_types, rules[i].super);
      enum icws_error error =
          icws_candid_subtype(sub_types, sub, super_types, super, NULL, &failure);
      check_rule(&rules[i], error, &failure);
      assert_int_equal(icws_candid_subtype(sub_types, sub, super_types, super, NULL, NULL), error);
      icws_candid_types_del(sub_types);
      icws_candid_types_del(super_types);
    }
  }
}

/* Each type of the table above is a subtype of itself, of its opt, and of reserved, and is a supertype of
 * empty. */
static void all_types_are_between_empty_and_reserved(void **state)
{
  (void)state;
  for (size_t i = 0; i < RULES; i++) {
    struct icws_candid_types *types = define(rules[i].definitions, 0);
    int sub = parse_type(types, rules[i].sub);
    int opt = icws_candid_types_opt(types, sub);
    const int above[] = {sub, opt, ICWS_CANDID_RESERVED};
    for (size_t j = 0; j < 3; j++)
      assert_int_equal(icws_candid_subtype(types, sub, types, above[j], NULL, NULL), ICWS_OK);
    assert_int_equal(icws_candid_subtype(types, ICWS_CANDID_EMPTY, types, sub, NULL, NULL),
                     ICWS_OK);
    icws_candid_types_del(types);
  }
}

static void future_types_fit_nothing(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  struct icws_failure failure = {.text = ""};
  int future =
      icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_FUTURE});
  int opt = icws_candid_types_opt(types, ICWS_CANDID_NAT);
  assert_int_equal(icws_candid_subtype(types, future, types, opt, NULL, NULL), ICWS_OK);
  assert_int_equal(icws_candid_subtype(types, future, types, ICWS_CANDID_RESERVED, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(icws_candid_subtype(types, ICWS_CANDID_EMPTY, types, future, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(icws_candid_subtype(types, future, types, future, NULL, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text, "a future type is a subtype of nothing but opt and reserved");
  assert_int_equal(icws_candid_subtype(types, ICWS_CANDID_NAT, types, future, NULL, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text, "nat is not a subtype of future");
  icws_candid_types_del(types);
}

/* --- Size -------------------------------------------------------------------------------------- */

/* vec vec vec ... |last|. */
static int chain(struct icws_candid_types *types, int length, int last)
{
  while (length-- > 0)
    last = icws_candid_types_vec(types, last);
  return last;
}

static void long_chains_do_not_recurse(void **state)
{
  (void)state;
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *nats = new_types();
  struct icws_candid_types *ints = new_types();
  int nat = chain(nats, 9000, ICWS_CANDID_NAT);
  int integer = chain(ints, 9000, ICWS_CANDID_INT);
  assert_int_equal(icws_candid_subtype(nats, nat, ints, integer, NULL, &failure), ICWS_OK);
  assert_int_equal(icws_candid_subtype(ints, integer, nats, nat, NULL, &failure), ICWS_ERR_CANDID);
  /* The innermost steps are told. */
  assert_string_equal(failure.text, "..., the items, the items, the items, the items, the items, "
                                    "the items, the items, the items: int is not a subtype of nat");
  icws_candid_types_del(nats);
  icws_candid_types_del(ints);
}

/* A ring of |length| vecs; rings of lengths without a common divisor make all pairs of their parts. */
static int ring(struct icws_candid_types *types, int length)
{
  int first = icws_candid_types_reserve(types);
  int last = chain(types, length - 1, first);
  icws_candid_types_set(types, first,
                        &(struct icws_candid_type){.constructor = ICWS_CANDID_VEC, .item = last});
  return first;
}

static void the_steps_are_limited(void **state)
{
  (void)state;
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types = new_types();
  int a = ring(types, 999);
  int b = ring(types, 1000);
  int c = ring(types, 1001);
  /* 999 * 1000 pairs, and the first one once more. */
  assert_int_equal(icws_candid_subtype(types, a, types, b, NULL, &failure), ICWS_OK);
  assert_int_equal(icws_candid_subtype(types, b, types, c, NULL, &failure), ICWS_ERR_LIMIT);
  assert_string_equal(failure.text, "comparing the types takes too many steps");
  icws_candid_types_del(types);
}

static void steps_are_taken_off(void **state)
{
  (void)state;
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types = new_types();
  int a = ring(types, 3);
  int b = ring(types, 4);
  uint64_t steps = 13 + 100;
  assert_int_equal(icws_candid_subtype_within(&steps, types, a, types, b, NULL, NULL), ICWS_OK);
  assert_int_equal(steps, 100);
  steps = 13;
  assert_int_equal(icws_candid_subtype_within(&steps, types, a, types, b, NULL, NULL), ICWS_OK);
  assert_int_equal(steps, 0);
  steps = 12;
  assert_int_equal(icws_candid_subtype_within(&steps, types, a, types, b, NULL, &failure),
                   ICWS_ERR_LIMIT);
  assert_int_equal(steps, 0);
  steps = 0;
  assert_int_equal(icws_candid_subtype_within(&steps, types, a, types, b, NULL, &failure),
                   ICWS_ERR_LIMIT);
  icws_candid_types_del(types);
}

/* Looking for a field that may be missing is a step, too. */
static void missing_fields_are_steps(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int none = parse_type(types, "record {}");
  int many = parse_type(types, "record { opt nat; opt nat; reserved; null }");
  int no_result = parse_type(types, "func () -> ()");
  int results = parse_type(types, "func () -> (opt nat, reserved)");
  uint64_t steps = 5;
  assert_int_equal(icws_candid_subtype_within(&steps, types, none, types, many, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(steps, 0);
  steps = 4;
  assert_int_equal(icws_candid_subtype_within(&steps, types, none, types, many, NULL, NULL),
                   ICWS_ERR_LIMIT);
  steps = 3;
  assert_int_equal(icws_candid_subtype_within(&steps, types, no_result, types, results, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(steps, 0);
  icws_candid_types_del(types);
}

/* The types of |x| hold, and have the numbers that those of the argument, which do not hold, have the
 * other way round. */
static void pairs_of_the_same_numbers_differ_by_their_turn(void **state)
{
  (void)state;
  static const char both[] = "record { f : func (T) -> (); x : T }";
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *sub_types = define("type T = record { a : nat };", 0);
  struct icws_candid_types *super_types = define("type T = record {};", 0);
  int sub = parse_type(sub_types, both);
  int super = parse_type(super_types, both);
  assert_int_equal(parse_type(sub_types, "T"), parse_type(super_types, "T"));
  assert_int_equal(icws_candid_subtype(sub_types, sub, super_types, super, NULL, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text,
                      "field f, argument 1, field a: the field is missing, and not an opt");
  icws_candid_types_del(sub_types);
  icws_candid_types_del(super_types);
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int a = ring(types, 30);
  int b = ring(types, 31);
  struct mem_probe probe;
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t fail_from = 0;
  for (; error != ICWS_OK; fail_from++) {
    struct icws_failure failure = {.code = ICWS_OK, .text = ""};
    mem_probe_init(&probe);
    probe.fail_from = fail_from;
    error = icws_candid_subtype(types, a, types, b, &probe.mem, &failure);
    assert_int_equal(probe.live, 0);
    assert_int_equal(error, probe.allocations > fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(failure.code, error);
    assert_string_equal(failure.text, error == ICWS_OK ? "" : "no memory for comparing types");
  }
  assert_int_equal(fail_from, 11); /* 930 pairs: 64, 128 ... 1024 of them, with their slots */
  icws_candid_types_del(types);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_rule_in_one_table),
      cmocka_unit_test(each_rule_in_two_tables),
      cmocka_unit_test(all_types_are_between_empty_and_reserved),
      cmocka_unit_test(pairs_of_the_same_numbers_differ_by_their_turn),
      cmocka_unit_test(future_types_fit_nothing),
      cmocka_unit_test(long_chains_do_not_recurse),
      cmocka_unit_test(the_steps_are_limited),
      cmocka_unit_test(steps_are_taken_off),
      cmocka_unit_test(missing_fields_are_steps),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

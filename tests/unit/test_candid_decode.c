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
#include <icws/candid_value.h>

#include "candid_text_fixture.h"
#include "mem_probe.h"
#include "vectors.h"

#define MAX_ARGS 16

/* --- Messages at types ------------------------------------------------------------------------- */

struct rule {
  const char *name;
  const char *message; /* hex */
  const char *types;   /* that are expected */
  const char *value;   /* as text; "" if the message is refused */
  const char *fault;
};

static const struct rule rules[] = {
    /* Primitive types */
    {"a primitive type at itself", "4449444c00047e717d7c01026869ac02ff7e", "bool, text, nat, int",
     "(true, \"hi\", 300 : nat, -129)", ""},
    {"null at itself", "4449444c00017f", "null", "(null)", ""},
    {"fixed numbers at themselves", "4449444c00047b7a7978ff010201000080ffffffffffffffff",
     "nat8, nat16, nat32, nat64",
     "(255 : nat8, 513 : nat16, 2147483649 : nat32, 18446744073709551615 : nat64)", ""},
    {"fixed ints at themselves", "4449444c00047776757480ffff000000800000000000000080",
     "int8, int16, int32, int64",
     "(-128 : int8, -1 : int16, -2147483648 : int32, -9223372036854775808 : int64)", ""},
    {"floats at themselves", "4449444c000273720000c0bf182d4454fb210940", "float32, float64",
     "(-1.5 : float32, 3.141592653589793)", ""},
    {"nat at int", "4449444c00017dffffffffffffffffff01", "int", "(18446744073709551615)", ""},
    {"int at nat", "4449444c00017c01", "nat", "",
     "argument 1: expected nat, found int (at byte 7 of 8)"},
    {"nat8 at nat", "4449444c00017b01", "nat", "",
     "argument 1: expected nat, found nat8 (at byte 7 of 8)"},
    {"nat at nat8", "4449444c00017d01", "nat8", "",
     "argument 1: expected nat8, found nat (at byte 7 of 8)"},
    {"anything at reserved", "4449444c016c01617d027100017805", "reserved, reserved",
     "(null : reserved, null : reserved)", ""},
    {"anything at reserved is read all the same", "4449444c00017101ff", "reserved", "",
     "argument 1: a text is not UTF-8 (at byte 9 of 9)"},
    {"reserved at null", "4449444c000170", "null", "",
     "argument 1: expected null, found reserved (at byte 7 of 7)"},
    {"nothing at empty", "4449444c00017f", "empty", "",
     "argument 1: expected empty, found null (at byte 7 of 7)"},
    {"empty at anything", "4449444c00016f", "nat", "",
     "argument 1: expected nat, found empty (at byte 7 of 7)"},
    {"principal at itself", "4449444c0001680103caffee", "principal",
     "(principal \"w7x7r-cok77-xa\")", ""},
    {"principal at text", "4449444c0001680100", "text", "",
     "argument 1: expected text, found principal (at byte 7 of 9)"},

    /* Vectors */
    {"vec, by its items", "4449444c016d7d010003010203", "vec int", "(vec { 1; 2; 3 })", ""},
    {"vec, not by its items", "4449444c016d7c0100020102", "vec nat", "",
     "argument 1, item 0: expected nat, found int (at byte 10 of 12)"},
    {"vec without items at any vec", "4449444c016d71010000", "vec nat", "(vec {})", ""},
    {"vec empty, without items", "4449444c016d6f010000", "vec nat8", "(blob \"\")", ""},
    {"vec empty, with one", "4449444c016d6f010001", "vec nat", "",
     "argument 1: a vec has more items than there are bytes (at byte 10 of 10)"},
    {"blob", "4449444c016d7b0100026869", "blob", "(blob \"hi\")", ""},
    {"blob at vec of its items as reserved", "4449444c016d7b0100026869", "vec reserved",
     "(vec { null : reserved; null : reserved })", ""},
    {"vec of others at blob", "4449444c016d7d0100020102", "blob", "",
     "argument 1: expected nat8, found nat (at byte 10 of 12)"},
    {"blob at vec of others", "4449444c016d7b0100026869", "vec nat16", "",
     "argument 1, item 0: expected nat16, found nat8 (at byte 10 of 12)"},
    {"text is no vec", "4449444c0001710161", "blob", "",
     "argument 1: expected vec, found text (at byte 7 of 9)"},
    {"vec of vec", "4449444c026d016d7d010002010700", "vec vec int", "(vec { vec { 7 }; vec {} })",
     ""},
    {"vec of null", "4449444c016d7f010003", "vec null", "(vec { null; null; null })", ""},
    {"vec of null at vec of opt", "4449444c016d7f010002", "vec opt nat", "(vec { null; null })",
     ""},

    /* Options: null */
    {"null at opt", "4449444c00017f", "opt nat", "(null)", ""},
    {"null in opt at opt", "4449444c016e7d010000", "opt nat", "(null)", ""},
    {"null in opt at opt of another type", "4449444c016e71010000", "opt nat", "(null)", ""},
    {"reserved at opt", "4449444c000170", "opt nat", "(null)", ""},
    {"null at opt opt", "4449444c00017f", "opt opt nat", "(null)", ""},
    {"opt null at opt", "4449444c016e7f010001", "opt null", "(opt null)", ""},
    {"opt null at opt nat: null does not decode at nat", "4449444c016e7f010001", "opt nat",
     "(null)", ""},
    {"opt null at opt opt", "4449444c016e7f010001", "opt opt nat", "(opt null)", ""},
    {"opt reserved at opt null", "4449444c016e70010001", "opt null", "(null)", ""},
    {"opt reserved at opt reserved", "4449444c016e70010001", "opt reserved",
     "(opt (null : reserved))", ""},

    /* Options: values */
    {"opt, by its item", "4449444c016e7d01000107", "opt int", "(opt 7)", ""},
    {"opt of what does not decode", "4449444c016e710100010178", "opt nat", "(null)", ""},
    {"opt of opt of what does not decode", "4449444c026e016e71010001010178", "opt opt nat",
     "(opt null)", ""},
    {"opt at opt opt", "4449444c016e7e01000101", "opt opt bool", "(opt opt true)", ""},
    {"opt opt at opt of no opt", "4449444c026e016e7d0100010107", "opt nat", "(null)", ""},
    {"opt opt null at opt of no opt", "4449444c026e016e7d01000100", "opt nat", "(null)", ""},
    {"opt in a vec, each for itself", "4449444c036d016e026b02007d01710100030100070101017800",
     "vec opt variant { 0 : nat }", "(vec { opt variant { 0 = 7 : nat }; null; null })", ""},

    /* Options: a value that is none */
    {"value at its opt", "4449444c00017d07", "opt int", "(opt 7)", ""},
    {"value at opt opt", "4449444c00017e01", "opt opt bool", "(opt opt true)", ""},
    {"value at opt opt opt", "4449444c00017e01", "opt opt opt bool", "(opt opt opt true)", ""},
    {"value at opt of another type", "4449444c0001710178", "opt nat", "(null)", ""},
    {"value at opt opt of another type", "4449444c0001710178", "opt opt nat", "(opt null)", ""},
    {"value at opt null", "4449444c00017d07", "opt null", "(null)", ""},
    {"value at opt reserved", "4449444c00017d07", "opt reserved", "(opt (null : reserved))", ""},
    {"value at opt empty", "4449444c00017d07", "opt empty", "(null)", ""},
    {"record at its opt", "4449444c016c01617d010007", "opt record { a : int }",
     "(opt record { a = 7 })", ""},
    {"vec at opt, of which one item does not decode", "4449444c026d016b02617f627f0100020001",
     "opt vec variant { a }", "(null)", ""},
    {"what follows a mismatch is read", "4449444c026d016b02617f627f020071020001046e657874",
     "opt vec variant { a }, text", "(null, \"next\")", ""},
    {"a mismatch within an inner opt stays there", "4449444c016c026171627d0100017807",
     "opt record { a : opt nat; b : nat }", "(opt record { a = null; b = 7 : nat })", ""},

    /* Options: malformed bytes do not become null */
    {"a tag that is none", "4449444c016e7d01000207", "opt nat", "",
     "argument 1: the tag of an opt is neither 0 nor 1 (at byte 10 of 11)"},
    {"a bool that is none, where it fits", "4449444c016e7e01000102", "opt bool", "",
     "argument 1: a bool is neither 0 nor 1 (at byte 11 of 11)"},
    {"a bool that is none, where it does not fit", "4449444c016e7e01000102", "opt nat", "",
     "argument 1: a bool is neither 0 nor 1 (at byte 11 of 11)"},
    {"a text that is none, in a record that does not fit", "4449444c016c02007d017101000702c080",
     "opt record { bool; text }", "", "argument 1: a text is not UTF-8 (at byte 17 of 17)"},
    {"cut off, where it fits", "4449444c016e7a01000102", "opt nat16", "",
     "argument 1: the message ends within a value (at byte 10 of 11)"},
    {"cut off, where it does not fit", "4449444c016e7a01000102", "opt bool", "",
     "argument 1: the message ends within a value (at byte 10 of 11)"},
    {"a case beyond all, where it fits", "4449444c026e016b01617f01000101", "opt variant { a }", "",
     "argument 1: a variant has a case that its type does not have (at byte 15 of 15)"},
    {"a value of empty", "4449444c016e6f010001", "opt nat", "",
     "argument 1: there are no values of type empty (at byte 10 of 10)"},

    /* Records */
    {"record, by its fields", "4449444c016c02617d62710100070178", "record { a : int; b : text }",
     "(record { a = 7; b = \"x\" })", ""},
    {"a field that is not expected", "4449444c016c03617d6271637e010007017801",
     "record { a : nat; c : bool }", "(record { a = 7 : nat; c = true })", ""},
    {"a field that is not expected is read all the same", "4449444c016c02617d627e01000702",
     "record { a : nat }", "",
     "argument 1, field 98: a bool is neither 0 nor 1 (at byte 15 of 15)"},
    {"fields that are missing", "4449444c016c01637d010007",
     "record { a : opt nat; b : null; c : nat; d : reserved; e : opt text }",
     "(record { a = null; b = null; c = 7 : nat; d = null : reserved; e = null })", ""},
    {"a field that is missing, at last", "4449444c016c01617d010007", "record { a : nat; b : nat }",
     "", "argument 1, field b: it is missing (at byte 12 of 12)"},
    {"a field that is missing, at first", "4449444c016c01627d010007", "record { a : nat; b : nat }",
     "", "argument 1, field a: it is missing (at byte 11 of 12)"},
    {"a field that is missing and empty", "4449444c016c000100", "record { 5 : empty }", "",
     "argument 1, field 5: it is missing (at byte 9 of 9)"},
    {"a field of another type", "4449444c016c01617101000178", "record { a : nat }", "",
     "argument 1, field a: expected nat, found text (at byte 11 of 13)"},
    {"a field of another type at opt", "4449444c016c01617101000178", "record { a : opt nat }",
     "(record { a = null })", ""},
    {"the greatest id", "4449444c016c01ffffffff0f7d010007", "record { 4294967295 : nat }",
     "(record { 4294967295 = 7 : nat })", ""},
    {"the greatest id, missing", "4449444c016c01feffffff0f7d010007",
     "record { 4294967295 : opt nat }", "(record { 4294967295 = null })", ""},
    {"the greatest id, not expected", "4449444c016c01ffffffff0f7d010007",
     "record { 4294967294 : opt nat }", "(record { 4294967294 = null })", ""},
    {"names that have one id", "4449444c016c019be4dbba087d010007", "record { dnctwrq : nat }",
     "(record { dnctwrq = 7 : nat })", ""},
    {"a tuple", "4449444c016c02007d01710100070178", "record { nat; text }",
     "(record { 7 : nat; \"x\" })", ""},
    {"record {} at itself", "4449444c016c000100", "record {}", "(record {})", ""},
    {"record at variant", "4449444c016c000100", "variant { a }", "",
     "argument 1: expected variant, found record (at byte 9 of 9)"},
    {"within records and vecs", "4449444c036c0161016d026c01627101000201780179",
     "record { a : vec record { b : nat } }", "",
     "argument 1, field a, item 0, field b: expected nat, found text (at byte 18 of 22)"},

    /* Variants */
    {"variant, by its case", "4449444c016b02617d627f01000007", "variant { a : int; b }",
     "(variant { a = 7 })", ""},
    {"variant, at one with other cases", "4449444c016b01627d01000007", "variant { a; b : nat; c }",
     "(variant { b = 7 : nat })", ""},
    {"a case of another type", "4449444c016b0161710100000178", "variant { a : nat }", "",
     "argument 1, case a: expected nat, found text (at byte 12 of 14)"},
    {"a case that is not expected", "4449444c016b02617d627f010001", "variant { a : nat }", "",
     "argument 1, case 98: the case is not expected (at byte 14 of 14)"},
    {"a case that is not expected, but not there", "4449444c016b02617d627f01000007",
     "variant { a : nat }", "(variant { a = 7 : nat })", ""},
    {"a case beyond all", "4449444c016b01617f010001", "variant { a }", "",
     "argument 1: a variant has a case that its type does not have (at byte 12 of 12)"},
    {"an index that is longer than needed", "4449444c016b02617f627f0100818000", "variant { a; b }",
     "(variant { b })", ""},
    {"variant {}", "4449444c016b00010000", "variant { a }", "",
     "argument 1: a variant has a case that its type does not have (at byte 10 of 10)"},
    {"null at a case without a type", "4449444c016b01617f010000", "variant { a }",
     "(variant { a })", ""},
    {"reserved at a case without a type", "4449444c016b016170010000", "variant { a }", "",
     "argument 1, case a: expected null, found reserved (at byte 12 of 12)"},

    /* References */
    {"func at itself", "4449444c016a017d017101010100010103caffee03666f6f",
     "func (nat) -> (text) query", "(func \"w7x7r-cok77-xa\".foo)", ""},
    {"func, by its type", "4449444c016a017c017d000100010103caffee03666f6f",
     "func (nat, bool) -> (int)", "(func \"w7x7r-cok77-xa\".foo)", ""},
    {"func, not by its type", "4449444c016a017d00000100010103caffee03666f6f", "func (int) -> ()",
     "", "argument 1: a reference's type is not a subtype of the expected one (at byte 12 of 22)"},
    {"func, not by its type, at opt", "4449444c016a017d000002007e010103caffee03666f6f01",
     "opt func (int) -> (), bool", "(null, true)", ""},
    {"service at itself", "4449444c026901016d016a00000001000103caffee", "service { m : () -> () }",
     "(service \"w7x7r-cok77-xa\")", ""},
    {"service with more methods", "4449444c026902016101016d016a00000001000103caffee",
     "service { m : () -> () }", "(service \"w7x7r-cok77-xa\")", ""},
    {"service with fewer methods", "4449444c01690001000103caffee", "service { m : () -> () }", "",
     "argument 1: a reference's type is not a subtype of the expected one (at byte 9 of 14)"},
    {"service at principal", "4449444c01690001000103caffee", "principal",
     "(principal \"w7x7r-cok77-xa\")", ""},
    {"principal at service", "4449444c0001680103caffee", "service {}", "",
     "argument 1: expected service, found principal (at byte 7 of 12)"},
    {"func at service", "4449444c016a0000000100010103caffee016d", "service {}", "",
     "argument 1: expected service, found func (at byte 11 of 19)"},
    {"a func that takes itself", "4449444c016a01000000010001010000", "F",
     "(func \"aaaaa-aa\".\"\")", ""},
    {"two types of references in turn",
     "4449444c046d016c02000201036a017d00006a017c00000100020101000161010100016201010001610101000162",
     "vec record { opt func (int) -> (); opt func (int) -> () }",
     "(vec { record { null; opt func \"aaaaa-aa\".b }; record { null; opt func \"aaaaa-aa\".b } })",
     ""},

    /* Arguments */
    {"no arguments", "4449444c0000", "", "()", ""},
    {"an argument that is not expected", "4449444c00027d71070178", "nat", "(7 : nat)", ""},
    {"an argument that is not expected is read all the same", "4449444c00027d7e0702", "nat", "",
     "a bool is neither 0 nor 1 (at byte 10 of 10)"},
    {"arguments that are missing", "4449444c00017d07", "nat, opt text, null, reserved",
     "(7 : nat, null, null, null : reserved)", ""},
    {"an argument that is missing and none of those", "4449444c00017d07", "nat, text", "",
     "argument 2: it is missing (at byte 8 of 8)"},
    {"an opt that fits not, then one that is missing", "4449444c0001710178", "opt nat, opt nat",
     "(null, null)", ""},
    {"bytes that are left over", "4449444c00017d0700", "nat", "",
     "bytes are left over after the last argument (at byte 8 of 9)"},
    {"bytes that are left over after nothing", "4449444c000000", "", "",
     "bytes are left over after the last argument (at byte 6 of 7)"},

    /* Future types */
    {"a future type that is skipped", "4449444c01670361626302007e050068656c6c6f01",
     "reserved, bool", "(null : reserved, true)", ""},
    {"a future type at opt", "4449444c01670361626302007e050068656c6c6f01", "opt nat, bool",
     "(null, true)", ""},
    {"a future type in an opt at opt", "4449444c0267036162636e0002017e01050068656c6c6f01",
     "opt nat, bool", "(null, true)", ""},
    {"a future type in a field that is not expected", "4449444c0267036162636c020000017d0101000007",
     "record { 1 : nat }", "(record { 1 = 7 : nat })", ""},
    {"a future type where a value is expected", "4449444c01670361626301000000", "nat", "",
     "argument 1: expected nat, found future (at byte 12 of 14)"},
    {"a future type with references", "4449444c0167036162630100010378", "reserved",
     "(null : reserved)", ""},
    {"a future value that is cut off", "4449444c0167036162630100050068656c6c", "reserved", "",
     "argument 1: the message ends within a value (at byte 14 of 18)"},

    /* Headers */
    {"no DIDL", "4449444d0000", "", "", "the message does not start with DIDL (at byte 0 of 6)"},
    {"nothing", "", "", "", "the message does not start with DIDL (at byte 0 of 0)"},
    {"ids that do not increase", "4449444c016c02017d007d00", "", "",
     "field ids do not increase (at byte 10 of 12)"},
    {"an id twice", "4449444c016c02017d017d00", "", "",
     "field ids do not increase (at byte 10 of 12)"},
    {"an id that is too great", "4449444c016c0180808080107d00", "", "",
     "a field id is too large (at byte 12 of 14)"},
    {"a type beyond the table", "4449444c0001006e", "", "",
     "a type is neither a primitive nor in the type table (at byte 7 of 8)"},
    {"a primitive type as an entry", "4449444c017d7f0000", "", "",
     "an entry of the type table is not a composite type (at byte 6 of 9)"},
    {"a method that is no function", "4449444c026901016d016e7d01000100", "", "",
     "a method of a service is not a function (at byte 12 of 16)"},
    {"methods that are not in order", "4449444c026902016e01016d016a00000001000100", "", "",
     "the methods of a service are not in order (at byte 12 of 21)"},
    {"a method twice", "4449444c026902016d01016d016a00000001000100", "", "",
     "the methods of a service are not in order (at byte 12 of 21)"},
    {"methods in order", "4449444c026902016d01016e016a00000001000100", "service { m : () -> () }",
     "(service \"aaaaa-aa\")", ""},
    {"annotations that are none", "4449444c016a0000010400", "", "",
     "a function has an unknown annotation (at byte 10 of 11)"},
    {"an annotation that is zero", "4449444c016a0000010000", "", "",
     "a function has an unknown annotation (at byte 10 of 11)"},
    {"all annotations", "4449444c016a00000301020300", "", "()", ""},
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

/* What is expected, with F for a function that takes itself. */
struct expectation {
  struct icws_candid_types *types;
  int args[MAX_ARGS];
  size_t count;
};

static void expect_types(struct expectation *expectation, const char *text)
{
  struct icws_candid_interface interface;
  struct icws_failure failure = {.text = ""};
  char arguments[512];
  assert_int_equal(icws_candid_types_new(NULL, &expectation->types), ICWS_OK);
  assert_int_equal(icws_candid_interface_parse(icws_bytes_text("type F = func (F) -> ();"),
                                               expectation->types, NULL, NULL, &interface, NULL,
                                               NULL),
                   ICWS_OK);
  (void)snprintf(arguments, sizeof(arguments), "(%s)", text);
  if (icws_candid_parse_types(icws_bytes_text(arguments), expectation->types, expectation->args,
                              MAX_ARGS, &expectation->count, NULL, &failure) != ICWS_OK)
    fail_msg("%s: %s", text, failure.text);
}

static enum icws_error decode(const struct expectation *expectation, struct icws_bytes message,
                              struct icws_arena *arena, struct icws_candid_args *args,
                              struct icws_failure *failure)
{
  return icws_candid_decode(message, expectation->types, expectation->args, expectation->count,
                            arena, args, failure);
}

static void check_printed(const char *name, const struct icws_candid_args *args,
                          const char *expected)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  const char *text = candid_text_print(args, ICWS_CANDID_ONE_LINE, &out);
  if (strcmp(text, expected) != 0)
    fail_msg("%s: %s, not %s", name, text, expected);
  icws_buf_wipe(&out);
}

static void check_rule(const struct rule *rule)
{
  struct vectors_blob blob = vectors_hex(rule->message);
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  struct expectation expectation;
  struct icws_arena arena;
  struct icws_candid_args args;
  expect_types(&expectation, rule->types);
  icws_arena_init(&arena, 0, NULL);
  enum icws_error error = decode(&expectation, vectors_bytes(&blob), &arena, &args, &failure);
  if (strcmp(failure.text, rule->fault) != 0)
    fail_msg("%s: \"%s\", not \"%s\"", rule->name, failure.text, rule->fault);
  assert_int_equal(error, rule->fault[0] == '\0' ? ICWS_OK : ICWS_ERR_CANDID);
  assert_int_equal(failure.code, error);
  assert_int_equal(decode(&expectation, vectors_bytes(&blob), &arena, &args, NULL), error);
  if (error == ICWS_OK) {
    assert_ptr_equal(args.types, expectation.types);
    assert_int_equal(args.count, expectation.count);
    check_printed(rule->name, &args, rule->value);
  }
  icws_arena_wipe(&arena);
  icws_candid_types_del(expectation.types);
  free(blob.data);
}

static void each_rule(void **state)
{
  (void)state;
  for (size_t i = 0; i < RULES; i++)
    check_rule(&rules[i]);
}

/* Each valid message, cut off anywhere, is refused: of what is cut off nothing can be done without.
 * Each is in memory of its own, so that a sanitizer sees whether more is read. */
static void what_is_cut_off_is_refused(void **state)
{
  (void)state;
  for (size_t i = 0; i < RULES; i++) {
    struct vectors_blob blob = vectors_hex(rules[i].message);
    struct expectation expectation;
    expect_types(&expectation, rules[i].types);
    for (size_t len = 0; rules[i].fault[0] == '\0' && len < blob.len; len++) {
      struct icws_failure failure = {.code = ICWS_OK, .text = ""};
      struct icws_arena arena;
      struct icws_candid_args args;
      uint8_t *cut = malloc(len > 0 ? len : 1);
      assert_non_null(cut);
      memcpy(cut, blob.data, len);
      icws_arena_init(&arena, 0, NULL);
      if (decode(&expectation, icws_bytes_of(cut, len), &arena, &args, &failure) != ICWS_ERR_CANDID)
        fail_msg("%s, cut off after %zu bytes: %s", rules[i].name, len, failure.text);
      icws_arena_wipe(&arena);
      free(cut);
    }
    icws_candid_types_del(expectation.types);
    free(blob.data);
  }
}

/* --- Memory that fails ------------------------------------------------------------------------- */

/* vec opt record { nat (of 2^64); func; opt text; variant { blob } } with two items, at the same
 * type but for nat at int. */
#define EVERYTHING                                                                                 \
  "4449444c07"                                                                                     \
  "6d01"                                                                                           \
  "6e02"                                                                                           \
  "6c04007d010302040305"                                                                           \
  "6a00017100"                                                                                     \
  "6e71"                                                                                           \
  "6b010006"                                                                                       \
  "6d7b"                                                                                           \
  "0100"                                                                                           \
  "02"                                                                                             \
  "018080808080808080800201010301020304616263640101780003616263"                                   \
  "018080808080808080800201010301020304616263640101780003616263"
#define EVERYTHING_TYPE "vec opt record { int; func () -> (text); opt text; variant { 0 : blob } }"
#define EVERYTHING_ITEM                                                                            \
  "opt record { 18446744073709551616; func \"kw6ia-hibai-bq\".abcd; opt \"x\"; "                   \
  "variant { 0 = blob \"abc\" } }"

static enum icws_error decode_everything(const struct expectation *expectation,
                                         struct icws_bytes message, const struct icws_mem *mem,
                                         bool any)
{
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  struct icws_candid_types *types = NULL;
  struct icws_arena arena;
  struct icws_candid_args args;
  icws_arena_init(&arena, 0, mem);
  enum icws_error error = icws_candid_types_new(mem, &types);
  if (error != ICWS_OK)
    return error;
  error = any ? icws_candid_decode_any(message, types, &arena, &args, &failure)
              : decode(expectation, message, &arena, &args, &failure);
  assert_int_equal(failure.code, error);
  assert_int_equal(failure.text[0] == '\0', error == ICWS_OK);
  if (error == ICWS_OK)
    assert_int_equal(args.values[0].count, 2);
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  return error;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex(EVERYTHING);
  struct expectation expectation;
  struct mem_probe probe;
  expect_types(&expectation, EVERYTHING_TYPE);
  for (int any = 0; any < 2; any++) {
    enum icws_error error = ICWS_ERR_NOMEM;
    size_t fail_from = 0;
    for (; error != ICWS_OK; fail_from++) {
      mem_probe_init(&probe);
      probe.fail_from = fail_from;
      error = decode_everything(&expectation, vectors_bytes(&blob), &probe.mem, any == 1);
      assert_int_equal(probe.live, 0);
      assert_int_equal(error, probe.allocations > fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    }
    assert_true(fail_from > 4);
  }
  icws_candid_types_del(expectation.types);
  free(blob.data);
}

static void everything_at_once(void **state)
{
  (void)state;
  static const struct rule everything = {"everything", EVERYTHING, EVERYTHING_TYPE,
                                         "(vec { " EVERYTHING_ITEM "; " EVERYTHING_ITEM " })", ""};
  check_rule(&everything);
}

/* The arena's limit holds to the byte, and an arena that failed before fails again. */
static void the_arena_has_a_limit(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex(EVERYTHING);
  struct expectation expectation;
  struct icws_arena arena;
  struct icws_candid_args args;
  struct icws_failure failure = {.text = ""};
  expect_types(&expectation, EVERYTHING_TYPE);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(decode(&expectation, vectors_bytes(&blob), &arena, &args, &failure), ICWS_OK);
  size_t used = arena.used;
  icws_arena_wipe(&arena);
  icws_arena_init(&arena, used, NULL);
  assert_int_equal(decode(&expectation, vectors_bytes(&blob), &arena, &args, &failure), ICWS_OK);
  assert_int_equal(decode(&expectation, vectors_bytes(&blob), &arena, &args, &failure),
                   ICWS_ERR_LIMIT);
  assert_string_equal(failure.text,
                      "the values need more memory or steps than they may (at byte 34 of 95)");
  icws_arena_wipe(&arena);
  for (size_t max = 1; max < used; max++) {
    icws_arena_init(&arena, max, NULL);
    assert_int_equal(decode(&expectation, vectors_bytes(&blob), &arena, &args, &failure),
                     ICWS_ERR_LIMIT);
    icws_arena_wipe(&arena);
  }
  icws_candid_types_del(expectation.types);
  free(blob.data);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_rule),
      cmocka_unit_test(what_is_cut_off_is_refused),
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(everything_at_once),
      cmocka_unit_test(the_arena_has_a_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

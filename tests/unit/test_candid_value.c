/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_text.h>
#include <icws/candid_value.h>

/* --- Values from text -------------------------------------------------------------------------- */

struct parsed {
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_candid_args args;
};

/* The value of |text| at the type of |type|, in a table of its own after |padding| others. */
static void parse(struct parsed *parsed, int padding, const char *type, const char *text)
{
  struct icws_failure failure = {.text = ""};
  int types[8];
  size_t count;
  assert_int_equal(icws_candid_types_new(NULL, &parsed->types), ICWS_OK);
  while (padding-- > 0)
    (void)icws_candid_types_opt(parsed->types, ICWS_CANDID_NAT);
  icws_arena_init(&parsed->arena, 0, NULL);
  if (icws_candid_parse_types(icws_bytes_text(type), parsed->types, types, 8, &count, NULL,
                              &failure) != ICWS_OK ||
      icws_candid_parse(icws_bytes_text(text), parsed->types, types, count, &parsed->arena,
                        &parsed->args, NULL, &failure) != ICWS_OK)
    fail_msg("%s: %s: %s", type, text, failure.text);
}

static void forget(struct parsed *parsed)
{
  icws_arena_wipe(&parsed->arena);
  icws_candid_types_del(parsed->types);
}

/* --- Equality ---------------------------------------------------------------------------------- */

struct example {
  const char *type;
  const char *value;
};

/* No two of these are equal, and each is equal to itself. */
static const struct example examples[] = {
    {"()", "()"},
    {"(null)", "(null)"},
    {"(null, null)", "(null, null)"},
    {"(reserved)", "(null : reserved)"},
    {"(bool)", "(true)"},
    {"(bool)", "(false)"},
    {"(nat)", "(1)"},
    {"(nat)", "(2)"},
    {"(nat)", "(18446744073709551616)"},
    {"(nat)", "(18446744073709551617)"},
    {"(nat)", "(36893488147419103232)"},
    {"(int)", "(1)"},
    {"(int)", "(-1)"},
    {"(int)", "(18446744073709551616)"},
    {"(int)", "(-18446744073709551616)"},
    {"(nat8)", "(1)"},
    {"(nat16)", "(1)"},
    {"(nat32)", "(1)"},
    {"(nat64)", "(1)"},
    {"(nat64)", "(18446744073709551615)"},
    {"(int8)", "(1)"},
    {"(int8)", "(-1)"},
    {"(int16)", "(-1)"},
    {"(int32)", "(-1)"},
    {"(int64)", "(-1)"},
    {"(float32)", "(1.0)"},
    {"(float32)", "(0.0)"},
    {"(float32)", "(-0.0)"},
    {"(float32)", "(inf)"},
    {"(float32)", "(NaN)"},
    {"(float64)", "(1.0)"},
    {"(float64)", "(0.0)"},
    {"(float64)", "(-0.0)"},
    {"(float64)", "(inf)"},
    {"(float64)", "(-inf)"},
    {"(float64)", "(NaN)"},
    {"(text)", "(\"\")"},
    {"(text)", "(\"a\")"},
    {"(text)", "(\"b\")"},
    {"(text)", "(\"ab\")"},
    {"(principal)", "(principal \"aaaaa-aa\")"},
    {"(principal)", "(principal \"2vxsx-fae\")"},
    {"(opt nat)", "(null)"},
    {"(opt nat)", "(opt 1)"},
    {"(opt nat)", "(opt 2)"},
    {"(opt int)", "(opt 1)"},
    {"(opt opt nat)", "(opt null)"},
    {"(opt opt nat)", "(opt opt 1)"},
    {"(vec nat)", "(vec {})"},
    {"(vec nat)", "(vec { 1 })"},
    {"(vec nat)", "(vec { 1; 1 })"},
    {"(vec nat)", "(vec { 1; 2 })"},
    {"(vec int8)", "(vec { 1; 2 })"},
    {"(blob)", "(blob \"\\01\\02\")"},
    {"(blob)", "(blob \"\\01\\03\")"},
    {"(record {})", "(record {})"},
    {"(record { a : nat })", "(record { a = 1 })"},
    {"(record { a : nat })", "(record { a = 2 })"},
    {"(record { b : nat })", "(record { b = 1 })"},
    {"(record { a : nat; b : nat })", "(record { a = 1; b = 1 })"},
    {"(record { a : opt nat })", "(record { a = null })"},
    {"(variant { a; b })", "(variant { a })"},
    {"(variant { a; b })", "(variant { b })"},
    {"(variant { a : nat })", "(variant { a = 1 })"},
    {"(variant { a : nat })", "(variant { a = 2 })"},
    {"(func () -> ())", "(func \"aaaaa-aa\".a)"},
    {"(func () -> ())", "(func \"aaaaa-aa\".b)"},
    {"(func () -> ())", "(func \"2vxsx-fae\".a)"},
    {"(service {})", "(service \"aaaaa-aa\")"},
    {"(service {})", "(service \"2vxsx-fae\")"},
};

#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static void values_are_equal_to_themselves_alone(void **state)
{
  (void)state;
  static struct parsed parsed[EXAMPLES];
  static struct parsed again[EXAMPLES];
  for (size_t i = 0; i < EXAMPLES; i++) {
    parse(&parsed[i], 0, examples[i].type, examples[i].value);
    parse(&again[i], 3, examples[i].type, examples[i].value);
  }
  for (size_t i = 0; i < EXAMPLES; i++) {
    for (size_t j = 0; j < EXAMPLES; j++) {
      if (icws_candid_args_equal(&parsed[i].args, &again[j].args) != (i == j))
        fail_msg("%s at %s, %s at %s", examples[i].value, examples[i].type, examples[j].value,
                 examples[j].type);
    }
  }
  for (size_t i = 0; i < EXAMPLES; i++) {
    forget(&parsed[i]);
    forget(&again[i]);
  }
}

static void check_equal(struct example a, struct example b)
{
  struct parsed left;
  struct parsed right;
  parse(&left, 0, a.type, a.value);
  parse(&right, 5, b.type, b.value);
  assert_true(icws_candid_args_equal(&left.args, &right.args));
  assert_true(icws_candid_args_equal(&right.args, &left.args));
  forget(&left);
  forget(&right);
}

/* Only what is there counts: types may differ in what the values do not show. */
static void types_may_differ(void **state)
{
  (void)state;
  check_equal((struct example){"(opt nat)", "(null)"}, (struct example){"(opt text)", "(null)"});
  check_equal((struct example){"(vec nat)", "(vec {})"}, (struct example){"(blob)", "(blob \"\")"});
  check_equal((struct example){"(variant { a; b })", "(variant { b })"},
              (struct example){"(variant { b; c; d : nat })", "(variant { b })"});
  check_equal((struct example){"(func (nat) -> ())", "(func \"aaaaa-aa\".a)"},
              (struct example){"(func () -> () query)", "(func \"aaaaa-aa\".a)"});
  /* dnctwrq and sbusnjd have one id. */
  check_equal((struct example){"(record { dnctwrq : nat })", "(record { dnctwrq = 1 })"},
              (struct example){"(record { sbusnjd : nat })", "(record { sbusnjd = 1 })"});
}

static float float_of(uint32_t bits)
{
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static double double_of(uint64_t bits)
{
  double value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static bool values_equal(struct icws_candid_value a, struct icws_candid_value b)
{
  const struct icws_candid_args left = {.types = NULL, .values = &a, .count = 1};
  const struct icws_candid_args right = {.types = NULL, .values = &b, .count = 1};
  return icws_candid_args_equal(&left, &right);
}

static void all_nan_are_equal(void **state)
{
  (void)state;
  static const uint64_t nans[] = {UINT64_C(0x7ff8000000000000), UINT64_C(0xfff8000000000000),
                                  UINT64_C(0x7ff0000000000001), UINT64_C(0xffffffffffffffff)};
  static const uint32_t small_nans[] = {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff};
  const struct icws_candid_value infinite = {.type = ICWS_CANDID_FLOAT64,
                                             .as.float64 = (double)INFINITY};
  for (size_t i = 0; i < 4; i++) {
    for (size_t j = 0; j < 4; j++) {
      struct icws_candid_value a = {.type = ICWS_CANDID_FLOAT64, .as.float64 = double_of(nans[i])};
      struct icws_candid_value b = {.type = ICWS_CANDID_FLOAT64, .as.float64 = double_of(nans[j])};
      assert_true(values_equal(a, b));
      assert_false(values_equal(a, infinite));
      a = (struct icws_candid_value){.type = ICWS_CANDID_FLOAT32,
                                     .as.float32 = float_of(small_nans[i])};
      b = (struct icws_candid_value){.type = ICWS_CANDID_FLOAT32,
                                     .as.float32 = float_of(small_nans[j])};
      assert_true(values_equal(a, b));
    }
  }
}

static void what_is_too_deep_is_not_equal(void **state)
{
  (void)state;
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  int type = icws_candid_types_reserve(types);
  icws_candid_types_set(types, type,
                        &(struct icws_candid_type){.constructor = ICWS_CANDID_OPT, .item = type});
  static struct icws_candid_value values[ICWS_CANDID_MAX_DEPTH + 1];
  for (size_t i = 0; i <= ICWS_CANDID_MAX_DEPTH; i++)
    values[i] = (struct icws_candid_value){
        .type = type, .as.items = i < ICWS_CANDID_MAX_DEPTH ? &values[i + 1] : NULL};
  struct icws_candid_args args = {.types = types, .values = &values[1], .count = 1};
  assert_true(icws_candid_args_equal(&args, &args));
  args.values = &values[0];
  assert_false(icws_candid_args_equal(&args, &args));
  icws_candid_types_del(types);
}

/* --- Looking into values ----------------------------------------------------------------------- */

static void fields_by_name(void **state)
{
  (void)state;
  struct parsed parsed;
  parse(&parsed, 2, "(record { text : text; timestamp : nat64; 7 : bool }, nat)",
        "(record { text = \"hi\"; timestamp = 5; 7 = true }, 1)");
  const struct icws_candid_value *record = &parsed.args.values[0];
  const struct icws_candid_value *text = icws_candid_value_field(parsed.types, record, "text");
  assert_non_null(text);
  assert_true(icws_bytes_equal(icws_candid_value_bytes(text), icws_bytes_text("hi")));
  const struct icws_candid_value *time = icws_candid_value_field(parsed.types, record, "timestamp");
  assert_non_null(time);
  assert_true(time->as.nat == 5);
  assert_null(icws_candid_value_field(parsed.types, record, "time"));
  assert_null(icws_candid_value_field(parsed.types, record, "7")); /* a name, not an id */
  assert_null(icws_candid_value_field(parsed.types, &parsed.args.values[1], "text"));
  forget(&parsed);
}

/* A variant has cases with names, but no fields. */
static void other_values_have_no_fields(void **state)
{
  (void)state;
  struct parsed parsed;
  parse(&parsed, 0, "(variant { a : nat }, opt record { a : nat }, record {})",
        "(variant { a = 1 }, opt record { a = 1 }, record {})");
  for (size_t i = 0; i < 3; i++)
    assert_null(icws_candid_value_field(parsed.types, &parsed.args.values[i], "a"));
  assert_non_null(icws_candid_value_field(parsed.types, parsed.args.values[1].as.items, "a"));
  forget(&parsed);
}

/* What has more than eight bytes lies in the value as such, and is borrowed. */
static void numbers_of_any_size(void **state)
{
  (void)state;
  struct parsed parsed;
  parse(&parsed, 0, "(nat, nat, int, int, int)",
        "(18446744073709551615, 18446744073709551616, -9223372036854775808, -9223372036854775809, "
        "0)");
  const struct icws_candid_value *values = parsed.args.values;
  struct icws_candid_nat nat = icws_candid_value_nat(&values[0]);
  assert_true(nat.value == UINT64_MAX);
  assert_int_equal(nat.large.len, 0);
  nat = icws_candid_value_nat(&values[1]);
  assert_true(icws_bytes_equal(nat.large, icws_bytes_of("\0\0\0\0\0\0\0\0\1", 9)));
  assert_ptr_equal(nat.large.data, values[1].as.bytes);
  struct icws_candid_int integer = icws_candid_value_int(&values[2]);
  assert_true(integer.value == INT64_MIN);
  assert_int_equal(integer.large.len, 0);
  integer = icws_candid_value_int(&values[3]);
  assert_true(
      icws_bytes_equal(integer.large, icws_bytes_of("\xff\xff\xff\xff\xff\xff\xff\x7f\xff", 9)));
  assert_ptr_equal(integer.large.data, values[3].as.bytes);
  integer = icws_candid_value_int(&values[4]);
  assert_true(integer.value == 0);
  assert_int_equal(integer.large.len, 0);
  forget(&parsed);
}

static void check_principal(const struct icws_principal *principal, const char *bytes, size_t len)
{
  assert_true(
      icws_bytes_equal(icws_bytes_of(principal->bytes, principal->len), icws_bytes_of(bytes, len)));
}

static void references(void **state)
{
  (void)state;
  struct parsed parsed;
  parse(&parsed, 0, "(principal, principal, service {}, func () -> ())",
        "(principal \"w7x7r-cok77-xa\", principal \"aaaaa-aa\", service \"2vxsx-fae\", "
        "func \"w7x7r-cok77-xa\".\"two words\")");
  const struct icws_candid_value *values = parsed.args.values;
  struct icws_principal principal = icws_candid_value_principal(&values[0]);
  check_principal(&principal, "\xca\xff\xee", 3);
  principal = icws_candid_value_principal(&values[1]);
  check_principal(&principal, "", 0);
  principal = icws_candid_value_principal(&values[2]);
  check_principal(&principal, "\4", 1);
  struct icws_candid_method method = icws_candid_value_method(&values[3]);
  check_principal(&method.service, "\xca\xff\xee", 3);
  assert_true(icws_bytes_equal(method.name, icws_bytes_text("two words")));
  assert_ptr_equal(method.name.data, values[3].as.func->method.data);
  forget(&parsed);
}

/* Programs may leave members out. */
static void what_is_left_out_is_zero(void **state)
{
  (void)state;
  struct icws_candid_value value;
  memset(&value, 0xff, sizeof(value));
  value = (struct icws_candid_value){.type = ICWS_CANDID_NULL};
  assert_null(value.as.items);
  assert_true(value.as.nat == 0);
  assert_int_equal(value.count, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_equal_to_themselves_alone),
      cmocka_unit_test(types_may_differ),
      cmocka_unit_test(all_nan_are_equal),
      cmocka_unit_test(what_is_too_deep_is_not_equal),
      cmocka_unit_test(fields_by_name),
      cmocka_unit_test(other_values_have_no_fields),
      cmocka_unit_test(numbers_of_any_size),
      cmocka_unit_test(references),
      cmocka_unit_test(what_is_left_out_is_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

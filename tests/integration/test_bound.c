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

#include "bound.h"
#include "mem_probe.h"

/* What icws candid bind makes of bound.did, against values that are encoded as trees. */

/* --- Values as trees --------------------------------------------------------------------------- */

/* bound.did, and messages made from text by its types. */
struct fixture {
  struct icws_candid_types *types;
  struct icws_candid_interface interface;
  struct icws_arena arena; /* of what is decoded */
  struct icws_buf expected;
  struct icws_buf encoded;
};

static void read_interface(struct fixture *fixture)
{
  char text[8192];
  struct icws_failure failure;
  FILE *file = fopen("tests/integration/bound.did", "rb");
  assert_non_null(file);
  size_t len = fread(text, 1, sizeof text, file);
  assert_int_equal(fclose(file), 0);
  assert_in_range(len, 1, sizeof text - 1);
  assert_int_equal(icws_candid_types_new(NULL, &fixture->types), ICWS_OK);
  if (icws_candid_interface_parse(icws_bytes_of(text, len), fixture->types, NULL, NULL,
                                  &fixture->interface, NULL, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
}

static int setup(void **state)
{
  static struct fixture fixture;
  read_interface(&fixture);
  icws_arena_init(&fixture.arena, 0, NULL);
  icws_buf_init(&fixture.expected, 0, NULL);
  icws_buf_init(&fixture.encoded, 0, NULL);
  *state = &fixture;
  return 0;
}

static int teardown(void **state)
{
  struct fixture *fixture = *state;
  icws_candid_types_del(fixture->types);
  icws_arena_wipe(&fixture->arena);
  icws_buf_wipe(&fixture->expected);
  icws_buf_wipe(&fixture->encoded);
  return 0;
}

/* Makes |fixture->expected| the message of |text| at |count| types. */
static struct icws_bytes expect_types(struct fixture *fixture, const int *types, size_t count,
                                      const char *text)
{
  struct icws_candid_args args;
  struct icws_failure failure;
  icws_buf_clear(&fixture->expected);
  icws_buf_clear(&fixture->encoded);
  if (icws_candid_parse(icws_bytes_text(text), fixture->types, types, count, &fixture->arena, &args,
                        NULL, &failure) != ICWS_OK ||
      icws_candid_encode(&args, &fixture->expected, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  return icws_buf_bytes(&fixture->expected);
}

static struct icws_bytes expect(struct fixture *fixture, const char *definition, const char *text)
{
  int type = 0;
  assert_true(icws_candid_types_find(fixture->types, icws_bytes_text(definition), &type));
  return expect_types(fixture, &type, 1, text);
}

static void check_encoded(struct fixture *fixture, enum icws_error error)
{
  assert_int_equal(error, ICWS_OK);
  assert_true(
      icws_bytes_equal(icws_buf_bytes(&fixture->encoded), icws_buf_bytes(&fixture->expected)));
}

/* Decodes |fixture->expected|, encodes it again and compares; then a twin without the last byte. */
#define CHECK_ROUND_TRIP(fixture, name)                                                            \
  do {                                                                                             \
    struct bound_##name once;                                                                      \
    struct icws_bytes bytes = icws_buf_bytes(&(fixture)->expected);                                \
    icws_buf_clear(&(fixture)->encoded);                                                           \
    assert_int_equal(bound_##name##_decode(bytes, &(fixture)->arena, &once, NULL), ICWS_OK);       \
    check_encoded(fixture, bound_##name##_encode(&once, &(fixture)->encoded));                     \
    bytes.len--;                                                                                   \
    assert_int_equal(bound_##name##_decode(bytes, &(fixture)->arena, &once, NULL),                 \
                     ICWS_ERR_CANDID);                                                             \
  } while (0)

#define NUMBERS                                                                                    \
  "record { small = 255; medium = 65535; wide = 4294967295; huge = 18446744073709551615;"          \
  " signed_small = -128; signed_medium = -32768; signed_wide = -2147483648;"                       \
  " signed_huge = -9223372036854775808; single = 0.5; double = -0.25;"                             \
  " natural = 18446744073709551616; integer = -5; flag = true }"

static void test_numbers(void **state)
{
  struct fixture *fixture = *state;
  static const uint8_t power[] = {0, 0, 0, 0, 0, 0, 0, 0, 1}; /* 2^64 */
  static const float half = 0.5F;
  static const double quarter = -0.25;
  struct bound_numbers value;
  struct icws_bytes message = expect(fixture, "Numbers", "(" NUMBERS ")");
  assert_int_equal(bound_numbers_decode(message, &fixture->arena, &value, NULL), ICWS_OK);
  assert_true(value.small == UINT8_MAX && value.medium == UINT16_MAX);
  assert_true(value.wide == UINT32_MAX && value.huge == UINT64_MAX);
  assert_true(value.signed_small == INT8_MIN && value.signed_medium == INT16_MIN);
  assert_true(value.signed_wide == INT32_MIN && value.signed_huge == INT64_MIN);
  assert_memory_equal(&value.single, &half, sizeof half);
  assert_memory_equal(&value.double_, &quarter, sizeof quarter);
  assert_true(icws_bytes_equal(value.natural.large, icws_bytes_of(power, sizeof power)));
  assert_true(value.integer.value == -5 && value.integer.large.len == 0);
  assert_true(value.flag);
  CHECK_ROUND_TRIP(fixture, numbers);
}

#define REFERENCES                                                                                 \
  "record { who = principal \"2vxsx-fae\"; canister = service \"w7x7r-cok77-xa\";"                 \
  " callback = func \"w7x7r-cok77-xa\".hello }"

static void test_references(void **state)
{
  struct fixture *fixture = *state;
  struct bound_references value = {.who = icws_principal_anonymous(),
                                   .callback = {.name = icws_bytes_text("hello")}};
  assert_int_equal(icws_principal_init(&value.canister, icws_bytes_of("\xca\xff\xee", 3)), ICWS_OK);
  value.callback.service = value.canister;
  (void)expect(fixture, "References", "(" REFERENCES ")");
  check_encoded(fixture, bound_references_encode(&value, &fixture->encoded));
  CHECK_ROUND_TRIP(fixture, references);
}

#define NESTED                                                                                     \
  "record { maybe_maybe = opt opt 7; maybe_null = opt null; rows = vec { vec { \"a\"; \"b\" };"    \
  " vec {} }; maybes = vec { null; opt 1 }; pairs = vec { record { \"x\"; 2 } };"                  \
  " count = vec { null; null; null }; blobs = opt vec { blob \"\\01\\02\" };"                      \
  " shapes = vec { record { variant { square = record { side = 3; label = opt \"s\" } };"          \
  " record { nothing = null; anything = 1; empty_record = record {} } };"                          \
  " record { variant { point }; record { nothing = null; anything = null;"                         \
  " empty_record = record {} } } } }"

static void test_nested(void **state)
{
  struct fixture *fixture = *state;
  static const uint8_t seven = 7;
  static const uint8_t *const maybe_seven = &seven;
  static const uint8_t one = 1;
  static const uint8_t *const maybes[] = {NULL, &one};
  const struct icws_bytes words[] = {icws_bytes_text("a"), icws_bytes_text("b")};
  const struct bound_nested_rows_item rows[] = {{words, 2}, {NULL, 0}};
  const struct bound_pair pair = {._0 = icws_bytes_text("x"), ._1 = 2};
  const struct icws_bytes blob = icws_bytes_of("\x01\x02", 2);
  const struct bound_nested_blobs blobs = {&blob, 1};
  const struct icws_bytes label = icws_bytes_text("s");
  const struct bound_nested_shapes_item shapes[] = {
      {{.tag = BOUND_SHAPE_SQUARE, .as.square = {.side = 3, .label = &label}}},
      {{.tag = BOUND_SHAPE_POINT}}};
  const struct bound_nested value = {.maybe_maybe = &maybe_seven,
                                     .maybe_null = true,
                                     .rows = {rows, 2},
                                     .maybes = {maybes, 2},
                                     .pairs = {&pair, 1},
                                     .count = {3},
                                     .blobs = &blobs,
                                     .shapes = {shapes, 2}};
  (void)expect(fixture, "Nested", "(" NESTED ")");
  check_encoded(fixture, bound_nested_encode(&value, &fixture->encoded));
  CHECK_ROUND_TRIP(fixture, nested);
}

static void test_names(void **state)
{
  struct fixture *fixture = *state;
  const struct bound_names value = {.int_ = 1,
                                    .class_ = 2,
                                    .two_words = 3, /* by their ids */
                                    .two_words_2 = 5,
                                    .two_words_3 = 4,
                                    .n_11272781 = 6,
                                    .n_2761067 = 7,
                                    ._300 = 8,
                                    .n_549930856 = 9};
  (void)expect(fixture, "Names",
               "(record { int = 1; class = 2; \"two words\" = 3; two_words = 4; TwoWords = 5;"
               " \"\xe2\x98\x83\" = 6; \"7th\" = 7; 300 = 8; \"*/ \\\"?\?/\" = 9 })");
  check_encoded(fixture, bound_names_encode(&value, &fixture->encoded));
  CHECK_ROUND_TRIP(fixture, names);
  const struct bound_names_2 tag = {.tag = BOUND_NAMES_2_DEFAULT};
  assert_int_equal(BOUND_NAMES_2_DEFAULT_2, 1);
  (void)expect(fixture, "names", "(variant { Default })");
  check_encoded(fixture, bound_names_2_encode(&tag, &fixture->encoded));
}

static void test_definitions_of_other_kinds(void **state)
{
  struct fixture *fixture = *state;
  static const uint8_t age = 41;
  const struct icws_bytes label = icws_bytes_text("l");
  const struct icws_candid_nat serial = {.value = 300};
  const struct bound_shape shape = {.tag = BOUND_SHAPE_NAMED, .as.named = label};
  const struct bound_shape *maybe = &shape;
  uint8_t decoded = 0;
  struct icws_bytes message = expect(fixture, "Age", "(41)");
  check_encoded(fixture, bound_age_encode(&age, &fixture->encoded));
  assert_int_equal(bound_age_decode(message, &fixture->arena, &decoded, NULL), ICWS_OK);
  assert_int_equal(decoded, 41);
  (void)expect(fixture, "Label", "(\"l\")");
  check_encoded(fixture, bound_label_encode(&label, &fixture->encoded));
  (void)expect(fixture, "Serial", "(300)");
  check_encoded(fixture, bound_serial_encode(&serial, &fixture->encoded));
  message = expect(fixture, "MaybeShape", "(opt variant { named = \"l\" })");
  check_encoded(fixture, bound_maybe_shape_encode(&maybe, &fixture->encoded));
  maybe = NULL;
  assert_int_equal(bound_maybe_shape_decode(message, &fixture->arena, &maybe, NULL), ICWS_OK);
  assert_int_equal(maybe->tag, BOUND_SHAPE_NAMED);
  (void)expect(fixture, "OtherShape", "(variant { named = \"l\" })");
  check_encoded(fixture, bound_other_shape_encode(&shape, &fixture->encoded));
}

/* --- Types that hold themselves ---------------------------------------------------------------- */

static void test_recursion(void **state)
{
  struct fixture *fixture = *state;
  const struct bound_tree leaves[] = {{.tag = BOUND_TREE_LEAF, .as.leaf = 1},
                                      {.tag = BOUND_TREE_LEAF, .as.leaf = 2}};
  const struct bound_tree node = {.tag = BOUND_TREE_NODE, .as.node = {&leaves[0], &leaves[1]}};
  const struct bound_tree value = {.tag = BOUND_TREE_NODE, .as.node = {&node, &leaves[0]}};
  (void)expect(fixture, "Tree",
               "(variant { node = record { left = variant { node = record {"
               " left = variant { leaf = 1 }; right = variant { leaf = 2 } } };"
               " right = variant { leaf = 1 } } })");
  check_encoded(fixture, bound_tree_encode(&value, &fixture->encoded));
  CHECK_ROUND_TRIP(fixture, tree);
  const struct bound_endless end = {NULL};
  const struct bound_endless middle = {&end};
  const struct bound_endless start = {&middle};
  (void)expect(fixture, "Endless", "(opt opt null)");
  check_encoded(fixture, bound_endless_encode(&start, &fixture->encoded));
  CHECK_ROUND_TRIP(fixture, endless);
}

/* An item is a record in an opt: two levels, and its fields are one more. */
enum { LONG_LIST = ICWS_CANDID_MAX_DEPTH / 2 };

/* What can be written can be read: the longest list can, and one item more is refused. */
static void check_encoded_list(struct fixture *fixture, const struct bound_list *const *list)
{
  const struct bound_list *decoded;
  size_t length = 0;
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(bound_list_encode(list, &fixture->encoded), ICWS_OK);
  assert_int_equal(bound_list_decode(icws_buf_bytes(&fixture->encoded), &arena, &decoded, NULL),
                   ICWS_OK);
  for (; decoded != NULL; decoded = decoded->tail)
    length++;
  assert_int_equal(length, LONG_LIST - 1);
  icws_arena_wipe(&arena);
}

static void test_depth(void **state)
{
  struct fixture *fixture = *state;
  static struct bound_list items[LONG_LIST];
  const struct bound_list *list = &items[1];
  for (size_t i = 0; i < LONG_LIST; i++)
    items[i] = (struct bound_list){.tail = i + 1 < LONG_LIST ? &items[i + 1] : NULL};
  icws_buf_clear(&fixture->encoded);
  check_encoded_list(fixture, &list);
  list = items;
  icws_buf_clear(&fixture->encoded);
  assert_int_equal(bound_list_encode(&list, &fixture->encoded), ICWS_ERR_LIMIT);
}

static void check_invalid(struct fixture *fixture, enum icws_error error)
{
  assert_int_equal(error, ICWS_ERR_INVALID_ARGUMENT);
  icws_buf_clear(&fixture->encoded);
}

static void test_values_that_are_none(void **state)
{
  struct fixture *fixture = *state;
  const struct bound_colour colour = {.tag = (enum bound_colour_tag)3};
  const struct bound_shape shape = {.tag = (enum bound_shape_tag)4};
  const struct bound_tree tree = {.tag = BOUND_TREE_NODE};
  struct bound_impossible impossible = {.never = true};
  icws_buf_clear(&fixture->encoded);
  check_invalid(fixture, bound_colour_encode(&colour, &fixture->encoded));
  check_invalid(fixture, bound_shape_encode(&shape, &fixture->encoded));
  check_invalid(fixture, bound_tree_encode(&tree, &fixture->encoded));
  check_invalid(fixture, bound_impossible_encode(&impossible, &fixture->encoded));
  impossible.never = false;
  (void)expect(fixture, "Impossible", "(record { never = null; item = vec {} })");
  check_encoded(fixture, bound_impossible_encode(&impossible, &fixture->encoded));
}

/* --- Methods ----------------------------------------------------------------------------------- */

#define EVERYTHING                                                                                 \
  "(" NUMBERS ", " REFERENCES ", record { nothing = null; anything = null; empty_record ="         \
  " record {} }, " NESTED ", opt record { head = 1; tail = opt record { head = 2; tail = null } }" \
  ", variant { node = record { left = variant { leaf = 1 }; right = variant { leaf = 2 } } }"      \
  ", variant { circle = 1.5 })"

static struct icws_bytes expect_args(struct fixture *fixture, const char *method, const char *text)
{
  int func = 0;
  int types[8];
  assert_true(icws_candid_interface_method(&fixture->interface, icws_bytes_text(method), &func));
  const struct icws_candid_type *type = icws_candid_types_get(fixture->types, func);
  assert_in_range(type->field_count, 0, 8);
  for (size_t i = 0; i < type->field_count; i++)
    types[i] = type->fields[i].type;
  return expect_types(fixture, types, type->field_count, text);
}

static void test_methods(void **state)
{
  struct fixture *fixture = *state;
  struct bound_everything_args args;
  struct icws_bytes message = expect_args(fixture, "everything", EVERYTHING);
  assert_int_equal(bound_everything_args_decode(message, &fixture->arena, &args, NULL), ICWS_OK);
  assert_int_equal(args.arg4->head, 1);
  assert_int_equal(args.arg4->tail->head, 2);
  assert_null(args.arg4->tail->tail);
  assert_int_equal(args.shape.tag, BOUND_SHAPE_CIRCLE);
  CHECK_ROUND_TRIP(fixture, everything_args);

  const struct bound_init_args init = {.arg0 = 1, .arg1 = NULL};
  icws_buf_clear(&fixture->encoded);
  assert_int_equal(bound_init_args_encode(&init, &fixture->encoded), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&fixture->encoded),
                               icws_bytes_of("DIDL\x01\x6e\x71\x02\x7b\x00\x01\x00", 12)));
}

static void test_nothing(void **state)
{
  struct fixture *fixture = *state;
  static const char message[] = {'D', 'I', 'D', 'L', 0, 0};
  struct icws_bytes bytes = icws_bytes_of(message, sizeof message);
  icws_buf_clear(&fixture->encoded);
  assert_int_equal(bound_nothing_args_encode(&fixture->encoded), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&fixture->encoded), bytes));
  assert_int_equal(bound_nothing_args_decode(bytes, &fixture->arena, NULL), ICWS_OK);
  bytes.len--;
  assert_int_equal(bound_nothing_args_decode(bytes, &fixture->arena, NULL), ICWS_ERR_CANDID);
}

/* --- Subtyping and failures -------------------------------------------------------------------- */

/* The message of |text| by the types that it has itself. */
static struct icws_bytes of_own_types(struct fixture *fixture, const char *text)
{
  struct icws_candid_types *types;
  struct icws_candid_args args;
  icws_buf_clear(&fixture->expected);
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  assert_int_equal(
      icws_candid_parse_any(icws_bytes_text(text), types, &fixture->arena, &args, NULL, NULL),
      ICWS_OK);
  assert_int_equal(icws_candid_encode(&args, &fixture->expected, NULL), ICWS_OK);
  icws_candid_types_del(types);
  return icws_buf_bytes(&fixture->expected);
}

static void test_subtyping(void **state)
{
  struct fixture *fixture = *state;
  const struct bound_shape there = {.tag = BOUND_SHAPE_POINT};
  const struct bound_shape *maybe = &there;
  struct bound_app_message app;
  struct bound_shape shape;
  struct icws_bytes message = of_own_types(fixture, "(\"no shape\")");
  assert_int_equal(bound_maybe_shape_decode(message, &fixture->arena, &maybe, NULL), ICWS_OK);
  assert_null(maybe);
  message = of_own_types(fixture, "(variant { square = record { side = 1 : nat32; label = 7;"
                                  " more = \"\" } }, 5)");
  assert_int_equal(bound_shape_decode(message, &fixture->arena, &shape, NULL), ICWS_OK);
  assert_int_equal(shape.as.square.side, 1);
  assert_null(shape.as.square.label);
  message = of_own_types(fixture, "(record { text = \"x\"; more = 1; timestamp = 2 : nat64 })");
  assert_int_equal(bound_app_message_decode(message, &fixture->arena, &app, NULL), ICWS_OK);
  assert_int_equal(app.timestamp, 2);
}

static void test_failures_say_where(void **state)
{
  struct fixture *fixture = *state;
  struct icws_failure failure;
  struct bound_app_message app;
  struct icws_bytes message = of_own_types(fixture, "(record { text = \"x\" })");
  assert_int_equal(bound_app_message_decode(message, &fixture->arena, &app, &failure),
                   ICWS_ERR_CANDID);
  assert_int_equal(failure.code, ICWS_ERR_CANDID);
  assert_non_null(strstr(failure.text, "field timestamp: it is missing"));
  message = of_own_types(fixture, "(record { text = \"x\"; timestamp = 2 : nat32 })");
  assert_int_equal(bound_app_message_decode(message, &fixture->arena, &app, &failure),
                   ICWS_ERR_CANDID);
  assert_non_null(strstr(failure.text, "field timestamp: expected nat64, found nat32"));
}

/* Each allocation fails once. */
static void test_memory(void **state)
{
  struct fixture *fixture = *state;
  struct icws_bytes message = expect_args(fixture, "everything", EVERYTHING);
  struct mem_probe probe;
  struct bound_everything_args args;
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t failed = 0;
  for (; error != ICWS_OK; failed++) {
    struct icws_arena arena;
    struct icws_failure failure = {.code = ICWS_OK};
    mem_probe_init(&probe);
    probe.fail_from = failed;
    icws_arena_init(&arena, 0, &probe.mem);
    error = bound_everything_args_decode(message, &arena, &args, &failure);
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(failure.code, error);
    icws_arena_wipe(&arena);
    assert_int_equal(probe.live, 0);
  }
  assert_in_range(failed, 4, 1000);
}

/* An arena that is too small for the values, or for what is made of them. */
static void test_arena_limits(void **state)
{
  struct fixture *fixture = *state;
  struct icws_bytes message = expect_args(fixture, "everything", EVERYTHING);
  struct bound_everything_args args;
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(bound_everything_args_decode(message, &arena, &args, NULL), ICWS_OK);
  size_t used = arena.used;
  icws_arena_wipe(&arena);
  for (size_t max = 1; max <= used; max++) {
    icws_arena_init(&arena, max, NULL);
    enum icws_error error = bound_everything_args_decode(message, &arena, &args, NULL);
    assert_int_equal(error, max == used ? ICWS_OK : ICWS_ERR_LIMIT);
    icws_arena_wipe(&arena);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_references),
      cmocka_unit_test(test_nested),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_definitions_of_other_kinds),
      cmocka_unit_test(test_recursion),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_values_that_are_none),
      cmocka_unit_test(test_methods),
      cmocka_unit_test(test_nothing),
      cmocka_unit_test(test_subtyping),
      cmocka_unit_test(test_failures_say_where),
      cmocka_unit_test(test_memory),
      cmocka_unit_test(test_arena_limits),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}

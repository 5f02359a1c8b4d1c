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
#include "vectors.h"

/* --- One line -------------------------------------------------------------------------------- */

/* The message |hex|, read as what it says it is, is printed as |expected|. */
static void check_message(const char *hex, const char *expected)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct candid_text text;
  struct icws_buf out;
  candid_text_open(&text, NULL, NULL);
  icws_buf_init(&out, 0, NULL);
  if (icws_candid_decode_any(vectors_bytes(&blob), text.types, &text.arena, &text.args,
                             &text.failure) != ICWS_OK)
    fail_msg("%s: %s", hex, text.failure.text);
  assert_string_equal(candid_text_print(&text.args, ICWS_CANDID_ONE_LINE, &out), expected);
  icws_buf_wipe(&out);
  candid_text_close(&text);
  free(blob.data);
}

#define DIDL "4449444c"

static const struct {
  const char *hex;
  const char *text;
} messages[] = {
    {DIDL "0000", "()"},
    {DIDL "00017f", "(null)"},
    {DIDL "000170", "(null : reserved)"},
    {DIDL "00027e7e0100", "(true, false)"},
    {DIDL "00017d2a", "(42 : nat)"},
    {DIDL "00017dffffffffffffffffff7f", "(1180591620717411303423 : nat)"},
    {DIDL "00017c56", "(-42)"},
    {DIDL "00017c80808080808080808040", "(-590295810358705651712)"},
    {DIDL "00017bff", "(255 : nat8)"},
    {DIDL "00017affff", "(65535 : nat16)"},
    {DIDL "000179ffffffff", "(4294967295 : nat32)"},
    {DIDL "000178ffffffffffffffff", "(18446744073709551615 : nat64)"},
    {DIDL "00017780", "(-128 : int8)"},
    {DIDL "0001760080", "(-32768 : int16)"},
    {DIDL "00017500000080", "(-2147483648 : int32)"},
    {DIDL "0001740000000000000080", "(-9223372036854775808 : int64)"},
    {DIDL "0001730000c03f", "(1.5 : float32)"},
    {DIDL "0001730000c07f", "(NaN : float32)"},
    {DIDL "000172000000000000f83f", "(1.5)"},
    {DIDL "0001720000000000000840", "(3.0)"},
    {DIDL "000172000000000000f0ff", "(-inf)"},
    {DIDL "0001710568656c6c6f", "(\"hello\")"},
    {DIDL "000171087422090a0d5c7f01", "(\"t\\\"\\t\\n\\r\\\\\\u{7f}\\u{01}\")"},
    /* C1, a right-to-left override, a line separator; a snowman is seen as it is */
    {DIDL "0001710bc285e280aee280a8e29883", "(\"\\u{85}\\u{202e}\\u{2028}\xe2\x98\x83\")"},
    {DIDL "0001680100", "(principal \"aaaaa-aa\")"},
    {DIDL "016900010001"
          "03caffee",
     "(service \"w7x7r-cok77-xa\")"},
    {DIDL "016a0000000100"
          "010103caffee0161",
     "(func \"w7x7r-cok77-xa\".a)"},
    {DIDL "016a0000000100"
          "0101000571756572"
          "79",
     "(func \"aaaaa-aa\".\"query\")"},
    {DIDL "016a0000000100"
          "01010004f09f9082",
     "(func \"aaaaa-aa\".\"\xf0\x9f\x90\x82\")"},
    {DIDL "016e7d010000", "(null)"},
    {DIDL "016e7d0100012a", "(opt (42 : nat))"},
    {DIDL "016e7c0100012a", "(opt 42)"},
    {DIDL "026e016e700100"
          "0101",
     "(opt opt (null : reserved))"},
    {DIDL "026e016e7e0100"
          "0100",
     "(opt null)"},
    {DIDL "016d7c010000", "(vec {})"},
    {DIDL "016d7c0100020102", "(vec { 1; 2 })"},
    {DIDL "016d790100010100"
          "0000",
     "(vec { 1 : nat32 })"},
    {DIDL "016d7b010000", "(blob \"\")"},
    {DIDL "016d7b010007"
          "0041225c7fff20",
     "(blob \"\\00A\\\"\\\\\\7f\\ff \")"},
    {DIDL "016c000100", "(record {})"},
    {DIDL "016c01017d01002a", "(record { 1 = 42 : nat })"},
    {DIDL "016c02007c017e01002a01", "(record { 42; true })"},
    {DIDL "016c02007c027e01002a01", "(record { 0 = 42; 2 = true })"},
    {DIDL "016b01007f010000", "(variant { 0 })"},
    {DIDL "016b02007f017d0100012a", "(variant { 1 = 42 : nat })"},
    {DIDL "026b0100016e7f01000000", "(variant { 0 = null })"},
};

static void messages_are_printed_as_values_of_their_types(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
    check_message(messages[i].hex, messages[i].text);
}

/* |input|, read at |types|, is printed as |expected|. */
static void check_layout(const char *definitions, const char *types, const char *input,
                         enum icws_candid_layout layout, const char *expected)
{
  struct candid_text text;
  struct icws_buf out;
  candid_text_open(&text, definitions, types);
  icws_buf_init(&out, 0, NULL);
  if (candid_text_parse(&text, input) != ICWS_OK)
    fail_msg("%s: %s", input, text.failure.text);
  assert_string_equal(candid_text_print(&text.args, layout, &out), expected);
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

static void names_are_quoted_where_they_must_be(void **state)
{
  (void)state;
  check_layout(NULL,
               "(record { a : int; \"b c\" : int; \"opt\" : int; \"\xe2\x98\x83\" : int;"
               " text : int; \"\" : int; \"a\\\"\\u{202e}\" : int; 7 : int })",
               "(record { a = 1; \"b c\" = 2; \"opt\" = 3; \"\xe2\x98\x83\" = 4; text = 5;"
               " \"\" = 6; \"a\\\"\\u{202e}\" = 7; 7 = 8})",
               ICWS_CANDID_ONE_LINE,
               "(record { \"\" = 6; 7 = 8; a = 1; \"b c\" = 2; \"opt\" = 3;"
               " \"\xe2\x98\x83\" = 4; text = 5; \"a\\\"\\u{202e}\" = 7 })");
  check_layout(NULL, "(variant { \"null\" })", "(variant { \"null\" })", ICWS_CANDID_ONE_LINE,
               "(variant { \"null\" })");
  check_layout(NULL, "(variant { Ok : nat; Close })", "(variant { Ok = 5 })", ICWS_CANDID_ONE_LINE,
               "(variant { Ok = 5 : nat })");
  check_layout(NULL, "(variant { Ok : nat; Close })", "(variant { Close })", ICWS_CANDID_ONE_LINE,
               "(variant { Close })");
  check_layout(NULL, "(variant { Ok : reserved })", "(variant { Ok = null })", ICWS_CANDID_ONE_LINE,
               "(variant { Ok = null : reserved })");
}

/* --- Pretty ---------------------------------------------------------------------------------- */

static void what_fits_on_a_line_stays_on_it(void **state)
{
  (void)state;
  check_layout(NULL, "()", "()", ICWS_CANDID_PRETTY, "()");
  check_layout(NULL, "(record { a : nat; b : text })", "(record { a = 1; b = \"x\" })",
               ICWS_CANDID_PRETTY, "(record { a = 1 : nat; b = \"x\" })");
  /* 80 characters in all, and 81: characters, not bytes */
  check_layout(
      NULL, "(vec text)",
      "(vec { \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
      "9012345678901234567890123456789012345678901234567890123456\" })",
      ICWS_CANDID_PRETTY,
      "(vec { \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
      "9012345678901234567890123456789012345678901234567890123456\" })");
  check_layout(
      NULL, "(vec text)",
      "(vec { \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
      "90123456789012345678901234567890123456789012345678901234567\" })",
      ICWS_CANDID_PRETTY,
      "(\n"
      "  vec {\n"
      "    \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
      "90123456789012345678901234567890123456789012345678901234567\";\n"
      "  },\n"
      ")");
}

static void what_does_not_fit_has_its_members_a_line_each(void **state)
{
  (void)state;
  check_layout("type List = opt record { int; List };",
               "(record { name : text; list : List; empty : vec int; none : opt int;"
               " some : variant { Case : record { x : int; y : text }; Bare } }, nat)",
               "(record { name = \"abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz\";"
               " list = opt record { 1; opt record { 2; opt record { 3; opt record { 4; opt record "
               "{ 5; opt record { 6; null } } } } } };"
               " empty = vec {}; some = variant { Case = record { x = 1;"
               " y = \"abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdef\" } } }, 7)",
               ICWS_CANDID_PRETTY,
               "(\n"
               "  record {\n"
               "    list = opt record {\n"
               "      1;\n"
               "      opt record {\n"
               "        2;\n"
               "        opt record {\n"
               "          3;\n"
               "          opt record { 4; opt record { 5; opt record { 6; null } } };\n"
               "        };\n"
               "      };\n"
               "    };\n"
               "    name = \"abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz\";\n"
               "    none = null;\n"
               "    some = variant {\n"
               "      Case = record {\n"
               "        x = 1;\n"
               "        y = \"abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdef\";\n"
               "      };\n"
               "    };\n"
               "    empty = vec {};\n"
               "  },\n"
               "  7 : nat,\n"
               ")");
}

static void one_value_is_printed_without_parentheses(void **state)
{
  (void)state;
  struct candid_text text;
  struct icws_buf out;
  candid_text_open(&text, NULL, "(nat8, vec text)");
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(candid_text_parse(&text, "(7, vec { \"a\"; \"b\" })"), ICWS_OK);
  icws_buf_put(&out, "x = ", 4);
  assert_int_equal(
      icws_candid_print_value(text.types, &text.args.values[0], ICWS_CANDID_ONE_LINE, &out),
      ICWS_OK);
  icws_buf_put(&out, ", ", 2);
  assert_int_equal(
      icws_candid_print_value(text.types, &text.args.values[1], ICWS_CANDID_PRETTY, &out), ICWS_OK);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, "x = 7 : nat8, vec { \"a\"; \"b\" }");
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

/* --- Failures -------------------------------------------------------------------------------- */

/* A value within |depth| others, made by hand: deeper than what can be read. */
static enum icws_error print_nested(unsigned depth, enum icws_candid_layout layout)
{
  struct candid_text text;
  struct icws_buf out;
  candid_text_open(&text, "type Opt = opt Opt;", "(Opt)");
  struct icws_candid_value *values = calloc(depth + 1, sizeof *values);
  assert_non_null(values);
  for (unsigned i = 0; i <= depth; i++)
    values[i] = (struct icws_candid_value){.type = text.expected[0],
                                           .as.items = i < depth ? &values[i + 1] : NULL};
  icws_buf_init(&out, 0, NULL);
  struct icws_candid_args args = {.types = text.types, .values = values, .count = 1};
  enum icws_error error = icws_candid_print(&args, layout, &out);
  assert_int_equal(icws_buf_error(&out), error);
  icws_buf_wipe(&out);
  free(values);
  candid_text_close(&text);
  return error;
}

static void depth_is_bounded(void **state)
{
  (void)state;
  assert_int_equal(print_nested(ICWS_CANDID_MAX_DEPTH - 1, ICWS_CANDID_ONE_LINE), ICWS_OK);
  assert_int_equal(print_nested(ICWS_CANDID_MAX_DEPTH - 1, ICWS_CANDID_PRETTY), ICWS_OK);
  assert_int_equal(print_nested(ICWS_CANDID_MAX_DEPTH, ICWS_CANDID_ONE_LINE), ICWS_ERR_LIMIT);
  assert_int_equal(print_nested(ICWS_CANDID_MAX_DEPTH, ICWS_CANDID_PRETTY), ICWS_ERR_LIMIT);
}

static void what_is_no_principal_is_refused(void **state)
{
  (void)state;
  struct candid_text text;
  struct icws_buf out;
  uint8_t bytes[ICWS_PRINCIPAL_MAX_BYTES + 1] = {0};
  struct icws_candid_value value = {
      .type = ICWS_CANDID_PRINCIPAL, .count = sizeof bytes, .as.bytes = bytes};
  candid_text_open(&text, NULL, NULL);
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_print_value(text.types, &value, ICWS_CANDID_ONE_LINE, &out),
                   ICWS_ERR_INVALID_ARGUMENT);
  icws_buf_clear(&out);
  value.count--;
  assert_int_equal(icws_candid_print_value(text.types, &value, ICWS_CANDID_ONE_LINE, &out),
                   ICWS_OK);
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

/* A text that is not UTF-8, made by hand: its bytes are shown as such. */
static void stray_bytes_are_escaped(void **state)
{
  (void)state;
  struct candid_text text;
  struct icws_candid_value value = {
      .type = ICWS_CANDID_TEXT, .count = 3, .as.bytes = (const uint8_t *)"a\xff\xc3"};
  struct icws_candid_args args = {.values = &value, .count = 1};
  struct icws_buf out;
  candid_text_open(&text, NULL, NULL);
  args.types = text.types;
  icws_buf_init(&out, 0, NULL);
  assert_string_equal(candid_text_print(&args, ICWS_CANDID_ONE_LINE, &out), "(\"a\\ff\\c3\")");
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

static const char long_text[] =
    "(vec { \"abcdefghijklmnopqrstuvwxyz\"; \"abcdefghijklmnopqrstuvwxyz\"; \"abcdefghijklm\" })";

static void the_limit_of_the_output_is_kept(void **state)
{
  (void)state;
  struct candid_text text;
  candid_text_open(&text, NULL, "(vec text)");
  assert_int_equal(candid_text_parse(&text, long_text), ICWS_OK);
  for (int layout = ICWS_CANDID_ONE_LINE; layout <= ICWS_CANDID_PRETTY; layout++) {
    struct icws_buf whole;
    icws_buf_init(&whole, 0, NULL);
    assert_int_equal(icws_candid_print(&text.args, (enum icws_candid_layout)layout, &whole),
                     ICWS_OK);
    for (size_t max = 1; max <= whole.len; max++) {
      struct icws_buf out;
      icws_buf_init(&out, max, NULL);
      assert_int_equal(icws_candid_print(&text.args, (enum icws_candid_layout)layout, &out),
                       max < whole.len ? ICWS_ERR_LIMIT : ICWS_OK);
      icws_buf_wipe(&out);
    }
    icws_buf_wipe(&whole);
  }
  candid_text_close(&text);
}

#define DEEP 500
#define NUMBERS 8

static size_t conversions;

void __real_icws_candid_number_put_decimal(const struct icws_candid_value *value,
                                           struct icws_buf *out);
void __wrap_icws_candid_number_put_decimal(const struct icws_candid_value *value,
                                           struct icws_buf *out);

/* The linker puts this in front (CMakeLists.txt). */
void __wrap_icws_candid_number_put_decimal(const struct icws_candid_value *value,
                                           struct icws_buf *out)
{
  conversions++;
  __real_icws_candid_number_put_decimal(value, out);
}

/* A line on trial stops where it gets too long: what is deep within opts is turned into digits once,
 * and not for each of them. */
static void the_width_bounds_what_is_tried(void **state)
{
  (void)state;
  static uint8_t bytes[ICWS_CANDID_NUMBER_MAX_BYTES];
  static struct icws_candid_value opts[DEEP];
  struct icws_candid_value numbers[NUMBERS];
  struct candid_text text;
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  memset(bytes, 0xff, sizeof bytes);
  candid_text_open(&text, NULL, NULL);
  int type = ICWS_CANDID_NAT;
  opts[0] = (struct icws_candid_value){.type = type, .count = sizeof bytes, .as.bytes = bytes};
  for (size_t i = 1; i < DEEP; i++) {
    type = icws_candid_types_opt(text.types, type);
    opts[i] = (struct icws_candid_value){.type = type, .as.items = &opts[i - 1]};
  }
  for (size_t i = 0; i < NUMBERS; i++)
    numbers[i] = opts[DEEP - 1];
  const struct icws_candid_args args = {.types = text.types, .values = numbers, .count = NUMBERS};
  conversions = 0;
  size_t len = strlen(candid_text_print(&args, ICWS_CANDID_PRETTY, &out));
  assert_int_equal(conversions, NUMBERS);
  /* 4096 bytes are 9865 digits */
  size_t line = strlen("\n  ") + (DEEP - 1) * strlen("opt ") + 9865 + strlen("( : nat),");
  assert_int_equal(len, strlen("(") + NUMBERS * line + strlen("\n)"));
  icws_buf_wipe(&out);
  candid_text_close(&text);
}

static void each_allocation_may_fail(void **state)
{
  (void)state;
  struct candid_text text;
  struct mem_probe probe;
  candid_text_open(&text, NULL, "(vec text)");
  assert_int_equal(candid_text_parse(&text, long_text), ICWS_OK);
  enum icws_error error = ICWS_ERR_NOMEM;
  for (size_t from = 0; error != ICWS_OK; from++) {
    struct icws_buf out;
    mem_probe_init(&probe);
    probe.fail_from = from;
    icws_buf_init(&out, 0, &probe.mem);
    error = icws_candid_print(&text.args, ICWS_CANDID_PRETTY, &out);
    icws_buf_wipe(&out);
    assert_int_equal(error, probe.allocations > from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(probe.live, 0);
  }
  assert_true(probe.allocations > 1);
  candid_text_close(&text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_are_printed_as_values_of_their_types),
      cmocka_unit_test(names_are_quoted_where_they_must_be),
      cmocka_unit_test(what_fits_on_a_line_stays_on_it),
      cmocka_unit_test(what_does_not_fit_has_its_members_a_line_each),
      cmocka_unit_test(one_value_is_printed_without_parentheses),
      cmocka_unit_test(depth_is_bounded),
      cmocka_unit_test(what_is_no_principal_is_refused),
      cmocka_unit_test(stray_bytes_are_escaped),
      cmocka_unit_test(the_limit_of_the_output_is_kept),
      cmocka_unit_test(the_width_bounds_what_is_tried),
      cmocka_unit_test(each_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

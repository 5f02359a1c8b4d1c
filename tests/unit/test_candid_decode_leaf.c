/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Values without parts, each with the bytes that stand for it and those that nearly do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_value.h>

#include "vectors.h"

/* Reads a message with one argument of the primitive |type|, whose value is |bytes|. */
static enum icws_error read_bytes(int type, int expected, struct icws_bytes bytes,
                                  struct icws_arena *arena, struct icws_candid_value *value,
                                  struct icws_failure *failure)
{
  struct icws_candid_types *types;
  struct icws_candid_args args;
  struct icws_buf out;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_buf_init(&out, 0, NULL);
  icws_buf_put(&out, "DIDL\0\1", 6);
  icws_buf_put_u8(&out, (uint8_t)(type & 0x7f));
  icws_buf_put(&out, bytes.data, bytes.len);
  struct icws_bytes message = icws_arena_copy(arena, icws_buf_bytes(&out));
  icws_buf_wipe(&out);
  enum icws_error error = icws_candid_decode(message, types, &expected, 1, arena, &args, failure);
  if (error == ICWS_OK)
    *value = args.values[0];
  icws_candid_types_del(types);
  return error;
}

static struct icws_candid_value read_hex(int type, const char *hex, struct icws_arena *arena)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_candid_value value = {.type = 99};
  struct icws_failure failure = {.text = ""};
  if (read_bytes(type, type, vectors_bytes(&blob), arena, &value, &failure) != ICWS_OK)
    fail_msg("%s: %s", hex, failure.text);
  assert_int_equal(value.type, type);
  free(blob.data);
  return value;
}

static void check_refused(int type, const char *hex, enum icws_error expected, const char *text)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_candid_value value;
  struct icws_failure failure = {.text = ""};
  struct icws_arena arena;
  char whole[128];
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(read_bytes(type, type, vectors_bytes(&blob), &arena, &value, &failure),
                   expected);
  (void)snprintf(whole, sizeof(whole), "argument 1: %s", text);
  assert_string_equal(failure.text, whole);
  icws_arena_wipe(&arena);
  free(blob.data);
}

/* --- Numbers ----------------------------------------------------------------------------------- */

static void numbers_of_a_size(void **state)
{
  (void)state;
  static const struct {
    int type;
    const char *bytes;
    uint64_t nat; /* of ints the two's complement in 64 bits */
  } rows[] = {
      {ICWS_CANDID_NAT8, "00", 0},
      {ICWS_CANDID_NAT8, "80", 128},
      {ICWS_CANDID_NAT8, "ff", 255},
      {ICWS_CANDID_NAT16, "0080", 0x8000},
      {ICWS_CANDID_NAT16, "ffff", 0xffff},
      {ICWS_CANDID_NAT32, "78563412", 0x12345678},
      {ICWS_CANDID_NAT32, "ffffffff", UINT32_MAX},
      {ICWS_CANDID_NAT64, "efcdab8967452301", UINT64_C(0x0123456789abcdef)},
      {ICWS_CANDID_NAT64, "ffffffffffffffff", UINT64_MAX},
      {ICWS_CANDID_INT8, "7f", 127},
      {ICWS_CANDID_INT8, "80", (uint64_t)-128},
      {ICWS_CANDID_INT8, "ff", (uint64_t)-1},
      {ICWS_CANDID_INT16, "ff7f", 32767},
      {ICWS_CANDID_INT16, "0080", (uint64_t)-32768},
      {ICWS_CANDID_INT32, "ffffff7f", INT32_MAX},
      {ICWS_CANDID_INT32, "00000080", (uint64_t)INT32_MIN},
      {ICWS_CANDID_INT64, "ffffffffffffff7f", INT64_MAX},
      {ICWS_CANDID_INT64, "0000000000000080", UINT64_C(1) << 63},
      {ICWS_CANDID_INT64, "feffffffffffffff", (uint64_t)-2},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct icws_arena arena;
    icws_arena_init(&arena, 0, NULL);
    struct icws_candid_value value = read_hex(rows[i].type, rows[i].bytes, &arena);
    if (value.as.nat != rows[i].nat)
      fail_msg("%s", rows[i].bytes);
    assert_int_equal(value.count, 0);
    icws_arena_wipe(&arena);
  }
}

/* Bit by bit, NaN included. */
static void floats(void **state)
{
  (void)state;
  static const uint32_t small[] = {0,          0x80000000, 0x3f800000, 0x7f800000, 0x7fc00000,
                                   0x7f800001, 0xffffffff, 1,          0x00800000, 0x7f7fffff};
  static const uint64_t large[] = {0,
                                   UINT64_C(1) << 63,
                                   UINT64_C(0x3ff0000000000000),
                                   UINT64_C(0x7ff0000000000000),
                                   UINT64_C(0x7ff0000000000001),
                                   UINT64_MAX,
                                   1};
  struct icws_arena arena;
  char hex[20];
  icws_arena_init(&arena, 0, NULL);
  for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
    (void)snprintf(hex, sizeof(hex), "%02x%02x%02x%02x", small[i] & 255u, small[i] >> 8 & 255u,
                   small[i] >> 16 & 255u, small[i] >> 24);
    struct icws_candid_value value = read_hex(ICWS_CANDID_FLOAT32, hex, &arena);
    assert_memory_equal(&value.as.float32, &small[i], 4);
  }
  for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
    for (size_t byte = 0; byte < 8; byte++)
      (void)snprintf(hex + 2 * byte, 3, "%02x", (unsigned)(large[i] >> 8 * byte & 255));
    struct icws_candid_value value = read_hex(ICWS_CANDID_FLOAT64, hex, &arena);
    assert_memory_equal(&value.as.float64, &large[i], 8);
  }
  icws_arena_wipe(&arena);
}

static void numbers_that_are_cut_off(void **state)
{
  (void)state;
  static const char text[] = "the message ends within a value (at byte 7 of ";
  static const struct {
    int type;
    const char *bytes;
    unsigned len;
  } rows[] = {
      {ICWS_CANDID_NAT8, "", 7},
      {ICWS_CANDID_INT8, "", 7},
      {ICWS_CANDID_NAT16, "00", 8},
      {ICWS_CANDID_INT16, "00", 8},
      {ICWS_CANDID_NAT32, "000000", 10},
      {ICWS_CANDID_INT32, "000000", 10},
      {ICWS_CANDID_FLOAT32, "000000", 10},
      {ICWS_CANDID_NAT64, "00000000000000", 14},
      {ICWS_CANDID_INT64, "00000000000000", 14},
      {ICWS_CANDID_FLOAT64, "00000000000000", 14},
      {ICWS_CANDID_BOOL, "", 7},
  };
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char whole[100];
    (void)snprintf(whole, sizeof(whole), "%s%u)", text, rows[i].len);
    check_refused(rows[i].type, rows[i].bytes, ICWS_ERR_CANDID, whole);
  }
  check_refused(ICWS_CANDID_NAT, "ffff", ICWS_ERR_CANDID, "a number is cut off (at byte 7 of 9)");
  check_refused(ICWS_CANDID_INT, "80", ICWS_ERR_CANDID, "a number is cut off (at byte 7 of 8)");
  check_refused(ICWS_CANDID_NAT, "", ICWS_ERR_CANDID, "a number is cut off (at byte 7 of 7)");
}

/* Longer than it needs to be is allowed, however much. */
static void numbers_that_are_longer_than_needed(void **state)
{
  (void)state;
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  assert_true(read_hex(ICWS_CANDID_NAT, "8080808080808080808080808000", &arena).as.nat == 0);
  assert_true(read_hex(ICWS_CANDID_NAT, "8700", &arena).as.nat == 7);
  assert_true(read_hex(ICWS_CANDID_INT, "ff7f", &arena).as.integer == -1);
  assert_true(read_hex(ICWS_CANDID_INT, "ffffffffffffffffffffffffff7f", &arena).as.integer == -1);
  assert_true(read_hex(ICWS_CANDID_INT, "ff00", &arena).as.integer == 127);
  icws_arena_wipe(&arena);
}

/* A number with a byte more than there may be, read and passed over. */
static void numbers_that_are_too_large(void **state)
{
  (void)state;
  static uint8_t leb[4683];
  struct icws_candid_value value;
  struct icws_failure failure = {.text = ""};
  struct icws_arena arena;
  struct icws_bytes bytes = icws_bytes_of(leb, sizeof(leb));
  memset(leb, 0xff, sizeof(leb) - 1);
  leb[sizeof(leb) - 1] = 1;
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(read_bytes(ICWS_CANDID_NAT, ICWS_CANDID_NAT, bytes, &arena, &value, &failure),
                   ICWS_ERR_LIMIT);
  assert_string_equal(failure.text,
                      "argument 1: a number has too many digits (at byte 4690 of 4690)");
  assert_int_equal(read_bytes(ICWS_CANDID_NAT, ICWS_CANDID_INT, bytes, &arena, &value, &failure),
                   ICWS_ERR_LIMIT);
  assert_int_equal(
      read_bytes(ICWS_CANDID_NAT, ICWS_CANDID_RESERVED, bytes, &arena, &value, &failure), ICWS_OK);
  icws_arena_wipe(&arena);
}

/* --- Bytes ------------------------------------------------------------------------------------- */

static void texts(void **state)
{
  (void)state;
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  struct icws_candid_value text = read_hex(ICWS_CANDID_TEXT, "06610062e29883", &arena);
  assert_true(
      icws_bytes_equal(icws_candid_value_bytes(&text), icws_bytes_of("a\0b\xe2\x98\x83", 6)));
  assert_int_equal(read_hex(ICWS_CANDID_TEXT, "00", &arena).count, 0);
  assert_int_equal(read_hex(ICWS_CANDID_TEXT,
                            "818000"
                            "61",
                            &arena)
                       .count,
                   1);
  icws_arena_wipe(&arena);
  check_refused(ICWS_CANDID_TEXT, "0261", ICWS_ERR_CANDID,
                "the message ends within a value (at byte 8 of 9)");
  check_refused(ICWS_CANDID_TEXT, "80", ICWS_ERR_CANDID,
                "a number is cut off or too large (at byte 7 of 8)");
  check_refused(ICWS_CANDID_TEXT, "ffffffffffffffffff02", ICWS_ERR_CANDID,
                "a number is cut off or too large (at byte 7 of 17)");
  static const char *const none[] = {"0180", "02c080", "03eda080", "04f4908080", "02e298"};
  static const unsigned lens[] = {9, 10, 11, 12, 10};
  for (size_t i = 0; i < 5; i++) {
    char whole[64];
    (void)snprintf(whole, sizeof(whole), "a text is not UTF-8 (at byte %u of %u)", lens[i],
                   lens[i]);
    check_refused(ICWS_CANDID_TEXT, none[i], ICWS_ERR_CANDID, whole);
  }
}

#define TWENTY_NINE "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d"

static void principals(void **state)
{
  (void)state;
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(read_hex(ICWS_CANDID_PRINCIPAL, "0100", &arena).count, 0);
  assert_int_equal(read_hex(ICWS_CANDID_PRINCIPAL, "011d" TWENTY_NINE, &arena).count, 29);
  icws_arena_wipe(&arena);
  check_refused(ICWS_CANDID_PRINCIPAL, "011e" TWENTY_NINE "1e", ICWS_ERR_CANDID,
                "a principal is too long (at byte 39 of 39)");
  check_refused(ICWS_CANDID_PRINCIPAL, "00", ICWS_ERR_CANDID,
                "a principal is an opaque reference (at byte 8 of 8)");
  check_refused(ICWS_CANDID_PRINCIPAL, "0200", ICWS_ERR_CANDID,
                "a principal is an opaque reference (at byte 8 of 9)");
  check_refused(ICWS_CANDID_PRINCIPAL, "0102ca", ICWS_ERR_CANDID,
                "the message ends within a value (at byte 9 of 10)");
}

static void check_function(const char *values, enum icws_error expected, const char *text)
{
  struct icws_failure failure = {.text = ""};
  struct icws_candid_types *types;
  struct icws_candid_args args;
  struct icws_arena arena;
  char hex[128];
  (void)snprintf(hex, sizeof(hex), "4449444c016a0000000100%s", values);
  struct vectors_blob blob = vectors_hex(hex);
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_decode_any(vectors_bytes(&blob), types, &arena, &args, &failure),
                   expected);
  assert_string_equal(failure.text, text);
  if (expected == ICWS_OK) {
    assert_int_equal(args.values[0].as.func->service.len, 2);
    assert_true(icws_bytes_equal(args.values[0].as.func->method, icws_bytes_text("m")));
  }
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  free(blob.data);
}

static void functions(void **state)
{
  (void)state;
  check_function("010102caff016d", ICWS_OK, "");
  check_function("00", ICWS_ERR_CANDID,
                 "argument 1: a function is an opaque reference (at byte 12 of 12)");
  check_function("0100", ICWS_ERR_CANDID,
                 "argument 1: a principal is an opaque reference (at byte 13 of 13)");
  check_function("010102caff01ff", ICWS_ERR_CANDID,
                 "argument 1: a text is not UTF-8 (at byte 18 of 18)");
  check_function("010102caff02"
                 "6d",
                 ICWS_ERR_CANDID, "argument 1: the message ends within a value (at byte 17 of 18)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_of_a_size),
      cmocka_unit_test(floats),
      cmocka_unit_test(numbers_that_are_cut_off),
      cmocka_unit_test(numbers_that_are_longer_than_needed),
      cmocka_unit_test(numbers_that_are_too_large),
      cmocka_unit_test(texts),
      cmocka_unit_test(principals),
      cmocka_unit_test(functions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

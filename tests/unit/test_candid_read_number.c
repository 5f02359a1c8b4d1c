/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/arena.h>
#include <icws/candid.h>

#include "mem_probe.h"
#include "vectors.h"

#define DIDL "4449444c00" /* without types */

/* A number of whatever type, read by the function for it. */
union number {
  uint8_t nat8;
  uint16_t nat16;
  uint32_t nat32;
  uint64_t nat64;
  int8_t int8;
  int16_t int16;
  int32_t int32;
  int64_t int64;
  float float32;
  double float64;
};

static enum icws_error read_as(struct icws_candid_reader *reader, int kind, int type,
                               union number *number)
{
  switch (kind) {
  case ICWS_CANDID_NAT8:
    return icws_candid_read_nat8(reader, type, &number->nat8);
  case ICWS_CANDID_NAT16:
    return icws_candid_read_nat16(reader, type, &number->nat16);
  case ICWS_CANDID_NAT32:
    return icws_candid_read_nat32(reader, type, &number->nat32);
  case ICWS_CANDID_NAT64:
    return icws_candid_read_nat64(reader, type, &number->nat64);
  case ICWS_CANDID_INT8:
    return icws_candid_read_int8(reader, type, &number->int8);
  case ICWS_CANDID_INT16:
    return icws_candid_read_int16(reader, type, &number->int16);
  case ICWS_CANDID_INT32:
    return icws_candid_read_int32(reader, type, &number->int32);
  case ICWS_CANDID_INT64:
    return icws_candid_read_int64(reader, type, &number->int64);
  case ICWS_CANDID_FLOAT32:
    return icws_candid_read_float32(reader, type, &number->float32);
  case ICWS_CANDID_FLOAT64:
    return icws_candid_read_float64(reader, type, &number->float64);
  case ICWS_CANDID_NAT:
    return icws_candid_read_nat(reader, type, &number->nat64);
  default:
    return icws_candid_read_int(reader, type, &number->int64);
  }
}

/* Reads the only argument of the message |hex|. */
static enum icws_error read_message(const char *hex, int kind, union number *number,
                                    const char **reason)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_candid_reader reader;
  int type = 0;
  assert_int_equal(icws_candid_reader_init(&reader, vectors_bytes(&blob)), ICWS_OK);
  assert_true(icws_candid_next_arg(&reader, &type));
  enum icws_error error = read_as(&reader, kind, type, number);
  if (error == ICWS_OK)
    error = icws_candid_finish(&reader);
  assert_int_equal(error, reader.error);
  *reason = reader.reason;
  free(blob.data);
  return error;
}

static union number read_ok(const char *hex, int kind)
{
  union number number;
  const char *reason;
  memset(&number, 0x55, sizeof number);
  if (read_message(hex, kind, &number, &reason) != ICWS_OK)
    fail_msg("%s: %s", hex, reason);
  return number;
}

static void check_fails(const char *hex, int kind, enum icws_error expected, const char *why)
{
  union number number;
  union number before;
  const char *reason;
  memset(&number, 0x55, sizeof number);
  memset(&before, 0x55, sizeof before);
  assert_int_equal(read_message(hex, kind, &number, &reason), expected);
  assert_string_equal(reason, why);
  assert_memory_equal(&number, &before, sizeof number);
}

static void numbers_of_a_fixed_size(void **state)
{
  (void)state;
  assert_int_equal(read_ok(DIDL "017b81", ICWS_CANDID_NAT8).nat8, 0x81);
  assert_int_equal(read_ok(DIDL "017a0281", ICWS_CANDID_NAT16).nat16, 0x8102);
  assert_true(read_ok(DIDL "017904030281", ICWS_CANDID_NAT32).nat32 == 0x81020304);
  assert_true(read_ok(DIDL "01780807060504030281", ICWS_CANDID_NAT64).nat64 ==
              UINT64_C(0x8102030405060708));
  assert_int_equal(read_ok(DIDL "0177ff", ICWS_CANDID_INT8).int8, -1);
  assert_int_equal(read_ok(DIDL "01777f", ICWS_CANDID_INT8).int8, 127);
  assert_int_equal(read_ok(DIDL "0176feff", ICWS_CANDID_INT16).int16, -2);
  assert_true(read_ok(DIDL "017500000080", ICWS_CANDID_INT32).int32 == INT32_MIN);
  assert_true(read_ok(DIDL "01740000000000000080", ICWS_CANDID_INT64).int64 == INT64_MIN);
  assert_true(read_ok(DIDL "0174ffffffffffffff7f", ICWS_CANDID_INT64).int64 == INT64_MAX);
}

static void floats(void **state)
{
  (void)state;
  static const float minus_half = -0.5F;
  static const double three = 3.0;
  static const double quiet_nan = NAN;
  union number number = read_ok(DIDL "0173000000bf", ICWS_CANDID_FLOAT32);
  assert_memory_equal(&number.float32, &minus_half, sizeof minus_half);
  number = read_ok(DIDL "01720000000000000840", ICWS_CANDID_FLOAT64);
  assert_memory_equal(&number.float64, &three, sizeof three);
  number = read_ok(DIDL "0172000000000000f87f", ICWS_CANDID_FLOAT64);
  assert_memory_equal(&number.float64, &quiet_nan, sizeof quiet_nan);
}

/* Encodings may be longer than they need to be. */
static void numbers_of_any_size(void **state)
{
  (void)state;
  assert_true(read_ok(DIDL "017d808098f4e9b5ca6a", ICWS_CANDID_NAT).nat64 ==
              UINT64_C(60000000000000000));
  assert_true(read_ok(DIDL "017dffffffffffffffffff01", ICWS_CANDID_NAT).nat64 == UINT64_MAX);
  assert_true(read_ok(DIDL "017d85808080808080808080808000", ICWS_CANDID_NAT).nat64 == 5);
  assert_true(read_ok(DIDL "017cff00", ICWS_CANDID_INT).int64 == 127);
  assert_true(read_ok(DIDL "017c8080e88b96cab5957f", ICWS_CANDID_INT).int64 ==
              INT64_C(-60000000000000000));
  assert_true(read_ok(DIDL "017c8080808080808080807f", ICWS_CANDID_INT).int64 == INT64_MIN);
  assert_true(read_ok(DIDL "017cfbffffffffffffffffffff7f", ICWS_CANDID_INT).int64 == -5);
}

/* nat is a subtype of int: the same bytes are another number then. */
static void a_nat_is_an_int(void **state)
{
  (void)state;
  assert_true(read_ok(DIDL "017d7f", ICWS_CANDID_INT).int64 == 127);
  assert_true(read_ok(DIDL "017c7f", ICWS_CANDID_INT).int64 == -1);
  check_fails(DIDL "017c05", ICWS_CANDID_NAT, ICWS_ERR_CANDID, "a value is not a nat");
}

static void larger_numbers_are_a_limit(void **state)
{
  (void)state;
  static const char why[] = "a number does not fit into 64 bits";
  check_fails(DIDL "017d80808080808080808002", ICWS_CANDID_NAT, ICWS_ERR_LIMIT, why);
  check_fails(DIDL "017c80808080808080808001", ICWS_CANDID_INT, ICWS_ERR_LIMIT, why);
  check_fails(DIDL "017cffffffffffffffffff7e", ICWS_CANDID_INT, ICWS_ERR_LIMIT, why);
  check_fails(DIDL "017d80808080808080808001", ICWS_CANDID_INT, ICWS_ERR_LIMIT, why);
  check_fails(DIDL "017d80", ICWS_CANDID_NAT, ICWS_ERR_CANDID, "a number is cut off");
  check_fails(DIDL "017c80", ICWS_CANDID_INT, ICWS_ERR_CANDID, "a number is cut off");
}

/* Each way to read, on a number of each type: only its own succeeds, and a nat for an int. */
static void other_types_are_refused(void **state)
{
  (void)state;
  static const struct {
    int kind;
    const char *hex;
    const char *why; /* it is none of another type */
  } rows[] = {
      {ICWS_CANDID_NAT, DIDL "017d00", "a value is not a nat"},
      {ICWS_CANDID_INT, DIDL "017c00", "a value is not an int"},
      {ICWS_CANDID_NAT8, DIDL "017b00", "a value is not a nat8"},
      {ICWS_CANDID_NAT16, DIDL "017a0000", "a value is not a nat16"},
      {ICWS_CANDID_NAT32, DIDL "017900000000", "a value is not a nat32"},
      {ICWS_CANDID_NAT64, DIDL "01780000000000000000", "a value is not a nat64"},
      {ICWS_CANDID_INT8, DIDL "017700", "a value is not an int8"},
      {ICWS_CANDID_INT16, DIDL "01760000", "a value is not an int16"},
      {ICWS_CANDID_INT32, DIDL "017500000000", "a value is not an int32"},
      {ICWS_CANDID_INT64, DIDL "01740000000000000000", "a value is not an int64"},
      {ICWS_CANDID_FLOAT32, DIDL "017300000000", "a value is not a float32"},
      {ICWS_CANDID_FLOAT64, DIDL "01720000000000000000", "a value is not a float64"},
  };
  const size_t count = sizeof rows / sizeof rows[0];
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < count; k++) {
      bool fits = i == k || (rows[i].kind == ICWS_CANDID_NAT && rows[k].kind == ICWS_CANDID_INT);
      if (fits)
        (void)read_ok(rows[i].hex, rows[k].kind);
      else
        check_fails(rows[i].hex, rows[k].kind, ICWS_ERR_CANDID, rows[k].why);
    }
  }
}

static void numbers_end_with_the_message(void **state)
{
  (void)state;
  static const char why[] = "the message ends within a value";
  check_fails(DIDL "017b", ICWS_CANDID_NAT8, ICWS_ERR_CANDID, why);
  check_fails(DIDL "0176ff", ICWS_CANDID_INT16, ICWS_ERR_CANDID, why);
  check_fails(DIDL "0173000000", ICWS_CANDID_FLOAT32, ICWS_ERR_CANDID, why);
  check_fails(DIDL "017200000000000000", ICWS_CANDID_FLOAT64, ICWS_ERR_CANDID, why);
}

/* --- Numbers beyond 64 bits -------------------------------------------------------------------- */

struct big {
  struct vectors_blob blob;
  struct icws_arena arena;
  struct icws_candid_reader reader;
  int type;
};

static void open_big(struct big *big, const char *hex, const struct icws_mem *mem)
{
  big->blob = vectors_hex(hex);
  icws_arena_init(&big->arena, 0, mem);
  assert_int_equal(icws_candid_reader_init(&big->reader, vectors_bytes(&big->blob)), ICWS_OK);
  assert_true(icws_candid_next_arg(&big->reader, &big->type));
}

static void close_big(struct big *big, enum icws_error expected)
{
  assert_int_equal(icws_candid_finish(&big->reader), expected);
  icws_arena_wipe(&big->arena);
  free(big->blob.data);
}

static void numbers_beyond_64_bits(void **state)
{
  (void)state;
  static const uint8_t power[] = {0, 0, 0, 0, 0, 0, 0, 0, 1}; /* 2^64 */
  static const uint8_t minus[] = {0, 0, 0, 0, 0, 0, 0, 0, 0xff};
  struct big big;
  struct icws_candid_nat nat;
  struct icws_candid_int integer;
  open_big(&big, DIDL "017d80808080808080808002", NULL);
  assert_int_equal(icws_candid_read_big_nat(&big.reader, big.type, &big.arena, &nat), ICWS_OK);
  assert_true(icws_bytes_equal(nat.large, icws_bytes_of(power, sizeof power)));
  close_big(&big, ICWS_OK);
  open_big(&big, DIDL "017d80808080808080808002", NULL);
  assert_int_equal(icws_candid_read_big_int(&big.reader, big.type, &big.arena, &integer), ICWS_OK);
  assert_true(icws_bytes_equal(integer.large, icws_bytes_of(power, sizeof power)));
  close_big(&big, ICWS_OK);
  open_big(&big, DIDL "017c8080808080808080807e", NULL);
  assert_int_equal(icws_candid_read_big_int(&big.reader, big.type, &big.arena, &integer), ICWS_OK);
  assert_true(icws_bytes_equal(integer.large, icws_bytes_of(minus, sizeof minus)));
  close_big(&big, ICWS_OK);
  open_big(&big, DIDL "017c7b", NULL);
  assert_int_equal(icws_candid_read_big_int(&big.reader, big.type, &big.arena, &integer), ICWS_OK);
  assert_true(integer.value == -5 && integer.large.len == 0);
  assert_int_equal(big.arena.used, 0);
  close_big(&big, ICWS_OK);
  open_big(&big, DIDL "017c7b", NULL);
  assert_int_equal(icws_candid_read_big_nat(&big.reader, big.type, &big.arena, &nat),
                   ICWS_ERR_CANDID);
  close_big(&big, ICWS_ERR_CANDID);
}

static void memory_for_them_may_fail(void **state)
{
  (void)state;
  struct mem_probe probe;
  struct big big;
  struct icws_candid_nat nat;
  mem_probe_init(&probe);
  probe.fail_from = 0;
  open_big(&big, DIDL "017d80808080808080808002", &probe.mem);
  assert_int_equal(icws_candid_read_big_nat(&big.reader, big.type, &big.arena, &nat),
                   ICWS_ERR_NOMEM);
  assert_string_equal(big.reader.reason, "no memory for a number");
  close_big(&big, ICWS_ERR_NOMEM);
  assert_int_equal(probe.live, 0);

  struct icws_arena small;
  open_big(&big, DIDL "017d80808080808080808002", NULL);
  icws_arena_init(&small, 1, NULL);
  assert_int_equal(icws_candid_read_big_nat(&big.reader, big.type, &small, &nat), ICWS_ERR_LIMIT);
  close_big(&big, ICWS_ERR_LIMIT);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_of_a_fixed_size),      cmocka_unit_test(floats),
      cmocka_unit_test(numbers_of_any_size),          cmocka_unit_test(a_nat_is_an_int),
      cmocka_unit_test(larger_numbers_are_a_limit),   cmocka_unit_test(other_types_are_refused),
      cmocka_unit_test(numbers_end_with_the_message), cmocka_unit_test(numbers_beyond_64_bits),
      cmocka_unit_test(memory_for_them_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_value.h>

#include "mem_probe.h"

static enum icws_error parse(int type, const char *text, struct icws_arena *arena,
                             struct icws_candid_value *value)
{
  *value = (struct icws_candid_value){.type = type, .count = 77};
  return icws_candid_value_from_decimal(value, icws_bytes_text(text), arena);
}

static void check_digits(const struct icws_candid_value *value, const char *digits)
{
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_candid_value_put_decimal(value, &out);
  icws_buf_put_u8(&out, 0);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, digits);
  icws_buf_wipe(&out);
}

static void integers_have_bounds(void **state)
{
  (void)state;
  static const struct {
    int type;
    const char *least;
    const char *below;
    const char *greatest;
    const char *above;
  } rows[] = {
      {ICWS_CANDID_NAT8, "0", "-1", "255", "256"},
      {ICWS_CANDID_NAT16, "0", "-1", "65535", "65536"},
      {ICWS_CANDID_NAT32, "0", "-1", "4294967295", "4294967296"},
      {ICWS_CANDID_NAT64, "0", "-1", "18446744073709551615", "18446744073709551616"},
      {ICWS_CANDID_INT8, "-128", "-129", "127", "128"},
      {ICWS_CANDID_INT16, "-32768", "-32769", "32767", "32768"},
      {ICWS_CANDID_INT32, "-2147483648", "-2147483649", "2147483647", "2147483648"},
      {ICWS_CANDID_INT64, "-9223372036854775808", "-9223372036854775809", "9223372036854775807",
       "9223372036854775808"},
      {ICWS_CANDID_NAT, "0", "-1", "340282366920938463463374607431768211456", "12a"},
      {ICWS_CANDID_INT, "-340282366920938463463374607431768211456", "-", "18446744073709551616",
       "1_0"},
  };
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct icws_candid_value value;
    assert_int_equal(parse(rows[i].type, rows[i].least, &arena, &value), ICWS_OK);
    check_digits(&value, rows[i].least);
    assert_int_equal(parse(rows[i].type, rows[i].greatest, &arena, &value), ICWS_OK);
    check_digits(&value, rows[i].greatest);
    assert_int_equal(parse(rows[i].type, rows[i].below, &arena, &value), ICWS_ERR_CANDID);
    assert_int_equal(parse(rows[i].type, rows[i].above, &arena, &value), ICWS_ERR_CANDID);
    assert_int_equal(value.count, 77);
  }
  icws_arena_wipe(&arena);
}

static void values_are_kept_where_they_belong(void **state)
{
  (void)state;
  struct icws_arena arena;
  struct icws_candid_value value;
  static const uint8_t bytes[] = {0, 0, 0, 0, 0, 0, 0, 0, 1};
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(parse(ICWS_CANDID_NAT16, "-0", &arena, &value), ICWS_OK);
  assert_int_equal(value.as.nat, 0);
  assert_int_equal(parse(ICWS_CANDID_NAT16, "0065535", &arena, &value), ICWS_OK);
  assert_int_equal(value.as.nat, 65535);
  assert_int_equal(parse(ICWS_CANDID_INT8, "-128", &arena, &value), ICWS_OK);
  assert_int_equal(value.as.integer, -128);
  assert_int_equal(arena.used, 0);
  assert_int_equal(parse(ICWS_CANDID_NAT, "18446744073709551616", &arena, &value), ICWS_OK);
  assert_int_equal(value.count, sizeof bytes);
  assert_memory_equal(value.as.bytes, bytes, sizeof bytes);
  icws_arena_wipe(&arena);
}

static void other_text_is_refused(void **state)
{
  (void)state;
  static const char *const texts[] = {"",    "-",   "+1",  "--1",   " 1", "1 ",
                                      "1.0", "1e3", "0x1", "1_000", "a"};
  struct icws_arena arena;
  icws_arena_init(&arena, 0, NULL);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    struct icws_candid_value value;
    assert_int_equal(parse(ICWS_CANDID_INT, texts[i], &arena, &value), ICWS_ERR_CANDID);
    assert_int_equal(parse(ICWS_CANDID_NAT8, texts[i], &arena, &value), ICWS_ERR_CANDID);
  }
  icws_arena_wipe(&arena);
}

static void size_and_memory_are_bounded(void **state)
{
  (void)state;
  char digits[9866];
  struct mem_probe probe;
  struct icws_arena arena;
  struct icws_candid_value value;
  mem_probe_init(&probe);
  icws_arena_init(&arena, 0, &probe.mem);
  memset(digits, '9', sizeof digits);
  digits[9865] = '\0'; /* 10^9865 - 1 is above 2^32768 */
  assert_int_equal(parse(ICWS_CANDID_NAT, digits, &arena, &value), ICWS_ERR_LIMIT);
  digits[9864] = '\0';
  assert_int_equal(parse(ICWS_CANDID_NAT, digits, &arena, &value), ICWS_OK);
  check_digits(&value, digits);
  icws_arena_wipe(&arena);
  probe.fail_from = probe.allocations;
  assert_int_equal(parse(ICWS_CANDID_NAT, digits, &arena, &value), ICWS_ERR_NOMEM);
  assert_int_equal(value.count, 77);
  icws_arena_wipe(&arena);
  icws_arena_init(&arena, 8, &probe.mem);
  assert_int_equal(parse(ICWS_CANDID_NAT, digits, &arena, &value), ICWS_ERR_LIMIT);
  icws_arena_wipe(&arena);
  assert_int_equal(probe.live, 0);
}

static void floats_have_the_digits_of_their_type(void **state)
{
  (void)state;
  struct icws_candid_value value = {.type = ICWS_CANDID_FLOAT32, .as.float32 = 0.1F};
  check_digits(&value, "0.1");
  value = (struct icws_candid_value){.type = ICWS_CANDID_FLOAT64, .as.float64 = (double)0.1F};
  check_digits(&value, "0.10000000149011612");
  value.as.float64 = -3;
  check_digits(&value, "-3.0");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers_have_bounds),
      cmocka_unit_test(values_are_kept_where_they_belong),
      cmocka_unit_test(other_text_is_refused),
      cmocka_unit_test(size_and_memory_are_bounded),
      cmocka_unit_test(floats_have_the_digits_of_their_type),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

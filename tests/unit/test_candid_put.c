/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid.h>

#include "vectors.h"

/* Values under construction: without a header, which values do not hang on. */
struct values {
  struct icws_buf buf;
  struct icws_candid_writer writer;
};

static void start(struct values *values)
{
  icws_buf_init(&values->buf, 0, NULL);
  values->writer = (struct icws_candid_writer){.out = &values->buf};
}

static void check(struct values *values, const char *hex)
{
  struct vectors_blob expected = vectors_hex(hex);
  assert_int_equal(icws_buf_error(&values->buf), ICWS_OK);
  if (!icws_bytes_equal(icws_buf_bytes(&values->buf), vectors_bytes(&expected)))
    fail_msg("not %s", hex);
  free(expected.data);
  icws_buf_wipe(&values->buf);
}

static void numbers_of_a_fixed_size(void **state)
{
  (void)state;
  struct values values;
  start(&values);
  icws_candid_put_bool(&values.writer, true);
  icws_candid_put_nat8(&values.writer, 0x81);
  icws_candid_put_nat16(&values.writer, 0x8102);
  icws_candid_put_nat32(&values.writer, 0x81020304);
  icws_candid_put_nat64(&values.writer, UINT64_C(0x8102030405060708));
  check(&values, "01"
                 "81"
                 "0281"
                 "04030281"
                 "0807060504030281");
  start(&values);
  icws_candid_put_bool(&values.writer, false);
  icws_candid_put_int8(&values.writer, -1);
  icws_candid_put_int16(&values.writer, -2);
  icws_candid_put_int32(&values.writer, INT32_MIN);
  icws_candid_put_int64(&values.writer, INT64_MIN);
  icws_candid_put_int64(&values.writer, 1);
  check(&values, "00"
                 "ff"
                 "feff"
                 "00000080"
                 "0000000000000080"
                 "0100000000000000");
}

/* As in the official suite: prim#136, prim#140, prim#144. */
static void floats(void **state)
{
  (void)state;
  struct values values;
  start(&values);
  icws_candid_put_float32(&values.writer, -0.5F);
  icws_candid_put_float64(&values.writer, 3.0);
  icws_candid_put_float64(&values.writer, 1.7976931348623157e308);
  check(&values, "000000bf"
                 "0000000000000840"
                 "ffffffffffffef7f");
}

/* As in the official suite: prim#35, prim#44, prim#46, prim#47. */
static void numbers_of_any_size(void **state)
{
  (void)state;
  struct values values;
  start(&values);
  icws_candid_put_nat(&values.writer, 0);
  icws_candid_put_nat(&values.writer, UINT64_C(60000000000000000));
  icws_candid_put_nat(&values.writer, UINT64_MAX);
  check(&values, "00"
                 "808098f4e9b5ca6a"
                 "ffffffffffffffffff01");
  start(&values);
  icws_candid_put_int(&values.writer, 127);
  icws_candid_put_int(&values.writer, INT64_C(60000000000000000));
  icws_candid_put_int(&values.writer, INT64_C(-60000000000000000));
  icws_candid_put_int(&values.writer, INT64_MIN);
  check(&values, "ff00"
                 "808098f4e9b5caea00"
                 "8080e88b96cab5957f"
                 "8080808080808080807f");
}

static void numbers_beyond_64_bits(void **state)
{
  (void)state;
  static const uint8_t power[] = {0, 0, 0, 0, 0, 0, 0, 0, 1}; /* 2^64 */
  static const uint8_t minus[] = {0, 0, 0, 0, 0, 0, 0, 0, 0xff};
  struct icws_candid_nat nat = {.value = 5};
  struct icws_candid_int integer = {.value = -5};
  struct values values;
  start(&values);
  icws_candid_put_big_nat(&values.writer, &nat);
  icws_candid_put_big_int(&values.writer, &integer);
  nat.large = icws_bytes_of(power, sizeof power);
  icws_candid_put_big_nat(&values.writer, &nat);
  integer.large = nat.large;
  icws_candid_put_big_int(&values.writer, &integer);
  integer.large = icws_bytes_of(minus, sizeof minus);
  icws_candid_put_big_int(&values.writer, &integer);
  integer.large = icws_bytes_of(minus + 8, 1); /* few bytes are a number, too: -1 */
  icws_candid_put_big_int(&values.writer, &integer);
  check(&values, "05"
                 "7b"
                 "80808080808080808002"
                 "80808080808080808002"
                 "8080808080808080807e"
                 "7f");
}

static void digits_are_bounded(void **state)
{
  (void)state;
  static const uint8_t digits[ICWS_CANDID_NUMBER_MAX_BYTES + 1] = {1};
  struct icws_candid_nat nat = {.large = icws_bytes_of(digits, ICWS_CANDID_NUMBER_MAX_BYTES)};
  struct values values;
  start(&values);
  icws_candid_put_big_nat(&values.writer, &nat);
  check(&values, "01");
  start(&values);
  nat.large.len++;
  icws_candid_put_big_nat(&values.writer, &nat);
  assert_int_equal(icws_buf_error(&values.buf), ICWS_ERR_LIMIT);
  assert_int_equal(values.buf.len, 0);
  icws_buf_wipe(&values.buf);
}

/* As in the official suite: prim#152, reference#4, reference#12, reference#37. */
static void bytes_and_references(void **state)
{
  (void)state;
  struct values values;
  struct icws_candid_method method = {.name = icws_bytes_text("foo")};
  assert_int_equal(icws_principal_init(&method.service, icws_bytes_of("\xca\xff\xee", 3)), ICWS_OK);
  start(&values);
  icws_candid_put_text(&values.writer, icws_bytes_text("\xe2\x98\x83"));
  icws_candid_put_blob(&values.writer, icws_bytes_of(NULL, 0));
  icws_candid_put_principal(&values.writer, &method.service);
  icws_candid_put_service(&values.writer, &method.service);
  icws_candid_put_func(&values.writer, &method);
  check(&values, "03e29883"
                 "00"
                 "0103caffee"
                 "0103caffee"
                 "010103caffee03666f6f");
}

static void parts_of_values(void **state)
{
  (void)state;
  struct values values;
  start(&values);
  icws_candid_put_present(&values.writer, true);
  icws_candid_put_index(&values.writer, 300);
  icws_candid_put_present(&values.writer, false);
  check(&values, "01ac0200");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_of_a_fixed_size), cmocka_unit_test(floats),
      cmocka_unit_test(numbers_of_any_size),     cmocka_unit_test(numbers_beyond_64_bits),
      cmocka_unit_test(digits_are_bounded),      cmocka_unit_test(bytes_and_references),
      cmocka_unit_test(parts_of_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

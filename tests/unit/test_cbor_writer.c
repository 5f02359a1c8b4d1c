/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "vectors.h"

static void check(struct icws_buf *buf, const char *hex)
{
  struct vectors_blob expected = vectors_hex(hex);
  assert_int_equal(icws_buf_error(buf), ICWS_OK);
  assert_int_equal(buf->len, expected.len);
  assert_memory_equal(buf->data, expected.data, expected.len);
  free(expected.data);
  icws_buf_clear(buf);
}

/* RFC 8949, appendix A, and both sides of each size of an argument. */
static void integers(void **state)
{
  (void)state;
  static const struct {
    uint64_t value;
    const char *hex;
  } rows[] = {
      {0, "00"},
      {1, "01"},
      {10, "0a"},
      {23, "17"},
      {24, "1818"},
      {25, "1819"},
      {100, "1864"},
      {255, "18ff"},
      {256, "190100"},
      {1000, "1903e8"},
      {65535, "19ffff"},
      {65536, "1a00010000"},
      {1000000, "1a000f4240"},
      {UINT32_MAX, "1affffffff"},
      {UINT64_C(1) << 32, "1b0000000100000000"},
      {1000000000000, "1b000000e8d4a51000"},
      {UINT64_MAX, "1bffffffffffffffff"},
  };
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    icws_cbor_put_uint(&buf, rows[i].value);
    check(&buf, rows[i].hex);
  }
  icws_buf_wipe(&buf);
}

static void strings_and_simple_values(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_cbor_put_bytes(&buf, icws_bytes_of(NULL, 0));
  check(&buf, "40");
  icws_cbor_put_bytes(&buf, icws_bytes_of("\x01\x02\x03\x04", 4));
  check(&buf, "4401020304");
  icws_cbor_put_text(&buf, icws_bytes_text(""));
  check(&buf, "60");
  icws_cbor_put_text(&buf, icws_bytes_text("IETF"));
  check(&buf, "6449455446");
  icws_cbor_put_text(&buf, icws_bytes_text("\xc3\xbc"));
  check(&buf, "62c3bc");
  icws_cbor_put_key(&buf, "a");
  check(&buf, "6161");
  icws_cbor_put_bool(&buf, false);
  check(&buf, "f4");
  icws_cbor_put_bool(&buf, true);
  check(&buf, "f5");
  icws_cbor_put_self_describe(&buf);
  check(&buf, "d9d9f7"); /* RFC 8949, section 3.4.6 */
  icws_buf_wipe(&buf);
}

static void long_strings_have_long_heads(void **state)
{
  (void)state;
  static const struct {
    size_t len;
    const char *head;
  } rows[] = {{23, "57"}, {24, "5818"}, {255, "58ff"}, {256, "590100"}, {65536, "5a00010000"}};
  uint8_t *zeros = calloc(1, 65536);
  assert_non_null(zeros);
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    icws_cbor_put_bytes(&buf, icws_bytes_of(zeros, rows[i].len));
    size_t head = strlen(rows[i].head) / 2;
    assert_int_equal(buf.len, head + rows[i].len);
    buf.len = head;
    check(&buf, rows[i].head);
  }
  icws_buf_wipe(&buf);
  free(zeros);
}

/* The examples of RFC 8949, appendix A, that nest. */
static void arrays_and_maps(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_cbor_put_array(&buf, 0);
  check(&buf, "80");
  icws_cbor_put_map(&buf, 0);
  check(&buf, "a0");

  icws_cbor_put_array(&buf, 25);
  for (unsigned i = 1; i <= 25; i++)
    icws_cbor_put_uint(&buf, i);
  check(&buf, "98190102030405060708090a0b0c0d0e0f101112131415161718181819");

  icws_cbor_put_map(&buf, 2);
  icws_cbor_put_key(&buf, "a");
  icws_cbor_put_uint(&buf, 1);
  icws_cbor_put_key(&buf, "b");
  icws_cbor_put_array(&buf, 2);
  icws_cbor_put_uint(&buf, 2);
  icws_cbor_put_uint(&buf, 3);
  check(&buf, "a26161016162820203");
  icws_buf_wipe(&buf);
}

static void failures_stick_in_the_buffer(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 4, NULL);
  icws_cbor_put_text(&buf, icws_bytes_text("IETF"));
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT);
  icws_cbor_put_uint(&buf, 0);
  assert_int_equal(icws_buf_error(&buf), ICWS_ERR_LIMIT);
  icws_buf_wipe(&buf);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers),
      cmocka_unit_test(strings_and_simple_values),
      cmocka_unit_test(long_strings_have_long_heads),
      cmocka_unit_test(arrays_and_maps),
      cmocka_unit_test(failures_stick_in_the_buffer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

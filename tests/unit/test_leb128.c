/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "leb128.h"
#include "vectors.h"

/* DWARF 5, figures 21 and 22, and the ends of the range. */
static const struct {
  uint64_t value;
  const char *hex;
} unsigned_rows[] = {
    {0, "00"},
    {2, "02"},
    {127, "7f"},
    {128, "8001"},
    {129, "8101"},
    {12857, "b964"},
    {UINT32_MAX, "ffffffff0f"},
    {UINT64_C(1) << 63, "80808080808080808001"},
    {UINT64_MAX, "ffffffffffffffffff01"},
};

static const struct {
  int64_t value;
  const char *hex;
} signed_rows[] = {
    {0, "00"},
    {2, "02"},
    {-2, "7e"},
    {63, "3f"},
    {64, "c000"},
    {-64, "40"},
    {-65, "bf7f"},
    {127, "ff00"},
    {-127, "817f"},
    {128, "8001"},
    {-128, "807f"},
    {129, "8101"},
    {-129, "ff7e"},
    {INT64_MAX, "ffffffffffffffffff00"},
    {INT64_MIN, "8080808080808080807f"},
};

static void check_bytes(struct icws_buf *buf, const char *hex)
{
  struct vectors_blob expected = vectors_hex(hex);
  assert_int_equal(icws_buf_error(buf), ICWS_OK);
  assert_int_equal(buf->len, expected.len);
  assert_memory_equal(buf->data, expected.data, expected.len);
  free(expected.data);
  icws_buf_clear(buf);
}

static void numbers_are_written_in_the_shortest_form(void **state)
{
  (void)state;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  for (size_t i = 0; i < sizeof unsigned_rows / sizeof unsigned_rows[0]; i++) {
    icws_leb128_put(&buf, unsigned_rows[i].value);
    check_bytes(&buf, unsigned_rows[i].hex);
  }
  for (size_t i = 0; i < sizeof signed_rows / sizeof signed_rows[0]; i++) {
    icws_sleb128_put(&buf, signed_rows[i].value);
    check_bytes(&buf, signed_rows[i].hex);
  }
  icws_buf_wipe(&buf);
}

static void numbers_are_read_where_they_end(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof unsigned_rows / sizeof unsigned_rows[0]; i++) {
    struct vectors_blob blob = vectors_hex(unsigned_rows[i].hex);
    uint64_t value = 0;
    size_t offset = 0;
    assert_true(icws_leb128_get(vectors_bytes(&blob), &offset, &value));
    assert_true(value == unsigned_rows[i].value);
    assert_int_equal(offset, blob.len);
    offset = 0;
    struct icws_bytes cut = icws_bytes_of(blob.data, blob.len - 1);
    assert_false(icws_leb128_get(cut, &offset, &value));
    assert_false(icws_leb128_skip(cut, &offset));
    assert_int_equal(offset, 0);
    free(blob.data);
  }
  for (size_t i = 0; i < sizeof signed_rows / sizeof signed_rows[0]; i++) {
    struct vectors_blob blob = vectors_hex(signed_rows[i].hex);
    int64_t value = 0;
    size_t offset = 0;
    assert_true(icws_sleb128_get(vectors_bytes(&blob), &offset, &value));
    assert_true(value == signed_rows[i].value);
    assert_int_equal(offset, blob.len);
    offset = 0;
    assert_false(icws_sleb128_get(icws_bytes_of(blob.data, blob.len - 1), &offset, &value));
    assert_int_equal(offset, 0);
    free(blob.data);
  }
}

static void check_unsigned(const char *hex, bool good, uint64_t expected)
{
  struct vectors_blob blob = vectors_hex(hex);
  uint64_t value = 77;
  size_t offset = 0;
  assert_true(icws_leb128_get(vectors_bytes(&blob), &offset, &value) == good);
  assert_true(value == (good ? expected : 77));
  assert_int_equal(offset, good ? blob.len : 0);
  free(blob.data);
}

static void check_signed(const char *hex, bool good, int64_t expected)
{
  struct vectors_blob blob = vectors_hex(hex);
  int64_t value = 77;
  size_t offset = 0;
  assert_true(icws_sleb128_get(vectors_bytes(&blob), &offset, &value) == good);
  assert_true(value == (good ? expected : 77));
  assert_int_equal(offset, good ? blob.len : 0);
  free(blob.data);
}

static void longer_forms_are_read_up_to_ten_bytes(void **state)
{
  (void)state;
  check_unsigned("8000", true, 0);
  check_unsigned("ff8000", true, 127);
  check_unsigned("80808080808080808000", true, 0);
  check_unsigned("8080808080808080808000", false, 0);
  check_signed("8000", true, 0);
  check_signed("ff7f", true, -1);
  check_signed("ffffffffffffffffff7f", true, -1);
  check_signed("ffffffffffffffffffff7f", false, 0);
}

static void what_does_not_fit_is_refused(void **state)
{
  (void)state;
  check_unsigned("ffffffffffffffffff02", false, 0);
  check_unsigned("80808080808080808003", false, 0);
  check_unsigned("8080808080808080807f", false, 0);
  check_signed("80808080808080808001", false, 0); /* 2^63 */
  check_signed("ffffffffffffffffff01", false, 0);
  check_signed("ffffffffffffffffff7e", false, 0); /* -2^63 - 1 */
  check_signed("80808080808080808040", false, 0);
}

static void numbers_of_any_size_are_skipped(void **state)
{
  (void)state;
  uint8_t bytes[1001];
  memset(bytes, 0xff, sizeof bytes);
  size_t offset = 1;
  assert_false(icws_leb128_skip(icws_bytes_of(bytes, sizeof bytes), &offset));
  assert_int_equal(offset, 1);
  bytes[999] = 0x7f;
  assert_true(icws_leb128_skip(icws_bytes_of(bytes, sizeof bytes), &offset));
  assert_int_equal(offset, 1000);
  offset = 5;
  assert_false(icws_leb128_skip(icws_bytes_of(bytes, 5), &offset));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_written_in_the_shortest_form),
      cmocka_unit_test(numbers_are_read_where_they_end),
      cmocka_unit_test(longer_forms_are_read_up_to_ten_bytes),
      cmocka_unit_test(what_does_not_fit_is_refused),
      cmocka_unit_test(numbers_of_any_size_are_skipped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

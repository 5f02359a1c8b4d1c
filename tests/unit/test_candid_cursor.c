/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What test_candid_reader.c does not reach by way of the reader.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "candid/cursor.h"

/* A reader at the first of |bytes|, past a header without types and arguments. */
static void open_at(struct icws_candid_reader *reader, struct icws_bytes bytes)
{
  assert_int_equal(icws_candid_reader_init(reader, icws_bytes_of("DIDL\0\0", 6)), ICWS_OK);
  reader->input = bytes;
  reader->offset = 0;
}

static void steps_run_out(void **state)
{
  (void)state;
  struct icws_candid_reader reader;
  open_at(&reader, icws_bytes_of("", 0));
  reader.steps = 10;
  assert_true(icws_candid_step(&reader, 4));
  assert_true(icws_candid_step(&reader, 0));
  assert_true(icws_candid_step(&reader, 6));
  assert_int_equal(reader.steps, 0);
  assert_true(icws_candid_step(&reader, 0));
  assert_false(icws_candid_step(&reader, 1));
  assert_int_equal(reader.error, ICWS_ERR_LIMIT);
  assert_string_equal(reader.reason, "the message takes too many steps to read");
  assert_false(icws_candid_step(&reader, UINT64_MAX));
  assert_false(icws_candid_step(&reader, 0)); /* the error sticks */
}

static void the_first_error_sticks(void **state)
{
  (void)state;
  struct icws_candid_reader reader;
  uint64_t number = 5;
  struct icws_bytes bytes = icws_bytes_of("z", 1);
  open_at(&reader, icws_bytes_of("\1\1\1\1", 4));
  assert_int_equal(icws_candid_limit(&reader, "first"), ICWS_ERR_LIMIT);
  assert_int_equal(icws_candid_fail(&reader, "second", NULL), ICWS_ERR_LIMIT);
  assert_int_equal(icws_candid_limit(&reader, "third"), ICWS_ERR_LIMIT);
  assert_string_equal(reader.reason, "first");
  assert_false(icws_candid_take_number(&reader, &number));
  assert_false(icws_candid_take_bytes(&reader, 1, &bytes));
  assert_false(icws_candid_take_text(&reader, &bytes));
  assert_false(icws_candid_take_principal(&reader, &bytes));
  assert_false(icws_candid_take_func(&reader, &bytes, &bytes));
  assert_false(icws_candid_take_vec_count(&reader, ICWS_CANDID_NAT8, &number));
  assert_int_equal(number, 5);
  assert_int_equal(bytes.len, 1);
  assert_false(icws_candid_take_leb(&reader, &bytes));
  assert_int_equal(reader.offset, 0);
}

static void lengths_do_not_wrap_around(void **state)
{
  (void)state;
  static const uint64_t lens[] = {4, 5, UINT32_MAX, UINT64_MAX - 2, UINT64_MAX};
  for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
    struct icws_candid_reader reader;
    struct icws_bytes bytes;
    open_at(&reader, icws_bytes_of("abcd", 4));
    assert_true(icws_candid_take_bytes(&reader, 1, &bytes));
    assert_false(icws_candid_take_bytes(&reader, lens[i], &bytes));
    assert_int_equal(reader.error, ICWS_ERR_CANDID);
    assert_int_equal(reader.offset, 1);
  }
}

/* Three bytes after the count. */
static void check_count(int item, const char *count, size_t len, uint64_t steps,
                        enum icws_error expected, uint64_t value)
{
  struct icws_candid_reader reader;
  uint8_t bytes[16];
  uint64_t items = 99;
  memcpy(bytes, count, len);
  memset(bytes + len, 0, 3);
  open_at(&reader, icws_bytes_of(bytes, len + 3));
  reader.steps = steps;
  assert_int_equal(icws_candid_take_vec_count(&reader, item, &items), expected == ICWS_OK);
  assert_int_equal(reader.error, expected);
  assert_int_equal(items, value);
  assert_int_equal(reader.steps, steps); /* counting takes none */
}

static void counts_are_checked_against_bytes_and_steps(void **state)
{
  (void)state;
  check_count(ICWS_CANDID_NAT8, "\3", 1, 0, ICWS_OK, 3);
  check_count(ICWS_CANDID_NAT8, "\4", 1, 100, ICWS_ERR_CANDID, 99);
  check_count(ICWS_CANDID_OPT, "\4", 1, 100, ICWS_ERR_CANDID, 99);
  check_count(ICWS_CANDID_EMPTY, "\4", 1, 100, ICWS_ERR_CANDID, 99);
  check_count(ICWS_CANDID_NULL, "\3", 1, 0, ICWS_OK, 3);
  check_count(ICWS_CANDID_NULL, "\7", 1, 4, ICWS_OK, 7);
  check_count(ICWS_CANDID_NULL, "\x8", 1, 4, ICWS_ERR_LIMIT, 99);
  check_count(ICWS_CANDID_RESERVED, "\x8", 1, 4, ICWS_ERR_LIMIT, 99);
  check_count(ICWS_CANDID_RECORD, "\7", 1, 4, ICWS_OK, 7);
  check_count(ICWS_CANDID_RECORD, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 10, 4, ICWS_ERR_LIMIT,
              99);
}

static void sizes_of_primitives(void **state)
{
  (void)state;
  static const unsigned sizes[] = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 0, 0, 0};
  for (int i = 0; i < 17; i++)
    assert_int_equal(icws_candid_fixed_size(-1 - i), sizes[i]);
  assert_int_equal(icws_candid_fixed_size(ICWS_CANDID_PRINCIPAL), 0);
  assert_int_equal(icws_candid_fixed_size(ICWS_CANDID_VEC), 0);
  assert_int_equal(icws_candid_fixed_size(0), 0);
}

static void numbers_of_any_length_as_bytes(void **state)
{
  (void)state;
  struct icws_candid_reader reader;
  struct icws_bytes leb;
  uint8_t bytes[1001];
  memset(bytes, 0x80, 1000);
  bytes[1000] = 1;
  open_at(&reader, icws_bytes_of(bytes, 1001));
  assert_true(icws_candid_take_leb(&reader, &leb));
  assert_ptr_equal(leb.data, bytes);
  assert_int_equal(leb.len, 1001);
  open_at(&reader, icws_bytes_of(bytes, 1000));
  assert_false(icws_candid_take_leb(&reader, &leb));
  assert_int_equal(reader.error, ICWS_ERR_CANDID);
  assert_string_equal(reader.reason, "a number is cut off");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steps_run_out),
      cmocka_unit_test(the_first_error_sticks),
      cmocka_unit_test(lengths_do_not_wrap_around),
      cmocka_unit_test(counts_are_checked_against_bytes_and_steps),
      cmocka_unit_test(sizes_of_primitives),
      cmocka_unit_test(numbers_of_any_length_as_bytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

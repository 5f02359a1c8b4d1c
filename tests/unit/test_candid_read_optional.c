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

#define DIDL "4449444c"

static enum icws_error read_nat(struct icws_candid_reader *reader, int type, void *out)
{
  return icws_candid_read_nat(reader, type, out);
}

/* record { 1 : nat }, of which a nat may be missing. */
static enum icws_error read_record(struct icws_candid_reader *reader, int type, void *out)
{
  struct icws_candid_record record;
  uint32_t id;
  int inner;
  bool found = false;
  if (icws_candid_read_record(reader, type, &record) != ICWS_OK)
    return reader->error;
  while (icws_candid_next_field(reader, &record, &id, &inner)) {
    enum icws_error error =
        id == 1 ? icws_candid_read_nat(reader, inner, out) : icws_candid_skip(reader, inner);
    if (error != ICWS_OK)
      return error;
    found = found || id == 1;
  }
  return found ? reader->error : icws_candid_fail(reader, "a field is missing", "1");
}

enum { NOT_THERE = -1 };

/* Reads the first of two arguments as an opt, and checks that the second one, a bool, is where it
 * should be. */
static void check(const char *hex, icws_candid_read_fn *read, int expected)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_candid_reader reader;
  uint64_t value = 0;
  bool present = expected == NOT_THERE;
  bool truth = false;
  int type = 0;
  assert_int_equal(icws_candid_reader_init(&reader, vectors_bytes(&blob)), ICWS_OK);
  assert_true(icws_candid_next_arg(&reader, &type));
  if (icws_candid_read_optional(&reader, type, read, &value, &present) != ICWS_OK)
    fail_msg("%s: %s", hex, reader.reason);
  assert_int_equal(present, expected != NOT_THERE);
  if (expected != NOT_THERE)
    assert_int_equal(value, expected);
  assert_null(reader.reason);
  assert_null(reader.field);
  assert_true(icws_candid_next_arg(&reader, &type));
  assert_int_equal(icws_candid_read_bool(&reader, type, &truth), ICWS_OK);
  assert_true(truth);
  assert_int_equal(icws_candid_finish(&reader), ICWS_OK);
  free(blob.data);
}

static void check_fails(const char *hex, icws_candid_read_fn *read, enum icws_error expected,
                        const char *why)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_candid_reader reader;
  uint64_t value = 0;
  bool present = true;
  int type = 0;
  assert_int_equal(icws_candid_reader_init(&reader, vectors_bytes(&blob)), ICWS_OK);
  assert_true(icws_candid_next_arg(&reader, &type));
  assert_int_equal(icws_candid_read_optional(&reader, type, read, &value, &present), expected);
  assert_int_equal(reader.error, expected);
  assert_string_equal(reader.reason, why);
  free(blob.data);
}

static void opts(void **state)
{
  (void)state;
  check(DIDL "016e7d02007e"
             "0107"
             "01",
        read_nat, 7);
  check(DIDL "016e7d02007e"
             "00"
             "01",
        read_nat, NOT_THERE);
  check_fails(DIDL "016e7d02007e"
                   "0207"
                   "01",
              read_nat, ICWS_ERR_CANDID, "the tag of an opt is neither 0 nor 1");
}

static void values_that_are_no_opt(void **state)
{
  (void)state;
  check(DIDL "00027d7e"
             "07"
             "01",
        read_nat, 7);
  check(DIDL "00027f7e"
             "01",
        read_nat, NOT_THERE);
  check(DIDL "0002707e"
             "01",
        read_nat, NOT_THERE);
}

/* A text, an opt text, an opt opt nat, a record where a nat is expected; broken twins of each. */
static void values_of_other_types(void **state)
{
  (void)state;
  check(DIDL "0002717e"
             "0178"
             "01",
        read_nat, NOT_THERE);
  check_fails(DIDL "0002717e"
                   "01ff"
                   "01",
              read_nat, ICWS_ERR_CANDID, "a text is not UTF-8");
  check(DIDL "016e7102007e"
             "010178"
             "01",
        read_nat, NOT_THERE);
  check_fails(DIDL "016e7102007e"
                   "0109",
              read_nat, ICWS_ERR_CANDID, "the message ends within a value");
  check(DIDL "026e016e7d02007e"
             "010107"
             "01",
        read_nat, NOT_THERE);
  check(DIDL "016c01017e02007e"
             "01"
             "01",
        read_nat, NOT_THERE);
  check_fails(DIDL "016c01017e02007e"
                   "02"
                   "01",
              read_nat, ICWS_ERR_CANDID, "a bool is neither 0 nor 1");
}

/* What is of another type may be found after some of the value has been read. */
static void a_record_that_lacks_something(void **state)
{
  (void)state;
  check(DIDL "016c01017d02007e"
             "07"
             "01",
        read_record, 7);
  check(DIDL "016c0101" /* a text in the field */
             "7102007e"
             "0178"
             "01",
        read_record, NOT_THERE);
  check(DIDL "016c0202" /* fields 2 and 3 */
             "7d037102007e"
             "070178"
             "01",
        read_record, NOT_THERE);
  check_fails(DIDL "016c02027d037102007e"
                   "0701ff"
                   "01",
              read_record, ICWS_ERR_CANDID, "a text is not UTF-8");
}

static void limits_stay_errors(void **state)
{
  (void)state;
  check_fails(DIDL "00027d7e"
                   "80808080808080808002"
                   "01",
              read_nat, ICWS_ERR_LIMIT, "a number does not fit into 64 bits");
}

static void an_error_before_sticks(void **state)
{
  (void)state;
  struct vectors_blob blob = vectors_hex(DIDL "00027d7e0701");
  struct icws_candid_reader reader;
  uint64_t value = 0;
  bool present = false;
  int type = 0;
  assert_int_equal(icws_candid_reader_init(&reader, vectors_bytes(&blob)), ICWS_OK);
  assert_true(icws_candid_next_arg(&reader, &type));
  (void)icws_candid_fail(&reader, "before", NULL);
  assert_int_equal(icws_candid_read_optional(&reader, type, read_nat, &value, &present),
                   ICWS_ERR_CANDID);
  assert_string_equal(reader.reason, "before");
  assert_false(present);
  free(blob.data);
}

/* opt^n of an opt of itself, each of which reads the whole rest before it refuses: bounded work. */
static enum icws_error read_refusing(struct icws_candid_reader *reader, int type, void *out)
{
  bool present;
  if (icws_candid_read_optional(reader, type, read_refusing, out, &present) != ICWS_OK)
    return reader->error;
  return icws_candid_fail(reader, "refused", NULL);
}

static void passing_over_is_counted(void **state)
{
  (void)state;
  for (unsigned count = 100; count <= 500; count += 400) {
    struct icws_buf buf;
    struct icws_candid_reader reader;
    bool present;
    int type = 0;
    icws_buf_init(&buf, 0, NULL);
    icws_buf_put(&buf, "DIDL\x01\x6e\x00\x01\x00", 9);
    for (unsigned i = 0; i < count; i++)
      icws_buf_put_u8(&buf, 1);
    icws_buf_put_u8(&buf, 0);
    assert_int_equal(icws_candid_reader_init(&reader, icws_buf_bytes(&buf)), ICWS_OK);
    assert_true(icws_candid_next_arg(&reader, &type));
    enum icws_error error = icws_candid_read_optional(&reader, type, read_refusing, NULL, &present);
    assert_int_equal(error, count == 100 ? ICWS_OK : ICWS_ERR_LIMIT);
    icws_buf_wipe(&buf);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opts),
      cmocka_unit_test(values_that_are_no_opt),
      cmocka_unit_test(values_of_other_types),
      cmocka_unit_test(a_record_that_lacks_something),
      cmocka_unit_test(limits_stay_errors),
      cmocka_unit_test(an_error_before_sticks),
      cmocka_unit_test(passing_over_is_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

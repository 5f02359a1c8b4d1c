/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "icws/state_value.h"

#define READ(path, bytes) icws_state_value_read(path, icws_bytes_of(bytes, sizeof(bytes) - 1))

static void test_numbers(void **state)
{
  struct icws_state_value value = READ("/time", "\x80\x80\xa8\xb1\xe3\x9f\xe7\xcb\x17");
  (void)state;
  assert_int_equal(value.kind, ICWS_STATE_TIME);
  assert_true(value.number == UINT64_C(1700000000000000000));
  value = READ("/request_status/0x00/reject_code", "\x05");
  assert_int_equal(value.kind, ICWS_STATE_NUMBER);
  assert_int_equal(value.number, 5);
  value = READ("/time", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  assert_int_equal(value.kind, ICWS_STATE_TIME);
  assert_true(value.number == UINT64_MAX);
}

/* What is not as it should be there is bytes. */
static void test_no_numbers(void **state)
{
  (void)state;
  assert_int_equal(READ("/time", "").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/time", "\x80").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/time", "\x01\x01").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/time", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02").kind,
                   ICWS_STATE_BYTES);
  assert_int_equal(READ("/time", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00").kind,
                   ICWS_STATE_BYTES);
}

static void test_text(void **state)
{
  (void)state;
  assert_int_equal(READ("/canister/a/metadata/candid:service", "service : {}\n").kind,
                   ICWS_STATE_TEXT);
  assert_int_equal(READ("/canister/a/metadata/x", "\xff").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/metadata/x", "\x1b[2J").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/module_hash", "words").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/certified_data", "words").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/request_status/0x00/status", "replied").kind, ICWS_STATE_TEXT);
  assert_int_equal(READ("/request_status/0x00/reply", "DIDL").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/subnet/a/type", "application").kind, ICWS_STATE_TEXT);
  assert_int_equal(READ("/subnet/a/public_key", "words").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/nobody/knows", "words").kind, ICWS_STATE_BYTES);
}

struct ids {
  uint8_t first[8];
  size_t count;
};

static void add(const struct icws_principal *principal, void *user_data)
{
  struct ids *ids = user_data;
  assert_true(ids->count < sizeof(ids->first));
  ids->first[ids->count++] = principal->len > 0 ? principal->bytes[0] : 0xff;
}

static void test_principals(void **state)
{
  struct ids ids = {.count = 0};
  /* tag 55799, an array of two */
  struct icws_state_value value =
      READ("/canister/a/controllers", "\xd9\xd9\xf7\x82\x41\x04\x42\x07\x08");
  (void)state;
  assert_int_equal(value.kind, ICWS_STATE_PRINCIPALS);
  icws_state_value_walk(&value, add, &ids);
  assert_int_equal(ids.count, 2);
  assert_int_equal(ids.first[0], 4);
  assert_int_equal(ids.first[1], 7);
  assert_int_equal(READ("/canister/a/controllers", "\x80").kind, ICWS_STATE_PRINCIPALS);
}

static void test_ranges(void **state)
{
  struct ids ids = {.count = 0};
  struct icws_state_value value =
      READ("/subnet/a/canister_ranges", "\x82\x82\x41\x01\x41\x02\x82\x41\x03\x41\x04");
  (void)state;
  assert_int_equal(value.kind, ICWS_STATE_RANGES);
  icws_state_value_walk(&value, add, &ids);
  assert_int_equal(ids.count, 4);
  assert_int_equal(ids.first[3], 4);
  assert_int_equal(READ("/canister_ranges/a/b", "\x81\x82\x41\x01\x41\x02").kind,
                   ICWS_STATE_RANGES);
}

static void test_no_principals(void **state)
{
  (void)state;
  assert_int_equal(READ("/canister/a/controllers", "").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/controllers", "\x81").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/controllers", "\x81\x61\x61").kind, ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/controllers", "\x80\x80").kind, ICWS_STATE_BYTES);
  /* a count that would run for ever, and a principal of 30 bytes */
  assert_int_equal(READ("/canister/a/controllers", "\x9b\xff\xff\xff\xff\xff\xff\xff\xff").kind,
                   ICWS_STATE_BYTES);
  assert_int_equal(READ("/canister/a/controllers", "\x81\x58\x1e"
                                                   "012345678901234567890123456789")
                       .kind,
                   ICWS_STATE_BYTES);
  assert_int_equal(READ("/subnet/a/canister_ranges", "\x81\x81\x41\x01").kind, ICWS_STATE_BYTES);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers), cmocka_unit_test(test_no_numbers),
      cmocka_unit_test(test_text),    cmocka_unit_test(test_principals),
      cmocka_unit_test(test_ranges),  cmocka_unit_test(test_no_principals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

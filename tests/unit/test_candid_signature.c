/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_value.h>

#include "mem_probe.h"

/* (record { id : nat8; opt text }, bool), of which the ids are 0 and 23515 */
static const uint8_t header[] = {'D',  'I',  'D', 'L',  2,    0x6c, 2, 0, 1,
                                 0xdb, 0xb7, 1,   0x7b, 0x6e, 0x71, 2, 0, 0x7e};
static const struct icws_candid_name names[] = {{5, "five"}, {23515, "id"}, {23516, "ie"}};
static const struct icws_candid_signature signature = {
    .header = header, .header_len = sizeof header, .names = names, .name_count = 3};

static const char message[] = "DIDL\x02\x6c\x02\x00\x01\xdb\xb7\x01\x7b\x6e\x71\x02\x00\x7e"
                              "\x01\x01x\x07\x01";

static struct icws_bytes whole(void)
{
  return icws_bytes_of(message, sizeof message - 1);
}

static void test_begin(void **state)
{
  (void)state;
  struct icws_candid_writer writer;
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_candid_begin(&writer, &signature, &out);
  icws_candid_put_present(&writer, true);
  icws_candid_put_text(&writer, icws_bytes_text("x"));
  icws_candid_put_nat8(&writer, 7);
  icws_candid_put_bool(&writer, true);
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), whole()));
  icws_buf_wipe(&out);
}

static void test_decode(void **state)
{
  (void)state;
  struct icws_arena arena;
  const struct icws_candid_value *values = NULL;
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_decode_as(whole(), &signature, &arena, &values, NULL), ICWS_OK);
  const struct icws_candid_value *fields = values[0].as.items;
  assert_int_equal(values[0].type, 0);
  assert_true(
      icws_bytes_equal(icws_candid_value_bytes(&fields[0].as.items[0]), icws_bytes_text("x")));
  assert_int_equal(fields[1].as.nat, 7);
  assert_true(values[1].as.boolean);
  icws_arena_wipe(&arena);
}

/* Fields are told by their names, where there are any. */
static void test_failures(void **state)
{
  (void)state;
  static const char other[] = "DIDL\x01\x6c\x01\xdb\xb7\x01\x7a\x01\x00\x07\x00";
  struct icws_arena arena;
  struct icws_failure failure;
  const struct icws_candid_value *values = NULL;
  struct icws_bytes bytes = icws_bytes_of(other, sizeof other - 1);
  icws_arena_init(&arena, 0, NULL);
  assert_int_equal(icws_candid_decode_as(bytes, &signature, &arena, &values, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text, "argument 1, field id: expected nat8, found nat16 "
                                    "(at byte 13 of 15)");
  struct icws_candid_signature nameless = signature;
  nameless.name_count = 0;
  assert_int_equal(icws_candid_decode_as(bytes, &nameless, &arena, &values, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text, "argument 1, field 23515: expected nat8, found nat16 "
                                    "(at byte 13 of 15)");
  assert_null(values);
  icws_arena_wipe(&arena);
}

/* With a byte more or less it is none. */
static void test_signatures_that_are_none(void **state)
{
  (void)state;
  static const uint8_t more[] = {'D', 'I', 'D', 'L', 0, 1, 0x7e, 1};
  struct icws_arena arena;
  struct icws_failure failure;
  const struct icws_candid_value *values = NULL;
  struct icws_candid_signature wrong = signature;
  icws_arena_init(&arena, 0, NULL);
  wrong.header_len--;
  assert_int_equal(icws_candid_decode_as(whole(), &wrong, &arena, &values, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
  wrong = (struct icws_candid_signature){.header = more, .header_len = sizeof more};
  assert_int_equal(icws_candid_decode_as(whole(), &wrong, &arena, &values, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "the expected types: values follow them");
  assert_null(values);
  icws_arena_wipe(&arena);
}

static void test_memory(void **state)
{
  (void)state;
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t failed = 0;
  for (; error != ICWS_OK; failed++) {
    struct mem_probe probe;
    struct icws_arena arena;
    struct icws_failure failure = {.code = ICWS_OK};
    const struct icws_candid_value *values = NULL;
    mem_probe_init(&probe);
    probe.fail_from = failed;
    icws_arena_init(&arena, 0, &probe.mem);
    error = icws_candid_decode_as(whole(), &signature, &arena, &values, &failure);
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(failure.code, error);
    icws_arena_wipe(&arena);
    assert_int_equal(probe.live, 0);
  }
  assert_in_range(failed, 3, 100);
}

/* --- Headers from types ------------------------------------------------------------------------ */

static struct icws_candid_types *make_types(int *record)
{
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  int opt = icws_candid_types_opt(types, ICWS_CANDID_TEXT);
  const struct icws_candid_field_type fields[] = {{.id = 0, .type = opt},
                                                  {.id = 23515, .type = ICWS_CANDID_NAT8}};
  const struct icws_candid_type type = {
      .constructor = ICWS_CANDID_RECORD, .fields = fields, .field_count = 2};
  *record = icws_candid_types_add(types, &type);
  assert_int_equal(icws_candid_types_error(types), ICWS_OK);
  return types;
}

static void test_encode_types(void **state)
{
  (void)state;
  int args[2] = {0, ICWS_CANDID_BOOL};
  struct icws_candid_types *types = make_types(&args[0]);
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_encode_types(types, args, 2, &out), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), icws_bytes_of(header, sizeof header)));
  icws_buf_wipe(&out);

  icws_buf_init(&out, sizeof header, NULL);
  icws_buf_put(&out, "before", 6);
  assert_int_equal(icws_candid_encode_types(types, args, 2, &out), ICWS_ERR_LIMIT);
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), icws_bytes_text("before")));
  icws_buf_wipe(&out);
  icws_candid_types_del(types);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_begin),    cmocka_unit_test(test_decode),
      cmocka_unit_test(test_failures), cmocka_unit_test(test_signatures_that_are_none),
      cmocka_unit_test(test_memory),   cmocka_unit_test(test_encode_types),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

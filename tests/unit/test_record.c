/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>

#include "icws-tail/record.h"

static void check_record(struct icws_bytes content, enum icws_record_format format,
                         struct icws_bytes printed)
{
  const struct icws_event_message message = {.content = content,
                                             .sequence_num = 7,
                                             .timestamp = UINT64_C(1702143738049473644),
                                             .delay_ns = -12345678};
  const struct icws_record record = {.message = &message,
                                     .canister = "bnz7o-iuaaa-aaaaa-qaaaa-cai",
                                     .gateway_url = "ws://127.0.0.1:8080"};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_record_put(&record, format, &out);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_int_equal(out.len, printed.len);
  assert_memory_equal(out.data, printed.data, out.len);
  icws_buf_wipe(&out);
}

static void test_raw(void **state)
{
  (void)state;
  check_record(icws_bytes_of("\0\x1b\xff\n", 4), ICWS_RECORD_RAW,
               icws_bytes_of("\0\x1b\xff\n\n", 5));
  check_record(icws_bytes_of(NULL, 0), ICWS_RECORD_RAW, icws_bytes_text("\n"));
}

static void test_escaped(void **state)
{
  (void)state;
  check_record(icws_bytes_of("\0\x1b\xff\n", 4), ICWS_RECORD_ESCAPED,
               icws_bytes_text("\\x00\\x1b\\xff\\n\n"));
}

#define JSON_HEAD                                                                                  \
  "{\"type\":\"message\",\"ts\":\"2023-12-09T17:42:18.049473644Z\","                               \
  "\"recv_ts\":\"2023-12-09T17:42:18.037127966Z\",\"seq\":7,"                                      \
  "\"canister\":\"bnz7o-iuaaa-aaaaa-qaaaa-cai\",\"gateway\":\"ws://127.0.0.1:8080\","              \
  "\"latency_ms\":-12.345,"

static void test_json_text(void **state)
{
  (void)state;
  check_record(icws_bytes_text("gr\xc3\xbc\xc3\x9f \"dich\"\n"), ICWS_RECORD_JSON,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"text\","
                                         "\"payload\":\"gr\xc3\xbc\xc3\x9f \\\"dich\\\"\\n\"}\n"));
  check_record(icws_bytes_of(NULL, 0), ICWS_RECORD_JSON,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"text\",\"payload\":\"\"}\n"));
}

/* Nothing that a terminal acts on, and no bytes that are not UTF-8, get into the line. */
static void test_json_hex(void **state)
{
  (void)state;
  check_record(icws_bytes_of("DIDL\0\1\x71", 7), ICWS_RECORD_JSON,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"hex\",\"payload\":\"4449444c000171\"}\n"));
  check_record(icws_bytes_text("\xff"), ICWS_RECORD_JSON,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"hex\",\"payload\":\"ff\"}\n"));
  check_record(icws_bytes_text("\xc2\x9b"), ICWS_RECORD_JSON,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"hex\",\"payload\":\"c29b\"}\n"));
}

/* Each byte alone, and each pair of bytes: the line is JSON, and ends where it should. */
static void test_json_is_always_valid(void **state)
{
  (void)state;
  for (unsigned i = 0; i < 65536; i += i < 256 ? 1 : 97) {
    const uint8_t bytes[] = {(uint8_t)i, (uint8_t)(i >> 8)};
    const struct icws_event_message message = {.content = icws_bytes_of(bytes, i < 256 ? 1 : 2)};
    const struct icws_record record = {&message, "aaaaa-aa", "ws://x"};
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    icws_record_put(&record, ICWS_RECORD_JSON, &out);
    json_t *object = json_loadb((const char *)out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    assert_int_equal(out.data[out.len - 1], '\n');
    json_decref(object);
    icws_buf_wipe(&out);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_raw),
      cmocka_unit_test(test_escaped),
      cmocka_unit_test(test_json_text),
      cmocka_unit_test(test_json_hex),
      cmocka_unit_test(test_json_is_always_valid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>

#include "common/interface.h"
#include "icws-tail/record.h"

/* The messages of record { text : text; timestamp : nat64 }. */
static const char interface_text[] =
    "service : { ws_message : (record {}, opt record { text : text; timestamp : nat64 }) -> () }";

static void check_with(struct icws_payload *payload, struct icws_bytes content,
                       enum icws_record_format format, struct icws_bytes printed)
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
  icws_record_put(&record, payload, format, &out);
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  if (!icws_bytes_equal(icws_buf_bytes(&out), printed))
    print_error("%.*s", (int)out.len, (const char *)out.data);
  assert_int_equal(out.len, printed.len);
  assert_memory_equal(out.data, printed.data, out.len);
  icws_buf_wipe(&out);
}

/* Without an interface. */
static void check_record(struct icws_bytes content, enum icws_record_format format,
                         struct icws_bytes printed)
{
  struct icws_payload payload;
  icws_payload_init(&payload, NULL, NULL, 0);
  check_with(&payload, content, format, printed);
  icws_payload_wipe(&payload);
}

static void check_named(struct icws_bytes content, enum icws_record_format format,
                        const char *printed)
{
  struct icws_interface interface;
  struct icws_payload payload;
  int type;
  icws_interface_init(&interface);
  assert_int_equal(icws_interface_read(&interface, icws_bytes_text(interface_text), NULL), ICWS_OK);
  assert_int_equal(icws_candid_interface_message_type(&interface.candid, &type, NULL), ICWS_OK);
  icws_payload_init(&payload, interface.types, &type, 1);
  check_with(&payload, content, format, icws_bytes_text(printed));
  icws_payload_wipe(&payload);
  icws_interface_wipe(&interface);
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
  check_record(icws_bytes_of("\0\x1b\xff\n", 4), ICWS_RECORD_TERMINAL,
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
  check_record(icws_bytes_text("gr\xc3\xbc\xc3\x9f \"dich\"\n"), ICWS_RECORD_ENVELOPE,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"text\","
                                         "\"payload\":\"gr\xc3\xbc\xc3\x9f \\\"dich\\\"\\n\"}\n"));
  check_record(icws_bytes_of(NULL, 0), ICWS_RECORD_ENVELOPE,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"text\",\"payload\":\"\"}\n"));
}

/* Nothing that a terminal acts on, and no bytes that are not UTF-8, get into the line. */
static void test_json_hex(void **state)
{
  (void)state;
  check_record(icws_bytes_text("\xff"), ICWS_RECORD_ENVELOPE,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"hex\",\"payload\":\"ff\"}\n"));
  check_record(icws_bytes_text("\xc2\x9b"), ICWS_RECORD_ENVELOPE,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"hex\",\"payload\":\"c29b\"}\n"));
}

/* record { text = "hi"; timestamp = 1 : nat64 }: text is 1291439277, timestamp 2781795542. */
static const char message_hex[] = "4449444c016c02ad99e7e70471d6a9bbae0a780100"
                                  "02"
                                  "6869"
                                  "0100000000000000";

static struct icws_bytes decode_hex(const char *hex, struct icws_buf *out)
{
  icws_buf_init(out, 0, NULL);
  assert_int_equal(icws_hex_decode(icws_bytes_text(hex), out), ICWS_OK);
  return icws_buf_bytes(out);
}

static void test_candid_without_names(void **state)
{
  (void)state;
  struct icws_buf buf;
  struct icws_bytes content = decode_hex(message_hex, &buf);
  check_record(content, ICWS_RECORD_CANDID,
               icws_bytes_text("(record { 1291439277 = \"hi\"; 2781795542 = 1 : nat64 })\n"));
  check_record(content, ICWS_RECORD_TERMINAL,
               icws_bytes_text("(record { 1291439277 = \"hi\"; 2781795542 = 1 : nat64 })\n"));
  check_record(content, ICWS_RECORD_JSON,
               icws_bytes_text("{\"1291439277\":\"hi\",\"2781795542\":1}\n"));
  check_record(content, ICWS_RECORD_ENVELOPE,
               icws_bytes_text(JSON_HEAD
                               "\"encoding\":\"candid\","
                               "\"payload\":{\"1291439277\":\"hi\",\"2781795542\":1}}\n"));
  icws_buf_wipe(&buf);
}

static void test_candid_with_names(void **state)
{
  (void)state;
  struct icws_buf buf;
  struct icws_bytes content = decode_hex(message_hex, &buf);
  check_named(content, ICWS_RECORD_HEX,
              "4449444c016c02ad99e7e70471d6a9bbae0a780100"
              "0268690100000000000000\n");
  check_named(content, ICWS_RECORD_CANDID, "(record { text = \"hi\"; timestamp = 1 : nat64 })\n");
  check_named(content, ICWS_RECORD_JSON, "{\"text\":\"hi\",\"timestamp\":1}\n");
  check_named(content, ICWS_RECORD_ENVELOPE,
              JSON_HEAD "\"encoding\":\"candid\",\"payload\":{\"text\":\"hi\",\"timestamp\":1}}\n");
  icws_buf_wipe(&buf);
}

/* The stream goes on: the bytes are shown, and why they are no value. */
static void test_what_does_not_decode(void **state)
{
  (void)state;
  struct icws_buf buf;
  struct icws_bytes content = decode_hex("4449444c00017e02", &buf);
#define REASON "argument 1: a bool is neither 0 nor 1 (at byte 8 of 8)"
  check_record(content, ICWS_RECORD_CANDID, icws_bytes_text("// " REASON ": 4449444c00017e02\n"));
  check_record(
      content, ICWS_RECORD_JSON,
      icws_bytes_text("{\"payload_error\":\"" REASON "\",\"hex\":\"4449444c00017e02\"}\n"));
  check_record(content, ICWS_RECORD_ENVELOPE,
               icws_bytes_text(JSON_HEAD "\"encoding\":\"hex\",\"payload\":\"4449444c00017e02\","
                                         "\"payload_error\":\"" REASON "\"}\n"));
  check_named(icws_bytes_text("plain"), ICWS_RECORD_ENVELOPE,
              JSON_HEAD "\"encoding\":\"text\",\"payload\":\"plain\",\"payload_error\":"
                        "\"the message does not start with DIDL (at byte 0 of 5)\"}\n");
  icws_buf_wipe(&buf);
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
    struct icws_payload payload;
    icws_payload_init(&payload, NULL, NULL, 0);
    icws_buf_init(&out, 0, NULL);
    icws_record_put(&record, &payload, ICWS_RECORD_ENVELOPE, &out);
    icws_payload_wipe(&payload);
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
      cmocka_unit_test(test_candid_without_names),
      cmocka_unit_test(test_candid_with_names),
      cmocka_unit_test(test_what_does_not_decode),
      cmocka_unit_test(test_json_is_always_valid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

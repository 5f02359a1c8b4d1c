/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "candid_json_fixture.h"
#include "mem_probe.h"
#include "xorshift.h"

static void check_equal(struct json_fixture *fixture, const struct icws_candid_value *a,
                        const struct icws_candid_value *b, const char *json)
{
  struct icws_candid_args left = {fixture->types, a, 1};
  struct icws_candid_args right = {fixture->types, b, 1};
  if (a->type != b->type || !icws_candid_args_equal(&left, &right))
    fail_msg("%s is another value", json);
}

static void encode(struct json_fixture *fixture, const struct icws_candid_value *value,
                   struct icws_buf *out)
{
  struct icws_candid_args args = {fixture->types, value, 1};
  if (icws_candid_encode(&args, out, &fixture->failure) != ICWS_OK)
    fail_msg("%s", fixture->failure.text);
}

/* The table of a message that we encode is ours to choose; what comes from JSON is encoded as what
 * comes from bytes is. */
static void check_encoded(struct json_fixture *fixture, const struct icws_candid_value *decoded,
                          const struct icws_candid_value *read, const char *json)
{
  struct icws_buf one;
  struct icws_buf other;
  icws_buf_init(&one, 0, NULL);
  icws_buf_init(&other, 0, NULL);
  encode(fixture, decoded, &one);
  encode(fixture, read, &other);
  if (!icws_bytes_equal(icws_buf_bytes(&one), icws_buf_bytes(&other)))
    fail_msg("%s is encoded to other bytes", json);
  icws_buf_wipe(&one);
  icws_buf_wipe(&other);
}

struct row {
  int type;
  const char *value; /* in hex, as in a message */
  const char *json;
};

#define D300                                                                                       \
  "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234" \
  "5678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678" \
  "9012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012" \
  "345678901234567890"

static const struct row rows[] = {
    {ICWS_CANDID_NULL, "", "null"},
    {ICWS_CANDID_RESERVED, "", "null"},
    {ICWS_CANDID_BOOL, "00", "false"},
    {ICWS_CANDID_BOOL, "01", "true"},

    {ICWS_CANDID_NAT8, "00", "0"},
    {ICWS_CANDID_NAT8, "ff", "255"},
    {ICWS_CANDID_NAT16, "ffff", "65535"},
    {ICWS_CANDID_NAT32, "ffffffff", "4294967295"},
    {ICWS_CANDID_NAT64, "ffffffffffff1f00", "9007199254740991"},
    {ICWS_CANDID_NAT64, "0000000000002000", "\"9007199254740992\""},
    {ICWS_CANDID_NAT64, "ffffffffffffffff", "\"18446744073709551615\""},
    {ICWS_CANDID_INT8, "7f", "127"},
    {ICWS_CANDID_INT8, "80", "-128"},
    {ICWS_CANDID_INT16, "0080", "-32768"},
    {ICWS_CANDID_INT32, "00000080", "-2147483648"},
    {ICWS_CANDID_INT32, "ffffff7f", "2147483647"},
    {ICWS_CANDID_INT64, "ffffffffffff1f00", "9007199254740991"},
    {ICWS_CANDID_INT64, "0000000000002000", "\"9007199254740992\""},
    {ICWS_CANDID_INT64, "010000000000e0ff", "-9007199254740991"},
    {ICWS_CANDID_INT64, "000000000000e0ff", "\"-9007199254740992\""},
    {ICWS_CANDID_INT64, "0000000000000080", "\"-9223372036854775808\""},
    {ICWS_CANDID_INT64, "ffffffffffffff7f", "\"9223372036854775807\""},
    {ICWS_CANDID_NAT, "00", "0"},
    {ICWS_CANDID_NAT, "ffffffffffffff0f", "9007199254740991"},
    {ICWS_CANDID_NAT, "8080808080808010", "\"9007199254740992\""},
    {ICWS_CANDID_NAT, "ffffffffffffffffff01", "\"18446744073709551615\""},
    {ICWS_CANDID_NAT, "80808080808080808002", "\"18446744073709551616\""},
    {ICWS_CANDID_NAT,
     "d295fcf1ecb2fce7ac97c5dff7bdd888bdc8f89a9995e28ba08587a8dae4edf1d1b680d8febcf9ead0dee1b38ca4"
     "c3add3978a87bef0d7f8aad0f9d7f4e8bce4debc8490eb81f9809daaa78ca5fa82c6bc9aacf884b3d1f98281f1c4"
     "a791c3d6c1e0f083fe9ccb9ce4f098d483b5b3ffc9ba9ddce2c8f6c1c2d8ccd2d883e6b5b9b484a285c0bdaac8a5"
     "98bab15e",
     "\"" D300 "\""},
    {ICWS_CANDID_INT, "7f", "-1"},
    {ICWS_CANDID_INT, "8180808080808070", "-9007199254740991"},
    {ICWS_CANDID_INT, "8080808080808070", "\"-9007199254740992\""},
    {ICWS_CANDID_INT, "80808080808080808001", "\"9223372036854775808\""},
    {ICWS_CANDID_INT, "ffffffffffffffffff7e", "\"-9223372036854775809\""},
    {ICWS_CANDID_INT,
     "aeea838e93cd8398d3e8baa088c2a7f7c2b787e5e6ea9df4dffaf8d7a59b928eaec9ffa781c38695afa19eccf3db"
     "bcd2ace8f5f8c18fa887d5af86a88b97c39ba1c3fbef94fe86ffe2d5d8f3da85fdb9c3e5d387fbccae86fdfe8ebb"
     "d8eebca9be9f8ffc81e3b4e39b8fe7abfccacc80b6c5e2a39db789bebda7b3ada7fc99cac6cbfbddfabfc2d5b7da"
     "e7c5cea17f",
     "\"-" D300 "\""},

    {ICWS_CANDID_FLOAT64, "0000000000000000", "0.0"},
    {ICWS_CANDID_FLOAT64, "0000000000000080", "-0.0"},
    {ICWS_CANDID_FLOAT64, "000000000000f03f", "1.0"},
    {ICWS_CANDID_FLOAT64, "9a9999999999b93f", "0.1"},
    {ICWS_CANDID_FLOAT64, "0100000000000000", "5e-324"},
    {ICWS_CANDID_FLOAT64, "ffffffffffffef7f", "1.7976931348623157e308"},
    {ICWS_CANDID_FLOAT64, "355800662deb41fe", "-1.5e300"},
    {ICWS_CANDID_FLOAT64, "000000000000f07f", "\"Infinity\""},
    {ICWS_CANDID_FLOAT64, "000000000000f0ff", "\"-Infinity\""},
    {ICWS_CANDID_FLOAT64, "000000000000f87f", "\"NaN\""},
    {ICWS_CANDID_FLOAT32, "00000080", "-0.0"},
    {ICWS_CANDID_FLOAT32, "0000c03f", "1.5"},
    {ICWS_CANDID_FLOAT32, "cdcccc3d", "0.10000000149011612"},
    {ICWS_CANDID_FLOAT32, "01000000", "1.401298464324817e-45"},
    {ICWS_CANDID_FLOAT32, "ffff7f7f", "3.4028234663852886e38"},
    /* Its shortest digits as a float32, 7.038531e-26, are a double that rounds to its neighbour. */
    {ICWS_CANDID_FLOAT32, "fe43ae15", "7.038531308148791e-26"},
    {ICWS_CANDID_FLOAT32, "0000807f", "\"Infinity\""},
    {ICWS_CANDID_FLOAT32, "000080ff", "\"-Infinity\""},
    {ICWS_CANDID_FLOAT32, "0000c07f", "\"NaN\""},

    {ICWS_CANDID_TEXT, "00", "\"\""},
    {ICWS_CANDID_TEXT, "026869", "\"hi\""},
    {ICWS_CANDID_TEXT, "0461006200", "\"a\\u0000b\\u0000\""},
    {ICWS_CANDID_TEXT, "06225c2f0a0d09", "\"\\\"\\\\/\\n\\r\\t\""},
    {ICWS_CANDID_TEXT, "041b08077f", "\"\\u001b\\u0008\\u0007\\u007f\""},
    {ICWS_CANDID_TEXT, "09c285c3a9d89ce282ac", "\"\\u0085\xc3\xa9\\u061c\xe2\x82\xac\""},
    {ICWS_CANDID_TEXT, "0ce280a8e280a9e280aee281a7", "\"\\u2028\\u2029\\u202e\\u2067\""},
    {ICWS_CANDID_TEXT, "04f09f9880", "\"\xf0\x9f\x98\x80\""},
    {ICWS_CANDID_PRINCIPAL, "0100", "\"aaaaa-aa\""},
    {ICWS_CANDID_PRINCIPAL, "010104", "\"2vxsx-fae\""},
    {ICWS_CANDID_PRINCIPAL, "011d000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c",
     "\"2mhjn-ayaae-bagba-faydq-qcikb-mga2d-qpcai-reeyu-culbo-gazdi-nry\""},
    {SERVICE, "0109efcdab000000000001", "\"2chl6-4hpzw-vqaaa-aaaaa-c\""},
    {FUNC, "01010104026869", "{\"service\":\"2vxsx-fae\",\"method\":\"hi\"}"},

    {OPT_NAT, "00", "null"},
    {OPT_NAT, "0105", "5"},
    {OPT_OPT_NAT, "00", "null"},
    {OPT_OPT_NAT, "0100", "[null]"},
    {OPT_OPT_NAT, "010105", "[5]"},
    {OPT_OPT_OPT_BOOL, "00", "null"},
    {OPT_OPT_OPT_BOOL, "0100", "[null]"},
    {OPT_OPT_OPT_BOOL, "010100", "[[null]]"},
    {OPT_OPT_OPT_BOOL, "01010101", "[[true]]"},
    {OPT_NULL, "00", "null"},
    {OPT_NULL, "01", "[null]"},
    {OPT_RESERVED, "01", "[null]"},
    {OPT_TEXT, "0103616263", "\"abc\""},
    {INFINITE, "010100", "[[null]]"},
    {LIST, "00", "null"},
    {LIST, "0107010800", "{\"head\":7,\"tail\":{\"head\":8,\"tail\":null}}"},

    {BLOB, "00", "\"\""},
    {BLOB, "0400010aff", "\"00010aff\""},
    {VEC_BLOB, "020001ab", "[\"\",\"ab\"]"},
    {VEC_NAT16, "00", "[]"},
    {VEC_NAT16, "020100ffff", "[1,65535]"},
    {VEC_NULL, "03", "[null,null,null]"},

    {PAIR, "070161", "[7,\"a\"]"},
    {PAIR_OPT, "0700", "[7,null,null]"},
    {NO_FIELDS, "", "{}"},
    {UNNAMED, "0701", "{\"5\":7,\"1000000\":true}"},
    {PERSON, "07026869010161", "{\"id\":7,\"name\":\"hi\",\"nick\":\"a\",\"note\":null}"},
    {PERSON, "070000", "{\"id\":7,\"name\":\"\",\"nick\":null,\"note\":null}"},
    {ODD_NAMES, "0102030405", "{\"5\":1,\"53\":2,\"007\":3,\"4823811\":4,\"\\u202e\":5}"},
    {RESULT, "0005", "{\"Ok\":5}"},
    {RESULT, "01026e6f", "{\"Err\":\"no\"}"},
    {RESULT, "02", "{\"none\":null}"},
    {UNNAMED_ONE, "00", "{\"3\":null}"},
    {UNNAMED_ONE, "0109", "{\"17724\":9}"},
    {PEOPLE, "00", "[]"},
};

static void values_are_written_and_read(void **state)
{
  struct json_fixture *fixture = *state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct icws_candid_value decoded = json_fixture_decode(fixture, rows[i].type, rows[i].value);
    struct icws_candid_value read = json_fixture_read(fixture, rows[i].type, rows[i].json);
    check_equal(fixture, &decoded, &read, rows[i].json);
    json_fixture_check(fixture, &decoded, rows[i].json);
    check_encoded(fixture, &decoded, &read, rows[i].json);
  }
}

/* What is read, but not written. */
static void other_ways_to_write_a_value_are_read(void **state)
{
  static const struct {
    int type;
    const char *json;
    const char *written;
  } cases[] = {
      {ICWS_CANDID_NAT8, " \n\t255 ", "255"},
      {ICWS_CANDID_NAT8, "\"255\"", "255"},
      {ICWS_CANDID_NAT8, "\"0255\"", "255"},
      {ICWS_CANDID_NAT, "9223372036854775807", "\"9223372036854775807\""},
      {ICWS_CANDID_INT, "-9223372036854775808", "\"-9223372036854775808\""},
      {ICWS_CANDID_INT64, "\"-5\"", "-5"},
      {ICWS_CANDID_FLOAT64, "1", "1.0"},
      {ICWS_CANDID_FLOAT64, "-7e2", "-700.0"},
      {ICWS_CANDID_FLOAT64, "1e-999", "0.0"},
      {ICWS_CANDID_FLOAT32, "3.4028235e38", "3.4028234663852886e38"},
      {ICWS_CANDID_FLOAT32, "0.1", "0.10000000149011612"},
      {ICWS_CANDID_TEXT, "\"\\u0041\\/\\b\\ud83d\\ude00\"", "\"A/\\u0008\xf0\x9f\x98\x80\""},
      {ICWS_CANDID_PRINCIPAL, "\"2VXSX-FAE\"", "\"2vxsx-fae\""},
      {BLOB, "\"00AbfF\"", "\"00abff\""},
      {BLOB, "[0,\"171\",255]", "\"00abff\""},
      {BLOB, "[]", "\"\""},
      {FUNC, "{\"method\":\"\",\"service\":\"aaaaa-aa\"}",
       "{\"service\":\"aaaaa-aa\",\"method\":\"\"}"},
      {LIST, "{\"head\":7}", "{\"head\":7,\"tail\":null}"},
      {PAIR_OPT, "[7]", "[7,null,null]"},
      {PAIR_OPT, "[7,\"a\"]", "[7,\"a\",null]"},
      {PERSON, "{\"name\":\"hi\",\"id\":7}",
       "{\"id\":7,\"name\":\"hi\",\"nick\":null,\"note\":null}"},
      {PERSON, "{\"23515\":7,\"1224700491\":\"hi\"}",
       "{\"id\":7,\"name\":\"hi\",\"nick\":null,\"note\":null}"},
      {UNNAMED_ONE, "\"3\"", "{\"3\":null}"},
      {UNNAMED_ONE, "{\"Ok\":9}", "{\"17724\":9}"}, /* its id */
      {RESULT, "\"none\"", "{\"none\":null}"},
      {RESULT, "\"1225396920\"", "{\"none\":null}"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_candid_value value = json_fixture_read(*state, cases[i].type, cases[i].json);
    json_fixture_check(*state, &value, cases[i].written);
  }
}

static void read_back(struct json_fixture *fixture, const struct icws_candid_value *value,
                      struct icws_candid_value *again)
{
  struct icws_buf json;
  icws_buf_init(&json, 0, NULL);
  assert_int_equal(icws_candid_to_json(fixture->types, value, &json), ICWS_OK);
  assert_int_equal(icws_candid_from_json(icws_buf_bytes(&json), fixture->types, value->type,
                                         &fixture->arena, again, NULL, &fixture->failure),
                   ICWS_OK);
  icws_buf_wipe(&json);
}

static void check_message(const json_t *test, const char *key, size_t *checked)
{
  const json_t *hex = json_object_get(test, key);
  if (hex == NULL)
    return;
  struct vectors_blob message = vectors_hex(json_string_value(hex));
  struct icws_candid_args args;
  struct json_fixture fixture = {.types = NULL};
  assert_int_equal(icws_candid_types_new(NULL, &fixture.types), ICWS_OK);
  icws_arena_init(&fixture.arena, 0, NULL);
  if (icws_candid_decode_any(vectors_bytes(&message), fixture.types, &fixture.arena, &args, NULL) ==
      ICWS_OK) {
    for (size_t i = 0; i < args.count; i++) {
      struct icws_candid_value again;
      read_back(&fixture, &args.values[i], &again);
      check_equal(&fixture, &args.values[i], &again, vectors_text(test, "name"));
    }
    ++*checked;
  }
  icws_arena_wipe(&fixture.arena);
  icws_candid_types_del(fixture.types);
  free(message.data);
}

/* What may be in messages, names unknown. */
static void shared_official_suite_survives(void **state)
{
  (void)state;
  json_t *root = vectors_shared("candid_tests.json");
  const json_t *test;
  size_t i;
  size_t checked = 0;
  json_array_foreach(vectors_get(root, "tests"), i, test)
  {
    check_message(test, "blob_hex", &checked);
    check_message(test, "other_blob_hex", &checked);
  }
  assert_int_equal(checked, 206); /* the others are malformed */
  json_decref(root);
}

static void every_bit_of_floats_survives(void **state)
{
  uint64_t random = 1;
  for (unsigned i = 0; i < 20000; i++) {
    struct icws_candid_value again;
    uint64_t bits = xorshift_next(&random);
    uint32_t bits32 = (uint32_t)(bits >> 32);
    struct icws_candid_value value = {.type = ICWS_CANDID_FLOAT64};
    memcpy(&value.as.float64, &bits, sizeof bits);
    read_back(*state, &value, &again);
    if ((bits >> 52 & 0x7ff) != 0x7ff)
      assert_memory_equal(&again.as.float64, &bits, sizeof bits);
    value.type = ICWS_CANDID_FLOAT32;
    memcpy(&value.as.float32, &bits32, sizeof bits32);
    read_back(*state, &value, &again);
    if ((bits32 >> 23 & 0xff) != 0xff)
      assert_memory_equal(&again.as.float32, &bits32, sizeof bits32);
  }
}

static void arguments_are_an_array(void **state)
{
  struct json_fixture *fixture = *state;
  struct icws_candid_value values[] = {
      {.type = ICWS_CANDID_NAT8, .as.nat = 7},
      {.type = OPT_OPT_NAT},
      {.type = ICWS_CANDID_TEXT, .count = 2, .as.bytes = (const uint8_t *)"hi"},
  };
  struct icws_candid_args args = {fixture->types, values, 3};
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_candid_args_to_json(&args, &out), ICWS_OK);
  args.count = 0;
  icws_buf_put_u8(&out, ' ');
  assert_int_equal(icws_candid_args_to_json(&args, &out), ICWS_OK);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, "[7,null,\"hi\"] []");
  icws_buf_wipe(&out);
}

static void what_is_not_of_its_type_is_not_written(void **state)
{
  struct json_fixture *fixture = *state;
  static const uint8_t bytes[30] = {0xff};
  struct icws_candid_value nat = {.type = ICWS_CANDID_NAT8, .as.nat = 1};
  struct icws_candid_func func = {icws_bytes_of(bytes, 30), icws_bytes_text("hi")};
  struct icws_candid_func named_badly = {icws_bytes_of(bytes, 1), icws_bytes_of(bytes, 1)};
  const struct icws_candid_value values[] = {
      {.type = ICWS_CANDID_EMPTY},
      {.type = FUTURE},
      {.type = ICWS_CANDID_TEXT, .count = 1, .as.bytes = bytes},
      {.type = ICWS_CANDID_PRINCIPAL, .count = 30, .as.bytes = bytes},
      {.type = SERVICE, .count = 30, .as.bytes = bytes},
      {.type = FUNC, .as.func = &func},
      {.type = FUNC, .as.func = &named_badly},
      {.type = RESULT, .count = 3, .as.items = &nat},
      {.type = RESULT, .count = 0, .as.items = &nat}, /* Ok has a nat */
      {.type = OPT_BOOL, .as.items = &nat},
      {.type = VEC_NAT16, .count = 1, .as.items = &nat},
  };
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  icws_buf_put(&out, "x", 1);
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    struct icws_candid_args args = {fixture->types, &values[i], 1};
    assert_int_equal(icws_candid_to_json(fixture->types, &values[i], &out),
                     ICWS_ERR_INVALID_ARGUMENT);
    assert_int_equal(icws_candid_args_to_json(&args, &out), ICWS_ERR_INVALID_ARGUMENT);
    assert_int_equal(icws_buf_error(&out), ICWS_OK);
    assert_int_equal(out.len, 1);
  }
  icws_buf_wipe(&out);
}

static void the_buffer_bounds_what_is_written(void **state)
{
  struct json_fixture *fixture = *state;
  struct icws_candid_value value = json_fixture_read(fixture, VEC_NULL, "[null,null]");
  struct icws_buf out;
  for (size_t max = 1; max <= 11; max++) {
    icws_buf_init(&out, max, NULL);
    assert_int_equal(icws_candid_to_json(fixture->types, &value, &out),
                     max < 11 ? ICWS_ERR_LIMIT : ICWS_OK);
    assert_int_equal(out.len, max < 11 ? 0 : 11);
    icws_buf_wipe(&out);
  }
}

static void every_allocation_of_writing_may_fail(void **state)
{
  struct json_fixture *fixture = *state;
  struct icws_candid_value value = json_fixture_read(fixture, ICWS_CANDID_NAT, "\"" D300 "\"");
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t allowed = 0;
  for (; error != ICWS_OK; allowed++) {
    struct mem_probe probe;
    struct icws_buf out;
    mem_probe_init(&probe);
    probe.fail_from = allowed;
    icws_buf_init(&out, 0, &probe.mem);
    error = icws_candid_to_json(fixture->types, &value, &out);
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(out.len == 0, error != ICWS_OK);
    icws_buf_wipe(&out);
    assert_int_equal(probe.live, 0);
  }
  assert_int_equal(allowed, 4); /* a quote, digits, a quote; and what needs no more */
}

#define TEST(name)                                                                                 \
  cmocka_unit_test_setup_teardown(name, json_fixture_set_up, json_fixture_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(values_are_written_and_read),
      TEST(other_ways_to_write_a_value_are_read),
      cmocka_unit_test(shared_official_suite_survives),
      TEST(every_bit_of_floats_survives),
      TEST(arguments_are_an_array),
      TEST(what_is_not_of_its_type_is_not_written),
      TEST(the_buffer_bounds_what_is_written),
      TEST(every_allocation_of_writing_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

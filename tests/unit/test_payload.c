/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/payload.h"
#include "vectors.h"

typedef enum icws_error put_fn(const struct icws_payload *payload, struct icws_buf *out);

static void check(struct icws_payload *payload, const char *hex, put_fn *put, const char *expected)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_buf out;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_payload_read(payload, vectors_bytes(&blob), NULL), ICWS_OK);
  assert_int_equal(put(payload, &out), ICWS_OK);
  icws_buf_put_u8(&out, '\0');
  assert_string_equal((const char *)out.data, expected);
  icws_buf_wipe(&out);
  free(blob.data);
}

static void one_value_stands_alone_in_json(void **state)
{
  (void)state;
  struct icws_payload payload;
  icws_payload_init(&payload, NULL, NULL, 0);
  check(&payload,
        "4449444c00017101"
        "61",
        icws_payload_put_json, "\"a\"");
  check(&payload, "4449444c0002717101610162", icws_payload_put_json, "[\"a\",\"b\"]");
  check(&payload, "4449444c0000", icws_payload_put_json, "[]");
  check(&payload, "4449444c0002717101610162", icws_payload_put_candid, "(\"a\", \"b\")");
  icws_payload_wipe(&payload);
}

static void a_message_is_read_at_its_type(void **state)
{
  (void)state;
  struct icws_payload payload;
  struct icws_candid_types *types;
  struct icws_failure failure;
  struct vectors_blob text = vectors_hex("4449444c0001710161");
  const int expected = ICWS_CANDID_INT;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  icws_payload_init(&payload, types, &expected, 1);
  check(&payload, "4449444c00017d07", icws_payload_put_candid, "(7)"); /* a nat at int */
  assert_int_equal(icws_payload_read(&payload, vectors_bytes(&text), &failure), ICWS_ERR_CANDID);
  assert_string_equal(failure.text, "argument 1: expected int, found text (at byte 7 of 9)");
  assert_int_equal(payload.args.count, 0);
  check(&payload, "4449444c00017d08", icws_payload_put_candid, "(8)"); /* and goes on */
  icws_payload_wipe(&payload);
  icws_candid_types_del(types);
  free(text.data);
}

static void hashes_are_told_from_positions(void **state)
{
  (void)state;
  struct icws_payload payload;
  icws_payload_init(&payload, NULL, NULL, 0);
  assert_false(icws_payload_has_unnamed(&payload));
  check(&payload, "4449444c016c02007d017d01000102", icws_payload_put_candid,
        "(record { 1 : nat; 2 : nat })");
  assert_false(icws_payload_has_unnamed(&payload));
  check(&payload,
        "4449444c016c01ad99e7e70471010001"
        "61",
        icws_payload_put_candid, "(record { 1291439277 = \"a\" })");
  assert_true(icws_payload_has_unnamed(&payload));
  icws_payload_wipe(&payload);
}

static void what_claims_to_be_candid(void **state)
{
  (void)state;
  assert_true(icws_payload_is_candid(icws_bytes_text("DIDL")));
  assert_true(icws_payload_is_candid(icws_bytes_text("DIDL?")));
  assert_false(icws_payload_is_candid(icws_bytes_text("DID")));
  assert_false(icws_payload_is_candid(icws_bytes_text("didl")));
  assert_false(icws_payload_is_candid(icws_bytes_of(NULL, 0)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_value_stands_alone_in_json),
      cmocka_unit_test(a_message_is_read_at_its_type),
      cmocka_unit_test(hashes_are_told_from_positions),
      cmocka_unit_test(what_claims_to_be_candid),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

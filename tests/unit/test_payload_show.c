/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/payload_show.h"
#include "vectors.h"

typedef enum icws_error show_fn(struct icws_payload *payload, struct icws_bytes content,
                                enum icws_payload_form form, struct icws_buf *out,
                                struct icws_failure *failure);

static void check(show_fn *show, const char *hex, enum icws_payload_form form,
                  enum icws_error error, const char *expected)
{
  struct vectors_blob blob = vectors_hex(hex);
  struct icws_payload payload;
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_buf out;
  icws_payload_init(&payload, NULL, NULL, 0);
  icws_buf_init(&out, 0, NULL);
  icws_buf_put_u8(&out, '>');
  assert_int_equal(show(&payload, vectors_bytes(&blob), form, &out, &failure), error);
  assert_int_equal(failure.code, error);
  icws_buf_put_u8(&out, '\0');
  assert_int_equal(icws_buf_error(&out), ICWS_OK);
  assert_string_equal((const char *)out.data, expected);
  icws_buf_wipe(&out);
  icws_payload_wipe(&payload);
  free(blob.data);
}

static void test_forms(void **state)
{
  (void)state;
  check(icws_payload_show, "4449444c00017c2a", ICWS_PAYLOAD_CANDID, ICWS_OK, ">(42)");
  check(icws_payload_show, "4449444c00017c2a", ICWS_PAYLOAD_PRETTY, ICWS_OK, ">(42)");
  check(icws_payload_show, "4449444c00017c2a", ICWS_PAYLOAD_JSON, ICWS_OK, ">42");
  check(icws_payload_print, "4449444c00027c7c2a01", ICWS_PAYLOAD_JSON, ICWS_OK, ">[42,1]");
  check(icws_payload_print, "4449444c0000", ICWS_PAYLOAD_JSON, ICWS_OK, ">[]");
}

/* Four long texts in a record do not fit on a line of 80. */
static void test_pretty(void **state)
{
  (void)state;
  check(icws_payload_show,
        "4449444c016c040071017102710371010014616161616161616161616161616161616161616114626262"
        "626262626262626262626262626262626214636363636363636363636363636363636363636314646464"
        "6464646464646464646464646464646464",
        ICWS_PAYLOAD_PRETTY, ICWS_OK,
        ">(\n  record {\n    \"aaaaaaaaaaaaaaaaaaaa\";\n    \"bbbbbbbbbbbbbbbbbbbb\";\n"
        "    \"cccccccccccccccccccc\";\n    \"dddddddddddddddddddd\";\n  },\n)");
}

/* What does not decode is shown all the same, or, where it is not wanted, leaves no trace. */
static void test_not_decoded(void **state)
{
  (void)state;
  check(icws_payload_show, "4449444c00017c", ICWS_PAYLOAD_CANDID, ICWS_ERR_CANDID,
        ">// argument 1: a number is cut off (at byte 7 of 7): 4449444c00017c");
  check(icws_payload_show, "6869", ICWS_PAYLOAD_JSON, ICWS_ERR_CANDID,
        ">{\"payload_error\":\"the message does not start with DIDL (at byte 0 of 2)\","
        "\"hex\":\"6869\"}");
  check(icws_payload_print, "6869", ICWS_PAYLOAD_JSON, ICWS_ERR_CANDID, ">");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_forms),
      cmocka_unit_test(test_pretty),
      cmocka_unit_test(test_not_decoded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

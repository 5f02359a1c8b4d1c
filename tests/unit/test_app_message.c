/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "devnet/canisters/app_message.h"
#include "vectors.h"

/* Encodings laid out by hand after the Candid specification, "Binary Format". */
#define TIMESTAMP UINT64_C(1700000000000000000)
#define VALUES "0568656c6c6f"
static const char plain[] = "4449444c016c02ad99e7e70471d6a9bbae0a780100" VALUES "00002a36fe9c9717";
static const char from_room[] =
    "4449444c026e686c03ad99e7e70471b58f93dc0600d6a9bbae0a780101" VALUES "0000002a36fe9c9717";
static const char from_author[] =
    "4449444c026e686c03ad99e7e70471b58f93dc0600d6a9bbae0a780101" VALUES "01010104"
    "00002a36fe9c9717";

static void assert_encoding(struct icws_buf *buf, const char *hex)
{
  struct vectors_blob expected = vectors_hex(hex);
  assert_int_equal(icws_buf_error(buf), ICWS_OK);
  assert_int_equal(buf->len, expected.len);
  assert_memory_equal(buf->data, expected.data, expected.len);
  free(expected.data);
  icws_buf_clear(buf);
}

static void test_put(void **state)
{
  (void)state;
  const struct icws_principal anonymous = icws_principal_anonymous();
  struct icws_buf buf;
  icws_buf_init(&buf, 0, NULL);
  icws_app_message_put(&buf, icws_bytes_text("hello"), TIMESTAMP);
  assert_encoding(&buf, plain);
  icws_chat_message_put(&buf, icws_bytes_text("hello"), TIMESTAMP, NULL);
  assert_encoding(&buf, from_room);
  icws_chat_message_put(&buf, icws_bytes_text("hello"), TIMESTAMP, &anonymous);
  assert_encoding(&buf, from_author);
  icws_buf_wipe(&buf);
}

static enum icws_error decode(const char *hex)
{
  struct vectors_blob candid = vectors_hex(hex);
  struct icws_bytes text = icws_bytes_text("untouched");
  uint64_t timestamp = 5;
  enum icws_error error = icws_app_message_decode(vectors_bytes(&candid), &text, &timestamp);
  if (error == ICWS_OK) {
    assert_true(icws_bytes_equal(text, icws_bytes_text("hello")));
    assert_int_equal(timestamp, TIMESTAMP);
  } else {
    assert_true(icws_bytes_equal(text, icws_bytes_text("untouched")));
    assert_int_equal(timestamp, 5);
  }
  free(candid.data);
  return error;
}

static void test_decode(void **state)
{
  (void)state;
  assert_int_equal(decode(plain), ICWS_OK);
  assert_int_equal(decode(from_room), ICWS_OK);
  assert_int_equal(decode(from_author), ICWS_OK);
}

static void test_refused(void **state)
{
  (void)state;
  static const struct {
    const char *hex;
    const char *why;
  } rows[] = {
      {"", "nothing"},
      {"4449444c0000", "no argument"},
      {"4449444c000171" VALUES, "a text, no record"},
      {"4449444c016c01d6a9bbae0a78010000002a36fe9c9717", "no text"},
      {"4449444c016c01ad99e7e704710100" VALUES, "no timestamp"},
      {"4449444c016c02ad99e7e70478d6a9bbae0a78010000002a36fe9c971700002a36fe9c9717",
       "a number as text"},
      {"4449444c016c02ad99e7e70471d6a9bbae0a780100" VALUES "00002a36fe9c97", "cut short"},
      {"4449444c016c02ad99e7e70471d6a9bbae0a780100" VALUES "00002a36fe9c971700", "a byte too many"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (decode(rows[i].hex) != ICWS_ERR_CANDID) {
      fail_msg("%s", rows[i].why);
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_put),
      cmocka_unit_test(test_decode),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

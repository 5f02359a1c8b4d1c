/* SPDX-License-Identifier: Apache-2.0 */
#include "pem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN "-----BEGIN SOMETHING-----\n"
#define END "-----END SOMETHING-----\n"
#define FULL "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB" /* 48 times A */

static enum icws_error decode(const char *pem, uint8_t *out, size_t size, size_t *len)
{
  struct icws_failure failure = {0};
  enum icws_error error =
      icws_pem_decode(icws_bytes_text(pem), "SOMETHING", out, size, len, &failure);
  assert_int_equal(failure.code, error);
  return error;
}

static void assert_holds(const char *pem, const char *expected)
{
  uint8_t out[128];
  size_t len = 0;
  assert_int_equal(decode(pem, out, sizeof out, &len), ICWS_OK);
  assert_int_equal(len, strlen(expected));
  assert_memory_equal(out, expected, len);
}

static void test_blocks_are_read(void **state)
{
  (void)state;
  assert_holds(BEGIN END, "");
  assert_holds(BEGIN "QQ==\n" END, "A"); /* RFC 4648, section 10, has such strings */
  assert_holds(BEGIN "Zm9vYg==\n" END, "foob");
  assert_holds(BEGIN "Zm9vYmE=\n" END, "fooba");
  assert_holds(BEGIN "Zm9vYmFy\n" END, "foobar");
  assert_holds(BEGIN FULL "\n" END, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  assert_holds(BEGIN FULL "\nZm9v\n" END, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAfoo");
}

static void test_line_ends(void **state)
{
  (void)state;
  assert_holds("-----BEGIN SOMETHING-----\r\nZm9v\r\n-----END SOMETHING-----\r\n", "foo");
  assert_holds(BEGIN "Zm9v\n-----END SOMETHING-----", "foo");
  assert_holds(BEGIN "Zm9v\n" END "\n \t\r\n", "foo");
}

static void test_anything_else_is_refused(void **state)
{
  static const char *const texts[] = {
      "",
      "\n",
      BEGIN,
      "\n" BEGIN "Zm9v\n" END,
      "words\n" BEGIN "Zm9v\n" END,
      "-----BEGIN SOMETHING ELSE-----\nZm9v\n" END,
      "-----BEGIN SOMETHING----\nZm9v\n" END,
      "-----BEGIN SOMETHING------\nZm9v\n" END,
      "----BEGIN SOMETHING-----\nZm9v\n" END,
      "-----BEGIN SOMETHING----- \nZm9v\n" END,
      BEGIN "Zm9v\n",
      BEGIN "Zm9v\n-----END SOMETHING ELSE-----\n",
      BEGIN "Zm9v" END,
      BEGIN "Zm9v\n\n" END,
      BEGIN "\nZm9v\n" END,
      BEGIN "Zm9v\nZm9v\n" END,
      BEGIN "Zm9 v\n" END,
      BEGIN " Zm9v\n" END,
      BEGIN "Zm9v \n" END,
      BEGIN "Zm9\rv\n" END,
      BEGIN "Zm9*\n" END,
      BEGIN "Zm9_\n" END,
      BEGIN "Zm9vY\n" END,
      BEGIN "Zm9vYg\n" END,
      BEGIN "Zm9vYg=\n" END,
      BEGIN "Zm9vYg===\n" END,
      BEGIN "Zm9vYh==\n" END,
      BEGIN "Zm9vYmF=\n" END,
      BEGIN "====\n" END,
      BEGIN FULL "Zm9v\n" END,
      BEGIN "Key: value\n\nZm9v\n" END,
      BEGIN "Zm9v\n" END BEGIN "Zm9v\n" END,
      BEGIN "Zm9v\n" END "words\n",
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    uint8_t out[128];
    size_t len;
    if (decode(texts[i], out, sizeof out, &len) != ICWS_ERR_PEM)
      fail_msg("accepted: %s", texts[i]);
  }
}

static void test_no_more_is_written_than_fits(void **state)
{
  uint8_t out[8] = {0};
  size_t len;
  (void)state;
  assert_int_equal(decode(BEGIN "Zm9vYmFy\n" END, out, 6, &len), ICWS_OK);
  assert_int_equal(decode(BEGIN "Zm9vYmFy\n" END, out, 5, &len), ICWS_ERR_PEM);
  assert_int_equal(decode(BEGIN "QQ==\n" END, out, 1, &len), ICWS_OK);
  assert_int_equal(decode(BEGIN "QQ==\n" END, out, 0, &len), ICWS_ERR_PEM);
  assert_int_equal(out[6], 0);
}

static void test_labels(void **state)
{
  (void)state;
  assert_true(icws_pem_has_label(icws_bytes_text(BEGIN), "SOMETHING"));
  assert_false(icws_pem_has_label(icws_bytes_text(BEGIN), "SOME"));
  assert_false(icws_pem_has_label(icws_bytes_text(BEGIN), "SOMETHING ELSE"));
  assert_false(icws_pem_has_label(icws_bytes_text(""), ""));
}

static void test_blocks_are_written_in_lines_of_64(void **state)
{
  const char *text = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAfoo";
  char out[sizeof BEGIN + sizeof FULL + sizeof "Zm9v\n" + sizeof END];
  (void)state;
  icws_pem_encode("SOMETHING", icws_bytes_text(text), out, sizeof out);
  assert_string_equal(out, BEGIN FULL "\nZm9v\n" END);
  icws_pem_encode("SOMETHING", icws_bytes_of(text, 48), out, sizeof out);
  assert_string_equal(out, BEGIN FULL "\n" END);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_blocks_are_read),
      cmocka_unit_test(test_line_ends),
      cmocka_unit_test(test_anything_else_is_refused),
      cmocka_unit_test(test_no_more_is_written_than_fits),
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_blocks_are_written_in_lines_of_64),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "icws-gateway/log_line.h"

#define TIME_NS UINT64_C(1702143738049473644)
#define TIME "2023-12-09T17:42:18.049473644Z"

/* One line that ends with the only newline; without it. */
static const char *line_of(struct icws_buf *out)
{
  assert_int_equal(icws_buf_error(out), ICWS_OK);
  assert_true(out->len > 0);
  assert_ptr_equal(memchr(out->data, '\n', out->len), out->data + out->len - 1);
  out->data[out->len - 1] = '\0';
  return (const char *)out->data;
}

static void test_text(void **state)
{
  static const struct icws_log_field fields[] = {
      {"client", "abc-def"}, {"canister", NULL}, {"address", "::\n1"}};
  static const struct {
    enum icws_gateway_log_level level;
    const char *text;
    const char *line;
  } rows[] = {
      {ICWS_GATEWAY_LOG_ERROR, "it broke", TIME " error it broke client=abc-def address=::\\n1"},
      {ICWS_GATEWAY_LOG_WARN, "slow", TIME " warn slow client=abc-def address=::\\n1"},
      {ICWS_GATEWAY_LOG_INFO, "abc-def came", TIME " info abc-def came address=::\\n1"},
      {ICWS_GATEWAY_LOG_DEBUG, "a\nb\x1b[2J\xff\xc3\xa4",
       TIME " debug a\\nb\\x1b[2J\\xff\xc3\xa4 client=abc-def address=::\\n1"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct icws_log_line line = {TIME_NS, rows[i].level, "event", rows[i].text, fields, 3};
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    icws_log_line_put_text(&line, &out);
    assert_string_equal(line_of(&out), rows[i].line);
    icws_buf_wipe(&out);
  }
}

static void test_json(void **state)
{
  static const struct icws_log_field fields[] = {
      {"canister", "aaaaa-aa"}, {"client", NULL}, {"address", "::1"}};
  const struct icws_log_line line = {
      TIME_NS, ICWS_GATEWAY_LOG_WARN, "client_refused", "say \"no\"", fields, 3};
  struct icws_buf out;
  (void)state;
  icws_buf_init(&out, 0, NULL);
  icws_log_line_put_json(&line, &out);
  assert_string_equal(
      line_of(&out),
      "{\"time\":\"" TIME "\",\"level\":\"warn\",\"event\":\"client_refused\","
      "\"message\":\"say \\\"no\\\"\",\"canister\":\"aaaaa-aa\",\"address\":\"::1\"}");
  icws_buf_wipe(&out);
}

/* Whatever a text holds, another reader of JSON finds the same characters. */
static void test_json_is_valid(void **state)
{
  static const struct {
    const char *text;
    const char *read;
  } rows[] = {
      {"", ""},
      {"\\ \" / \x7f", "\\ \" / \x7f"},
      {"\x01\b\t\n\f\r\x1f", "\x01\b\t\n\f\r\x1f"},
      {"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"},
      {"\xe2\x80\xa8", "\xe2\x80\xa8"},
      {"a\xff"
       "b",
       "a\xef\xbf\xbd"
       "b"},
      {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const struct icws_log_field field = {"field", rows[i].text};
    const struct icws_log_line line = {
        TIME_NS, ICWS_GATEWAY_LOG_INFO, "event", rows[i].text, &field, 1};
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    icws_log_line_put_json(&line, &out);
    json_t *object = json_loads(line_of(&out), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "message")), rows[i].read);
    assert_string_equal(json_string_value(json_object_get(object, "field")), rows[i].read);
    json_decref(object);
    icws_buf_wipe(&out);
  }
}

static void test_levels(void **state)
{
  enum icws_gateway_log_level level;
  (void)state;
  assert_true(icws_log_level_parse("error", &level));
  assert_int_equal(level, ICWS_GATEWAY_LOG_ERROR);
  assert_true(icws_log_level_parse("warn", &level));
  assert_int_equal(level, ICWS_GATEWAY_LOG_WARN);
  assert_true(icws_log_level_parse("info", &level));
  assert_int_equal(level, ICWS_GATEWAY_LOG_INFO);
  assert_true(icws_log_level_parse("debug", &level));
  assert_int_equal(level, ICWS_GATEWAY_LOG_DEBUG);
  assert_false(icws_log_level_parse("", &level));
  assert_false(icws_log_level_parse("INFO", &level));
  assert_false(icws_log_level_parse("information", &level));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_text),
      cmocka_unit_test(test_json),
      cmocka_unit_test(test_json_is_valid),
      cmocka_unit_test(test_levels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

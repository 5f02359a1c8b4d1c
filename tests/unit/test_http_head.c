/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/http_head.h"

static enum http_head_result read_text(const char *text, struct http_head *head,
                                       struct http_head_error *error)
{
  size_t len = 0;
  const enum http_head_result result = http_head_read(icws_bytes_text(text), head, &len, error);

  if (result == HTTP_HEAD_WHOLE)
    assert_int_equal(len, strlen(text));
  return result;
}

static void test_fields_are_read(void **state)
{
  struct http_head head;
  struct http_head_error error;

  (void)state;
  assert_int_equal(
      read_text("\r\nPOST /a%2Fb/%41?q=%zz HTTP/1.1\r\nhOsT:x\r\nContent-LENGTH: 42 \r\n"
                "content-type:\tapplication/cbor\r\nOrigin: null\r\nX:\r\n"
                "Expect: 100-Continue\r\n\r\n",
                &head, &error),
      HTTP_HEAD_WHOLE);
  assert_string_equal(head.method, "POST");
  assert_string_equal(head.path, "/a/b/A");
  assert_string_equal(head.content_type, "application/cbor");
  assert_string_equal(head.origin, "null");
  assert_true(head.has_length);
  assert_int_equal(head.length, 42);
  assert_true(head.keep_alive);
  assert_true(head.expects_continue);
}

static void test_targets(void **state)
{
  static const char *const rows[][2] = {
      {"/", "/"},
      {"http://host:80/x?y", "/x"},
      {"HTTP://host", "/"},
      {"*", "*"},
  };
  struct http_head head;
  struct http_head_error error;
  char text[200];

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    (void)snprintf(text, sizeof text, "OPTIONS %s HTTP/1.1\r\nHost: x\r\n\r\n", rows[i][0]);
    assert_int_equal(read_text(text, &head, &error), HTTP_HEAD_WHOLE);
    assert_string_equal(head.path, rows[i][1]);
    assert_false(head.has_length);
    assert_false(head.expects_continue);
  }
}

static void test_connections_are_kept_or_not(void **state)
{
  static const struct {
    const char *text;
    bool kept;
  } rows[] = {
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade , Close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
  };
  struct http_head head;
  struct http_head_error error;

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    assert_int_equal(read_text(rows[i].text, &head, &error), HTTP_HEAD_WHOLE);
    assert_int_equal(head.keep_alive, rows[i].kept);
  }
}

#define LINE "GET / HTTP/1.1\r\nHost: x\r\n"

static void test_bad_heads(void **state)
{
  static const struct {
    const char *text;
    unsigned status;
    const char *why;
  } rows[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400, "The field Host is missing.\n"},
      {"GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400, "Lines must end in CR LF.\n"},
      {"GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", 400, "Lines must end in CR LF.\n"},
      {"GET / HTTP/2.0\r\n\r\n", 505, "This server speaks HTTP/1.1.\n"},
      {"GET /\r\n\r\n", 400, "This server speaks HTTP/1.1.\n"},
      {"GET  / HTTP/1.1\r\n\r\n", 400, "This server speaks HTTP/1.1.\n"},
      {"GET / HTTP/1.1 \r\n\r\n", 400, "This server speaks HTTP/1.1.\n"},
      {" / HTTP/1.1\r\n\r\n", 400, "This server speaks HTTP/1.1.\n"},
      {"GET x HTTP/1.1\r\nHost: x\r\n\r\n", 400, "The target of a request must be a path.\n"},
      {"GET /%4 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "The path is not well encoded.\n"},
      {"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "The path is not well encoded.\n"},
      {"GET /%g0 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "The path is not well encoded.\n"},
      {LINE "A\r\n\r\n", 400, "A header field is malformed.\n"},
      {LINE ": b\r\n\r\n", 400, "A header field is malformed.\n"},
      {LINE "A : b\r\n\r\n", 400, "A header field is malformed.\n"},
      {LINE " A: b\r\n\r\n", 400, "A header field is malformed.\n"},
      {LINE "Content-Length:\r\n\r\n", 400,
       "The Content-Length is not one number, or too large a one.\n"},
      {LINE "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400,
       "The Content-Length is not one number, or too large a one.\n"},
      {LINE "Content-Length: +1\r\n\r\n", 400,
       "The Content-Length is not one number, or too large a one.\n"},
      {LINE "Content-Length: 1000000000000000\r\n\r\n", 400,
       "The Content-Length is not one number, or too large a one.\n"},
      {LINE "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 411,
       "A body must come with its Content-Length.\n"},
  };
  struct http_head head;
  struct http_head_error error;

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    error = (struct http_head_error){0, ""};
    assert_int_equal(read_text(rows[i].text, &head, &error), HTTP_HEAD_BAD);
    assert_string_equal(error.text, rows[i].why);
    assert_int_equal(error.status, rows[i].status);
  }
}

/* Every beginning of a head asks for more; so the end of a head is found wherever it is cut. */
static void test_beginnings_ask_for_more(void **state)
{
  static const char text[] = "\r\nPOST /path HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
  struct http_head head;
  struct http_head_error error;
  size_t head_len;

  (void)state;
  for (size_t len = 0; len < sizeof text - 1; len++)
    assert_int_equal(http_head_read(icws_bytes_of(text, len), &head, &head_len, &error),
                     HTTP_HEAD_MORE);
}

static void test_limits(void **state)
{
  static char text[2 * ICWS_HTTP_MAX_HEAD_BYTES];
  struct http_head head;
  struct http_head_error error;
  size_t len;

  (void)state;
  (void)snprintf(text, sizeof text, "GET /%01023d HTTP/1.1\r\nHost: x\r\n\r\n", 0);
  assert_int_equal(read_text(text, &head, &error), HTTP_HEAD_WHOLE);
  assert_int_equal(strlen(head.path), ICWS_HTTP_MAX_PATH_BYTES);
  (void)snprintf(text, sizeof text, "GET /%01024d HTTP/1.1\r\nHost: x\r\n\r\n", 0);
  assert_int_equal(read_text(text, &head, &error), HTTP_HEAD_BAD);
  assert_int_equal(error.status, 414);
  (void)snprintf(text, sizeof text, LINE "Origin: %0256d\r\n\r\n", 0);
  assert_int_equal(read_text(text, &head, &error), HTTP_HEAD_WHOLE);
  (void)snprintf(text, sizeof text, LINE "Origin: %0257d\r\n\r\n", 0);
  assert_int_equal(read_text(text, &head, &error), HTTP_HEAD_BAD);
  assert_int_equal(error.status, 431);

  memset(text, 'a', sizeof text);
  memcpy(text, LINE "A: ", sizeof LINE "A: " - 1);
  assert_int_equal(
      http_head_read(icws_bytes_of(text, ICWS_HTTP_MAX_HEAD_BYTES), &head, &len, &error),
      HTTP_HEAD_MORE);
  assert_int_equal(
      http_head_read(icws_bytes_of(text, ICWS_HTTP_MAX_HEAD_BYTES + 1), &head, &len, &error),
      HTTP_HEAD_BAD);
  assert_int_equal(error.status, 431);
  memcpy(text + ICWS_HTTP_MAX_HEAD_BYTES - 4, "\r\n\r\n", 4);
  assert_int_equal(http_head_read(icws_bytes_of(text, sizeof text), &head, &len, &error),
                   HTTP_HEAD_WHOLE);
  assert_int_equal(len, ICWS_HTTP_MAX_HEAD_BYTES);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields_are_read),
      cmocka_unit_test(test_targets),
      cmocka_unit_test(test_connections_are_kept_or_not),
      cmocka_unit_test(test_bad_heads),
      cmocka_unit_test(test_beginnings_ask_for_more),
      cmocka_unit_test(test_limits),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

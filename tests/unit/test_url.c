/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "url.h"

struct good {
  const char *text;
  const char *scheme;
  bool secure;
  bool numeric;
  unsigned port;
  const char *host;
  const char *path;
  const char *authority;
};

static void test_good(void **state)
{
  static const struct good cases[] = {
      {"ws://gateway.example", "ws", false, false, 80, "gateway.example", "/",
       "gateway.example:80"},
      {"wss://gateway.example", "ws", true, false, 443, "gateway.example", "/",
       "gateway.example:443"},
      {"WSS://Gateway.Example:8443/a/b?c=d/e", "ws", true, false, 8443, "Gateway.Example",
       "/a/b?c=d/e", "Gateway.Example:8443"},
      {"ws://host?query", "ws", false, false, 80, "host", "/?query", "host:80"},
      {"ws://host/%20~!$&'()*+,;=:@-._", "ws", false, false, 80, "host", "/%20~!$&'()*+,;=:@-._",
       "host:80"},
      {"ws://127.0.0.1:65535/", "ws", false, true, 65535, "127.0.0.1", "/", "127.0.0.1:65535"},
      {"ws://[::1]", "ws", false, true, 80, "::1", "/", "[::1]:80"},
      {"wss://[2001:db8::1]:9/x", "ws", true, true, 9, "2001:db8::1", "/x", "[2001:db8::1]:9"},
      {"http://localhost:4943", "http", false, false, 4943, "localhost", "/", "localhost:4943"},
      {"https://icp-api.io/", "http", true, false, 443, "icp-api.io", "/", "icp-api.io:443"},
      {"ws://with_underscore.a-b.", "ws", false, false, 80, "with_underscore.a-b.", "/",
       "with_underscore.a-b.:80"},
      {"ws://1.2.3.example", "ws", false, false, 80, "1.2.3.example", "/", "1.2.3.example:80"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_url url;
    assert_int_equal(icws_url_parse(cases[i].text, cases[i].scheme, &url, NULL), ICWS_OK);
    assert_int_equal(url.secure, cases[i].secure);
    assert_int_equal(url.numeric, cases[i].numeric);
    assert_int_equal(url.port, cases[i].port);
    assert_string_equal(url.host, cases[i].host);
    assert_string_equal(url.path, cases[i].path);
    assert_string_equal(url.authority, cases[i].authority);
  }
}

static void test_bad(void **state)
{
  static const struct {
    const char *text;
    const char *reason;
  } cases[] = {
      {"", "not a ws:// or wss:// URL"},
      {"w", "not a ws:// or wss:// URL"},
      {"wss", "not a ws:// or wss:// URL"},
      {"wsss://host", "not a ws:// or wss:// URL"},
      {"http://host", "not a ws:// or wss:// URL"},
      {" ws://host", "not a ws:// or wss:// URL"},
      {"ws:/host", "not a ws:// or wss:// URL"},
      {"ws://", "the host is missing"},
      {"ws:///path", "the host is missing"},
      {"ws://:80", "the host is missing"},
      {"ws://[]", "the host is missing"},
      {"ws://host:", "the port is not"},
      {"ws://host:0", "the port is not"},
      {"ws://host:65536", "the port is not"},
      {"ws://host:+80", "the port is not"},
      {"ws://host:8 0", "the port is not"},
      {"ws://host:000080", "the port is not"},
      {"ws://[::1]80", "the port is not"},
      {"ws://a@host", "a user name"},
      {"ws://a:b@host:80", "a user name"},
      {"ws://[::1", "a ']' is missing"},
      {"ws://[::1%25eth0]", "not an IPv6 address"},
      {"ws://[1.2.3.4]", "not an IPv6 address"},
      {"ws://1.2.3", "not an IPv4 address"},
      {"ws://1.2.3.256", "not an IPv4 address"},
      {"ws://host.1", "not an IPv4 address"},
      {"ws://a..b", "not a host name"},
      {"ws://.", "not a host name"},
      {"ws://h\xc3\xb6st", "not a host name"},
      {"ws://ho\nst", "not a host name"},
      {"ws://host/#f", "a fragment"},
      {"ws://host#f", "a fragment"},
      {"ws://host/%", "a '%'"},
      {"ws://host/%4", "a '%'"},
      {"ws://host/%zz", "a '%'"},
      {"ws://host/a b", "percent-encoded"},
      {"ws://host/\r\nX: y", "percent-encoded"},
      {"ws://host/\xc3\xb6", "percent-encoded"},
      {"ws://host/\\", "percent-encoded"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_failure failure;
    struct icws_url url;
    if (icws_url_parse(cases[i].text, "ws", &url, &failure) != ICWS_ERR_URL)
      fail_msg("taken: %s", cases[i].text);
    if (strstr(failure.text, cases[i].reason) == NULL)
      fail_msg("%s: %s", cases[i].text, failure.text);
  }
}

static void test_password_is_not_told(void **state)
{
  static const char *const texts[] = {"ws://user:secret@host", "ws://user:secret/@host",
                                      "http://user:secret@host", "user:secret@host"};
  size_t i;
  (void)state;
  for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    struct icws_failure failure;
    struct icws_url url;
    assert_int_equal(icws_url_parse(texts[i], "ws", &url, &failure), ICWS_ERR_URL);
    assert_non_null(strstr(failure.text, "host"));
    assert_null(strstr(failure.text, "secret"));
  }
}

/* The longest of each that is taken, and one more. */
static void test_lengths(void **state)
{
  char text[2048];
  char label[65];
  struct icws_url url;
  (void)state;
  memset(label, 'a', 64);
  label[64] = '\0';
  snprintf(text, sizeof text, "ws://%.63s.example", label);
  assert_int_equal(icws_url_parse(text, "ws", &url, NULL), ICWS_OK);
  snprintf(text, sizeof text, "ws://%.64s.example", label);
  assert_int_equal(icws_url_parse(text, "ws", &url, NULL), ICWS_ERR_URL);
  snprintf(text, sizeof text, "ws://%.63s.%.63s.%.63s.%.61s", label, label, label, label);
  assert_int_equal(icws_url_parse(text, "ws", &url, NULL), ICWS_OK);
  assert_int_equal(strlen(url.host), 253);
  snprintf(text, sizeof text, "ws://%.63s.%.63s.%.63s.%.62s", label, label, label, label);
  assert_int_equal(icws_url_parse(text, "ws", &url, NULL), ICWS_ERR_URL);
  strcpy(text, "ws://h/");
  memset(text + 7, 'p', ICWS_URL_PATH_BYTES - 2);
  text[7 + ICWS_URL_PATH_BYTES - 2] = '\0';
  assert_int_equal(icws_url_parse(text, "ws", &url, NULL), ICWS_OK);
  assert_int_equal(strlen(url.path), ICWS_URL_PATH_BYTES - 1);
  strcat(text, "p");
  assert_int_equal(icws_url_parse(text, "ws", &url, NULL), ICWS_ERR_URL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_good),
      cmocka_unit_test(test_bad),
      cmocka_unit_test(test_password_is_not_told),
      cmocka_unit_test(test_lengths),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/agent.h>

#include "common/network_option.h"

static void check(const char *network, const char *expected)
{
  const char *url;
  assert_int_equal(icws_network_option_parse(network, &url, NULL), ICWS_OK);
  assert_string_equal(url, expected);
}

static void test_words(void **state)
{
  (void)state;
  check("ic", "https://icp-api.io");
  check("local", "http://127.0.0.1:4943");
}

static void test_urls(void **state)
{
  (void)state;
  check("http://127.0.0.1:8000", "http://127.0.0.1:8000");
  check("HTTPS://example.org", "HTTPS://example.org");
}

static void test_none(void **state)
{
  const char *url = "";
  (void)state;
  assert_int_equal(icws_network_option_parse(NULL, &url, NULL), ICWS_OK);
  assert_null(url);
}

static void test_nonsense(void **state)
{
  static const char *const wrong[] = {"", "IC", "locale", "ws://127.0.0.1", "http:", "example.org"};
  (void)state;
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
    const char *url;
    struct icws_failure failure;
    assert_int_equal(icws_network_option_parse(wrong[i], &url, &failure),
                     ICWS_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(failure.text, "--network takes"));
  }
}

static void test_is_mainnet(void **state)
{
  (void)state;
  assert_true(icws_network_option_is_mainnet(NULL));
  assert_true(icws_network_option_is_mainnet(ICWS_AGENT_MAINNET_URL));
  assert_false(icws_network_option_is_mainnet("http://icp-api.io"));
  assert_false(icws_network_option_is_mainnet("https://icp-api.io.example.org"));
  assert_false(icws_network_option_is_mainnet(ICWS_NETWORK_LOCAL_URL));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_words),      cmocka_unit_test(test_urls),
      cmocka_unit_test(test_none),       cmocka_unit_test(test_nonsense),
      cmocka_unit_test(test_is_mainnet),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

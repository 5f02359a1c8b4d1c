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
#include "common/root_key_option.h"
#include "vectors.h"

#define URL "http://127.0.0.1:4943"

static enum icws_error parse(const char *root_key, const char *network,
                             struct icws_root_key_option *option)
{
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = icws_root_key_option_parse(root_key, network, option, &failure);
  assert_int_equal(failure.code, error);
  if (error != ICWS_OK)
    assert_true(strlen(failure.text) > 0);
  return error;
}

static void check_refused(const char *root_key, const char *network, enum icws_error error)
{
  struct icws_root_key_option option;
  assert_int_equal(parse(root_key, network, &option), error);
}

static void check_mainnet(const char *root_key, const char *network)
{
  struct icws_root_key_option option;
  assert_int_equal(parse(root_key, network, &option), ICWS_OK);
  assert_int_equal(icws_root_key_option_bytes(&option).len, 0);
  assert_null(option.fetch_url);
}

static void test_mainnet(void **state)
{
  (void)state;
  check_mainnet(NULL, NULL);
  check_mainnet("mainnet", NULL);
  check_mainnet(NULL, "ic");
  check_mainnet("mainnet", "ic");
  check_mainnet("mainnet", URL);
  check_mainnet(NULL, ICWS_AGENT_MAINNET_URL); /* mainnet by its address */
}

static void test_network(void **state)
{
  struct icws_root_key_option option;
  (void)state;
  assert_int_equal(parse("mainnet", NULL, &option), ICWS_OK);
  assert_null(option.network_url);
  assert_int_equal(parse(NULL, "ic", &option), ICWS_OK);
  assert_string_equal(option.network_url, ICWS_AGENT_MAINNET_URL);
  assert_int_equal(parse("mainnet", URL, &option), ICWS_OK);
  assert_string_equal(option.network_url, URL);
}

/* This machine's own network is asked for its key, unless a key is given. */
static void test_local(void **state)
{
  struct icws_root_key_option option;
  (void)state;
  assert_int_equal(parse(NULL, "local", &option), ICWS_OK);
  assert_string_equal(option.network_url, ICWS_NETWORK_LOCAL_URL);
  assert_string_equal(option.fetch_url, ICWS_NETWORK_LOCAL_URL);
  assert_int_equal(parse("mainnet", "local", &option), ICWS_OK);
  assert_string_equal(option.network_url, ICWS_NETWORK_LOCAL_URL);
  assert_null(option.fetch_url);
}

static void test_fetch(void **state)
{
  struct icws_root_key_option option;
  (void)state;
  assert_int_equal(parse("fetch", URL, &option), ICWS_OK);
  assert_string_equal(option.fetch_url, URL);
  assert_int_equal(option.len, 0);
  assert_int_equal(parse("fetch", "https://example.org", &option), ICWS_OK);
  assert_string_equal(option.fetch_url, "https://example.org");
  check_refused("fetch", NULL, ICWS_ERR_INVALID_ARGUMENT);
  check_refused("fetch", "ic", ICWS_ERR_INVALID_ARGUMENT);
  check_refused("fetch", ICWS_AGENT_MAINNET_URL, ICWS_ERR_INVALID_ARGUMENT);
}

static void test_hex(void **state)
{
  json_t *vectors = vectors_own("certified_messages.json");
  const char *hex = vectors_text(vectors, "root_key_hex");
  struct vectors_blob der = vectors_hex(hex);
  struct icws_root_key_option option;
  (void)state;
  assert_int_equal(parse(hex, NULL, &option), ICWS_OK);
  assert_null(option.fetch_url);
  assert_true(icws_bytes_equal(icws_root_key_option_bytes(&option), vectors_bytes(&der)));
  assert_int_equal(parse(hex, URL, &option), ICWS_OK);
  assert_null(option.fetch_url);

  char changed[2 * ICWS_ROOT_KEY_DER_BYTES + 3];
  assert_int_equal(strlen(hex), 2 * ICWS_ROOT_KEY_DER_BYTES);
  strcpy(changed, hex);
  changed[2 * ICWS_ROOT_KEY_DER_BYTES - 1] ^= 1; /* no longer on the curve, or in the group */
  check_refused(changed, NULL, ICWS_ERR_ROOT_KEY);
  strcpy(changed, hex);
  changed[0] = 'g';
  check_refused(changed, NULL, ICWS_ERR_HEX);
  strcpy(changed, hex);
  changed[2 * ICWS_ROOT_KEY_DER_BYTES - 2] = '\0';
  check_refused(changed, NULL, ICWS_ERR_ROOT_KEY);
  strcpy(changed, hex);
  strcat(changed, "00");
  check_refused(changed, NULL, ICWS_ERR_ROOT_KEY);
  free(der.data);
  json_decref(vectors);
}

static void test_nonsense(void **state)
{
  (void)state;
  check_refused("", NULL, ICWS_ERR_ROOT_KEY);
  check_refused("testnet", NULL, ICWS_ERR_HEX);
  check_refused(NULL, "localhost", ICWS_ERR_INVALID_ARGUMENT);
  check_refused("mainnet", "ws://127.0.0.1", ICWS_ERR_INVALID_ARGUMENT);
  check_refused(NULL, URL, ICWS_ERR_INVALID_ARGUMENT); /* nobody trusts a network by accident */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mainnet), cmocka_unit_test(test_network),
      cmocka_unit_test(test_local),   cmocka_unit_test(test_fetch),
      cmocka_unit_test(test_hex),     cmocka_unit_test(test_nonsense),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>

#include <icws/session.h>

#include "common/monotonic.h"
#include "common/network.h"
#include "common/network_option.h"
#include "common/signals.h"

static void check_open(const struct icws_network_settings *settings, const char *url)
{
  struct icws_network network;
  struct icws_failure failure;
  struct icws_principal anonymous = icws_principal_anonymous();
  assert_int_equal(icws_network_open(&network, settings, &failure), ICWS_OK);
  assert_string_equal(network.url, url);
  struct icws_principal self = icws_agent_principal(network.agent);
  assert_true(icws_principal_equal(&self, &anonymous));
  assert_int_equal(icws_network_wait(&network, ICWS_NEVER), 0); /* nothing was asked */
  icws_network_close(&network);
}

static void test_open(void **state)
{
  (void)state;
  check_open(&(struct icws_network_settings){.network = NULL}, ICWS_AGENT_MAINNET_URL);
  check_open(&(struct icws_network_settings){.network = "ic"}, ICWS_AGENT_MAINNET_URL);
  check_open(&(struct icws_network_settings){.network = "local"}, ICWS_NETWORK_LOCAL_URL);
  check_open(
      &(struct icws_network_settings){.network = "http://127.0.0.1:1", .root_key = "mainnet"},
      "http://127.0.0.1:1");
}

/* Mainnet's key is there from the start; a test network's is fetched when it is needed. */
static void test_root_key(void **state)
{
  struct icws_network network;
  (void)state;
  assert_int_equal(
      icws_network_open(&network, &(struct icws_network_settings){.network = "ic"}, NULL), ICWS_OK);
  assert_true(icws_bytes_equal(icws_agent_root_key(network.agent), icws_root_key_mainnet()));
  icws_network_close(&network);
  assert_int_equal(
      icws_network_open(&network, &(struct icws_network_settings){.network = "local"}, NULL),
      ICWS_OK);
  assert_int_equal(icws_agent_root_key(network.agent).len, 0);
  icws_network_close(&network);
}

static void refuse(const struct icws_network_settings *settings, enum icws_error error,
                   const char *text)
{
  struct icws_network network;
  struct icws_failure failure = {.code = ICWS_OK};
  assert_int_equal(icws_network_open(&network, settings, &failure), error);
  assert_int_equal(failure.code, error);
  assert_non_null(strstr(failure.text, text));
  assert_null(network.agent);
  icws_network_close(&network);
}

static void test_refused(void **state)
{
  (void)state;
  refuse(&(struct icws_network_settings){.network = "mars"}, ICWS_ERR_INVALID_ARGUMENT,
         "--network takes");
  refuse(&(struct icws_network_settings){.network = "http://127.0.0.1:1"},
         ICWS_ERR_INVALID_ARGUMENT, "--network URL needs --root-key");
  refuse(&(struct icws_network_settings){.network = "local", .ca_file = "ca.pem"},
         ICWS_ERR_INVALID_ARGUMENT, "--cacert is for https:// networks");
  refuse(&(struct icws_network_settings){.ca_file = "no/such/ca.pem"}, ICWS_ERR_SYSTEM,
         "no/such/ca.pem");
  refuse(&(struct icws_network_settings){.identity = "no/such/key.pem"}, ICWS_ERR_SYSTEM,
         "no/such/key.pem");
  refuse(&(struct icws_network_settings){.network = "http://", .root_key = "mainnet"}, ICWS_ERR_URL,
         "");
  refuse(&(struct icws_network_settings){.proxy = "ftp://127.0.0.1"}, ICWS_ERR_URL, "proxy");
  refuse(&(struct icws_network_settings){.proxy = "http://user:secret@127.0.0.1:1"},
         ICWS_ERR_INVALID_ARGUMENT, "--proxy takes no user and password");
}

static void on_answer(struct icws_agent *agent, const struct icws_agent_answer *answer,
                      void *user_data)
{
  (void)agent;
  (void)answer;
  (void)user_data;
  fail(); /* nobody waits that long */
}

/* A network of this machine that nobody runs, or nobody yet: the waiting ends without an answer. */
static void test_wait(void **state)
{
  static const int numbers[] = {SIGTERM, SIGWINCH};
  struct icws_network network;
  struct icws_agent_request *request;
  (void)state;
  assert_int_equal(
      icws_network_open(&network, &(struct icws_network_settings){.network = "local"}, NULL),
      ICWS_OK);
  assert_int_equal(icws_agent_status(network.agent, on_answer, NULL, &request), ICWS_OK);
  assert_int_equal(icws_network_wait(&network, 0), -1); /* long ago on that clock */
  assert_true(icws_signals_open(numbers, 2));
  raise(SIGWINCH);
  raise(SIGTERM);
  assert_int_equal(icws_network_wait(&network, ICWS_NEVER), SIGTERM);
  icws_signals_close();
  icws_agent_cancel(network.agent, request);
  assert_int_equal(icws_network_wait(&network, ICWS_NEVER), 0);
  icws_network_close(&network);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_open),
      cmocka_unit_test(test_root_key),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_wait),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The agent against a scripted network: what each kind of request sends and gives. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include <icws/agent.h>

#include "agent_fixture.h"

static void assert_log(const struct agent_fixture *fixture, unsigned number, const char *method,
                       const char *path)
{
  char expected[176];
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(&fixture->replica.canister, canister);
  if (strncmp(path, "/api/v2/status", 14) == 0)
    snprintf(expected, sizeof expected, "%s %s", method, path);
  else
    snprintf(expected, sizeof expected, "%s /api/%.2s/canister/%s/%s", method, path, canister,
             path + 3);
  assert_string_equal(fixture->replica.log[number], expected);
}

static void test_status(void **state)
{
  struct agent_fixture fixture = {0};
  struct icws_agent_status status;
  (void)state;
  agent_fixture_start(&fixture);
  assert_int_equal(icws_agent_status(fixture.agent, fixture_answered, &fixture, NULL), ICWS_OK);
  agent_fixture_run(&fixture);
  assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
  assert_int_equal(icws_agent_status_decode(icws_buf_bytes(&fixture.reply), &status), ICWS_OK);
  assert_true(icws_bytes_equal(status.root_key, maker_key_der(&fixture.replica.root)));
  assert_true(icws_bytes_equal(status.health, icws_bytes_text("healthy")));
  assert_log(&fixture, 0, "GET", "/api/v2/status");
  agent_fixture_stop(&fixture);
}

static void test_query(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_true(fixture.time_ns > 0);
  assert_int_equal(fixture.replica.count, 2);
  agent_fixture_stop(&fixture);
}

static void test_query_rejected(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "reject", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_int_equal(fixture.reject_code, ICWS_REJECT_CANISTER_REJECT);
  assert_true(fixture.proven);
  agent_fixture_stop(&fixture);
}

static void test_call(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_true(fixture.has_certificate);
  assert_log(&fixture, 0, "POST", "v3/read_state");
  assert_log(&fixture, 1, "POST", "v4/call");
  agent_fixture_call(&fixture, "reject", "");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_int_equal(fixture.reject_code, ICWS_REJECT_CANISTER_REJECT);
  assert_string_equal(fixture.text, "not today");
  assert_string_equal(fixture.error_code, "IC0406");
  assert_true(fixture.proven);
  assert_int_equal(fixture.replica.count, 3);
  agent_fixture_stop(&fixture);
}

static void test_metadata(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  assert_int_equal(icws_agent_metadata(fixture.agent, &fixture.replica.canister, "candid:service",
                                       fixture_answered, &fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(&fixture);
  agent_fixture_expect_reply(&fixture, "service : {}");
  assert_int_equal(icws_agent_metadata(fixture.agent, &fixture.replica.canister, "candid:args",
                                       fixture_answered, &fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(&fixture);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_ABSENT);
  agent_fixture_stop(&fixture);
}

static void test_relay(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_false(fixture.has_certificate);
  assert_int_equal(fixture.time_ns, 0);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "reject", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_false(fixture.proven);
  agent_fixture_relay(&fixture, ICWS_REQUEST_QUERY, "ws_get_messages", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_log(&fixture, 0, "POST", "v4/call");
  assert_log(&fixture, 1, "POST", "v4/call");
  assert_log(&fixture, 2, "POST", "v2/query");
  assert_int_equal(fixture.replica.count, 3);
  agent_fixture_query(&fixture, "greet", "hello"); /* which says nothing about endpoints */
  assert_log(&fixture, 3, "POST", "v3/query");
  agent_fixture_stop(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_status),         cmocka_unit_test(test_query),
      cmocka_unit_test(test_query_rejected), cmocka_unit_test(test_call),
      cmocka_unit_test(test_metadata),       cmocka_unit_test(test_relay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

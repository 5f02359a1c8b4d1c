/* SPDX-License-Identifier: Apache-2.0 */

/* What the agent believes: root keys, certificates and the signatures of nodes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"

static void test_fetched_root_key(void **state)
{
  struct agent_fixture fixture = {.without_root_key = true, .config = {.fetch_root_key = true}};
  unsigned i;
  (void)state;
  agent_fixture_start(&fixture);
  assert_int_equal(icws_agent_root_key(fixture.agent).len, 0);
  for (i = 0; i < 3; i++) { /* all wait for the one key */
    const struct icws_agent_method method = {.canister = fixture.replica.canister,
                                             .name = icws_bytes_text("greet"),
                                             .arg = icws_bytes_text("hello")};
    assert_int_equal(icws_agent_query(fixture.agent, &method, fixture_answered, &fixture, NULL),
                     ICWS_OK);
  }
  agent_fixture_run(&fixture);
  assert_int_equal(fixture.answers, 3);
  agent_fixture_expect_reply(&fixture, "hello");
  assert_true(
      icws_bytes_equal(icws_agent_root_key(fixture.agent), maker_key_der(&fixture.replica.root)));
  assert_int_equal(fixture.replica.count, 1 + 3 + 1); /* status, queries, node keys */
  assert_string_equal(fixture.replica.log[0], "GET /api/v2/status");
  agent_fixture_stop(&fixture);
}

static void test_no_root_key(void **state)
{
  static const struct {
    const char *text;
    size_t len;
    enum icws_error error;
  } cases[] = {
      {"\xa0", 1, ICWS_ERR_ROOT_KEY},
      {"\xa1\x68root_key\x43"
       "abc",
       14, ICWS_ERR_ROOT_KEY},
      {"\xa1\x68root_key\x40", 11, ICWS_ERR_ROOT_KEY},
      {"hello", 5, ICWS_ERR_CBOR},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct agent_fixture_plan plan = {
        .status = 200, .text = cases[i].text, .len = cases[i].len, .times = 1};
    struct agent_fixture fixture = {.without_root_key = true, .config = {.fetch_root_key = true}};
    agent_fixture_start_plan(&fixture, &plan);
    agent_fixture_query(&fixture, "greet", "hello");
    agent_fixture_expect_failure(&fixture, cases[i].error);
    assert_int_equal(fixture.replica.count, 1);
    agent_fixture_query(&fixture, "greet", "hello"); /* the next fetches again */
    agent_fixture_expect_reply(&fixture, "hello");
    agent_fixture_stop(&fixture);
  }
}

static void test_wrong_root_key(void **state)
{
  struct agent_fixture fixture = {.without_root_key = true}; /* mainnet's */
  (void)state;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_SIGNATURE);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_SIGNATURE);
  assert_false(fixture.may_be_processed); /* the clock could not be read: nothing was sent */
  assert_int_equal(icws_agent_metadata(fixture.agent, &fixture.replica.canister, "candid:service",
                                       fixture_answered, &fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(&fixture);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_SIGNATURE);
  agent_fixture_stop(&fixture);
}

/* Answers well, but for one bit of each query's answer: in the reply. */
static void tamper_with_queries(struct scripted_replica *replica,
                                const struct scripted_http_request *request,
                                struct scripted_http_answer *answer)
{
  size_t i;
  scripted_replica_answer(replica, request, answer);
  if (scripted_path_is(request, "/query"))
    for (i = 0; i + 5 <= answer->body.len; i++)
      if (memcmp(answer->body.data + i, "hello", 5) == 0)
        answer->body.data[i] ^= 1;
}

static void test_tampered_query(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  fixture.replica.script = tamper_with_queries;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_QUERY_SIGNATURE);
  agent_fixture_expect_text(&fixture, "does not verify");
  agent_fixture_stop(&fixture);
}

/* Shows another node |*user_data| times, counted down. */
static void show_other_node(struct scripted_replica *replica,
                            const struct scripted_http_request *request,
                            struct scripted_http_answer *answer)
{
  unsigned *times = replica->user_data;
  struct icws_principal node = replica->node;
  if (scripted_path_is(request, "/read_state") && *times > 0) {
    --*times;
    replica->node.bytes[0] ^= 1;
  }
  scripted_replica_answer(replica, request, answer);
  replica->node = node;
}

static void test_unknown_node(void **state)
{
  unsigned times = 1;
  struct agent_fixture fixture = {0};
  (void)state;
  fixture.replica.script = show_other_node;
  fixture.replica.user_data = &times;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "greet", "hello"); /* the keys are read once more */
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(fixture.replica.count, 3);
  agent_fixture_query(&fixture, "greet", "again"); /* the keys are kept */
  agent_fixture_expect_reply(&fixture, "again");
  assert_int_equal(fixture.replica.count, 4);
  agent_fixture_stop(&fixture);
}

static void test_node_that_stays_unknown(void **state)
{
  unsigned times = 1000;
  struct agent_fixture fixture = {0};
  (void)state;
  fixture.replica.script = show_other_node;
  fixture.replica.user_data = &times;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_QUERY_SIGNATURE);
  agent_fixture_expect_text(&fixture, "not known");
  assert_int_equal(fixture.replica.count, 3);
  agent_fixture_stop(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fetched_root_key), cmocka_unit_test(test_no_root_key),
      cmocka_unit_test(test_wrong_root_key),   cmocka_unit_test(test_tampered_query),
      cmocka_unit_test(test_unknown_node),     cmocka_unit_test(test_node_that_stays_unknown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

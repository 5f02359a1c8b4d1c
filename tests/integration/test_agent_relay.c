/* SPDX-License-Identifier: Apache-2.0 */

/* The envelopes of others, which the agent only carries. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <uv.h>

#include "agent_story.h"

static void test_relay_until_it_is_told(void **state)
{
  struct agent_story story = {.accepted = 2, .hang_ups = 1};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(story.calls, 4);
  assert_true(story.same_id);
  assert_int_equal(story.polls, 0);
  agent_fixture_stop(&fixture);
}

static void test_relay_refused(void **state)
{
  struct agent_story story = {.refuse = true, .reject_code = ICWS_REJECT_CANISTER_REJECT};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_int_equal(fixture.reject_code, ICWS_REJECT_CANISTER_REJECT);
  assert_string_equal(fixture.text, "too busy");
  assert_int_equal(story.calls, 1);
  agent_fixture_stop(&fixture);
}

/* The canister has not seen it, and the reason may go away. */
static void test_relay_refused_for_the_time_being(void **state)
{
  struct agent_story story = {.refusals = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(story.calls, 3);
  assert_true(story.same_id);
  agent_fixture_stop(&fixture);
}

static void test_relay_to_v2(void **state)
{
  struct agent_story story = {.oldest_missing = 3, .accepted = 1};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_UNSUPPORTED);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

static void relay_with_expiry(struct agent_fixture *fixture, int64_t in_ns)
{
  uint64_t expiry = scripted_replica_now_ns(&fixture->replica) + (uint64_t)in_ns;
  struct icws_buf envelope;
  icws_buf_init(&envelope, 0, NULL);
  agent_fixture_put_envelope(fixture, ICWS_REQUEST_CALL, "ws_message", "hello", expiry, &envelope);
  assert_int_equal(icws_agent_relay_call(fixture->agent, &fixture->replica.canister,
                                         icws_buf_bytes(&envelope), fixture_answered, fixture,
                                         NULL),
                   ICWS_OK);
  agent_fixture_run(fixture);
  icws_buf_wipe(&envelope);
}

static void test_relay_expires(void **state)
{
  struct agent_story story = {.accepted = 1000};
  struct agent_fixture fixture = {.config = {.exchange_timeout_ms = 1000}};
  (void)state;
  agent_story_start(&fixture, &story);
  relay_with_expiry(&fixture, 100000000);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CALL_UNKNOWN);
  assert_true(fixture.may_be_processed);
  assert_true(story.calls >= 1 && story.same_id);
  story.accepted = 0;
  relay_with_expiry(&fixture, -1000000000); /* the network says so */
  agent_fixture_expect_failure(&fixture, ICWS_ERR_EXPIRY);
  assert_false(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

static void test_relay_refused_until_it_expires(void **state)
{
  struct agent_story refused = {.refuse = true};
  struct agent_story taken = {.accepted = 1, .refuse = true};
  struct agent_fixture fixture = {.config = {.exchange_timeout_ms = 1000}};
  (void)state;
  agent_story_start(&fixture, &refused);
  relay_with_expiry(&fixture, 100000000);
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_int_equal(fixture.reject_code, ICWS_REJECT_SYS_TRANSIENT);
  assert_string_equal(fixture.text, "too busy");
  agent_fixture_stop(&fixture);

  fixture = (struct agent_fixture){.config = {.exchange_timeout_ms = 1000}};
  agent_story_start(&fixture, &taken); /* by one node, refused by others */
  relay_with_expiry(&fixture, 100000000);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CALL_UNKNOWN);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

static void stall(struct scripted_replica *replica, const struct scripted_http_request *request,
                  struct scripted_http_answer *answer)
{
  (void)replica;
  scripted_wait_for_end(request->connection);
  answer->hang_up = true;
}

static void test_relay_expires_under_way(void **state)
{
  struct agent_fixture fixture = {.replica = {.script = stall},
                                  .config = {.exchange_timeout_ms = 500}};
  (void)state;
  agent_fixture_start(&fixture);
  relay_with_expiry(&fixture, 100000000);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CALL_UNKNOWN);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

/* Not given up after some attempts, as a request of one's own is. */
static void test_relay_without_a_network(void **state)
{
  const uint32_t wait_ms = 3000; /* longer than four attempts with their pauses */
  struct agent_fixture fixture = {
      .config = {.network_url = "http://127.0.0.1:9", .exchange_timeout_ms = wait_ms}};
  uint64_t start_ns;
  (void)state;
  agent_fixture_start(&fixture);
  start_ns = uv_hrtime();
  relay_with_expiry(&fixture, 100000000);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CONNECT);
  assert_false(fixture.may_be_processed);
  /* The loop's clock is cut to milliseconds. */
  assert_true(uv_hrtime() - start_ns > (wait_ms - 2) * UINT64_C(1000000));
  agent_fixture_stop(&fixture);
}

static void test_relay_what_is_none(void **state)
{
  struct agent_fixture fixture = {0};
  struct icws_buf envelope;
  (void)state;
  agent_fixture_start(&fixture);
  icws_buf_init(&envelope, 0, NULL);
  agent_fixture_put_envelope(&fixture, ICWS_REQUEST_QUERY, "m", "", UINT64_MAX, &envelope);
  assert_int_equal(icws_agent_relay_call(fixture.agent, &fixture.replica.canister,
                                         icws_buf_bytes(&envelope), fixture_answered, &fixture,
                                         NULL),
                   ICWS_ERR_ENVELOPE);
  assert_int_equal(icws_agent_relay_query(fixture.agent, &fixture.replica.canister,
                                          icws_bytes_text("hello"), fixture_answered, &fixture,
                                          NULL),
                   ICWS_ERR_CBOR);
  assert_int_equal(icws_agent_process(fixture.agent), 0);
  icws_buf_wipe(&envelope);
  agent_fixture_stop(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_relay_until_it_is_told),
      cmocka_unit_test(test_relay_refused),
      cmocka_unit_test(test_relay_refused_for_the_time_being),
      cmocka_unit_test(test_relay_refused_until_it_expires),
      cmocka_unit_test(test_relay_to_v2),
      cmocka_unit_test(test_relay_expires),
      cmocka_unit_test(test_relay_expires_under_way),
      cmocka_unit_test(test_relay_without_a_network),
      cmocka_unit_test(test_relay_what_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Clocks that differ: this machine's, the network's, and those of whoever replays the past. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent_story.h"

#define S INT64_C(1000000000)
#define MIN (60 * S)

static void read_time(struct agent_fixture *fixture)
{
  const struct icws_bytes label = icws_bytes_text("time");
  const struct icws_agent_path path = {&label, 1};
  assert_int_equal(icws_agent_read_state(fixture->agent, &fixture->replica.canister, &path, 1,
                                         fixture_answered, fixture, NULL),
                   ICWS_OK);
  agent_fixture_run(fixture);
}

static void query(struct agent_fixture *fixture)
{
  agent_fixture_query(fixture, "greet", "hello");
}

static void call(struct agent_fixture *fixture)
{
  agent_fixture_call(fixture, "greet", "hello");
}

typedef void ask_fn(struct agent_fixture *fixture);

static ask_fn *const asks[] = {read_time, query, call};

#define ASKS (sizeof asks / sizeof asks[0])

/* How far the skew that was found is off; the tests take their time. */
static bool is_near(int64_t skew, int64_t expected)
{
  return skew > expected - 30 * S && skew < expected + 30 * S;
}

static void test_clocks_that_agree(void **state)
{
  static const int64_t leads[] = {0, -30 * S, 30 * S};
  size_t i;
  (void)state;
  for (i = 0; i < 3 * ASKS; i++) {
    struct agent_fixture fixture = {.machine_ahead_ns = leads[i / ASKS]};
    agent_fixture_start(&fixture);
    asks[i % ASKS](&fixture);
    assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
    assert_int_equal(icws_agent_skew_ns(fixture.agent), 0);
    agent_fixture_stop(&fixture);
  }
}

static void test_wrong_clocks(void **state)
{
  static const int64_t leads[] = {-10 * MIN, 10 * MIN, -24 * 60 * MIN, 50 * MIN};
  size_t i;
  (void)state;
  for (i = 0; i < 4 * ASKS; i++) {
    struct agent_fixture fixture = {.machine_ahead_ns = leads[i / ASKS]};
    unsigned count;
    agent_fixture_start(&fixture);
    asks[i % ASKS](&fixture);
    if (fixture.outcome != ICWS_AGENT_REPLIED)
      fail_msg("%zu: %s", i, fixture.failure.text);
    if (!is_near(icws_agent_skew_ns(fixture.agent), -leads[i / ASKS]))
      fail_msg("%zu: %lld", i, (long long)icws_agent_skew_ns(fixture.agent));
    count = fixture.replica.count;
    asks[i % ASKS](&fixture); /* now it is known */
    assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
    assert_int_equal(fixture.replica.count, count + 1);
    agent_fixture_stop(&fixture);
  }
}

static void test_clock_too_far_ahead(void **state)
{
  size_t i;
  (void)state;
  for (i = 0; i < ASKS; i++) {
    struct agent_fixture fixture = {.machine_ahead_ns = 61 * MIN};
    agent_fixture_start(&fixture);
    asks[i](&fixture);
    agent_fixture_expect_failure(&fixture, ICWS_ERR_EXPIRY);
    assert_non_null(strstr(fixture.failure.text, "set the clock"));
    assert_false(fixture.may_be_processed);
    assert_int_equal(icws_agent_skew_ns(fixture.agent), 0);
    agent_fixture_stop(&fixture);
  }
}

/* The clock jumps after the agent has looked at it. */
static void test_call_that_had_expired(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  call(&fixture);
  agent_fixture_expect_reply(&fixture, "hello");
  fixture.machine_ahead_ns = -10 * MIN;
  call(&fixture);
  agent_fixture_expect_reply(&fixture, "hello");
  assert_true(is_near(icws_agent_skew_ns(fixture.agent), 10 * MIN));
  assert_int_equal(fixture.replica.count, 5); /* time, call, refused, time, call */
  agent_fixture_stop(&fixture);
}

static void test_call_that_may_still_come(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  call(&fixture);
  fixture.machine_ahead_ns = 10 * MIN;
  call(&fixture);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_EXPIRY);
  assert_true(fixture.may_be_processed);
  assert_int_equal(fixture.replica.count, 4); /* time, call, refused, time */
  call(&fixture);
  agent_fixture_expect_reply(&fixture, "hello");
  agent_fixture_stop(&fixture);
}

/* It had expired, too, but the machine may have slept between the attempts. */
static void test_call_that_may_have_arrived(void **state)
{
  struct agent_story story = {0};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  call(&fixture);
  agent_fixture_expect_reply(&fixture, "hello");
  fixture.machine_ahead_ns = -10 * MIN;
  story.hang_ups = 1;
  call(&fixture);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_EXPIRY);
  assert_true(fixture.may_be_processed);
  assert_int_equal(story.calls, 3);
  agent_fixture_stop(&fixture);
}

static void test_old_node_keys(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  query(&fixture);
  query(&fixture);
  assert_int_equal(fixture.replica.count, 3); /* the keys were read once */
  fixture.machine_ahead_ns = 6 * MIN;
  fixture.replica.ahead_ns = 6 * MIN;
  query(&fixture);
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(fixture.replica.count, 5);
  agent_fixture_stop(&fixture);
}

/* Whoever replays the past cannot go back behind what was seen. */
static void test_replayed_past(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  read_time(&fixture);
  assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
  fixture.replica.ahead_ns = -30 * MIN;
  query(&fixture); /* its own answer is refused; the time that is asked for is an old one, too */
  assert_int_equal(fixture.outcome, ICWS_AGENT_FAILED);
  assert_int_equal(icws_agent_skew_ns(fixture.agent), 0);
  agent_fixture_stop(&fixture);
}

static void put_old(struct scripted_replica *replica, const struct scripted_http_request *request,
                    struct scripted_http_answer *answer)
{
  int64_t ahead = replica->ahead_ns;
  if (request->number > 0)
    replica->ahead_ns = -30 * MIN;
  if (request->is_envelope && request->envelope.has_public_key) {
    /* as an honest network would take it */
    struct scripted_http_request taken = *request;
    taken.envelope.has_public_key = false;
    scripted_replica_answer(replica, &taken, answer);
  } else {
    scripted_replica_answer(replica, request, answer);
  }
  replica->ahead_ns = ahead;
}

static void test_stale_state(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  fixture.replica.script = put_old;
  agent_fixture_start(&fixture);
  read_time(&fixture);
  assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
  read_time(&fixture);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_STALE);
  assert_int_equal(fixture.replica.count, 3);
  assert_int_equal(icws_agent_skew_ns(fixture.agent), 0);
  agent_fixture_stop(&fixture);
}

/* Refuses everything for its expiry, whatever it is. */
static void refuse_all(struct scripted_replica *replica,
                       const struct scripted_http_request *request,
                       struct scripted_http_answer *answer)
{
  if (request->is_envelope && request->envelope.has_public_key)
    scripted_put_text(answer, 400, "Invalid request expiry: never");
  else
    scripted_replica_answer(replica, request, answer);
}

static void test_refused_again(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  fixture.replica.script = refuse_all;
  agent_fixture_start(&fixture);
  query(&fixture);
  agent_fixture_expect_failure(&fixture, ICWS_ERR_EXPIRY);
  assert_non_null(strstr(fixture.failure.text, "never"));
  agent_fixture_stop(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_clocks_that_agree),
      cmocka_unit_test(test_wrong_clocks),
      cmocka_unit_test(test_clock_too_far_ahead),
      cmocka_unit_test(test_call_that_had_expired),
      cmocka_unit_test(test_call_that_may_still_come),
      cmocka_unit_test(test_call_that_may_have_arrived),
      cmocka_unit_test(test_old_node_keys),
      cmocka_unit_test(test_replayed_past),
      cmocka_unit_test(test_stale_state),
      cmocka_unit_test(test_refused_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

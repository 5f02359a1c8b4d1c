/* SPDX-License-Identifier: Apache-2.0 */

/* How the agent comes to the outcome of a call. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent_story.h"

static unsigned count_in_log(const struct agent_fixture *fixture, const char *version,
                             const char *ending)
{
  unsigned count = 0;
  unsigned i;
  for (i = 0; i < fixture->replica.count && i < SCRIPTED_LOG_MAX; i++) {
    const char *line = fixture->replica.log[i];
    const char *end = line + strlen(line) - strlen(ending);
    if (strstr(line, version) != NULL && end >= line && strcmp(end, ending) == 0)
      count++;
  }
  return count;
}

static void test_accepted(void **state)
{
  struct agent_story story = {.accepted = 1, .processing = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "polled");
  assert_true(fixture.has_certificate);
  assert_int_equal(story.calls, 1);
  assert_int_equal(story.polls, 3);
  agent_fixture_stop(&fixture);
}

static void test_refused_poll(void **state)
{
  struct agent_story story = {.accepted = 1, .refused_polls = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "polled");
  assert_int_equal(story.calls, 1);
  agent_fixture_stop(&fixture);
}

static void test_rejected_by_poll(void **state)
{
  struct agent_story story = {.accepted = 1};
  struct agent_fixture fixture = {.replica = {.outcome_of_poll = SCRIPTED_REJECTED}};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_true(fixture.proven);
  assert_string_equal(fixture.text, "not today");
  agent_fixture_stop(&fixture);
}

static void test_forgotten(void **state)
{
  struct agent_story story = {.accepted = 1};
  struct agent_fixture fixture = {.replica = {.outcome_of_poll = SCRIPTED_DONE}};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CALL_FORGOTTEN);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

static void test_certificate_without_the_call(void **state)
{
  struct agent_story story = {.without_request = true};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "polled");
  assert_int_equal(story.calls, 1);
  agent_fixture_stop(&fixture);
}

static void test_refused_before_replication(void **state)
{
  struct agent_story story = {.refuse = true};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_int_equal(fixture.reject_code, ICWS_REJECT_SYS_TRANSIENT);
  assert_string_equal(fixture.text, "too busy");
  assert_string_equal(fixture.error_code, "");
  assert_false(fixture.proven);
  assert_false(fixture.has_certificate);
  agent_fixture_stop(&fixture);
}

static void test_tampered(void **state)
{
  struct agent_story story = {.tamper = true};
  struct agent_story polled = {.accepted = 1, .tamper_polls = true};
  struct agent_fixture fixture = {0};
  struct agent_fixture other = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_SIGNATURE);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
  agent_story_start(&other, &polled);
  agent_fixture_call(&other, "greet", "hello");
  agent_fixture_expect_failure(&other, ICWS_ERR_CERTIFICATE_SIGNATURE);
  assert_true(other.may_be_processed);
  agent_fixture_stop(&other);
}

static void test_same_bytes_again(void **state)
{
  struct agent_story story = {.hang_ups = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(story.calls, 3);
  assert_true(story.same_id);
  agent_fixture_call(&fixture, "greet", "hello"); /* the same once more is another call */
  agent_fixture_expect_reply(&fixture, "hello");
  assert_false(story.same_id);
  agent_fixture_stop(&fixture);
}

static void test_fallback_to_v3(void **state)
{
  struct agent_story story = {.oldest_missing = 4};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  agent_fixture_call(&fixture, "greet", "again");
  agent_fixture_expect_reply(&fixture, "again");
  assert_int_equal(count_in_log(&fixture, "/v4/", "/call"), 1);
  assert_int_equal(count_in_log(&fixture, "/v3/", "/call"), 2);
  agent_fixture_stop(&fixture);
}

static void test_fallback_to_v2(void **state)
{
  struct agent_story story = {.oldest_missing = 3, .old_read_state = true, .accepted = 1};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "polled");
  assert_int_equal(count_in_log(&fixture, "/v4/", "/call"), 1);
  assert_int_equal(count_in_log(&fixture, "/v3/", "/call"), 1);
  assert_int_equal(count_in_log(&fixture, "/v2/", "/call"), 1);
  assert_int_equal(count_in_log(&fixture, "/v3/", "/read_state"), 1);
  assert_int_equal(count_in_log(&fixture, "/v2/", "/read_state"), 2);
  agent_fixture_stop(&fixture);
}

static void test_no_endpoint_at_all(void **state)
{
  struct agent_story story = {.oldest_missing = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_story_start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_REFUSED);
  assert_false(fixture.may_be_processed);
  story.oldest_missing = 0; /* the next begins with the newest again */
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(count_in_log(&fixture, "/v4/", "/call"), 2);
  agent_fixture_stop(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_accepted),
      cmocka_unit_test(test_refused_poll),
      cmocka_unit_test(test_rejected_by_poll),
      cmocka_unit_test(test_forgotten),
      cmocka_unit_test(test_certificate_without_the_call),
      cmocka_unit_test(test_refused_before_replication),
      cmocka_unit_test(test_tampered),
      cmocka_unit_test(test_same_bytes_again),
      cmocka_unit_test(test_fallback_to_v3),
      cmocka_unit_test(test_fallback_to_v2),
      cmocka_unit_test(test_no_endpoint_at_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

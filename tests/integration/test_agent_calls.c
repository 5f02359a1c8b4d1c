/* SPDX-License-Identifier: Apache-2.0 */

/* How the agent comes to the outcome of a call, its own and others'. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <icws/cbor.h>

#include "agent_fixture.h"

/* What the network does with calls, and what it noted. */
struct story {
  unsigned oldest_missing; /* endpoints of calls from this version on answer with 404; 0: none */
  bool old_read_state;     /* read_state has v2 only */
  unsigned accepted;       /* so many calls are answered with 202, then well */
  unsigned hang_ups;       /* so many calls are answered with nothing, first */
  unsigned processing;     /* so many polls show "processing", then outcome_of_poll */
  bool refuse;             /* non_replicated_rejection */
  bool without_request;    /* the certificate does not show the call */
  bool tamper;             /* with the certificate of a call */
  bool tamper_polls;       /* with the certificate of a poll */

  unsigned calls;
  unsigned polls;
  bool same_id; /* of all calls */
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
};

static void note_call(struct story *story, const struct icws_envelope *envelope)
{
  story->same_id = story->calls == 0 ||
                   (story->same_id &&
                    memcmp(story->request_id, envelope->request_id, ICWS_REQUEST_ID_BYTES) == 0);
  memcpy(story->request_id, envelope->request_id, ICWS_REQUEST_ID_BYTES);
  story->calls++;
}

static void put_refusal(struct icws_buf *out)
{
  icws_cbor_put_map(out, 3);
  icws_cbor_put_key(out, "status");
  icws_cbor_put_text(out, icws_bytes_text("non_replicated_rejection"));
  icws_cbor_put_key(out, "reject_code");
  icws_cbor_put_uint(out, ICWS_REJECT_SYS_TRANSIENT);
  icws_cbor_put_key(out, "reject_message");
  icws_cbor_put_text(out, icws_bytes_text("too busy"));
}

static void put_bare_certificate(struct scripted_replica *replica, struct icws_buf *out)
{
  struct icws_buf certificate;
  icws_buf_init(&certificate, 0, NULL);
  scripted_put_call_certificate(replica, NULL, SCRIPTED_ABSENT, icws_bytes_of(NULL, 0),
                                scripted_replica_now_ns(replica), &certificate);
  scripted_put_call_answer(out, icws_buf_bytes(&certificate));
  icws_buf_wipe(&certificate);
}

static bool is_missing(const struct story *story, const struct scripted_http_request *request)
{
  unsigned version = (unsigned)(request->path[6] - '0');
  if (scripted_path_is(request, "/read_state"))
    return story->old_read_state && version > 2;
  return scripted_path_is(request, "/call") && story->oldest_missing > 0 &&
         version >= story->oldest_missing;
}

static void flip_last_bit(struct icws_buf *body)
{
  body->data[body->len - 1] ^= 1; /* in the certificate's signature */
}

static void answer_call(struct scripted_replica *replica, struct story *story,
                        const struct scripted_http_request *request,
                        struct scripted_http_answer *answer)
{
  note_call(story, &request->envelope);
  if (story->hang_ups > 0) {
    story->hang_ups--;
    answer->hang_up = true;
  } else if (story->accepted > 0) {
    story->accepted--;
    scripted_put_text(answer, 202, "the request is under way");
  } else if (story->refuse) {
    put_refusal(&answer->body);
  } else if (story->without_request) {
    put_bare_certificate(replica, &answer->body);
  } else {
    scripted_replica_answer(replica, request, answer);
    if (story->tamper)
      flip_last_bit(&answer->body);
  }
}

static bool is_poll(const struct scripted_http_request *request)
{
  /* an array of one path of two labels, the first of 14 characters */
  return scripted_path_is(request, "/read_state") && request->envelope.paths.len > 20 &&
         memcmp(request->envelope.paths.data, "\x81\x82\x4erequest_status", 17) == 0;
}

static void tell(struct scripted_replica *replica, const struct scripted_http_request *request,
                 struct scripted_http_answer *answer)
{
  struct story *story = replica->user_data;
  enum scripted_status outcome = replica->outcome_of_poll;
  if (is_missing(story, request)) {
    scripted_put_text(answer, 404, "not found");
    return;
  }
  if (scripted_path_is(request, "/call")) {
    answer_call(replica, story, request, answer);
    return;
  }
  if (is_poll(request) && story->polls++ < story->processing)
    replica->outcome_of_poll = SCRIPTED_PROCESSING;
  scripted_replica_answer(replica, request, answer);
  replica->outcome_of_poll = outcome;
  if (is_poll(request) && story->tamper_polls)
    flip_last_bit(&answer->body);
}

static void start(struct agent_fixture *fixture, struct story *story)
{
  fixture->replica.script = tell;
  fixture->replica.user_data = story;
  agent_fixture_start(fixture);
}

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

/* --- Our own calls ---------------------------------------------------------------------------- */

static void test_accepted(void **state)
{
  struct story story = {.accepted = 1, .processing = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "polled");
  assert_true(fixture.has_certificate);
  assert_int_equal(story.calls, 1);
  assert_int_equal(story.polls, 3);
  agent_fixture_stop(&fixture);
}

static void test_rejected_by_poll(void **state)
{
  struct story story = {.accepted = 1};
  struct agent_fixture fixture = {.replica = {.outcome_of_poll = SCRIPTED_REJECTED}};
  (void)state;
  start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_true(fixture.proven);
  assert_string_equal(fixture.text, "not today");
  agent_fixture_stop(&fixture);
}

static void test_forgotten(void **state)
{
  struct story story = {.accepted = 1};
  struct agent_fixture fixture = {.replica = {.outcome_of_poll = SCRIPTED_DONE}};
  (void)state;
  start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CALL_FORGOTTEN);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

static void test_certificate_without_the_call(void **state)
{
  struct story story = {.without_request = true};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "polled");
  assert_int_equal(story.calls, 1);
  agent_fixture_stop(&fixture);
}

static void test_refused_before_replication(void **state)
{
  struct story story = {.refuse = true};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
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
  struct story story = {.tamper = true};
  struct story polled = {.accepted = 1, .tamper_polls = true};
  struct agent_fixture fixture = {0};
  struct agent_fixture other = {0};
  (void)state;
  start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CERTIFICATE_SIGNATURE);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
  start(&other, &polled);
  agent_fixture_call(&other, "greet", "hello");
  agent_fixture_expect_failure(&other, ICWS_ERR_CERTIFICATE_SIGNATURE);
  assert_true(other.may_be_processed);
  agent_fixture_stop(&other);
}

static void test_same_bytes_again(void **state)
{
  struct story story = {.hang_ups = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
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
  struct story story = {.oldest_missing = 4};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
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
  struct story story = {.oldest_missing = 3, .old_read_state = true, .accepted = 1};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
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
  struct story story = {.oldest_missing = 2};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_HTTP);
  assert_false(fixture.may_be_processed);
  story.oldest_missing = 0; /* the next begins with the newest again */
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(count_in_log(&fixture, "/v4/", "/call"), 2);
  agent_fixture_stop(&fixture);
}

/* --- Others' calls ---------------------------------------------------------------------------- */

static void test_relay_until_it_is_told(void **state)
{
  struct story story = {.accepted = 2, .hang_ups = 1};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  assert_int_equal(story.calls, 4);
  assert_true(story.same_id);
  assert_int_equal(story.polls, 0);
  agent_fixture_stop(&fixture);
}

static void test_relay_refused(void **state)
{
  struct story story = {.refuse = true};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
  agent_fixture_relay(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello");
  assert_int_equal(fixture.outcome, ICWS_AGENT_REJECTED);
  assert_string_equal(fixture.text, "too busy");
  agent_fixture_stop(&fixture);
}

static void test_relay_to_v2(void **state)
{
  struct story story = {.oldest_missing = 3, .accepted = 1};
  struct agent_fixture fixture = {0};
  (void)state;
  start(&fixture, &story);
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
  struct story story = {.accepted = 1000};
  struct agent_fixture fixture = {.config = {.exchange_timeout_ms = 1000}};
  (void)state;
  start(&fixture, &story);
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
      cmocka_unit_test(test_accepted),
      cmocka_unit_test(test_rejected_by_poll),
      cmocka_unit_test(test_forgotten),
      cmocka_unit_test(test_certificate_without_the_call),
      cmocka_unit_test(test_refused_before_replication),
      cmocka_unit_test(test_tampered),
      cmocka_unit_test(test_same_bytes_again),
      cmocka_unit_test(test_fallback_to_v3),
      cmocka_unit_test(test_fallback_to_v2),
      cmocka_unit_test(test_no_endpoint_at_all),
      cmocka_unit_test(test_relay_until_it_is_told),
      cmocka_unit_test(test_relay_refused),
      cmocka_unit_test(test_relay_to_v2),
      cmocka_unit_test(test_relay_expires),
      cmocka_unit_test(test_relay_what_is_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client_session_fixture.h"

/* --- Order ------------------------------------------------------------------------------------ */

static void test_one_message_under_way(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  session_receive_message(f, 3);
  assert_int_equal(f->fake.count, 2);
  assert_int_equal(session_relayed(f, 1), 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->fake.count, 3);
  assert_int_equal(session_relayed(f, 2), 2);
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  assert_int_equal(session_relayed(f, 3), 3);
  fake_network_reply_ok(fake_network_at(&f->fake, 3));
  assert_int_equal(f->fake.count, 4);
  assert_int_equal(f->context.stats.envelopes_relayed, 4);
}

static void test_messages_in_setup_wait_for_ws_open(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  assert_int_equal(f->fake.count, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  assert_int_equal(session_relayed(f, 1), 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(session_relayed(f, 2), 2);
}

static void test_full_queue_pauses_reading(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1); /* under way */
  session_receive_message(f, 2);
  session_receive_message(f, 3);
  assert_false(f->paused);
  session_receive_message(f, 4); /* max_waiting_messages is 3 */
  assert_true(f->paused);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_false(f->paused);
  session_receive_message(f, 5);
  assert_true(f->paused);
  for (size_t i = 2; i <= 5; i++) {
    assert_int_equal(session_relayed(f, i), i);
    fake_network_reply_ok(fake_network_at(&f->fake, i));
  }
  assert_false(f->paused);
  assert_int_equal(f->closed, 0);
}

static void test_refused_message_does_not_end_the_session(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  fake_network_reply_err(fake_network_at(&f->fake, 1), "wrong sequence number");
  assert_int_equal(f->closed, 0); /* the canister says by CloseMessage if it dropped the client */
  assert_int_equal(session_relayed(f, 2), 2);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_REFUSED], 1);
}

/* Unless it dropped the client, and its CloseMessage came, the session ends a while after the first. */
static void test_refused_message_ends_the_session_later(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  fake_network_reply_err(fake_network_at(&f->fake, 1), "no client of mine");
  fake_pass_ms(1000);
  session_receive_message(f, 2);
  fake_network_reply_err(fake_network_at(&f->fake, 2), "nor this");
  fake_pass_ms(999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION,
                         "the canister refused a message: no client of mine");
  session_assert_close_called(f, 3);
}

static void test_rejected_message_ends_the_session(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  fake_network_reject(fake_network_at(&f->fake, 1), ICWS_REJECT_CANISTER_ERROR, "trapped");
  session_assert_refused(f, CLOSE_INTERNAL_ERROR, "ws_message was rejected (5): trapped");
  session_assert_close_called(f, 2); /* and message 2, out of sequence now, is not relayed */
}

static void test_unknown_message_is_followed_by_the_next(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  fake_network_unknown(fake_network_at(&f->fake, 1), "expired");
  assert_int_equal(f->closed, 0);
  assert_int_equal(session_relayed(f, 2), 2);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_NO_ANSWER], 1);
}

static void test_waiting_is_bounded_by_time(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1); /* under way: not waiting */
  fake_pass_ms(30000);
  session_receive_message(f, 2);
  fake_pass_ms(49999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  session_assert_refused(f, CLOSE_TRY_AGAIN_LATER, "a message could not be relayed within 50 s");
  assert_int_equal(f->settled, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  session_assert_close_called(f, 2);
}

static void test_expired_message_is_not_relayed(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  fake_pass_ms(240000);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  session_assert_refused(f, CLOSE_TRY_AGAIN_LATER, "a message expired before it could be relayed");
  session_assert_close_called(f, 2);
}

/* --- Pipelining ------------------------------------------------------------------------------- */

static void test_two_messages_under_way_at_a_time(void **state)
{
  struct session_fixture *f = *state;

  f->context.config.max_in_flight = 2;
  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  session_receive_message(f, 3);
  assert_int_equal(f->fake.count, 3);
  assert_int_equal(session_relayed(f, 1), 1);
  assert_int_equal(session_relayed(f, 2), 2);
  fake_network_reply_ok(fake_network_at(&f->fake, 2)); /* the second is processed first */
  assert_int_equal(session_relayed(f, 3), 3);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  fake_network_reply_ok(fake_network_at(&f->fake, 3));
  assert_int_equal(f->fake.count, 4);
}

static void test_nothing_goes_beside_ws_open(void **state)
{
  struct session_fixture *f = *state;

  f->context.config.max_in_flight = 2;
  session_receive_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  assert_int_equal(f->fake.count, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  assert_int_equal(f->fake.count, 3);
}

static void test_ws_close_waits_for_all_that_is_under_way(void **state)
{
  struct session_fixture *f = *state;

  f->context.config.max_in_flight = 2;
  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  session_receive_message(f, 3);
  client_session_gone(&f->session);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(session_relayed(f, 3), 3);
  fake_network_reply_ok(fake_network_at(&f->fake, 3));
  assert_int_equal(f->fake.count, 4);
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  session_assert_close_called(f, 4);
}

static void test_rejection_with_another_message_under_way(void **state)
{
  struct session_fixture *f = *state;

  f->context.config.max_in_flight = 2;
  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  session_receive_message(f, 3);
  fake_network_reject(fake_network_at(&f->fake, 1), ICWS_REJECT_CANISTER_ERROR, "trapped");
  session_assert_refused(f, CLOSE_INTERNAL_ERROR, "ws_message was rejected (5): trapped");
  assert_int_equal(f->fake.count, 3); /* message 3 is not relayed */
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  session_assert_close_called(f, 3);
}

/* What is under way is cancelled, as tear_down sees. */
static void test_abandoned_with_two_messages_under_way(void **state)
{
  struct session_fixture *f = *state;

  f->context.config.max_in_flight = 2;
  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  client_session_abandon(&f->session);
  assert_int_equal(f->fake.requests[1].state, FAKE_CANCELLED);
  assert_int_equal(f->fake.requests[2].state, FAKE_CANCELLED);
  assert_int_equal(f->left, 1);
}

static void test_latency_is_counted_from_the_frame(void **state)
{
  struct session_fixture *f = *state;
  const struct icws_gateway_histogram *latency = &f->context.stats.relay_latency;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  fake_pass_ms(30);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  fake_pass_ms(30);
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  assert_int_equal(latency->count, 3);
  assert_int_equal(latency->sum_ns, 90000000);
}

/* --- A network that does not tell outcomes ---------------------------------------------------- */

static void test_taken_calls_go_on(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  fake_network_taken(fake_network_at(&f->fake, 0));
  assert_int_equal(f->closed, 0);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  fake_network_taken(fake_network_at(&f->fake, 1));
  assert_int_equal(session_relayed(f, 2), 2);
  fake_network_taken(fake_network_at(&f->fake, 2));
  client_session_gone(&f->session);
  session_assert_close_called(f, 3);
  fake_network_taken(fake_network_at(&f->fake, 3));
  assert_int_equal(f->settled, 1);
  assert_int_equal(fixture_troubles(&f->context.stats), 0);
}

/* --- Leaving ---------------------------------------------------------------------------------- */

static void test_leaving_in_init_concerns_nobody(void **state)
{
  struct session_fixture *f = *state;

  client_session_gone(&f->session);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->left, 0);
  assert_int_equal(f->closed, 0);
}

static void test_leaving_in_setup_closes_after_ws_open(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  client_session_gone(&f->session);
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 1); /* ws_open is still under way */
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  session_assert_close_called(f, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->closed, 0); /* there is nobody to tell */
}

static void test_leaving_before_ws_open_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  session_receive_message(f, 1);
  client_session_gone(&f->session);
  fake_network_reply_err(fake_network_at(&f->fake, 0), "no");
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
}

static void test_leaving_relays_what_was_sent_then_closes(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  client_session_gone(&f->session);
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 2);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(session_relayed(f, 2), 2);
  assert_int_equal(f->settled, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  session_assert_close_called(f, 3);
  fake_network_reply_ok(fake_network_at(&f->fake, 3));
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.closes_called, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_CLOSE_FAILED], 0);
}

static void test_what_expires_after_leaving_is_dropped(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  client_session_gone(&f->session);
  fake_pass_ms(240000);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  session_assert_close_called(f, 2);
  assert_int_equal(f->closed, 0);
}

static void test_failed_ws_close_is_counted(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  client_session_gone(&f->session);
  fake_network_reject(fake_network_at(&f->fake, 1), ICWS_REJECT_CANISTER_ERROR, "stopped");
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_CLOSE_FAILED], 1);
}

static enum icws_error no_randomness(uint8_t *out, size_t len, void *user_data)
{
  (void)out;
  (void)len;
  (void)user_data;
  return ICWS_ERR_SYSTEM;
}

static void test_ws_close_that_cannot_be_made_settles(void **state)
{
  struct session_fixture *f = *state;
  const struct icws_random broken = {.fill = no_randomness};

  session_open(f);
  f->context.config.random = &broken;
  client_session_gone(&f->session);
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_CLOSE_FAILED], 1);
}

static void test_dismissed_client_is_settled_in_order(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  client_session_dismiss(&f->session, CLOSE_GOING_AWAY, "the gateway is going away");
  assert_int_equal(f->close_code, CLOSE_GOING_AWAY);
  assert_int_equal(fixture_refusals(&f->context.stats), 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  session_assert_close_called(f, 3);
}

static void test_slow_client_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  f->send_result = ICWS_ERR_QUEUE_FULL;
  session_deliver(f);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION,
                         "too slow: more than 4194304 bytes wait to be taken");
  assert_int_equal(f->left, 1);
  session_assert_close_called(f, 1);
}

static void test_abandoning_cancels(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_message(f, 1);
  client_session_abandon(&f->session);
  assert_int_equal(f->fake.requests[1].state, FAKE_CANCELLED);
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_set_up, session_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_one_message_under_way),
      TEST(test_messages_in_setup_wait_for_ws_open),
      TEST(test_full_queue_pauses_reading),
      TEST(test_refused_message_does_not_end_the_session),
      TEST(test_refused_message_ends_the_session_later),
      TEST(test_rejected_message_ends_the_session),
      TEST(test_unknown_message_is_followed_by_the_next),
      TEST(test_waiting_is_bounded_by_time),
      TEST(test_expired_message_is_not_relayed),
      TEST(test_two_messages_under_way_at_a_time),
      TEST(test_nothing_goes_beside_ws_open),
      TEST(test_ws_close_waits_for_all_that_is_under_way),
      TEST(test_rejection_with_another_message_under_way),
      TEST(test_abandoned_with_two_messages_under_way),
      TEST(test_latency_is_counted_from_the_frame),
      TEST(test_taken_calls_go_on),
      TEST(test_leaving_in_init_concerns_nobody),
      TEST(test_leaving_in_setup_closes_after_ws_open),
      TEST(test_leaving_before_ws_open_is_refused),
      TEST(test_leaving_relays_what_was_sent_then_closes),
      TEST(test_what_expires_after_leaving_is_dropped),
      TEST(test_failed_ws_close_is_counted),
      TEST(test_ws_close_that_cannot_be_made_settles),
      TEST(test_dismissed_client_is_settled_in_order),
      TEST(test_slow_client_is_refused),
      TEST(test_abandoning_cancels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client_session_fixture.h"

/* --- Init and Setup --------------------------------------------------------------------------- */

static void test_open_enters_and_relays_unchanged(void **state)
{
  struct session_fixture *f = *state;
  const struct icws_principal sender = icws_identity_signer(f->client).sender;
  struct icws_buf frame;
  struct icws_bytes envelope;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_open(&frame, f->client, &f->canister, NONCE, &f->principal);
  assert_int_equal(icws_client_frame_decode(icws_buf_bytes(&frame), &envelope, NULL), ICWS_OK);
  client_session_receive(&f->session, icws_buf_bytes(&frame));

  assert_int_equal(f->session.state, CLIENT_SETUP);
  assert_int_equal(f->entered, 1);
  assert_int_equal(f->submitted_at_enter, 0); /* entered before it was relayed */
  assert_int_equal(f->session.entry.key.nonce, NONCE);
  assert_true(icws_principal_equal(&f->session.entry.key.principal, &sender));
  assert_true(icws_principal_equal(&f->session.entry.canister, &f->canister));
  assert_int_equal(f->fake.count, 1);
  assert_true(icws_bytes_equal(icws_buf_bytes(&f->fake.requests[0].bytes), envelope));
  assert_int_equal(f->closed, 0);
  icws_buf_wipe(&frame);
}

static void test_first_canister_message_opens(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  assert_int_equal(f->sent, 1);
  assert_int_equal(f->context.stats.sessions_opened, 1);
  session_deliver(f);
  assert_int_equal(f->sent, 2);
  assert_int_equal(f->context.stats.sessions_opened, 1);
  assert_int_equal(f->context.stats.messages_relayed, 2);
}

static void test_canister_message_may_overtake_the_answer(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  session_deliver(f);
  assert_int_equal(f->session.state, CLIENT_OPEN);
  session_receive_message(f, 1);
  assert_int_equal(f->fake.count, 1); /* not before ws_open is known to be processed */
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  assert_int_equal(session_relayed(f, 1), 1);
}

static void test_garbage_is_refused(void **state)
{
  struct session_fixture *f = *state;

  client_session_receive(&f->session, icws_bytes_text("\x01garbage"));
  assert_int_equal(f->session.state, CLIENT_CLOSED);
  assert_int_equal(f->close_code, CLOSE_PROTOCOL_ERROR);
  assert_memory_equal(f->close_reason, "not an IC WebSocket frame: ", 27);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->entered, 0);
  client_session_gone(&f->session);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->closed, 1);
}

static void test_first_frame_must_be_ws_open(void **state)
{
  struct session_fixture *f = *state;

  session_receive_message(f, 1);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "the first frame must call ws_open");
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->settled, 1);
}

static void test_ws_open_must_be_a_call(void **state)
{
  struct session_fixture *f = *state;

  session_receive_call(f, (struct fixture_call){.identity = f->client,
                                                .type = ICWS_REQUEST_QUERY,
                                                .canister = f->canister,
                                                .method = "ws_open"});
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "the first frame must call ws_open");
  assert_int_equal(f->fake.count, 0);
}

static void test_argument_of_ws_open_must_decode(void **state)
{
  struct session_fixture *f = *state;

  session_receive_call(f, (struct fixture_call){.identity = f->client,
                                                .canister = f->canister,
                                                .method = "ws_open",
                                                .arg = icws_bytes_text("DIDL")});
  session_assert_refused(f, CLOSE_PROTOCOL_ERROR, "the argument of ws_open is malformed");
  assert_int_equal(f->fake.count, 0);
}

static void test_ws_open_must_name_this_gateway(void **state)
{
  struct session_fixture *f = *state;

  f->principal = icws_identity_signer(f->stranger).sender;
  session_receive_open(f);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "ws_open names another gateway");
  assert_int_equal(f->fake.count, 0);
}

static void test_known_client_key_is_refused(void **state)
{
  struct session_fixture *f = *state;

  f->enter_result = ICWS_ERR_INVALID_STATE;
  session_receive_open(f);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION,
                         "a client with this principal and nonce is connected already");
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->left, 0); /* it is the other's entry */
  assert_int_equal(f->settled, 1);
}

static void test_refused_ws_open_needs_no_ws_close(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  session_receive_message(f, 1); /* waits, and must not be relayed in vain */
  fake_network_reply_err(fake_network_at(&f->fake, 0), "the anonymous principal cannot open");
  session_assert_refused(f, CLOSE_POLICY_VIOLATION,
                         "the canister refused ws_open: the anonymous principal cannot open");
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_REFUSED], 1);
}

static void test_rejected_ws_open_needs_no_ws_close(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  fake_network_reject(fake_network_at(&f->fake, 0), ICWS_REJECT_DESTINATION_INVALID,
                      "canister not found");
  session_assert_refused(f, CLOSE_INTERNAL_ERROR, "ws_open was rejected (3): canister not found");
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_REJECTED], 1);
}

static void test_unknown_ws_open_is_closed_on_the_canister(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  fake_network_unknown(fake_network_at(&f->fake, 0), "the network is away");
  session_assert_refused(f, CLOSE_TRY_AGAIN_LATER, "ws_open got no answer: the network is away");
  session_assert_close_called(f, 1);
  assert_int_equal(f->settled, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->settled, 1);
}

static void test_unreadable_answer_to_ws_open(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  fake_network_reply(fake_network_at(&f->fake, 0), icws_bytes_text("?"));
  session_assert_refused(f, CLOSE_INTERNAL_ERROR, "the canister's answer to ws_open is not one");
  session_assert_close_called(f, 1);
}

static void test_reasons_fit_a_close_frame(void **state)
{
  struct session_fixture *f = *state;
  char text[301];

  memset(text, 'x', 300);
  text[300] = '\0';
  session_receive_open(f);
  fake_network_reply_err(fake_network_at(&f->fake, 0), text);
  assert_int_equal(f->closed, 1);
  assert_in_range(strlen(f->close_reason), 1, 123);
}

/* --- The rate of messages --------------------------------------------------------------------- */

static void test_messages_too_fast_pause_reading(void **state)
{
  struct session_fixture *f = *state;
  const uint64_t start = fake_monotonic_now_ns;

  f->context.config.messages_per_second = 10;
  f->context.config.message_burst = 2;
  session_open(f);
  session_receive_message(f, 1);
  assert_false(f->paused);
  session_receive_message(f, 2);
  assert_true(f->paused);
  assert_int_equal(f->throttled_until_ns, start + 100000000);
  assert_int_equal(f->context.stats.throttled, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  assert_true(f->paused); /* though nothing waits */
  fake_pass_ms(100);
  client_session_resume(&f->session);
  assert_false(f->paused);
  assert_int_equal(f->closed, 0);
}

/* What was on its way when reading was paused is relayed, and paid for. */
static void test_messages_read_too_early_are_paid_for(void **state)
{
  struct session_fixture *f = *state;
  const uint64_t start = fake_monotonic_now_ns;

  f->context.config.messages_per_second = 10;
  f->context.config.message_burst = 1;
  session_open(f);
  session_receive_message(f, 1);
  session_receive_message(f, 2);
  assert_int_equal(f->throttled_until_ns, start + 100000000);
  fake_pass_ms(100);
  client_session_resume(&f->session);
  assert_true(f->paused);
  assert_int_equal(f->throttled_until_ns, start + 200000000);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(session_relayed(f, 2), 2);
}

/* --- Allowed canisters ------------------------------------------------------------------------ */

static void test_only_allowed_canisters_are_served(void **state)
{
  struct session_fixture *f = *state;
  const struct icws_principal allowed[] = {fixture_canister(8), fixture_canister(9)};

  f->context.config.canisters = allowed;
  f->context.config.canister_count = 2;
  session_receive_open(f);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION,
                         "this gateway does not serve canister rdmx6-jaaaa-aaaaa-aaadq-cai");
  assert_int_equal(f->entered, 0);
  assert_int_equal(f->fake.count, 0);
}

static void test_allowed_canister_is_served(void **state)
{
  struct session_fixture *f = *state;
  const struct icws_principal allowed[] = {fixture_canister(8), fixture_canister(7)};

  f->context.config.canisters = allowed;
  f->context.config.canister_count = 2;
  session_open(f);
  assert_int_equal(f->closed, 0);
}

/* --- Only this client's messages -------------------------------------------------------------- */

static void test_other_method_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_call(
      f,
      (struct fixture_call){.identity = f->client, .canister = f->canister, .method = "transfer"});
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "only calls of ws_message are relayed");
  session_assert_close_called(f, 1);
}

/* Queries would not change the canister's state, and no canister would see its sequence number. */
static void test_query_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_call(f, (struct fixture_call){.identity = f->client,
                                                .type = ICWS_REQUEST_QUERY,
                                                .canister = f->canister,
                                                .method = "ws_message"});
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "only calls of ws_message are relayed");
}

static void test_second_open_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_open(f);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "only calls of ws_message are relayed");
}

static void test_other_sender_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_call(f, (struct fixture_call){.identity = f->stranger,
                                                .canister = f->canister,
                                                .method = "ws_message"});
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "a message of another sender than ws_open's");
}

static void test_other_canister_is_refused(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  session_receive_call(f, (struct fixture_call){.identity = f->client,
                                                .canister = fixture_canister(8),
                                                .method = "ws_message"});
  session_assert_refused(f, CLOSE_POLICY_VIOLATION,
                         "a message for another canister than ws_open's");
}

static void test_nothing_is_received_after_the_end(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  client_session_refuse(&f->session, ICWS_GATEWAY_REFUSED_TEXT, CLOSE_UNSUPPORTED_DATA, "text");
  session_receive_message(f, 1);
  session_assert_close_called(f, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->fake.count, 2); /* not after it, either */
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->closed, 1);
}

/* --- Timeouts --------------------------------------------------------------------------------- */

static void test_silent_connection_times_out(void **state)
{
  struct session_fixture *f = *state;

  fake_pass_ms(19999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  session_assert_refused(f, CLOSE_POLICY_VIOLATION, "no ws_open came within 20 s");
  assert_int_equal(f->settled, 1);
}

static void test_opening_times_out(void **state)
{
  struct session_fixture *f = *state;

  fake_pass_ms(10000);
  session_receive_open(f);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  fake_pass_ms(59999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  session_assert_refused(f, CLOSE_TRY_AGAIN_LATER,
                         "the canister sent no message within 60 s of ws_open");
  session_assert_close_called(f, 1);
}

static void test_open_session_has_no_timeout(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  fake_pass_ms(86400000);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
}

static void test_missing_first_message_is_told(void **state)
{
  struct session_fixture *f = *state;

  session_receive_open(f);
  fake_pass_ms(5000); /* not processed yet: the canister owes nothing */
  client_session_tick(&f->session);
  assert_int_equal(f->missing, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  fake_pass_ms(1999);
  client_session_tick(&f->session);
  assert_int_equal(f->missing, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  client_session_tick(&f->session);
  assert_int_equal(f->missing, 2);
  assert_int_equal(f->closed, 0);
}

static void test_no_first_message_is_missing_once_open(void **state)
{
  struct session_fixture *f = *state;

  session_open(f);
  fake_pass_ms(10000);
  client_session_tick(&f->session);
  assert_int_equal(f->missing, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, session_set_up, session_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_open_enters_and_relays_unchanged),
      TEST(test_first_canister_message_opens),
      TEST(test_canister_message_may_overtake_the_answer),
      TEST(test_garbage_is_refused),
      TEST(test_first_frame_must_be_ws_open),
      TEST(test_ws_open_must_be_a_call),
      TEST(test_argument_of_ws_open_must_decode),
      TEST(test_ws_open_must_name_this_gateway),
      TEST(test_known_client_key_is_refused),
      TEST(test_refused_ws_open_needs_no_ws_close),
      TEST(test_rejected_ws_open_needs_no_ws_close),
      TEST(test_unknown_ws_open_is_closed_on_the_canister),
      TEST(test_unreadable_answer_to_ws_open),
      TEST(test_reasons_fit_a_close_frame),
      TEST(test_messages_too_fast_pause_reading),
      TEST(test_messages_read_too_early_are_paid_for),
      TEST(test_only_allowed_canisters_are_served),
      TEST(test_allowed_canister_is_served),
      TEST(test_other_method_is_refused),
      TEST(test_query_is_refused),
      TEST(test_second_open_is_refused),
      TEST(test_other_sender_is_refused),
      TEST(test_other_canister_is_refused),
      TEST(test_nothing_is_received_after_the_end),
      TEST(test_silent_connection_times_out),
      TEST(test_opening_times_out),
      TEST(test_open_session_has_no_timeout),
      TEST(test_missing_first_message_is_told),
      TEST(test_no_first_message_is_missing_once_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

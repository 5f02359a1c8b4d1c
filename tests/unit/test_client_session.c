/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/client_session.h"
#include "gateway_fixture.h"

#define NONCE 42
#define MAX_SENT 64

/* A session, and all that it made others do. */
struct fixture {
  struct fake_network fake;
  struct icws_identity *gateway;
  struct icws_identity *client;
  struct icws_identity *stranger;
  struct icws_principal principal; /* the gateway's */
  struct icws_principal canister;
  struct gateway_context context;
  struct client_session session;

  enum icws_error enter_result;
  bool send_result;
  size_t submitted_at_enter;
  unsigned entered;
  unsigned left;
  unsigned sent;
  unsigned settled;
  unsigned closed;
  bool paused;
  int close_code;
  char close_reason[200];
};

static enum icws_error on_enter(void *user_data)
{
  struct fixture *f = user_data;

  f->entered++;
  f->submitted_at_enter = f->fake.count;
  return f->enter_result;
}

static void on_leave(void *user_data)
{
  ((struct fixture *)user_data)->left++;
}

static bool on_send(void *user_data, struct icws_bytes frame)
{
  struct fixture *f = user_data;

  assert_true(frame.len > 0);
  f->sent++;
  return f->send_result;
}

static void on_pause(void *user_data, bool paused)
{
  ((struct fixture *)user_data)->paused = paused;
}

static void on_close(void *user_data, enum close_code code, const char *reason)
{
  struct fixture *f = user_data;

  f->closed++;
  f->close_code = (int)code;
  (void)snprintf(f->close_reason, sizeof f->close_reason, "%s", reason);
}

static void on_settled(void *user_data)
{
  ((struct fixture *)user_data)->settled++;
}

static const struct client_hooks hooks = {
    .enter = on_enter,
    .leave = on_leave,
    .send = on_send,
    .pause = on_pause,
    .close = on_close,
    .settled = on_settled,
};

static int set_up(void **state)
{
  static struct fixture f;
  static uv_loop_t unused;

  memset(&f, 0, sizeof f);
  fake_network_init(&f.fake);
  f.gateway = fixture_identity(1);
  f.client = fixture_identity(2);
  f.stranger = fixture_identity(3);
  f.principal = icws_identity_signer(f.gateway).sender;
  f.canister = fixture_canister(7);
  f.send_result = true;
  gateway_context_init(&f.context, &(struct icws_gateway_config){
                                       .loop = &unused,
                                       .identity = f.gateway,
                                       .network = &f.fake.network,
                                       .max_waiting_messages = 3,
                                       .max_waiting_bytes = 100000,
                                       .wall_ns = fake_wall_ns,
                                       .monotonic_ns = fake_monotonic_ns,
                                   });
  client_session_init(&f.session, &f.context, "192.0.2.1", &hooks, &f);
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;

  client_session_wipe(&f->session);
  fake_network_wipe(&f->fake);
  icws_identity_del(f->gateway);
  icws_identity_del(f->client);
  icws_identity_del(f->stranger);
  return 0;
}

/* --- What clients do -------------------------------------------------------------------------- */

static void receive_open(struct fixture *f)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_open(&frame, f->client, &f->canister, NONCE, &f->principal);
  client_session_receive(&f->session, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

static void receive_message(struct fixture *f, uint64_t sequence_num)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_message(&frame, f->client, &f->canister, NONCE, sequence_num);
  client_session_receive(&f->session, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

static void receive_call(struct fixture *f, struct fixture_call call)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  call.ingress_expiry = fake_wall_now_ns + UINT64_C(240000000000);
  fixture_put_frame(&frame, &call);
  client_session_receive(&f->session, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

static void deliver(struct fixture *f)
{
  client_session_deliver(&f->session, icws_bytes_text("a certified message"));
}

/* Open towards the canister, ws_open being request 0. */
static void open_session(struct fixture *f)
{
  receive_open(f);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  deliver(f);
  assert_int_equal(f->session.state, CLIENT_OPEN);
}

/* The sequence number of the ws_message that is the request of that index. */
static uint64_t relayed_sequence_num(struct fixture *f, size_t index)
{
  struct icws_websocket_message message;

  assert_string_equal(fake_network_method(&f->fake, index), "ws_message");
  assert_int_equal(
      icws_message_args_decode(fake_network_at(&f->fake, index)->envelope.arg, &message, NULL),
      ICWS_OK);
  return message.sequence_num;
}

static void assert_refused(struct fixture *f, int code, const char *reason)
{
  assert_int_equal(f->session.state, CLIENT_CLOSED);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->close_code, code);
  assert_string_equal(f->close_reason, reason);
  assert_int_equal(fixture_refusals(&f->context.stats), 1);
}

/* ws_close for this client is request |index|, signed by the gateway. */
static void assert_close_called(struct fixture *f, size_t index)
{
  const struct fake_request *request = fake_network_at(&f->fake, index);
  struct icws_client_key key;

  assert_int_equal(f->fake.count, index + 1);
  assert_string_equal(fake_network_method(&f->fake, index), "ws_close");
  assert_true(icws_principal_equal(&request->envelope.sender, &f->principal));
  assert_true(icws_principal_equal(&request->envelope.canister, &f->canister));
  assert_int_equal(icws_envelope_verify(&request->envelope, fake_wall_now_ns, NULL, NULL), ICWS_OK);
  assert_int_equal(icws_close_args_decode(request->envelope.arg, &key, NULL), ICWS_OK);
  assert_true(icws_client_key_equal(&key, &f->session.entry.key));
}

/* --- Init and Setup --------------------------------------------------------------------------- */

static void test_open_enters_and_relays_unchanged(void **state)
{
  struct fixture *f = *state;
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
  struct fixture *f = *state;

  open_session(f);
  assert_int_equal(f->sent, 1);
  assert_int_equal(f->context.stats.sessions_opened, 1);
  deliver(f);
  assert_int_equal(f->sent, 2);
  assert_int_equal(f->context.stats.sessions_opened, 1);
  assert_int_equal(f->context.stats.messages_relayed, 2);
}

static void test_canister_message_may_overtake_the_answer(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  deliver(f);
  assert_int_equal(f->session.state, CLIENT_OPEN);
  receive_message(f, 1);
  assert_int_equal(f->fake.count, 1); /* not before ws_open is known to be processed */
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  assert_int_equal(relayed_sequence_num(f, 1), 1);
}

static void test_garbage_is_refused(void **state)
{
  struct fixture *f = *state;

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
  struct fixture *f = *state;

  receive_message(f, 1);
  assert_refused(f, CLOSE_POLICY_VIOLATION, "the first frame must call ws_open");
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->settled, 1);
}

static void test_ws_open_must_be_a_call(void **state)
{
  struct fixture *f = *state;

  receive_call(f, (struct fixture_call){.identity = f->client,
                                        .type = ICWS_REQUEST_QUERY,
                                        .canister = f->canister,
                                        .method = "ws_open"});
  assert_refused(f, CLOSE_POLICY_VIOLATION, "the first frame must call ws_open");
  assert_int_equal(f->fake.count, 0);
}

static void test_argument_of_ws_open_must_decode(void **state)
{
  struct fixture *f = *state;

  receive_call(f, (struct fixture_call){.identity = f->client,
                                        .canister = f->canister,
                                        .method = "ws_open",
                                        .arg = icws_bytes_text("DIDL")});
  assert_refused(f, CLOSE_PROTOCOL_ERROR, "the argument of ws_open is malformed");
  assert_int_equal(f->fake.count, 0);
}

static void test_ws_open_must_name_this_gateway(void **state)
{
  struct fixture *f = *state;

  f->principal = icws_identity_signer(f->stranger).sender;
  receive_open(f);
  assert_refused(f, CLOSE_POLICY_VIOLATION, "ws_open names another gateway");
  assert_int_equal(f->fake.count, 0);
}

static void test_known_client_key_is_refused(void **state)
{
  struct fixture *f = *state;

  f->enter_result = ICWS_ERR_INVALID_STATE;
  receive_open(f);
  assert_refused(f, CLOSE_POLICY_VIOLATION,
                 "a client with this principal and nonce is connected already");
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->left, 0); /* it is the other's entry */
  assert_int_equal(f->settled, 1);
}

static void test_refused_ws_open_needs_no_ws_close(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  receive_message(f, 1); /* waits, and must not be relayed in vain */
  fake_network_reply_err(fake_network_at(&f->fake, 0), "the anonymous principal cannot open");
  assert_refused(f, CLOSE_POLICY_VIOLATION,
                 "the canister refused ws_open: the anonymous principal cannot open");
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_REFUSED], 1);
}

static void test_rejected_ws_open_needs_no_ws_close(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  fake_network_reject(fake_network_at(&f->fake, 0), ICWS_REJECT_DESTINATION_INVALID,
                      "canister not found");
  assert_refused(f, CLOSE_INTERNAL_ERROR, "ws_open was rejected (3): canister not found");
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_REJECTED], 1);
}

static void test_unknown_ws_open_is_closed_on_the_canister(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  fake_network_unknown(fake_network_at(&f->fake, 0), "the network is away");
  assert_refused(f, CLOSE_TRY_AGAIN_LATER, "ws_open got no answer: the network is away");
  assert_close_called(f, 1);
  assert_int_equal(f->settled, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->settled, 1);
}

static void test_unreadable_answer_to_ws_open(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  fake_network_reply(fake_network_at(&f->fake, 0), icws_bytes_text("?"));
  assert_refused(f, CLOSE_INTERNAL_ERROR, "the canister's answer to ws_open is not one");
  assert_close_called(f, 1);
}

static void test_reasons_fit_a_close_frame(void **state)
{
  struct fixture *f = *state;
  char text[301];

  memset(text, 'x', 300);
  text[300] = '\0';
  receive_open(f);
  fake_network_reply_err(fake_network_at(&f->fake, 0), text);
  assert_int_equal(f->closed, 1);
  assert_in_range(strlen(f->close_reason), 1, 123);
}

/* --- Order ------------------------------------------------------------------------------------ */

static void test_one_message_under_way(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  receive_message(f, 3);
  assert_int_equal(f->fake.count, 2);
  assert_int_equal(relayed_sequence_num(f, 1), 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->fake.count, 3);
  assert_int_equal(relayed_sequence_num(f, 2), 2);
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  assert_int_equal(relayed_sequence_num(f, 3), 3);
  fake_network_reply_ok(fake_network_at(&f->fake, 3));
  assert_int_equal(f->fake.count, 4);
  assert_int_equal(f->context.stats.envelopes_relayed, 4);
}

static void test_messages_in_setup_wait_for_ws_open(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  receive_message(f, 1);
  receive_message(f, 2);
  assert_int_equal(f->fake.count, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  assert_int_equal(relayed_sequence_num(f, 1), 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(relayed_sequence_num(f, 2), 2);
}

static void test_full_queue_pauses_reading(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1); /* under way */
  receive_message(f, 2);
  receive_message(f, 3);
  assert_false(f->paused);
  receive_message(f, 4); /* max_waiting_messages is 3 */
  assert_true(f->paused);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_false(f->paused);
  receive_message(f, 5);
  assert_true(f->paused);
  for (size_t i = 2; i <= 5; i++) {
    assert_int_equal(relayed_sequence_num(f, i), i);
    fake_network_reply_ok(fake_network_at(&f->fake, i));
  }
  assert_false(f->paused);
  assert_int_equal(f->closed, 0);
}

static void test_refused_message_does_not_end_the_session(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  fake_network_reply_err(fake_network_at(&f->fake, 1), "wrong sequence number");
  assert_int_equal(f->closed, 0); /* the canister says by CloseMessage if it dropped the client */
  assert_int_equal(relayed_sequence_num(f, 2), 2);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_REFUSED], 1);
}

static void test_rejected_message_ends_the_session(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  fake_network_reject(fake_network_at(&f->fake, 1), ICWS_REJECT_CANISTER_ERROR, "trapped");
  assert_refused(f, CLOSE_INTERNAL_ERROR, "ws_message was rejected (5): trapped");
  assert_close_called(f, 2); /* and message 2, out of sequence now, is not relayed */
}

static void test_unknown_message_is_followed_by_the_next(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  fake_network_unknown(fake_network_at(&f->fake, 1), "expired");
  assert_int_equal(f->closed, 0);
  assert_int_equal(relayed_sequence_num(f, 2), 2);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_RELAY_NO_ANSWER], 1);
}

static void test_waiting_is_bounded_by_time(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1); /* under way: not waiting */
  fake_pass_ms(30000);
  receive_message(f, 2);
  fake_pass_ms(49999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  assert_refused(f, CLOSE_TRY_AGAIN_LATER, "a message could not be relayed within 50 s");
  assert_int_equal(f->settled, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_close_called(f, 2);
}

static void test_expired_message_is_not_relayed(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  fake_pass_ms(240000);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_refused(f, CLOSE_TRY_AGAIN_LATER, "a message expired before it could be relayed");
  assert_close_called(f, 2);
}

/* --- Only this client's messages -------------------------------------------------------------- */

static void test_other_method_is_refused(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_call(f, (struct fixture_call){
                      .identity = f->client, .canister = f->canister, .method = "transfer"});
  assert_refused(f, CLOSE_POLICY_VIOLATION, "only calls of ws_message are relayed");
  assert_close_called(f, 1);
}

static void test_second_open_is_refused(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_open(f);
  assert_refused(f, CLOSE_POLICY_VIOLATION, "only calls of ws_message are relayed");
}

static void test_other_sender_is_refused(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_call(f, (struct fixture_call){
                      .identity = f->stranger, .canister = f->canister, .method = "ws_message"});
  assert_refused(f, CLOSE_POLICY_VIOLATION, "a message of another sender than ws_open's");
}

static void test_other_canister_is_refused(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_call(f, (struct fixture_call){.identity = f->client,
                                        .canister = fixture_canister(8),
                                        .method = "ws_message"});
  assert_refused(f, CLOSE_POLICY_VIOLATION, "a message for another canister than ws_open's");
}

static void test_nothing_is_received_after_the_end(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  client_session_refuse(&f->session, ICWS_GATEWAY_REFUSED_TEXT, CLOSE_UNSUPPORTED_DATA, "text");
  receive_message(f, 1);
  assert_close_called(f, 1);
  assert_int_equal(f->closed, 1);
}

/* --- Leaving ---------------------------------------------------------------------------------- */

static void test_leaving_in_init_concerns_nobody(void **state)
{
  struct fixture *f = *state;

  client_session_gone(&f->session);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->fake.count, 0);
  assert_int_equal(f->left, 0);
  assert_int_equal(f->closed, 0);
}

static void test_leaving_in_setup_closes_after_ws_open(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  client_session_gone(&f->session);
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 1); /* ws_open is still under way */
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  assert_close_called(f, 1);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->closed, 0); /* there is nobody to tell */
}

static void test_leaving_before_ws_open_is_refused(void **state)
{
  struct fixture *f = *state;

  receive_open(f);
  receive_message(f, 1);
  client_session_gone(&f->session);
  fake_network_reply_err(fake_network_at(&f->fake, 0), "no");
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
}

static void test_leaving_relays_what_was_sent_then_closes(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  client_session_gone(&f->session);
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 2);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_int_equal(relayed_sequence_num(f, 2), 2);
  assert_int_equal(f->settled, 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  assert_close_called(f, 3);
  fake_network_reply_ok(fake_network_at(&f->fake, 3));
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.closes_called, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_CLOSE_FAILED], 0);
}

static void test_what_expires_after_leaving_is_dropped(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  client_session_gone(&f->session);
  fake_pass_ms(240000);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  assert_close_called(f, 2);
  assert_int_equal(f->closed, 0);
}

static void test_failed_ws_close_is_counted(void **state)
{
  struct fixture *f = *state;

  open_session(f);
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
  struct fixture *f = *state;
  const struct icws_random broken = {.fill = no_randomness};

  open_session(f);
  f->context.config.random = &broken;
  client_session_gone(&f->session);
  assert_int_equal(f->fake.count, 1);
  assert_int_equal(f->settled, 1);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_CLOSE_FAILED], 1);
}

static void test_dismissed_client_is_settled_in_order(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  receive_message(f, 2);
  client_session_dismiss(&f->session, CLOSE_GOING_AWAY, "the gateway is going away");
  assert_int_equal(f->close_code, CLOSE_GOING_AWAY);
  assert_int_equal(fixture_refusals(&f->context.stats), 0);
  fake_network_reply_ok(fake_network_at(&f->fake, 1));
  fake_network_reply_ok(fake_network_at(&f->fake, 2));
  assert_close_called(f, 3);
}

static void test_slow_client_is_refused(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  f->send_result = false;
  deliver(f);
  assert_refused(f, CLOSE_POLICY_VIOLATION, "too slow: more than 4194304 bytes wait to be taken");
  assert_int_equal(f->left, 1);
  assert_close_called(f, 1);
}

static void test_abandoning_cancels(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  receive_message(f, 1);
  client_session_abandon(&f->session);
  assert_int_equal(f->fake.requests[1].state, FAKE_CANCELLED);
  assert_int_equal(f->left, 1);
  assert_int_equal(f->fake.count, 2);
}

/* --- Timeouts --------------------------------------------------------------------------------- */

static void test_silent_connection_times_out(void **state)
{
  struct fixture *f = *state;

  fake_pass_ms(19999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  assert_refused(f, CLOSE_POLICY_VIOLATION, "no ws_open came within 20 s");
  assert_int_equal(f->settled, 1);
}

static void test_opening_times_out(void **state)
{
  struct fixture *f = *state;

  fake_pass_ms(10000);
  receive_open(f);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  fake_pass_ms(59999);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
  fake_pass_ms(1);
  client_session_tick(&f->session);
  assert_refused(f, CLOSE_TRY_AGAIN_LATER, "the canister sent no message within 60 s of ws_open");
  assert_close_called(f, 1);
}

static void test_open_session_has_no_timeout(void **state)
{
  struct fixture *f = *state;

  open_session(f);
  fake_pass_ms(86400000);
  client_session_tick(&f->session);
  assert_int_equal(f->closed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
      TEST(test_one_message_under_way),
      TEST(test_messages_in_setup_wait_for_ws_open),
      TEST(test_full_queue_pauses_reading),
      TEST(test_refused_message_does_not_end_the_session),
      TEST(test_rejected_message_ends_the_session),
      TEST(test_unknown_message_is_followed_by_the_next),
      TEST(test_waiting_is_bounded_by_time),
      TEST(test_expired_message_is_not_relayed),
      TEST(test_other_method_is_refused),
      TEST(test_second_open_is_refused),
      TEST(test_other_sender_is_refused),
      TEST(test_other_canister_is_refused),
      TEST(test_nothing_is_received_after_the_end),
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
      TEST(test_silent_connection_times_out),
      TEST(test_opening_times_out),
      TEST(test_open_session_has_no_timeout),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

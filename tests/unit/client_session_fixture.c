/* SPDX-License-Identifier: Apache-2.0 */
#include "client_session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum icws_error on_enter(void *user_data)
{
  struct session_fixture *f = user_data;

  f->entered++;
  f->submitted_at_enter = f->fake.count;
  return f->enter_result;
}

static void on_leave(void *user_data)
{
  ((struct session_fixture *)user_data)->left++;
}

static enum icws_error on_send(void *user_data, struct icws_buf *frame)
{
  struct session_fixture *f = user_data;

  assert_true(frame->len > 0);
  icws_buf_wipe(frame);
  f->sent++;
  return f->send_result;
}

static void on_pause(void *user_data, bool paused)
{
  ((struct session_fixture *)user_data)->paused = paused;
}

static void on_close(void *user_data, enum close_code code, const char *reason)
{
  struct session_fixture *f = user_data;

  f->closed++;
  f->close_code = (int)code;
  (void)snprintf(f->close_reason, sizeof f->close_reason, "%s", reason);
}

static void on_missing(void *user_data)
{
  ((struct session_fixture *)user_data)->missing++;
}

static void on_throttle(void *user_data, uint64_t until_ns)
{
  ((struct session_fixture *)user_data)->throttled_until_ns = until_ns;
}

static void on_settled(void *user_data)
{
  ((struct session_fixture *)user_data)->settled++;
}

static const struct client_hooks hooks = {
    .enter = on_enter,
    .leave = on_leave,
    .send = on_send,
    .pause = on_pause,
    .close = on_close,
    .missing = on_missing,
    .throttle = on_throttle,
    .settled = on_settled,
};

int session_set_up(void **state)
{
  static struct session_fixture f;
  static uv_loop_t unused;

  memset(&f, 0, sizeof f);
  fake_network_init(&f.fake);
  f.gateway = fixture_identity(1);
  f.client = fixture_identity(2);
  f.stranger = fixture_identity(3);
  f.principal = icws_identity_signer(f.gateway).sender;
  f.canister = fixture_canister(7);
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

int session_tear_down(void **state)
{
  struct session_fixture *f = *state;

  client_session_wipe(&f->session);
  fake_network_wipe(&f->fake);
  icws_identity_del(f->gateway);
  icws_identity_del(f->client);
  icws_identity_del(f->stranger);
  return 0;
}

/* --- What clients do -------------------------------------------------------------------------- */

void session_receive_open(struct session_fixture *f)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_open(&frame, f->client, &f->canister, NONCE, &f->principal);
  client_session_receive(&f->session, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

void session_receive_message(struct session_fixture *f, uint64_t sequence_num)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_message(&frame, f->client, &f->canister, NONCE, sequence_num);
  client_session_receive(&f->session, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

void session_receive_call(struct session_fixture *f, struct fixture_call call)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  call.ingress_expiry = fake_wall_now_ns + UINT64_C(240000000000);
  fixture_put_frame(&frame, &call);
  client_session_receive(&f->session, icws_buf_bytes(&frame));
  icws_buf_wipe(&frame);
}

void session_deliver(struct session_fixture *f)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  icws_buf_put_text(&frame, "a certified message");
  client_session_deliver(&f->session, &frame);
}

/* Open towards the canister, ws_open being request 0. */
void session_open(struct session_fixture *f)
{
  session_receive_open(f);
  fake_network_reply_ok(fake_network_at(&f->fake, 0));
  session_deliver(f);
  assert_int_equal(f->session.state, CLIENT_OPEN);
}

/* The sequence number of the ws_message that is the request of that index. */
uint64_t session_relayed(struct session_fixture *f, size_t index)
{
  struct icws_websocket_message message;

  assert_string_equal(fake_network_method(&f->fake, index), "ws_message");
  assert_int_equal(
      icws_message_args_decode(fake_network_at(&f->fake, index)->envelope.arg, &message, NULL),
      ICWS_OK);
  return message.sequence_num;
}

void session_assert_refused(struct session_fixture *f, int code, const char *reason)
{
  assert_int_equal(f->session.state, CLIENT_CLOSED);
  assert_int_equal(f->closed, 1);
  assert_int_equal(f->close_code, code);
  assert_string_equal(f->close_reason, reason);
  assert_int_equal(fixture_refusals(&f->context.stats), 1);
}

/* ws_close for this client is request |index|, signed by the gateway. */
void session_assert_close_called(struct session_fixture *f, size_t index)
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

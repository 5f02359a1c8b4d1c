/* SPDX-License-Identifier: Apache-2.0 */
#include "live_gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void on_log(void *user_data, const struct icws_gateway_log_entry *entry)
{
  struct live *f = user_data;

  (void)snprintf(f->log, sizeof f->log, "%s", entry->text);
}

static void answer(struct live *f, struct fake_request *request)
{
  static const struct icws_client_key nobody;

  if (request->state != FAKE_PENDING)
    return;
  if (request->is_query && f->fail_polls)
    fake_network_unknown(request, "the network is away");
  else if (request->is_query && f->answers_polls)
    fake_network_reply_messages(request, &f->principal, &nobody, 0, 0, true);
  else if (!request->is_query && f->answers_calls)
    fake_network_reply_ok(request);
}

void live_pump(void *user_data)
{
  struct live *f = user_data;
  const struct timespec a_moment = {.tv_nsec = 200000};

  fake_pass_ms(f->pump_passes_ms);
  (void)uv_run(&f->loop, UV_RUN_NOWAIT);
  for (size_t i = 0; i < f->fake.count; i++)
    answer(f, &f->fake.requests[i]);
  (void)nanosleep(&a_moment, NULL);
}

/* Lets the gateway work until |condition|; fails after ten seconds. */
void live_until(struct live *f, bool (*condition)(struct live *f))
{
  const time_t give_up = time(NULL) + 10;

  while (!condition(f)) {
    live_pump(f);
    assert_true(time(NULL) < give_up);
  }
}

struct icws_gateway_config live_configuration(struct live *f)
{
  return (struct icws_gateway_config){
      .loop = &f->loop,
      .identity = f->identity,
      .network = &f->fake.network,
      .max_clients = 3,
      .max_message_bytes = LIVE_MAX_MESSAGE_BYTES,
      .max_waiting_messages = 3,
      .max_output_bytes = LIVE_MAX_OUTPUT_BYTES,
      .log = on_log,
      .log_user_data = f,
  };
}

void live_start(struct live *f, const struct icws_gateway_config *config)
{
  struct icws_failure failure = {0};

  if (icws_gateway_new(config, &f->gateway, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
}

int live_set_up(void **state)
{
  static struct live f;

  memset(&f, 0, sizeof f);
  assert_int_equal(uv_loop_init(&f.loop), 0);
  fake_network_init(&f.fake);
  f.identity = fixture_identity(1);
  f.client = fixture_identity(2);
  f.other = fixture_identity(3);
  f.principal = icws_identity_signer(f.identity).sender;
  f.canister = fixture_canister(7);
  f.answers_calls = true;
  f.answers_polls = true;
  fake_wall_now_ns = (uint64_t)time(NULL) * 1000000000;
  *state = &f;
  return 0;
}

int live_set_up_gateway(void **state)
{
  struct icws_gateway_config config;

  live_set_up(state);
  config = live_configuration(*state);
  live_start(*state, &config);
  return 0;
}

int live_tear_down(void **state)
{
  struct live *f = *state;

  icws_gateway_del(f->gateway);
  for (size_t i = 0; i < f->fake.count; i++)
    assert_int_not_equal(f->fake.requests[i].state, FAKE_PENDING);
  fake_network_wipe(&f->fake);
  icws_identity_del(f->identity);
  icws_identity_del(f->client);
  icws_identity_del(f->other);
  assert_int_equal(uv_loop_close(&f->loop), 0); /* no handle is left behind */
  return 0;
}

/* --- Clients ---------------------------------------------------------------------------------- */

void live_assert_handshake(struct live *f, struct raw_websocket *raw)
{
  struct icws_buf payload;
  struct icws_principal principal;

  icws_buf_init(&payload, 0, NULL);
  assert_int_equal(raw_receive_frame(raw, &payload), RAW_BINARY);
  assert_true(payload.len > 3);
  assert_memory_equal(payload.data, "\xd9\xd9\xf7", 3); /* the self-describe tag 55799 */
  assert_int_equal(icws_handshake_decode(icws_buf_bytes(&payload), &principal, NULL), ICWS_OK);
  assert_true(icws_principal_equal(&principal, &f->principal));
  icws_buf_wipe(&payload);
}

void live_connect(struct live *f, struct raw_websocket *raw)
{
  raw_connect(raw, icws_gateway_port(f->gateway), live_pump, f);
  raw_upgrade(raw);
  live_assert_handshake(f, raw);
}

void live_send_open(struct live *f, struct raw_websocket *raw, const struct icws_identity *identity,
                    uint64_t nonce)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_open(&frame, identity, &f->canister, nonce, &f->principal);
  raw_send_frame(raw, true, RAW_BINARY, icws_buf_bytes(&frame));
  f->sent_bytes += frame.len;
  icws_buf_wipe(&frame);
}

void live_send_message(struct live *f, struct raw_websocket *raw, uint64_t nonce,
                       uint64_t sequence_num)
{
  struct icws_buf frame;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_message(&frame, f->client, &f->canister, nonce, sequence_num);
  raw_send_frame(raw, true, RAW_BINARY, icws_buf_bytes(&frame));
  f->sent_bytes += frame.len;
  icws_buf_wipe(&frame);
}

struct icws_client_key live_client_key(const struct icws_identity *identity, uint64_t nonce)
{
  return (struct icws_client_key){.principal = icws_identity_signer(identity).sender,
                                  .nonce = nonce};
}

size_t live_count_requests(struct live *f, const char *method)
{
  size_t count = 0;

  for (size_t i = 0; i < f->fake.count; i++)
    count += strcmp(fake_network_method(&f->fake, i), method) == 0 ? 1 : 0;
  return count;
}

bool live_one_open_came(struct live *f)
{
  return live_count_requests(f, "ws_open") == 1;
}

bool live_one_close_came(struct live *f)
{
  return live_count_requests(f, "ws_close") == 1;
}

bool live_all_is_received(struct live *f)
{
  return icws_gateway_stats(f->gateway).bytes_in == f->sent_bytes;
}

bool live_nobody_is_here(struct live *f)
{
  const struct icws_gateway_stats stats = icws_gateway_stats(f->gateway);

  return stats.connections == 0 && stats.clients == 0;
}

bool live_a_poll_is_pending(struct live *f)
{
  return fake_network_pending(&f->fake, "ws_get_messages") == 1;
}

/* Answers the next poll with messages of |count| nonces. */
void live_give_messages(struct live *f, const struct icws_client_key *key, uint64_t first,
                        size_t count)
{
  f->answers_polls = false;
  live_until(f, live_a_poll_is_pending);
  fake_network_reply_messages(fake_network_last(&f->fake, "ws_get_messages"), &f->principal, key,
                              first, count, true);
}

/* Receives a certified message with that nonce. */
void live_assert_message(struct live *f, struct raw_websocket *raw, uint64_t nonce)
{
  struct icws_buf payload;
  struct icws_certified certified;
  char key[ICWS_MESSAGE_KEY_BYTES];
  char content[32];

  icws_buf_init(&payload, 0, NULL);
  assert_int_equal(raw_receive_frame(raw, &payload), RAW_BINARY);
  assert_int_equal(icws_certified_decode(icws_buf_bytes(&payload), &certified, NULL), ICWS_OK);
  icws_message_key_format(&f->principal, nonce, key);
  (void)snprintf(content, sizeof content, "message %llu", (unsigned long long)nonce);
  assert_true(icws_bytes_equal(certified.key, icws_bytes_text(key)));
  assert_true(icws_bytes_equal(certified.content, icws_bytes_text(content)));
  assert_true(icws_bytes_equal(certified.cert, icws_bytes_text("certificate")));
  assert_true(icws_bytes_equal(certified.tree, icws_bytes_text("tree")));
  icws_buf_wipe(&payload);
}

/* Somebody new is served: the gateway has come to no harm. */
void live_assert_serves(struct live *f)
{
  struct raw_websocket raw;

  live_connect(f, &raw);
  raw_disconnect(&raw, false);
  live_until(f, live_nobody_is_here);
}

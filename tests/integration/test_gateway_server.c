/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "live_gateway.h"

/* The real gateway on a real socket, between raw clients and a scripted network. */

/* --- Sessions --------------------------------------------------------------------------------- */

static void test_session_from_open_to_close(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  struct raw_websocket raw;
  struct icws_gateway_stats stats;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  live_give_messages(f, &key, 0, 2);
  live_assert_message(f, &raw, 0);
  live_assert_message(f, &raw, 1);
  live_send_message(f, &raw, 9, 1);
  live_give_messages(f, &key, 2, 1);
  live_assert_message(f, &raw, 2);
  assert_int_equal(icws_gateway_stats(f->gateway).clients, 1);
  assert_int_equal(icws_gateway_stats(f->gateway).pollers, 1);

  raw_send_frame(&raw, true, RAW_CLOSE, icws_bytes_of("\x03\xe8", 2));
  raw_expect_close(&raw, 1000, "");
  live_until(f, live_one_close_came);
  live_until(f, live_nobody_is_here);
  stats = icws_gateway_stats(f->gateway);
  assert_int_equal(live_count_requests(f, "ws_message"), 1);
  assert_int_equal(stats.pollers, 0);
  assert_int_equal(stats.sessions_opened, 1);
  assert_int_equal(stats.messages_relayed, 3);
  assert_int_equal(stats.closes_called, 1);
  assert_int_equal(stats.troubles[ICWS_GATEWAY_CLOSE_FAILED], 0);
  assert_int_equal(fixture_refusals(&stats), 0);
  raw_disconnect(&raw, false);
}

static void test_messages_for_nobody_are_dropped(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  const struct icws_client_key stranger = live_client_key(f->other, 9);
  struct raw_websocket raw;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_give_messages(f, &stranger, 0, 2);
  live_give_messages(f, &key, 2, 1);
  live_assert_message(f, &raw, 2);
  assert_int_equal(icws_gateway_stats(f->gateway).messages_dropped, 2);
  raw_disconnect(&raw, false);
}

static void test_poller_of_a_new_client_starts_at_zero(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  struct raw_websocket raw;
  uint64_t nonce;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_give_messages(f, &key, 5, 1);
  live_assert_message(f, &raw, 5);
  raw_disconnect(&raw, false);
  live_until(f, live_nobody_is_here);
  assert_int_equal(fake_network_pending(&f->fake, "ws_get_messages"), 0);

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 10);
  live_until(f, live_a_poll_is_pending);
  assert_int_equal(icws_get_messages_args_decode(
                       fake_network_last(&f->fake, "ws_get_messages")->envelope.arg, &nonce, NULL),
                   ICWS_OK);
  assert_int_equal(nonce, 0);
  raw_disconnect(&raw, false);
}

static void test_fragments_are_put_together(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  struct icws_buf frame;
  struct icws_bytes envelope;

  icws_buf_init(&frame, 0, NULL);
  fixture_put_open(&frame, f->client, &f->canister, 9, &f->principal);
  assert_int_equal(icws_client_frame_decode(icws_buf_bytes(&frame), &envelope, NULL), ICWS_OK);
  live_connect(f, &raw);
  raw_send_frame(&raw, false, RAW_BINARY, icws_bytes_of(frame.data, 1));
  raw_send_frame(&raw, false, RAW_CONTINUATION, icws_bytes_of(frame.data + 1, 100));
  raw_send_frame(&raw, true, RAW_PING, icws_bytes_text("between"));
  raw_send_frame(&raw, true, RAW_CONTINUATION, icws_bytes_of(frame.data + 101, frame.len - 101));
  live_until(f, live_one_open_came);
  assert_true(
      icws_bytes_equal(icws_buf_bytes(&fake_network_last(&f->fake, "ws_open")->bytes), envelope));
  raw_disconnect(&raw, false);
  icws_buf_wipe(&frame);
}

static bool hundred_messages_came(struct live *f)
{
  return live_count_requests(f, "ws_message") == 100;
}

static void test_burst_is_relayed_whole_and_in_order(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  uint64_t expected = 1;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  f->answers_calls = false;
  for (uint64_t i = 1; i <= 100; i++)
    live_send_message(f, &raw, 9, i);
  f->answers_calls = true;
  live_until(f, hundred_messages_came);
  for (size_t i = 0; i < f->fake.count; i++) {
    struct icws_websocket_message message;

    if (strcmp(fake_network_method(&f->fake, i), "ws_message") != 0)
      continue;
    assert_int_equal(icws_message_args_decode(f->fake.requests[i].envelope.arg, &message, NULL),
                     ICWS_OK);
    assert_int_equal(message.sequence_num, expected);
    expected++;
  }
  raw_disconnect(&raw, false);
}

static void test_two_clients_of_one_canister_share_a_poller(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 1);
  const struct icws_client_key other_key = live_client_key(f->other, 2);
  struct raw_websocket raw;
  struct raw_websocket other;

  live_connect(f, &raw);
  live_connect(f, &other);
  live_send_open(f, &raw, f->client, 1);
  live_send_open(f, &other, f->other, 2);
  live_give_messages(f, &key, 0, 1);
  live_give_messages(f, &other_key, 1, 1);
  live_assert_message(f, &raw, 0);
  live_assert_message(f, &other, 1);
  assert_int_equal(icws_gateway_stats(f->gateway).pollers, 1);
  raw_disconnect(&raw, false);
  raw_disconnect(&other, false);
}

static void test_second_connection_of_a_client_key_is_refused(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 1);
  struct raw_websocket first;
  struct raw_websocket second;

  live_connect(f, &first);
  live_send_open(f, &first, f->client, 1);
  live_until(f, live_one_open_came);
  live_connect(f, &second);
  live_send_open(f, &second, f->client, 1);
  raw_expect_close(&second, 1008, "a client with this principal and nonce is connected already");
  live_give_messages(f, &key, 0, 1);
  live_assert_message(f, &first, 0);
  assert_int_equal(live_count_requests(f, "ws_open"), 1);
  assert_int_equal(live_count_requests(f, "ws_close"), 0);
  raw_disconnect(&first, false);
  raw_disconnect(&second, false);
}

/* --- What clients do wrong -------------------------------------------------------------------- */

static void test_text_is_refused(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  live_connect(f, &raw);
  raw_send_frame(&raw, true, RAW_TEXT, icws_bytes_text("hello?"));
  raw_expect_close(&raw, 1003, "text frames are not IC WebSocket: its messages are binary CBOR");
  raw_disconnect(&raw, false);
  live_assert_serves(f);
}

static void test_text_in_an_open_session_closes_it_on_the_canister(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  struct raw_websocket raw;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_give_messages(f, &key, 0, 1);
  live_assert_message(f, &raw, 0);
  raw_send_frame(&raw, true, RAW_TEXT, icws_bytes_text("hello?"));
  raw_expect_close(&raw, 1003, "text frames are not IC WebSocket: its messages are binary CBOR");
  live_until(f, live_one_close_came);
  raw_disconnect(&raw, false);
}

static void test_garbage_is_refused(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  struct icws_buf payload;

  icws_buf_init(&payload, 0, NULL);
  live_connect(f, &raw);
  raw_send_frame(&raw, true, RAW_BINARY, icws_bytes_text("garbage"));
  assert_int_equal(raw_receive_frame(&raw, &payload), RAW_CLOSE);
  assert_true(payload.len > 2);
  assert_memory_equal(payload.data, "\x03\xea", 2); /* 1002 */
  assert_memory_equal(payload.data + 2, "not an IC WebSocket frame: ", 27);
  raw_disconnect(&raw, false);
  icws_buf_wipe(&payload);
  live_assert_serves(f);
}

static void test_large_frames_are_refused(void **state)
{
  struct live *f = *state;
  static uint8_t bytes[LIVE_MAX_MESSAGE_BYTES + 1];
  struct raw_websocket raw;

  live_connect(f, &raw);
  raw_send_frame(&raw, true, RAW_BINARY, icws_bytes_of(bytes, sizeof bytes));
  raw_expect_close(&raw, 1009, "the frame is too large");
  raw_disconnect(&raw, false);

  live_connect(f, &raw);
  raw_send_frame(&raw, false, RAW_BINARY, icws_bytes_of(bytes, LIVE_MAX_MESSAGE_BYTES));
  raw_send_frame(&raw, true, RAW_CONTINUATION, icws_bytes_of(bytes, 1));
  raw_expect_close(&raw, 1009, "the frame is too large");
  raw_disconnect(&raw, false);
  live_assert_serves(f);
}

static void test_ping_is_answered_and_harms_nothing(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  struct icws_buf payload;

  icws_buf_init(&payload, 0, NULL);
  live_connect(f, &raw);
  raw_send_frame(&raw, true, RAW_PING, icws_bytes_text("anybody?"));
  assert_int_equal(raw_receive_frame(&raw, &payload), RAW_PONG);
  assert_true(icws_bytes_equal(icws_buf_bytes(&payload), icws_bytes_text("anybody?")));
  raw_send_frame(&raw, true, RAW_PONG, icws_bytes_text("unasked"));
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  raw_disconnect(&raw, false);
  icws_buf_wipe(&payload);
}

static void test_plain_http_is_told_what_this_is(void **state)
{
  struct live *f = *state;
  static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  char principal[ICWS_PRINCIPAL_TEXT_BYTES];
  struct raw_websocket raw;

  raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
  raw_send(&raw, request, sizeof request - 1);
  icws_principal_to_text(&f->principal, principal);
  assert_true(raw_receive_until(&raw, principal));
  assert_memory_equal(raw.in.data, "HTTP/1.1 426 ", 13);
  assert_true(raw_receive_until(&raw, "upgrade: websocket\r\n"));
  assert_true(raw_receive_until(&raw, "This is a gateway of IC WebSocket."));
  raw_disconnect(&raw, false);
  live_assert_serves(f);
}

static void test_bytes_that_are_no_http_harm_nothing(void **state)
{
  struct live *f = *state;
  static const char garbage[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not HTTP\r\n\r\n";
  struct raw_websocket raw;

  raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
  raw_send(&raw, garbage, sizeof garbage - 1);
  for (int i = 0; i < 50; i++)
    live_pump(f);
  raw_disconnect(&raw, false);
  live_assert_serves(f);
}

static void test_clients_may_leave_at_any_moment(void **state)
{
  struct live *f = *state;
  static const char half[] = "GET / HTTP/1.1\r\nHost: local";
  struct raw_websocket raw;

  for (int reset = 0; reset < 2; reset++) {
    raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
    raw_disconnect(&raw, reset); /* without a word */

    raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
    raw_send(&raw, half, sizeof half - 1);
    raw_disconnect(&raw, reset); /* within the upgrade */

    raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f);
    raw_upgrade(&raw);
    raw_disconnect(&raw, reset); /* with the handshake under way */
    live_until(f, live_nobody_is_here);

    live_connect(f, &raw);
    raw_send(&raw, "\x82\xfe\x10", 3);
    raw_disconnect(&raw, reset); /* within a frame */
    live_until(f, live_nobody_is_here);
  }
  assert_int_equal(f->fake.count, 0);
  live_assert_serves(f);
}

static void test_client_that_leaves_in_setup_is_closed_on_the_canister(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  f->answers_calls = false;
  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  raw_disconnect(&raw, true);
  live_until(f, live_nobody_is_here);
  assert_int_equal(live_count_requests(f, "ws_close"), 0);
  f->answers_calls = true;
  live_until(f, live_one_close_came);
}

static void test_more_clients_than_allowed_are_told(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[3];
  struct raw_websocket fourth;

  for (int i = 0; i < 3; i++)
    live_connect(f, &raw[i]);
  raw_connect(&fourth, icws_gateway_port(f->gateway), live_pump, f);
  raw_expect_refusal(&fourth, "", 503, "as many clients as it takes");
  raw_disconnect(&fourth, false);
  for (int i = 0; i < 3; i++)
    raw_disconnect(&raw[i], false);
  live_until(f, live_nobody_is_here);
  live_assert_serves(f);
}

/* --- Slow and silent clients ------------------------------------------------------------------ */

static bool one_client_is_slow(struct live *f)
{
  return icws_gateway_stats(f->gateway).refusals[ICWS_GATEWAY_REFUSED_SLOW] == 1;
}

static void give_large_message(struct live *f, const struct icws_client_key *key, uint64_t nonce)
{
  static uint8_t content[LIVE_MAX_OUTPUT_BYTES / 2];
  char message_key[ICWS_MESSAGE_KEY_BYTES];
  struct icws_output_message message = {
      .client_key = *key,
      .content = icws_bytes_of(content, sizeof content),
  };
  const struct icws_get_messages_result result = {
      .ok = true,
      .messages = &message,
      .message_count = 1,
      .cert = icws_bytes_text("certificate"),
      .tree = icws_bytes_text("tree"),
      .is_end_of_queue = false,
  };
  struct icws_buf reply;

  icws_message_key_format(&f->principal, nonce, message_key);
  message.key = icws_bytes_text(message_key);
  icws_buf_init(&reply, 0, NULL);
  icws_get_messages_result_put(&reply, &result);
  live_until(f, live_a_poll_is_pending);
  fake_network_reply(fake_network_last(&f->fake, "ws_get_messages"), icws_buf_bytes(&reply));
  icws_buf_wipe(&reply);
}

/* A client that reads nothing fills the sockets' buffers and then its own queue; others get theirs
 * meanwhile, and memory stays bounded. */
static void test_slow_client_is_dropped_and_stalls_nobody(void **state)
{
  struct live *f = *state;
  const struct icws_client_key slow_key = live_client_key(f->client, 1);
  const struct icws_client_key key = live_client_key(f->other, 2);
  struct raw_websocket slow;
  struct raw_websocket raw;
  uint64_t nonce = 0;

  live_connect(f, &slow);
  live_connect(f, &raw);
  live_send_open(f, &slow, f->client, 1);
  live_send_open(f, &raw, f->other, 2);
  f->answers_polls = false;
  while (!one_client_is_slow(f)) {
    assert_true(nonce < 400);
    give_large_message(f, &slow_key, nonce++);
    live_give_messages(f, &key, nonce, 1);
    live_assert_message(f, &raw, nonce);
    nonce++;
  }
  live_until(f, live_one_close_came);
  live_give_messages(f, &key, nonce, 1);
  live_assert_message(f, &raw, nonce);
  raw_disconnect(&slow, false);
  raw_disconnect(&raw, false);
}

static bool one_client_was_refused(struct live *f)
{
  const struct icws_gateway_stats stats = icws_gateway_stats(f->gateway);

  return fixture_refusals(&stats) == 1;
}

static void test_silent_client_times_out(void **state)
{
  struct live *f = *state;
  struct icws_gateway_config config = live_configuration(f);
  struct raw_websocket raw;

  config.monotonic_ns = fake_monotonic_ns;
  live_start(f, &config);
  live_connect(f, &raw);
  fake_pass_ms(20000);
  live_until(f, one_client_was_refused);
  raw_expect_close(&raw, 1008, "no ws_open came within 20 s");
  raw_disconnect(&raw, false);
}

/* More than the sockets' buffers hold, less than the client's queue may: only time tells. */
static void test_client_that_takes_nothing_is_dropped_in_time(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 1);
  struct icws_gateway_config config = live_configuration(f);
  struct raw_websocket slow;

  config.max_output_bytes = 64 * 1024 * 1024;
  config.monotonic_ns = fake_monotonic_ns;
  live_start(f, &config);
  live_connect(f, &slow);
  live_send_open(f, &slow, f->client, 1);
  live_until(f, live_one_open_came);
  f->answers_polls = false;
  for (uint64_t nonce = 0; nonce < 120; nonce++)
    give_large_message(f, &key, nonce);
  assert_int_equal(icws_gateway_stats(f->gateway).refusals[ICWS_GATEWAY_REFUSED_SLOW], 0);
  f->pump_passes_ms = 100;
  live_until(f, one_client_is_slow);
  live_until(f, live_one_close_came);
  live_until(f, live_nobody_is_here); /* though it takes the close frame no more than the rest */
  raw_disconnect(&slow, false);
}

/* --- The gateway's own life ------------------------------------------------------------------- */

static void test_deletion_with_everything_under_way(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[3];

  f->answers_calls = false;
  f->answers_polls = false;
  for (int i = 0; i < 3; i++)
    live_connect(f, &raw[i]);
  live_send_open(f, &raw[0], f->client, 1);
  live_send_open(f, &raw[1], f->other, 2);
  live_send_message(f, &raw[0], 1, 1);
  while (live_count_requests(f, "ws_open") < 2 || live_count_requests(f, "ws_get_messages") < 1)
    live_pump(f);
  icws_gateway_del(f->gateway); /* what tear_down sees then: nothing pending, no handle left */
  f->gateway = NULL;
  for (int i = 0; i < 3; i++)
    raw_disconnect(&raw[i], false);
}

/* They wait, and are served when there are descriptors again. */
static void test_clients_wait_while_there_is_no_descriptor(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;
  struct rlimit limit;
  struct rlimit none;

  raw_connect(&raw, icws_gateway_port(f->gateway), live_pump, f); /* the kernel answers for now */
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
  none = limit;
  none.rlim_cur = (rlim_t)raw.fd + 1;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
  for (int i = 0; i < 20; i++)
    live_pump(f);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  assert_string_equal(f->log, "no connection can be accepted: Too many open files");
  raw_upgrade(&raw);
  live_assert_handshake(f, &raw);
  raw_disconnect(&raw, false);
}

static void test_occupied_port_is_an_error(void **state)
{
  struct live *f = *state;
  struct icws_gateway_config config = live_configuration(f);
  struct icws_gateway *second = NULL;
  struct icws_failure failure = {0};
  char start_of_text[64];

  config.port = icws_gateway_port(f->gateway);
  assert_int_equal(icws_gateway_new(&config, &second, &failure), ICWS_ERR_SYSTEM);
  assert_null(second);
  (void)snprintf(start_of_text, sizeof start_of_text, "cannot listen on 127.0.0.1 port %u",
                 (unsigned)config.port);
  assert_memory_equal(failure.text, start_of_text, strlen(start_of_text));
  live_assert_serves(f);
}

static void test_configuration_is_checked(void **state)
{
  struct live *f = *state;
  struct icws_gateway_config config = live_configuration(f);
  struct icws_failure failure = {0};

  config.address = "localhost";
  assert_int_equal(icws_gateway_new(&config, &f->gateway, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "localhost is not a numeric address");
  config = live_configuration(f);
  config.network = NULL;
  assert_int_equal(icws_gateway_new(&config, &f->gateway, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "a gateway needs a loop, an identity and a network");
  assert_null(f->gateway);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, live_set_up_gateway, live_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_session_from_open_to_close),
      TEST(test_messages_for_nobody_are_dropped),
      TEST(test_poller_of_a_new_client_starts_at_zero),
      TEST(test_fragments_are_put_together),
      TEST(test_burst_is_relayed_whole_and_in_order),
      TEST(test_two_clients_of_one_canister_share_a_poller),
      TEST(test_second_connection_of_a_client_key_is_refused),
      TEST(test_text_is_refused),
      TEST(test_text_in_an_open_session_closes_it_on_the_canister),
      TEST(test_garbage_is_refused),
      TEST(test_large_frames_are_refused),
      TEST(test_ping_is_answered_and_harms_nothing),
      TEST(test_plain_http_is_told_what_this_is),
      TEST(test_bytes_that_are_no_http_harm_nothing),
      TEST(test_clients_may_leave_at_any_moment),
      TEST(test_client_that_leaves_in_setup_is_closed_on_the_canister),
      TEST(test_more_clients_than_allowed_are_told),
      TEST(test_slow_client_is_dropped_and_stalls_nobody),
      cmocka_unit_test_setup_teardown(test_silent_client_times_out, live_set_up, live_tear_down),
      cmocka_unit_test_setup_teardown(test_client_that_takes_nothing_is_dropped_in_time,
                                      live_set_up, live_tear_down),
      TEST(test_deletion_with_everything_under_way),
      TEST(test_clients_wait_while_there_is_no_descriptor),
      TEST(test_occupied_port_is_an_error),
      cmocka_unit_test_setup_teardown(test_configuration_is_checked, live_set_up, live_tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "live_gateway.h"

/* The end of the gateway's work in good order, and what its clients see of it. */

static void on_drained(void *user_data, size_t unsettled)
{
  struct live *f = user_data;

  assert_false(f->drained);
  f->drained = true;
  f->unsettled = unsettled;
}

static bool is_drained(struct live *f)
{
  return f->drained;
}

static bool two_messages_came(struct live *f)
{
  return live_count_requests(f, "ws_message") == 2;
}

static void test_draining_closes_clients_here_and_there(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  struct raw_websocket raw;
  struct raw_websocket late;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_give_messages(f, &key, 0, 1);
  live_assert_message(f, &raw, 0);
  f->answers_calls = false;
  live_send_message(f, &raw, 9, 1);
  live_send_message(f, &raw, 9, 2);
  live_until(f, live_all_is_received);
  icws_gateway_drain(f->gateway, 10000, on_drained, f);
  raw_expect_close(&raw, 1001, "the gateway is going away");
  raw_connect(&late, icws_gateway_port(f->gateway), live_pump, f);
  raw_expect_refusal(&late, "", 503, "This gateway is going away.");
  assert_false(f->drained);
  f->answers_calls = true;
  live_until(f, is_drained);
  assert_int_equal(f->unsettled, 0);
  assert_int_equal(live_count_requests(f, "ws_message"), 2);
  assert_int_equal(live_count_requests(f, "ws_close"), 1);
  raw_disconnect(&raw, false);
  raw_disconnect(&late, false);
}

/* What has come for a client is sent before its connection is closed. */
static void test_draining_sends_what_is_queued(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 9);
  struct raw_websocket raw;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  f->answers_polls = false;
  live_until(f, live_a_poll_is_pending);
  fake_network_reply_messages(fake_network_last(&f->fake, "ws_get_messages"), &f->principal, &key,
                              0, 2, true);
  icws_gateway_drain(f->gateway, 10000, on_drained, f);
  live_assert_message(f, &raw, 0);
  live_assert_message(f, &raw, 1);
  raw_expect_close(&raw, 1001, "the gateway is going away");
  live_until(f, is_drained);
  raw_disconnect(&raw, false);
}

/* With pipelining, too, ws_close comes when the last of them is settled. */
static void test_draining_waits_for_all_that_is_under_way(void **state)
{
  struct live *f = *state;
  struct icws_gateway_config config = live_configuration(f);
  struct raw_websocket raw;

  config.max_in_flight = 2;
  live_start(f, &config);
  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  live_pump(f);
  f->answers_calls = false;
  live_send_message(f, &raw, 9, 1);
  live_send_message(f, &raw, 9, 2);
  live_until(f, two_messages_came);
  icws_gateway_drain(f->gateway, 10000, on_drained, f);
  raw_expect_close(&raw, 1001, "the gateway is going away");
  fake_network_reply_ok(fake_network_last(&f->fake, "ws_message")); /* the second */
  assert_int_equal(live_count_requests(f, "ws_close"), 0);
  assert_false(f->drained);
  f->answers_calls = true;
  live_until(f, is_drained);
  assert_int_equal(f->unsettled, 0);
  assert_int_equal(live_count_requests(f, "ws_close"), 1);
  raw_disconnect(&raw, false);
}

/* Nothing is read from a client whose messages wait, but its answer to the close is. */
static void test_client_that_is_not_read_from_is_closed(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  f->answers_calls = false;
  for (uint64_t i = 1; i <= 4; i++)
    live_send_message(f, &raw, 9, i); /* one is under way, three wait */
  live_until(f, live_all_is_received);
  live_send_message(f, &raw, 9, 5);
  icws_gateway_drain(f->gateway, 10000, on_drained, f);
  raw_expect_close(&raw, 1001, "the gateway is going away");
  f->answers_calls = true;
  live_until(f, is_drained);
  assert_int_equal(live_count_requests(f, "ws_message"), 4);
  assert_int_equal(live_count_requests(f, "ws_close"), 1);
  raw_disconnect(&raw, false);
}

static void test_draining_nobody_ends_at_once(void **state)
{
  struct live *f = *state;

  icws_gateway_drain(f->gateway, 10000, on_drained, f);
  assert_false(f->drained); /* from the loop, not from within */
  live_until(f, is_drained);
  assert_int_equal(f->unsettled, 0);
}

static void test_draining_does_not_wait_for_ever(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  f->answers_calls = false;
  live_connect(f, &raw);
  live_send_open(f, &raw, f->client, 9);
  live_until(f, live_one_open_came);
  icws_gateway_drain(f->gateway, 1, on_drained, f);
  live_until(f, is_drained);
  assert_int_equal(f->unsettled, 1);
  raw_disconnect(&raw, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, live_set_up_gateway, live_tear_down)
#define TEST_UNSTARTED(name) cmocka_unit_test_setup_teardown(name, live_set_up, live_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_draining_closes_clients_here_and_there),
      TEST(test_draining_sends_what_is_queued),
      TEST_UNSTARTED(test_draining_waits_for_all_that_is_under_way),
      TEST(test_client_that_is_not_read_from_is_closed),
      TEST(test_draining_nobody_ends_at_once),
      TEST(test_draining_does_not_wait_for_ever),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "live_gateway.h"

/* Canisters that stop, and a network that is away: what clients see of it. */

#define STOPPED "IC0508"

/* Each number is different, so that moments are. */
static enum icws_error count_up(uint8_t *out, size_t len, void *user_data)
{
  static uint8_t next;

  (void)user_data;
  memset(out, ++next, len);
  return ICWS_OK;
}

static const struct icws_random counting = {.fill = count_up};

static void start(struct live *f)
{
  struct icws_gateway_config config = live_configuration(f);

  config.monotonic_ns = fake_monotonic_ns;
  config.random = &counting;
  config.poll_backoff_max_ms = 10; /* the loop's timers go by the real clock */
  live_start(f, &config);
}

static void open_client(struct live *f, struct raw_websocket *raw,
                        const struct icws_identity *identity, uint64_t nonce)
{
  const size_t before = live_count_requests(f, "ws_open");

  live_connect(f, raw);
  live_send_open(f, raw, identity, nonce);
  while (live_count_requests(f, "ws_open") == before)
    live_pump(f);
  live_pump(f);
}

static uint64_t refusals(const struct live *f, enum icws_gateway_refusal refusal)
{
  return icws_gateway_stats(f->gateway).refusals[refusal];
}

static bool one_is_closed(struct live *f)
{
  return refusals(f, ICWS_GATEWAY_REFUSED_STOPPED) == 1;
}

static bool two_are_closed(struct live *f)
{
  return refusals(f, ICWS_GATEWAY_REFUSED_STOPPED) == 2;
}

static bool two_closes_came(struct live *f)
{
  return live_count_requests(f, "ws_close") == 2;
}

static void reject_poll(struct live *f, enum icws_reject_code code, const char *error_code)
{
  f->answers_polls = false;
  f->pump_passes_ms = 1;
  live_until(f, live_a_poll_is_pending);
  f->pump_passes_ms = 0;
  fake_network_reject_with(fake_network_last(&f->fake, "ws_get_messages"), code, error_code,
                           "the canister is stopped");
}

static void test_clients_of_a_stopped_canister_leave_one_by_one(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[2];

  start(f);
  open_client(f, &raw[0], f->client, 1);
  open_client(f, &raw[1], f->other, 2);
  reject_poll(f, ICWS_REJECT_CANISTER_ERROR, STOPPED);
  live_pump(f);
  assert_int_equal(refusals(f, ICWS_GATEWAY_REFUSED_STOPPED), 0); /* nobody at once */
  f->pump_passes_ms = 1;
  live_until(f, one_is_closed);
  live_until(f, two_are_closed);
  raw_expect_close(&raw[0], 1013, "the canister has stopped");
  raw_expect_close(&raw[1], 1013, "the canister has stopped");
  live_until(f, two_closes_came);
  live_until(f, live_nobody_is_here);
  raw_disconnect(&raw[0], false);
  raw_disconnect(&raw[1], false);
}

static void test_all_have_left_after_the_spread(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw[2];

  start(f);
  open_client(f, &raw[0], f->client, 1);
  open_client(f, &raw[1], f->other, 2);
  reject_poll(f, ICWS_REJECT_DESTINATION_INVALID, "");
  fake_pass_ms(5000); /* stopped_spread_ms */
  live_until(f, two_are_closed);
  raw_disconnect(&raw[0], false);
  raw_disconnect(&raw[1], false);
}

static void test_clients_of_other_canisters_stay(void **state)
{
  struct live *f = *state;
  const struct icws_principal stopped = f->canister;
  const struct icws_client_key key = live_client_key(f->other, 2);
  struct raw_websocket raw[2];
  struct fake_request *poll;

  start(f);
  open_client(f, &raw[0], f->client, 1);
  f->canister = fixture_canister(8);
  f->answers_polls = false;
  open_client(f, &raw[1], f->other, 2);
  f->pump_passes_ms = 1;
  while (fake_network_pending(&f->fake, "ws_get_messages") < 2)
    live_pump(f);
  f->pump_passes_ms = 0;
  for (size_t i = 0; i < f->fake.count; i++) {
    poll = fake_network_at(&f->fake, i);
    if (poll->is_query && poll->state == FAKE_PENDING &&
        icws_principal_equal(&poll->envelope.canister, &stopped))
      fake_network_reject_with(poll, ICWS_REJECT_CANISTER_ERROR, STOPPED, "stopped");
  }
  fake_pass_ms(4000);
  f->pump_passes_ms = 5;
  live_until(f, one_is_closed);
  raw_expect_close(&raw[0], 1013, "the canister has stopped");
  for (size_t i = 0; i < f->fake.count; i++) {
    poll = fake_network_at(&f->fake, i);
    if (poll->is_query && poll->state == FAKE_PENDING &&
        !icws_principal_equal(&poll->envelope.canister, &stopped))
      fake_network_reply_messages(poll, &f->principal, &key, 0, 1, true);
  }
  f->pump_passes_ms = 0;
  live_assert_message(f, &raw[1], 0);
  assert_int_equal(icws_gateway_stats(f->gateway).clients, 1);
  raw_disconnect(&raw[0], false);
  raw_disconnect(&raw[1], false);
}

static uint64_t left_ns; /* when the network went away */

/* Polls take the real clock's turns, so that minutes of the other may pass with few or many. */
static bool it_was_away_for_long(struct live *f)
{
  return icws_gateway_stats(f->gateway).troubles[ICWS_GATEWAY_POLL_NO_ANSWER] >= 100 &&
         fake_monotonic_now_ns - left_ns > UINT64_C(200000000000);
}

/* Some minutes without a network end nobody's session here; then messages flow again. */
static void test_clients_stay_while_the_network_is_away(void **state)
{
  struct live *f = *state;
  const struct icws_client_key key = live_client_key(f->client, 1);
  struct raw_websocket raw;

  start(f);
  open_client(f, &raw, f->client, 1);
  f->pump_passes_ms = 1;
  live_give_messages(f, &key, 0, 1);
  live_assert_message(f, &raw, 0);
  left_ns = fake_monotonic_now_ns;
  f->fail_polls = true;
  f->pump_passes_ms = 100;
  live_until(f, it_was_away_for_long);
  f->fail_polls = false;
  f->pump_passes_ms = 1;
  live_give_messages(f, &key, 1, 1);
  live_assert_message(f, &raw, 1);
  assert_int_equal(icws_gateway_stats(f->gateway).clients, 1);
  raw_disconnect(&raw, false);
}

/* --- What canisters say, in close frames: they must be UTF-8, of at most 123 bytes -------------- */

#define TEN_BYTES "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
#define FORTY_BYTES TEN_BYTES TEN_BYTES TEN_BYTES TEN_BYTES

static void test_reason_is_cut_between_characters(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  start(f);
  f->answers_calls = false;
  open_client(f, &raw, f->client, 1);
  fake_network_reply_err(fake_network_last(&f->fake, "ws_open"),
                         FORTY_BYTES FORTY_BYTES FORTY_BYTES);
  raw_expect_close(&raw, 1008,
                   "the canister refused ws_open: " /* 30 bytes */
                   FORTY_BYTES FORTY_BYTES TEN_BYTES "\xc3\xa9");
  raw_disconnect(&raw, false);
}

static void test_reason_has_no_broken_characters(void **state)
{
  struct live *f = *state;
  struct raw_websocket raw;

  start(f);
  f->answers_calls = false;
  open_client(f, &raw, f->client, 1);
  fake_network_reject(fake_network_last(&f->fake, "ws_open"), ICWS_REJECT_CANISTER_ERROR,
                      "\xc3\xa9 \xff \xc3");
  raw_expect_close(&raw, 1011, "ws_open was rejected (5): \xc3\xa9 ? ?");
  raw_disconnect(&raw, false);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, live_set_up, live_tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_clients_of_a_stopped_canister_leave_one_by_one),
      TEST(test_all_have_left_after_the_spread),
      TEST(test_clients_of_other_canisters_stay),
      TEST(test_clients_stay_while_the_network_is_away),
      TEST(test_reason_is_cut_between_characters),
      TEST(test_reason_has_no_broken_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

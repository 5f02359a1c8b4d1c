/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/poller.h"
#include "gateway_fixture.h"

/* A poller, and what it handed on. */
struct fixture {
  struct fake_network fake;
  struct icws_identity *gateway;
  struct icws_principal principal;
  struct icws_client_key client;
  struct gateway_context context;
  struct poller poller;

  unsigned delivered;
  char last_content[32];
  char last_key[ICWS_MESSAGE_KEY_BYTES];
  unsigned stop_after; /* deliveries; 0: never */
  unsigned stopped;
  bool awaiting;         /* the client is: its first message */
  uint64_t sequence_num; /* of each message with a time; 0: 1 */
  unsigned restarted;
  unsigned delivered_before_restart;

  struct icws_random random;
  uint64_t random_value;
  bool no_randomness;
};

static void copy_text(char *out, size_t out_size, struct icws_bytes text)
{
  assert_true(text.len < out_size);
  memcpy(out, text.data, text.len);
  out[text.len] = '\0';
}

static void on_deliver(void *user_data, const struct icws_client_key *client,
                       const struct icws_certified *message)
{
  struct fixture *f = user_data;

  assert_true(icws_client_key_equal(client, &f->client));
  assert_true(icws_bytes_equal(message->cert, icws_bytes_text("certificate")));
  assert_true(icws_bytes_equal(message->tree, icws_bytes_text("tree")));
  if (message->content.len < sizeof f->last_content)
    copy_text(f->last_content, sizeof f->last_content, message->content);
  copy_text(f->last_key, sizeof f->last_key, message->key);
  if (++f->delivered == f->stop_after)
    poller_stop(&f->poller);
}

static void on_rescheduled(void *user_data)
{
  (void)user_data;
}

static void on_stopped(void *user_data)
{
  ((struct fixture *)user_data)->stopped++;
}

static bool awaits(void *user_data, const struct icws_client_key *client)
{
  (void)client;
  return ((struct fixture *)user_data)->awaiting;
}

static void on_restarted(void *user_data)
{
  struct fixture *f = user_data;

  f->restarted++;
  f->delivered_before_restart = f->delivered;
}

static const struct poller_hooks hooks = {
    .deliver = on_deliver,
    .stopped = on_stopped,
    .awaits = awaits,
    .restarted = on_restarted,
    .rescheduled = on_rescheduled,
};

/* No randomness: pauses are of half their length, unless a part is added to that. */
static enum icws_error fill(uint8_t *out, size_t len, void *user_data)
{
  const struct fixture *f = user_data;

  if (f->no_randomness)
    return ICWS_ERR_RANDOM;
  assert_int_equal(len, sizeof f->random_value);
  memcpy(out, &f->random_value, len);
  return ICWS_OK;
}

static int set_up(void **state)
{
  static struct fixture f;
  static uv_loop_t unused;
  const struct icws_principal canister = fixture_canister(7);

  memset(&f, 0, sizeof f);
  fake_network_init(&f.fake);
  f.gateway = fixture_identity(1);
  f.random = (struct icws_random){.user_data = &f, .fill = fill};
  f.principal = icws_identity_signer(f.gateway).sender;
  f.client = (struct icws_client_key){.principal = f.principal, .nonce = 5};
  gateway_context_init(&f.context, &(struct icws_gateway_config){
                                       .loop = &unused,
                                       .identity = f.gateway,
                                       .network = &f.fake.network,
                                       .wall_ns = fake_wall_ns,
                                       .monotonic_ns = fake_monotonic_ns,
                                       .random = &f.random,
                                   });
  poller_init(&f.poller, &f.context, &canister, &hooks, &f);
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;

  poller_wipe(&f->poller);
  fake_network_wipe(&f->fake);
  icws_identity_del(f->gateway);
  return 0;
}

static uint64_t asked_nonce(struct fixture *f, size_t index)
{
  uint64_t nonce = 0;

  assert_string_equal(fake_network_method(&f->fake, index), "ws_get_messages");
  assert_int_equal(
      icws_get_messages_args_decode(fake_network_at(&f->fake, index)->envelope.arg, &nonce, NULL),
      ICWS_OK);
  return nonce;
}

static void reply(struct fixture *f, size_t index, uint64_t first, size_t count, bool end)
{
  fake_network_reply_messages(fake_network_at(&f->fake, index), &f->principal, &f->client, first,
                              count, end);
}

/* After |ms| and not before, the poll of that index starts. */
static void assert_polls_after_ms(struct fixture *f, size_t index, uint64_t ms)
{
  assert_int_equal(f->fake.count, index);
  assert_int_equal(f->poller.deadline_ns, fake_monotonic_now_ns + ms * 1000000);
  if (ms > 0) {
    fake_pass_ms(ms - 1);
    poller_tick(&f->poller);
    assert_int_equal(f->fake.count, index);
    fake_pass_ms(1);
  }
  poller_tick(&f->poller);
  assert_int_equal(f->fake.count, index + 1);
}

static void test_first_poll_is_a_signed_query_from_zero(void **state)
{
  struct fixture *f = *state;
  const struct icws_principal canister = fixture_canister(7);
  const struct icws_envelope *envelope;

  assert_polls_after_ms(f, 0, 0);
  assert_int_equal(asked_nonce(f, 0), 0);
  envelope = &f->fake.requests[0].envelope;
  assert_true(f->fake.requests[0].is_query);
  assert_true(icws_principal_equal(&envelope->sender, &f->principal));
  assert_true(icws_principal_equal(&envelope->canister, &canister));
  assert_int_equal(icws_envelope_verify(envelope, fake_wall_now_ns, NULL, NULL), ICWS_OK);
}

static void test_one_poll_at_a_time(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  fake_pass_ms(4999);
  poller_tick(&f->poller);
  assert_int_equal(f->fake.count, 1);
}

static void test_hands_on_in_order_and_asks_for_the_next(void **state)
{
  struct fixture *f = *state;
  char key[ICWS_MESSAGE_KEY_BYTES];

  poller_tick(&f->poller);
  reply(f, 0, 0, 3, true);
  assert_int_equal(f->delivered, 3);
  assert_string_equal(f->last_content, "message 2");
  icws_message_key_format(&f->principal, 2, key);
  assert_string_equal(f->last_key, key);
  assert_polls_after_ms(f, 1, 100);
  assert_int_equal(asked_nonce(f, 1), 3);
  reply(f, 1, 3, 1, true);
  assert_string_equal(f->last_content, "message 3");
  assert_polls_after_ms(f, 2, 100);
  assert_int_equal(asked_nonce(f, 2), 4);
}

static void test_interval_counts_from_the_start_of_a_poll(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  fake_pass_ms(60);
  reply(f, 0, 0, 0, true);
  assert_polls_after_ms(f, 1, 40);
  fake_pass_ms(150);
  reply(f, 1, 0, 0, true);
  assert_true(f->poller.deadline_ns <= fake_monotonic_now_ns);
  poller_tick(&f->poller);
  assert_int_equal(f->fake.count, 3);
}

static void test_more_in_the_queue_is_polled_at_once(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply(f, 0, 0, 50, false);
  assert_int_equal(f->fake.count, 2);
  assert_int_equal(asked_nonce(f, 1), 50);
  reply(f, 1, 50, 1, true);
  assert_int_equal(f->fake.count, 2);
  assert_int_equal(f->delivered, 51);
}

static void test_empty_page_is_not_polled_at_once(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply(f, 0, 0, 0, false);
  assert_polls_after_ms(f, 1, 100);
}

static void test_first_answer_may_start_anywhere(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply(f, 0, 0, 0, true);
  assert_polls_after_ms(f, 1, 100);
  reply(f, 1, 777, 2, true);
  assert_int_equal(f->delivered, 2);
  assert_polls_after_ms(f, 2, 100);
  assert_int_equal(asked_nonce(f, 2), 779);
}

static void test_gap_is_asked_for_again(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply(f, 0, 0, 2, true);
  assert_polls_after_ms(f, 1, 100);
  reply(f, 1, 3, 2, true); /* 2 is missing */
  assert_int_equal(f->delivered, 2);
  assert_int_equal(fixture_troubles(&f->context.stats), 1);
  assert_polls_after_ms(f, 2, 50);
  assert_int_equal(asked_nonce(f, 2), 2);
  reply(f, 2, 2, 3, true);
  assert_int_equal(f->delivered, 5);
}

static void test_replayed_messages_are_not_handed_on(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply(f, 0, 0, 2, true);
  assert_polls_after_ms(f, 1, 100);
  reply(f, 1, 1, 2, true);
  assert_int_equal(f->delivered, 2);
}

static void test_lasting_gap_is_passed_over(void **state)
{
  struct fixture *f = *state;
  static const uint64_t pauses_ms[] = {50, 100, 200, 400, 800};

  poller_tick(&f->poller);
  reply(f, 0, 0, 2, true);
  assert_polls_after_ms(f, 1, 100);
  for (size_t i = 0; i < 5; i++) {
    reply(f, 1 + i, 9, 1, true);
    assert_int_equal(f->delivered, 2);
    assert_polls_after_ms(f, 2 + i, pauses_ms[i]);
  }
  reply(f, 6, 9, 1, true);
  assert_int_equal(f->delivered, 3);
  assert_polls_after_ms(f, 7, 100);
  assert_int_equal(asked_nonce(f, 7), 10);
}

static void test_foreign_keys_are_refused(void **state)
{
  struct fixture *f = *state;
  const struct icws_principal other = fixture_canister(9);

  poller_tick(&f->poller);
  fake_network_reply_messages(fake_network_at(&f->fake, 0), &other, &f->client, 0, 1, true);
  assert_int_equal(f->delivered, 0);
  assert_int_equal(fixture_troubles(&f->context.stats), 1);
  assert_polls_after_ms(f, 1, 50);
}

static void test_silent_poll_is_given_up_and_repeated(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  assert_polls_after_ms(f, 1, 5000);
  assert_int_equal(f->fake.requests[0].state, FAKE_CANCELLED);
  assert_int_equal(f->fake.requests[1].state, FAKE_PENDING);
  assert_int_equal(asked_nonce(f, 1), 0);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_POLL_TIMEOUT], 1);
  reply(f, 1, 0, 1, true);
  assert_int_equal(f->delivered, 1);
}

static void fail_once(struct fixture *f, size_t index)
{
  struct fake_request *request = fake_network_at(&f->fake, index);

  switch (index % 4) {
  case 0:
    fake_network_reject(request, ICWS_REJECT_CANISTER_ERROR, "the canister is stopped");
    break;
  case 1:
    fake_network_unknown(request, "the network is away");
    break;
  case 2:
    fake_network_reply(request, icws_bytes_text("not Candid"));
    break;
  default:
    fake_network_reply_err(request, "no");
    break;
  }
}

static void test_failures_of_every_kind_pause_longer_and_longer(void **state)
{
  struct fixture *f = *state;
  static const uint64_t pauses_ms[] = {50, 100, 200, 400, 800, 1600, 2500, 2500};

  poller_tick(&f->poller);
  for (size_t i = 0; i < 8; i++) {
    fail_once(f, i);
    assert_int_equal(fixture_troubles(&f->context.stats), i + 1);
    assert_polls_after_ms(f, i + 1, pauses_ms[i]);
  }
  reply(f, 8, 0, 1, true);
  assert_int_equal(f->delivered, 1);
  assert_polls_after_ms(f, 9, 100);
  fail_once(f, 9);
  assert_polls_after_ms(f, 10, 50); /* the pauses begin anew */
}

static void test_pauses_are_of_random_length(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  f->random_value = 20000000;
  fail_once(f, 0);
  assert_polls_after_ms(f, 1, 70);
  f->random_value = 100000000;
  fail_once(f, 1);
  assert_polls_after_ms(f, 2, 200);
  f->random_value = 200000001; /* more than the half that is added at most: it wraps */
  fail_once(f, 2);
  assert_polls_after_ms(f, 3, 200);
}

static void test_without_randomness_pauses_are_short(void **state)
{
  struct fixture *f = *state;

  f->no_randomness = true;
  f->random_value = 20000000;
  poller_tick(&f->poller);
  fail_once(f, 0);
  assert_polls_after_ms(f, 1, 50);
}

static void reject(struct fixture *f, size_t index, enum icws_reject_code code, const char *error)
{
  fake_network_reject_with(fake_network_at(&f->fake, index), code, error, "no");
}

static void test_stopped_canister_is_told_at_each_poll(void **state)
{
  struct fixture *f = *state;
  static const char *const codes[] = {"IC0508", "IC0509", "IC0301", "IC0537"};
  size_t index = 0;

  poller_tick(&f->poller);
  for (; index < 4; index++) {
    reject(f, index, ICWS_REJECT_CANISTER_ERROR, codes[index]);
    assert_int_equal(f->stopped, index + 1);
    fake_pass_ms(5000);
    poller_tick(&f->poller);
  }
  reject(f, index, ICWS_REJECT_DESTINATION_INVALID, "");
  assert_int_equal(f->stopped, 5);
}

static void test_other_rejects_do_not_mean_stopped(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reject(f, 0, ICWS_REJECT_CANISTER_ERROR, "IC0503"); /* it trapped */
  fake_pass_ms(5000);
  poller_tick(&f->poller);
  reject(f, 1, ICWS_REJECT_SYS_TRANSIENT, "");
  fake_pass_ms(5000);
  poller_tick(&f->poller);
  reject(f, 2, ICWS_REJECT_CANISTER_ERROR, "");
  assert_int_equal(f->stopped, 0);
  assert_int_equal(f->context.stats.troubles[ICWS_GATEWAY_POLL_REJECTED], 3);
}

static void test_latency_is_counted(void **state)
{
  struct fixture *f = *state;
  const struct icws_gateway_histogram *latency = &f->context.stats.poll_latency;

  poller_tick(&f->poller);
  fake_pass_ms(20);
  reply(f, 0, 0, 0, true);
  assert_int_equal(latency->count, 1);
  assert_int_equal(latency->sum_ns, 20000000);
  assert_int_equal(icws_gateway_bucket_ms[3], 10);
  assert_int_equal(latency->within[3], 0);
  assert_int_equal(latency->within[4], 1);
  assert_int_equal(latency->within[ICWS_GATEWAY_BUCKETS - 1], 1);
}

static void test_stopping_cancels_and_makes_no_more(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  poller_stop(&f->poller);
  assert_int_equal(f->fake.requests[0].state, FAKE_CANCELLED);
  fake_pass_ms(10000);
  poller_tick(&f->poller);
  assert_int_equal(f->fake.count, 1);
}

/* --- Looking back ------------------------------------------------------------------------------ */

#define MAX_DATED 8

/* Answers a poll with messages from the nonce |first| on, made at the times of |timestamps|, to the
 * first 0. */
static void reply_dated(struct fixture *f, size_t index, uint64_t first,
                        const uint64_t timestamps[], bool end)
{
  struct icws_output_message messages[MAX_DATED];
  struct icws_buf contents[MAX_DATED];
  char keys[MAX_DATED][ICWS_MESSAGE_KEY_BYTES];
  struct icws_get_messages_result result = {
      .ok = true,
      .messages = messages,
      .cert = icws_bytes_text("certificate"),
      .tree = icws_bytes_text("tree"),
      .is_end_of_queue = end,
  };
  struct icws_buf answer;
  size_t count = 0;

  for (; timestamps[count] != 0; count++) {
    assert_true(count < MAX_DATED);
    icws_buf_init(&contents[count], 0, NULL);
    icws_websocket_message_put(
        &contents[count],
        &(struct icws_websocket_message){.client_key = f->client,
                                         .sequence_num = f->sequence_num == 0 ? 1 : f->sequence_num,
                                         .timestamp = timestamps[count]});
    icws_message_key_format(&f->principal, first + count, keys[count]);
    messages[count] = (struct icws_output_message){.client_key = f->client,
                                                   .key = icws_bytes_text(keys[count]),
                                                   .content = icws_buf_bytes(&contents[count])};
  }
  result.message_count = count;
  icws_buf_init(&answer, 0, NULL);
  icws_get_messages_result_put(&answer, &result);
  fake_network_reply(fake_network_at(&f->fake, index), icws_buf_bytes(&answer));
  icws_buf_wipe(&answer);
  while (count-- > 0)
    icws_buf_wipe(&contents[count]);
}

/* Three messages have been handed on, the last of them made at the time 300; a poll looks back. */
static void look_back(struct fixture *f)
{
  poller_tick(&f->poller);
  reply_dated(f, 0, 0, (const uint64_t[]){100, 200, 300, 0}, true);
  assert_int_equal(f->delivered, 3);
  poller_look_back(&f->poller);
  assert_polls_after_ms(f, 1, 100);
  assert_int_equal(asked_nonce(f, 1), 0);
}

static void test_looks_back_at_a_canister_that_goes_on(void **state)
{
  struct fixture *f = *state;

  look_back(f);
  reply_dated(f, 1, 1, (const uint64_t[]){200, 300, 400, 0}, true); /* the first one is deleted */
  assert_int_equal(f->restarted, 0);
  assert_int_equal(f->delivered, 3);
  assert_polls_after_ms(f, 2, 100);
  assert_int_equal(asked_nonce(f, 2), 3);
  reply_dated(f, 2, 3, (const uint64_t[]){400, 0}, true);
  assert_int_equal(f->delivered, 4);
}

static void test_goes_on_with_a_canister_that_began_anew(void **state)
{
  struct fixture *f = *state;

  look_back(f);
  reply_dated(f, 1, 0, (const uint64_t[]){301, 302, 0}, true);
  assert_int_equal(f->restarted, 1);
  assert_int_equal(f->delivered_before_restart, 3);
  assert_int_equal(f->delivered, 5);
  assert_polls_after_ms(f, 2, 100);
  assert_int_equal(asked_nonce(f, 2), 2);
}

/* The client's first message is not number 1: what is below is looked at before it is handed on. */
static void test_looks_back_at_once_when_a_first_message_is_missing(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply_dated(f, 0, 0, (const uint64_t[]){100, 200, 0}, true);
  f->awaiting = true;
  f->sequence_num = 3;
  assert_polls_after_ms(f, 1, 100);
  reply_dated(f, 1, 2, (const uint64_t[]){700, 800, 0}, false);
  assert_int_equal(f->delivered, 2);
  f->sequence_num = 1;
  assert_polls_after_ms(f, 2, 0);
  assert_int_equal(asked_nonce(f, 2), 0);
  reply_dated(f, 2, 0, (const uint64_t[]){500, 600, 700, 800, 0}, true);
  assert_int_equal(f->restarted, 1);
  assert_int_equal(f->delivered, 6);
  assert_polls_after_ms(f, 3, 100);
  assert_int_equal(asked_nonce(f, 3), 4);
}

static void test_hands_on_what_is_odd_when_looking_back_explains_nothing(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply_dated(f, 0, 0, (const uint64_t[]){100, 200, 0}, true);
  f->awaiting = true;
  f->sequence_num = 3;
  assert_polls_after_ms(f, 1, 100);
  reply_dated(f, 1, 2, (const uint64_t[]){300, 0}, true);
  assert_polls_after_ms(f, 2, 0);
  reply_dated(f, 2, 0, (const uint64_t[]){100, 200, 300, 0}, true);
  assert_int_equal(f->delivered, 2);
  assert_polls_after_ms(f, 3, 100);
  assert_int_equal(asked_nonce(f, 3), 2);
  reply_dated(f, 3, 2, (const uint64_t[]){300, 0}, true);
  assert_int_equal(f->delivered, 3);
  assert_int_equal(f->restarted, 0);
}

static void test_a_fresh_poller_has_nothing_to_look_back_at(void **state)
{
  struct fixture *f = *state;

  f->awaiting = true;
  f->sequence_num = 3;
  poller_tick(&f->poller);
  reply_dated(f, 0, 5, (const uint64_t[]){100, 0}, true);
  assert_int_equal(f->delivered, 1);
}

static void test_looking_back_may_find_nothing(void **state)
{
  struct fixture *f = *state;

  look_back(f);
  reply_dated(f, 1, 0, (const uint64_t[]){0}, true);
  assert_int_equal(f->restarted, 0);
  assert_polls_after_ms(f, 2, 100);
  assert_int_equal(asked_nonce(f, 2), 3);
}

static void test_failed_look_back_is_left_alone(void **state)
{
  struct fixture *f = *state;

  look_back(f);
  fake_network_unknown(fake_network_at(&f->fake, 1), "no answer");
  assert_polls_after_ms(f, 2, 50);
  assert_int_equal(asked_nonce(f, 2), 3);
  poller_look_back(&f->poller);
  fake_pass_ms(5000); /* the poll is given up, and repeated as another */
  poller_tick(&f->poller);
  assert_int_equal(asked_nonce(f, 3), 0);
  fake_pass_ms(5000);
  poller_tick(&f->poller);
  assert_int_equal(asked_nonce(f, 4), 3);
}

static void test_messages_without_a_time_show_nothing(void **state)
{
  struct fixture *f = *state;

  poller_tick(&f->poller);
  reply(f, 0, 0, 3, true);
  poller_look_back(&f->poller);
  assert_polls_after_ms(f, 1, 100);
  reply_dated(f, 1, 0, (const uint64_t[]){400, 0}, true);
  assert_int_equal(f->restarted, 0);
  assert_int_equal(f->delivered, 3);
}

static void test_nothing_to_look_back_at(void **state)
{
  struct fixture *f = *state;

  poller_look_back(&f->poller);
  poller_tick(&f->poller);
  reply_dated(f, 0, 0, (const uint64_t[]){100, 0}, true);
  assert_int_equal(f->delivered, 1);
}

static void test_may_be_stopped_by_what_it_hands_on(void **state)
{
  struct fixture *f = *state;

  f->stop_after = 2;
  poller_tick(&f->poller);
  reply(f, 0, 0, 5, false);
  assert_int_equal(f->delivered, 2);
  assert_int_equal(f->fake.count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_first_poll_is_a_signed_query_from_zero),
      TEST(test_one_poll_at_a_time),
      TEST(test_hands_on_in_order_and_asks_for_the_next),
      TEST(test_interval_counts_from_the_start_of_a_poll),
      TEST(test_more_in_the_queue_is_polled_at_once),
      TEST(test_empty_page_is_not_polled_at_once),
      TEST(test_first_answer_may_start_anywhere),
      TEST(test_gap_is_asked_for_again),
      TEST(test_replayed_messages_are_not_handed_on),
      TEST(test_lasting_gap_is_passed_over),
      TEST(test_foreign_keys_are_refused),
      TEST(test_silent_poll_is_given_up_and_repeated),
      TEST(test_failures_of_every_kind_pause_longer_and_longer),
      TEST(test_pauses_are_of_random_length),
      TEST(test_without_randomness_pauses_are_short),
      TEST(test_stopped_canister_is_told_at_each_poll),
      TEST(test_other_rejects_do_not_mean_stopped),
      TEST(test_latency_is_counted),
      TEST(test_stopping_cancels_and_makes_no_more),
      TEST(test_looks_back_at_a_canister_that_goes_on),
      TEST(test_goes_on_with_a_canister_that_began_anew),
      TEST(test_looks_back_at_once_when_a_first_message_is_missing),
      TEST(test_hands_on_what_is_odd_when_looking_back_explains_nothing),
      TEST(test_a_fresh_poller_has_nothing_to_look_back_at),
      TEST(test_looking_back_may_find_nothing),
      TEST(test_failed_look_back_is_left_alone),
      TEST(test_messages_without_a_time_show_nothing),
      TEST(test_nothing_to_look_back_at),
      TEST(test_may_be_stopped_by_what_it_hands_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

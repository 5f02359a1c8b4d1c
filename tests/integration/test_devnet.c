/* SPDX-License-Identifier: Apache-2.0 */

/* A local network in this process and clients on real sockets, from keys to certified messages. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid.h>
#include <icws/client.h>

#include "devnet/canisters/app_message.h"
#include "devnet/devnet.h"

#define PATIENCE_MS 120000 /* what has not happened by then fails the test */

/* For the test of keep-alives alone; under valgrind, on a machine that is busy, an answer takes
 * seconds. */
#define ACK_INTERVAL_MS 10000
#define WINDOW_MS 9900

struct network {
  uv_loop_t loop;
  struct icws_devnet *devnet;
  uint32_t ack_interval_ms; /* 0: the default */
  size_t unsettled;
  bool drained;
};

/* A client and what it has seen: "text; " for each message. */
struct person {
  struct icws_client *client;
  bool opened;
  bool closed;
  enum icws_error error;
  unsigned acks;
  char seen[4096];
};

#define MAX_PEOPLE 3
static struct network network;
static struct person people[MAX_PEOPLE];

/* --- Clients ----------------------------------------------------------------------------------- */

static void on_open(struct icws_client *client, void *user_data)
{
  struct person *person = user_data;
  (void)client;
  person->opened = true;
}

static void on_message(struct icws_client *client, const struct icws_event_message *message,
                       void *user_data)
{
  struct person *person = user_data;
  struct icws_bytes text;
  uint64_t timestamp = 0;
  size_t len = strlen(person->seen);
  (void)client;
  assert_int_equal(icws_app_message_decode(message->content, &text, &timestamp), ICWS_OK);
  assert_int_equal(timestamp, message->timestamp);
  assert_true(len + text.len + 3 < sizeof person->seen);
  memcpy(person->seen + len, text.data, text.len);
  memcpy(person->seen + len + text.len, "; ", 3);
}

static void on_ack(struct icws_client *client, const struct icws_event_ack *ack, void *user_data)
{
  struct person *person = user_data;
  (void)client;
  (void)ack;
  person->acks++;
}

static void on_closed(struct icws_client *client, const struct icws_failure *failure,
                      void *user_data)
{
  struct person *person = user_data;
  (void)client;
  person->closed = true;
  person->error = failure->code;
}

static struct person *connect_person(size_t number, enum icws_devnet_canister canister,
                                     struct icws_bytes root_key)
{
  struct person *person = &people[number];
  const struct icws_client_config config = {.gateway_url = icws_devnet_gateway_url(network.devnet),
                                            .canister =
                                                icws_devnet_canister_id(network.devnet, canister),
                                            .root_key = root_key,
                                            .ack_interval_ms = ACK_INTERVAL_MS,
                                            .callbacks = {.on_open = on_open,
                                                          .on_message = on_message,
                                                          .on_ack = on_ack,
                                                          .on_closed = on_closed},
                                            .user_data = person};
  struct icws_failure failure;
  if (icws_client_new(&config, &person->client, &failure) != ICWS_OK) {
    fail_msg("%s", failure.text);
  }
  assert_int_equal(icws_client_start(person->client), ICWS_OK);
  return person;
}

static void say(struct person *person, const char *text)
{
  struct icws_buf content;
  icws_buf_init(&content, 0, NULL);
  icws_app_message_put(&content, icws_bytes_text(text), 1);
  assert_int_equal(icws_client_send(person->client, icws_buf_bytes(&content), NULL), ICWS_OK);
  icws_buf_wipe(&content);
}

/* --- Waiting ----------------------------------------------------------------------------------- */

/* Clients have loops of their own, and there is one thread: each gets its turn. */
static void turn(void)
{
  uv_run(&network.loop, UV_RUN_NOWAIT);
  for (size_t i = 0; i < MAX_PEOPLE; i++) {
    if (people[i].client != NULL) {
      (void)icws_client_process(people[i].client);
    }
  }
  uv_sleep(1);
}

static bool waits(uint64_t *since)
{
  uint64_t now = uv_hrtime() / 1000000;
  *since = *since == 0 ? now : *since;
  turn();
  return now - *since < PATIENCE_MS;
}

#define WAIT_FOR(condition)                                                                        \
  do {                                                                                             \
    uint64_t since_ = 0;                                                                           \
    while (!(condition)) {                                                                         \
      if (!waits(&since_)) {                                                                       \
        fail_msg("waited in vain for " #condition);                                                \
      }                                                                                            \
    }                                                                                              \
  } while (0)

/* --- The network ------------------------------------------------------------------------------- */

static int start_network(uint32_t ack_interval_ms, uint32_t window_ms)
{
  static const uint8_t seed[ICWS_DEVNET_SEED_BYTES] = {7};
  memset(&network, 0, sizeof network);
  memset(people, 0, sizeof people);
  network.ack_interval_ms = ack_interval_ms;
  assert_int_equal(uv_loop_init(&network.loop), 0);
  const struct icws_devnet_config config = {.loop = &network.loop,
                                            .round_ms =
                                                100, /* a round takes a while under valgrind */
                                            .ack_interval_ms = ack_interval_ms,
                                            .keep_alive_window_ms = window_ms,
                                            .seed = seed};
  struct icws_failure failure;
  if (icws_devnet_new(&config, &network.devnet, &failure) != ICWS_OK) {
    fail_msg("%s", failure.text);
  }
  return 0;
}

static int set_up(void **state)
{
  (void)state;
  return start_network(0, 0);
}

static int set_up_short_intervals(void **state)
{
  (void)state;
  return start_network(ACK_INTERVAL_MS, WINDOW_MS);
}

static int tear_down(void **state)
{
  (void)state;
  for (size_t i = 0; i < MAX_PEOPLE; i++) {
    icws_client_del(people[i].client);
  }
  icws_devnet_del(network.devnet);
  assert_int_equal(uv_loop_close(&network.loop), 0);
  return 0;
}

static struct icws_bytes root_key(void)
{
  return icws_devnet_root_key(network.devnet);
}

/* --- Tests ------------------------------------------------------------------------------------- */

static void test_pingpong(void **state)
{
  (void)state;
  struct person *alice = connect_person(0, ICWS_DEVNET_PINGPONG, root_key());
  say(alice, "one"); /* before it is open: leaves afterwards, in order */
  say(alice, "two");
  WAIT_FOR(strcmp(alice->seen, "ping; one ping; two ping; ") == 0 || alice->closed);
  assert_string_equal(alice->seen, "ping; one ping; two ping; ");
  icws_client_close(alice->client);
  WAIT_FOR(alice->closed);
  assert_int_equal(alice->error, ICWS_OK);
}

static void test_chat(void **state)
{
  (void)state;
  struct person *alice = connect_person(0, ICWS_DEVNET_CHAT, root_key());
  WAIT_FOR(strstr(alice->seen, " joined; ") != NULL);
  struct person *bob = connect_person(1, ICWS_DEVNET_CHAT, root_key());
  WAIT_FOR(strstr(bob->seen, " joined; ") != NULL);
  say(alice, "hello");
  WAIT_FOR(strstr(bob->seen, "hello; ") != NULL && strstr(alice->seen, "hello; ") != NULL);
  say(bob, "hi alice");
  WAIT_FOR(strstr(alice->seen, "hi alice; ") != NULL);

  /* The gateway tells the canister that she has gone. */
  icws_client_close(alice->client);
  WAIT_FOR(strstr(bob->seen, " left; ") != NULL);
  assert_false(bob->closed);
}

static void test_ticker_and_keep_alives(void **state)
{
  (void)state;
  struct person *alice = connect_person(0, ICWS_DEVNET_TICKER, root_key());
  WAIT_FOR(alice->acks >= 2 || alice->closed); /* the first one's window is over by then */
  assert_false(alice->closed);
  assert_true(icws_client_stats(alice->client).keep_alives_sent >= 1);
  assert_non_null(strstr(alice->seen, "tick "));
}

static void test_two_networks_are_strangers(void **state)
{
  (void)state;
  struct person *alice = connect_person(0, ICWS_DEVNET_CHAT, icws_root_key_mainnet());
  WAIT_FOR(alice->closed);
  assert_false(alice->opened);
  assert_int_equal(alice->error, ICWS_ERR_CERTIFICATE_DELEGATION);
  assert_string_equal(alice->seen, "");
}

static void on_drained(void *user_data, size_t unsettled)
{
  struct network *drained = user_data;
  drained->drained = true;
  drained->unsettled = unsettled;
}

static void test_drain(void **state)
{
  (void)state;
  struct person *alice = connect_person(0, ICWS_DEVNET_CHAT, root_key());
  struct person *bob = connect_person(1, ICWS_DEVNET_ECHO, root_key());
  WAIT_FOR(alice->opened && bob->opened);
  icws_devnet_drain(network.devnet, PATIENCE_MS, on_drained, &network);
  WAIT_FOR(network.drained && alice->closed && bob->closed);
  assert_int_equal(network.unsettled, 0);
  assert_int_equal(alice->error, ICWS_ERR_DISCONNECTED);
  assert_int_equal(bob->error, ICWS_ERR_DISCONNECTED);
}

static void test_configuration(void **state)
{
  (void)state;
  struct icws_devnet *other = NULL;
  struct icws_failure failure;
  struct icws_devnet_config config = {0};
  assert_int_equal(icws_devnet_new(&config, &other, &failure), ICWS_ERR_INVALID_ARGUMENT);
  config.loop = &network.loop;
  config.ack_interval_ms = 1000;
  config.keep_alive_window_ms = 1000;
  assert_int_equal(icws_devnet_new(&config, &other, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "the keep-alive window must be shorter than the ack interval");
  config.keep_alive_window_ms = 0;
  config.address = "localhost";
  assert_int_equal(icws_devnet_new(&config, &other, &failure), ICWS_ERR_INVALID_ARGUMENT);

  /* The seed decides about keys; the canisters' ids are always the same. */
  config.address = NULL;
  assert_int_equal(icws_devnet_new(&config, &other, &failure), ICWS_OK);
  assert_false(icws_bytes_equal(icws_devnet_root_key(other), root_key()));
  for (int i = 0; i < ICWS_DEVNET_CANISTERS; i++) {
    struct icws_principal a = icws_devnet_canister_id(other, (enum icws_devnet_canister)i);
    struct icws_principal b = icws_devnet_canister_id(network.devnet, (enum icws_devnet_canister)i);
    assert_true(icws_principal_equal(&a, &b));
  }
  icws_devnet_del(other);
}

#define on_network(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      on_network(test_pingpong),
      on_network(test_chat),
      cmocka_unit_test_setup_teardown(test_ticker_and_keep_alives, set_up_short_intervals,
                                      tear_down),
      on_network(test_two_networks_are_strangers),
      on_network(test_drain),
      on_network(test_configuration),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

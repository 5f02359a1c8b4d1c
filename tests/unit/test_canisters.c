/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "devnet/canisters/app_message.h"
#include "devnet/canisters/canisters.h"
#include "replica_fixture.h"

/* The built-in canisters as a gateway meets them: signed calls in, certified messages out. */

#define SECOND REPLICA_FIXTURE_SECOND
#define ACK_INTERVAL_MS 1000
#define WINDOW_MS 300
#define PERIOD_MS 250

enum { GATEWAY, ALICE, BOB, PEOPLE };
static const char *const names[PEOPLE] = {"gateway", "alice", "bob"};

struct fixture {
  struct replica_fixture base;
  struct icws_principal canister;
  struct icws_identity *people[PEOPLE];
  uint64_t sent[PEOPLE]; /* sequence numbers */
  uint64_t next_poll;
  char text[4096]; /* what the last poll brought */
};

static struct fixture *make_fixture(const struct icws_app_type *type)
{
  static struct fixture fixture;
  memset(&fixture, 0, sizeof fixture);
  replica_fixture_init(&fixture.base);
  for (uint8_t i = 0; i < PEOPLE; i++) {
    fixture.people[i] = replica_fixture_identity((uint8_t)(i + 1));
  }
  struct icws_canister_system system;
  struct icws_canister canister;
  const struct icws_app_config config = {.ack_interval_ms = ACK_INTERVAL_MS,
                                         .keep_alive_window_ms = WINDOW_MS,
                                         .period_ms = PERIOD_MS};
  assert_int_equal(icws_replica_reserve(fixture.base.replica, &fixture.canister, &system), ICWS_OK);
  assert_int_equal(icws_app_new(type, &config, &system, &canister), ICWS_OK);
  icws_replica_install(fixture.base.replica, &fixture.canister, &canister);
  replica_fixture_round(&fixture.base);
  return &fixture;
}

static void wipe_fixture(struct fixture *fixture)
{
  replica_fixture_wipe(&fixture->base);
  for (size_t i = 0; i < PEOPLE; i++) {
    icws_identity_del(fixture->people[i]);
  }
}

static struct icws_principal principal_of(const struct fixture *fixture, int who)
{
  return replica_fixture_sender(fixture->people[who]);
}

static const char *name_of(const struct fixture *fixture, const struct icws_principal *principal)
{
  for (int i = 0; i < PEOPLE; i++) {
    struct icws_principal other = principal_of(fixture, i);
    if (icws_principal_equal(&other, principal)) {
      return names[i];
    }
  }
  return "nobody";
}

static void keep_text(char *out, size_t size, struct icws_bytes text)
{
  assert_true(text.len < size);
  if (text.len > 0) {
    memcpy(out, text.data, text.len);
  }
  out[text.len] = '\0';
}

/* --- Calls ------------------------------------------------------------------------------------- */

/* Calls; "ok" or the text of the error that the canister answered with. */
static const char *call(struct fixture *fixture, int who, const char *method, struct icws_buf *arg)
{
  static char text[128];
  struct icws_replica_answer answer = replica_fixture_call(
      &fixture->base, fixture->people[who], &fixture->canister, method, icws_buf_bytes(arg));
  struct icws_result result;
  assert_int_equal(answer.status, ICWS_REPLICA_REPLIED);
  assert_int_equal(icws_result_decode(answer.reply, &result, NULL), ICWS_OK);
  keep_text(text, sizeof text, result.text);
  icws_buf_wipe(arg);
  return result.ok ? "ok" : text;
}

/* The nonce of each client's key is its number. */
static struct icws_client_key key_of(const struct fixture *fixture, int who)
{
  return (struct icws_client_key){.principal = principal_of(fixture, who), .nonce = (uint64_t)who};
}

static const char *ws_open(struct fixture *fixture, int who)
{
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  const struct icws_open_args args = {.client_nonce = (uint64_t)who,
                                      .gateway = principal_of(fixture, GATEWAY)};
  icws_open_args_put(&arg, &args);
  return call(fixture, who, "ws_open", &arg);
}

static const char *ws_close(struct fixture *fixture, int who)
{
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  const struct icws_client_key key = key_of(fixture, who);
  icws_close_args_put(&arg, &key);
  return call(fixture, GATEWAY, "ws_close", &arg);
}

static const char *ws_message(struct fixture *fixture, int who, struct icws_bytes content)
{
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  const struct icws_websocket_message message = {.client_key = key_of(fixture, who),
                                                 .sequence_num = ++fixture->sent[who],
                                                 .timestamp = fixture->base.now,
                                                 .content = content};
  icws_message_args_put(&arg, &message);
  return call(fixture, who, "ws_message", &arg);
}

static const char *say(struct fixture *fixture, int who, const char *text)
{
  struct icws_buf content;
  icws_buf_init(&content, 0, NULL);
  icws_app_message_put(&content, icws_bytes_text(text), 7);
  const char *result = ws_message(fixture, who, icws_buf_bytes(&content));
  icws_buf_wipe(&content);
  return result;
}

/* --- What comes back --------------------------------------------------------------------------- */

static void append(struct fixture *fixture, const char *text)
{
  size_t len = strlen(fixture->text);
  assert_true(len + strlen(text) < sizeof fixture->text);
  strcpy(fixture->text + len, text);
}

static void append_service(struct fixture *fixture, struct icws_bytes content)
{
  struct icws_service_message service;
  char text[64];
  assert_int_equal(icws_service_message_decode(content, &service, NULL), ICWS_OK);
  switch (service.type) {
  case ICWS_SERVICE_OPEN:
    append(fixture, "(open)");
    break;
  case ICWS_SERVICE_ACK:
    snprintf(text, sizeof text, "(ack %" PRIu64 ")", service.last_incoming_sequence_num);
    append(fixture, text);
    break;
  case ICWS_SERVICE_CLOSE:
    append(fixture, service.reason == ICWS_CLOSE_KEEP_ALIVE_TIMEOUT ? "(silent)" : "(closed)");
    break;
  case ICWS_SERVICE_KEEP_ALIVE:
    fail_msg("a canister sent a keep-alive");
  }
}

/* Verifies one message as a client would, and appends "alice: hello; ". */
static void append_message(struct fixture *fixture, const struct icws_output_message *output,
                           const struct icws_get_messages_result *poll)
{
  const struct icws_certified certified = {
      .key = output->key, .content = output->content, .cert = poll->cert, .tree = poll->tree};
  const struct icws_certificate *certificate;
  struct icws_websocket_message message;
  assert_int_equal(icws_verifier_certified(fixture->base.verifier, &fixture->canister, &certified,
                                           &certificate, NULL),
                   ICWS_OK);
  assert_int_equal(icws_websocket_message_decode(output->content, &message, NULL), ICWS_OK);
  assert_true(message.timestamp <= certificate->time_ns);
  append(fixture, name_of(fixture, &message.client_key.principal));
  append(fixture, ": ");
  if (message.is_service_message) {
    append_service(fixture, message.content);
  } else {
    struct icws_bytes text;
    uint64_t timestamp = 0;
    char line[256];
    if (icws_app_message_decode(message.content, &text, &timestamp) == ICWS_OK) {
      assert_int_equal(timestamp, message.timestamp);
    } else {
      text = message.content;
    }
    keep_text(line, sizeof line, text);
    append(fixture, line);
  }
  append(fixture, "; ");
}

/* What is new for the gateway's clients. */
static const char *poll(struct fixture *fixture)
{
  struct icws_output_message messages[50];
  struct icws_get_messages_result result;
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  icws_get_messages_args_put(&arg, fixture->next_poll);
  struct icws_replica_answer answer =
      replica_fixture_query(&fixture->base, fixture->people[GATEWAY], &fixture->canister,
                            "ws_get_messages", icws_buf_bytes(&arg));
  icws_buf_wipe(&arg);
  assert_int_equal(answer.status, ICWS_REPLICA_REPLIED);
  assert_int_equal(icws_get_messages_result_decode(answer.reply, messages, 50, &result, NULL),
                   ICWS_OK);
  assert_true(result.ok && result.is_end_of_queue);
  fixture->text[0] = '\0';
  for (size_t i = 0; i < result.message_count; i++) {
    append_message(fixture, &messages[i], &result);
  }
  fixture->next_poll += result.message_count;
  return fixture->text;
}

/* The first group of a client's principal, and |what|. */
static const char *announcement(const struct fixture *fixture, int who, const char *what)
{
  static char text[128];
  char principal[ICWS_PRINCIPAL_TEXT_BYTES];
  struct icws_principal id = principal_of(fixture, who);
  icws_principal_to_text(&id, principal);
  snprintf(text, sizeof text, "%.5s %s", principal, what);
  return text;
}

/* --- The canisters ----------------------------------------------------------------------------- */

static void test_pingpong(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_pingpong);
  assert_string_equal(ws_open(fixture, ALICE), "ok");
  assert_string_equal(poll(fixture), "alice: (open); alice: ping; ");
  assert_string_equal(ws_open(fixture, BOB), "ok");
  assert_string_equal(say(fixture, ALICE, "pong"), "ok");
  assert_string_equal(say(fixture, ALICE, ""), "ok");
  assert_string_equal(poll(fixture), "bob: (open); bob: ping; alice: pong ping; alice:  ping; ");
  assert_string_equal(ws_message(fixture, ALICE, icws_bytes_text("DIDL")),
                      "the message is not an AppMessage");
  assert_string_equal(poll(fixture), "");
  wipe_fixture(fixture);
}

static void test_pingpong_closes(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_pingpong);
  assert_string_equal(ws_open(fixture, ALICE), "ok");
  assert_string_equal(ws_open(fixture, BOB), "ok");
  assert_string_equal(say(fixture, ALICE, "closed"), "ok"); /* another word */
  assert_string_equal(say(fixture, ALICE, "close"), "ok");
  assert_string_equal(
      poll(fixture),
      "alice: (open); alice: ping; bob: (open); bob: ping; alice: closed ping; alice: (closed); ");
  assert_string_equal(say(fixture, BOB, "pong"), "ok");
  assert_string_equal(poll(fixture), "bob: pong ping; ");
  assert_string_not_equal(say(fixture, ALICE, "again"), "ok");
  assert_string_equal(poll(fixture), "");
  wipe_fixture(fixture);
}

static void test_echo(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_echo);
  assert_string_equal(ws_open(fixture, ALICE), "ok");
  assert_string_equal(ws_message(fixture, ALICE, icws_bytes_text("any bytes")), "ok");
  assert_string_equal(ws_message(fixture, ALICE, icws_bytes_text("")), "ok");
  assert_string_equal(poll(fixture), "alice: (open); alice: any bytes; alice: ; ");
  wipe_fixture(fixture);
}

static void test_ticker(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_ticker);
  assert_string_equal(ws_open(fixture, ALICE), "ok"); /* 200 ms after the start */
  replica_fixture_round(&fixture->base);              /* 300 ms: the tick of 250 ms */
  assert_string_equal(poll(fixture), "alice: (open); alice: tick 1; ");
  replica_fixture_round(&fixture->base);
  assert_string_equal(poll(fixture), "");
  replica_fixture_round(&fixture->base); /* 500 ms */
  assert_string_equal(poll(fixture), "alice: tick 2; ");
  fixture->base.now += 350 * SECOND / 1000; /* a pause makes up for nothing */
  replica_fixture_round(&fixture->base);    /* 950 ms */
  assert_string_equal(poll(fixture), "alice: tick 3; ");
  wipe_fixture(fixture);
}

static void test_chat(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_chat);
  char expected[256];
  const char *line = announcement(fixture, ALICE, "joined");
  assert_string_equal(ws_open(fixture, ALICE), "ok");
  snprintf(expected, sizeof expected, "alice: (open); alice: %s; ", line);
  assert_string_equal(poll(fixture), expected);

  assert_string_equal(ws_open(fixture, BOB), "ok");
  poll(fixture);
  line = announcement(fixture, BOB, "joined");
  assert_non_null(strstr(fixture->text, "bob: (open); "));
  snprintf(expected, sizeof expected, "alice: %s; ", line);
  assert_non_null(strstr(fixture->text, expected));
  snprintf(expected, sizeof expected, "bob: %s; ", line);
  assert_non_null(strstr(fixture->text, expected));

  assert_string_equal(say(fixture, BOB, "hi"), "ok");
  poll(fixture);
  assert_int_equal(strlen(fixture->text), strlen("alice: hi; bob: hi; "));
  assert_non_null(strstr(fixture->text, "alice: hi; "));
  assert_non_null(strstr(fixture->text, "bob: hi; "));

  assert_string_equal(ws_close(fixture, BOB), "ok");
  snprintf(expected, sizeof expected, "alice: %s; ", announcement(fixture, BOB, "left"));
  assert_string_equal(poll(fixture), expected);
  assert_string_equal(ws_message(fixture, ALICE, icws_bytes_text("DIDL")),
                      "the message is not a ChatMessage");
  assert_string_equal(poll(fixture), "");
  wipe_fixture(fixture);
}

/* The canister says who wrote, whatever the client says. */
static void test_chat_sender(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_chat);
  struct icws_principal alice = principal_of(fixture, ALICE);
  struct icws_principal bob = principal_of(fixture, BOB);
  struct icws_buf content;
  struct icws_buf expected;
  icws_buf_init(&content, 0, NULL);
  icws_buf_init(&expected, 0, NULL);
  assert_string_equal(ws_open(fixture, ALICE), "ok");
  icws_chat_message_put(&content, icws_bytes_text("I am bob"), 7, &bob);
  assert_string_equal(ws_message(fixture, ALICE, icws_buf_bytes(&content)), "ok");

  struct icws_buf arg;
  struct icws_output_message messages[3];
  struct icws_get_messages_result result;
  struct icws_websocket_message message;
  icws_buf_init(&arg, 0, NULL);
  icws_get_messages_args_put(&arg, 0);
  struct icws_replica_answer answer =
      replica_fixture_query(&fixture->base, fixture->people[GATEWAY], &fixture->canister,
                            "ws_get_messages", icws_buf_bytes(&arg));
  assert_int_equal(icws_get_messages_result_decode(answer.reply, messages, 3, &result, NULL),
                   ICWS_OK);
  assert_int_equal(result.message_count, 3);
  assert_int_equal(icws_websocket_message_decode(messages[1].content, &message, NULL), ICWS_OK);
  icws_chat_message_put(&expected, icws_bytes_text(announcement(fixture, ALICE, "joined")),
                        message.timestamp, NULL);
  assert_true(icws_bytes_equal(message.content, icws_buf_bytes(&expected)));
  assert_int_equal(icws_websocket_message_decode(messages[2].content, &message, NULL), ICWS_OK);
  icws_buf_clear(&expected);
  icws_chat_message_put(&expected, icws_bytes_text("I am bob"), message.timestamp, &alice);
  assert_true(icws_bytes_equal(message.content, icws_buf_bytes(&expected)));
  icws_buf_wipe(&arg);
  icws_buf_wipe(&content);
  icws_buf_wipe(&expected);
  wipe_fixture(fixture);
}

/* Acknowledgements come by the replica's timer; who does not answer is out, and the room hears it.
 */
static void test_acks_and_silence(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_chat);
  char expected[256];
  assert_string_equal(ws_open(fixture, ALICE), "ok");
  assert_string_equal(say(fixture, ALICE, "hello"), "ok");
  poll(fixture);
  while (fixture->base.now < REPLICA_FIXTURE_START + SECOND) {
    replica_fixture_round(&fixture->base);
  }
  assert_string_equal(poll(fixture), "alice: (ack 1); ");

  /* Bob comes after the ack and need not answer this one. */
  assert_string_equal(ws_open(fixture, BOB), "ok");
  poll(fixture);
  for (int i = 0; i < 4; i++) {
    replica_fixture_round(&fixture->base);
  }
  snprintf(expected, sizeof expected, "alice: (silent); bob: %s; ",
           announcement(fixture, ALICE, "left"));
  assert_string_equal(poll(fixture), expected);
  wipe_fixture(fixture);
}

static void test_bad_configuration(void **state)
{
  (void)state;
  struct fixture *fixture = make_fixture(&icws_canister_echo);
  struct icws_principal id = {0};
  struct icws_canister_system system;
  struct icws_canister canister;
  const struct icws_app_config config = {.ack_interval_ms = 5, .keep_alive_window_ms = 5};
  assert_int_equal(icws_replica_reserve(fixture->base.replica, &id, &system), ICWS_OK);
  assert_int_equal(icws_app_new(&icws_canister_echo, &config, &system, &canister),
                   ICWS_ERR_INVALID_ARGUMENT);
  wipe_fixture(fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pingpong),
      cmocka_unit_test(test_pingpong_closes),
      cmocka_unit_test(test_echo),
      cmocka_unit_test(test_ticker),
      cmocka_unit_test(test_chat),
      cmocka_unit_test(test_chat_sender),
      cmocka_unit_test(test_acks_and_silence),
      cmocka_unit_test(test_bad_configuration),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cdk_fixture.h"

static struct cdk_fixture fixture;

static int setup(void **state)
{
  (void)state;
  cdk_fixture_init(&fixture, NULL);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
  cdk_fixture_log_is(&fixture, "open alice/1; ");
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  cdk_fixture_wipe(&fixture);
  return 0;
}

/* --- ws_message ------------------------------------------------------------------------------- */

static void test_messages_are_taken_in_order(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "one"), "ok");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 2, ""), "ok");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 3, "three"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 one; message alice/1 ; message alice/1 three; ");
}

static void test_message_of_a_stranger(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_message(&fixture, "bob", 1, 1, "hi"),
                      "the caller is not a connected client");
  cdk_fixture_log_is(&fixture, "");
}

static void test_message_with_another_client_key(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 2, 1, "hi"),
                      "the client key is not the caller's");
  cdk_fixture_log_is(&fixture, "");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "hi"), "ok");
}

/* The caller counts, not who the message says that it is from. */
static void test_message_with_the_key_of_another_client(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "gw"), "ok");
  struct icws_websocket_message message = {
      .client_key = cdk_fixture_key("alice", 1),
      .sequence_num = 1,
      .content = icws_bytes_text("forged"),
  };
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  icws_message_args_put(&arg, &message);
  struct icws_principal bob = cdk_fixture_principal("bob");
  assert_int_equal(
      icws_cdk_ws_message(fixture.cdk, &bob, icws_buf_bytes(&arg), &fixture.reply, NULL), ICWS_OK);
  struct icws_result result;
  assert_int_equal(icws_result_decode(icws_buf_bytes(&fixture.reply), &result, NULL), ICWS_OK);
  assert_false(result.ok);
  cdk_fixture_log_is(&fixture, "open bob/1; ");
  icws_buf_wipe(&arg);
}

static void assert_wrong_sequence(uint64_t sequence_num)
{
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, sequence_num, "hi"),
                      "the sequence number is not the next one; the connection is closed");
  cdk_fixture_log_is(&fixture, "close alice/1; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1),
                      "1 alice/1 #2 close WrongSequenceNumber; end");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "hi"),
                      "the caller is not a connected client");
}

static void test_gap_closes(void **state)
{
  (void)state;
  assert_wrong_sequence(2);
}

static void test_zero_closes(void **state)
{
  (void)state;
  assert_wrong_sequence(0);
}

static void test_replay_closes(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "hi"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 hi; ");
  assert_wrong_sequence(1);
}

static void test_wrong_number_of_a_service_message_closes(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_keep_alive(&fixture, "alice", 1, 7),
                      "the sequence number is not the next one; the connection is closed");
  cdk_fixture_log_is(&fixture, "close alice/1; ");
}

static void test_keep_alive_takes_a_number(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_keep_alive(&fixture, "alice", 1, 1), "ok");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 2, "hi"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 hi; ");
}

/* A refused service message has used up its number: the client cannot know of the refusal. */
static void test_other_service_messages_are_refused(void **state)
{
  (void)state;
  static const enum icws_service_type types[] = {ICWS_SERVICE_OPEN, ICWS_SERVICE_ACK,
                                                 ICWS_SERVICE_CLOSE};
  uint64_t sequence_num = 1;
  for (size_t i = 0; i < 3; i++) {
    struct icws_service_message service = {.type = types[i]};
    assert_string_equal(cdk_fixture_service(&fixture, "alice", 1, sequence_num++, &service),
                        "clients may send no other service message than KeepAliveMessage");
  }
  assert_string_equal(cdk_fixture_service(&fixture, "alice", 1, sequence_num++, NULL),
                      "the service message cannot be decoded");
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, sequence_num, "hi"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 hi; ");
}

static const char *refuse(struct cdk_fixture *f, const struct icws_client_key *client)
{
  (void)f;
  (void)client;
  return "the application refuses";
}

static void test_failed_message_does_not_count(void **state)
{
  (void)state;
  fixture.in_message = refuse;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "one"),
                      "the application refuses");
  fixture.in_message = NULL;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "again"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 one; message alice/1 again; ");
  assert_wrong_sequence(4);
}

static const char *echo_twice(struct cdk_fixture *f, const struct icws_client_key *client)
{
  assert_int_equal(icws_cdk_send(f->cdk, &client->principal, icws_bytes_text("a")), ICWS_OK);
  assert_int_equal(icws_cdk_send(f->cdk, &client->principal, icws_bytes_text("b")), ICWS_OK);
  return NULL;
}

static void test_answers_of_a_handler_are_certified_at_once(void **state)
{
  (void)state;
  fixture.in_message = echo_twice;
  size_t before = fixture.certifications;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "hi"), "ok");
  assert_int_equal(fixture.certifications, before + 1);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 a; 2 alice/1 #3 b; end");
}

static const char *close_sender(struct cdk_fixture *f, const struct icws_client_key *client)
{
  assert_int_equal(icws_cdk_close(f->cdk, &client->principal), ICWS_OK);
  assert_int_equal(icws_cdk_close(f->cdk, &client->principal), ICWS_ERR_CLOSED);
  return NULL;
}

static void test_handler_closes_its_client(void **state)
{
  (void)state;
  fixture.in_message = close_sender;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "bye"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 bye; close alice/1; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1),
                      "1 alice/1 #2 close ClosedByApplication; end");
}

static const char *call_methods(struct cdk_fixture *f, const struct icws_client_key *client)
{
  (void)client;
  struct icws_buf saved = f->reply;
  icws_buf_init(&f->reply, 0, NULL);
  assert_string_equal(cdk_fixture_open(f, "bob", 1, "gw"), "ICWS_ERR_INVALID_STATE");
  assert_string_equal(cdk_fixture_message(f, "alice", 1, 1, "x"), "ICWS_ERR_INVALID_STATE");
  assert_string_equal(cdk_fixture_close(f, "gw", "alice", 1), "ICWS_ERR_INVALID_STATE");
  assert_string_equal(cdk_fixture_poll(f, "gw", 0), "ICWS_ERR_INVALID_STATE");
  icws_cdk_tick(f->cdk);
  icws_buf_wipe(&f->reply);
  f->reply = saved;
  return NULL;
}

static void test_handlers_may_not_call_methods(void **state)
{
  (void)state;
  fixture.in_message = call_methods;
  fixture.now += 1000 * FIXTURE_SECOND;
  assert_string_equal(cdk_fixture_message(&fixture, "alice", 1, 1, "hi"), "ok");
  cdk_fixture_log_is(&fixture, "message alice/1 hi; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "0 alice/1 #1 open alice/1; end");
}

/* --- ws_close --------------------------------------------------------------------------------- */

static void test_gateway_closes(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "alice", 1), "ok");
  cdk_fixture_log_is(&fixture, "close alice/1; ");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "end");
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "alice", 1), "there is no such client");
  cdk_fixture_log_is(&fixture, "");
}

static void test_only_its_gateway_closes_a_client(void **state)
{
  (void)state;
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "other"), "ok");
  static const char *const callers[] = {"other", "alice", "stranger"};
  for (size_t i = 0; i < 3; i++) {
    assert_string_equal(cdk_fixture_close(&fixture, callers[i], "alice", 1),
                        "the client is not connected through the caller");
  }
  assert_string_equal(cdk_fixture_close(&fixture, "gw", "alice", 2), "there is no such client");
  cdk_fixture_log_is(&fixture, "open bob/1; ");
}

/* --- Arguments -------------------------------------------------------------------------------- */

static void test_undecodable_arguments_are_rejected(void **state)
{
  (void)state;
  struct icws_principal caller = cdk_fixture_principal("alice");
  struct icws_bytes garbage = icws_bytes_text("DIDL garbage");
  struct icws_failure failure;
  assert_int_equal(icws_cdk_ws_open(fixture.cdk, &caller, garbage, &fixture.reply, &failure),
                   ICWS_ERR_CANDID);
  assert_int_equal(failure.code, ICWS_ERR_CANDID);
  assert_int_equal(icws_cdk_ws_message(fixture.cdk, &caller, garbage, &fixture.reply, NULL),
                   ICWS_ERR_CANDID);
  assert_int_equal(icws_cdk_ws_close(fixture.cdk, &caller, garbage, &fixture.reply, NULL),
                   ICWS_ERR_CANDID);
  assert_int_equal(icws_cdk_ws_get_messages(fixture.cdk, &caller, garbage, &fixture.reply, NULL),
                   ICWS_ERR_CANDID);
  cdk_fixture_log_is(&fixture, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_messages_are_taken_in_order),
      TEST(test_message_of_a_stranger),
      TEST(test_message_with_another_client_key),
      TEST(test_message_with_the_key_of_another_client),
      TEST(test_gap_closes),
      TEST(test_zero_closes),
      TEST(test_replay_closes),
      TEST(test_wrong_number_of_a_service_message_closes),
      TEST(test_keep_alive_takes_a_number),
      TEST(test_other_service_messages_are_refused),
      TEST(test_failed_message_does_not_count),
      TEST(test_answers_of_a_handler_are_certified_at_once),
      TEST(test_handler_closes_its_client),
      TEST(test_handlers_may_not_call_methods),
      TEST(test_gateway_closes),
      TEST(test_only_its_gateway_closes_a_client),
      TEST(test_undecodable_arguments_are_rejected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

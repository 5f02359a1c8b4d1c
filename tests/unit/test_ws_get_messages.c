/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cdk_fixture.h"

static struct cdk_fixture fixture;

/* cdk_fixture_poll checks certificate, tree and keys of every answer below. */

static void start(const struct icws_cdk_config *config)
{
  cdk_fixture_init(&fixture, config);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
}

static void send_numbered(int from, int to)
{
  for (int i = from; i < to; i++) {
    char text[16];
    snprintf(text, sizeof text, "m%d", i);
    assert_int_equal(cdk_fixture_send(&fixture, "alice", text), ICWS_OK);
  }
}

static void test_strangers_get_an_empty_list(void **state)
{
  (void)state;
  start(NULL);
  assert_string_equal(cdk_fixture_poll(&fixture, "stranger", 0), "end");
  assert_string_equal(cdk_fixture_poll(&fixture, "alice", 0), "end");
  cdk_fixture_wipe(&fixture);
}

static void test_from_any_number_on(void **state)
{
  (void)state;
  start(NULL);
  send_numbered(1, 4);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/1 #1 open alice/1; 1 alice/1 #2 m1; 2 alice/1 #3 m2; "
                      "3 alice/1 #4 m3; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 2), "2 alice/1 #3 m2; 3 alice/1 #4 m3; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 3), "3 alice/1 #4 m3; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 4), "end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 5), "end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", UINT64_MAX), "end");
  cdk_fixture_wipe(&fixture);
}

/* A poll changes nothing: the same again gives the same again. */
static void test_polls_can_be_repeated(void **state)
{
  (void)state;
  start(NULL);
  send_numbered(1, 3);
  char first[FIXTURE_TEXT_BYTES];
  strcpy(first, cdk_fixture_poll(&fixture, "gw", 1));
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), first);
  cdk_fixture_wipe(&fixture);
}

static void test_at_most_fifty_unless_told_otherwise(void **state)
{
  (void)state;
  start(NULL);
  send_numbered(1, 120);
  cdk_fixture_poll(&fixture, "gw", 0);
  assert_int_equal(fixture.poll.message_count, 50);
  assert_false(fixture.poll.is_end_of_queue);
  cdk_fixture_poll(&fixture, "gw", 69);
  assert_int_equal(fixture.poll.message_count, 50);
  assert_false(fixture.poll.is_end_of_queue);
  cdk_fixture_poll(&fixture, "gw", 70);
  assert_int_equal(fixture.poll.message_count, 50);
  assert_true(fixture.poll.is_end_of_queue);
  cdk_fixture_wipe(&fixture);
}

static void test_number_of_messages_is_a_parameter(void **state)
{
  (void)state;
  start(&(struct icws_cdk_config){.max_poll_messages = 2});
  send_numbered(1, 3);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/1 #1 open alice/1; 1 alice/1 #2 m1; more");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 m1; 2 alice/1 #3 m2; end");
  cdk_fixture_wipe(&fixture);
}

/* An answer has no more bytes than allowed, but one message always gets through. */
static void test_bytes_of_an_answer_are_limited(void **state)
{
  (void)state;
  start(NULL);
  send_numbered(1, 2);
  cdk_fixture_poll(&fixture, "gw", 1);
  size_t len = fixture.messages[0].content.len;
  cdk_fixture_wipe(&fixture);

  start(&(struct icws_cdk_config){.max_poll_bytes = 2 * len});
  send_numbered(1, 4);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1),
                      "1 alice/1 #2 m1; 2 alice/1 #3 m2; more");
  cdk_fixture_wipe(&fixture);

  start(&(struct icws_cdk_config){.max_poll_bytes = 2 * len - 1});
  send_numbered(1, 3);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 m1; more");
  cdk_fixture_wipe(&fixture);

  start(&(struct icws_cdk_config){.max_poll_bytes = 1});
  send_numbered(1, 3);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "1 alice/1 #2 m1; more");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 2), "2 alice/1 #3 m2; end");
  cdk_fixture_wipe(&fixture);
}

/* Each gateway has numbers of its own; the trees prune the others' messages, which lie before and
 * behind in the order of keys. */
static void test_several_gateways(void **state)
{
  (void)state;
  static const char *const names[] = {"gw-a", "gw-b", "gw-c"};
  static const char *const clients[] = {"ann", "ben", "cat"};
  cdk_fixture_init(&fixture, NULL);
  for (size_t i = 0; i < 3; i++)
    assert_string_equal(cdk_fixture_open(&fixture, clients[i], i, names[i]), "ok");
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(cdk_fixture_send(&fixture, clients[i], clients[i]), ICWS_OK);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw-a", 0),
                      "0 ann/0 #1 open ann/0; 1 ann/0 #2 ann; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw-b", 0),
                      "0 ben/1 #1 open ben/1; 1 ben/1 #2 ben; end");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw-c", 0),
                      "0 cat/2 #1 open cat/2; 1 cat/2 #2 cat; end");
  cdk_fixture_wipe(&fixture);
}

static void test_clients_of_one_gateway_share_its_queue(void **state)
{
  (void)state;
  start(NULL);
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 2, "gw"), "ok");
  send_numbered(1, 2);
  assert_int_equal(cdk_fixture_send(&fixture, "bob", "hi"), ICWS_OK);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "0 alice/1 #1 open alice/1; 1 bob/2 #1 open bob/2; 2 alice/1 #2 m1; "
                      "3 bob/2 #2 hi; end");
  cdk_fixture_wipe(&fixture);
}

static void test_no_certificate(void **state)
{
  (void)state;
  start(NULL);
  fixture.no_certificate = true;
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0),
                      "messages are certified in queries only");
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 1), "end");
  cdk_fixture_wipe(&fixture);
}

static void test_timestamps_are_the_hosts(void **state)
{
  (void)state;
  start(NULL);
  fixture.now += 3 * FIXTURE_SECOND;
  send_numbered(1, 2);
  cdk_fixture_poll(&fixture, "gw", 0);
  for (size_t i = 0; i < 2; i++) {
    struct icws_websocket_message message;
    assert_int_equal(icws_websocket_message_decode(fixture.messages[i].content, &message, NULL),
                     ICWS_OK);
    assert_int_equal(message.timestamp, FIXTURE_START + i * 3 * FIXTURE_SECOND);
  }
  cdk_fixture_wipe(&fixture);
}

/* However much waits, a poll hashes nothing and its tree grows with the logarithm only. */
static void test_backlog_does_not_make_polls_dearer(void **state)
{
  (void)state;
  size_t tree_lens[2];
  static const int backlogs[] = {100, 10000};
  for (size_t i = 0; i < 2; i++) {
    start(NULL);
    send_numbered(1, backlogs[i]);
    cdk_fixture_hashes = 0;
    cdk_fixture_poll(&fixture, "gw", 25);
    assert_int_equal(cdk_fixture_hashes, 0);
    assert_int_equal(fixture.poll.message_count, 50);
    tree_lens[i] = fixture.poll.tree.len;
    cdk_fixture_wipe(&fixture);
  }
  /* A level more has two forks and two pruned nodes more: 2 * 2 + 2 * 36 bytes. */
  assert_true(tree_lens[1] <= tree_lens[0] + 7 * 76);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_strangers_get_an_empty_list),
      cmocka_unit_test(test_from_any_number_on),
      cmocka_unit_test(test_polls_can_be_repeated),
      cmocka_unit_test(test_at_most_fifty_unless_told_otherwise),
      cmocka_unit_test(test_number_of_messages_is_a_parameter),
      cmocka_unit_test(test_bytes_of_an_answer_are_limited),
      cmocka_unit_test(test_several_gateways),
      cmocka_unit_test(test_clients_of_one_gateway_share_its_queue),
      cmocka_unit_test(test_no_certificate),
      cmocka_unit_test(test_timestamps_are_the_hosts),
      cmocka_unit_test(test_backlog_does_not_make_polls_dearer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cdk_fixture.h"

static struct cdk_fixture fixture;

static void start(const struct icws_cdk_config *config)
{
  cdk_fixture_init(&fixture, config);
  assert_string_equal(cdk_fixture_open(&fixture, "alice", 1, "gw"), "ok");
}

static void send_many(int count)
{
  for (int i = 0; i < count; i++)
    assert_int_equal(cdk_fixture_send(&fixture, "alice", "x"), ICWS_OK);
}

static void later(uint64_t seconds)
{
  fixture.now = FIXTURE_START + seconds * FIXTURE_SECOND;
}

/* The number of messages that a gateway would get, and that of the first key. */
static void assert_queue(const char *gateway, size_t count, const char *first)
{
  const char *text = cdk_fixture_poll(&fixture, gateway, 0);
  assert_int_equal(fixture.poll.message_count, count);
  assert_memory_equal(text, first, strlen(first));
}

static void test_up_to_five_old_messages_go_with_each_send(void **state)
{
  (void)state;
  start(NULL);
  send_many(11);
  assert_queue("gw", 12, "0 ");
  later(301);
  send_many(1);
  assert_queue("gw", 8, "5 ");
  send_many(1);
  assert_queue("gw", 4, "10 ");
  send_many(1);
  assert_queue("gw", 3, "12 ");
  send_many(1);
  assert_queue("gw", 4, "12 ");
  cdk_fixture_wipe(&fixture);
}

/* Exactly the ack interval is not older than it. */
static void test_what_is_old(void **state)
{
  (void)state;
  start(NULL);
  send_many(2);
  later(1);
  send_many(1);
  later(300);
  send_many(1);
  assert_queue("gw", 5, "0 ");
  fixture.now++;
  send_many(1);
  assert_queue("gw", 3, "3 ");
  cdk_fixture_wipe(&fixture);
}

static void test_all_old_messages_go(void **state)
{
  (void)state;
  start(NULL);
  send_many(3);
  later(1000);
  send_many(1);
  assert_queue("gw", 1, "4 ");
  cdk_fixture_wipe(&fixture);
}

static void test_other_queues_keep_theirs(void **state)
{
  (void)state;
  start(NULL);
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "other"), "ok");
  later(301);
  send_many(1);
  assert_queue("gw", 1, "1 ");
  assert_queue("other", 1, "0 ");
  cdk_fixture_wipe(&fixture);
}

static void test_service_messages_delete_too(void **state)
{
  (void)state;
  start(NULL);
  send_many(3);
  later(301);
  icws_cdk_tick(fixture.cdk);
  assert_queue("gw", 1, "4 ");
  cdk_fixture_wipe(&fixture);
}

static void test_number_of_messages_is_limited(void **state)
{
  (void)state;
  start(&(struct icws_cdk_config){.max_gateway_messages = 4});
  assert_string_equal(cdk_fixture_open(&fixture, "bob", 1, "other"), "ok");
  send_many(3);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "y"), ICWS_ERR_QUEUE_FULL);
  assert_int_equal(cdk_fixture_send(&fixture, "bob", "y"), ICWS_OK);
  assert_queue("gw", 4, "0 ");
  later(301);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "z"), ICWS_OK);
  assert_string_equal(cdk_fixture_poll(&fixture, "gw", 0), "4 alice/1 #5 z; end");
  cdk_fixture_wipe(&fixture);
}

static void test_bytes_are_limited(void **state)
{
  (void)state;
  start(NULL);
  send_many(2);
  cdk_fixture_poll(&fixture, "gw", 0);
  size_t bytes = 0;
  for (size_t i = 0; i < 3; i++)
    bytes += fixture.messages[i].content.len;
  cdk_fixture_wipe(&fixture);

  start(&(struct icws_cdk_config){.max_gateway_bytes = bytes});
  send_many(2);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", ""), ICWS_ERR_QUEUE_FULL);
  cdk_fixture_wipe(&fixture);

  start(&(struct icws_cdk_config){.max_gateway_bytes = bytes - 1});
  send_many(1);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", "x"), ICWS_ERR_QUEUE_FULL);
  assert_int_equal(cdk_fixture_send(&fixture, "alice", ""), ICWS_OK);
  cdk_fixture_wipe(&fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_up_to_five_old_messages_go_with_each_send),
      cmocka_unit_test(test_what_is_old),
      cmocka_unit_test(test_all_old_messages_go),
      cmocka_unit_test(test_other_queues_keep_theirs),
      cmocka_unit_test(test_service_messages_delete_too),
      cmocka_unit_test(test_number_of_messages_is_limited),
      cmocka_unit_test(test_bytes_are_limited),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

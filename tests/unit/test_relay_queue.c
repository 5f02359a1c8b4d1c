/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/relay_queue.h"

static enum icws_error push(struct relay_queue *queue, const char *text, uint64_t now_ns)
{
  return relay_queue_push(queue, icws_bytes_text(text), 1000 + now_ns, now_ns);
}

static void assert_takes(struct relay_queue *queue, const char *text)
{
  struct relay_message *message = relay_queue_take(queue);

  assert_non_null(message);
  assert_int_equal(message->len, strlen(text));
  assert_memory_equal(message->envelope, text, message->len);
  free(message);
}

static void test_first_in_first_out(void **state)
{
  struct relay_queue queue;

  (void)state;
  relay_queue_init(&queue, 10, 1000);
  assert_null(relay_queue_take(&queue));
  assert_int_equal(push(&queue, "one", 1), ICWS_OK);
  assert_int_equal(push(&queue, "two", 2), ICWS_OK);
  assert_takes(&queue, "one");
  assert_int_equal(push(&queue, "three", 3), ICWS_OK);
  assert_int_equal(queue.count, 2);
  assert_int_equal(queue.bytes, 8);
  assert_takes(&queue, "two");
  assert_takes(&queue, "three");
  assert_null(relay_queue_take(&queue));
  assert_int_equal(queue.bytes, 0);
  assert_int_equal(push(&queue, "four", 4), ICWS_OK);
  assert_takes(&queue, "four");
}

static void test_messages_keep_their_expiry(void **state)
{
  struct relay_queue queue;
  struct relay_message *message;

  (void)state;
  relay_queue_init(&queue, 10, 1000);
  assert_int_equal(relay_queue_push(&queue, icws_bytes_text("x"), 77, 5), ICWS_OK);
  message = relay_queue_take(&queue);
  assert_int_equal(message->ingress_expiry, 77);
  assert_int_equal(message->queued_ns, 5);
  assert_null(message->next);
  free(message);
}

static void test_count_is_bounded(void **state)
{
  struct relay_queue queue;

  (void)state;
  relay_queue_init(&queue, 2, 1000);
  assert_int_equal(push(&queue, "a", 0), ICWS_OK);
  assert_false(relay_queue_full(&queue));
  assert_int_equal(push(&queue, "b", 0), ICWS_OK);
  assert_true(relay_queue_full(&queue));
  assert_int_equal(push(&queue, "c", 0), ICWS_ERR_QUEUE_FULL);
  assert_takes(&queue, "a");
  assert_false(relay_queue_full(&queue));
  assert_int_equal(push(&queue, "c", 0), ICWS_OK);
  relay_queue_wipe(&queue);
  assert_int_equal(queue.count, 0);
  assert_false(relay_queue_full(&queue));
}

static void test_bytes_are_bounded(void **state)
{
  struct relay_queue queue;

  (void)state;
  relay_queue_init(&queue, 10, 4);
  assert_int_equal(push(&queue, "abc", 0), ICWS_OK);
  assert_false(relay_queue_full(&queue));
  assert_int_equal(push(&queue, "defghi", 0), ICWS_OK); /* the one that passes the bound */
  assert_true(relay_queue_full(&queue));
  assert_int_equal(push(&queue, "j", 0), ICWS_ERR_QUEUE_FULL);
  assert_takes(&queue, "abc");
  assert_true(relay_queue_full(&queue));
  assert_takes(&queue, "defghi");
  assert_false(relay_queue_full(&queue));
}

static void test_age_is_the_first_ones(void **state)
{
  struct relay_queue queue;

  (void)state;
  relay_queue_init(&queue, 10, 1000);
  assert_int_equal(relay_queue_age_ns(&queue, 500), 0);
  assert_int_equal(push(&queue, "a", 100), ICWS_OK);
  assert_int_equal(push(&queue, "b", 400), ICWS_OK);
  assert_int_equal(relay_queue_age_ns(&queue, 500), 400);
  assert_int_equal(relay_queue_age_ns(&queue, 50), 0);
  assert_takes(&queue, "a");
  assert_int_equal(relay_queue_age_ns(&queue, 500), 100);
  relay_queue_wipe(&queue);
  assert_int_equal(relay_queue_age_ns(&queue, 500), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_in_first_out),
      cmocka_unit_test(test_messages_keep_their_expiry),
      cmocka_unit_test(test_count_is_bounded),
      cmocka_unit_test(test_bytes_are_bounded),
      cmocka_unit_test(test_age_is_the_first_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

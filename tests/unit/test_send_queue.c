/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "send_queue.h"

static void assert_front(const struct send_queue *queue, const char *text, uint64_t ticket)
{
  uint64_t found;
  struct icws_bytes front = send_queue_front(queue, &found);

  assert_true(icws_bytes_equal(front, icws_bytes_text(text)));
  assert_int_equal(found, ticket);
}

static void test_first_in_first_out(void **state)
{
  struct send_queue queue;

  (void)state;
  send_queue_init(&queue, 10, 100, NULL);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("one")), ICWS_OK);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("")), ICWS_OK);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("three")), ICWS_OK);
  assert_front(&queue, "one", 1);
  assert_front(&queue, "one", 1);
  send_queue_pop(&queue);
  assert_front(&queue, "", 2);
  send_queue_pop(&queue);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("four")), ICWS_OK);
  assert_front(&queue, "three", 3);
  send_queue_pop(&queue);
  assert_front(&queue, "four", 4);
  send_queue_pop(&queue);
  assert_int_equal(queue.count, 0);
  assert_int_equal(queue.content_bytes, 0);
  send_queue_wipe(&queue);
}

static void test_bounds(void **state)
{
  struct send_queue queue;

  (void)state;
  send_queue_init(&queue, 2, 5, NULL);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("123456")), ICWS_ERR_QUEUE_FULL);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("1234")), ICWS_OK);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("12")), ICWS_ERR_QUEUE_FULL);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("1")), ICWS_OK);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("")), ICWS_ERR_QUEUE_FULL);
  send_queue_pop(&queue);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("1234")), ICWS_OK);
  assert_front(&queue, "1", 2);
  send_queue_wipe(&queue);
}

/* A queue that never runs empty reuses its memory. */
static void test_memory_is_reused(void **state)
{
  struct send_queue queue;
  char text[16];

  (void)state;
  send_queue_init(&queue, 10, 1000, NULL);
  for (uint64_t i = 1; i <= 100000; i++) {
    snprintf(text, sizeof text, "%llu", (unsigned long long)i);
    assert_int_equal(send_queue_push(&queue, icws_bytes_text(text)), ICWS_OK);
    if (i > 5) {
      snprintf(text, sizeof text, "%llu", (unsigned long long)(i - 5));
      assert_front(&queue, text, i - 5);
      send_queue_pop(&queue);
    }
  }
  assert_true(queue.records.capacity < 1024);
  send_queue_wipe(&queue);
}

static void *reallocate_once(void *pointer, size_t size, void *user_data)
{
  unsigned *left = user_data;

  if (*left == 0)
    return NULL;
  (*left)--;
  return realloc(pointer, size);
}

static void release(void *pointer, void *user_data)
{
  (void)user_data;
  free(pointer);
}

static void test_no_memory(void **state)
{
  static const char large[4096];
  unsigned left = 1;
  struct icws_mem mem = {.user_data = &left, .reallocate = reallocate_once, .release = release};
  struct send_queue queue;

  (void)state;
  send_queue_init(&queue, 10, 10000, &mem);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("kept")), ICWS_OK);
  assert_int_equal(send_queue_push(&queue, icws_bytes_of(large, sizeof large)), ICWS_ERR_NOMEM);
  assert_front(&queue, "kept", 1);
  assert_int_equal(queue.count, 1);
  send_queue_pop(&queue);
  assert_int_equal(send_queue_push(&queue, icws_bytes_text("next")), ICWS_OK);
  assert_front(&queue, "next", 2);
  send_queue_wipe(&queue);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_in_first_out),
      cmocka_unit_test(test_bounds),
      cmocka_unit_test(test_memory_is_reused),
      cmocka_unit_test(test_no_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "ack_window.h"

#define TIMEOUT 3200 /* spans are 100 wide */

static void assert_oldest(const struct ack_window *window, uint64_t seq, uint64_t deadline)
{
  uint64_t oldest;
  uint64_t at;

  assert_true(ack_window_oldest(window, &oldest, &at));
  assert_int_equal(oldest, seq);
  assert_int_equal(at, deadline);
}

static void test_empty(void **state)
{
  struct ack_window window;
  uint64_t seq;
  uint64_t deadline;

  (void)state;
  ack_window_init(&window, TIMEOUT);
  assert_false(ack_window_oldest(&window, &seq, &deadline));
  ack_window_acked(&window, 7);
  assert_false(ack_window_oldest(&window, &seq, &deadline));
}

static void test_oldest_is_exact(void **state)
{
  struct ack_window window;

  (void)state;
  ack_window_init(&window, TIMEOUT);
  ack_window_sent(&window, 1, 1000);
  ack_window_sent(&window, 2, 1050);
  ack_window_sent(&window, 3, 1100);
  assert_oldest(&window, 1, 1000 + TIMEOUT);
  ack_window_acked(&window, 2); /* a whole span */
  assert_oldest(&window, 3, 1100 + TIMEOUT);
}

static void test_ack_within_a_span_is_late_by_its_width(void **state)
{
  struct ack_window window;

  (void)state;
  ack_window_init(&window, TIMEOUT);
  for (uint64_t seq = 1; seq <= 10; seq++)
    ack_window_sent(&window, seq, 1000 + seq);
  ack_window_acked(&window, 4);
  assert_oldest(&window, 5, 1010 + TIMEOUT);
  ack_window_acked(&window, 3); /* old news */
  assert_oldest(&window, 5, 1010 + TIMEOUT);
}

static void test_acked_all(void **state)
{
  struct ack_window window;
  uint64_t seq;
  uint64_t deadline;

  (void)state;
  ack_window_init(&window, TIMEOUT);
  for (uint64_t i = 1; i <= 1000; i++)
    ack_window_sent(&window, i, i);
  ack_window_acked(&window, 1000);
  assert_false(ack_window_oldest(&window, &seq, &deadline));
  ack_window_sent(&window, 1001, 5000);
  assert_oldest(&window, 1001, 5000 + TIMEOUT);
}

static void test_a_timeout_that_never_comes(void **state)
{
  struct ack_window window;

  (void)state;
  ack_window_init(&window, UINT64_MAX);
  ack_window_sent(&window, 1, 1000);
  assert_oldest(&window, 1, UINT64_MAX);
  ack_window_init(&window, UINT64_MAX - 1000);
  ack_window_sent(&window, 1, 999);
  assert_oldest(&window, 1, UINT64_MAX - 1);
}

/* Whatever is sent, the memory stays the same and nothing is forgotten: not even when nobody looks
 * at the deadline for far longer than the timeout. */
static void test_bounded(void **state)
{
  struct ack_window window;
  uint64_t seq;
  uint64_t deadline;

  (void)state;
  ack_window_init(&window, TIMEOUT);
  for (uint64_t i = 1; i <= 100000; i++)
    ack_window_sent(&window, i, i * 10);
  assert_oldest(&window, 1, 10 + TIMEOUT);
  assert_int_equal(window.count, ACK_WINDOW_SPANS);
  ack_window_acked(&window, 99999);
  assert_true(ack_window_oldest(&window, &seq, &deadline));
  assert_int_equal(seq, 100000);
  ack_window_acked(&window, 100000);
  assert_false(ack_window_oldest(&window, &seq, &deadline));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_empty),
      cmocka_unit_test(test_oldest_is_exact),
      cmocka_unit_test(test_ack_within_a_span_is_late_by_its_width),
      cmocka_unit_test(test_acked_all),
      cmocka_unit_test(test_a_timeout_that_never_comes),
      cmocka_unit_test(test_bounded),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

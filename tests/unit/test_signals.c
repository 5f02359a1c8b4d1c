/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>

#include "common/signals.h"

static const int numbers[] = {SIGUSR1, SIGWINCH, SIGTERM, SIGHUP};

static int open_signals(void **state)
{
  (void)state;
  return icws_signals_open(numbers, 4) ? 0 : -1;
}

static int close_signals(void **state)
{
  (void)state;
  icws_signals_close();
  return 0;
}

static void test_in_order(void **state)
{
  struct pollfd wait = {.fd = icws_signals_fd(), .events = POLLIN};
  (void)state;
  assert_int_equal(icws_signals_take(), 0);
  raise(SIGUSR1);
  raise(SIGTERM);
  assert_int_equal(poll(&wait, 1, 0), 1);
  assert_int_equal(icws_signals_take(), SIGUSR1);
  assert_int_equal(icws_signals_take(), SIGTERM);
  assert_int_equal(icws_signals_take(), 0);
  assert_int_equal(poll(&wait, 1, 0), 0);
}

static void test_ending(void **state)
{
  (void)state;
  assert_int_equal(icws_signals_take_ending(), 0);
  raise(SIGWINCH);
  assert_int_equal(icws_signals_take_ending(), 0);
  raise(SIGWINCH);
  raise(SIGHUP);
  raise(SIGUSR1);
  raise(SIGTERM);
  assert_int_equal(icws_signals_take_ending(), SIGHUP);
  assert_int_equal(icws_signals_take_ending(), SIGTERM);
  assert_int_equal(icws_signals_take_ending(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_in_order, open_signals, close_signals),
      cmocka_unit_test_setup_teardown(test_ending, open_signals, close_signals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

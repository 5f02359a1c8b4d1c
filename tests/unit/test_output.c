/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/output.h"
#include "common/signals.h"

static const int numbers[] = {SIGUSR1};

static int open_signals(void **state)
{
  (void)state;
  return icws_signals_open(numbers, 1) ? 0 : -1;
}

static int close_signals(void **state)
{
  (void)state;
  icws_signals_close();
  return 0;
}

static void test_written(void **state)
{
  int ends[2];
  char read_back[8];
  (void)state;
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(icws_output_write(ends[1], icws_bytes_text("hello")), ICWS_OUTPUT_OK);
  assert_int_equal(read(ends[0], read_back, sizeof(read_back)), 5);
  assert_memory_equal(read_back, "hello", 5);
  assert_int_equal(icws_output_write(ends[1], icws_bytes_of(NULL, 0)), ICWS_OUTPUT_OK);
  close(ends[0]);
  close(ends[1]);
}

static void test_reader_gone(void **state)
{
  int ends[2];
  (void)state;
  assert_int_equal(pipe(ends), 0);
  struct pollfd wait = {.fd = ends[1], .events = 0};
  assert_int_equal(poll(&wait, 1, 0), 0);
  close(ends[0]);
  assert_int_equal(poll(&wait, 1, 0), 1);
  assert_true(icws_output_is_closed(wait.revents));
  assert_false(icws_output_is_closed(0));
  assert_int_equal(icws_output_write(ends[1], icws_bytes_text("hello")), ICWS_OUTPUT_CLOSED);
  close(ends[1]);
}

static void test_disk_full(void **state)
{
  (void)state;
  int full = open("/dev/full", O_WRONLY);
  assert_true(full >= 0);
  assert_int_equal(icws_output_write(full, icws_bytes_text("hello")), ICWS_OUTPUT_FAILED);
  assert_int_equal(errno, ENOSPC);
  close(full);
}

/* A reader that takes nothing, and a user who has waited long enough. */
static void test_interrupted(void **state)
{
  int ends[2];
  char much[4096];
  (void)state;
  memset(much, 'x', sizeof(much));
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  while (write(ends[1], much, sizeof(much)) > 0)
    continue;
  raise(SIGUSR1);
  assert_int_equal(icws_output_write(ends[1], icws_bytes_text("more")), ICWS_OUTPUT_INTERRUPTED);
  assert_int_equal(icws_signals_take(), SIGUSR1); /* it stays to be taken */
  assert_int_equal(icws_signals_take(), 0);
  close(ends[0]);
  close(ends[1]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_written),
      cmocka_unit_test(test_reader_gone),
      cmocka_unit_test(test_disk_full),
      cmocka_unit_test(test_interrupted),
  };
  return cmocka_run_group_tests(tests, open_signals, close_signals);
}

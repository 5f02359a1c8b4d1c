/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "icws-chat/line_reader.h"

#define MAX_LINE 8

struct feed {
  struct icws_line_reader reader;
  int ends[2];
};

static void open_feed(struct feed *feed)
{
  icws_line_reader_init(&feed->reader, MAX_LINE);
  assert_int_equal(pipe(feed->ends), 0);
}

static void close_feed(struct feed *feed)
{
  close(feed->ends[0]);
  icws_line_reader_wipe(&feed->reader);
}

static void feed_text(struct feed *feed, const char *text)
{
  assert_int_equal(write(feed->ends[1], text, strlen(text)), strlen(text));
  icws_line_reader_fill(&feed->reader, feed->ends[0]);
}

static void feed_end(struct feed *feed)
{
  close(feed->ends[1]);
  icws_line_reader_fill(&feed->reader, feed->ends[0]);
  assert_int_equal(feed->reader.state, ICWS_LINES_END);
}

static void check_line(struct feed *feed, const char *text)
{
  struct icws_bytes line;
  assert_true(icws_line_reader_peek(&feed->reader, &line));
  assert_true(icws_bytes_equal(line, icws_bytes_text(text)));
  assert_true(icws_line_reader_peek(&feed->reader, &line)); /* looking takes nothing */
  assert_true(icws_bytes_equal(line, icws_bytes_text(text)));
  icws_line_reader_take(&feed->reader);
}

static void check_none(struct feed *feed, enum icws_line_reader_state state)
{
  struct icws_bytes line;
  assert_false(icws_line_reader_peek(&feed->reader, &line));
  assert_int_equal(feed->reader.state, state);
}

static void test_lines(void **state)
{
  struct feed feed;
  (void)state;
  open_feed(&feed);
  check_none(&feed, ICWS_LINES_MORE);
  feed_text(&feed, "one\n\ntw");
  check_line(&feed, "one");
  check_line(&feed, "");
  check_none(&feed, ICWS_LINES_MORE);
  feed_text(&feed, "o");
  check_none(&feed, ICWS_LINES_MORE);
  feed_text(&feed, "\n12345678\nlast");
  check_line(&feed, "two");
  check_line(&feed, "12345678");
  check_none(&feed, ICWS_LINES_MORE);
  feed_end(&feed);
  check_line(&feed, "last");
  check_none(&feed, ICWS_LINES_END);
  assert_int_equal(feed.reader.number, 5);
  close_feed(&feed);
}

static void test_end_after_newline(void **state)
{
  struct feed feed;
  (void)state;
  open_feed(&feed);
  feed_text(&feed, "one\n");
  feed_end(&feed);
  check_line(&feed, "one");
  check_none(&feed, ICWS_LINES_END);
  close_feed(&feed);
}

static void test_too_long(void **state)
{
  struct feed feed;
  (void)state;
  open_feed(&feed);
  feed_text(&feed, "one\n123456789\nthree\n");
  check_line(&feed, "one");
  check_none(&feed, ICWS_LINES_TOO_LONG);
  check_none(&feed, ICWS_LINES_TOO_LONG);
  close(feed.ends[1]);
  close_feed(&feed);
}

/* Its end need not have been seen. */
static void test_too_long_without_newline(void **state)
{
  struct feed feed;
  (void)state;
  open_feed(&feed);
  feed_text(&feed, "12345678");
  check_none(&feed, ICWS_LINES_MORE);
  feed_text(&feed, "9");
  check_none(&feed, ICWS_LINES_TOO_LONG);
  close(feed.ends[1]);
  close_feed(&feed);
}

static void test_failed(void **state)
{
  struct feed feed;
  (void)state;
  open_feed(&feed);
  close(feed.ends[1]);
  icws_line_reader_fill(&feed.reader, -1);
  assert_int_equal(feed.reader.errno_value, EBADF);
  check_none(&feed, ICWS_LINES_FAILED);
  close_feed(&feed);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lines),    cmocka_unit_test(test_end_after_newline),
      cmocka_unit_test(test_too_long), cmocka_unit_test(test_too_long_without_newline),
      cmocka_unit_test(test_failed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/timestamp.h"

static void test_format(void **state)
{
  char text[ICWS_TIMESTAMP_BYTES];
  (void)state;
  icws_timestamp_format(0, text);
  assert_string_equal(text, "1970-01-01T00:00:00.000000000Z");
  icws_timestamp_format(UINT64_C(1702143738049473644), text);
  assert_string_equal(text, "2023-12-09T17:42:18.049473644Z");
  icws_timestamp_format(UINT64_MAX, text);
  assert_string_equal(text, "2554-07-21T23:34:33.709551615Z");
}

static void check_read(const char *text, uint64_t wanted)
{
  uint64_t ns = 1;
  assert_true(icws_timestamp_parse(text, &ns));
  assert_true(ns == wanted);
}

static void test_parse(void **state)
{
  (void)state;
  check_read("0", 0);
  check_read("18446744073709551615", UINT64_MAX);
  check_read("1702143738049473644", UINT64_C(1702143738049473644));
  check_read("2023-12-09T17:42:18.049473644Z", UINT64_C(1702143738049473644));
  check_read("1970-01-01T00:00:00Z", 0);
  check_read("2000-02-29t23:59:59z", UINT64_C(951868799000000000));
  check_read("2024-02-29T00:00:00.5Z", UINT64_C(1709164800500000000));
  check_read("2024-03-01T00:00:00+01:30", UINT64_C(1709245800000000000));
  check_read("2024-02-29T18:00:00-06:00", UINT64_C(1709251200000000000));
  check_read("2100-03-01T00:00:00Z", UINT64_C(4107542400000000000)); /* no leap year */
}

static void test_refuse(void **state)
{
  static const char *const texts[] = {
      "",
      "-1",
      "18446744073709551616",
      "1.5",
      "yesterday",
      "2023-12-09",
      "2023-12-09 17:42:18Z",
      "2023-12-09T17:42:18",
      "2023-12-09T17:42Z",
      "2023-12-09T17:42:18.Z",
      "2023-12-09T17:42:18.0000000001Z",
      "2023-12-09T17:42:18Z ",
      "2023-13-09T17:42:18Z",
      "2023-02-29T17:42:18Z",
      "2023-12-09T24:00:00Z",
      "2023-12-09T17:60:00Z",
      "2023-12-09T17:42:18+0100",
      "1969-12-31T23:59:59Z",
      "1970-01-01T00:00:00+01:00",
      "2555-01-01T00:00:00Z",
  };
  uint64_t ns;
  (void)state;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    if (icws_timestamp_parse(texts[i], &ns))
      fail_msg("'%s' was taken", texts[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_format),
      cmocka_unit_test(test_parse),
      cmocka_unit_test(test_refuse),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "icws/input.h"

/* Reads a file of these bytes; the caller wipes |out|. */
static enum icws_error read_file_of(const void *bytes, size_t len, struct icws_buf *out)
{
  char path[] = "/tmp/icws-test-input-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, bytes, len), len);
  close(fd);
  struct icws_failure failure = {.code = ICWS_OK};
  icws_buf_init(out, ICWS_FILE_MAX_BYTES, NULL);
  enum icws_error error = icws_input_read(path, out, &failure);
  assert_int_equal(failure.code, error);
  unlink(path);
  return error;
}

static void check_read(const void *bytes, size_t len, const void *wanted, size_t wanted_len)
{
  struct icws_buf out;
  assert_int_equal(read_file_of(bytes, len, &out), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(&out), icws_bytes_of(wanted, wanted_len)));
  icws_buf_wipe(&out);
}

static void test_binary(void **state)
{
  (void)state;
  check_read("\xd9\xd9\xf7\xa0", 4, "\xd9\xd9\xf7\xa0", 4);
  check_read("", 0, "", 0);
  check_read(" \n", 2, " \n", 2);
  check_read("a0 g", 4, "a0 g", 4); /* not hex: it stands for itself */
}

static void test_hex(void **state)
{
  (void)state;
  check_read("d9d9F7a0", 8, "\xd9\xd9\xf7\xa0", 4);
  check_read("d9d9 f7\r\n\ta0\n", 13, "\xd9\xd9\xf7\xa0", 4);
}

static void test_wrong(void **state)
{
  struct icws_buf out;
  struct icws_failure failure = {.code = ICWS_OK};
  (void)state;
  assert_int_equal(read_file_of("d9d9f", 5, &out), ICWS_ERR_HEX);
  icws_buf_wipe(&out);
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(icws_input_read("/nonexistent/file", &out, &failure), ICWS_ERR_SYSTEM);
  assert_non_null(strstr(failure.text, "/nonexistent/file"));
  assert_int_equal(icws_input_read("/dev/zero", &out, &failure), ICWS_ERR_LIMIT);
  icws_buf_wipe(&out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_binary),
      cmocka_unit_test(test_hex),
      cmocka_unit_test(test_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

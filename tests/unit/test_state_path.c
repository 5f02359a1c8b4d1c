/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws/state_path.h"

#define CANISTER "ryjl3-tyaaa-aaaaa-aaaba-cai"
#define CANISTER_BYTES "\x00\x00\x00\x00\x00\x00\x00\x02\x01\x01"

static void check_label(const struct icws_state_path *path, size_t index, const char *expected,
                        size_t length)
{
  assert_true(index < path->count);
  assert_true(icws_bytes_equal(path->labels[index], icws_bytes_of(expected, length)));
}

static void test_labels(void **state)
{
  struct icws_state_path path;
  (void)state;
  assert_int_equal(icws_state_path_parse(&path, "/time", NULL), ICWS_OK);
  assert_int_equal(path.count, 1);
  check_label(&path, 0, "time", 4);
  icws_state_path_wipe(&path);

  assert_int_equal(
      icws_state_path_parse(&path, "/canister/" CANISTER "/metadata/candid:service", NULL),
      ICWS_OK);
  assert_int_equal(path.count, 4);
  check_label(&path, 0, "canister", 8);
  check_label(&path, 1, CANISTER_BYTES, 10);
  check_label(&path, 2, "metadata", 8);
  check_label(&path, 3, "candid:service", 14);
  icws_state_path_wipe(&path);

  assert_int_equal(icws_state_path_parse(&path, "/request_status/0xff00/0x", NULL), ICWS_OK);
  assert_int_equal(path.count, 3);
  check_label(&path, 1, "\xff\x00", 2);
  check_label(&path, 2, "", 0);
  icws_state_path_wipe(&path);
}

static void check_owner(const char *text, const char *root, bool expected)
{
  struct icws_state_path path;
  struct icws_principal owner;
  assert_int_equal(icws_state_path_parse(&path, text, NULL), ICWS_OK);
  assert_int_equal(icws_state_path_owner(&path, root, &owner), expected);
  if (expected)
    assert_true(icws_bytes_equal(icws_principal_bytes(&owner), icws_bytes_of(CANISTER_BYTES, 10)));
  icws_state_path_wipe(&path);
}

static void test_owner(void **state)
{
  (void)state;
  check_owner("/canister/" CANISTER, "canister", true);
  check_owner("/canister/" CANISTER "/module_hash", "canister", true);
  check_owner("/canister/" CANISTER, "subnet", false);
  check_owner("/subnet/" CANISTER "/node", "subnet", true);
  check_owner("/subnet", "subnet", false);
  check_owner("/time", "canister", false);
  check_owner("/canister/0x000000000000000000000000000000000000000000000000000000000000",
              "canister", false);
}

static void refuse(const char *text, enum icws_error error, const char *expected)
{
  struct icws_state_path path;
  struct icws_failure failure;
  assert_int_equal(icws_state_path_parse(&path, text, &failure), error);
  assert_string_equal(failure.text, expected);
  icws_state_path_wipe(&path);
}

static void test_refused(void **state)
{
  char longest[2 * 127 + 1] = "";
  char longer[2 * 128 + 1] = "";
  struct icws_state_path path;
  (void)state;
  refuse("", ICWS_ERR_INVALID_ARGUMENT, "a path begins with a slash, as in /time");
  refuse("time", ICWS_ERR_INVALID_ARGUMENT, "a path begins with a slash, as in /time");
  refuse("/", ICWS_ERR_INVALID_ARGUMENT, "'/' is followed by a label (0x is the empty one)");
  refuse("/time/", ICWS_ERR_INVALID_ARGUMENT,
         "'/time/' is followed by a label (0x is the empty one)");
  refuse("//time", ICWS_ERR_INVALID_ARGUMENT, "'/' is followed by a label (0x is the empty one)");
  refuse("/canister/x", ICWS_ERR_PRINCIPAL, "'/canister/' is followed by an id such as " CANISTER);
  refuse("/\xff", ICWS_ERR_INVALID_ARGUMENT,
         "a path is UTF-8; 0x and hex digits write other bytes");
  for (size_t i = 0; i < 127; i++)
    strcat(longest, "/a");
  for (size_t i = 0; i < 128; i++)
    strcat(longer, "/a");
  assert_int_equal(icws_state_path_parse(&path, longest, NULL), ICWS_OK);
  assert_int_equal(path.count, 127);
  icws_state_path_wipe(&path);
  refuse(longer, ICWS_ERR_LIMIT, "a path has 127 labels at most");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_labels),
      cmocka_unit_test(test_owner),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

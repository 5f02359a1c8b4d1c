/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "icws/state_label.h"

#define CANISTER "ryjl3-tyaaa-aaaaa-aaaba-cai"
#define CANISTER_BYTES "\x00\x00\x00\x00\x00\x00\x00\x02\x01\x01"

static const struct {
  const char *parent;
  const char *word;
  const char *label;
  size_t length;
} rows[] = {
    {"", "time", "time", 4},
    {"/canister", CANISTER, CANISTER_BYTES, 10},
    {"/subnet", CANISTER, CANISTER_BYTES, 10},
    {"/subnet/x/node", CANISTER, CANISTER_BYTES, 10},
    {"/canister_ranges", CANISTER, CANISTER_BYTES, 10},
    {"/canister_ranges/x", CANISTER, CANISTER_BYTES, 10},
    {"/api_boundary_nodes", CANISTER, CANISTER_BYTES, 10},
    {"/canister", "aaaaa-aa", "", 0},
    {"/canister/x", CANISTER, CANISTER, 27}, /* an id in a place for names is a name */
    {"/subnet/x", "node", "node", 4},
    {"/subnet/x/y/node", "abc", "abc", 3},
    {"/canister/x/metadata", "candid:service", "candid:service", 14},
    {"/request_status", "0x00ff", "\x00\xff", 2},
    {"", "0x", "", 0},
    {"", "0x612f62", "a/b", 3},
    {"", "0x3078", "0x", 2}, /* what begins so would be read as digits */
};

static void check(struct icws_buf *out, const char *expected, size_t length)
{
  assert_int_equal(icws_buf_error(out), ICWS_OK);
  assert_true(icws_bytes_equal(icws_buf_bytes(out), icws_bytes_of(expected, length)));
  icws_buf_wipe(out);
}

static void test_both_ways(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    struct icws_bytes parent = icws_bytes_text(rows[i].parent);
    struct icws_buf out;
    icws_buf_init(&out, 0, NULL);
    assert_int_equal(icws_state_label_parse(parent, icws_bytes_text(rows[i].word), &out, NULL),
                     ICWS_OK);
    check(&out, rows[i].label, rows[i].length);
    icws_state_label_put(parent, icws_bytes_of(rows[i].label, rows[i].length), &out);
    check(&out, rows[i].word, strlen(rows[i].word));
  }
}

/* Where an id is expected, other labels are still readable: as hex. */
static void test_no_principal(void **state)
{
  struct icws_buf out;
  uint8_t label[30] = {1};
  (void)state;
  icws_buf_init(&out, 0, NULL);
  icws_state_label_put(icws_bytes_text("/canister"), icws_bytes_of(label, sizeof(label)), &out);
  check(&out, "0x010000000000000000000000000000000000000000000000000000000000", 62);
  assert_int_equal(
      icws_state_label_parse(icws_bytes_text("/canister"), icws_bytes_text("0x0102"), &out, NULL),
      ICWS_OK);
  check(&out, "\x01\x02", 2);
}

static void refuse(const char *parent, const char *word, enum icws_error error, const char *text)
{
  struct icws_buf out;
  struct icws_failure failure;
  icws_buf_init(&out, 0, NULL);
  assert_int_equal(
      icws_state_label_parse(icws_bytes_text(parent), icws_bytes_text(word), &out, &failure),
      error);
  assert_string_equal(failure.text, text);
  icws_buf_wipe(&out);
}

static void test_refused(void **state)
{
  (void)state;
  refuse("/canister", "ryjl3", ICWS_ERR_PRINCIPAL,
         "'/canister/' is followed by an id such as " CANISTER);
  refuse("/canister", "ryjl3-tyaaa-aaaaa-aaaba-caj", ICWS_ERR_PRINCIPAL,
         "'/canister/' is followed by an id such as " CANISTER);
  refuse("/request_status", "0xf", ICWS_ERR_HEX,
         "'/request_status/' is followed by 0x and hex digits, in pairs");
  refuse("/request_status", "0xgg", ICWS_ERR_HEX,
         "'/request_status/' is followed by 0x and hex digits, in pairs");
  refuse("", "", ICWS_ERR_INVALID_ARGUMENT, "'/' is followed by a label (0x is the empty one)");
}

static void test_patterns(void **state)
{
  (void)state;
  assert_true(icws_state_label_matches("/a/*/b", icws_bytes_text("/a/x/b")));
  assert_true(icws_state_label_matches("/a/*", icws_bytes_text("/a/x")));
  assert_false(icws_state_label_matches("/a/*", icws_bytes_text("/a/x/b")));
  assert_false(icws_state_label_matches("/a/*/b", icws_bytes_text("/a/x/y/b")));
  assert_false(icws_state_label_matches("/a/*/b", icws_bytes_text("/a/x")));
  assert_false(icws_state_label_matches("/a", icws_bytes_text("")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_both_ways),
      cmocka_unit_test(test_no_principal),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_patterns),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

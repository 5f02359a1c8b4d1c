/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/hashtree.h>

#include "devnet/status_tree.h"

/* Judged by the SDK's hash trees: a witness must have the digest, be well formed, and say no more
 * than it was asked for. */

#define CALLS 300

struct fixture {
  struct icws_status_tree tree;
  struct icws_ingress calls[CALLS];
  struct icws_buf witness;
  struct icws_hashtree decoded;
};

/* Ids in no order: every fourth call is rejected. */
static int set_up(void **state)
{
  static struct fixture f;
  memset(&f, 0, sizeof f);
  icws_status_tree_init(&f.tree);
  icws_buf_init(&f.witness, 0, NULL);
  icws_hashtree_init(&f.decoded, NULL);
  for (size_t i = 0; i < CALLS; i++) {
    uint8_t number[2] = {(uint8_t)(i & 0xff), (uint8_t)(i >> 8)};
    const struct icws_bytes part = icws_bytes_of(number, sizeof number);
    icws_sha256(&part, 1, f.calls[i].request_id);
    f.calls[i].state = i % 4 == 3 ? ICWS_INGRESS_REJECTED : ICWS_INGRESS_REPLIED;
    f.calls[i].reject_code = i % 4 == 3 ? 5 : 0;
    f.calls[i].error_code = "IC0503";
    f.calls[i].outcome = icws_bytes_text("outcome");
  }
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;
  icws_buf_wipe(&f->witness);
  icws_hashtree_wipe(&f->decoded);
  return 0;
}

static struct icws_bytes id_of(const struct fixture *f, size_t i)
{
  return icws_bytes_of(f->calls[i].request_id, ICWS_REQUEST_ID_BYTES);
}

/* Makes a witness of a state with the tree in it for |count| calls from |first|. */
static void make_witness(struct fixture *f, size_t first, size_t count)
{
  struct icws_state_tree *state = icws_state_tree_new();
  struct icws_state_branch branch = icws_status_tree_branch(&f->tree);
  struct icws_bytes labels[CALLS][2];
  struct icws_state_path paths[CALLS];
  uint8_t digest[ICWS_SHA256_BYTES];
  uint8_t of_witness[ICWS_SHA256_BYTES];
  assert_non_null(state);
  icws_state_tree_hang(state, icws_bytes_text("request_status"), &branch);
  assert_int_equal(icws_state_tree_seal(state), ICWS_OK);
  for (size_t i = 0; i < count; i++) {
    labels[i][0] = icws_bytes_text("request_status");
    labels[i][1] = id_of(f, first + i);
    paths[i] = (struct icws_state_path){labels[i], 2};
  }
  icws_buf_clear(&f->witness);
  icws_state_tree_witness(state, paths, count, &f->witness);
  assert_int_equal(icws_buf_error(&f->witness), ICWS_OK);
  assert_int_equal(icws_hashtree_decode(&f->decoded, icws_buf_bytes(&f->witness), 65536, NULL),
                   ICWS_OK);
  icws_state_tree_digest(state, digest);
  icws_hashtree_digest(&f->decoded, of_witness);
  assert_memory_equal(of_witness, digest, sizeof digest);
  assert_int_equal(icws_hashtree_well_formed(&f->decoded, NULL), ICWS_OK);
  icws_state_tree_del(state);
}

static enum icws_lookup look_up(const struct fixture *f, size_t i, const char *label,
                                struct icws_bytes *value)
{
  const struct icws_bytes path[] = {icws_bytes_text("request_status"), id_of(f, i),
                                    icws_bytes_text(label)};
  return icws_hashtree_lookup(&f->decoded, path, 3, value);
}

static void expect(const struct fixture *f, size_t i, const char *label, const char *expected)
{
  struct icws_bytes value;
  assert_int_equal(look_up(f, i, label, &value), ICWS_LOOKUP_FOUND);
  assert_true(icws_bytes_equal(value, icws_bytes_text(expected)));
}

static void test_empty(void **state)
{
  struct fixture *f = *state;
  struct icws_bytes value;
  make_witness(f, 0, 1);
  assert_int_equal(look_up(f, 0, "status", &value), ICWS_LOOKUP_ABSENT);
}

/* Every call while they come and while they go: it is found or proven absent, its neighbours are
 * neither. */
static void test_each_call_while_they_come_and_go(void **state)
{
  struct fixture *f = *state;
  struct icws_bytes value;
  for (size_t i = 0; i < CALLS; i++) {
    make_witness(f, i, 1);
    assert_int_equal(look_up(f, i, "status", &value), ICWS_LOOKUP_ABSENT);
    icws_status_tree_insert(&f->tree, &f->calls[i]);
    make_witness(f, i, 1);
    expect(f, i, "status", i % 4 == 3 ? "rejected" : "replied");
    if (i > 0) {
      assert_int_equal(look_up(f, i - 1, "status", &value), ICWS_LOOKUP_UNKNOWN);
    }
  }
  for (size_t i = 0; i < CALLS; i += 2) {
    icws_status_tree_remove(&f->tree, &f->calls[i]);
    make_witness(f, i, 2);
    assert_int_equal(look_up(f, i, "status", &value), ICWS_LOOKUP_ABSENT);
    expect(f, i + 1, "status", (i + 1) % 4 == 3 ? "rejected" : "replied");
  }
}

/* The neighbours of a call that is not there are other people's: their labels prove its absence,
 * and what is below them stays hidden. */
static void test_absence_shows_nobodys_outcome(void **state)
{
  struct fixture *f = *state;
  struct icws_bytes value;
  for (size_t i = 0; i < 3; i++) {
    icws_status_tree_insert(&f->tree, &f->calls[i]);
  }
  icws_status_tree_remove(&f->tree, &f->calls[1]);
  for (size_t missing = 0; missing < CALLS; missing++) {
    if (missing == 0 || missing == 2) {
      continue;
    }
    make_witness(f, missing, 1);
    assert_int_equal(look_up(f, missing, "status", &value), ICWS_LOOKUP_ABSENT);
    assert_int_equal(look_up(f, 0, "status", &value), ICWS_LOOKUP_UNKNOWN);
    assert_int_equal(look_up(f, 2, "status", &value), ICWS_LOOKUP_UNKNOWN);
  }
}

static void test_fields(void **state)
{
  struct fixture *f = *state;
  struct icws_bytes value;
  for (size_t i = 0; i < CALLS; i++) {
    icws_status_tree_insert(&f->tree, &f->calls[i]);
  }
  make_witness(f, 2, 2);
  expect(f, 2, "status", "replied");
  expect(f, 2, "reply", "outcome");
  assert_int_equal(look_up(f, 2, "reject_code", &value), ICWS_LOOKUP_ABSENT);
  expect(f, 3, "status", "rejected");
  expect(f, 3, "reject_code", "\5");
  expect(f, 3, "reject_message", "outcome");
  expect(f, 3, "error_code", "IC0503");
  assert_int_equal(look_up(f, 3, "reply", &value), ICWS_LOOKUP_ABSENT);
}

static void test_many_at_once(void **state)
{
  struct fixture *f = *state;
  struct icws_bytes value;
  for (size_t i = 0; i < CALLS - 100; i++) {
    icws_status_tree_insert(&f->tree, &f->calls[i]);
  }
  make_witness(f, 100, 200);
  for (size_t i = 100; i < CALLS; i++) {
    assert_int_equal(look_up(f, i, "status", &value),
                     i < CALLS - 100 ? ICWS_LOOKUP_FOUND : ICWS_LOOKUP_ABSENT);
  }
  make_witness(f, 0, 1); /* nothing of the last one is shown */
  assert_int_equal(look_up(f, 100, "status", &value), ICWS_LOOKUP_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_empty),
      TEST(test_each_call_while_they_come_and_go),
      TEST(test_absence_shows_nobodys_outcome),
      TEST(test_fields),
      TEST(test_many_at_once),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "devnet/ingress_log.h"

#define SECOND UINT64_C(1000000000)

/* A call whose request id starts with |number|, in the bytes that a table is likely to look at. */
static struct icws_envelope envelope_of(uint32_t number, uint64_t expiry)
{
  struct icws_envelope envelope = {.type = ICWS_REQUEST_CALL,
                                   .method = icws_bytes_text("method"),
                                   .arg = icws_bytes_text("argument"),
                                   .ingress_expiry = expiry};
  memcpy(envelope.request_id, &number, sizeof number);
  return envelope;
}

static enum icws_error add(struct icws_ingress_log *log, uint32_t number, uint64_t expiry)
{
  const struct icws_envelope envelope = envelope_of(number, expiry);
  return icws_ingress_log_add(log, &envelope);
}

static const struct icws_ingress *find(const struct icws_ingress_log *log, uint32_t number)
{
  const struct icws_envelope envelope = envelope_of(number, 0);
  return icws_ingress_log_find(log, envelope.request_id);
}

static void assert_bytes(struct icws_bytes bytes, const char *expected)
{
  assert_true(icws_bytes_equal(bytes, icws_bytes_text(expected)));
}

static void test_life_of_a_call(void **state)
{
  (void)state;
  struct icws_ingress_log *log = icws_ingress_log_new();
  assert_null(find(log, 1));
  assert_null(icws_ingress_log_next(log));
  assert_int_equal(add(log, 1, SECOND), ICWS_OK);
  assert_int_equal(find(log, 1)->state, ICWS_INGRESS_RECEIVED);
  struct icws_ingress *ingress = icws_ingress_log_next(log);
  assert_ptr_equal(ingress, find(log, 1));
  assert_bytes(ingress->method, "method");
  assert_bytes(ingress->arg, "argument");
  assert_null(icws_ingress_log_next(log));
  icws_ingress_log_reply(log, ingress, icws_bytes_text("reply"));
  assert_int_equal(find(log, 1)->state, ICWS_INGRESS_REPLIED);
  assert_bytes(find(log, 1)->outcome, "reply");

  assert_int_equal(add(log, 2, SECOND), ICWS_OK);
  icws_ingress_log_reject(log, icws_ingress_log_next(log), 5, "IC0503", icws_bytes_text("no"));
  assert_int_equal(find(log, 2)->state, ICWS_INGRESS_REJECTED);
  assert_int_equal(find(log, 2)->reject_code, 5);
  assert_bytes(find(log, 2)->outcome, "no");
  icws_ingress_log_del(log);
}

static void test_prune(void **state)
{
  (void)state;
  struct icws_ingress_log *log = icws_ingress_log_new();
  for (uint32_t i = 1; i <= 4; i++) {
    assert_int_equal(add(log, i, i * 100 * SECOND), ICWS_OK);
  }
  for (uint32_t i = 1; i <= 3; i++) {
    icws_ingress_log_reply(log, icws_ingress_log_next(log), icws_bytes_text(""));
  }
  icws_ingress_log_prune(log, 200 * SECOND);
  assert_null(find(log, 1));
  assert_non_null(find(log, 2)); /* expires at this very moment: it could still come */
  assert_non_null(find(log, 3));
  icws_ingress_log_prune(log, 1000 * SECOND);
  assert_null(find(log, 2));
  assert_null(find(log, 3));
  assert_non_null(find(log, 4)); /* waits still */
  assert_int_equal(icws_ingress_log_next(log)->state, ICWS_INGRESS_RECEIVED);
  icws_ingress_log_del(log);
}

/* More than fit the first table, of which many share a bucket there. */
static void test_many(void **state)
{
  (void)state;
  enum { CALLS = 10000 };
  struct icws_ingress_log *log = icws_ingress_log_new();
  for (uint32_t i = 0; i < CALLS; i++) {
    assert_int_equal(add(log, i * 512, SECOND), ICWS_OK);
  }
  for (uint32_t i = 0; i < CALLS; i++) {
    assert_ptr_equal(icws_ingress_log_next(log), find(log, i * 512));
  }
  assert_null(find(log, 512 * CALLS));
  icws_ingress_log_del(log);
}

static void test_queue_is_bounded(void **state)
{
  (void)state;
  struct icws_ingress_log *log = icws_ingress_log_new();
  for (uint32_t i = 0; i < ICWS_INGRESS_LOG_MAX_WAITING; i++) {
    assert_int_equal(add(log, i, SECOND), ICWS_OK);
  }
  assert_int_equal(add(log, ICWS_INGRESS_LOG_MAX_WAITING, SECOND), ICWS_ERR_QUEUE_FULL);
  assert_null(find(log, ICWS_INGRESS_LOG_MAX_WAITING));
  icws_ingress_log_reply(log, icws_ingress_log_next(log), icws_bytes_text(""));
  assert_int_equal(add(log, ICWS_INGRESS_LOG_MAX_WAITING, SECOND), ICWS_OK);
  icws_ingress_log_del(log);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_life_of_a_call),
      cmocka_unit_test(test_prune),
      cmocka_unit_test(test_many),
      cmocka_unit_test(test_queue_is_bounded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

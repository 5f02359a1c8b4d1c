/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/exit_code.h"

/* The numbers that scripts rely on. */
static void test_of_an_open_client(void **state)
{
  static const struct {
    enum icws_error error;
    int code;
  } rows[] = {
      {ICWS_OK, 0},
      {ICWS_ERR_NOMEM, 1},
      {ICWS_ERR_SYSTEM, 1},
      {ICWS_ERR_RANDOM, 1},
      {ICWS_ERR_KEY, 1},
      {ICWS_ERR_CLOSED, 1},
      {ICWS_ERR_URL, 2},
      {ICWS_ERR_RESOLVE, 3},
      {ICWS_ERR_CONNECT, 3},
      {ICWS_ERR_CONNECT_TIMEOUT, 3},
      {ICWS_ERR_TLS, 3},
      {ICWS_ERR_UPGRADE, 3},
      {ICWS_ERR_UPGRADE_TIMEOUT, 3},
      {ICWS_ERR_HTTP, 3},
      {ICWS_ERR_DISCONNECTED, 3},
      {ICWS_ERR_HANDSHAKE, 4},
      {ICWS_ERR_HANDSHAKE_TIMEOUT, 4},
      {ICWS_ERR_OPEN_TIMEOUT, 4},
      {ICWS_ERR_HASHTREE, 5},
      {ICWS_ERR_ROOT_KEY, 5},
      {ICWS_ERR_CERTIFICATE, 5},
      {ICWS_ERR_CERTIFICATE_SIGNATURE, 5},
      {ICWS_ERR_CERTIFICATE_RANGE, 5},
      {ICWS_ERR_CERTIFICATE_STALE, 5},
      {ICWS_ERR_CERTIFIED_DATA, 5},
      {ICWS_ERR_CONTENT, 5},
      {ICWS_ERR_CLIENT_KEY, 5},
      {ICWS_ERR_MESSAGE_KEY, 5},
      {ICWS_ERR_SEQUENCE, 5},
      {ICWS_ERR_TIMESTAMP, 5},
      {ICWS_ERR_CLOSED_BY_CANISTER, 6},
      {ICWS_ERR_CANISTER_SEQUENCE, 7},
      {ICWS_ERR_CANISTER_SERVICE, 7},
      {ICWS_ERR_CANISTER_KEEP_ALIVE, 7},
      {ICWS_ERR_SERVICE_MESSAGE, 7},
      {ICWS_ERR_ACK, 7},
      {ICWS_ERR_FRAME, 7},
      {ICWS_ERR_CBOR, 7},
      {ICWS_ERR_CANDID, 7},
      {ICWS_ERR_LIMIT, 7},
      {ICWS_ERR_ACK_TIMEOUT, 8},
      {ICWS_ERR_HTTP_TIMEOUT, 3},
      {ICWS_ERR_QUERY_SIGNATURE, 5},
      {ICWS_ERR_CALL_UNKNOWN, 10},
      {ICWS_ERR_CALL_FORGOTTEN, 10},
      {ICWS_ERR_ABSENT, 11},
      {ICWS_ERR_REFUSED, 9},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    assert_int_equal(icws_exit_code(rows[i].error, ICWS_PHASE_OPEN), rows[i].code);
}

/* A gateway that hangs up before all is open has refused. */
static void test_of_a_disconnected_client(void **state)
{
  (void)state;
  assert_int_equal(icws_exit_code(ICWS_ERR_DISCONNECTED, ICWS_PHASE_UPGRADE), 3);
  assert_int_equal(icws_exit_code(ICWS_ERR_DISCONNECTED, ICWS_PHASE_HANDSHAKE), 4);
  assert_int_equal(icws_exit_code(ICWS_ERR_DISCONNECTED, ICWS_PHASE_OPENING), 4);
  assert_int_equal(icws_exit_code(ICWS_ERR_DISCONNECTED, ICWS_PHASE_OPEN), 3);
}

static void test_never_success_for_an_error(void **state)
{
  (void)state;
  for (int value = -999; value < 0; value++)
    assert_int_not_equal(icws_exit_code((enum icws_error)value, ICWS_PHASE_OPEN), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_of_an_open_client),
      cmocka_unit_test(test_of_a_disconnected_client),
      cmocka_unit_test(test_never_success_for_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

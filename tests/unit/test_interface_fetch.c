/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/session.h>

#include "common/interface_fetch.h"

#define CANISTER_BYTES "\x00\x00\x00\x00\x00\x00\x00\x02\x01\x01"

/* --- The network, in place of the agent's ------------------------------------------------------- */

static struct {
  struct icws_agent_answer answer;
  icws_agent_answer_fn *fn;
  void *user_data;
  int waited;
  bool cancelled;
} network;

enum icws_error __wrap_icws_agent_metadata(struct icws_agent *agent,
                                           const struct icws_principal *canister, const char *name,
                                           icws_agent_answer_fn *fn, void *user_data,
                                           struct icws_agent_request **request);
int __wrap_icws_network_wait(struct icws_network *network, uint64_t deadline_ms);
void __wrap_icws_agent_cancel(struct icws_agent *agent, struct icws_agent_request *request);

enum icws_error __wrap_icws_agent_metadata(struct icws_agent *agent,
                                           const struct icws_principal *canister, const char *name,
                                           icws_agent_answer_fn *fn, void *user_data,
                                           struct icws_agent_request **request)
{
  (void)agent;
  assert_true(icws_bytes_equal(icws_principal_bytes(canister), icws_bytes_of(CANISTER_BYTES, 10)));
  assert_string_equal(name, "candid:service");
  network.fn = fn;
  network.user_data = user_data;
  *request = NULL;
  return ICWS_OK;
}

int __wrap_icws_network_wait(struct icws_network *asked, uint64_t deadline_ms)
{
  assert_int_equal(deadline_ms, 5);
  if (network.waited == 0)
    network.fn(asked->agent, &network.answer, network.user_data);
  return network.waited;
}

void __wrap_icws_agent_cancel(struct icws_agent *agent, struct icws_agent_request *request)
{
  (void)agent;
  (void)request;
  network.cancelled = true;
}

/* --- Tests -------------------------------------------------------------------------------------- */

static enum icws_error fetch(struct icws_interface *interface, struct icws_failure *failure,
                             int *waited)
{
  struct icws_network asked = {.agent = NULL};
  struct icws_principal canister;
  icws_interface_init(interface);
  assert_int_equal(icws_principal_init(&canister, icws_bytes_of(CANISTER_BYTES, 10)), ICWS_OK);
  return icws_interface_fetch(interface, &asked, &canister, "program", 5, waited, failure);
}

static void replies(struct icws_bytes text)
{
  memset(&network, 0, sizeof(network));
  network.answer = (struct icws_agent_answer){.outcome = ICWS_AGENT_REPLIED, .reply = text};
}

/* It fails with |error|, and |text| is in what is said. */
static void check_unknown(enum icws_error error, const char *text)
{
  struct icws_interface interface;
  struct icws_failure failure = {.code = ICWS_OK};
  int waited = -2;
  assert_int_equal(fetch(&interface, &failure, &waited), error);
  assert_int_equal(failure.code, error);
  assert_int_equal(waited, network.waited);
  if (strstr(failure.text, text) == NULL)
    assert_string_equal(failure.text, text);
  assert_null(interface.types);
  icws_interface_wipe(&interface);
}

static void test_published(void **state)
{
  struct icws_interface interface;
  struct icws_failure failure;
  int waited = -2;
  int func;
  (void)state;
  replies(icws_bytes_text("service : { add : (nat) -> () }"));
  assert_int_equal(fetch(&interface, &failure, &waited), ICWS_OK);
  assert_int_equal(waited, 0);
  assert_true(icws_candid_interface_method(&interface.candid, icws_bytes_text("add"), &func));
  icws_interface_wipe(&interface);
}

/* A text of |len| bytes made of |piece|, over and over. */
static struct icws_bytes repeat(struct icws_buf *buf, const char *piece, size_t len)
{
  icws_buf_init(buf, 0, NULL);
  while (buf->len < len)
    icws_buf_put_text(buf, piece);
  icws_buf_truncate(buf, len);
  return icws_buf_bytes(buf);
}

static void test_hostile(void **state)
{
  struct icws_buf buf;
  (void)state;
  replies(icws_bytes_text("\x1b[2Jservice"));
  check_unknown(ICWS_ERR_CANDID, "the canister's candid:service: line 1, column 1: ");
  replies(icws_bytes_of("\xff\xfe\0", 3));
  check_unknown(ICWS_ERR_CANDID, "the canister's candid:service: line 1, column 1: ");
  replies(icws_bytes_text("import \"/etc/passwd\"; service : {}"));
  check_unknown(ICWS_ERR_UNSUPPORTED, "the canister's candid:service: line 1, column ");

  replies(repeat(&buf, " ", ICWS_INTERFACE_MAX_BYTES + 1));
  check_unknown(ICWS_ERR_LIMIT, "the canister's candid:service is too long (1048577 bytes)");
  icws_buf_wipe(&buf);
  replies(repeat(&buf, "type A = opt opt ", ICWS_INTERFACE_MAX_BYTES));
  check_unknown(ICWS_ERR_CANDID, "the canister's candid:service: ");
  icws_buf_wipe(&buf);
  replies(repeat(&buf, "opt ", ICWS_INTERFACE_MAX_BYTES));
  memcpy(buf.data, "type A =", 8);
  check_unknown(ICWS_ERR_LIMIT, "the canister's candid:service: ");
  icws_buf_wipe(&buf);
}

static void test_not_published(void **state)
{
  struct icws_failure failure = {.code = ICWS_ERR_ABSENT};
  (void)state;
  replies(icws_bytes_of(NULL, 0));
  network.answer.outcome = ICWS_AGENT_FAILED;
  network.answer.failure = &failure;
  check_unknown(ICWS_ERR_ABSENT, "the canister publishes none as candid:service");
  icws_fail(&failure, ICWS_ERR_CERTIFICATE_SIGNATURE, "it is forged");
  check_unknown(ICWS_ERR_CERTIFICATE_SIGNATURE, "it is forged");
}

static void test_rejected(void **state)
{
  (void)state;
  replies(icws_bytes_of(NULL, 0));
  network.answer.outcome = ICWS_AGENT_REJECTED;
  network.answer.reject.text = icws_bytes_text("private\x1b");
  check_unknown(ICWS_ERR_ABSENT, "the network refuses it: private?");
}

static void test_not_in_time(void **state)
{
  (void)state;
  replies(icws_bytes_text("service : {}"));
  network.waited = -1;
  check_unknown(ICWS_ERR_HTTP_TIMEOUT, "in time");
  assert_true(network.cancelled);
  network.waited = 2; /* a signal */
  network.cancelled = false;
  check_unknown(ICWS_ERR_HTTP_TIMEOUT, "in time");
  assert_true(network.cancelled);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_published),     cmocka_unit_test(test_hostile),
      cmocka_unit_test(test_not_published), cmocka_unit_test(test_rejected),
      cmocka_unit_test(test_not_in_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* The agent when the SDK's own allocations fail: one of them, or some in a row.  Whatever is asked,
 * it answers, and nothing leaks. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"

/* The linker puts these in between (--wrap), for this program's and the SDK's code. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
char *__wrap_strdup(const char *text);

#define SHORTAGE 20

/* Of the test's own thread; the network's goes on. */
static _Thread_local struct {
  bool on;
  bool persistent; /* the next ones fail as well, SHORTAGE of them */
  unsigned left;   /* allocations until the one that fails */
  unsigned failed;
} failing;

static bool fails(void)
{
  if (!failing.on)
    return false;
  if (failing.left > 0) {
    failing.left--;
    return false;
  }
  if (failing.failed >= (failing.persistent ? SHORTAGE : 1))
    return false;
  failing.failed++;
  return true;
}

void *__wrap_malloc(size_t size)
{
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
  return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
  return fails() ? NULL : __real_realloc(pointer, size);
}

char *__wrap_strdup(const char *text)
{
  char *copy = __wrap_malloc(strlen(text) + 1);
  return copy == NULL ? NULL : strcpy(copy, text);
}

static void answered(struct icws_agent *agent, const struct icws_agent_answer *answer,
                     void *user_data)
{
  bool on = failing.on;
  failing.on = false;
  fixture_answered(agent, answer, user_data);
  failing.on = on;
}

enum { KINDS = 6 };

static enum icws_error submit(struct agent_fixture *fixture, unsigned kind,
                              struct icws_bytes envelope)
{
  const struct icws_principal *canister = &fixture->replica.canister;
  const struct icws_agent_method method = {
      .canister = *canister, .name = icws_bytes_text("greet"), .arg = icws_bytes_text("hello")};
  struct icws_agent *agent = fixture->agent;
  switch (kind) {
  case 0:
    return icws_agent_status(agent, answered, fixture, NULL);
  case 1:
    return icws_agent_query(agent, &method, answered, fixture, NULL);
  case 2:
  case 3:
    return icws_agent_call(agent, &method, answered, fixture, NULL);
  case 4:
    return icws_agent_metadata(agent, canister, "candid:service", answered, fixture, NULL);
  default:
    return icws_agent_relay_call(agent, canister, envelope, answered, fixture, NULL);
  }
}

static void accept_calls(struct scripted_replica *replica,
                         const struct scripted_http_request *request,
                         struct scripted_http_answer *answer)
{
  if (scripted_path_is(request, "/call"))
    scripted_put_text(answer, 202, "");
  else
    scripted_replica_answer(replica, request, answer);
}

/* One request with a failure; false if it was over before there was one. */
static bool ask(unsigned kind, unsigned left, bool persistent)
{
  struct agent_fixture fixture = {.without_root_key = true,
                                  .config = {.fetch_root_key = true, .request_timeout_ms = 5000}};
  struct icws_buf envelope;
  enum icws_error error;
  if (kind == 3)
    fixture.replica.script = accept_calls;
  agent_fixture_start(&fixture);
  icws_buf_init(&envelope, 0, NULL);
  agent_fixture_put_envelope(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello",
                             scripted_replica_now_ns(&fixture.replica) + UINT64_C(60000000000),
                             &envelope);
  memset(&failing, 0, sizeof failing);
  failing.left = left;
  failing.persistent = persistent;
  failing.on = true;
  error = submit(&fixture, kind, icws_buf_bytes(&envelope));
  if (error == ICWS_OK)
    icws_agent_run(fixture.agent);
  failing.on = false;
  if (error != ICWS_OK)
    assert_int_equal(error, ICWS_ERR_NOMEM);
  assert_int_equal(fixture.answers, error == ICWS_OK ? 1 : 0);
  if (failing.failed == 0)
    assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
  else if (fixture.answers > 0 && fixture.outcome == ICWS_AGENT_FAILED)
    agent_fixture_expect_failure(&fixture, ICWS_ERR_NOMEM);
  agent_fixture_stop(&fixture);
  icws_buf_wipe(&envelope);
  return failing.failed > 0;
}

static void test_one_allocation(void **state)
{
  unsigned kind;
  unsigned left;
  (void)state;
  for (kind = 0; kind < KINDS; kind++)
    for (left = 0; ask(kind, left, false); left++)
      assert_true(left < 1000);
}

static void test_shortage(void **state)
{
  unsigned kind;
  unsigned left;
  (void)state;
  for (kind = 0; kind < KINDS; kind++)
    for (left = 0; ask(kind, left, true); left++)
      assert_true(left < 1000);
}

static void test_making(void **state)
{
  const struct icws_agent_config config = {.network_url = "http://localhost:1",
                                           .proxy = "http://localhost:2"};
  unsigned left;
  (void)state;
  for (left = 0;; left++) {
    struct icws_agent *agent = NULL;
    struct icws_failure failure;
    enum icws_error error;
    memset(&failing, 0, sizeof failing);
    failing.left = left;
    failing.on = true;
    error = icws_agent_new(&config, &agent, &failure);
    failing.on = false;
    icws_agent_del(agent);
    if (failing.failed == 0) {
      assert_int_equal(error, ICWS_OK);
      return;
    }
    assert_int_equal(error, ICWS_ERR_NOMEM);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_making),
      cmocka_unit_test(test_one_allocation),
      cmocka_unit_test(test_shortage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "devnet/canisters/canisters.h"
#include "devnet/local_network.h"
#include "replica_fixture.h"

#define MAX_REQUESTS 8

/* A request, and what came of it. */
struct asked {
  struct icws_network_request request;
  struct icws_buf envelope;
  struct fixture *fixture;
  int answers;
  enum icws_network_outcome outcome;
  enum icws_reject_code reject_code;
  char text[64];
  struct asked *cancel_when_answered;
  struct asked *submit_when_answered;
};

struct fixture {
  struct replica_fixture base;
  uv_loop_t loop;
  struct icws_local_network *network;
  struct icws_network *face;
  struct icws_principal canister;
  struct icws_identity *alice;
  struct asked asked[MAX_REQUESTS];
  char order[64]; /* the answered ones, by number */
  bool submitting;
};

static int set_up(void **state)
{
  static struct fixture fixture;
  memset(&fixture, 0, sizeof fixture);
  replica_fixture_init(&fixture.base);
  fixture.alice = replica_fixture_identity(1);
  struct icws_canister_system system;
  struct icws_canister canister;
  const struct icws_app_config config = {0};
  assert_int_equal(icws_replica_reserve(fixture.base.replica, &fixture.canister, &system), ICWS_OK);
  assert_int_equal(icws_app_new(&icws_canister_echo, &config, &system, &canister), ICWS_OK);
  icws_replica_install(fixture.base.replica, &fixture.canister, &canister);
  replica_fixture_round(&fixture.base);
  assert_int_equal(uv_loop_init(&fixture.loop), 0);
  assert_int_equal(icws_local_network_new(&fixture.loop, fixture.base.replica, &fixture.network),
                   ICWS_OK);
  fixture.face = icws_local_network_face(fixture.network);
  for (size_t i = 0; i < MAX_REQUESTS; i++) {
    fixture.asked[i].fixture = &fixture;
    icws_buf_init(&fixture.asked[i].envelope, 0, NULL);
  }
  *state = &fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  icws_local_network_del(fixture->network);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&fixture->loop), 0);
  for (size_t i = 0; i < MAX_REQUESTS; i++) {
    icws_buf_wipe(&fixture->asked[i].envelope);
  }
  icws_identity_del(fixture->alice);
  replica_fixture_wipe(&fixture->base);
  return 0;
}

static void submit(struct asked *asked, bool query)
{
  struct fixture *fixture = asked->fixture;
  fixture->submitting = true;
  (query ? fixture->face->query : fixture->face->call)(fixture->face->self, &asked->request);
  fixture->submitting = false;
}

static void cancel(struct asked *asked)
{
  asked->fixture->face->cancel(asked->fixture->face->self, &asked->request);
}

static void answered(struct icws_network_request *request, const struct icws_network_answer *answer)
{
  struct asked *asked = request->user_data;
  struct fixture *fixture = asked->fixture;
  size_t len = strlen(fixture->order);
  assert_false(fixture->submitting);
  assert_true(len + 1 < sizeof fixture->order);
  fixture->order[len] = (char)('0' + (asked - fixture->asked));
  asked->answers++;
  asked->outcome = answer->outcome;
  asked->reject_code = answer->reject_code;
  assert_true(answer->text.len < sizeof asked->text);
  if (answer->text.len > 0) {
    memcpy(asked->text, answer->text.data, answer->text.len);
  }
  if (asked->cancel_when_answered != NULL) {
    cancel(asked->cancel_when_answered);
  }
  if (asked->submit_when_answered != NULL) {
    struct asked *next = asked->submit_when_answered;
    asked->submit_when_answered = NULL;
    submit(next, true);
  }
}

/* Signs what asked[number] will submit. */
static struct asked *prepare(struct fixture *fixture, size_t number, bool query)
{
  struct asked *asked = &fixture->asked[number];
  struct icws_buf arg;
  icws_buf_init(&arg, 0, NULL);
  if (query) {
    icws_get_messages_args_put(&arg, 0);
  } else {
    const struct icws_open_args args = {.client_nonce = number, .gateway = fixture->canister};
    icws_open_args_put(&arg, &args);
  }
  replica_fixture_sign(&fixture->base, fixture->alice,
                       query ? ICWS_REQUEST_QUERY : ICWS_REQUEST_CALL, &fixture->canister,
                       query ? "ws_get_messages" : "ws_open", icws_buf_bytes(&arg));
  icws_buf_wipe(&arg);
  icws_buf_put(&asked->envelope, fixture->base.envelope.data, fixture->base.envelope.len);
  asked->request = (struct icws_network_request){.canister = fixture->canister,
                                                 .envelope = icws_buf_bytes(&asked->envelope),
                                                 .answered = answered,
                                                 .user_data = asked};
  return asked;
}

static struct asked *start(struct fixture *fixture, size_t number, bool query)
{
  struct asked *asked = prepare(fixture, number, query);
  submit(asked, query);
  return asked;
}

static void turn(struct fixture *fixture)
{
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void round_and_settle(struct fixture *fixture)
{
  replica_fixture_round(&fixture->base);
  icws_local_network_settle(fixture->network);
}

/* --- Tests ------------------------------------------------------------------------------------- */

static void test_query_is_answered_from_the_loop(void **state)
{
  struct fixture *fixture = *state;
  struct asked *asked = start(fixture, 0, true);
  assert_int_equal(asked->answers, 0);
  turn(fixture);
  assert_int_equal(asked->answers, 1);
  assert_int_equal(asked->outcome, ICWS_NETWORK_REPLIED);
  turn(fixture);
  assert_int_equal(asked->answers, 1);
  assert_int_equal(uv_loop_alive(&fixture->loop), 0); /* nothing spins while nothing waits */
}

static void test_call_is_answered_after_its_round(void **state)
{
  struct fixture *fixture = *state;
  struct asked *asked = start(fixture, 0, false);
  round_and_settle(fixture); /* the replica has not seen it yet */
  turn(fixture);
  icws_local_network_settle(fixture->network);
  assert_int_equal(asked->answers, 0);
  round_and_settle(fixture);
  assert_int_equal(asked->answers, 1);
  assert_int_equal(asked->outcome, ICWS_NETWORK_REPLIED);
  round_and_settle(fixture);
  assert_int_equal(asked->answers, 1);
}

static void test_order(void **state)
{
  struct fixture *fixture = *state;
  for (size_t i = 0; i < 4; i++) {
    start(fixture, i, false);
  }
  turn(fixture);
  round_and_settle(fixture);
  assert_string_equal(fixture->order, "0123");
}

static void test_same_bytes_again(void **state)
{
  struct fixture *fixture = *state;
  start(fixture, 0, false);
  turn(fixture);
  struct asked *again = &fixture->asked[1];
  again->request = fixture->asked[0].request;
  again->request.user_data = again;
  submit(again, false);
  turn(fixture);
  round_and_settle(fixture);
  assert_string_equal(fixture->order, "01");
  again->answers = 0;
  submit(again, false); /* its outcome is known: no round is needed */
  turn(fixture);
  assert_int_equal(again->answers, 1);
  assert_int_equal(again->outcome, ICWS_NETWORK_REPLIED);
}

static void test_rejections(void **state)
{
  struct fixture *fixture = *state;
  struct asked *tampered = prepare(fixture, 0, false);
  tampered->envelope.data[tampered->envelope.len - 1] ^= 1;
  submit(tampered, false);
  struct asked *mistaken = prepare(fixture, 1, true);
  submit(mistaken, false); /* a query is no call */
  turn(fixture);
  assert_int_equal(tampered->outcome, ICWS_NETWORK_REJECTED);
  assert_int_equal(tampered->reject_code, ICWS_REJECT_NONE);
  assert_int_not_equal(tampered->text[0], '\0');
  assert_int_equal(mistaken->outcome, ICWS_NETWORK_REJECTED);
  assert_string_equal(mistaken->text, "the envelope holds another type of request");
}

static void test_cancel(void **state)
{
  struct fixture *fixture = *state;
  struct asked *query = start(fixture, 0, true);
  struct asked *early = start(fixture, 1, false);
  cancel(query);
  cancel(early);
  turn(fixture);
  struct asked *taken = start(fixture, 2, false);
  struct asked *last = start(fixture, 3, false);
  turn(fixture);
  cancel(last);
  cancel(taken);
  round_and_settle(fixture);
  turn(fixture);
  assert_string_equal(fixture->order, "");

  /* The lists are as if nothing had been. */
  fixture->asked[1].submit_when_answered = NULL;
  submit(early, false);
  submit(query, true);
  turn(fixture);
  round_and_settle(fixture);
  assert_string_equal(fixture->order, "01");
}

static void test_cancel_from_an_answer(void **state)
{
  struct fixture *fixture = *state;
  for (size_t i = 0; i < 4; i++) {
    start(fixture, i, false);
  }
  fixture->asked[0].cancel_when_answered = &fixture->asked[3];
  fixture->asked[1].cancel_when_answered = &fixture->asked[2];
  turn(fixture);
  round_and_settle(fixture); /* all four have their outcomes when the first is answered */
  assert_string_equal(fixture->order, "01");

  start(fixture, 4, true);
  start(fixture, 5, true);
  fixture->asked[4].cancel_when_answered = &fixture->asked[5];
  turn(fixture);
  turn(fixture);
  assert_string_equal(fixture->order, "014");
}

static void test_submit_from_an_answer(void **state)
{
  struct fixture *fixture = *state;
  prepare(fixture, 1, true);
  struct asked *first = prepare(fixture, 0, true);
  first->submit_when_answered = &fixture->asked[1];
  submit(first, true);
  turn(fixture);
  assert_string_equal(fixture->order, "0"); /* the second waits for the loop's next turn */
  turn(fixture);
  assert_string_equal(fixture->order, "01");
}

static void test_deleted_with_requests(void **state)
{
  struct fixture *fixture = *state;
  start(fixture, 0, false);
  turn(fixture);
  start(fixture, 1, false);
  start(fixture, 2, true); /* the rest is the sanitizers' to judge, after tear_down */
}

#define with_fixture(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      with_fixture(test_query_is_answered_from_the_loop),
      with_fixture(test_call_is_answered_after_its_round),
      with_fixture(test_order),
      with_fixture(test_same_bytes_again),
      with_fixture(test_rejections),
      with_fixture(test_cancel),
      with_fixture(test_cancel_from_an_answer),
      with_fixture(test_submit_from_an_answer),
      with_fixture(test_deleted_with_requests),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

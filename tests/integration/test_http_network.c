/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "gateway/http_network.h"

/* The gateway's way to a network over HTTP: a real agent on a real socket before a scripted
 * replica. */

#define PATIENCE_S 120 /* what has not happened by then fails the test */
#define MINUTE_NS UINT64_C(60000000000)

struct fixture {
  struct agent_fixture base;
  uv_loop_t loop;
  struct icws_http_network *network;

  /* For and of scripts, on the replica's thread until it is stopped. */
  unsigned hang_ups;         /* so many requests are hung up on first */
  struct icws_buf last_body; /* of the last request; the test wipes it */

  unsigned logged;
  char log_event[32];
};

/* A request and what became of it. */
struct asked {
  struct icws_network_request request;
  struct icws_buf envelope;
  unsigned answers;
  enum icws_network_outcome outcome;
  enum icws_reject_code code;
  char reply[64];
  char text[128];
};

static void on_log(void *user_data, const struct icws_gateway_log_entry *entry)
{
  struct fixture *f = user_data;

  f->logged++;
  (void)snprintf(f->log_event, sizeof f->log_event, "%s", entry->event);
}

static struct icws_http_network_config configuration(struct fixture *f)
{
  return (struct icws_http_network_config){
      .loop = &f->loop,
      .agent = f->base.agent,
      .log = on_log,
      .log_user_data = f,
  };
}

static void start(struct fixture *f)
{
  struct icws_http_network_config config;
  struct icws_failure failure;

  f->base.replica.user_data = f;
  icws_buf_init(&f->last_body, 0, NULL);
  agent_fixture_start(&f->base);
  assert_int_equal(uv_loop_init(&f->loop), 0);
  config = configuration(f);
  if (icws_http_network_new(&config, &f->network, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
}

static void stop(struct fixture *f)
{
  icws_http_network_del(f->network);
  assert_int_equal(uv_loop_close(&f->loop), 0); /* no handle is left behind */
  agent_fixture_stop(&f->base);
}

static void copy(char *out, size_t size, struct icws_bytes text)
{
  (void)snprintf(out, size, "%.*s", (int)text.len, text.len > 0 ? (const char *)text.data : "");
}

static void on_answer(struct icws_network_request *request,
                      const struct icws_network_answer *answer)
{
  struct asked *asked = request->user_data;

  asked->answers++;
  asked->outcome = answer->outcome;
  asked->code = answer->reject_code;
  copy(asked->reply, sizeof asked->reply, answer->reply);
  copy(asked->text, sizeof asked->text, answer->text);
}

static void submit(struct fixture *f, struct asked *asked, bool is_call)
{
  const struct icws_network *face = icws_http_network_face(f->network);

  asked->request = (struct icws_network_request){
      .canister = f->base.replica.canister,
      .envelope = icws_buf_bytes(&asked->envelope),
      .answered = on_answer,
      .user_data = asked,
  };
  (is_call ? face->call : face->query)(face->self, &asked->request);
  assert_int_equal(asked->answers, 0);
}

static void ask(struct fixture *f, struct asked *asked, enum icws_request_type type,
                const char *method, uint64_t expires_in_ns)
{
  const uint64_t expiry = scripted_replica_now_ns(&f->base.replica) + expires_in_ns;

  *asked = (struct asked){0};
  icws_buf_init(&asked->envelope, 0, NULL);
  agent_fixture_put_envelope(&f->base, type, method, "hello", expiry, &asked->envelope);
  submit(f, asked, type == ICWS_REQUEST_CALL);
}

static void await(struct fixture *f, const struct asked *asked)
{
  const time_t give_up = time(NULL) + PATIENCE_S;

  while (asked->answers == 0) {
    (void)uv_run(&f->loop, UV_RUN_ONCE);
    assert_true(time(NULL) < give_up);
  }
}

static void call(struct fixture *f, struct asked *asked, const char *method)
{
  ask(f, asked, ICWS_REQUEST_CALL, method, MINUTE_NS);
  await(f, asked);
}

static void query(struct fixture *f, struct asked *asked, const char *method)
{
  ask(f, asked, ICWS_REQUEST_QUERY, method, MINUTE_NS);
  await(f, asked);
}

static void end(struct asked *asked)
{
  icws_buf_wipe(&asked->envelope);
}

/* --- Outcomes --------------------------------------------------------------------------------- */

static void note_body(struct scripted_replica *replica, const struct scripted_http_request *request,
                      struct scripted_http_answer *answer)
{
  struct fixture *f = replica->user_data;

  icws_buf_clear(&f->last_body);
  icws_buf_put(&f->last_body, request->body.data, request->body.len);
  scripted_replica_answer(replica, request, answer);
}

static void test_call_that_is_replied_to(void **state)
{
  struct fixture f = {0};
  struct asked asked;

  (void)state;
  start(&f);
  call(&f, &asked, "ws_message");
  assert_int_equal(asked.outcome, ICWS_NETWORK_REPLIED);
  assert_string_equal(asked.reply, "hello");
  stop(&f);
  assert_int_equal(asked.answers, 1);
  assert_non_null(strstr(f.base.replica.log[0], "/api/v4/canister/"));
  end(&asked);
}

static void test_envelopes_go_out_unchanged(void **state)
{
  struct fixture f = {.base.replica.script = note_body};
  struct asked asked;

  (void)state;
  start(&f);
  call(&f, &asked, "ws_message");
  stop(&f);
  assert_true(icws_bytes_equal(icws_buf_bytes(&f.last_body), icws_buf_bytes(&asked.envelope)));
  icws_buf_wipe(&f.last_body);
  end(&asked);
}

static void test_call_that_is_rejected(void **state)
{
  struct fixture f = {0};
  struct asked asked;

  (void)state;
  start(&f);
  call(&f, &asked, "reject");
  assert_int_equal(asked.outcome, ICWS_NETWORK_REJECTED);
  assert_int_equal(asked.code, ICWS_REJECT_CANISTER_REJECT);
  assert_true(strlen(asked.text) > 0);
  stop(&f);
  end(&asked);
}

static void test_queries_go_to_v2(void **state)
{
  struct fixture f = {0};
  struct asked asked[2];

  (void)state;
  start(&f);
  query(&f, &asked[0], "ws_get_messages");
  assert_int_equal(asked[0].outcome, ICWS_NETWORK_REPLIED);
  assert_string_equal(asked[0].reply, "hello");
  query(&f, &asked[1], "reject");
  assert_int_equal(asked[1].outcome, ICWS_NETWORK_REJECTED);
  stop(&f);
  assert_non_null(strstr(f.base.replica.log[0], "/api/v2/canister/"));
  end(&asked[0]);
  end(&asked[1]);
}

static void refuse(struct scripted_replica *replica, const struct scripted_http_request *request,
                   struct scripted_http_answer *answer)
{
  (void)replica;
  (void)request;
  scripted_put_text(answer, 400, "Invalid signature");
}

static void test_refused_call_is_rejected_and_refused_query_unknown(void **state)
{
  struct fixture f = {.base.replica.script = refuse};
  struct asked asked[2];

  (void)state;
  start(&f);
  call(&f, &asked[0], "ws_message");
  assert_int_equal(asked[0].outcome, ICWS_NETWORK_REJECTED); /* it will never be processed */
  assert_int_equal(asked[0].code, ICWS_REJECT_NONE);
  assert_non_null(strstr(asked[0].text, "400"));
  query(&f, &asked[1], "ws_get_messages");
  assert_int_equal(asked[1].outcome, ICWS_NETWORK_UNKNOWN);
  assert_non_null(strstr(asked[1].text, "400"));
  stop(&f);
  end(&asked[0]);
  end(&asked[1]);
}

static void only_v2(struct scripted_replica *replica, const struct scripted_http_request *request,
                    struct scripted_http_answer *answer)
{
  (void)replica;
  if (strstr(request->path, "/api/v2/"))
    answer->status = 202;
  else
    scripted_put_text(answer, 404, "no such endpoint");
}

static void test_network_with_v2_only_takes_calls(void **state)
{
  struct fixture f = {.base.replica.script = only_v2};
  struct asked asked[2];

  (void)state;
  start(&f);
  for (int i = 0; i < 2; i++) {
    call(&f, &asked[i], "ws_message");
    assert_int_equal(asked[i].outcome, ICWS_NETWORK_TAKEN);
    end(&asked[i]);
  }
  assert_int_equal(f.logged, 1); /* once */
  assert_string_equal(f.log_event, "order_not_promised");
  stop(&f);
}

static void never_done(struct scripted_replica *replica,
                       const struct scripted_http_request *request,
                       struct scripted_http_answer *answer)
{
  (void)replica;
  (void)request;
  answer->status = 202;
}

static void test_call_whose_outcome_never_comes_is_unknown(void **state)
{
  struct fixture f = {.base.config.exchange_timeout_ms = 300, /* a call has at least that */
                      .base.replica.script = never_done};
  struct asked asked;

  (void)state;
  start(&f);
  ask(&f, &asked, ICWS_REQUEST_CALL, "ws_message", UINT64_C(500000000));
  await(&f, &asked);
  assert_int_equal(asked.outcome, ICWS_NETWORK_UNKNOWN);
  stop(&f);
  end(&asked);
}

static void hang_up_first(struct scripted_replica *replica,
                          const struct scripted_http_request *request,
                          struct scripted_http_answer *answer)
{
  struct fixture *f = replica->user_data;

  if (request->number < f->hang_ups)
    answer->hang_up = true;
  else
    scripted_replica_answer(replica, request, answer);
}

static void test_network_that_is_down_and_comes_back(void **state)
{
  struct fixture f = {.base.replica.script = hang_up_first, .hang_ups = 2};
  struct asked asked;

  (void)state;
  start(&f);
  call(&f, &asked, "ws_message");
  assert_int_equal(asked.outcome, ICWS_NETWORK_REPLIED);
  stop(&f);
  assert_int_equal(f.base.replica.count, 3);
  end(&asked);
}

/* Nobody listens there: the discard port.  The call is tried until its envelope has expired. */
static void test_call_outlives_an_outage_while_it_is_valid(void **state)
{
  struct fixture f = {.base.config.network_url = "http://127.0.0.1:9",
                      .base.config.exchange_timeout_ms = 300}; /* a call has at least that */
  struct asked asked;
  uint64_t expiry_ns;

  (void)state;
  start(&f);
  expiry_ns = scripted_replica_now_ns(&f.base.replica) + UINT64_C(3000000000);
  ask(&f, &asked, ICWS_REQUEST_CALL, "ws_message", UINT64_C(3000000000));
  await(&f, &asked);
  assert_true(scripted_replica_now_ns(&f.base.replica) >= expiry_ns);
  assert_int_equal(asked.outcome, ICWS_NETWORK_REJECTED);
  end(&asked);
  query(&f, &asked, "ws_get_messages"); /* the poller tries again by itself */
  assert_int_equal(asked.outcome, ICWS_NETWORK_UNKNOWN);
  stop(&f);
  end(&asked);
}

/* --- Many, cancelled, not submitted ----------------------------------------------------------- */

static void test_many_at_a_time(void **state)
{
  static struct asked asked[40];
  struct fixture f = {0};

  (void)state;
  start(&f);
  for (int i = 0; i < 40; i++)
    ask(&f, &asked[i], i % 2 == 0 ? ICWS_REQUEST_CALL : ICWS_REQUEST_QUERY, "m", MINUTE_NS);
  for (int i = 0; i < 40; i++) {
    await(&f, &asked[i]);
    assert_int_equal(asked[i].outcome, ICWS_NETWORK_REPLIED);
    end(&asked[i]);
  }
  stop(&f);
}

static void test_cancelled_request_is_not_answered(void **state)
{
  struct fixture f = {.base.config.exchange_timeout_ms = 300, /* a call has at least that */
                      .base.replica.script = never_done};
  const struct icws_network *face;
  struct asked cancelled;
  struct asked asked;

  (void)state;
  start(&f);
  face = icws_http_network_face(f.network);
  ask(&f, &cancelled, ICWS_REQUEST_CALL, "ws_message", MINUTE_NS);
  ask(&f, &asked, ICWS_REQUEST_CALL, "ws_message", UINT64_C(300000000));
  face->cancel(face->self, &cancelled.request);
  await(&f, &asked);
  assert_int_equal(cancelled.answers, 0);
  stop(&f);
  end(&cancelled);
  end(&asked);
}

static void test_what_cannot_be_submitted_is_rejected_later(void **state)
{
  struct fixture f = {.base.config.max_requests = 1, .base.replica.script = never_done};
  const struct icws_network *face;
  struct asked first;
  struct asked asked[3];

  (void)state;
  start(&f);
  face = icws_http_network_face(f.network);
  ask(&f, &first, ICWS_REQUEST_CALL, "ws_message", MINUTE_NS);
  for (int i = 0; i < 3; i++)
    ask(&f, &asked[i], ICWS_REQUEST_CALL, "ws_message", MINUTE_NS);
  face->cancel(face->self, &asked[1].request);
  await(&f, &asked[0]);
  await(&f, &asked[2]);
  assert_int_equal(asked[0].outcome, ICWS_NETWORK_REJECTED);
  assert_string_equal(asked[0].text, icws_strerror(ICWS_ERR_QUEUE_FULL));
  assert_int_equal(asked[1].answers, 0);
  assert_int_equal(asked[2].outcome, ICWS_NETWORK_REJECTED);
  face->cancel(face->self, &first.request);
  stop(&f);
  end(&first);
  for (int i = 0; i < 3; i++)
    end(&asked[i]);
}

static void test_configuration_is_checked(void **state)
{
  const struct icws_http_network_config nothing = {0};
  struct icws_http_network *network = NULL;
  struct icws_failure failure;

  (void)state;
  assert_int_equal(icws_http_network_new(&nothing, &network, &failure), ICWS_ERR_INVALID_ARGUMENT);
  assert_string_equal(failure.text, "a network needs a loop and an agent");
  assert_null(network);
  icws_http_network_del(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_call_that_is_replied_to),
      cmocka_unit_test(test_envelopes_go_out_unchanged),
      cmocka_unit_test(test_call_that_is_rejected),
      cmocka_unit_test(test_queries_go_to_v2),
      cmocka_unit_test(test_refused_call_is_rejected_and_refused_query_unknown),
      cmocka_unit_test(test_network_with_v2_only_takes_calls),
      cmocka_unit_test(test_call_whose_outcome_never_comes_is_unknown),
      cmocka_unit_test(test_network_that_is_down_and_comes_back),
      cmocka_unit_test(test_call_outlives_an_outage_while_it_is_valid),
      cmocka_unit_test(test_many_at_a_time),
      cmocka_unit_test(test_cancelled_request_is_not_answered),
      cmocka_unit_test(test_what_cannot_be_submitted_is_rejected_later),
      cmocka_unit_test(test_configuration_is_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

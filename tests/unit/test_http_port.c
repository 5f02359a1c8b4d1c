/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <cmocka.h>

#include "devnet/canisters/canisters.h"
#include "devnet/http_port.h"
#include "raw_websocket.h"
#include "replica_fixture.h"

/* The HTTP API on a real socket, with a replica whose rounds the tests run. */

/* --- What the linker puts in between (--wrap) --------------------------------------------------- */

uint64_t __wrap_uv_now(const uv_loop_t *loop);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);

static uint64_t now_ms;         /* on the port's clock */
static unsigned until_shortage; /* allocations; the one that makes it 0 fails */
static bool memory_ran_short;

uint64_t __wrap_uv_now(const uv_loop_t *loop)
{
  (void)loop;
  return now_ms;
}

static bool fails(void)
{
  if (until_shortage == 0 || --until_shortage > 0) {
    return false;
  }
  memory_ran_short = true;
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

/* --- A port ------------------------------------------------------------------------------------- */

struct fixture {
  struct replica_fixture base;
  struct icws_principal canister;
  struct icws_identity *alice;
  uv_loop_t loop;
  struct icws_http_port *port;
};

static void pump(void *user_data)
{
  struct fixture *f = user_data;
  const struct timespec a_moment = {.tv_nsec = 200000};
  (void)uv_run(&f->loop, UV_RUN_NOWAIT);
  (void)nanosleep(&a_moment, NULL);
}

static int set_up(void **state)
{
  static struct fixture f;
  struct icws_canister_system system;
  struct icws_canister canister;
  struct icws_failure failure = {0};
  const struct icws_app_config config = {0};
  memset(&f, 0, sizeof f);
  replica_fixture_init(&f.base);
  f.alice = replica_fixture_identity(1);
  assert_int_equal(icws_replica_reserve(f.base.replica, &f.canister, &system), ICWS_OK);
  assert_int_equal(icws_app_new(&icws_canister_echo, &config, &system, &canister), ICWS_OK);
  icws_replica_install(f.base.replica, &f.canister, &canister);
  replica_fixture_round(&f.base);
  assert_int_equal(uv_loop_init(&f.loop), 0);
  if (icws_http_port_new(&f.loop, f.base.replica, "127.0.0.1", 0, &f.port, &failure) != ICWS_OK) {
    fail_msg("%s", failure.text);
  }
  *state = &f;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *f = *state;
  icws_http_port_del(f->port);
  (void)uv_run(&f->loop, UV_RUN_NOWAIT);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  icws_identity_del(f->alice);
  replica_fixture_wipe(&f->base);
  return 0;
}

static void connect_to(struct fixture *f, struct raw_websocket *raw)
{
  raw_connect(raw, icws_http_port_number(f->port), pump, f);
}

/* Posts the envelope that was signed last. */
static void post(struct fixture *f, struct raw_websocket *raw, const char *version,
                 const char *endpoint)
{
  char head[300];
  char id[ICWS_PRINCIPAL_TEXT_BYTES];
  (void)icws_principal_to_text(&f->canister, id);
  (void)snprintf(head, sizeof head,
                 "POST /api/%s/canister/%s/%s HTTP/1.1\r\nHost: x\r\n"
                 "Content-Type: application/cbor\r\nContent-Length: %zu\r\n\r\n",
                 version, id, endpoint, f->base.envelope.len);
  raw_send(raw, head, strlen(head));
  raw_send(raw, f->base.envelope.data, f->base.envelope.len);
}

/* A call of its own each time. */
static void sign_call(struct fixture *f)
{
  replica_fixture_sign(&f->base, f->alice, ICWS_REQUEST_CALL, &f->canister, "ws_open",
                       icws_bytes_text("?"));
}

static void post_call(struct fixture *f, struct raw_websocket *raw)
{
  sign_call(f);
  post(f, raw, "v4", "call");
}

/* Lets the network work until the call that was signed last has reached the replica. */
static void await_call(struct fixture *f)
{
  const time_t give_up = time(NULL) + 60;
  while (icws_replica_call_status(f->base.replica, f->base.request_id).status !=
         ICWS_REPLICA_RECEIVED) {
    pump(f);
    assert_true(time(NULL) < give_up);
  }
}

static void run_round(struct fixture *f)
{
  replica_fixture_round(&f->base);
  icws_http_port_settle(f->port);
}

static void test_status_has_the_common_field(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;
  connect_to(f, &raw);
  raw_send(&raw, "GET /api/v2/status HTTP/1.1\r\nHost: x\r\n\r\n", 41);
  assert_true(raw_receive_until(&raw, "healthy"));
  assert_memory_equal(raw.in.data, "HTTP/1.1 200 ", 13);
  icws_buf_put_u8(&raw.in, 0);
  assert_non_null(strstr((const char *)raw.in.data, "access-control-allow-origin: *\r\n"));
  raw_disconnect(&raw, false);
}

static void test_calls_are_answered_by_their_round(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raws[3];
  for (size_t i = 0; i < 3; i++) {
    connect_to(f, &raws[i]);
    post_call(f, &raws[i]);
    await_call(f);
  }
  icws_http_port_settle(f->port); /* nothing is settled yet */
  for (int turns = 0; turns < 20; turns++) {
    pump(f);
  }
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(raws[i].in.len, 0);
  }
  run_round(f);
  for (size_t i = 0; i < 3; i++) {
    assert_true(raw_receive_until(&raws[i], "request_status"));
    assert_memory_equal(raws[i].in.data, "HTTP/1.1 200 ", 13);
    raw_disconnect(&raws[i], false);
  }
}

static void test_call_that_waits_long_is_sent_away(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;
  connect_to(f, &raw);
  post_call(f, &raw);
  await_call(f);
  now_ms += ICWS_HTTP_PORT_PATIENCE_MS - 1;
  icws_http_port_settle(f->port);
  for (int turns = 0; turns < 20; turns++) {
    pump(f);
  }
  assert_int_equal(raw.in.len, 0);
  now_ms++; /* no round comes to its end: the port itself looks */
  assert_true(raw_receive_until(&raw, "its outcome is not known yet."));
  assert_memory_equal(raw.in.data, "HTTP/1.1 202 ", 13);
  raw_disconnect(&raw, false);

  /* Who asks again, for it is the same call, gets the outcome. */
  connect_to(f, &raw);
  replica_fixture_round(&f->base);
  post(f, &raw, "v4", "call");
  assert_true(raw_receive_until(&raw, "request_status"));
  assert_memory_equal(raw.in.data, "HTTP/1.1 200 ", 13);
  raw_disconnect(&raw, false);
}

/* There is memory for the call, and none for its waiting: it is as if it had waited. */
static void test_call_that_cannot_wait_is_sent_away(void **state)
{
  struct fixture *f = *state;
  unsigned sent_away = 0;
  for (unsigned shortage = 1; shortage < 30; shortage++) {
    struct raw_websocket raw;
    char start[13];
    connect_to(f, &raw);
    sign_call(f);
    until_shortage = shortage;
    post(f, &raw, "v4", "call");
    for (int turns = 0; turns < 20; turns++) {
      pump(f);
    }
    until_shortage = 0;
    bool taken = icws_replica_call_status(f->base.replica, f->base.request_id).status ==
                 ICWS_REPLICA_RECEIVED;
    if (taken && recv(raw.fd, start, sizeof start, MSG_PEEK | MSG_DONTWAIT) > 0) {
      assert_memory_equal(start, "HTTP/1.1 202 ", sizeof start);
      sent_away++;
    }
    raw_disconnect(&raw, false);
    run_round(f);
  }
  assert_int_equal(sent_away, 1);
}

static void test_clients_that_leave_harm_nobody(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raws[3];
  for (size_t i = 0; i < 3; i++) {
    connect_to(f, &raws[i]);
    post_call(f, &raws[i]);
    await_call(f);
  }
  raw_disconnect(&raws[0], false);
  raw_disconnect(&raws[2], true);
  for (int turns = 0; turns < 20; turns++) {
    pump(f);
  }
  run_round(f);
  assert_true(raw_receive_until(&raws[1], "request_status"));
  raw_disconnect(&raws[1], false);
}

static void test_port_ends_while_calls_wait(void **state)
{
  struct fixture *f = *state;
  struct raw_websocket raw;
  connect_to(f, &raw);
  post_call(f, &raw);
  await_call(f);
  icws_http_port_del(f->port);
  f->port = NULL;
  assert_false(raw_receive_until(&raw, "request_status"));
  raw_disconnect(&raw, false);
}

/* Posts the envelope and runs rounds until there is an answer, or the connection was dropped.  The
 * answer's status, or 0. */
static unsigned ask(struct fixture *f, const char *version, const char *endpoint)
{
  struct raw_websocket raw;
  unsigned status = 0;
  connect_to(f, &raw);
  post(f, &raw, version, endpoint);
  for (int turns = 0; turns < 20; turns++) {
    pump(f);
  }
  f->base.now += REPLICA_FIXTURE_SECOND / 10;
  enum icws_error error = icws_replica_round(f->base.replica);
  assert_true(error == ICWS_OK || (error == ICWS_ERR_NOMEM && memory_ran_short));
  now_ms += ICWS_HTTP_PORT_PATIENCE_MS;
  icws_http_port_settle(f->port);
  until_shortage = 0; /* what follows is the client's */
  if (raw_receive_until(&raw, "\r\n\r\n")) {
    assert_memory_equal(raw.in.data, "HTTP/1.1 ", 9);
    status = (unsigned)strtoul((const char *)raw.in.data + 9, NULL, 10);
  }
  raw_disconnect(&raw, false);
  return status;
}

/* One allocation fails, each in its turn: who asked is told so or let go, and served when it asks
 * again. */
static void run_short(struct fixture *f, enum icws_request_type type, const char *method,
                      const char *version, const char *endpoint)
{
  unsigned shortages = 0;
  do {
    replica_fixture_sign(&f->base, f->alice, type, &f->canister, method, icws_bytes_text("?"));
    memory_ran_short = false;
    until_shortage = ++shortages;
    unsigned status = ask(f, version, endpoint);
    if (status != 0 && status != 200 && status != 202 && status != 503) {
      fail_msg("%s, allocation %u: status %u", endpoint, shortages, status);
    }
    run_round(f); /* the state is certified, if it was not */
    assert_int_equal(ask(f, version, endpoint), 200);
  } while (memory_ran_short);
  assert_true(shortages > 10);
}

static void test_memory_may_run_short(void **state)
{
  struct fixture *f = *state;
  run_short(f, ICWS_REQUEST_CALL, "ws_open", "v4", "call");
  run_short(f, ICWS_REQUEST_QUERY, "ws_get_messages", "v3", "query");
}

static void test_taken_ports_are_refused(void **state)
{
  struct fixture *f = *state;
  struct icws_http_port *other = NULL;
  struct icws_failure failure;
  assert_int_equal(icws_http_port_new(&f->loop, f->base.replica, "127.0.0.1",
                                      icws_http_port_number(f->port), &other, &failure),
                   ICWS_ERR_SYSTEM);
  assert_int_equal(icws_http_port_new(&f->loop, f->base.replica, "x", 0, &other, &failure),
                   ICWS_ERR_INVALID_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(test_status_has_the_common_field),       TEST(test_calls_are_answered_by_their_round),
      TEST(test_call_that_waits_long_is_sent_away), TEST(test_call_that_cannot_wait_is_sent_away),
      TEST(test_clients_that_leave_harm_nobody),

      TEST(test_port_ends_while_calls_wait),        TEST(test_memory_may_run_short),
      TEST(test_taken_ports_are_refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Requests and agents that end at any time, callbacks that do everything, and proxies. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include "agent_fixture.h"
#include "scripted_certificates.h"

/* Lets the agent do one step of its work. */
static bool step(struct agent_fixture *fixture)
{
  struct pollfd watched = {.fd = icws_agent_fd(fixture->agent), .events = POLLIN};
  if (icws_agent_process(fixture->agent) == 0)
    return false;
  poll(&watched, 1, icws_agent_timeout_ms(fixture->agent));
  return true;
}

enum { KINDS = 5 };

static void submit(struct agent_fixture *fixture, unsigned kind, struct icws_bytes envelope,
                   struct icws_agent_request **request)
{
  const struct icws_agent_method method = {.canister = fixture->replica.canister,
                                           .name = icws_bytes_text("greet"),
                                           .arg = icws_bytes_text("hello")};
  struct icws_agent *agent = fixture->agent;
  enum icws_error error = ICWS_OK;
  switch (kind) {
  case 0:
    error = icws_agent_status(agent, fixture_answered, fixture, request);
    break;
  case 1:
    error = icws_agent_query(agent, &method, fixture_answered, fixture, request);
    break;
  case 2:
    error = icws_agent_call(agent, &method, fixture_answered, fixture, request);
    break;
  case 3:
    error = icws_agent_metadata(agent, &fixture->replica.canister, "candid:service",
                                fixture_answered, fixture, request);
    break;
  default:
    error = icws_agent_relay_call(agent, &fixture->replica.canister, envelope, fixture_answered,
                                  fixture, request);
    break;
  }
  assert_int_equal(error, ICWS_OK);
}

/* Calls are taken, but not told at once: there is polling to cancel, too. */
static void accept_calls(struct scripted_replica *replica,
                         const struct scripted_http_request *request,
                         struct scripted_http_answer *answer)
{
  if (scripted_path_is(request, "/call"))
    scripted_put_text(answer, 202, "");
  else
    scripted_replica_answer(replica, request, answer);
}

/* One request of |kind|, and after |steps| the end.  Returns whether it was over before. */
static bool end_after(unsigned kind, unsigned steps, bool cancel, bool fetch_root_key)
{
  struct agent_fixture fixture = {.without_root_key = fetch_root_key,
                                  .config = {.fetch_root_key = fetch_root_key}};
  struct icws_agent_request *request;
  struct icws_buf envelope;
  unsigned i;
  bool over;
  if (kind == 2)
    fixture.replica.script = accept_calls;
  agent_fixture_start(&fixture);
  icws_buf_init(&envelope, 0, NULL);
  agent_fixture_put_envelope(&fixture, ICWS_REQUEST_CALL, "ws_message", "hello",
                             scripted_replica_now_ns(&fixture.replica) + UINT64_C(60000000000),
                             &envelope);
  submit(&fixture, kind, icws_buf_bytes(&envelope), &request);
  for (i = 0; i < steps && step(&fixture); i++)
    ;
  over = fixture.answers > 0;
  if (cancel && !over) {
    icws_agent_cancel(fixture.agent, request);
    agent_fixture_run(&fixture);
    assert_int_equal(fixture.answers, 0);
    submit(&fixture, 0, icws_buf_bytes(&envelope), NULL);
    agent_fixture_run(&fixture);
    assert_int_equal(fixture.answers, 1);
    assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
  }
  agent_fixture_stop(&fixture);
  icws_buf_wipe(&envelope);
  return over;
}

static void test_cancel_any_time(void **state)
{
  unsigned kind;
  unsigned steps;
  (void)state;
  for (kind = 0; kind < KINDS; kind++)
    for (steps = 0; !end_after(kind, steps, true, kind == 1); steps++)
      assert_true(steps < 1000);
}

static void test_delete_any_time(void **state)
{
  unsigned kind;
  unsigned steps;
  (void)state;
  for (kind = 0; kind < KINDS; kind++)
    for (steps = 0; !end_after(kind, steps, false, kind == 1); steps++)
      assert_true(steps < 1000);
}

/* --- Callbacks -------------------------------------------------------------------------------- */

struct busy_callback {
  struct agent_fixture *fixture;
  struct icws_agent_request *own;
  struct icws_agent_request *other;
  unsigned calls;
};

static void do_everything(struct icws_agent *agent, const struct icws_agent_answer *answer,
                          void *user_data)
{
  struct busy_callback *busy = user_data;
  assert_int_equal(answer->outcome, ICWS_AGENT_REPLIED);
  busy->calls++;
  icws_agent_cancel(agent, busy->own);
  icws_agent_cancel(agent, busy->other);
  assert_int_equal(icws_agent_process(agent), 0);
  icws_agent_run(agent);
  assert_int_equal(icws_agent_status(agent, fixture_answered, busy->fixture, NULL), ICWS_OK);
  assert_int_equal(icws_agent_process(agent), 1);
}

static void test_busy_callback(void **state)
{
  struct agent_fixture fixture = {0};
  struct busy_callback busy = {.fixture = &fixture};
  (void)state;
  agent_fixture_start(&fixture);
  assert_int_equal(icws_agent_status(fixture.agent, do_everything, &busy, &busy.own), ICWS_OK);
  assert_int_equal(icws_agent_metadata(fixture.agent, &fixture.replica.canister, "candid:service",
                                       do_everything, &busy, &busy.other),
                   ICWS_OK);
  icws_agent_run(fixture.agent);
  assert_int_equal(busy.calls, 1);
  assert_int_equal(fixture.answers, 1);
  agent_fixture_stop(&fixture);
}

static void test_many(void **state)
{
  struct agent_fixture fixture = {.config = {.max_exchanges = 5}};
  unsigned i;
  (void)state;
  agent_fixture_start(&fixture);
  for (i = 0; i < 200; i++)
    submit(&fixture, i % 4, icws_bytes_of(NULL, 0), NULL);
  icws_agent_run(fixture.agent);
  assert_int_equal(fixture.answers, 200);
  assert_int_equal(fixture.outcome, ICWS_AGENT_REPLIED);
  assert_int_equal(fixture.replica.count, 200 + 2); /* and the clock and the node keys, once */
  agent_fixture_stop(&fixture);
}

static void test_idle_is_idle(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start(&fixture);
  assert_int_equal(icws_agent_process(fixture.agent), 0);
  assert_int_equal(icws_agent_timeout_ms(fixture.agent), -1);
  submit(&fixture, 0, icws_bytes_of(NULL, 0), NULL);
  assert_int_equal(icws_agent_timeout_ms(fixture.agent), 0);
  agent_fixture_run(&fixture);
  assert_int_equal(fixture.answers, 1);
  agent_fixture_stop(&fixture);
}

/* --- Proxies ---------------------------------------------------------------------------------- */

/* What a proxy was asked for; it is the network itself, once it has been asked. */
struct proxy {
  struct agent_fixture fixture;
  char head[1024];
  unsigned char socks[64];
};

static void pass_on(struct scripted_connection *connection, struct scripted_replica *replica)
{
  scripted_replica_serve(connection, replica);
}

static void http_proxy(struct scripted_connection *connection, void *user_data)
{
  static const char established[] = "HTTP/1.1 200 OK\r\n\r\n";
  struct proxy *proxy = user_data;
  if (scripted_read_request(connection, proxy->head, sizeof proxy->head) &&
      scripted_send_bytes(connection, established, sizeof established - 1))
    pass_on(connection, &proxy->fixture.replica);
}

/* RFC 1928, with a user and a password (RFC 1929). */
static void socks_proxy(struct scripted_connection *connection, void *user_data)
{
  struct proxy *proxy = user_data;
  unsigned char *bytes = proxy->socks;
  unsigned char methods[2];
  unsigned char ignored[255];
  if (!scripted_read_bytes(connection, methods, 2) ||
      !scripted_read_bytes(connection, ignored, methods[1]) ||
      !scripted_send_bytes(connection, "\x05\x02", 2) ||
      !scripted_read_bytes(connection, ignored, 1 + 1 + 2 + 1 + 6) || /* me, secret */
      !scripted_send_bytes(connection, "\x01\x00", 2) ||
      !scripted_read_bytes(connection, bytes, 5) || bytes[4] > 50 ||
      !scripted_read_bytes(connection, bytes + 5, bytes[4] + 2u) ||
      !scripted_send_bytes(connection, "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01", 10))
    return;
  pass_on(connection, &proxy->fixture.replica);
}

/* A request that gets its answer through the proxy at |origin|; TLS: with the network behind it. */
static void run_behind(struct proxy *proxy, scripted_gateway_fn *script, const char *origin,
                       const char *network)
{
  const char *certificate = proxy->fixture.replica.certificate_file;
  struct scripted_gateway *server =
      scripted_gateway_start(script, proxy, certificate, proxy->fixture.replica.key_file);
  char url[64];
  snprintf(url, sizeof url, "%s:%u", origin, (unsigned)scripted_gateway_port(server));
  proxy->fixture.config.proxy = url;
  proxy->fixture.config.network_url = network;
  agent_fixture_start(&proxy->fixture);
  submit(&proxy->fixture, 3, icws_bytes_of(NULL, 0), NULL);
  agent_fixture_run(&proxy->fixture);
  agent_fixture_expect_reply(&proxy->fixture, "service : {}");
  assert_int_equal(proxy->fixture.replica.count, 1);
  agent_fixture_stop(&proxy->fixture);
  scripted_gateway_stop(server);
}

static void test_socks_proxy(void **state)
{
  static const unsigned char asked[] = "\x05\x01\x00\x03\x0cnetwork.test\x10\x92"; /* port 4242 */
  struct proxy proxy = {0};
  (void)state;
  run_behind(&proxy, socks_proxy, "socks5h://me:secret@127.0.0.1", "http://network.test:4242");
  assert_memory_equal(proxy.socks, asked, sizeof asked - 1); /* it looks the name up itself */
}

/* An HTTP proxy is asked for whole URLs. */
static void plain_http_proxy(struct scripted_connection *connection, void *user_data)
{
  struct proxy *proxy = user_data;
  pass_on(connection, &proxy->fixture.replica);
}

static void test_http_proxy(void **state)
{
  struct proxy proxy = {0};
  (void)state;
  run_behind(&proxy, plain_http_proxy, "http://localhost", "http://network.test:4242");
  assert_non_null(strstr(proxy.fixture.replica.log[0], "POST http://network.test:4242/api/v3/"));
}

static void test_http_proxy_with_tls(void **state)
{
  char folder[] = "/tmp/icws-agent-XXXXXX";
  char certificate[64];
  char key[64];
  char ca[64];
  struct proxy proxy = {0};
  (void)state;
  assert_non_null(mkdtemp(folder));
  scripted_certificates_make(folder);
  snprintf(certificate, sizeof certificate, "%s/good.pem", folder);
  snprintf(key, sizeof key, "%s/key.pem", folder);
  snprintf(ca, sizeof ca, "%s/ca.pem", folder);
  proxy.fixture.replica.certificate_file = certificate;
  proxy.fixture.replica.key_file = key;
  proxy.fixture.config.ca_file = ca;
  run_behind(&proxy, http_proxy, "http://me:secret@127.0.0.1", "https://localhost:4242");
  assert_memory_equal(proxy.head, "CONNECT localhost:4242 HTTP/1.1\r\n", 33);
  assert_non_null(strstr(proxy.head, "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
  scripted_certificates_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cancel_any_time), cmocka_unit_test(test_delete_any_time),
      cmocka_unit_test(test_busy_callback),   cmocka_unit_test(test_many),
      cmocka_unit_test(test_idle_is_idle),    cmocka_unit_test(test_socks_proxy),
      cmocka_unit_test(test_http_proxy),      cmocka_unit_test(test_http_proxy_with_tls),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

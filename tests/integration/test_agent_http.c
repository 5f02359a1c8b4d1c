/* SPDX-License-Identifier: Apache-2.0 */

/* What the agent makes of odd HTTP: answers without an end, connections that were closed, answers that
 * ask to wait. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>

#include "agent_fixture.h"

static enum icws_error ask_status(struct agent_fixture *fixture)
{
  assert_int_equal(icws_agent_status(fixture->agent, fixture_answered, fixture, NULL), ICWS_OK);
  agent_fixture_run(fixture);
  return fixture->outcome == ICWS_AGENT_FAILED ? fixture->failure.code : ICWS_OK;
}

static bool say(struct scripted_connection *connection, const char *text)
{
  return scripted_send_bytes(connection, text, strlen(text));
}

/* --- Without an end --------------------------------------------------------------------------- */

struct flood {
  const char *head;
  const char *piece; /* again and again, for as long as somebody reads */
};

static void send_flood(struct scripted_replica *replica,
                       const struct scripted_http_request *request,
                       struct scripted_http_answer *answer)
{
  const struct flood *flood = replica->user_data;
  answer->is_sent = true;
  if (say(request->connection, flood->head))
    while (say(request->connection, flood->piece))
      ;
}

static void test_floods(void **state)
{
  static char filler[16384];
  static struct flood floods[] = {
      {"HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"},
      {"", "HTTP/1.1 100 Continue\r\n\r\n"},
      {"HTTP/1.1 200 OK\r\n\r\n", filler},
      {"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", filler},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "8\r\n12345678\r\n"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-More: and more\r\n"},
  };
  size_t i;
  (void)state;
  memset(filler, 'x', sizeof filler - 1);
  for (i = 0; i < sizeof floods / sizeof floods[0]; i++) {
    struct agent_fixture fixture = {.replica = {.script = send_flood, .user_data = &floods[i]}};
    agent_fixture_start(&fixture);
    if (ask_status(&fixture) != ICWS_ERR_LIMIT)
      fail_msg("flood %zu: %s: %s", i, icws_error_name(fixture.failure.code), fixture.failure.text);
    agent_fixture_stop(&fixture);
    assert_int_equal(fixture.replica.count, 1); /* it is not asked for again */
  }
}

/* An answer that comes byte by byte ends with the time of an exchange. */
static void drip(struct scripted_replica *replica, const struct scripted_http_request *request,
                 struct scripted_http_answer *answer)
{
  (void)replica;
  answer->is_sent = true;
  if (say(request->connection, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"))
    while (say(request->connection, "x"))
      (void)poll(NULL, 0, 10);
}

static void test_drip(void **state)
{
  struct agent_fixture fixture = {.replica = {.script = drip},
                                  .config = {.exchange_timeout_ms = 200}};
  (void)state;
  agent_fixture_start(&fixture);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_HTTP_TIMEOUT);
  agent_fixture_stop(&fixture);
}

/* --- Not followed, not unpacked --------------------------------------------------------------- */

static void test_redirect(void **state)
{
  struct agent_fixture_plan plan = {
      .status = 307, .fields = "Location: http://127.0.0.1:1/api/v2/status\r\n", .text = ""};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start_plan(&fixture, &plan);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_HTTP);
  agent_fixture_expect_text(&fixture, "307");
  assert_int_equal(fixture.replica.count, 1);
  agent_fixture_stop(&fixture);
}

/* A small answer that would unpack to a large one: nobody asked for it, it is taken as it is. */
static void test_compressed(void **state)
{
  struct agent_fixture_plan plan = {
      .status = 200, .fields = "Content-Encoding: gzip\r\n", .text = "\x1f\x8b\x08"};
  struct agent_fixture fixture = {0};
  (void)state;
  agent_fixture_start_plan(&fixture, &plan);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_CBOR);
  agent_fixture_stop(&fixture);
}

/* --- Connections that are kept ---------------------------------------------------------------- */

struct kept {
  unsigned connections;
  unsigned requests;
};

/* The first connection answers one request, takes the next, and closes, as a server does whose time
 * for idle connections ends in that moment. */
static void close_idle(struct scripted_connection *connection, void *user_data)
{
  struct kept *kept = user_data;
  unsigned number = kept->connections++;
  char head[4096];
  while (scripted_read_request(connection, head, sizeof head)) {
    kept->requests++;
    if (number == 0 && kept->requests > 1)
      return;
    say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xa0");
  }
}

/* Pauses before a retry are drawn. */
static enum icws_error count_draws(uint8_t *out, size_t len, void *user_data)
{
  unsigned *draws = user_data;
  memset(out, 0, len);
  ++*draws;
  return ICWS_OK;
}

static void count_ok(struct icws_agent *agent, const struct icws_agent_answer *answer,
                     void *user_data)
{
  unsigned *count = user_data;
  (void)agent;
  if (answer->outcome != ICWS_AGENT_REPLIED)
    fail_msg("%s", answer->failure->text);
  ++*count;
}

static void test_closed_while_idle(void **state)
{
  unsigned draws = 0;
  unsigned answers = 0;
  const struct icws_random random = {.fill = count_draws, .user_data = &draws};
  struct kept kept = {0};
  struct icws_agent_config config = {.random = &random};
  struct scripted_gateway *server = scripted_gateway_start(close_idle, &kept, NULL, NULL);
  struct icws_agent *agent;
  char url[64];
  unsigned i;
  (void)state;
  snprintf(url, sizeof url, "http://127.0.0.1:%u", (unsigned)scripted_gateway_port(server));
  config.network_url = url;
  assert_int_equal(icws_agent_new(&config, &agent, NULL), ICWS_OK);
  for (i = 0; i < 3; i++) {
    assert_int_equal(icws_agent_status(agent, count_ok, &answers, NULL), ICWS_OK);
    icws_agent_run(agent);
  }
  icws_agent_del(agent);
  scripted_gateway_stop(server);
  assert_int_equal(answers, 3);
  assert_int_equal(kept.connections, 2);
  assert_int_equal(kept.requests, 4); /* the second twice, without a pause */
  assert_int_equal(draws, 0);
}

/* --- Retry-After ------------------------------------------------------------------------------ */

/* Drives the agent until it waits for longer than |least_ms|, and returns for how long. */
static int wait_for_pause(struct agent_fixture *fixture, int least_ms)
{
  for (;;) {
    struct pollfd watched = {.fd = icws_agent_fd(fixture->agent), .events = POLLIN};
    int timeout_ms;
    assert_int_equal(icws_agent_process(fixture->agent), 1);
    timeout_ms = icws_agent_timeout_ms(fixture->agent);
    if (timeout_ms >= least_ms && timeout_ms < 1000000)
      return timeout_ms;
    assert_true(poll(&watched, 1, timeout_ms) >= 0);
  }
}

static void test_asked_to_wait(void **state)
{
  static const struct {
    unsigned status;
    const char *fields;
    int seconds;
  } cases[] = {
      {503, "Retry-After: 7\r\n", 7},
      {429, "Retry-After: 7\r\n", 7},
      {503, "Retry-After: 86400\r\n", 30},
      {503, "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n", 30},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct agent_fixture_plan plan = {
        .status = cases[i].status, .fields = cases[i].fields, .text = ""};
    struct agent_fixture fixture = {.config = {.connect_timeout_ms = 2000000,
                                               .exchange_timeout_ms = 2000000,
                                               .request_timeout_ms = 3000000}};
    int pause_ms;
    agent_fixture_start_plan(&fixture, &plan);
    assert_int_equal(icws_agent_status(fixture.agent, fixture_answered, &fixture, NULL), ICWS_OK);
    pause_ms = wait_for_pause(&fixture, 4000);
    assert_in_range(pause_ms, cases[i].seconds * 1000 - 2000, cases[i].seconds * 1000 + 250);
    assert_int_equal(fixture.answers, 0);
    agent_fixture_stop(&fixture);
  }
}

static void test_asked_nonsense(void **state)
{
  static const char *const fields[] = {"Retry-After: soon\r\n", "Retry-After: -5\r\n"};
  size_t i;
  (void)state;
  for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    struct agent_fixture_plan plan = {.status = 503, .fields = fields[i], .text = "", .times = 1};
    struct agent_fixture fixture = {0};
    agent_fixture_start_plan(&fixture, &plan);
    assert_int_equal(ask_status(&fixture), ICWS_OK);
    assert_int_equal(fixture.replica.count, 2);
    agent_fixture_stop(&fixture);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_floods),
      cmocka_unit_test(test_drip),
      cmocka_unit_test(test_redirect),
      cmocka_unit_test(test_compressed),
      cmocka_unit_test(test_closed_while_idle),
      cmocka_unit_test(test_asked_to_wait),
      cmocka_unit_test(test_asked_nonsense),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* What the agent makes of a network that fails, errs and lies. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <icws/verifier.h>

#include "agent_fixture.h"
#include "scripted_certificates.h"

static char folder[] = "/tmp/icws-agent-XXXXXX";

static const char *in_folder(const char *name, char path[64])
{
  snprintf(path, 64, "%s/%s", folder, name);
  return path;
}

static enum icws_error ask_status(struct agent_fixture *fixture)
{
  assert_int_equal(icws_agent_status(fixture->agent, fixture_answered, fixture, NULL), ICWS_OK);
  agent_fixture_run(fixture);
  return fixture->outcome == ICWS_AGENT_FAILED ? fixture->failure.code : ICWS_OK;
}

/* --- Configurations --------------------------------------------------------------------------- */

static void test_bad_configurations(void **state)
{
  static const uint8_t key[ICWS_ROOT_KEY_DER_BYTES];
  static const uint8_t short_key[3];
  const struct {
    struct icws_agent_config config;
    enum icws_error error;
  } cases[] = {
      {{.network_url = "ftp://localhost"}, ICWS_ERR_URL},
      {{.network_url = "http://localhost/path"}, ICWS_ERR_URL},
      {{.network_url = "http://user@localhost"}, ICWS_ERR_URL},
      {{.proxy = "https://localhost:1"}, ICWS_ERR_URL},
      {{.proxy = "socks5://localhost:1"}, ICWS_ERR_URL},
      {{.proxy = "http://localhost"}, ICWS_ERR_URL},
      {{.proxy = "http://[::1]"}, ICWS_ERR_URL},
      {{.proxy = "http://localhost:1/path"}, ICWS_ERR_URL},
      {{.root_key = {key, sizeof key}, .fetch_root_key = true}, ICWS_ERR_INVALID_ARGUMENT},
      {{.root_key = {key, sizeof key}}, ICWS_ERR_ROOT_KEY},
      {{.root_key = {short_key, sizeof short_key}}, ICWS_ERR_ROOT_KEY},
      {{.ca_file = "/nonexistent/ca.pem"}, ICWS_ERR_SYSTEM},
      {{.ca_file = "/dev/null"}, ICWS_ERR_PEM},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct icws_agent *agent = NULL;
    struct icws_failure failure;
    if (icws_agent_new(&cases[i].config, &agent, &failure) != cases[i].error)
      fail_msg("case %zu", i);
    assert_null(agent);
    assert_int_equal(failure.code, cases[i].error);
  }
}

static void test_password_is_not_told(void **state)
{
  const struct icws_agent_config config = {.proxy = "http://me:secret@local host:1"};
  struct icws_agent *agent;
  struct icws_failure failure;
  (void)state;
  assert_int_equal(icws_agent_new(&config, &agent, &failure), ICWS_ERR_URL);
  assert_null(strstr(failure.text, "secret"));
}

static void test_defaults(void **state)
{
  const struct icws_agent_config config = {0};
  const struct icws_principal nobody = icws_principal_anonymous();
  struct icws_principal principal;
  struct icws_agent *agent;
  (void)state;
  assert_int_equal(icws_agent_new(&config, &agent, NULL), ICWS_OK);
  principal = icws_agent_principal(agent);
  assert_true(icws_principal_equal(&principal, &nobody));
  assert_true(icws_bytes_equal(icws_agent_root_key(agent), icws_root_key_mainnet()));
  assert_int_equal(icws_agent_skew_ns(agent), 0);
  assert_int_equal(icws_agent_process(agent), 0);
  icws_agent_run(agent);
  icws_agent_del(agent);
  icws_agent_del(NULL);
}

static void test_limits(void **state)
{
  struct agent_fixture fixture = {.config = {.max_requests = 2}};
  static struct icws_bytes labels[ICWS_PATH_MAX_LABELS + 1];
  static struct icws_agent_path paths[ICWS_READ_STATE_MAX_PATHS + 1];
  struct icws_agent_method method = {0};
  struct icws_agent_path path = {labels, ICWS_PATH_MAX_LABELS + 1};
  uint8_t *arg = calloc(1, ICWS_ENVELOPE_MAX_BYTES);
  size_t i;
  (void)state;
  agent_fixture_start(&fixture);
  for (i = 0; i < ICWS_READ_STATE_MAX_PATHS + 1; i++)
    paths[i] = (struct icws_agent_path){labels, 1};
  assert_int_equal(icws_agent_read_state(fixture.agent, &fixture.replica.canister, &path, 1,
                                         fixture_answered, &fixture, NULL),
                   ICWS_ERR_LIMIT);
  assert_int_equal(icws_agent_read_state(fixture.agent, &fixture.replica.canister, paths,
                                         ICWS_READ_STATE_MAX_PATHS + 1, fixture_answered, &fixture,
                                         NULL),
                   ICWS_ERR_LIMIT);
  method.arg = icws_bytes_of(arg, ICWS_ENVELOPE_MAX_BYTES);
  assert_int_equal(icws_agent_query(fixture.agent, &method, fixture_answered, &fixture, NULL),
                   ICWS_ERR_LIMIT);
  for (i = 0; i < 2; i++)
    assert_int_equal(icws_agent_status(fixture.agent, fixture_answered, &fixture, NULL), ICWS_OK);
  assert_int_equal(icws_agent_status(fixture.agent, fixture_answered, &fixture, NULL),
                   ICWS_ERR_QUEUE_FULL);
  agent_fixture_run(&fixture);
  assert_int_equal(fixture.answers, 2);
  agent_fixture_stop(&fixture);
  free(arg);
}

/* --- Connections ------------------------------------------------------------------------------ */

static void test_refused(void **state)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t len = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0); /* bound, not listening: nobody else gets the port */
  char url[64];
  struct agent_fixture fixture = {.config = {.network_url = url}};
  (void)state;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
  snprintf(url, sizeof url, "http://localhost:%u", (unsigned)ntohs(address.sin_port));
  agent_fixture_start(&fixture);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_CONNECT);
  agent_fixture_expect_text(&fixture, url + strlen("http://"));
  agent_fixture_call(&fixture, "greet", "");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_CONNECT);
  assert_false(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
  close(fd);
}

/* ".invalid" has no names (RFC 6761).  Without a name server c-ares says so, or nothing in time. */
static void test_unknown_name(void **state)
{
  struct agent_fixture fixture = {
      .config = {.network_url = "http://network.invalid", .resolve_timeout_ms = 500}};
  enum icws_error error;
  (void)state;
  agent_fixture_start(&fixture);
  error = ask_status(&fixture);
  if (error != ICWS_ERR_RESOLVE_TIMEOUT)
    assert_int_equal(error, ICWS_ERR_RESOLVE);
  agent_fixture_expect_text(&fixture, "network.invalid");
  agent_fixture_stop(&fixture);
}

static void stall(struct scripted_replica *replica, const struct scripted_http_request *request,
                  struct scripted_http_answer *answer)
{
  (void)replica;
  scripted_wait_for_end(request->connection);
  answer->hang_up = true;
}

static void test_timeout(void **state)
{
  struct agent_fixture fixture = {.config = {.exchange_timeout_ms = 100}};
  (void)state;
  fixture.replica.script = stall;
  agent_fixture_start(&fixture);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_HTTP_TIMEOUT);
  assert_int_equal(fixture.replica.count, 4);
  agent_fixture_stop(&fixture);
}

static void test_request_timeout(void **state)
{
  struct agent_fixture fixture = {.config = {.request_timeout_ms = 100}};
  (void)state;
  fixture.replica.script = stall;
  agent_fixture_start(&fixture);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_HTTP_TIMEOUT);
  agent_fixture_expect_text(&fixture, "100 ms");
  agent_fixture_stop(&fixture);
}

struct tls_case {
  const char *certificate;
  const char *ca;
  enum icws_error error;
};

static void test_tls(void **state)
{
  static const struct tls_case cases[] = {
      {"good.pem", "ca.pem", ICWS_OK},         {"good.pem", "other-ca.pem", ICWS_ERR_TLS},
      {"expired.pem", "ca.pem", ICWS_ERR_TLS}, {"other-name.pem", "ca.pem", ICWS_ERR_TLS},
      {"good.pem", NULL, ICWS_ERR_TLS},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct agent_fixture fixture = {0};
    char certificate[64];
    char key[64];
    char ca[64];
    fixture.replica.certificate_file = in_folder(cases[i].certificate, certificate);
    fixture.replica.key_file = in_folder("key.pem", key);
    fixture.config.ca_file = cases[i].ca == NULL ? NULL : in_folder(cases[i].ca, ca);
    agent_fixture_start(&fixture);
    if (ask_status(&fixture) != cases[i].error)
      fail_msg("case %zu: %s", i, fixture.failure.text);
    assert_int_equal(fixture.replica.count, cases[i].error == ICWS_OK ? 1 : 0);
    agent_fixture_stop(&fixture);
  }
}

/* --- Answers that are none -------------------------------------------------------------------- */

static void test_strange_answers(void **state)
{
  static char long_text[5000];
  struct {
    struct agent_fixture_plan plan;
    enum icws_error status;
    enum icws_error query;
    const char *text;
  } cases[] = {
      {{.status = 400, .text = "no \033[31m thanks\n"},
       ICWS_ERR_HTTP,
       ICWS_ERR_REFUSED,
       "400: no ?[31m thanks?"},
      {{.status = 403, .text = ""}, ICWS_ERR_HTTP, ICWS_ERR_REFUSED, "403"},
      {{.status = 404, .text = ""}, ICWS_ERR_HTTP, ICWS_ERR_REFUSED, "404"},
      {{.status = 407, .text = ""}, ICWS_ERR_HTTP, ICWS_ERR_HTTP, "407"},
      {{.status = 408, .text = ""}, ICWS_ERR_HTTP, ICWS_ERR_HTTP, "408"},
      {{.status = 500, .text = "oh"}, ICWS_ERR_HTTP, ICWS_ERR_HTTP, "500: oh"},
      {{.status = 302, .text = "elsewhere"}, ICWS_ERR_HTTP, ICWS_ERR_HTTP, "302"},
      {{.status = 202, .text = ""}, ICWS_ERR_HTTP, ICWS_ERR_HTTP, "202"},
      {{.status = 200, .text = "hello"}, ICWS_ERR_CBOR, ICWS_ERR_CBOR, ""},
      {{.status = 200, .text = ""}, ICWS_ERR_CBOR, ICWS_ERR_CBOR, ""},
      {{.status = 200, .text = "\xa0"}, ICWS_OK, ICWS_ERR_CBOR, ""},
      {{.status = 200, .text = long_text, .len = sizeof long_text},
       ICWS_ERR_LIMIT,
       ICWS_ERR_LIMIT,
       "too long"},
      {{.status = 0}, ICWS_ERR_HTTP, ICWS_ERR_HTTP, ""},
  };
  size_t i;
  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct agent_fixture fixture = {.config = {.max_answer_bytes = 4096}};
    agent_fixture_start_plan(&fixture, &cases[i].plan);
    if (ask_status(&fixture) != cases[i].status)
      fail_msg("case %zu: %s", i, fixture.failure.text);
    agent_fixture_query(&fixture, "greet", "");
    agent_fixture_expect_failure(&fixture, cases[i].query);
    agent_fixture_expect_text(&fixture, cases[i].text);
    assert_false(fixture.may_be_processed);
    agent_fixture_stop(&fixture);
  }
}

static void test_busy_then_well(void **state)
{
  static const unsigned statuses[] = {429, 502, 503, 504, 0};
  size_t i;
  (void)state;
  for (i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    struct agent_fixture_plan plan = {.status = statuses[i], .text = "later", .times = 2};
    struct agent_fixture fixture = {0};
    agent_fixture_start_plan(&fixture, &plan);
    assert_int_equal(ask_status(&fixture), ICWS_OK);
    assert_int_equal(fixture.replica.count, 3);
    agent_fixture_stop(&fixture);
  }
}

static void be_busy_then_refuse(struct scripted_replica *replica,
                                const struct scripted_http_request *request,
                                struct scripted_http_answer *answer)
{
  if (!scripted_path_is(request, "/call"))
    scripted_replica_answer(replica, request, answer);
  else
    scripted_put_text(answer, request->number == 1 ? 503 : 400, "no");
}

/* Of the queries: the others before the eighth are hung up on. */
static void answer_the_fourth(struct scripted_replica *replica,
                              const struct scripted_http_request *request,
                              struct scripted_http_answer *answer)
{
  unsigned *queries = replica->user_data;
  if (!scripted_path_is(request, "/query") || *queries == 7)
    scripted_replica_answer(replica, request, answer);
  else if (++*queries == 4)
    scripted_put_text(answer, 404, "no such version");
  else
    answer->hang_up = true;
}

/* A call that was answered with 503 may have arrived, whatever is said later. */
static void test_busy_then_refused(void **state)
{
  struct agent_fixture fixture = {0};
  (void)state;
  fixture.replica.script = be_busy_then_refuse;
  agent_fixture_start(&fixture);
  agent_fixture_call(&fixture, "greet", "hello");
  agent_fixture_expect_failure(&fixture, ICWS_ERR_REFUSED);
  assert_true(fixture.may_be_processed);
  agent_fixture_stop(&fixture);
}

/* What counts is failures in a row. */
static void test_failures_with_an_answer_between(void **state)
{
  struct agent_fixture fixture = {0};
  unsigned queries = 0;
  (void)state;
  fixture.replica.script = answer_the_fourth;
  fixture.replica.user_data = &queries;
  agent_fixture_start(&fixture);
  agent_fixture_query(&fixture, "greet", "hello");
  agent_fixture_expect_reply(&fixture, "hello");
  agent_fixture_stop(&fixture);
}

static void test_busy_for_ever(void **state)
{
  struct agent_fixture_plan plan = {.status = 503, .text = "too much"};
  struct agent_fixture fixture = {.config = {.request_timeout_ms = 1000}};
  (void)state;
  agent_fixture_start_plan(&fixture, &plan);
  assert_int_equal(ask_status(&fixture), ICWS_ERR_HTTP);
  agent_fixture_expect_text(&fixture, "503: too much");
  assert_true(fixture.replica.count >= 2);
  agent_fixture_stop(&fixture);
}

static int set_up(void **state)
{
  (void)state;
  if (mkdtemp(folder) == NULL)
    return -1;
  scripted_certificates_make(folder);
  return 0;
}

static int tear_down(void **state)
{
  (void)state;
  scripted_certificates_remove(folder);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bad_configurations),
      cmocka_unit_test(test_password_is_not_told),
      cmocka_unit_test(test_defaults),
      cmocka_unit_test(test_limits),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_unknown_name),
      cmocka_unit_test(test_timeout),
      cmocka_unit_test(test_request_timeout),
      cmocka_unit_test(test_tls),
      cmocka_unit_test(test_strange_answers),
      cmocka_unit_test(test_busy_then_well),
      cmocka_unit_test(test_busy_then_refused),
      cmocka_unit_test(test_failures_with_an_answer_between),
      cmocka_unit_test(test_busy_for_ever),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* SPDX-License-Identifier: Apache-2.0 */

/* Many requests at a time over one connection, to an HTTP/2 server of others' making: Node's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include <icws/agent.h>

#include "scripted_certificates.h"

#define STREAMS 64

struct server {
  pid_t pid;
  FILE *in;
  FILE *out;
};

static bool has_node(void)
{
  return system("node --version >/dev/null 2>&1") == 0;
}

/* Starts |script| with its certificate in |folder|, and tells its URL. */
static void start(struct server *server, const char *script, const char *folder, char url[64])
{
  char certificate[64];
  char key[64];
  char streams[16];
  char line[128];
  int in[2];
  int out[2];
  scripted_certificates_make(folder);
  snprintf(certificate, sizeof certificate, "%s/good.pem", folder);
  snprintf(key, sizeof key, "%s/key.pem", folder);
  snprintf(streams, sizeof streams, "%d", STREAMS);
  assert_int_equal(pipe(in), 0);
  assert_int_equal(pipe(out), 0);
  server->pid = fork();
  if (server->pid == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    close(in[1]);
    close(out[0]);
    execlp("node", "node", script, certificate, key, streams, (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  server->in = fdopen(in[1], "w");
  server->out = fdopen(out[0], "r");
  assert_non_null(fgets(line, sizeof line, server->out));
  snprintf(url, 64, "https://localhost:%d", atoi(line));
}

/* Ends it, after it has said |expected|. */
static void stop(struct server *server, const char *folder, const char *expected)
{
  char line[128];
  fclose(server->in);
  assert_non_null(fgets(line, sizeof line, server->out));
  assert_string_equal(line, expected);
  fclose(server->out);
  assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
  scripted_certificates_remove(folder);
}

static void answered(struct icws_agent *agent, const struct icws_agent_answer *answer,
                     void *user_data)
{
  unsigned *count = user_data;
  (void)agent;
  if (answer->outcome == ICWS_AGENT_FAILED)
    fail_msg("%s", answer->failure->text);
  ++*count;
}

static void ask_all(const char *url, const char *folder, unsigned rounds, unsigned requests)
{
  char ca_file[64];
  const struct icws_agent_config config = {.network_url = url, .ca_file = ca_file};
  struct icws_agent *agent;
  unsigned count = 0;
  unsigned round;
  unsigned i;
  snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
  assert_int_equal(icws_agent_new(&config, &agent, NULL), ICWS_OK);
  for (round = 1; round <= rounds; round++) {
    for (i = 0; i < requests; i++)
      assert_int_equal(icws_agent_status(agent, answered, &count, NULL), ICWS_OK);
    icws_agent_run(agent);
    assert_int_equal(count, round * requests);
  }
  icws_agent_del(agent);
}

static void need_node(void)
{
  if (has_node())
    return;
  fprintf(stderr, "SKIPPED: node is missing\n");
  skip();
}

/* The server answers nobody until all have asked: were they not on their way at the same time, no
 * answer would ever come. */
static void test_streams(void **state)
{
  char folder[] = "/tmp/icws-http2-XXXXXX";
  char expected[128];
  char url[64];
  struct server server;
  (void)state;
  need_node();
  assert_non_null(mkdtemp(folder));
  start(&server, "tests/interop/http2-status.mjs", folder, url);
  ask_all(url, folder, 2, STREAMS);
  snprintf(expected, sizeof expected, "sessions 1 requests %d h2 /api/v2/status\n", 2 * STREAMS);
  stop(&server, folder, expected);
}

/* Streams that are refused, reset, cut off, and a session that ends: each time the request is sent
 * again. */
static void test_faults(void **state)
{
  char folder[] = "/tmp/icws-http2-XXXXXX";
  char url[64];
  struct server server;
  (void)state;
  need_node();
  assert_non_null(mkdtemp(folder));
  start(&server, "tests/interop/http2-faults.mjs", folder, url);
  ask_all(url, folder, 1, 1);
  stop(&server, folder, "requests 5\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_streams), cmocka_unit_test(test_faults)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

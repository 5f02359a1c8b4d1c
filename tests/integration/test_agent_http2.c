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

static void start(struct server *server, const char *folder)
{
  char certificate[64];
  char key[64];
  char streams[16];
  int in[2];
  int out[2];
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
    execlp("node", "node", "tests/interop/http2-status.mjs", certificate, key, streams,
           (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  server->in = fdopen(in[1], "w");
  server->out = fdopen(out[0], "r");
}

static void stop(struct server *server)
{
  fclose(server->out);
  assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
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

static void ask_all(const char *url, const char *ca_file)
{
  const struct icws_agent_config config = {.network_url = url, .ca_file = ca_file};
  struct icws_agent *agent;
  unsigned count = 0;
  unsigned round;
  unsigned i;
  assert_int_equal(icws_agent_new(&config, &agent, NULL), ICWS_OK);
  for (round = 1; round <= 2; round++) {
    for (i = 0; i < STREAMS; i++)
      assert_int_equal(icws_agent_status(agent, answered, &count, NULL), ICWS_OK);
    icws_agent_run(agent);
    assert_int_equal(count, round * STREAMS);
  }
  icws_agent_del(agent);
}

/* The server answers nobody until all have asked: were they not on their way at the same time, no
 * answer would ever come. */
static void test_streams(void **state)
{
  char folder[] = "/tmp/icws-http2-XXXXXX";
  char expected[128];
  char ca_file[64];
  char line[128];
  char url[64];
  struct server server;
  (void)state;
  if (!has_node()) {
    fprintf(stderr, "SKIPPED: node is missing\n");
    skip();
  }
  assert_non_null(mkdtemp(folder));
  scripted_certificates_make(folder);
  snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
  start(&server, folder);
  assert_non_null(fgets(line, sizeof line, server.out));
  snprintf(url, sizeof url, "https://localhost:%d", atoi(line));
  ask_all(url, ca_file);
  fclose(server.in);
  assert_non_null(fgets(line, sizeof line, server.out));
  snprintf(expected, sizeof expected, "sessions 1 requests %d h2 /api/v2/status\n", 2 * STREAMS);
  assert_string_equal(line, expected);
  stop(&server);
  scripted_certificates_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_streams)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

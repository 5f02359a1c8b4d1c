/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_lie.h"

#include <string.h>

static void tell(struct scripted_replica *replica, const struct scripted_http_request *request,
                 struct scripted_http_answer *answer)
{
  const struct agent_lie *lie = replica->user_data;
  if (scripted_path_is(request, "/call") || scripted_path_is(request, "/query"))
    lie->tell(replica, &request->envelope, &answer->body);
  else
    scripted_replica_answer(replica, request, answer);
}

void agent_lie_start(struct agent_fixture *fixture, struct agent_lie *lie)
{
  memset(fixture, 0, sizeof *fixture);
  fixture->replica.script = tell;
  fixture->replica.user_data = lie;
  agent_fixture_start(fixture);
}

void agent_lie_expect(const struct agent_fixture *fixture, const struct agent_lie *lie,
                      const char *reply)
{
  if (lie->error == ICWS_OK) {
    agent_fixture_expect_reply(fixture, reply);
    return;
  }
  agent_fixture_expect_failure(fixture, lie->error);
  agent_fixture_expect_text(fixture, lie->text);
}

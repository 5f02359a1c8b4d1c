/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#include <string.h>

#include <icws/cbor.h>

static void answered(struct icws_agent_request *request, const struct icws_http_result *answer)
{
  struct icws_agent_answer told = {.outcome = ICWS_AGENT_REPLIED, .reply = answer->body};
  struct icws_agent_status status;
  struct icws_failure failure;
  if (answer->status != 200) {
    icws_agent_fail_status(request, answer);
  } else if (icws_agent_status_decode(answer->body, &status) != ICWS_OK) {
    (void)icws_fail(&failure, ICWS_ERR_CBOR, "%s answered with what is not a status",
                    request->agent->url.authority);
    icws_agent_fail(request, &failure);
  } else {
    icws_agent_finish(request, &told);
  }
}

static const struct icws_agent_kind status_kind = {
    .endpoint = ICWS_ENDPOINT_STATUS,
    .answered = answered,
};

enum icws_error icws_agent_status(struct icws_agent *agent, icws_agent_answer_fn *fn,
                                  void *user_data, struct icws_agent_request **request)
{
  struct icws_agent_request *made;
  if (!icws_agent_has_room(agent))
    return ICWS_ERR_QUEUE_FULL;
  made = icws_agent_request_new(agent, &status_kind, fn, user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  icws_agent_submit(made, request);
  return ICWS_OK;
}

enum icws_error icws_agent_status_decode(struct icws_bytes encoding,
                                         struct icws_agent_status *status)
{
  struct icws_agent_status decoded = {0};
  struct icws_cbor_field fields[] = {
      {.name = "root_key", .type = ICWS_CBOR_BYTES},
      {.name = "replica_health_status", .type = ICWS_CBOR_TEXT},
      {.name = "impl_version", .type = ICWS_CBOR_TEXT},
      {.name = "certified_height", .type = ICWS_CBOR_UINT},
  };
  if (icws_cbor_decode_fields(encoding, "status", fields, 4, NULL) != ICWS_OK)
    return ICWS_ERR_CBOR;
  if (fields[0].present)
    decoded.root_key = fields[0].value.bytes;
  if (fields[1].present)
    decoded.health = fields[1].value.bytes;
  if (fields[2].present)
    decoded.implementation = fields[2].value.bytes;
  if (fields[3].present)
    decoded.certified_height = fields[3].value.uint;
  *status = decoded;
  return ICWS_OK;
}

/* --- The root key ----------------------------------------------------------------------------- */

enum icws_error icws_agent_trust(struct icws_agent *agent, struct icws_bytes root_key,
                                 struct icws_failure *failure)
{
  const struct icws_verifier_config config = {
      .root_key = root_key,
      .max_certificate_bytes = agent->config.max_answer_bytes,
      .max_tree_nodes = agent->config.max_tree_nodes,
  };
  enum icws_error error;
  if (root_key.len != sizeof agent->root_key) /* an empty one would mean mainnet's */
    return icws_fail(failure, ICWS_ERR_ROOT_KEY, "the root key has %zu bytes, not %zu",
                     root_key.len, sizeof agent->root_key);
  error = icws_verifier_new(&config, &agent->verifier, failure);
  if (error == ICWS_OK)
    memcpy(agent->root_key, root_key.data, sizeof agent->root_key);
  return error;
}

static void root_key_fetched(struct icws_agent *agent, const struct icws_agent_answer *answer,
                             void *user_data)
{
  struct icws_agent_status status = {0};
  struct icws_failure failure;
  enum icws_error error;
  (void)user_data;
  agent->root_key_fetch = NULL;
  if (answer->outcome == ICWS_AGENT_FAILED)
    error = icws_fail(&failure, answer->failure->code, "no root key: %s", answer->failure->text);
  else if (icws_agent_status_decode(answer->reply, &status) != ICWS_OK)
    error = icws_fail(&failure, ICWS_ERR_CBOR, "no root key: the status cannot be read");
  else
    error = icws_agent_trust(agent, status.root_key, &failure);
  icws_agent_wake(agent, ICWS_WAIT_ROOT_KEY, NULL, error == ICWS_OK ? NULL : &failure);
}

void icws_agent_fetch_root_key(struct icws_agent *agent)
{
  struct icws_failure failure;
  if (agent->root_key_fetch != NULL)
    return;
  agent->root_key_fetch = icws_agent_request_new(agent, &status_kind, root_key_fetched, NULL);
  if (agent->root_key_fetch != NULL) {
    icws_agent_submit_internal(agent->root_key_fetch);
    return;
  }
  (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
  icws_agent_wake(agent, ICWS_WAIT_ROOT_KEY, NULL, &failure);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

static void forget(struct icws_agent_node_keys *entry)
{
  icws_node_keys_wipe(&entry->keys);
  entry->canister.len = 0;
}

/* The entry of |canister|; else one that is free, or else the one that was not used for the longest
 * time.  NULL if all are being fetched. */
static struct icws_agent_node_keys *find_entry(struct icws_agent *agent,
                                               const struct icws_principal *canister)
{
  struct icws_agent_node_keys *oldest = NULL;
  size_t i;
  for (i = 0; i < ICWS_AGENT_SUBNETS_MAX; i++) {
    struct icws_agent_node_keys *entry = &agent->node_keys[i];
    if (icws_principal_equal(&entry->canister, canister))
      return entry;
    if (entry->fetch == NULL && (oldest == NULL || entry->used < oldest->used))
      oldest = entry;
  }
  if (oldest == NULL)
    return NULL;
  forget(oldest);
  oldest->canister = *canister;
  return oldest;
}

/* The certificate that came is one that the verifier knows: it is not verified again. */
static enum icws_error read_keys(struct icws_agent *agent, struct icws_agent_node_keys *entry,
                                 const struct icws_agent_answer *answer,
                                 struct icws_failure *failure)
{
  const struct icws_certificate *certificate;
  enum icws_error error;
  if (answer->outcome == ICWS_AGENT_FAILED)
    return icws_fail(failure, answer->failure->code, "no node keys: %s", answer->failure->text);
  error = icws_verifier_certificate(agent->verifier, &entry->canister, answer->certificate,
                                    &certificate, failure);
  if (error == ICWS_OK)
    error = icws_node_keys_read(&entry->keys, certificate, &entry->canister, failure);
  entry->time_ns = answer->time_ns;
  return error;
}

static void fetched(struct icws_agent *agent, const struct icws_agent_answer *answer,
                    void *user_data)
{
  struct icws_agent_node_keys *entry = user_data;
  struct icws_principal canister = entry->canister;
  struct icws_failure failure;
  enum icws_error error = read_keys(agent, entry, answer, &failure);
  entry->fetch = NULL;
  if (error != ICWS_OK)
    forget(entry);
  icws_agent_wake(agent, ICWS_WAIT_NODE_KEYS, &canister, error == ICWS_OK ? NULL : &failure);
}

static void fetch(struct icws_agent *agent, struct icws_agent_node_keys *entry)
{
  const struct icws_bytes subnet = icws_bytes_text("subnet");
  struct icws_principal canister = entry->canister;
  struct icws_failure failure;
  icws_node_keys_wipe(&entry->keys);
  entry->begun_ns = uv_hrtime();
  entry->fetch =
      icws_agent_read_state_new(agent, &entry->canister, false, &subnet, 1, fetched, entry);
  if (entry->fetch != NULL) {
    entry->fetch->anonymous = true;
    icws_agent_submit_internal(entry->fetch);
    return;
  }
  forget(entry);
  (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
  icws_agent_wake(agent, ICWS_WAIT_NODE_KEYS, &canister, &failure);
}

const struct icws_node_keys *icws_agent_find_node_keys(struct icws_agent_request *request,
                                                       uint64_t since_ns)
{
  struct icws_agent *agent = request->agent;
  struct icws_agent_node_keys *entry = find_entry(agent, &request->target);
  if (entry == NULL || entry->fetch != NULL)
    return NULL;
  entry->used = ++agent->node_keys_used;
  if (entry->keys.count > 0 && entry->begun_ns >= since_ns &&
      icws_verifier_age(agent->verifier, entry->time_ns, icws_agent_now_ns(agent), NULL) == ICWS_OK)
    return &entry->keys;
  fetch(agent, entry);
  return NULL;
}

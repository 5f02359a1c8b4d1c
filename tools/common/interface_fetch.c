/* SPDX-License-Identifier: Apache-2.0 */
#include "common/interface_fetch.h"

#include "common/complain.h"
#include "common/monotonic.h"

#define SECTION "candid:service"
#define NOTICE_MS 1000 /* whoever waits for longer is told for what */

struct fetch {
  struct icws_interface *interface;
  enum icws_error error;
  struct icws_failure *failure;
};

static enum icws_error load(struct icws_interface *interface, struct icws_bytes text,
                            struct icws_failure *failure)
{
  if (text.len > ICWS_INTERFACE_MAX_BYTES)
    return icws_fail(failure, ICWS_ERR_LIMIT, "the canister's %s is too long (%zu bytes)", SECTION,
                     text.len);
  enum icws_error error = icws_interface_read(interface, text, failure);
  return error == ICWS_OK
             ? error
             : icws_fail(failure, error, "the canister's %s: %s", SECTION, failure->text);
}

/* A section that may not be read, by anonymous askers for example, is rejected. */
static void on_answer(struct icws_agent *agent, const struct icws_agent_answer *answer,
                      void *user_data)
{
  struct fetch *fetch = user_data;
  (void)agent;
  switch (answer->outcome) {
  case ICWS_AGENT_REPLIED:
    fetch->error = load(fetch->interface, answer->reply, fetch->failure);
    break;
  case ICWS_AGENT_REJECTED:
    fetch->error = icws_fail(fetch->failure, ICWS_ERR_ABSENT, "the network refuses it: %.*s",
                             (int)(answer->reject.text.len < 200 ? answer->reject.text.len : 200),
                             (const char *)answer->reject.text.data);
    break;
  case ICWS_AGENT_FAILED:
    fetch->error = answer->failure->code;
    if (fetch->error == ICWS_ERR_ABSENT)
      icws_fail(fetch->failure, fetch->error, "the canister publishes none as %s", SECTION);
    else
      icws_fail(fetch->failure, fetch->error, "%s", answer->failure->text);
    break;
  }
}

static int wait(struct icws_network *network, const char *program, uint64_t deadline_ms)
{
  uint64_t notice_ms = icws_monotonic_ms() + NOTICE_MS;
  if (program != NULL && notice_ms < deadline_ms) {
    int waited = icws_network_wait(network, notice_ms);
    if (waited >= 0)
      return waited;
    icws_complain(program, "waiting for %s to say the canister's interface; --candid FILE gives it",
                  network->url);
  }
  return icws_network_wait(network, deadline_ms);
}

enum icws_error icws_interface_fetch(struct icws_interface *interface, struct icws_network *network,
                                     const struct icws_principal *canister, const char *program,
                                     uint64_t deadline_ms, int *waited,
                                     struct icws_failure *failure)
{
  struct fetch fetch = {
      .interface = interface, .error = ICWS_ERR_INVALID_STATE, .failure = failure};
  struct icws_agent_request *request = NULL;
  *waited = 0;
  enum icws_error error =
      icws_agent_metadata(network->agent, canister, SECTION, on_answer, &fetch, &request);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "%s", icws_strerror(error));
  *waited = wait(network, program, deadline_ms);
  if (*waited == 0)
    return fetch.error;
  icws_agent_cancel(network->agent, request);
  return icws_fail(failure, ICWS_ERR_HTTP_TIMEOUT, "it did not come in time");
}

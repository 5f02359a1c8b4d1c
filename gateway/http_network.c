/* SPDX-License-Identifier: Apache-2.0 */
#include "http_network.h"

#include <stdlib.h>

struct icws_http_network {
  struct icws_network face;
  struct icws_http_network_config config;

  uv_poll_t poll;       /* the agent's descriptor */
  uv_timer_t timer;     /* the agent's deadline */
  uv_prepare_t prepare; /* sets |timer| before the loop waits */
  unsigned open_handles;

  bool called; /* the agent is to be driven at once */
  bool warned; /* that order cannot be promised */

  struct icws_network_request *unsubmitted; /* to be answered from the loop */
  enum icws_error unsubmitted_error;        /* why; of the last one */
};

/* --- Answers ---------------------------------------------------------------------------------- */

static void warn_of_order(struct icws_http_network *network)
{
  const struct icws_http_network_config *config = &network->config;

  if (network->warned || !config->log)
    return;
  network->warned = true;
  config->log(config->log_user_data,
              &(struct icws_gateway_log_entry){
                  .level = ICWS_GATEWAY_LOG_WARN,
                  .event = "order_not_promised",
                  .text =
                      "the network has no synchronous calls (only /api/v2): it does not tell when "
                      "a message is processed, and the order of a client's messages cannot be "
                      "promised",
              });
}

static struct icws_network_answer answer_to_failure(struct icws_http_network *network,
                                                    const struct icws_agent_answer *answer)
{
  struct icws_network_answer out = {
      .outcome = ICWS_NETWORK_UNKNOWN,
      .text = icws_bytes_text(answer->failure->text),
  };

  if (answer->failure->code == ICWS_ERR_UNSUPPORTED) {
    warn_of_order(network);
    out.outcome = ICWS_NETWORK_TAKEN;
  } else if (!answer->may_be_processed) {
    out.outcome = ICWS_NETWORK_REJECTED;
  }
  return out;
}

static struct icws_network_answer answer_to(struct icws_http_network *network,
                                            const struct icws_agent_answer *answer)
{
  switch (answer->outcome) {
  case ICWS_AGENT_REPLIED:
    return (struct icws_network_answer){.outcome = ICWS_NETWORK_REPLIED, .reply = answer->reply};
  case ICWS_AGENT_REJECTED:
    return (struct icws_network_answer){
        .outcome = answer->reject.code == ICWS_REJECT_SYS_UNKNOWN ? ICWS_NETWORK_UNKNOWN
                                                                  : ICWS_NETWORK_REJECTED,
        .reject_code = answer->reject.code,
        .error_code = answer->reject.error_code,
        .text = answer->reject.text,
    };
  case ICWS_AGENT_FAILED:
    break;
  }
  return answer_to_failure(network, answer);
}

static void on_call_answered(struct icws_agent *agent, const struct icws_agent_answer *answer,
                             void *user_data)
{
  struct icws_network_request *request = user_data;
  const struct icws_network_answer out = answer_to(request->owner, answer);

  (void)agent;
  request->answered(request, &out);
}

/* A query that failed has no outcome, whatever the reason. */
static void on_query_answered(struct icws_agent *agent, const struct icws_agent_answer *answer,
                              void *user_data)
{
  struct icws_network_request *request = user_data;
  struct icws_network_answer out = answer_to(request->owner, answer);

  (void)agent;
  if (answer->outcome == ICWS_AGENT_FAILED)
    out.outcome = ICWS_NETWORK_UNKNOWN;
  request->answered(request, &out);
}

static void answer_unsubmitted(struct icws_http_network *network)
{
  while (network->unsubmitted) {
    struct icws_network_request *request = network->unsubmitted;

    network->unsubmitted = request->next;
    request->answered(request,
                      &(struct icws_network_answer){
                          .outcome = ICWS_NETWORK_REJECTED,
                          .text = icws_bytes_text(icws_strerror(network->unsubmitted_error)),
                      });
  }
}

/* --- Requests --------------------------------------------------------------------------------- */

/* What the agent does not take is answered from the loop. */
static void submit(struct icws_http_network *network, struct icws_network_request *request,
                   bool is_call)
{
  struct icws_agent_request *pending = NULL;
  const enum icws_error error =
      is_call ? icws_agent_relay_call(network->config.agent, &request->canister, request->envelope,
                                      on_call_answered, request, &pending)
              : icws_agent_relay_query(network->config.agent, &request->canister, request->envelope,
                                       on_query_answered, request, &pending);

  request->owner = network;
  request->pending = pending;
  network->called = true;
  if (error == ICWS_OK)
    return;
  request->next = network->unsubmitted;
  network->unsubmitted = request;
  network->unsubmitted_error = error;
}

static void submit_query(void *self, struct icws_network_request *request)
{
  submit(self, request, false);
}

static void submit_call(void *self, struct icws_network_request *request)
{
  submit(self, request, true);
}

static void cancel(void *self, struct icws_network_request *request)
{
  struct icws_http_network *network = self;
  struct icws_network_request **link = &network->unsubmitted;

  if (request->pending) {
    icws_agent_cancel(network->config.agent, request->pending);
    network->called = true;
    return;
  }
  while (*link != request)
    link = &(*link)->next;
  *link = request->next;
}

/* --- The loop --------------------------------------------------------------------------------- */

static void drive(struct icws_http_network *network)
{
  answer_unsubmitted(network);
  (void)icws_agent_process(network->config.agent);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
  (void)status;
  (void)events;
  drive(poll->data);
}

static void on_timer(uv_timer_t *timer)
{
  drive(timer->data);
}

static void on_prepare(uv_prepare_t *prepare)
{
  struct icws_http_network *network = prepare->data;
  const int timeout_ms = network->called ? 0 : icws_agent_timeout_ms(network->config.agent);

  network->called = false;
  uv_update_time(network->config.loop);
  if (timeout_ms < 0)
    (void)uv_timer_stop(&network->timer);
  else
    (void)uv_timer_start(&network->timer, on_timer, (uint64_t)timeout_ms, 0);
}

static void on_handle_closed(uv_handle_t *handle)
{
  struct icws_http_network *network = handle->data;

  network->open_handles--;
}

static void open_handle(struct icws_http_network *network, uv_handle_t *handle)
{
  handle->data = network;
  network->open_handles++;
}

enum icws_error icws_http_network_new(const struct icws_http_network_config *config,
                                      struct icws_http_network **network,
                                      struct icws_failure *failure)
{
  struct icws_http_network *new;

  if (!config->loop || !config->agent)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "a network needs a loop and an agent");
  new = calloc(1, sizeof *new);
  if (!new)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a network");
  new->config = *config;
  new->face = (struct icws_network){
      .self = new, .query = submit_query, .call = submit_call, .cancel = cancel};
  if (uv_poll_init(config->loop, &new->poll, icws_agent_fd(config->agent)) != 0) {
    free(new);
    return icws_fail(failure, ICWS_ERR_SYSTEM, "the loop cannot watch the agent");
  }
  open_handle(new, (uv_handle_t *)&new->poll);
  (void)uv_timer_init(config->loop, &new->timer); /* this and the rest cannot fail */
  open_handle(new, (uv_handle_t *)&new->timer);
  (void)uv_prepare_init(config->loop, &new->prepare);
  open_handle(new, (uv_handle_t *)&new->prepare);
  (void)uv_poll_start(&new->poll, UV_READABLE, on_readable);
  (void)uv_prepare_start(&new->prepare, on_prepare);
  *network = new;
  return ICWS_OK;
}

void icws_http_network_del(struct icws_http_network *network)
{
  if (!network)
    return;
  uv_close((uv_handle_t *)&network->poll, on_handle_closed);
  uv_close((uv_handle_t *)&network->timer, on_handle_closed);
  uv_close((uv_handle_t *)&network->prepare, on_handle_closed);
  while (network->open_handles > 0)
    (void)uv_run(network->config.loop, UV_RUN_ONCE);
  free(network);
}

struct icws_network *icws_http_network_face(struct icws_http_network *network)
{
  return &network->face;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "agent_impl.h"

#define NS_PER_S UINT64_C(1000000000)

static uint64_t wall_ns(const struct icws_agent *agent)
{
  return agent->config.wall_ns(agent->config.user_data);
}

uint64_t icws_agent_now_ns(const struct icws_agent *agent)
{
  return wall_ns(agent) + (uint64_t)agent->clock.skew_ns;
}

int64_t icws_agent_skew_ns(const struct icws_agent *agent)
{
  return agent->clock.skew_ns;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
  return a > b ? a - b : b - a;
}

void icws_agent_note_time(struct icws_agent *agent, uint64_t time_ns)
{
  struct icws_agent_clock *clock = &agent->clock;
  if (time_ns > clock->certified_ns) {
    clock->certified_ns = time_ns;
    clock->seen_ns = uv_hrtime();
  }
  if (distance(time_ns, icws_agent_now_ns(agent)) <= ICWS_AGENT_CLOCK_TOLERANCE_NS)
    clock->checked = true;
}

/*
 * Takes over the network's time.  A certificate is never ahead of the network, but one that is
 * replayed is behind it: so time never goes back behind what has been seen, and not far behind the
 * machine's clock either.
 */
static enum icws_error adopt(struct icws_agent *agent, uint64_t time_ns,
                             struct icws_failure *failure)
{
  struct icws_agent_clock *clock = &agent->clock;
  uint64_t least = clock->certified_ns + (uv_hrtime() - clock->seen_ns);
  uint64_t machine = wall_ns(agent);
  uint64_t network = time_ns > least ? time_ns : least;
  if (machine > network && machine - network > ICWS_AGENT_MAX_CLOCK_LEAD_NS)
    return icws_fail(failure, ICWS_ERR_EXPIRY,
                     "this machine's clock is %llu s ahead of the network's, if that is right: set "
                     "the clock",
                     (unsigned long long)((machine - network) / NS_PER_S));
  clock->skew_ns = distance(machine, network) <= ICWS_AGENT_CLOCK_TOLERANCE_NS
                       ? 0
                       : (int64_t)(network - machine);
  clock->checked = true;
  return ICWS_OK;
}

static void measured(struct icws_agent *agent, const struct icws_agent_answer *answer,
                     void *user_data)
{
  struct icws_failure failure;
  enum icws_error error = ICWS_OK;
  (void)user_data;
  agent->clock.measuring = NULL;
  if (answer->outcome == ICWS_AGENT_FAILED)
    error =
        icws_fail(&failure, answer->failure->code, "no certified time: %s", answer->failure->text);
  else
    error = adopt(agent, answer->time_ns, &failure);
  icws_agent_wake(agent, ICWS_WAIT_CLOCK, NULL, error == ICWS_OK ? NULL : &failure);
}

void icws_agent_measure_clock(struct icws_agent_request *request)
{
  const struct icws_bytes time = icws_bytes_text("time");
  struct icws_agent *agent = request->agent;
  struct icws_agent_request *measuring;
  struct icws_failure failure;
  if (agent->clock.measuring != NULL)
    return;
  measuring = icws_agent_read_state_new(agent, &request->target, request->of_subnet, &time, 1,
                                        measured, NULL);
  if (measuring == NULL) {
    (void)icws_fail(&failure, ICWS_ERR_NOMEM, "out of memory");
    icws_agent_wake(agent, ICWS_WAIT_CLOCK, NULL, &failure);
    return;
  }
  measuring->anonymous = true; /* so that its own expiry does not matter */
  measuring->measures_clock = true;
  agent->clock.measuring = measuring;
  icws_agent_submit_internal(measuring);
}

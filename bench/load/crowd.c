/* SPDX-License-Identifier: Apache-2.0 */
#include "crowd.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <icws/identity.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)
#define ARRIVALS_EVERY_MS 10
#define SWEEP_EVERY_MS 200

/* --- What happens when ------------------------------------------------------------------------ */

static void look_at_process(struct load_crowd *crowd, enum load_moment moment)
{
  if (crowd->plan->pid != 0)
    (void)load_process_read(crowd->plan->pid, &crowd->process[moment]); /* zeros if it is gone */
}

/* Does |act| to each client that is in |state|. */
static void for_each_in(struct load_crowd *crowd, enum load_client_state state,
                        void (*act)(struct load_client *client))
{
  for (size_t i = 0; i < crowd->started; i++) {
    if (crowd->clients[i].state == state)
      act(&crowd->clients[i]);
  }
}

static void stay_over(uv_timer_t *timer)
{
  struct load_crowd *crowd = timer->data;
  look_at_process(crowd, LOAD_ALL_OPEN);
  for_each_in(crowd, LOAD_CLIENT_READY, load_client_finish);
}

static void all_are_ready(struct load_crowd *crowd)
{
  look_at_process(crowd, LOAD_ALL_OPEN);
  if (crowd->plan->idle)
    uv_timer_start(&crowd->stay, stay_over, crowd->plan->idle_ms, 0);
  else if (crowd->plan->together)
    for_each_in(crowd, LOAD_CLIENT_READY, load_client_ping);
}

static void all_have_ended(struct load_crowd *crowd)
{
  crowd->end_ns = load_monotonic_ns();
  look_at_process(crowd, LOAD_AFTER);
  uv_stop(&crowd->loop);
}

static void note_ready(struct load_crowd *crowd, struct load_client *client)
{
  const struct load_plan *plan = crowd->plan;
  if (!client->was_ready) {
    client->was_ready = true;
    if (++crowd->ready == plan->clients)
      all_are_ready(crowd);
  }
  if (client->state == LOAD_CLIENT_READY && !plan->together && !plan->idle)
    load_client_ping(client);
}

static void note_done(struct load_crowd *crowd, struct load_client *client)
{
  if (!client->was_done) {
    client->was_done = true;
    if (++crowd->done == crowd->plan->clients && crowd->plan->together)
      for_each_in(crowd, LOAD_CLIENT_DONE, load_client_finish);
  }
  if (client->state == LOAD_CLIENT_DONE && !crowd->plan->together)
    load_client_finish(client);
}

static void changed(void *user_data, struct load_client *client)
{
  struct load_crowd *crowd = user_data;
  bool ended = client->state == LOAD_CLIENT_ENDED;
  if (ended) {
    crowd->ended++;
    crowd->failed += client->failure.code != ICWS_OK;
  }
  if (ended || client->state == LOAD_CLIENT_READY)
    note_ready(crowd, client);
  if (ended || client->state == LOAD_CLIENT_DONE)
    note_done(crowd, client);
  if (ended && crowd->ended == crowd->plan->clients)
    all_have_ended(crowd);
}

/* --- Timers ----------------------------------------------------------------------------------- */

static void arrive(uv_timer_t *timer)
{
  struct load_crowd *crowd = timer->data;
  const struct load_plan *plan = crowd->plan;
  uint64_t passed_ms = (load_monotonic_ns() - crowd->start_ns) / NS_PER_MS;
  uint64_t due = 1 + passed_ms * plan->per_second / 1000;
  while (crowd->started < plan->clients && crowd->started < due)
    load_client_start(&crowd->clients[crowd->started++]);
  if (crowd->started == plan->clients)
    uv_timer_stop(&crowd->arrivals);
}

static void sweep(uv_timer_t *timer)
{
  struct load_crowd *crowd = timer->data;
  for (size_t i = 0; i < crowd->started; i++)
    load_client_tick(&crowd->clients[i]);
}

/* --- Making ----------------------------------------------------------------------------------- */

static enum icws_error make_histograms(struct load_world *world, const struct load_plan *plan,
                                       struct icws_failure *failure)
{
  size_t pongs = plan->clients * plan->pings;
  if (load_histogram_init(&world->open_latency, "open_connection_latency_s", NS_PER_S,
                          plan->clients) &&
      load_histogram_init(&world->receive_latency, "receive_message_latency_ms", NS_PER_MS,
                          pongs + plan->clients) &&
      load_histogram_init(&world->round_trip, "ping_pong_latency_ms", NS_PER_MS, pongs))
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
}

static enum icws_error make_world(struct load_crowd *crowd, struct icws_failure *failure)
{
  const struct load_plan *plan = crowd->plan;
  const struct icws_verifier_config verifier = {.root_key = plan->root_key};
  struct load_world *world = &crowd->world;
  world->canister = plan->canister;
  world->pings = plan->pings;
  world->timeout_ns = plan->timeout_ms * NS_PER_MS;
  world->changed = changed;
  world->user_data = crowd;
  enum icws_error error = make_histograms(world, plan, failure);
  if (error == ICWS_OK)
    error = icws_verifier_new(&verifier, &world->verifier, failure);
  if (error == ICWS_OK)
    error = load_sockets_new(&crowd->loop, plan->gateway_url, &load_client_socket_handler,
                             &world->sockets, failure);
  return error;
}

static enum icws_error make_clients(struct load_crowd *crowd, struct icws_failure *failure)
{
  crowd->clients = calloc(crowd->plan->clients, sizeof *crowd->clients);
  if (crowd->clients == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  for (size_t i = 0; i < crowd->plan->clients; i++) {
    crowd->clients[i].world = &crowd->world;
    crowd->clients[i].number = (unsigned long)i + 1;
    crowd->clients[i].deadline_ns = ICWS_NEVER;
  }
  return ICWS_OK;
}

static void start_timer(struct load_crowd *crowd, uv_timer_t *timer)
{
  uv_timer_init(&crowd->loop, timer); /* cannot fail */
  timer->data = crowd;
}

static void run(struct load_crowd *crowd)
{
  start_timer(crowd, &crowd->arrivals);
  start_timer(crowd, &crowd->sweep);
  start_timer(crowd, &crowd->stay);
  look_at_process(crowd, LOAD_BEFORE);
  crowd->start_ns = load_monotonic_ns();
  uv_timer_start(&crowd->arrivals, arrive, 0, ARRIVALS_EVERY_MS);
  uv_timer_start(&crowd->sweep, sweep, SWEEP_EVERY_MS, SWEEP_EVERY_MS);
  uv_run(&crowd->loop, UV_RUN_DEFAULT); /* until uv_stop */
  uv_close((uv_handle_t *)&crowd->arrivals, NULL);
  uv_close((uv_handle_t *)&crowd->sweep, NULL);
  uv_close((uv_handle_t *)&crowd->stay, NULL);
}

enum icws_error load_crowd_run(struct load_crowd *crowd, const struct load_plan *plan,
                               struct icws_failure *failure)
{
  *crowd = (struct load_crowd){.plan = plan};
  if (uv_loop_init(&crowd->loop) != 0)
    return icws_fail(failure, ICWS_ERR_SYSTEM, "cannot make a loop");
  crowd->loop_open = true;
  enum icws_error error = make_world(crowd, failure);
  if (error == ICWS_OK)
    error = make_clients(crowd, failure);
  if (error == ICWS_OK)
    run(crowd);
  return error;
}

void load_crowd_wipe(struct load_crowd *crowd)
{
  for (size_t i = 0; crowd->clients != NULL && i < crowd->plan->clients; i++)
    load_client_wipe(&crowd->clients[i]);
  load_sockets_del(crowd->world.sockets);
  if (crowd->loop_open) {
    uv_run(&crowd->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&crowd->loop);
  }
  icws_verifier_del(crowd->world.verifier);
  load_histogram_wipe(&crowd->world.open_latency);
  load_histogram_wipe(&crowd->world.receive_latency);
  load_histogram_wipe(&crowd->world.round_trip);
  free(crowd->clients);
}

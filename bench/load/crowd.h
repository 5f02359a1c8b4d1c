/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_CROWD_H
#define ICWS_BENCH_LOAD_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/error.h>
#include <icws/principal.h>
#include <icws/verifier.h>
#include <uv.h>

#include "client.h"
#include "process.h"

/* How the clients come and what they do. */
struct load_plan {
  const char *gateway_url;
  struct icws_principal canister;
  struct icws_bytes root_key; /* DER; empty: mainnet's */
  uint64_t clients;
  uint64_t per_second; /* arrivals */
  uint64_t pings;
  bool together; /* none pings before all are open, none closes before all have their pongs */
  bool idle;     /* no pings: when all are open they stay |idle_ms|, and close */
  uint64_t idle_ms;
  uint64_t timeout_ms;
  uint64_t pid; /* a process to look at; 0: none */
};

enum load_moment { LOAD_BEFORE, LOAD_ALL_OPEN, LOAD_AFTER, LOAD_MOMENTS };

/* All the clients, from the first to arrive to the last to go. */
struct load_crowd {
  const struct load_plan *plan;
  uv_loop_t loop;
  bool loop_open;
  uv_timer_t arrivals;
  uv_timer_t sweep;
  uv_timer_t stay;
  struct load_world world;
  struct load_client *clients;
  size_t started;
  size_t ready; /* have been READY, or failed before */
  size_t done;  /* have been DONE, or failed before */
  size_t ended;
  size_t failed;
  uint64_t start_ns;
  uint64_t end_ns;
  struct load_process process[LOAD_MOMENTS]; /* if the plan has a |pid| */
};

/* load_crowd_run does all of |plan|, which outlives |crowd|, and returns when every client has
 * ended, well or not: ICWS_OK then, else why it could not begin.  load_crowd_wipe is due in either
 * case. */
ICWS_NODISCARD enum icws_error load_crowd_run(struct load_crowd *crowd,
                                              const struct load_plan *plan,
                                              struct icws_failure *failure);
void load_crowd_wipe(struct load_crowd *crowd);

#endif

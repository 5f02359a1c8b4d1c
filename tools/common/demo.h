/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_DEMO_H
#define ICWS_TOOLS_DEMO_H

#include <stdint.h>
#include <sys/types.h>

#include <icws/error.h>

/* A local network of one's own: icws-devnet as a child, which ends when its standard input does. */
struct icws_demo {
  pid_t child; /* 0: none */
  int input;   /* what keeps it running; -1: none */
  char *gateway_url;
  char *network_url;
  char *root_key; /* hex */
  char *canister; /* text */
};

/*
 * icws_demo_start runs the icws-devnet beside this program's own file, or else the one in PATH, and
 * waits until it is ready.  |canister| is the name of the canister wanted; |ack_interval_ms| is
 * that of its canisters (0: icws-devnet's own).  Returns ICWS_OK, or ICWS_ERR_SYSTEM with a
 * sentence in |failure|; icws_demo_stop is due in either case.  icws_demo_stop ends the child and
 * waits for it.
 */
void icws_demo_init(struct icws_demo *demo);
ICWS_NODISCARD enum icws_error icws_demo_start(struct icws_demo *demo, const char *canister,
                                               uint64_t ack_interval_ms,
                                               struct icws_failure *failure);
void icws_demo_stop(struct icws_demo *demo);

#endif

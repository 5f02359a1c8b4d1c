/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_NETWORK_H
#define ICWS_TOOLS_NETWORK_H

#include <stdint.h>

#include <icws/agent.h>

#include "common/options.h"
#include "common/root_key_option.h"

/* What the programs that ask a network have in common: which one, how it is reached, whom to trust,
 * and who asks. */
struct icws_network_settings {
  const char *network;
  const char *ca_file;
  const char *proxy;
  uint64_t connect_timeout_ms;
  uint64_t timeout_ms; /* of a whole command */
  const char *root_key;
  const char *identity;
};

#define ICWS_NETWORK_OPTIONS 5
#define ICWS_NETWORK_TRUST_OPTIONS 2

/* The tables of the options that fill it: the way to a network, and what proofs need. */
extern const struct icws_option icws_network_options[ICWS_NETWORK_OPTIONS];
extern const struct icws_option icws_network_trust_options[ICWS_NETWORK_TRUST_OPTIONS];

/* A network that can be asked. */
struct icws_network {
  const char *url; /* borrowed from the settings, or static */
  struct icws_root_key_option root_key;
  struct icws_identity *identity; /* NULL: anonymous */
  struct icws_agent *agent;
};

/*
 * icws_network_open makes the agent that |settings| say; no network in them is mainnet.  It asks
 * for the passphrase of an encrypted key, and nothing else of anybody.  Returns ICWS_OK, or with a
 * sentence in |failure| an error of icws_root_key_option_parse, icws_keys_load or icws_agent_new, or
 * ICWS_ERR_INVALID_ARGUMENT for options that do not go together; icws_network_close is due in either
 * case.
 */
ICWS_NODISCARD enum icws_error icws_network_open(struct icws_network *network,
                                                 const struct icws_network_settings *settings,
                                                 struct icws_failure *failure);
void icws_network_close(struct icws_network *network);

/* icws_network_wait waits until all requests are answered, and returns 0; until |deadline_ms| on the
 * monotonic clock (common/monotonic.h), and returns -1; or until a signal came that ends the
 * program, and returns its number. */
int icws_network_wait(struct icws_network *network, uint64_t deadline_ms);

#endif

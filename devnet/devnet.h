/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_DEVNET_H
#define ICWS_DEVNET_DEVNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/principal.h>

#include "gateway/gateway.h"

/*
 * A local network: a replica with the built-in canisters, its HTTP API, and a gateway in front of
 * it, on a loop that the program owns and runs.  For development and tests only: it is one machine,
 * and nobody has to agree with it.
 */
struct icws_devnet;

#define ICWS_DEVNET_SEED_BYTES 32

/* As many descriptors a program with a local network needs: mostly its gateway's clients.  With
 * fewer permitted to the process, fewer clients can connect. */
#define ICWS_DEVNET_DESCRIPTORS 8192

/* Zero in a member means its default, which is stated beside it. */
struct icws_devnet_config {
  uv_loop_t *loop;        /* must be given; outlives the network */
  const char *address;    /* a numeric address to listen on; "127.0.0.1" */
  uint16_t gateway_port;  /* any free one */
  uint16_t network_port;  /* any free one, of the same address: for the HTTP API */
  bool gateway_over_http; /* the gateway reaches the replica as it would a real network; else
                                    in the process */
  const struct icws_principal *canisters; /* the ids of all, or of length 0; the next free ones */
  uint32_t round_ms;                      /* 100: from one round to the next */
  uint32_t ack_interval_ms;               /* 300000: between the acknowledgements of canisters */
  uint32_t keep_alive_window_ms; /* a fifth of the interval, at most 60000: for the answer to one;
                                    less than the interval */
  uint32_t ticker_interval_ms;   /* 1000: between the ticker's messages */
  const uint8_t *seed; /* ICWS_DEVNET_SEED_BYTES that all keys are derived from, copied; random */
  icws_gateway_log_fn *log; /* NULL: silent */
  void *log_user_data;
};

enum icws_devnet_canister {
  ICWS_DEVNET_CHAT,
  ICWS_DEVNET_PINGPONG,
  ICWS_DEVNET_TICKER,
  ICWS_DEVNET_ECHO,
  ICWS_DEVNET_CANISTERS, /* how many there are */
};

/*
 * icws_devnet_new starts a local network: when it returns, HTTP API and gateway listen and the
 * canisters are certified.  Returns ICWS_OK, ICWS_ERR_INVALID_ARGUMENT (no loop, an address that is
 * not numeric, a keep-alive window that is not less than the ack interval), ICWS_ERR_SYSTEM (the
 * address cannot be listened on), ICWS_ERR_RANDOM or ICWS_ERR_NOMEM.  Like icws_devnet_del it may
 * run the loop after a failure.
 *
 * icws_devnet_del stops at once and frees.  It runs the loop until its handles are closed, so that
 * it must not be called from within one of the loop's callbacks.  NULL is ignored.
 */
ICWS_NODISCARD enum icws_error icws_devnet_new(const struct icws_devnet_config *config,
                                               struct icws_devnet **devnet,
                                               struct icws_failure *failure);
void icws_devnet_del(struct icws_devnet *devnet);

/* icws_devnet_drain ends the network's work in good order, as icws_gateway_drain does; the rounds
 * go on meanwhile. */
void icws_devnet_drain(struct icws_devnet *devnet, uint32_t timeout_ms,
                       void (*drained)(void *user_data, size_t unsettled), void *user_data);

/* What clients need to know.  Text and bytes live as long as the network. */
const char *icws_devnet_gateway_url(const struct icws_devnet *devnet);
const char *icws_devnet_network_url(const struct icws_devnet *devnet); /* of the HTTP API */
struct icws_bytes icws_devnet_root_key(const struct icws_devnet *devnet);
struct icws_principal icws_devnet_canister_id(const struct icws_devnet *devnet,
                                              enum icws_devnet_canister canister);

/* icws_devnet_canister_name returns "chat", "pingpong", "ticker" or "echo". */
const char *icws_devnet_canister_name(enum icws_devnet_canister canister);

/* icws_devnet_canister_interface returns the canister's Candid interface, the text of a .did file. */
const char *icws_devnet_canister_interface(enum icws_devnet_canister canister);

#endif

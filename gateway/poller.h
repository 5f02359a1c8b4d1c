/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_POLLER_H
#define ICWS_GATEWAY_POLLER_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/message.h>
#include <icws/verifier.h>

#include "context.h"

/*
 * Fetches one canister's messages for this gateway, for as long as the canister has clients here:
 * polls with ws_get_messages, one at a time, and hands on each message once and in order.
 *
 * A poll that fails is repeated, with growing pauses of random length, and ends no session.  So is
 * an answer whose nonces are not consecutive; but when such answers do not cease the missing
 * messages are lost, and the poller goes on with what there is.  The clients that miss something
 * notice by the sequence numbers.
 *
 * A canister that loses its state, as by an upgrade, numbers its messages from 0 again, below those
 * that are asked for: nothing comes any more, or only what is beyond.  So when a client's first
 * message is overdue (poller_look_back) or is not its first, a poll asks for all that the canister
 * keeps.
 */
struct poller {
  struct gateway_context *context;
  struct icws_principal canister;
  const struct poller_hooks *hooks;
  void *user_data;

  bool stopped;
  bool polling;         /* a request is under way */
  bool anywhere;        /* the next answer may start with any nonce */
  uint64_t nonce;       /* the next one expected */
  uint64_t timestamp;   /* of the last message handed on; 0: unknown */
  bool look_back;       /* the next poll is to look back */
  bool looking_back;    /* the poll that is under way does */
  bool looked_back;     /* before the next messages are handed on */
  uint64_t started_ns;  /* monotonic: the poll that is under way, or the last one */
  uint64_t deadline_ns; /* monotonic: poller_tick is due */
  unsigned failures;    /* in a row */
  unsigned gaps;        /* in a row */

  struct icws_buf envelope;
  struct icws_network_request request;
};

struct poller_hooks {
  /* A message, with what certifies it; all is borrowed.  The poller may be stopped from here. */
  void (*deliver)(void *user_data, const struct icws_client_key *client,
                  const struct icws_certified *message);
  /* The network says that the canister runs no more; told at each poll for which it says so.  Polling
   * goes on all the same. */
  void (*stopped)(void *user_data);
  /* Whether |client| still awaits its first message. */
  bool (*awaits)(void *user_data, const struct icws_client_key *client);
  /* The canister has begun anew and knows none of the clients that had got messages before.
   * Deliveries to others follow. */
  void (*restarted)(void *user_data);
  /* |deadline_ns| has changed. */
  void (*rescheduled)(void *user_data);
};

/* Makes a poller that has yet to start: its deadline is now. */
void poller_init(struct poller *poller, struct gateway_context *context,
                 const struct icws_principal *canister, const struct poller_hooks *hooks,
                 void *user_data);

/* Cancels the poll that is under way and makes no other.  The poller may be on the stack above:
 * it is wiped later. */
void poller_stop(struct poller *poller);

/* Stops and frees. */
void poller_wipe(struct poller *poller);

/* The next poll asks for all messages that the canister keeps, and hands on none of them, unless the
 * first is numbered below the last that was handed on and later than it: then the canister has begun
 * anew, and so does the poller. */
void poller_look_back(struct poller *poller);

/* Starts the next poll, or gives up the one under way, if that is due. */
void poller_tick(struct poller *poller);

#endif

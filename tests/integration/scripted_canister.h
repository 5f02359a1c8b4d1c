/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_SCRIPTED_CANISTER_H
#define ICWS_TESTS_SCRIPTED_CANISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/icws.h>

#include "certificate_maker.h"
#include "scripted_gateway.h"

/*
 * What a gateway relays for a canister that accepts every client and sends each message back,
 * certified under a root key of its own.  Its functions are for scripts of a scripted gateway;
 * the counts are for the test, once the gateway has stopped.
 */
struct scripted_canister {
  struct icws_principal id;
  struct icws_principal gateway;
  struct maker_key root;
  size_t fragment; /* bytes in a frame of what the gateway sends; 0: all in one */
  bool ping;       /* a ping between the fragments of each message */

  struct icws_client_key client;
  uint64_t sequence_num; /* of the last message sent */
  uint64_t nonce;        /* of the next */

  unsigned opens;
  unsigned messages; /* application messages that came, each with the right number */
  unsigned pongs;
  unsigned faults;     /* whatever no client may send: text, ping, fragments, bad envelopes */
  unsigned close_code; /* 0: the connection ended without a close frame */
};

void scripted_canister_init(struct scripted_canister *canister);

/* Sends the handshake, takes ws_open, sends OpenMessage; false if the client did otherwise. */
bool scripted_canister_open(struct scripted_canister *canister,
                            struct scripted_connection *connection);

/* Takes one message and sends it back; false once the client has closed. */
bool scripted_canister_answer(struct scripted_canister *canister,
                              struct scripted_connection *connection);

/* A scripted_gateway_fn: all of it, for the canister that |user_data| is. */
void scripted_canister_serve(struct scripted_connection *connection, void *user_data);

#endif

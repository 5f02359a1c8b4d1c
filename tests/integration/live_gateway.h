/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_LIVE_GATEWAY_H
#define ICWS_TESTS_LIVE_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "gateway/gateway.h"
#include "gateway_fixture.h"
#include "raw_websocket.h"

/* The real gateway on a real socket, between raw clients and a scripted network. */

#define LIVE_MAX_MESSAGE_BYTES 20000
#define LIVE_MAX_OUTPUT_BYTES 300000

struct live {
  uv_loop_t loop;
  struct fake_network fake;
  struct icws_identity *identity;
  struct icws_identity *client;
  struct icws_identity *other;
  struct icws_principal principal;
  struct icws_principal canister;
  struct icws_gateway *gateway;
  bool answers_calls;      /* pump replies Ok to calls ... */
  bool answers_polls;      /* ... and with no messages to polls */
  bool fail_polls;         /* ... or that the network is away */
  uint64_t pump_passes_ms; /* on the clocks that stand still otherwise */
  size_t sent_bytes;       /* payloads of sessions' frames */
  bool drained;
  size_t unsettled;
  char log[4096];
};

/* Fixtures of cmocka: with a gateway that is configured so, and without one. */
int live_set_up_gateway(void **state);
int live_set_up(void **state);
int live_tear_down(void **state);

struct icws_gateway_config live_configuration(struct live *f);
void live_start(struct live *f, const struct icws_gateway_config *config);

/* Lets the gateway work for a moment; |user_data| is a struct live.  Or until |condition|, and fails
 * the test if it does not come. */
void live_pump(void *user_data);
void live_until(struct live *f, bool (*condition)(struct live *f));

/* What a client does: connects and gets the handshake, sends. */
void live_connect(struct live *f, struct raw_websocket *raw);
void live_send_open(struct live *f, struct raw_websocket *raw, const struct icws_identity *identity,
                    uint64_t nonce);
void live_send_message(struct live *f, struct raw_websocket *raw, uint64_t nonce,
                       uint64_t sequence_num);
struct icws_client_key live_client_key(const struct icws_identity *identity, uint64_t nonce);

/* How often the network was asked for |method|, and conditions for live_until. */
size_t live_count_requests(struct live *f, const char *method);
bool live_one_open_came(struct live *f);
bool live_one_close_came(struct live *f);
bool live_all_is_received(struct live *f);
bool live_nobody_is_here(struct live *f);
bool live_a_poll_is_pending(struct live *f);

/* Answers the next poll with |count| messages, nonces from |first| on; from then on the test answers
 * polls. */
void live_give_messages(struct live *f, const struct icws_client_key *key, uint64_t first,
                        size_t count);

/* Receives the handshake. */
void live_assert_handshake(struct live *f, struct raw_websocket *raw);

/* Receives a certified message with that nonce. */
void live_assert_message(struct live *f, struct raw_websocket *raw, uint64_t nonce);

/* Somebody new is served: the gateway has come to no harm. */
void live_assert_serves(struct live *f);

#endif

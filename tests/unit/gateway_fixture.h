/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_GATEWAY_FIXTURE_H
#define ICWS_TESTS_GATEWAY_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/envelope.h>
#include <icws/identity.h>
#include <icws/message.h>

#include "gateway/gateway.h"
#include "gateway/network.h"

/*
 * For tests of the gateway: a network whose answers are scripted, clocks that stand still, and what
 * clients and canisters send.
 */

#define FAKE_MAX_REQUESTS 4096

enum fake_state { FAKE_PENDING, FAKE_ANSWERED, FAKE_CANCELLED };

/* A request as it was submitted. */
struct fake_request {
  struct icws_network_request *request;
  enum fake_state state;
  bool is_query;
  struct icws_buf bytes;         /* a copy of the envelope */
  struct icws_envelope envelope; /* decoded from it */
};

/* A network that keeps what is submitted, in order, until the test answers. */
struct fake_network {
  struct icws_network network;
  struct fake_request requests[FAKE_MAX_REQUESTS];
  size_t count;
  void (*submitted)(void *user_data, size_t index); /* may be NULL */
  void *user_data;
};

void fake_network_init(struct fake_network *fake);
void fake_network_wipe(struct fake_network *fake);

/* The request of that index; fails the test if there is none. */
struct fake_request *fake_network_at(struct fake_network *fake, size_t index);

/* The method that it names. */
const char *fake_network_method(struct fake_network *fake, size_t index);

/* The last request of |method|, or NULL; and how many there are of it that are pending. */
struct fake_request *fake_network_last(struct fake_network *fake, const char *method);
size_t fake_network_pending(struct fake_network *fake, const char *method);

/* Answers, each once. */
void fake_network_reply(struct fake_request *request, struct icws_bytes reply);
void fake_network_reply_ok(struct fake_request *request);
void fake_network_reply_err(struct fake_request *request, const char *text);
void fake_network_reject(struct fake_request *request, enum icws_reject_code code,
                         const char *text);
void fake_network_reject_with(struct fake_request *request, enum icws_reject_code code,
                              const char *error_code, const char *text);
void fake_network_taken(struct fake_request *request);
void fake_network_unknown(struct fake_request *request, const char *text);

/* Answers a poll: |count| messages for |client| with nonces from |first|, whose contents are
 * "message NONCE". */
void fake_network_reply_messages(struct fake_request *request, const struct icws_principal *gateway,
                                 const struct icws_client_key *client, uint64_t first, size_t count,
                                 bool is_end_of_queue);

/* All refusals, and all troubles, together. */
uint64_t fixture_refusals(const struct icws_gateway_stats *stats);
uint64_t fixture_troubles(const struct icws_gateway_stats *stats);

/* Clocks for a gateway's configuration, and what they show. */
extern uint64_t fake_wall_now_ns;
extern uint64_t fake_monotonic_now_ns;
uint64_t fake_wall_ns(void);
uint64_t fake_monotonic_ns(void);
void fake_pass_ms(uint64_t ms); /* on both */

/* Identities by number, the same in every run; the caller deletes them. */
struct icws_identity *fixture_identity(uint8_t number);
struct icws_principal fixture_canister(uint8_t number);

/* What a client sends. */
struct fixture_call {
  const struct icws_identity *identity;
  enum icws_request_type type;
  struct icws_principal canister;
  const char *method;
  struct icws_bytes arg;
  uint64_t ingress_expiry;
};

/* Appends a client's frame with a signed envelope. */
void fixture_put_frame(struct icws_buf *frame, const struct fixture_call *call);

/* Appends the frame of a ws_open, or of a ws_message that carries |sequence_num|; they expire in
 * four minutes by |fake_wall_ns|. */
void fixture_put_open(struct icws_buf *frame, const struct icws_identity *identity,
                      const struct icws_principal *canister, uint64_t nonce,
                      const struct icws_principal *gateway);
void fixture_put_message(struct icws_buf *frame, const struct icws_identity *identity,
                         const struct icws_principal *canister, uint64_t nonce,
                         uint64_t sequence_num);

#endif

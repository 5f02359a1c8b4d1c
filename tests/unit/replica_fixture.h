/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_REPLICA_FIXTURE_H
#define ICWS_TESTS_REPLICA_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include <icws/identity.h>
#include <icws/message.h>
#include <icws/verifier.h>

#include "devnet/replica.h"

/* For tests of the local network: a replica whose clock stands still, a verifier that trusts it,
 * and people who sign requests. */

#define REPLICA_FIXTURE_START UINT64_C(1700000000000000000)
#define REPLICA_FIXTURE_SECOND UINT64_C(1000000000)

struct replica_fixture {
  struct icws_replica *replica;
  struct icws_verifier *verifier;
  uint64_t now;
  uint8_t nonces;           /* used by requests so far: no two are the same */
  struct icws_buf envelope; /* the last request */
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
};

void replica_fixture_init(struct replica_fixture *fixture);
void replica_fixture_wipe(struct replica_fixture *fixture);

/* The identity of that number; the caller deletes it. */
struct icws_identity *replica_fixture_identity(uint8_t number);
struct icws_principal replica_fixture_sender(const struct icws_identity *identity);

/* replica_fixture_sign makes |fixture->envelope|: a request that expires in four minutes;
 * replica_fixture_sign_call signs whatever |call| says but for the sender. */
void replica_fixture_sign(struct replica_fixture *fixture, const struct icws_identity *identity,
                          enum icws_request_type type, const struct icws_principal *canister,
                          const char *method, struct icws_bytes arg);
void replica_fixture_sign_call(struct replica_fixture *fixture,
                               const struct icws_identity *identity, struct icws_call call);

/* replica_fixture_submit gives |fixture->envelope| to the replica as a call. */
struct icws_replica_answer replica_fixture_submit(struct replica_fixture *fixture,
                                                  const struct icws_principal *canister);

/* replica_fixture_round moves the clock by 100 ms and runs a round. */
void replica_fixture_round(struct replica_fixture *fixture);

/* Signs, submits and runs a round: how the call ended. */
struct icws_replica_answer replica_fixture_call(struct replica_fixture *fixture,
                                                const struct icws_identity *identity,
                                                const struct icws_principal *canister,
                                                const char *method, struct icws_bytes arg);

/* Signs and asks. */
struct icws_replica_answer replica_fixture_query(struct replica_fixture *fixture,
                                                 const struct icws_identity *identity,
                                                 const struct icws_principal *canister,
                                                 const char *method, struct icws_bytes arg);

/* Fails the test unless the answer is a rejection with that code and text. */
void replica_fixture_assert_rejected(const struct icws_replica_answer *answer,
                                     enum icws_reject_code code, const char *text);

#endif

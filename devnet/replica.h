/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_REPLICA_H
#define ICWS_DEVNET_REPLICA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/identity.h>
#include <icws/principal.h>

#include "devnet/bls_key.h"
#include "devnet/canister.h"
#include "devnet/certifier.h"
#include "devnet/state_tree.h"
#include "gateway/network.h"

/*
 * A replica of one subnet, without consensus: it takes signed requests, executes update calls in
 * rounds, certifies its state after each round, and answers queries from the certified state.  It
 * has no loop of its own: whoever owns it calls icws_replica_round.
 */
struct icws_replica;

struct icws_replica_config {
  const uint8_t *seed; /* of both BLS keys: ICWS_BLS_SEED_BYTES; the caller wipes it */
  uint64_t (*wall_ns)(void *user_data); /* ns since 1970; NULL: the system's clock */
  void *user_data;
};

#define ICWS_REPLICA_MAX_CANISTERS 64
#define ICWS_REPLICA_MAX_PATHS 1000                    /* revealed by one certificate */
#define ICWS_REPLICA_MAX_REPLY_BYTES (2 * 1024 * 1024) /* as on the Internet Computer */

/* icws_replica_new makes a replica without canisters and certifies its first state.  Returns
 * ICWS_OK or ICWS_ERR_NOMEM.  icws_replica_del frees it and its canisters; NULL is ignored. */
ICWS_NODISCARD enum icws_error icws_replica_new(const struct icws_replica_config *config,
                                                struct icws_replica **replica);
void icws_replica_del(struct icws_replica *replica);

struct icws_bytes icws_replica_root_key(const struct icws_replica *replica);
struct icws_principal icws_replica_subnet(const struct icws_replica *replica);

/* icws_replica_node returns the key of the subnet's one node, whose principal is the node's id. */
const struct icws_identity *icws_replica_node(const struct icws_replica *replica);

/*
 * Installing a canister takes two steps, since a canister's maker wants the system first.
 * icws_replica_reserve takes the canister id |*id| or, if that has length 0, the first one that
 * is free, and stores it in |*id|, with the |*system| of a canister there.  icws_replica_install
 * puts |canister| there: the replica owns it from then on.  Its state is certified by the next
 * round.  Reserving returns ICWS_OK, ICWS_ERR_LIMIT, or ICWS_ERR_PRINCIPAL if the id is not one of
 * the subnet's, or taken.
 */
ICWS_NODISCARD enum icws_error icws_replica_reserve(struct icws_replica *replica,
                                                    struct icws_principal *id,
                                                    struct icws_canister_system *system);
void icws_replica_install(struct icws_replica *replica, const struct icws_principal *id,
                          const struct icws_canister *canister);

/* icws_replica_round executes the calls that wait, in the order in which they came, runs the
 * canisters' timers, and certifies the state.  Returns ICWS_OK, or ICWS_ERR_NOMEM if the state
 * could not be certified: queries are then rejected until a later round could. */
ICWS_NODISCARD enum icws_error icws_replica_round(struct icws_replica *replica);

/* icws_replica_height returns how many states were certified; 0 if there is none now. */
uint64_t icws_replica_height(const struct icws_replica *replica);

/* icws_replica_time returns the time of the state that was certified last. */
uint64_t icws_replica_time(const struct icws_replica *replica);

/* icws_replica_certificate appends a certificate of the state that was certified last, with what is
 * at |paths| and its time.  Returns ICWS_OK, ICWS_ERR_INVALID_STATE if there is none, or the
 * buffer's error. */
ICWS_NODISCARD enum icws_error icws_replica_certificate(struct icws_replica *replica,
                                                        const struct icws_state_path *paths,
                                                        size_t count, enum icws_ranges_form form,
                                                        struct icws_buf *out);

/* How a request ended, or that it has not yet. */
enum icws_replica_status {
  ICWS_REPLICA_UNKNOWN, /* no such call is known, or no longer */
  ICWS_REPLICA_RECEIVED,
  ICWS_REPLICA_REPLIED,
  ICWS_REPLICA_REJECTED,
};

/* |text| borrows from the replica until its next round or request.  */
struct icws_replica_answer {
  enum icws_replica_status status;
  bool executed;                     /* a call that has been: the state tells how it ended */
  struct icws_bytes reply;           /* REPLIED */
  enum icws_reject_code reject_code; /* REJECTED */
  const char *error_code;            /* REJECTED with a code: the Internet Computer's own, static */
  enum icws_error error;             /* REJECTED without a code: which check failed */
  struct icws_bytes text;            /* REJECTED: why */
};

/*
 * icws_replica_call takes the call in |envelope|, which was sent to |canister|.  It checks what the
 * Internet Computer checks before it takes a call: form, signature, sender, expiry, and that
 * canister and method are there; and it takes each call once.  |request_id| is written unless the
 * envelope cannot be decoded.  The answer is REJECTED, or as icws_replica_call_status has it.
 *
 * icws_replica_call_status tells about the call |request_id|.
 *
 * icws_replica_query answers the query in |envelope| at once, REPLIED or REJECTED.  Certificates that
 * the canister is given have their ranges in |form|: agents that are still in use, and with them
 * the clients of gateways, refuse sharded ranges.  |request_id| is written as by icws_replica_call.
 */
struct icws_replica_answer icws_replica_call(struct icws_replica *replica,
                                             const struct icws_principal *canister,
                                             struct icws_bytes envelope,
                                             uint8_t request_id[ICWS_REQUEST_ID_BYTES]);
struct icws_replica_answer
icws_replica_call_status(const struct icws_replica *replica,
                         const uint8_t request_id[ICWS_REQUEST_ID_BYTES]);
struct icws_replica_answer icws_replica_query(struct icws_replica *replica,
                                              const struct icws_principal *canister,
                                              struct icws_bytes envelope,
                                              enum icws_ranges_form form,
                                              uint8_t request_id[ICWS_REQUEST_ID_BYTES]);

/*
 * icws_replica_may_read tells whether |reader| may read the status of the call |request_id|: it must
 * be who sent it.  True for a call that is not known.  |*canister| is set to the call's canister, if
 * it is known.
 */
bool icws_replica_may_read(const struct icws_replica *replica,
                           const uint8_t request_id[ICWS_REQUEST_ID_BYTES],
                           const struct icws_principal *reader, struct icws_principal *canister);

/* icws_replica_interface returns the Candid interface of |canister|; NULL if there is no such
 * canister. */
const char *icws_replica_interface(struct icws_replica *replica,
                                   const struct icws_principal *canister);

/* icws_replica_check_read_state checks a read_state envelope: form, signature, sender, expiry.
 * |*envelope| borrows from |encoding|.  Returns true, or false with |*answer| as a rejection. */
bool icws_replica_check_read_state(struct icws_replica *replica, struct icws_bytes encoding,
                                   struct icws_envelope *envelope,
                                   struct icws_replica_answer *answer);

#endif

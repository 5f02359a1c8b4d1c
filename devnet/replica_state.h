/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_REPLICA_STATE_H
#define ICWS_DEVNET_REPLICA_STATE_H

#include <stdbool.h>

#include "devnet/ingress_log.h"
#include "devnet/replica.h"

/* A replica from the inside, for replica.c (canisters and rounds), replica_certify.c (its state) and
 * replica_request.c (what comes from outside). */

/* The Internet Computer's codes for what goes wrong here. */
#define ICWS_ERROR_CODE_EXPIRED "IC0202"     /* ingress message timeout */
#define ICWS_ERROR_CODE_FULL "IC0204"        /* ingress history full */
#define ICWS_ERROR_CODE_NO_STATE "IC0208"    /* certified state unavailable */
#define ICWS_ERROR_CODE_NO_CANISTER "IC0301" /* canister not found */
#define ICWS_ERROR_CODE_TRAPPED "IC0503"     /* canister called trap */
#define ICWS_ERROR_CODE_NO_METHOD "IC0536"   /* canister method not found */

struct icws_replica_canister {
  struct icws_replica *replica;
  struct icws_principal id;
  bool installed;
  struct icws_canister canister;
  uint8_t certified_data[ICWS_SHA256_BYTES];
  size_t certified_data_len; /* 0 until the canister has set it */
  uint8_t module_hash[ICWS_SHA256_BYTES];
  /* Of the certified data, by the form of ranges; made by the first query after a round. */
  struct icws_buf certificates[2];
};

struct icws_replica {
  uint64_t (*wall_ns)(void *user_data);
  void *user_data;
  struct icws_certifier *certifier;
  struct icws_identity *node; /* whose key signs the answers to queries */
  struct icws_ingress_log *log;
  struct icws_replica_canister canisters[ICWS_REPLICA_MAX_CANISTERS];
  size_t canister_count;

  uint64_t time_ns;             /* of the present round, or the last one */
  uint64_t height;              /* how many states were certified */
  struct icws_state_tree *tree; /* the certified state; NULL if certification failed */
  uint8_t signature[ICWS_BLS_SIGNATURE_BYTES];

  bool in_query;
  enum icws_ranges_form query_form;
  struct icws_buf reply;       /* of the present request or execution */
  struct icws_failure failure; /* likewise */
};

/* icws_replica_find returns the canister |id|, or NULL if none is installed there. */
struct icws_replica_canister *icws_replica_find(struct icws_replica *replica,
                                                const struct icws_principal *id);

/* icws_replica_certify certifies the present state; icws_replica_forget_state forgets the former
 * one, and what was made of it. */
ICWS_NODISCARD enum icws_error icws_replica_certify(struct icws_replica *replica);
void icws_replica_forget_state(struct icws_replica *replica);

/* icws_replica_now returns the wall clock, but never a time before the certified state's. */
uint64_t icws_replica_now(const struct icws_replica *replica);

#endif

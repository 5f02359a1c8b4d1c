/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_INGRESS_LOG_H
#define ICWS_DEVNET_INGRESS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/error.h>
#include <icws/principal.h>

#include "cdk/label_tree.h"
#include "devnet/state_tree.h"

/*
 * What a replica knows about update calls: those that wait to be executed, in order, and the
 * outcomes of those that were.  A call is known by its request id until its ingress_expiry has
 * passed, so that the same call is executed once however often it is submitted.
 */
struct icws_ingress_log;

enum icws_ingress_state {
  ICWS_INGRESS_RECEIVED, /* waits for a round */
  ICWS_INGRESS_REPLIED,
  ICWS_INGRESS_REJECTED,
};

/* A call.  Its bytes live as long as the log knows it. */
struct icws_ingress {
  uint8_t request_id[ICWS_REQUEST_ID_BYTES];
  uint64_t expiry; /* ns since 1970 */
  enum icws_ingress_state state;
  struct icws_principal canister;
  struct icws_principal sender;
  struct icws_bytes method; /* RECEIVED, like the next one */
  struct icws_bytes arg;
  struct icws_bytes outcome; /* REPLIED: the reply; REJECTED: why, text */
  int reject_code;           /* REJECTED: IC interface specification, "Reject codes" */
  const char *error_code;    /* REJECTED: static */

  /* The log's own. */
  uint8_t *memory;              /* holds method and arg, later the outcome */
  struct icws_ingress *next;    /* in the bucket */
  struct icws_ingress *waiting; /* the next one to be executed */

  /* The status tree's. */
  struct icws_label_entry entry;
  bool shown;                      /* in a witness ... */
  bool shown_whole;                /* ... and not its label only */
  struct icws_ingress *next_shown; /* by label */
};

#define ICWS_INGRESS_LOG_MAX_CALLS 1000000                   /* that are remembered */
#define ICWS_INGRESS_LOG_MAX_BYTES (256 * UINT64_C(1048576)) /* of arguments and outcomes */
#define ICWS_INGRESS_LOG_MAX_WAITING 20000                   /* for the next round */

/* icws_ingress_log_new makes an empty log; NULL if memory is short. */
struct icws_ingress_log *icws_ingress_log_new(void);
void icws_ingress_log_del(struct icws_ingress_log *log);

/* icws_ingress_log_find returns the call with |request_id|, or NULL. */
const struct icws_ingress *icws_ingress_log_find(const struct icws_ingress_log *log,
                                                 const uint8_t request_id[ICWS_REQUEST_ID_BYTES]);

/* icws_ingress_log_add enters the call of a verified |envelope| that is not known yet; what is
 * needed of it is copied.  Returns ICWS_OK, ICWS_ERR_QUEUE_FULL or ICWS_ERR_NOMEM. */
ICWS_NODISCARD enum icws_error icws_ingress_log_add(struct icws_ingress_log *log,
                                                    const struct icws_envelope *envelope);

/* icws_ingress_log_next takes the call that has waited longest; NULL if none waits.  Its outcome
 * must be settled before the log is pruned. */
struct icws_ingress *icws_ingress_log_next(struct icws_ingress_log *log);

/*
 * icws_ingress_log_reply and icws_ingress_log_reject state the outcome of a call that was taken.
 * The bytes are copied, the |error_code| is static; if there is no memory for them, the call is
 * rejected without text.
 */
void icws_ingress_log_reply(struct icws_ingress_log *log, struct icws_ingress *ingress,
                            struct icws_bytes reply);
void icws_ingress_log_reject(struct icws_ingress_log *log, struct icws_ingress *ingress,
                             int reject_code, const char *error_code, struct icws_bytes why);

/* icws_ingress_log_branch returns what hangs at "request_status" in the state: the outcomes of the
 * calls that were settled.  Settling and pruning change it. */
struct icws_state_branch icws_ingress_log_branch(struct icws_ingress_log *log);

/* icws_ingress_log_prune forgets the settled calls that expired before |now_ns|.  It may leave some
 * for a while, so that it is cheap to call often. */
void icws_ingress_log_prune(struct icws_ingress_log *log, uint64_t now_ns);

#endif

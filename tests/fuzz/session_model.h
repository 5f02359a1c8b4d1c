/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SESSION_MODEL_H
#define SESSION_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/envelope.h>
#include <icws/session.h>

#include "certified_frames.h"
#include "counted_memory.h"

/*
 * A session under test and what must hold of it, whatever is done to it and in whatever order:
 *  - it opens, delivers, is acknowledged and is closed by the canister only on content that the
 *    network certified, under the key that it was certified for, and to this client;
 *  - sequence numbers leave no gap, either way, and what is sent is what was queued;
 *  - the first error sticks: then one ICWS_EVENT_CLOSED, at most one closing output, nothing more;
 *  - statistics never go back, queues keep their limits, memory is bounded and given back.
 * Whatever does not hold aborts the program.
 */
#define MODEL_MAX_SENDS 256

struct session_model {
  const struct certified_frames *table;
  struct counted_memory memory;
  struct icws_random random;
  unsigned random_calls;
  struct icws_verifier *verifier;
  struct icws_session_config config; /* with limits that are not defaults */
  struct icws_session *session;
  struct icws_now now;

  uint8_t *frame; /* the last one taken: what events may borrow from */
  struct icws_bytes frame_bytes;
  bool signing;
  uint8_t to_sign[ICWS_REQUEST_TO_SIGN_BYTES];

  bool opened;
  bool closed; /* ICWS_EVENT_CLOSED has come */
  bool close_done;
  struct icws_failure failure;           /* of the closed session */
  uint64_t last_received;                /* sequence number of the last message */
  struct icws_websocket_message message; /* the last one; borrows from |frame| */
  uint64_t least_nonce;                  /* of the next message's key */
  uint64_t last_sent;                    /* sequence number of the last message handed over */
  bool open_sent;
  size_t queued_lens[MODEL_MAX_SENDS]; /* by ticket - 1 */
  uint64_t queued;
  uint64_t handed_over; /* application messages */
  uint64_t sent_events;
  struct icws_session_stats stats;
};

/* session_model_init makes the session; false if memory failed as it was told to.  The model is
 * initialised either way. */
bool session_model_init(struct session_model *model, const struct icws_session_config *limits,
                        unsigned until_failure);
void session_model_wipe(struct session_model *model);

/* Feeds a copy of |bytes|, with |forged| one that must not be taken.  All events are pulled first,
 * unless |early|: then the session may refuse. */
void session_model_recv(struct session_model *model, enum icws_frame_type type,
                        struct icws_bytes bytes, bool forged, bool early);

void session_model_send(struct session_model *model, size_t len);
void session_model_tick(struct session_model *model);
void session_model_sign(struct session_model *model, size_t signature_len);
void session_model_refuse_to_sign(struct session_model *model);
void session_model_close(struct session_model *model);
void session_model_disconnect(struct session_model *model);

/* Pulls one event or one output; false if there is none. */
bool session_model_event(struct session_model *model);
bool session_model_output(struct session_model *model, bool done);

/* What must hold after every step. */
void session_model_check(struct session_model *model);

#endif

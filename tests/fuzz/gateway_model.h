/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GATEWAY_MODEL_H
#define GATEWAY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/client_session.h"
#include "gateway/poller.h"

/* A session of the gateway and its poller, a network that keeps what is submitted until it is told to
 * answer, and checks of all that the session makes others do. */

#define MODEL_MAX_FRAMES 64
#define MODEL_MAX_IN_FLIGHT 2

struct gateway_model {
  struct gateway_context context;
  struct icws_network network;
  struct client_session session;
  struct poller poller;
  bool entered;
  bool had_poller;

  struct icws_buf envelopes[MODEL_MAX_FRAMES]; /* as they were received */
  size_t received;
  size_t relayed;
  struct icws_network_request *calls[MODEL_MAX_IN_FLIGHT + 1]; /* under way */
  size_t call_count;
  struct icws_network_request *poll; /* under way */
  bool close_called;
  unsigned closed;
  unsigned settled;
  enum icws_error send_result;
};

/* The gateway's and the client's key, and what both clocks show. */
extern struct icws_identity *model_identity;
extern uint64_t model_clock_ns;

/* Aborts unless |condition|. */
void must(bool condition);

void model_begin(struct gateway_model *model);

/* Lets the client leave, answers what is under way, and checks that the session is settled then. */
void model_end(struct gateway_model *model);

/* A frame of the client; ignored when it has been closed, or after MODEL_MAX_FRAMES. */
void model_receive(struct gateway_model *model, struct icws_bytes frame);

void model_gone(struct gateway_model *model);

/* Answers a call that is under way, or the poll if one is: |how| makes the outcome. */
void model_answer_call(struct gateway_model *model, size_t index, uint8_t how,
                       struct icws_bytes bytes);
void model_answer_poll(struct gateway_model *model, uint8_t how, struct icws_bytes bytes);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_OUTBOX_H
#define ICWS_NET_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/session.h>

/* Messages that were sent before there is a session, under the limits that it will have. */
struct icws_outbox_message;

struct icws_outbox {
  size_t max_message_bytes;
  size_t max_messages;
  size_t max_bytes;
  size_t messages;
  size_t bytes;
  struct icws_outbox_message *first;
  struct icws_outbox_message **end;
};

void icws_outbox_init(struct icws_outbox *outbox, size_t max_message_bytes, size_t max_messages,
                      size_t max_bytes);
void icws_outbox_wipe(struct icws_outbox *outbox);

/* As icws_session_send, whose tickets its own agree with. */
ICWS_NODISCARD enum icws_error icws_outbox_send(struct icws_outbox *outbox,
                                                struct icws_bytes content, uint64_t *ticket);

/* icws_outbox_hand_over sends the messages to |session|, which must be new, and empties the outbox.
 */
ICWS_NODISCARD enum icws_error icws_outbox_hand_over(struct icws_outbox *outbox,
                                                     struct icws_session *session);

#endif

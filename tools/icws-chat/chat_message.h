/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_MESSAGE_H
#define ICWS_CHAT_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/principal.h>

/* What is written: record { text : text; timestamp : nat64 }. */
void icws_chat_message_encode(struct icws_bytes text, uint64_t timestamp, struct icws_buf *out);

/* Who a message names as its sender. */
enum icws_chat_sender {
  ICWS_CHAT_SENDER_NONE, /* there is no such field: the canister speaks for itself */
  ICWS_CHAT_SENDER_ROOM, /* null: a line about the room */
  ICWS_CHAT_SENDER_USER,
};

struct icws_chat_message {
  struct icws_bytes text; /* borrowed from the content */
  enum icws_chat_sender from;
  struct icws_principal sender; /* USER */
};

/* icws_chat_message_decode reads any record that has a field text : text; and sender, an optional
 * principal, if it has that.  Returns ICWS_OK, ICWS_ERR_CANDID or ICWS_ERR_LIMIT. */
ICWS_NODISCARD enum icws_error icws_chat_message_decode(struct icws_bytes content,
                                                        struct icws_chat_message *message);

/* icws_chat_message_render appends the line that shows |content| to the person whose principal is
 * |self|, and a newline: escaped, whoever wrote it.  What is no chat message is shown in hex. */
void icws_chat_message_render(struct icws_bytes content, const struct icws_principal *self,
                              struct icws_buf *out);

#endif

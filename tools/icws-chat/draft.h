/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_DRAFT_H
#define ICWS_CHAT_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/candid_text.h>
#include <icws/candid_value.h>

/*
 * What a person types, made into a message of the canister's type.  Without an interface that is
 * record { text : text; timestamp : nat64 } for a line, and what a value says of itself otherwise.
 */
struct icws_chat_draft {
  const struct icws_candid_types *types; /* of the interface, or those for lines */
  int message_type;
  bool has_interface;
  struct icws_candid_types *line_types; /* without an interface */
  struct icws_arena arena;
};

/* icws_chat_draft_init makes one for messages of |message_type| of |types|, which may be NULL: there
 * is no interface.  Returns ICWS_OK or ICWS_ERR_NOMEM; icws_chat_draft_wipe is due in either case. */
ICWS_NODISCARD enum icws_error icws_chat_draft_init(struct icws_chat_draft *draft,
                                                    const struct icws_candid_types *types,
                                                    int message_type);
void icws_chat_draft_wipe(struct icws_chat_draft *draft);

/*
 * icws_chat_draft_line appends the message that a bare line makes.  Where messages are text, it is
 * that; where they are records with exactly one field of type text, it is that field: then a field
 * timestamp : nat64 is |now_ns|, and fields of type opt, null or reserved are null.  Returns ICWS_OK;
 * ICWS_ERR_CANDID for a text that is not UTF-8, or messages that are nothing of the kind;
 * ICWS_ERR_NOMEM.
 */
ICWS_NODISCARD enum icws_error icws_chat_draft_line(struct icws_chat_draft *draft,
                                                    struct icws_bytes text, uint64_t now_ns,
                                                    struct icws_buf *out,
                                                    struct icws_failure *failure);

/* icws_chat_draft_candid appends the message of |text|, values in Candid text; icws_chat_draft_json
 * that of one value in JSON, which needs an interface.  Each returns ICWS_OK or an error as
 * icws_candid_parse and icws_candid_from_json do; |*spot| is where (line 0: nowhere). */
ICWS_NODISCARD enum icws_error icws_chat_draft_candid(struct icws_chat_draft *draft,
                                                      struct icws_bytes text, struct icws_buf *out,
                                                      struct icws_candid_spot *spot,
                                                      struct icws_failure *failure);
ICWS_NODISCARD enum icws_error icws_chat_draft_json(struct icws_chat_draft *draft,
                                                    struct icws_bytes json, struct icws_buf *out,
                                                    struct icws_candid_spot *spot,
                                                    struct icws_failure *failure);

#endif

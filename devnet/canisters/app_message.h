/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CANISTERS_APP_MESSAGE_H
#define ICWS_DEVNET_CANISTERS_APP_MESSAGE_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/principal.h>

/* The application messages of the built-in canisters:
 *   record { text : text; timestamp : nat64 }
 *   record { text : text; timestamp : nat64; sender : opt principal }, as the chat sends them */

void icws_app_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp);

/* |sender| NULL is written as null. */
void icws_chat_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp,
                           const struct icws_principal *sender);

/* icws_app_message_decode reads either kind, and any other record that has these two fields: a
 * sender that a client states proves nothing and is passed over.  |*text| borrows from |candid|.
 * Returns ICWS_OK, ICWS_ERR_CANDID or ICWS_ERR_LIMIT. */
ICWS_NODISCARD enum icws_error
icws_app_message_decode(struct icws_bytes candid, struct icws_bytes *text, uint64_t *timestamp);

#endif

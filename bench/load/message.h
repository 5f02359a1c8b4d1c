/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BENCH_LOAD_MESSAGE_H
#define ICWS_BENCH_LOAD_MESSAGE_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>

/* What is said to a ping-pong canister, and what it says:
 * record { text : text; timestamp : nat64 }. */

/* load_message_put appends one. */
void load_message_put(struct icws_buf *out, struct icws_bytes text, uint64_t timestamp_ns);

/* load_message_text reads the text of one, borrowed from |candid|.  Returns ICWS_OK, or
 * ICWS_ERR_CANDID or ICWS_ERR_LIMIT with a sentence in |failure|. */
ICWS_NODISCARD enum icws_error load_message_text(struct icws_bytes candid, struct icws_bytes *text,
                                                 struct icws_failure *failure);

#endif

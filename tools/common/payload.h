/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_PAYLOAD_H
#define ICWS_TOOLS_PAYLOAD_H

#include <stdbool.h>

#include <icws/candid_value.h>

#define ICWS_PAYLOAD_MAX_BYTES ((size_t)256 << 20) /* of the values of one message */

/* What to say once where icws_payload_has_unnamed. */
#define ICWS_PAYLOAD_HINT                                                                          \
  "fields are shown by the hashes of their names; --candid FILE, with the canister's .did file, "  \
  "names them"

/* What a message of an application holds, or what a method returns, as Candid: one value or more.  It
 * is used for one message after the other. */
struct icws_payload {
  const struct icws_candid_types *types; /* of the interface; NULL: there is none */
  const int *expected;                   /* the values' types there; borrowed */
  size_t expected_count;
  struct icws_candid_types *own_types; /* those of the last message, without an interface */
  struct icws_arena arena;
  struct icws_candid_args args; /* of the last message; borrowed from it, too */
};

/* icws_payload_init makes one for messages with values of the |count| types |expected|, or, if
 * |types| is NULL, for messages that say themselves what they are. */
void icws_payload_init(struct icws_payload *payload, const struct icws_candid_types *types,
                       const int *expected, size_t count);
void icws_payload_wipe(struct icws_payload *payload);

/* icws_payload_read decodes |content|, which must outlive |args|.  Returns ICWS_OK or an error of
 * icws_candid_decode, with |failure| filled. */
ICWS_NODISCARD enum icws_error icws_payload_read(struct icws_payload *payload,
                                                 struct icws_bytes content,
                                                 struct icws_failure *failure);

/* icws_payload_is_candid tells whether |content| claims to be Candid: begins with DIDL. */
bool icws_payload_is_candid(struct icws_bytes content);

/* Each appends the last message: as Candid text, with the parentheses, on one line; as JSON, one
 * value alone and others in an array.  Returns ICWS_OK, or an error as icws_candid_print does. */
ICWS_NODISCARD enum icws_error icws_payload_put_candid(const struct icws_payload *payload,
                                                       struct icws_buf *out);
ICWS_NODISCARD enum icws_error icws_payload_put_json(const struct icws_payload *payload,
                                                     struct icws_buf *out);

/* icws_payload_has_unnamed tells whether the types of the last message have fields or cases of
 * which only the hash of the name is known. */
bool icws_payload_has_unnamed(const struct icws_payload *payload);

#endif

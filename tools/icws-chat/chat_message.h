/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_MESSAGE_H
#define ICWS_CHAT_MESSAGE_H

#include <icws/principal.h>

#include "common/payload.h"

/*
 * icws_chat_message_render appends the line that shows |content| to the person whose principal is
 * |self|, and a newline: escaped, whoever wrote it.
 *
 * A record with a field text : text is shown as what somebody said: the field sender, a principal
 * or an opt of one, says who; null is the room itself, and without such a field it is the canister.
 * A text alone is the canister's, too.  Any other value is shown as Candid; what is no Candid, in
 * hex with the reason.  |payload| decodes it.  Returns whether it is what somebody said.
 */
bool icws_chat_message_render(struct icws_payload *payload, struct icws_bytes content,
                              const struct icws_principal *self, struct icws_buf *out);

#endif

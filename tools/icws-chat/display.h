/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_DISPLAY_H
#define ICWS_CHAT_DISPLAY_H

#include "chat_state.h"

/* icws_chat_say tells the user something: above the prompt of a terminal, else on standard error. */
void icws_chat_say(struct icws_chat *chat, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* icws_chat_say_not_sent tells why something typed was not sent; icws_chat_show_where shows, at a
 * terminal, with a caret where in |text|, if |spot| is somewhere. */
void icws_chat_say_not_sent(struct icws_chat *chat, enum icws_error error,
                            const struct icws_failure *failure);
void icws_chat_show_where(struct icws_bytes text, const struct icws_candid_spot *spot);

/* icws_chat_show shows a message of the canister: above the prompt, else on standard output. */
void icws_chat_show(struct icws_chat *chat, struct icws_bytes content);

#endif

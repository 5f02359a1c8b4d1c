/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_DISPLAY_H
#define ICWS_CHAT_DISPLAY_H

#include "chat_state.h"

/* icws_chat_say tells the user something: above the prompt of a terminal, else on standard error. */
void icws_chat_say(struct icws_chat *chat, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* icws_chat_show shows a message of the canister: above the prompt, else on standard output. */
void icws_chat_show(struct icws_chat *chat, struct icws_bytes content);

#endif

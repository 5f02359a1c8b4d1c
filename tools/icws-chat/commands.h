/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_COMMANDS_H
#define ICWS_CHAT_COMMANDS_H

#include "chat_state.h"

/* icws_chat_command does what |line|, which begins with a slash, says. */
void icws_chat_command(struct icws_chat *chat, const char *line);

/* icws_chat_quit ends the program from the prompt; what was typed and not sent makes that a
 * failure. */
void icws_chat_quit(struct icws_chat *chat);

#endif

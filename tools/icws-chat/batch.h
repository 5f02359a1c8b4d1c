/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_BATCH_H
#define ICWS_CHAT_BATCH_H

#include <stdbool.h>

#include "chat_state.h"

/* Lines from a pipe or a file. */

/* icws_chat_batch_wants_input tells whether standard input is to be read: not while a line waits
 * for room in the queue. */
bool icws_chat_batch_wants_input(struct icws_chat *chat);

/* icws_chat_batch_advance queues what lines there are, and ends the program when the last one has
 * been sent (acknowledged, if that was asked for) and lingering is over.  Called after each step. */
void icws_chat_batch_advance(struct icws_chat *chat);

/* icws_chat_batch_report says how far the lines have come. */
void icws_chat_batch_report(struct icws_chat *chat);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CHAT_TERMINAL_H
#define ICWS_CHAT_TERMINAL_H

#include <icws/bytes.h>

/* The prompt of a person at a terminal, with other lines appearing above it.  readline knows one
 * prompt for each process. */

/* Gets each line that is entered, NULL at the end of the input.  Borrowed. */
typedef void icws_terminal_line_fn(const char *line, void *user_data);

void icws_terminal_open(const char *name, icws_terminal_line_fn *on_line, void *user_data);
void icws_terminal_close(void);

/* icws_terminal_read takes one key, and calls back if it ended a line: when standard input has
 * input. */
void icws_terminal_read(void);

/* icws_terminal_print shows |text|, which ends with a newline, above the prompt. */
void icws_terminal_print(struct icws_bytes text);

/* icws_terminal_cancel_line drops what is typed, for Ctrl-C; false if nothing was. */
bool icws_terminal_cancel_line(void);

/* What other signals ask for, whether the terminal is open or not: a new size of the window, Ctrl-Z,
 * and going on after it. */
void icws_terminal_resize(void);
void icws_terminal_suspend(void);
void icws_terminal_resume(void);

#endif

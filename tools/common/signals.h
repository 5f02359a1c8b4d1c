/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_SIGNALS_H
#define ICWS_TOOLS_SIGNALS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Signals as something to poll for: the handlers only write the signal's number to a pipe.  One set
 * for the process.  System calls are interrupted, not restarted.
 */

/* icws_signals_open catches |numbers|, and ignores SIGPIPE so that a closed pipe is an error of
 * write.  False if there are no descriptors. */
bool icws_signals_open(const int *numbers, size_t count);

/* icws_signals_close gives back the signals' default actions. */
void icws_signals_close(void);

/* icws_signals_fd returns the descriptor that is readable when a signal has come, and
 * icws_signals_take the next one's number, or 0. */
int icws_signals_fd(void);
int icws_signals_take(void);

/* icws_signals_take_ending passes over signals that do not end a program, as that of a terminal that
 * changes its size, and returns the next SIGINT, SIGTERM or SIGHUP, or 0. */
int icws_signals_take_ending(void);

#endif

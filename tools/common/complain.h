/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_COMPLAIN_H
#define ICWS_TOOLS_COMPLAIN_H

#include <icws/error.h>

/* icws_complain writes "|program|: ", what |format| and its arguments make and a newline to standard
 * error, in one piece.  What others wrote must have been escaped. */
void icws_complain(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* icws_complain_failure writes the text of |failure| so, with the number of the check that failed,
 * if it was one of those on a canister's message. */
void icws_complain_failure(const char *program, const struct icws_failure *failure);

/* icws_complain_usage writes so what is wrong with the command line and where to read how it goes,
 * and returns ICWS_EXIT_USAGE. */
int icws_complain_usage(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* icws_complain_id says that |text|, given to |option|, is not the id of a canister or subnet, and
 * returns ICWS_EXIT_USAGE. */
int icws_complain_id(const char *program, const char *option, const char *text);

#endif

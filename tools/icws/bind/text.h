/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_TEXT_H
#define ICWS_TOOLS_BIND_TEXT_H

#include <stdarg.h>

#include <icws/arena.h>
#include <icws/bytes.h>

/* Text of generated C. */

#if defined(__GNUC__)
#define BIND_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define BIND_PRINTF(text, first)
#endif

/* bind_format makes a string in |arena|: an empty one after a failure, which the arena keeps. */
const char *bind_format(struct icws_arena *arena, const char *format, ...) BIND_PRINTF(2, 3);

/* bind_address_of returns an expression for the address of |place|, which is one for an object. */
const char *bind_address_of(struct icws_arena *arena, const char *place);

/* bind_print appends text as it is. */
void bind_print(struct icws_buf *out, const char *format, ...) BIND_PRINTF(2, 3);

/* bind_line appends a line of code: two spaces for each level of |indent|, the text, and the end of
 * the line.  One that is longer than 100 characters is broken behind a comma or a '=', and goes on
 * below the open parenthesis, as clang-format would have it. */
void bind_line(struct icws_buf *out, unsigned indent, const char *format, ...) BIND_PRINTF(3, 4);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_ESCAPE_H
#define ICWS_TOOLS_ESCAPE_H

#include <stdbool.h>

#include <icws/bytes.h>

/*
 * icws_escape appends |bytes|, taken as UTF-8 that others wrote, to |out| so that a terminal shows
 * it and does nothing else: as it is, except
 *
 *   \t \n \r          for these three
 *   \xHH              for other control characters of ASCII, and bytes that are not UTF-8
 *   \u{HHHH}          for control characters beyond ASCII, those that turn the direction of
 *                     writing, and line and paragraph separators
 *
 * A backslash stays as it is: the result is for eyes, not for decoding.
 */
void icws_escape(struct icws_bytes bytes, struct icws_buf *out);

/* icws_escape_text_is_plain tells whether |bytes| are UTF-8 in which nothing but \t, \n and \r would
 * be escaped. */
bool icws_escape_text_is_plain(struct icws_bytes bytes);

/* icws_escape_is_utf8 tells whether |bytes| are UTF-8, whatever it says. */
bool icws_escape_is_utf8(struct icws_bytes bytes);

#endif

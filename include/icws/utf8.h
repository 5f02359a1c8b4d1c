/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_UTF8_H
#define ICWS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * Text that others wrote, character by character: for programs that show or escape it.
 */

/* icws_utf8_next stores the character that |text|, which is not empty, begins with, and returns how
 * many bytes it has: 1 to 4, or 0, and the character 0, if there is no well-formed UTF-8 (RFC 3629:
 * shortest forms only, no surrogates, nothing beyond U+10FFFF). */
ICWS_EXPORT size_t icws_utf8_next(struct icws_bytes text, uint32_t *character);

/* icws_utf8_acts tells whether |character| acts on what displays it instead of being seen: control
 * characters, those that turn the direction of writing, line and paragraph separators.  All of them
 * are below U+10000. */
ICWS_EXPORT bool icws_utf8_acts(uint32_t character);

ICWS_END_DECLS

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_UTF8_H
#define ICWS_BASE_UTF8_H

#include <stdbool.h>

#include <icws/bytes.h>

/* icws_utf8_valid tells whether |text| is well-formed UTF-8 (RFC 3629: shortest forms only, no
 * surrogates, nothing beyond U+10FFFF). */
bool icws_utf8_valid(struct icws_bytes text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_ESCAPE_H
#define ICWS_BASE_CANDID_ESCAPE_H

#include <stdbool.h>

#include <icws/bytes.h>

/* icws_candid_put_quoted appends |text| in quotes.  Quotes, backslashes, and all that acts on what
 * displays it is escaped; so are bytes that are not UTF-8, as in \ff. */
void icws_candid_put_quoted(struct icws_bytes text, struct icws_buf *out);

/* icws_candid_put_name appends the name of a field, case, argument or method: in quotes, unless it is
 * an identifier and no keyword. */
void icws_candid_put_name(struct icws_bytes name, struct icws_buf *out);

/* icws_candid_put_u32 appends |number| in decimal. */
void icws_candid_put_u32(uint32_t number, struct icws_buf *out);

/* icws_candid_is_name tells whether |name| needs no quotes. */
bool icws_candid_is_name(struct icws_bytes name);

#endif

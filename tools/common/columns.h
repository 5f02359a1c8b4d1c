/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_COLUMNS_H
#define ICWS_TOOLS_COLUMNS_H

#include <stddef.h>

#include <icws/bytes.h>

/* icws_columns returns how many columns of a terminal |text| takes, which is escaped, as icws_escape
 * does it: East Asian characters and emoji two, marks that go on the character before them none, all
 * others one. */
size_t icws_columns(struct icws_bytes text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_TABLE_H
#define ICWS_BASE_CANDID_TABLE_H

#include "candid/cursor.h"

/* The type table of a message, as its bytes say it. */

/* icws_candid_take_type reads a reference to a type: a primitive or an index of the table. */
bool icws_candid_take_type(struct icws_candid_reader *reader, int *type);

/* icws_candid_take_types reads the type table and checks it whole. */
bool icws_candid_take_types(struct icws_candid_reader *reader);

/*
 * Looking up a checked table.  icws_candid_entry returns the constructor of |type|, an index of the
 * table, and stores the offset of what follows it.  The next functions read there and move
 * |*offset|: a number, a reference to a type.
 */
int icws_candid_entry(const struct icws_candid_reader *reader, int type, size_t *offset);
uint64_t icws_candid_entry_number(const struct icws_candid_reader *reader, size_t *offset);
int icws_candid_entry_type(const struct icws_candid_reader *reader, size_t *offset);

/* icws_candid_expect makes the reader fail with |reason| if the constructor of |type| is not
 * |expected|; false then, and when it has failed before. */
bool icws_candid_expect(struct icws_candid_reader *reader, int type, int expected,
                        const char *reason);

#endif

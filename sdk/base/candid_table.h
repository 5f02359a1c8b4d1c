/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_TABLE_H
#define ICWS_BASE_CANDID_TABLE_H

#include <icws/candid.h>

/*
 * What the parts of the reader share: moving the cursor, and the type table.
 *
 * The take functions read at the reader's offset and move it; they return false after making the
 * reader fail, and when it has failed before.
 */
bool icws_candid_take_number(struct icws_candid_reader *reader, uint64_t *value);
bool icws_candid_take_bytes(struct icws_candid_reader *reader, uint64_t len,
                            struct icws_bytes *bytes);
bool icws_candid_take_text(struct icws_candid_reader *reader, struct icws_bytes *utf8);

/* icws_candid_take_type reads a reference to a type: a primitive or an index of the table. */
bool icws_candid_take_type(struct icws_candid_reader *reader, int *type);

/* icws_candid_take_types reads the type table and checks it whole. */
bool icws_candid_take_types(struct icws_candid_reader *reader);

/* icws_candid_limit is icws_candid_fail with ICWS_ERR_LIMIT. */
enum icws_error icws_candid_limit(struct icws_candid_reader *reader, const char *reason);

/* icws_candid_step takes |count| steps off those that are left; false if they do not suffice. */
bool icws_candid_step(struct icws_candid_reader *reader, uint64_t count);

/*
 * Looking up a checked table.  icws_candid_entry returns the constructor of |type|, an index of the
 * table, and stores the offset of what follows it.  The next functions read there and move
 * |*offset|: a number, a reference to a type.
 */
int icws_candid_entry(const struct icws_candid_reader *reader, int type, size_t *offset);
uint64_t icws_candid_entry_number(const struct icws_candid_reader *reader, size_t *offset);
int icws_candid_entry_type(const struct icws_candid_reader *reader, size_t *offset);

#endif

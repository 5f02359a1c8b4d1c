/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_CURSOR_H
#define ICWS_BASE_CANDID_CURSOR_H

#include <icws/candid.h>

/*
 * The cursor of a reader: what moves over the bytes of a message, for all that read them.
 *
 * The take functions read at the reader's offset and move it; they return false after making the
 * reader fail, and when it has failed before.
 */
bool icws_candid_take_number(struct icws_candid_reader *reader, uint64_t *value);
bool icws_candid_take_bytes(struct icws_candid_reader *reader, uint64_t len,
                            struct icws_bytes *bytes);
bool icws_candid_take_text(struct icws_candid_reader *reader, struct icws_bytes *utf8);

/* icws_candid_take_leb takes a LEB128 number of either kind and of any size, as its bytes. */
bool icws_candid_take_leb(struct icws_candid_reader *reader, struct icws_bytes *leb);

/* icws_candid_take_fixed takes a number of |size| bytes, the lowest first; icws_candid_take_signed one
 * in two's complement. */
bool icws_candid_take_fixed(struct icws_candid_reader *reader, unsigned size, uint64_t *bits);
bool icws_candid_take_signed(struct icws_candid_reader *reader, unsigned size, int64_t *value);

/* References: only those that are given by their bytes. */
bool icws_candid_take_principal(struct icws_candid_reader *reader, struct icws_bytes *principal);
bool icws_candid_take_func(struct icws_candid_reader *reader, struct icws_bytes *service,
                           struct icws_bytes *method);

/* icws_candid_take_vec_count takes the count of a vec whose items are of |item_constructor|.  It is
 * checked against the bytes left, and against the steps left where items may take no bytes. */
bool icws_candid_take_vec_count(struct icws_candid_reader *reader, int item_constructor,
                                uint64_t *count);

/* icws_candid_fixed_size returns the size of values of the primitive |type| if they are all of one
 * size, and all valid; else 0. */
unsigned icws_candid_fixed_size(int type);

/* icws_candid_limit is icws_candid_fail with ICWS_ERR_LIMIT. */
enum icws_error icws_candid_limit(struct icws_candid_reader *reader, const char *reason);

/* icws_candid_step takes |count| steps off those that are left; false if they do not suffice. */
bool icws_candid_step(struct icws_candid_reader *reader, uint64_t count);

/* icws_candid_skip_at is icws_candid_skip at |depth|. */
enum icws_error icws_candid_skip_at(struct icws_candid_reader *reader, int type, unsigned depth);

/*
 * icws_candid_skip_refused goes back to |offset|, where a value of |type| was refused, forgets that
 * error and skips the value.  What is refused is either malformed or of another type: skipping, which
 * checks the form of all that it passes, tells which.  The bytes cost steps, lest values in many opts
 * within each other be passed over once for each opt.
 */
enum icws_error icws_candid_skip_refused(struct icws_candid_reader *reader, size_t offset, int type,
                                         unsigned depth);

#endif

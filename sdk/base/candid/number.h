/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_NUMBER_H
#define ICWS_BASE_CANDID_NUMBER_H

#include <icws/candid_value.h>

/*
 * nat and int of any size, up to ICWS_CANDID_NUMBER_MAX_BYTES, as icws/candid_value.h keeps them.
 * Each function that makes one sets |count| and |as| of |value|, whose |type| is
 * ICWS_CANDID_NAT or ICWS_CANDID_INT before; bytes go to |arena|.
 */

/* icws_candid_number_from_leb reads one LEB128 number, signed or not, which may be an unsigned one
 * also for an int: |leb| ends where it does.  Returns ICWS_OK, ICWS_ERR_LIMIT, or the arena's error.
 */
ICWS_NODISCARD enum icws_error icws_candid_number_from_leb(struct icws_candid_value *value,
                                                           struct icws_bytes leb,
                                                           bool leb_is_signed,
                                                           struct icws_arena *arena);

/* icws_candid_number_put_leb appends the shortest encoding. */
void icws_candid_number_put_leb(const struct icws_candid_value *value, struct icws_buf *out);

/* icws_candid_number_from_digits reads digits of base |base| (10 or 16), of either case, between
 * which there may be single underscores.  Returns ICWS_OK; ICWS_ERR_CANDID for other characters, or a
 * nat below zero (-0 is 0); ICWS_ERR_LIMIT; or the arena's error. */
ICWS_NODISCARD enum icws_error
icws_candid_number_from_digits(struct icws_candid_value *value, bool negative,
                               struct icws_bytes digits, unsigned base, struct icws_arena *arena);

/* icws_candid_integer_from_digits is icws_candid_number_from_digits for all integer types; a number
 * that is not of |value|'s type is ICWS_ERR_CANDID. */
ICWS_NODISCARD enum icws_error
icws_candid_integer_from_digits(struct icws_candid_value *value, bool negative,
                                struct icws_bytes digits, unsigned base, struct icws_arena *arena);

/* icws_candid_integer_is_signed tells whether the integer type |type| has negative numbers. */
bool icws_candid_integer_is_signed(int type);

/* icws_candid_number_put_decimal appends the digits, after a '-' if it is negative. */
void icws_candid_number_put_decimal(const struct icws_candid_value *value, struct icws_buf *out);

#endif

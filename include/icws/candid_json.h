/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_JSON_H
#define ICWS_CANDID_JSON_H

#include <icws/arena.h>
#include <icws/bytes.h>
#include <icws/candid_text.h>
#include <icws/candid_types.h>
#include <icws/candid_value.h>
#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * Candid values as JSON, both ways, without loss: a value written and read at its type is the same,
 * but for the bits of a NaN.  (In libicws-net: it needs a JSON library.)
 *
 *   null, reserved      null
 *   bool                true, false
 *   integers            a number if it is between -(2^53 - 1) and 2^53 - 1, which every reader of
 *                       JSON keeps; else a string of its digits.  Either is read.
 *   float32, float64    a number with a point or an exponent, that of a float32 exactly as a double
 *                       has it; "NaN", "Infinity", "-Infinity".  Integers are read, too (but -0, which
 *                       JSON libraries take for 0: it must be -0.0).
 *   text                a string
 *   vec nat8 (blob)     a string of hex digits.  An array of numbers is read, too.
 *   principal, service  a string: the principal's text
 *   func                {"service": principal's text, "method": name}
 *   opt                 null, or the value; where the value itself can be null (its type is opt,
 *                       null or reserved): null, or an array with the value in it
 *   vec                 an array
 *   record              an object; a record whose ids are 0, 1, 2 … an array.  Fields of type opt,
 *                       null and reserved may be left out in what is read, at the end of an array;
 *                       unknown ones may not be there.
 *   variant             an object with one member.  A string is read as the case with null.
 *
 * Members of objects have the names that the types know, else the ids in decimal digits; also where
 * the name is all digits, or has a NUL in it.  Names and ids both are read, whatever the types
 * know, but none twice.
 */

/*
 * icws_candid_to_json appends |value| as compact JSON: one line of ASCII and UTF-8, in which the
 * characters that act on a terminal (icws_utf8_acts) are escaped.
 *
 * Returns ICWS_OK; ICWS_ERR_INVALID_ARGUMENT if a value is not of its type; ICWS_ERR_LIMIT if
 * values are nested more deeply than ICWS_CANDID_MAX_DEPTH; or the error of |out|, which is as
 * before after a failure, but for its own error.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_to_json(const struct icws_candid_types *types, const struct icws_candid_value *value,
                    struct icws_buf *out);

/* icws_candid_args_to_json appends an array of the arguments.  Returns as icws_candid_to_json does.
 * */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_args_to_json(const struct icws_candid_args *args, struct icws_buf *out);

/*
 * icws_candid_from_json reads |json|, one JSON value, at the type |type| of |types|.  The value
 * goes to |arena|, all of it: |json| may go away.  The tree that the JSON library makes meanwhile
 * comes from that library's allocator (malloc, unless the program has set another), has up to about
 * 100 times |json|.len bytes, and is gone when the call returns.
 *
 * Returns ICWS_OK; ICWS_ERR_CANDID for what is no JSON (|failure| has line and column, and |*spot|,
 * if not NULL, is the last character that was read) or does not fit the type (|failure| says where
 * in the value, as in ".items[3].id: expected nat8, found 256"; |*spot| is all zero then);
 * ICWS_ERR_LIMIT for nesting (ICWS_CANDID_MAX_DEPTH values, 2048 arrays and objects), for
 * ICWS_CANDID_NUMBER_MAX_BYTES, and for the limit of |arena|; ICWS_ERR_NOMEM.  After a failure the
 * arena holds nothing of use, and if it failed itself, it fails until it is cleared.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_from_json(struct icws_bytes json, const struct icws_candid_types *types, int type,
                      struct icws_arena *arena, struct icws_candid_value *value,
                      struct icws_candid_spot *spot, struct icws_failure *failure);

ICWS_END_DECLS

#endif

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
 * Candid values as JSON, both ways, without loss: a value written and read at its type is the same.
 * (In libicws-net: it needs a JSON library.)
 *
 *   null, reserved      null
 *   bool                true, false
 *   integers            a number if it is between -(2^53 - 1) and 2^53 - 1, which every reader of
 *                       JSON keeps; else a string of its digits.  Either is read.
 *   float32, float64    a number; "NaN", "Infinity", "-Infinity"
 *   text                a string
 *   vec nat8 (blob)     a string of hex digits.  An array of numbers is read, too.
 *   principal, service  a string: the principal's text
 *   func                {"service": principal's text, "method": name}
 *   opt                 null, or the value; where the value itself can be null (its type is opt,
 *                       null or reserved): null, or an array with the value in it
 *   vec                 an array
 *   record              an object; a record whose ids are 0, 1, 2 … an array.  Fields that may be
 *                       left out in Candid may be left out in what is read; unknown ones may not be
 *                       there.
 *   variant             an object with one member.  A string is read as the case with null.
 *
 * Members of objects have the names that the types know, else the ids in decimal digits.
 */

/* icws_candid_to_json appends |value| as compact JSON: one line, ASCII and UTF-8.  Returns ICWS_OK,
 * ICWS_ERR_LIMIT if values are nested more deeply than ICWS_CANDID_MAX_DEPTH, ICWS_ERR_NOMEM, or the
 * error of |out|. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_to_json(const struct icws_candid_types *types, const struct icws_candid_value *value,
                    struct icws_buf *out);

/* icws_candid_args_to_json appends an array of the arguments. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_args_to_json(const struct icws_candid_args *args, struct icws_buf *out);

/*
 * icws_candid_from_json reads |json|, one JSON value, at the type |type| of |types|.  The value goes
 * to |arena|.  Returns ICWS_OK; ICWS_ERR_CANDID for what is no JSON (|failure| has line and column,
 * and |*spot|, if not NULL, is where) or does not fit the type (|failure| says where in the value, as
 * in ".items[3].id", and what was expected; |*spot| is all zero then); ICWS_ERR_LIMIT;
 * ICWS_ERR_NOMEM.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_from_json(struct icws_bytes json, const struct icws_candid_types *types, int type,
                      struct icws_arena *arena, struct icws_candid_value *value,
                      struct icws_candid_spot *spot, struct icws_failure *failure);

ICWS_END_DECLS

#endif

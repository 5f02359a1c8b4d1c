/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_TEXT_H
#define ICWS_CANDID_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <icws/arena.h>
#include <icws/bytes.h>
#include <icws/candid_types.h>
#include <icws/candid_value.h>
#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * Candid as text: values (Candid specification, "Values") and types.
 *
 * Text is ASCII or UTF-8.  What is printed holds no control characters, nor others that act on a
 * terminal: they are escaped, whoever wrote them.
 */

/* Where in a text something is: |offset| counts bytes from 0; |line| and |column| (in characters)
 * from 1. */
struct icws_candid_spot {
  size_t offset;
  size_t line;
  size_t column;
};

enum icws_candid_layout {
  ICWS_CANDID_ONE_LINE,
  ICWS_CANDID_PRETTY, /* one field, case or item a line, indented by two, where one line would be
                         longer than ICWS_CANDID_PRETTY_WIDTH */
};

#define ICWS_CANDID_PRETTY_WIDTH 80

/*
 * icws_candid_print appends the arguments as text, with the parentheses around them:
 * (record { text = "hi"; timestamp = 1 : nat64 }).  icws_candid_print_value appends one value.
 *
 * Fields and cases have their names where the types know them, else their ids.  Numbers but int and
 * float64 say their type.  A record whose ids are 0, 1, 2 … is written without them.  A float that
 * is not a number is NaN, inf or -inf, which the specification has no words for; icws_candid_parse
 * reads them.
 *
 * icws_candid_parse reads the same from it at the same types.  icws_candid_parse_any may read
 * another type from it, or refuse it: null says of which opt it is as little as a case says which
 * others the variant has.
 *
 * Values must be of their types.  Returns ICWS_OK; ICWS_ERR_LIMIT if they are nested more deeply
 * than ICWS_CANDID_MAX_DEPTH; ICWS_ERR_INVALID_ARGUMENT for a principal, or a service, of more than
 * ICWS_PRINCIPAL_MAX_BYTES; or the error of |out|.  Each of these is the error of |out| from then
 * on, and a part of the text may be in it.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_print(const struct icws_candid_args *args,
                                                             enum icws_candid_layout layout,
                                                             struct icws_buf *out);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_print_value(const struct icws_candid_types *types,
                        const struct icws_candid_value *value, enum icws_candid_layout layout,
                        struct icws_buf *out);

/*
 * icws_candid_parse reads arguments, as in (1, "x"), at the |count| types |expected| of |types|. As
 * when a message is read, arguments and fields of type opt, null or reserved may be left out,
 * anything may be given for reserved, and a value stands for opt of itself (but not where it might
 * be the opt's own null: for opt opt, opt null and opt reserved).  Other than there, nothing may be
 * given that is not expected.  Integers are floats, too; a number beyond the greatest float is
 * refused.  An annotated value must be of the annotation's type, which must be a subtype of what is
 * expected.
 *
 * icws_candid_parse_any reads them without knowing their types: numbers without annotation are int,
 * or float64 with a point or exponent; an opt, vec, record or variant is of the type that its parts
 * make (all items of a vec are of the type of the first, vec {} is vec empty); a service is service
 * {}, a func is func () -> ().  The types are added to |types|, in which annotations may name
 * definitions.
 *
 * The values go to |arena|, text of them included: |text| may go away.  Meanwhile up to about twice
 * the arena's limit more, and a copy of |types|, may come from its allocator.
 *
 * Returns ICWS_OK; ICWS_ERR_CANDID for what is no Candid text or does not fit the type: |failure|
 * says what was expected, with line and column, and |*spot|, if not NULL, where; ICWS_ERR_LIMIT for
 * nesting, numbers and the arena's limit; ICWS_ERR_NOMEM.  After a failure the arena holds nothing
 * of use, and if it failed itself, it fails until it is cleared; |types| of icws_candid_parse_any
 * may have types that nothing refers to.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_parse(struct icws_bytes text, const struct icws_candid_types *types,
                  const int *expected, size_t count, struct icws_arena *arena,
                  struct icws_candid_args *args, struct icws_candid_spot *spot,
                  struct icws_failure *failure);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_parse_any(struct icws_bytes text, struct icws_candid_types *types,
                      struct icws_arena *arena, struct icws_candid_args *args,
                      struct icws_candid_spot *spot, struct icws_failure *failure);

/*
 * icws_candid_print_type appends |type|: the name of its definition, if it has one and |by_name|,
 * else its structure, in which defined types stand by their names.
 *
 * Returns ICWS_OK; ICWS_ERR_LIMIT for a type that is nested more deeply than ICWS_CANDID_MAX_DEPTH
 * (one that holds itself needs a name, from icws_candid_types_define) or that has more than
 * ICWS_CANDID_PRINT_STEPS parts when it is written out; ICWS_ERR_UNSUPPORTED for a future type, for
 * which there are no words; or the error of |out|.  Each of these is the error of |out| from then
 * on, and a part of the text may be in it.
 */
#define ICWS_CANDID_PRINT_STEPS 1000000
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_print_type(const struct icws_candid_types *types, int type, bool by_name,
                       enum icws_candid_layout layout, struct icws_buf *out);

/*
 * icws_candid_parse_types reads types in parentheses, as in (nat, opt text, Message), and stores up
 * to |capacity| of them in |parsed| and their number in |*count|.  They may have names, as
 * arguments do, which are passed over.  New types are added to |types|; the names of types are
 * those that it defines.  |text| may go away.  Returns as icws_candid_parse does; more than
 * |capacity| is ICWS_ERR_LIMIT.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_parse_types(struct icws_bytes text, struct icws_candid_types *types, int *parsed,
                        size_t capacity, size_t *count, struct icws_candid_spot *spot,
                        struct icws_failure *failure);

ICWS_END_DECLS

#endif

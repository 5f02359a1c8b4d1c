/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_SYNTAX_H
#define ICWS_BASE_CANDID_SYNTAX_H

#include "candid/lexer.h"

/*
 * Types as they are written (Candid specification, "Core Grammar"): trees in the lexer's arena, whose
 * names borrow from the text.  What a name means is for candid/type_parse.h.
 *
 * Shorthands are undone, and what one type alone can tell is checked: no two fields of one id, no two
 * methods or arguments of one name, annotations.
 */
#define ICWS_CANDID_NAMED 0 /* the constructor of a type that is given by a name */

#define ICWS_CANDID_SYNTAX_MAX_BYTES ((size_t)64 << 20) /* for an arena with trees */

struct icws_candid_syntax;

/* A field, case, argument, result or method. */
struct icws_candid_syntax_member {
  struct icws_candid_syntax_member *next;
  size_t at; /* in the text */
  uint32_t id;
  struct icws_bytes name; /* |data| is NULL where there is none */
  struct icws_candid_syntax *type;
};

struct icws_candid_syntax_members {
  struct icws_candid_syntax_member *first;
  struct icws_candid_syntax_member **last; /* where the next one is put */
  size_t count;
};

struct icws_candid_syntax {
  size_t at;
  int constructor;                           /* a primitive, a constructor, or ICWS_CANDID_NAMED */
  struct icws_bytes name;                    /* of ICWS_CANDID_NAMED */
  struct icws_candid_syntax *item;           /* of opt and vec */
  struct icws_candid_syntax_members members; /* of record, variant and service; arguments of func */
  struct icws_candid_syntax_members results;
  unsigned annotations;
};

/* icws_candid_syntax_type reads a type.  |depth| is how deep it is nested already.  The failures of
 * these functions are the lexer's. */
bool icws_candid_syntax_type(struct icws_candid_lexer *lexer, unsigned depth,
                             struct icws_candid_syntax **type);

/* icws_candid_syntax_service reads the methods of a service, in braces. */
bool icws_candid_syntax_service(struct icws_candid_lexer *lexer, unsigned depth,
                                struct icws_candid_syntax **service);

/* icws_candid_syntax_args reads arguments in parentheses, which may have names. */
bool icws_candid_syntax_args(struct icws_candid_lexer *lexer, unsigned depth,
                             struct icws_candid_syntax_members *args);

/* icws_candid_syntax_named makes a type of the word |word|: the primitive of that name, or
 * ICWS_CANDID_NAMED. */
bool icws_candid_syntax_named(struct icws_candid_lexer *lexer, size_t at, struct icws_bytes word,
                              struct icws_candid_syntax **type);

#endif

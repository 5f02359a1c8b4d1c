/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_TYPE_PARSE_H
#define ICWS_BASE_CANDID_TYPE_PARSE_H

#include "candid/syntax.h"

/*
 * From types as they are written to a table.  The failures of these functions are the lexer's.
 */

/* A definition as it is written: type |name| = |type|. */
struct icws_candid_written {
  struct icws_candid_written *next;
  size_t at;
  struct icws_bytes name;
  struct icws_candid_syntax *type;
  int number;      /* in the table, once it is known */
  int constructor; /* of that, or a primitive */
  int state;       /* private */
};

/* The definitions of a file, which may refer to each other and to those of |types|. */
struct icws_candid_scope {
  struct icws_candid_lexer *lexer;
  struct icws_candid_types *types;
  struct icws_candid_written *first;
  struct icws_candid_written **last;
  size_t count;
  struct icws_candid_written **by_name; /* once they are resolved */
};

void icws_candid_scope_init(struct icws_candid_scope *scope, struct icws_candid_lexer *lexer,
                            struct icws_candid_types *types);

/* icws_candid_scope_take reads a definition, after its "type". */
bool icws_candid_scope_take(struct icws_candid_scope *scope);

/* icws_candid_scope_resolve adds the definitions to the table.  After it, types can be built. */
bool icws_candid_scope_resolve(struct icws_candid_scope *scope);

/* icws_candid_scope_build stores the number of |syntax| in the table, to which it is added. */
bool icws_candid_scope_build(struct icws_candid_scope *scope,
                             const struct icws_candid_syntax *syntax, int *type);

/* icws_candid_scope_build_args adds a function that takes |args|: a table has no other place for
 * arguments. */
bool icws_candid_scope_build_args(struct icws_candid_scope *scope,
                                  const struct icws_candid_syntax_members *args, int *func);

/* icws_candid_lexer_take_type reads a type whose names |types| defines, and adds it there. */
bool icws_candid_lexer_take_type(struct icws_candid_lexer *lexer, struct icws_candid_types *types,
                                 int *type);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_NAMES_H
#define ICWS_TOOLS_BIND_NAMES_H

#include <icws/arena.h>
#include <icws/bytes.h>

/* C identifiers for Candid's names.  Strings live in the arena, whose failures stick: a name then is
 * an empty string. */

/* bind_snake_case returns |name| in lower case, with _ between its words and for every run of what
 * an identifier cannot hold, but none at its start: AppMessage is app_message.  A name of which
 * nothing is left, or that starts with a digit, is its field id after n_. */
const char *bind_snake_case(struct icws_arena *arena, struct icws_bytes name);

/* bind_upper_case returns |name| in capitals. */
const char *bind_upper_case(struct icws_arena *arena, const char *name);

/* bind_member_name returns |name|, with a _ after it if it is a keyword of C or C++, or a macro that
 * compilers or their headers define. */
const char *bind_member_name(struct icws_arena *arena, const char *name);

/* bind_is_plain tells whether |name| is made of letters, digits and _ alone: so that it may stand in
 * a comment as it is. */
bool bind_is_plain(struct icws_bytes name);

/* A scope: the names in it differ. */
#define BIND_SCOPE_BUCKETS 64

struct bind_name {
  const char *text;
  struct bind_name *next;
};

struct bind_scope {
  struct bind_name *buckets[BIND_SCOPE_BUCKETS];
};

/* bind_scope_add adds |wanted|, or else the first of |wanted|_2, |wanted|_3 … that is not there yet,
 * and returns which. */
const char *bind_scope_add(struct bind_scope *scope, struct icws_arena *arena, const char *wanted);

#endif

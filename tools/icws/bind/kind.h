/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_KIND_H
#define ICWS_TOOLS_BIND_KIND_H

#include "plan.h"

/* How a type is held in C. */
enum bind_kind {
  BIND_NOTHING, /* not at all: null, reserved, empty, and what holds nothing else */
  BIND_PLAIN,   /* as a type of C or of the library */
  BIND_OPT,    /* as a pointer, which is NULL for null; as a bool where it would point to nothing */
  BIND_STRUCT, /* as a struct of its own */
};

/* bind_find_contents finds which records hold nothing, before all else.  It sets |plan->too_deep| if
 * they hold each other too deeply. */
void bind_find_contents(struct bind_plan *plan);

enum bind_kind bind_kind_of(const struct bind_plan *plan, int type);

/* bind_is_nothing tells whether |type| is a BIND_NOTHING. */
bool bind_is_nothing(const struct bind_plan *plan, int type);

/* bind_is_impossible tells whether |type|, which is nothing, has no values at all. */
bool bind_is_impossible(const struct bind_plan *plan, int type);

/* bind_behind_opts returns what |type| is, or what stands behind it if it is a BIND_OPT. */
int bind_behind_opts(const struct bind_plan *plan, int type);

/* bind_opt_item returns what the opt |type| holds. */
int bind_opt_item(const struct bind_plan *plan, int type);

/* bind_opt_is_bool tells whether the opt |type| holds nothing. */
bool bind_opt_is_bool(const struct bind_plan *plan, int type);

/* bind_c_type returns how a variable of |type| is declared, up to its name: as in "uint64_t " or
 * "const struct icws_bytes *".  It lives in the plan's arena. */
const char *bind_c_type(struct bind_plan *plan, int type);

/* bind_c_pointer does so of a pointer to constants of |type|. */
const char *bind_c_pointer(struct bind_plan *plan, int type);

#endif

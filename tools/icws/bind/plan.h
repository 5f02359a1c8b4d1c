/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_PLAN_H
#define ICWS_TOOLS_BIND_PLAN_H

#include <icws/candid_interface.h>

#include "names.h"

/* What C an interface becomes: which types are structs, their names and members, the order in which
 * they are defined, and which messages have functions. */

enum bind_shape {
  BIND_RECORD, /* also the arguments or results of a method */
  BIND_VARIANT,
  BIND_VEC,
  BIND_LOOP, /* an opt that holds itself, through opts alone */
};

struct bind_member {
  const char *name;
  const char *constant; /* of a variant: what its tag is */
  const char *path;     /* what a struct in it is called */
  int type;
  bool boxed; /* behind a pointer: else the struct would be part of itself */
};

enum bind_state { BIND_NEW, BIND_OPEN, BIND_PLACED };

struct bind_struct {
  const char *name;         /* without the prefix */
  struct icws_bytes candid; /* the name of its definition; empty if it has none */
  enum bind_shape shape;
  const char *tag;             /* of a variant: what the enum of its tags is called, likewise */
  struct bind_member *members; /* of a record or variant, nothing included */
  size_t member_count;
  int item;              /* of a vec or loop */
  bool is_args;          /* it is the arguments or results of a method */
  bool is_cyclic;        /* a value may hold further ones of it */
  bool needs_arena;      /* decoding one allocates */
  enum bind_state state; /* private, like what follows: for putting them in order */
  unsigned visited;      /* the walk that saw it last */
};

/* What has functions to encode and decode it: a definition, or a method's arguments or results. */
struct bind_message {
  const char *name;
  const struct bind_struct *args; /* NULL for a definition, and where there is nothing to hold */
  int *types;                     /* of the arguments */
  size_t count;
  bool is_definition; /* |types[0]| it is */
};

struct bind_plan {
  const struct icws_candid_types *types;
  const char *prefix;
  struct icws_arena arena;
  struct bind_struct **by_type; /* NULL where a type is no struct, or is not needed */
  struct bind_struct **structs; /* in the order in which they are defined */
  size_t struct_count;
  struct bind_message *messages;
  size_t message_count;
  bool too_deep;

  /* private */
  struct bind_scope globals;
  struct bind_scope constants;
  uint8_t *contents; /* by type: what is known of whether it is nothing */
  struct bind_struct **found;
  size_t found_count;
  unsigned walk;
};

/* bind_plan_init makes the plan.  Returns ICWS_OK, ICWS_ERR_LIMIT or ICWS_ERR_NOMEM; in any case
 * bind_plan_wipe must follow. */
ICWS_NODISCARD enum icws_error bind_plan_init(struct bind_plan *plan,
                                              const struct icws_candid_interface *interface,
                                              const char *prefix);
void bind_plan_wipe(struct bind_plan *plan);

#endif

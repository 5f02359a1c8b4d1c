/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_ARGUMENT_H
#define ICWS_CLI_ARGUMENT_H

#include <stdbool.h>

#include <icws/candid_types.h>

#include "method.h"

/* What a method is called with, as the command line gives it. */
struct icws_argument {
  const char *word; /* the operand, or "-" for standard input; NULL: none */
  const char *file; /* --file; NULL: none */
  bool hex;         /* --hex: it is a message, not values as text */
};

/*
 * icws_argument_read appends to |out| the message of |argument|, if that is one, or the text; without
 * an operand or file the text "()".  Complains as |program|; returns an exit status.
 *
 * icws_argument_encode appends the message of |text| to |out|: at the types of |method|, which are of
 * |types|, or, if |method| is NULL, at those that the text says itself, for which |types| may name
 * types.  Complains as |program|, with the place; returns an exit status.
 */
int icws_argument_read(const struct icws_argument *argument, const char *program,
                       struct icws_buf *out);
int icws_argument_encode(struct icws_bytes text, const char *program,
                         struct icws_candid_types *types, const struct icws_method *method,
                         struct icws_buf *out);

#endif

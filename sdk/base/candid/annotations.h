/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_ANNOTATIONS_H
#define ICWS_BASE_CANDID_ANNOTATIONS_H

#include "candid/lexer.h"

/*
 * The annotations of values in a text: "value : type".  A type stands behind the value that it helps
 * to read, so that all are looked for beforehand, in one go.
 */
struct icws_candid_value_annotation {
  size_t value; /* where the value starts */
  size_t colon;
  bool known; /* the type has been read: */
  int type;
  size_t end; /* where what follows it starts */
};

/* As many brackets as there may be open in a text that can be read: around values, and around types
 * in them. */
#define ICWS_CANDID_OPEN_MAX (3 * ICWS_CANDID_MAX_DEPTH)

struct icws_candid_annotations {
  struct icws_candid_value_annotation *list; /* by increasing |value| */
  size_t count;
};

/* icws_candid_annotations_find finds those of the rest of |lexer|'s text, and puts them into its
 * arena.  It does not mind malformed text: whoever reads that will come upon it.  Returns ICWS_OK or
 * the error of the arena. */
enum icws_error icws_candid_annotations_find(struct icws_candid_annotations *annotations,
                                             const struct icws_candid_lexer *lexer);

/* icws_candid_annotation_of returns the annotation of the value that starts at |value|, or NULL. */
struct icws_candid_value_annotation *
icws_candid_annotation_of(const struct icws_candid_annotations *annotations, size_t value);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_LINE_H
#define ICWS_BASE_CANDID_LINE_H

#include <icws/candid_value.h>

/* Values as text on one line, and what they are made of, for those who lay them out otherwise. */

/* Where a value stands: with or without room for an annotation.  Where there is none, an annotated
 * value is put in parentheses (Candid specification, "Values": <val> and <annval>). */
enum icws_candid_place {
  ICWS_CANDID_ANNOTATED,
  ICWS_CANDID_PLAIN,
};

/* What stands in braces: the items of a vec, the fields of a record, the case of a variant. */
struct icws_candid_members {
  const char *word;
  const struct icws_candid_value *values;
  size_t count;
  const struct icws_candid_field_type *labels; /* NULL: there are none */
  bool bare;                                   /* a case with null: its label says it all */
};

enum icws_candid_shape {
  ICWS_CANDID_SHAPE_LEAF,
  ICWS_CANDID_SHAPE_OPT, /* that is not null */
  ICWS_CANDID_SHAPE_MEMBERS,
};

/* icws_candid_find_members tells what |value| is made of, and stores its members if it has any. */
enum icws_candid_shape icws_candid_find_members(const struct icws_candid_types *types,
                                                const struct icws_candid_value *value,
                                                struct icws_candid_members *members);

/* icws_candid_put_label appends "name = " of the member at |index|: nothing if it has no label. */
void icws_candid_put_label(const struct icws_candid_members *members, size_t index,
                           struct icws_buf *out);

/* icws_candid_put_value appends |value|, which is within |depth| others.  |out| fails with
 * ICWS_ERR_LIMIT where more than ICWS_CANDID_MAX_DEPTH are nested, and with
 * ICWS_ERR_INVALID_ARGUMENT for a principal that is none. */
void icws_candid_put_value(const struct icws_candid_types *types,
                           const struct icws_candid_value *value, enum icws_candid_place place,
                           unsigned depth, struct icws_buf *out);

/* icws_candid_may_nest tells whether there may be a value within |depth| others, and fails |out| if
 * not. */
bool icws_candid_may_nest(unsigned depth, struct icws_buf *out);

#endif

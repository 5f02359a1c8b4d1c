/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_JSON_PLACE_H
#define ICWS_JSON_PLACE_H

#include <stddef.h>

#include <icws/bytes.h>

/*
 * A place in a JSON value: the steps that lead to it, the last one first, each in the stack frame of
 * the function that took it.
 */
enum icws_json_step {
  ICWS_JSON_STAY,   /* no step in the JSON: its root, or the value of an opt as it is */
  ICWS_JSON_MEMBER, /* to the member |member| of an object */
  ICWS_JSON_ITEM,   /* to the item |index| of an array */
};

struct icws_json_place {
  const struct icws_json_place *from;
  enum icws_json_step step;
  struct icws_bytes member;
  size_t index;
  unsigned depth; /* of the Candid value, which is 0 for the whole */
};

/* Each makes the place that is one step away from |from|. */
struct icws_json_place icws_json_place_stay(const struct icws_json_place *from);
struct icws_json_place icws_json_place_member(const struct icws_json_place *from,
                                              struct icws_bytes member);
struct icws_json_place icws_json_place_item(const struct icws_json_place *from, size_t index);

#define ICWS_JSON_PLACE_BYTES 128

/* icws_json_place_print writes |place|, as in ".items[3].id", and ": " after it, or nothing for the
 * whole value.  The start of a long one is left out: "...tems[3].id: ". */
void icws_json_place_print(const struct icws_json_place *place, char out[ICWS_JSON_PLACE_BYTES]);

#endif

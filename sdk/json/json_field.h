/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_JSON_FIELD_H
#define ICWS_JSON_FIELD_H

#include <icws/candid_types.h>

/*
 * Fields and cases as members of JSON objects: by name, or by id in decimal digits.
 *
 * A name that is all digits would be taken for an id, and one with a NUL in it is refused by the JSON
 * library: such a field goes by its id, as one without a name does.
 */

#define ICWS_JSON_ID_BYTES 11 /* ten digits and a NUL */

/* icws_json_field_member returns the member that |field| is written as: its name, or digits in
 * |id|. */
struct icws_bytes icws_json_field_member(const struct icws_candid_field_type *field,
                                         char id[ICWS_JSON_ID_BYTES]);

/* icws_json_field_find returns the field of |type| that |member|, which has a NUL behind it, stands
 * for, and stores its index; NULL if there is none. */
const struct icws_candid_field_type *icws_json_field_find(const struct icws_candid_type *type,
                                                          struct icws_bytes member, size_t *index);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_TABLE_TYPES_H
#define ICWS_BASE_CANDID_TABLE_TYPES_H

#include <icws/candid_value.h>

/* icws_candid_table_types adds the types of a message's table, which |reader| has checked, to
 * |types|, which must have none: so each gets the number that it has in the message.  Fields get
 * their names from |names|, if it is not NULL.  Names are copied.  |mem| is used during the call.
 * Returns ICWS_OK, ICWS_ERR_NOMEM or ICWS_ERR_LIMIT. */
ICWS_NODISCARD enum icws_error icws_candid_table_types(const struct icws_candid_reader *reader,
                                                       const struct icws_candid_signature *names,
                                                       const struct icws_mem *mem,
                                                       struct icws_candid_types *types);

#endif

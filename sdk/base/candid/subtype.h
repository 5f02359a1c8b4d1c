/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_SUBTYPE_H
#define ICWS_BASE_CANDID_SUBTYPE_H

#include <icws/candid_types.h>

/* icws_candid_subtype_within is icws_candid_subtype, but takes the steps that it needs off |*steps|,
 * and fails with ICWS_ERR_LIMIT if there are not enough of them. */
ICWS_NODISCARD enum icws_error
icws_candid_subtype_within(uint64_t *steps, const struct icws_candid_types *sub_types, int sub,
                           const struct icws_candid_types *super_types, int super,
                           const struct icws_mem *mem, struct icws_failure *failure);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CORE_RANGES_H
#define ICWS_CORE_RANGES_H

#include <icws/error.h>
#include <icws/hashtree.h>
#include <icws/principal.h>

/*
 * icws_ranges_check decides by a delegation's |tree| whether |subnet| may speak for |canister|.
 *
 * The tree shows the canister ranges of a subnet in shards, below /canister_ranges/<subnet>, or in
 * one flat list, /subnet/<subnet>/canister_ranges.  Where there are shards they decide alone: of
 * those that are visible, the one with the largest label that is not above |canister|.
 *
 * Returns ICWS_OK, ICWS_ERR_CERTIFICATE_RANGE, or ICWS_ERR_CERTIFICATE_DELEGATION if a list is
 * malformed.
 */
ICWS_NODISCARD enum icws_error icws_ranges_check(const struct icws_hashtree *tree,
                                                 const struct icws_principal *subnet,
                                                 const struct icws_principal *canister,
                                                 struct icws_failure *failure);

#endif

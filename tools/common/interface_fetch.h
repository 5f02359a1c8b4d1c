/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_INTERFACE_FETCH_H
#define ICWS_TOOLS_INTERFACE_FETCH_H

#include <icws/principal.h>

#include "common/interface.h"
#include "common/network.h"

#define ICWS_INTERFACE_MAX_BYTES ((size_t)1 << 20) /* what the network keeps of all metadata, too */

/*
 * icws_interface_fetch reads the interface that |canister| publishes as its metadata candid:service,
 * with a certificate.  It is a stranger's text: bounded, and imports nothing.  Waits as
 * icws_network_wait does, says so as |program|, unless that is NULL, if it takes longer than a
 * second, and stores in |*waited| what icws_network_wait returned.  Returns ICWS_OK if the
 * interface was loaded; else |failure| says why not, if |*waited| is 0.  icws_interface_wipe is due
 * in either case.
 */
ICWS_NODISCARD enum icws_error icws_interface_fetch(struct icws_interface *interface,
                                                    struct icws_network *network,
                                                    const struct icws_principal *canister,
                                                    const char *program, uint64_t deadline_ms,
                                                    int *waited, struct icws_failure *failure);

#endif

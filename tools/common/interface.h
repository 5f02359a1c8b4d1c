/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_INTERFACE_H
#define ICWS_TOOLS_INTERFACE_H

#include <icws/candid_interface.h>

/* A canister's interface, with the memory that it lives in. */
struct icws_interface {
  struct icws_candid_types *types; /* NULL: none was loaded */
  struct icws_candid_interface candid;
};

void icws_interface_init(struct icws_interface *interface);
void icws_interface_wipe(struct icws_interface *interface);

/* icws_interface_load reads the .did file |path|; what it imports is looked for beside it.  Complains
 * as |program|, and returns ICWS_EXIT_OK or ICWS_EXIT_OTHER; icws_interface_wipe is due in either
 * case. */
int icws_interface_load(struct icws_interface *interface, const char *program, const char *path);

/* icws_interface_read reads |text|, and imports nothing.  Returns as icws_candid_interface_parse
 * does; after an error there is no interface. */
ICWS_NODISCARD enum icws_error icws_interface_read(struct icws_interface *interface,
                                                   struct icws_bytes text,
                                                   struct icws_failure *failure);

#endif

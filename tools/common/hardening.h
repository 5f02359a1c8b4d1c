/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_HARDENING_H
#define ICWS_TOOLS_HARDENING_H

/* icws_forbid_core_dumps keeps secret keys out of core files, and other processes of the same user
 * out of this one's memory. */
void icws_forbid_core_dumps(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_HARDENING_H
#define ICWS_TOOLS_HARDENING_H

/* icws_forbid_core_dumps keeps secret keys out of core files, and other processes of the same user
 * out of this one's memory. */
void icws_forbid_core_dumps(void);

/* icws_hold_standard_descriptors takes the places of standard input, output and error that were
 * closed, so that no file or connection gets them by accident: using them stays an error.  It comes
 * before anything is opened. */
void icws_hold_standard_descriptors(void);

#endif

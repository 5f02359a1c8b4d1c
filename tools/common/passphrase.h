/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_PASSPHRASE_H
#define ICWS_TOOLS_PASSPHRASE_H

#include <icws/keys.h>

/* icws_passphrase_ask asks on the terminal, without echo, for the passphrase of the key file whose
 * name the `const char *` is that |user_data| points to.  A signal that is caught ends the asking. */
icws_passphrase_fn icws_passphrase_ask;

#endif

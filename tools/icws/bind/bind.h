/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_BIND_H
#define ICWS_TOOLS_BIND_H

#include <icws/candid_interface.h>

/*
 * icws_bind writes C for the types and methods of |interface|: declarations to |header|, which is to
 * become the file |prefix|.h, and definitions to |source|, which includes it.  All names that others
 * see start with |prefix|_; what they are is told at the top of the header.
 *
 * Returns ICWS_OK; ICWS_ERR_INVALID_ARGUMENT if |prefix| is no C identifier of lower-case letters,
 * digits and _ that starts with a letter, or is the library's own icws; ICWS_ERR_LIMIT for types nested more deeply than
 * ICWS_CANDID_MAX_DEPTH, and for messages that no reader would take; ICWS_ERR_NOMEM, or the error of
 * |header| or |source|.
 */
ICWS_NODISCARD enum icws_error icws_bind(const struct icws_candid_interface *interface,
                                         const char *prefix, struct icws_buf *header,
                                         struct icws_buf *source, struct icws_failure *failure);

#endif

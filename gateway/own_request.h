/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_OWN_REQUEST_H
#define ICWS_GATEWAY_OWN_REQUEST_H

#include <icws/bytes.h>
#include <icws/envelope.h>
#include <icws/principal.h>

#include "context.h"

/*
 * Appends to |envelope| a request of the gateway's own, signed with its identity: a query or a call
 * of |method| with the Candid |arg|, which expires in four minutes.  Calls get a random nonce, so
 * that two equal ones are two calls.  Returns ICWS_OK, ICWS_ERR_RANDOM or the buffer's error.
 */
ICWS_NODISCARD enum icws_error own_request_put(struct icws_buf *envelope,
                                               const struct gateway_context *context,
                                               enum icws_request_type type,
                                               const struct icws_principal *canister,
                                               const char *method, struct icws_bytes arg);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_MESSAGE_KINDS_H
#define ICWS_TESTS_MESSAGE_KINDS_H

#include <jansson.h>

#include <icws/message.h>

/*
 * Decodes |candid|.  When that succeeds: if |value| is not NULL it must be what was decoded, and it
 * is encoded into |again|, if that is not NULL.
 */
typedef enum icws_error message_kind_fn(struct icws_bytes candid, const json_t *value,
                                        struct icws_buf *again, struct icws_failure *failure);

/* The kinds of Candid message that tests/vectors/protocol_candid.json names: |name| as there. */
message_kind_fn *message_kind(const char *name); /* NULL: no such kind */

#endif

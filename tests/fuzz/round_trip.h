/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ROUND_TRIP_H
#define ROUND_TRIP_H

#include <stdbool.h>

#include <icws/bytes.h>

/* Decodes |bytes| and, when that succeeds, appends what was decoded to |again|. */
typedef enum icws_error round_trip_fn(struct icws_bytes bytes, struct icws_buf *again,
                                      struct icws_failure *failure);

/*
 * Checks one decoder on any bytes: an error is reported as one; what was decoded, once it is encoded,
 * decodes to the same.  Returns whether |bytes| were decoded.  Aborts the program otherwise.
 */
bool round_trip(round_trip_fn *decode, struct icws_bytes bytes);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_TIMESTAMP_H
#define ICWS_TOOLS_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/* Points in time, in nanoseconds since 1970, UTC. */

#define ICWS_TIMESTAMP_BYTES 40

/* icws_timestamp_format writes RFC 3339 with nine places, as 2023-12-09T17:42:18.049473644Z, and a
 * NUL. */
void icws_timestamp_format(uint64_t ns, char out[ICWS_TIMESTAMP_BYTES]);

/* icws_timestamp_parse reads RFC 3339 (with at most nine places), or a plain number of
 * nanoseconds.  False if |text| is neither. */
bool icws_timestamp_parse(const char *text, uint64_t *ns);

/* icws_timestamp_now asks the system's clock. */
uint64_t icws_timestamp_now(void);

#endif

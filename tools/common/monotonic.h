/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_MONOTONIC_H
#define ICWS_TOOLS_MONOTONIC_H

#include <stdint.h>

/* The clock that deadlines are on. */

/* icws_monotonic_ms returns its time. */
uint64_t icws_monotonic_ms(void);

/* icws_monotonic_sooner returns how long poll may wait: |timeout_ms| (-1: no limit) or until
 * |deadline_ms| (UINT64_MAX: never), whichever is sooner. */
int icws_monotonic_sooner(int timeout_ms, uint64_t deadline_ms);

#endif

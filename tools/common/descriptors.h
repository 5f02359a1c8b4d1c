/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_DESCRIPTORS_H
#define ICWS_TOOLS_DESCRIPTORS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * icws_descriptors_limit sets how many descriptors this process, and its children, may have: to
 * |count|, or to as many as the system permits; false if that is fewer.  It lowers the limit as
 * well as raising it: libwebsockets has tables as long as the limit, which in containers is often a
 * million.
 */
bool icws_descriptors_limit(uint64_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_MEM_METER_H
#define ICWS_TESTS_MEM_METER_H

#include <stddef.h>

#include <icws/mem.h>

/* An allocator that counts bytes.  A block that grows counts twice while it is copied, as where an
 * allocator cannot grow it in place. */
struct mem_meter {
  struct icws_mem mem;
  size_t live; /* bytes in use */
  size_t peak; /* the most that were */
};

void mem_meter_init(struct mem_meter *meter);

#endif

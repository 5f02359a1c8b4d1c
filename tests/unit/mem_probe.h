/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_MEM_PROBE_H
#define ICWS_TESTS_MEM_PROBE_H

#include <stddef.h>

#include <icws/mem.h>

/* An allocator that counts, and that fails from a chosen allocation on. */
struct mem_probe {
  struct icws_mem mem;
  size_t allocations; /* that were asked for */
  size_t live;        /* blocks not released yet */
  size_t fail_from;   /* this allocation, counted from 0, and all later ones fail */
};

/* mem_probe_init makes one that never fails. */
void mem_probe_init(struct mem_probe *probe);

#endif

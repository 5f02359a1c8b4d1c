/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COUNTED_MEMORY_H
#define COUNTED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <icws/mem.h>

/*
 * An allocator that aborts the program when more than COUNTED_MEMORY_MAX_BYTES are in use, which is
 * more than a session with the limits that fuzz_session.c sets and its verifier have a use for; and
 * that fails once when it is told to.
 */
#define COUNTED_MEMORY_MAX_BYTES ((size_t)256 * 1024)

struct counted_memory {
  struct icws_mem hooks;
  size_t live;            /* bytes in use */
  unsigned until_failure; /* the allocation that fails, counted from now; 0: none */
  bool failed;
};

void counted_memory_init(struct counted_memory *memory);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_MEM_H
#define ICWS_MEM_H

#include <stddef.h>

#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * An allocator.  Objects that take one keep the pointer, not a copy: it must outlive them.  NULL
 * stands for the C library's allocator wherever a `const struct icws_mem *` is taken.
 *
 * |reallocate| behaves as realloc does for size > 0: NULL |pointer| allocates, failure returns NULL
 * and leaves the old block alone.  |release| frees; NULL is ignored.  Both get |user_data|.
 */
struct icws_mem {
  void *user_data;
  void *(*reallocate)(void *pointer, size_t size, void *user_data);
  void (*release)(void *pointer, void *user_data);
};

/* icws_mem_default returns the allocator of the C library.  Static, never NULL. */
ICWS_EXPORT const struct icws_mem *icws_mem_default(void);

ICWS_END_DECLS

#endif

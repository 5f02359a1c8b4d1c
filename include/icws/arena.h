/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_ARENA_H
#define ICWS_ARENA_H

#include <stddef.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/mem.h>

ICWS_BEGIN_DECLS

/*
 * Memory that is handed out piece by piece and given back all at once: for trees whose parts live
 * and die together.  The first failure sticks: later allocations return NULL, and icws_arena_error
 * says why, so that a chain of them is checked once at its end.
 *
 * |max| bounds what is handed out; what the allocator is asked for is more, by what lies unused in
 * blocks of at most 64 KB.
 *
 * All members may be read, except |blocks|, which is private; only the functions below write them.
 * An arena belongs to one thread at a time.
 */
struct icws_arena {
  const struct icws_mem *mem;
  size_t max;  /* |used| never grows beyond this; passing it is ICWS_ERR_LIMIT */
  size_t used; /* bytes handed out, each piece rounded up for alignment */
  enum icws_error error;
  struct icws_arena_block *blocks;
};

/* icws_arena_init makes |arena| empty; nothing is allocated yet.  |max| 0 means no limit but
 * SIZE_MAX.  |mem| must outlive the arena; NULL is the C library's. */
ICWS_EXPORT void icws_arena_init(struct icws_arena *arena, size_t max, const struct icws_mem *mem);

/* icws_arena_wipe gives all memory back and leaves an empty arena with the same limit and
 * allocator, and without error.  Nothing is overwritten: no secrets belong here. */
ICWS_EXPORT void icws_arena_wipe(struct icws_arena *arena);

/* icws_arena_clear is icws_arena_wipe, but keeps one block, so that an arena that is used for one
 * message after the other comes to allocate nothing for those that fit into a block: 64 KiB. */
ICWS_EXPORT void icws_arena_clear(struct icws_arena *arena);

/* icws_arena_alloc returns |size| uninitialised bytes, aligned for any type, until the arena is
 * cleared or wiped; NULL after a failure.  Size 0 gives a pointer to nothing, not NULL. */
ICWS_EXPORT void *icws_arena_alloc(struct icws_arena *arena, size_t size);

/* icws_arena_array is icws_arena_alloc for |count| items of |size| bytes, which must not be 0; a
 * product beyond SIZE_MAX is ICWS_ERR_LIMIT. */
ICWS_EXPORT void *icws_arena_array(struct icws_arena *arena, size_t count, size_t size);

/* icws_arena_copy returns a copy of |bytes| that lives in the arena; no bytes after a failure. */
ICWS_EXPORT struct icws_bytes icws_arena_copy(struct icws_arena *arena, struct icws_bytes bytes);

/* icws_arena_error returns ICWS_OK, or the error that sticks: ICWS_ERR_NOMEM or ICWS_ERR_LIMIT. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_arena_error(const struct icws_arena *arena);

ICWS_END_DECLS

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/arena.h>

#include <assert.h>
#include <stdalign.h>
#include <string.h>

#define FIRST_BLOCK_BYTES 256
#define MAX_BLOCK_BYTES ((size_t)64 * 1024) /* of a shared block: bounds what lies unused */
#define ALIGNMENT alignof(max_align_t)

/* The newest block is first; only it has room that is still handed out. */
struct icws_arena_block {
  struct icws_arena_block *next;
  size_t capacity; /* of |bytes| */
  size_t used;
  alignas(max_align_t) uint8_t bytes[];
};

void icws_arena_init(struct icws_arena *arena, size_t max, const struct icws_mem *mem)
{
  *arena = (struct icws_arena){
      .mem = mem != NULL ? mem : icws_mem_default(),
      .max = max != 0 ? max : SIZE_MAX,
      .error = ICWS_OK,
  };
}

/* Releases |block| and all after it. */
static void release(struct icws_arena *arena, struct icws_arena_block *block)
{
  while (block != NULL) {
    struct icws_arena_block *next = block->next;
    arena->mem->release(block, arena->mem->user_data);
    block = next;
  }
}

void icws_arena_wipe(struct icws_arena *arena)
{
  release(arena, arena->blocks);
  icws_arena_init(arena, arena->max, arena->mem);
}

void icws_arena_clear(struct icws_arena *arena)
{
  struct icws_arena_block *kept = arena->blocks;
  if (kept != NULL) {
    release(arena, kept->next);
    kept->next = NULL;
    kept->used = 0;
  }
  icws_arena_init(arena, arena->max, arena->mem);
  arena->blocks = kept;
}

enum icws_error icws_arena_error(const struct icws_arena *arena)
{
  return arena->error;
}

static void *fail(struct icws_arena *arena, enum icws_error error)
{
  if (arena->error == ICWS_OK)
    arena->error = error;
  return NULL;
}

static struct icws_arena_block *new_block(struct icws_arena *arena, size_t capacity)
{
  if (capacity > SIZE_MAX - sizeof(struct icws_arena_block))
    return fail(arena, ICWS_ERR_LIMIT);
  struct icws_arena_block *block =
      arena->mem->reallocate(NULL, sizeof(*block) + capacity, arena->mem->user_data);
  if (block == NULL)
    return fail(arena, ICWS_ERR_NOMEM);
  block->capacity = capacity;
  block->used = 0;
  return block;
}

/* Each block is twice as large as the one before, up to a limit. */
static struct icws_arena_block *add_shared_block(struct icws_arena *arena, size_t size)
{
  size_t capacity = arena->blocks == NULL ? FIRST_BLOCK_BYTES : arena->blocks->capacity * 2;
  if (capacity > MAX_BLOCK_BYTES)
    capacity = MAX_BLOCK_BYTES;
  struct icws_arena_block *block = new_block(arena, capacity > size ? capacity : size);
  if (block != NULL) {
    block->next = arena->blocks;
    arena->blocks = block;
  }
  return block;
}

/* What is large gets a block just large enough, behind the one that still has room: so a large array
 * costs nothing besides. */
static struct icws_arena_block *add_own_block(struct icws_arena *arena, size_t size)
{
  struct icws_arena_block *block = new_block(arena, size);
  if (block != NULL) {
    block->next = arena->blocks->next;
    arena->blocks->next = block;
  }
  return block;
}

static struct icws_arena_block *add_block(struct icws_arena *arena, size_t size)
{
  bool own = size > MAX_BLOCK_BYTES / 4 && arena->blocks != NULL;
  return own ? add_own_block(arena, size) : add_shared_block(arena, size);
}

void *icws_arena_alloc(struct icws_arena *arena, size_t size)
{
  if (arena->error != ICWS_OK)
    return NULL;
  if (size > SIZE_MAX - ALIGNMENT)
    return fail(arena, ICWS_ERR_LIMIT);
  size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (rounded > arena->max - arena->used)
    return fail(arena, ICWS_ERR_LIMIT);
  struct icws_arena_block *block = arena->blocks;
  if (block == NULL || rounded > block->capacity - block->used)
    block = add_block(arena, rounded);
  if (block == NULL)
    return NULL;
  void *start = block->bytes + block->used;
  block->used += rounded;
  arena->used += rounded;
  return start;
}

void *icws_arena_array(struct icws_arena *arena, size_t count, size_t size)
{
  assert(size > 0);
  if (count > SIZE_MAX / size)
    return fail(arena, ICWS_ERR_LIMIT);
  return icws_arena_alloc(arena, count * size);
}

struct icws_bytes icws_arena_copy(struct icws_arena *arena, struct icws_bytes bytes)
{
  uint8_t *copy = icws_arena_alloc(arena, bytes.len);
  if (copy == NULL)
    return icws_bytes_of(NULL, 0);
  if (bytes.len > 0)
    memcpy(copy, bytes.data, bytes.len);
  return icws_bytes_of(copy, bytes.len);
}

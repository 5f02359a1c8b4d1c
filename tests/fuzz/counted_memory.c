/* SPDX-License-Identifier: Apache-2.0 */
#include "counted_memory.h"

#include <stdlib.h>
#include <string.h>

static void must(bool condition)
{
  if (!condition)
    abort();
}

union block {
  size_t size;
  max_align_t aligned;
};

static void give_back(void *pointer, void *user_data)
{
  struct counted_memory *memory = user_data;
  union block *block = pointer;

  if (block == NULL)
    return;
  memory->live -= block[-1].size;
  free(block - 1);
}

/* Every block moves when it grows, so that a stale pointer into it shows. */
static void *take(void *pointer, size_t size, void *user_data)
{
  struct counted_memory *memory = user_data;
  union block *old = pointer;
  union block *block;

  if (memory->until_failure > 0 && --memory->until_failure == 0) {
    memory->failed = true;
    return NULL;
  }
  block = malloc(sizeof *block + size);
  must(block != NULL);
  block->size = size;
  memory->live += size;
  must(memory->live <= COUNTED_MEMORY_MAX_BYTES);
  if (old != NULL)
    memcpy(block + 1, old, old[-1].size < size ? old[-1].size : size);
  give_back(old, memory);
  return block + 1;
}

void counted_memory_init(struct counted_memory *memory)
{
  *memory = (struct counted_memory){.hooks = {memory, take, give_back}};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "mem_meter.h"

#include <stdlib.h>
#include <string.h>

union block {
  size_t size;
  max_align_t aligned;
};

static void release(void *pointer, void *user_data)
{
  struct mem_meter *meter = user_data;
  union block *block = pointer;
  if (block == NULL)
    return;
  meter->live -= block[-1].size;
  free(block - 1);
}

static void *reallocate(void *pointer, size_t size, void *user_data)
{
  struct mem_meter *meter = user_data;
  union block *old = pointer;
  union block *block = malloc(sizeof(*block) + size);
  if (block == NULL)
    return NULL;
  block->size = size;
  meter->live += size;
  if (meter->live > meter->peak)
    meter->peak = meter->live;
  if (old != NULL)
    memcpy(block + 1, old, old[-1].size < size ? old[-1].size : size);
  release(old, meter);
  return block + 1;
}

void mem_meter_init(struct mem_meter *meter)
{
  *meter =
      (struct mem_meter){.mem = {.user_data = meter, .reallocate = reallocate, .release = release}};
}

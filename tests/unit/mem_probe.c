/* SPDX-License-Identifier: Apache-2.0 */
#include "mem_probe.h"

#include <stdint.h>
#include <stdlib.h>

static void *reallocate(void *pointer, size_t size, void *user_data)
{
  struct mem_probe *probe = user_data;
  if (probe->allocations++ >= probe->fail_from)
    return NULL;
  void *result = realloc(pointer, size);
  if (result != NULL && pointer == NULL)
    probe->live++;
  return result;
}

static void release(void *pointer, void *user_data)
{
  struct mem_probe *probe = user_data;
  if (pointer != NULL)
    probe->live--;
  free(pointer);
}

void mem_probe_init(struct mem_probe *probe)
{
  *probe = (struct mem_probe){
      .mem = {.user_data = probe, .reallocate = reallocate, .release = release},
      .fail_from = SIZE_MAX,
  };
}

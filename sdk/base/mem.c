/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/mem.h>

#include <stdlib.h>

static void *default_reallocate(void *pointer, size_t size, void *user_data)
{
  (void)user_data;
  return realloc(pointer, size);
}

static void default_release(void *pointer, void *user_data)
{
  (void)user_data;
  free(pointer);
}

static const struct icws_mem default_mem = {
    .user_data = NULL,
    .reallocate = default_reallocate,
    .release = default_release,
};

const struct icws_mem *icws_mem_default(void)
{
  return &default_mem;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_types.h>

#include <assert.h>
#include <string.h>

#include <icws/arena.h>

#include "candid/words.h"
#include "sort.h"

#define FIRST_CAPACITY 4

/* Entries and definitions are in the arena, so that they stay where they are when the lists of
 * pointers to them grow. */
struct icws_candid_types {
  struct icws_arena arena;
  enum icws_error error;
  struct icws_candid_type **entries;
  size_t count;
  size_t capacity;
  struct icws_candid_definition **definitions; /* as they came */
  struct icws_candid_definition **by_name;     /* in order of their names */
  size_t definition_count;
  size_t definition_capacity;
};

enum icws_error icws_candid_types_new(const struct icws_mem *mem, struct icws_candid_types **types)
{
  if (mem == NULL)
    mem = icws_mem_default();
  struct icws_candid_types *made = mem->reallocate(NULL, sizeof(*made), mem->user_data);
  if (made == NULL)
    return ICWS_ERR_NOMEM;
  *made = (struct icws_candid_types){.error = ICWS_OK};
  icws_arena_init(&made->arena, ICWS_CANDID_TYPES_MAX_BYTES, mem);
  *types = made;
  return ICWS_OK;
}

void icws_candid_types_del(struct icws_candid_types *types)
{
  if (types == NULL)
    return;
  const struct icws_mem *mem = types->arena.mem;
  icws_arena_wipe(&types->arena);
  mem->release(types->entries, mem->user_data);
  mem->release(types->definitions, mem->user_data);
  mem->release(types->by_name, mem->user_data);
  mem->release(types, mem->user_data);
}

const struct icws_mem *icws_candid_types_mem(const struct icws_candid_types *types)
{
  return types->arena.mem;
}

enum icws_error icws_candid_types_error(const struct icws_candid_types *types)
{
  return types->error;
}

static void fail(struct icws_candid_types *types, enum icws_error error)
{
  if (types->error == ICWS_OK)
    types->error = error;
}

/* Fails with what the arena failed with, if it did. */
static bool arena_is_good(struct icws_candid_types *types)
{
  if (icws_arena_error(&types->arena) != ICWS_OK)
    fail(types, icws_arena_error(&types->arena));
  return types->error == ICWS_OK;
}

/* Makes the list of pointers at |*list| as long as |capacity|. */
static bool grow(struct icws_candid_types *types, void *list, size_t capacity)
{
  const struct icws_mem *mem = types->arena.mem;
  void **old;
  memcpy(&old, list, sizeof(old));
  void **grown = mem->reallocate(old, capacity * sizeof(*grown), mem->user_data);
  if (grown == NULL) {
    fail(types, ICWS_ERR_NOMEM);
    return false;
  }
  memcpy(list, &grown, sizeof(grown));
  return true;
}

/* --- Copying a type ---------------------------------------------------------------------------- */

static bool is_known(const struct icws_candid_types *types, int type)
{
  return type < 0 ? icws_candid_is_primitive(type) : (size_t)type < types->count;
}

static struct icws_bytes copy_name(struct icws_candid_types *types, struct icws_bytes name)
{
  return name.data == NULL ? name : icws_arena_copy(&types->arena, name);
}

static struct icws_candid_field_type *copy_fields(struct icws_candid_types *types,
                                                  const struct icws_candid_field_type *fields,
                                                  size_t count)
{
  struct icws_candid_field_type *copy =
      icws_arena_array(&types->arena, count, sizeof(struct icws_candid_field_type));
  for (size_t i = 0; copy != NULL && i < count; i++) {
    copy[i] = fields[i];
    copy[i].name = copy_name(types, fields[i].name);
    if (!is_known(types, fields[i].type))
      fail(types, ICWS_ERR_CANDID);
  }
  return copy;
}

/* Arguments and results, whose ids are their positions, whatever |fields| says. */
static const struct icws_candid_field_type *
copy_positions(struct icws_candid_types *types, const struct icws_candid_field_type *fields,
               size_t count)
{
  struct icws_candid_field_type *copy = copy_fields(types, fields, count);
  for (size_t i = 0; copy != NULL && i < count; i++)
    copy[i].id = (uint32_t)i;
  return copy;
}

static int compare_fields(const void *a, const void *b)
{
  const struct icws_candid_field_type *left = a;
  const struct icws_candid_field_type *right = b;
  return left->id < right->id ? -1 : left->id > right->id;
}

/* Records and variants: by increasing id, none twice. */
static const struct icws_candid_field_type *copy_sorted_fields(struct icws_candid_types *types,
                                                               const struct icws_candid_type *type)
{
  struct icws_candid_field_type *fields = copy_fields(types, type->fields, type->field_count);
  if (fields == NULL)
    return NULL;
  icws_sort(fields, type->field_count, sizeof(*fields), compare_fields);
  for (size_t i = 1; i < type->field_count; i++) {
    if (fields[i - 1].id == fields[i].id)
      fail(types, ICWS_ERR_CANDID);
  }
  return fields;
}

static int compare_methods(const void *a, const void *b)
{
  const struct icws_candid_method_type *left = a;
  const struct icws_candid_method_type *right = b;
  return icws_bytes_compare(left->name, right->name);
}

static const struct icws_candid_method_type *copy_methods(struct icws_candid_types *types,
                                                          const struct icws_candid_type *type)
{
  struct icws_candid_method_type *methods =
      icws_arena_array(&types->arena, type->method_count, sizeof(struct icws_candid_method_type));
  if (methods == NULL)
    return NULL;
  for (size_t i = 0; i < type->method_count; i++) {
    methods[i].type = type->methods[i].type;
    methods[i].name = copy_name(types, type->methods[i].name);
    if (methods[i].type < 0 || !is_known(types, methods[i].type))
      fail(types, ICWS_ERR_CANDID);
  }
  if (!arena_is_good(types))
    return NULL;
  icws_sort(methods, type->method_count, sizeof(*methods), compare_methods);
  for (size_t i = 1; i < type->method_count; i++) {
    if (icws_bytes_compare(methods[i - 1].name, methods[i].name) == 0)
      fail(types, ICWS_ERR_CANDID);
  }
  return methods;
}

static void copy_type(struct icws_candid_types *types, struct icws_candid_type *copy,
                      const struct icws_candid_type *type)
{
  copy->constructor = type->constructor;
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    copy->item = type->item;
    if (!is_known(types, type->item))
      fail(types, ICWS_ERR_CANDID);
    break;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    copy->fields = copy_sorted_fields(types, type);
    copy->field_count = type->field_count;
    break;
  case ICWS_CANDID_FUNC:
    copy->fields = copy_positions(types, type->fields, type->field_count);
    copy->field_count = type->field_count;
    copy->results = copy_positions(types, type->results, type->result_count);
    copy->result_count = type->result_count;
    copy->annotations = type->annotations;
    break;
  case ICWS_CANDID_SERVICE:
    copy->methods = copy_methods(types, type);
    copy->method_count = type->method_count;
    break;
  default:
    assert(type->constructor == ICWS_CANDID_FUTURE);
  }
  (void)arena_is_good(types);
}

/* --- Building ---------------------------------------------------------------------------------- */

int icws_candid_types_reserve(struct icws_candid_types *types)
{
  if (types->error != ICWS_OK)
    return ICWS_CANDID_EMPTY;
  if (types->count == ICWS_CANDID_TYPES_MAX) {
    fail(types, ICWS_ERR_LIMIT);
    return ICWS_CANDID_EMPTY;
  }
  if (types->count == types->capacity) {
    size_t capacity = types->capacity > 0 ? types->capacity * 2 : FIRST_CAPACITY;
    if (!grow(types, &types->entries, capacity))
      return ICWS_CANDID_EMPTY;
    types->capacity = capacity;
  }
  struct icws_candid_type *entry = icws_arena_alloc(&types->arena, sizeof(*entry));
  if (!arena_is_good(types))
    return ICWS_CANDID_EMPTY;
  *entry = (struct icws_candid_type){.constructor = ICWS_CANDID_RECORD};
  types->entries[types->count] = entry;
  return (int)types->count++;
}

void icws_candid_types_set(struct icws_candid_types *types, int reserved,
                           const struct icws_candid_type *type)
{
  if (types->error != ICWS_OK)
    return;
  assert(reserved >= 0 && (size_t)reserved < types->count);
  struct icws_candid_type copy = {.name = types->entries[reserved]->name};
  copy_type(types, &copy, type);
  if (types->error == ICWS_OK)
    *types->entries[reserved] = copy;
}

int icws_candid_types_add(struct icws_candid_types *types, const struct icws_candid_type *type)
{
  int added = icws_candid_types_reserve(types);
  icws_candid_types_set(types, added, type);
  return types->error == ICWS_OK ? added : ICWS_CANDID_EMPTY;
}

int icws_candid_types_opt(struct icws_candid_types *types, int item)
{
  return icws_candid_types_add(
      types, &(struct icws_candid_type){.constructor = ICWS_CANDID_OPT, .item = item});
}

int icws_candid_types_vec(struct icws_candid_types *types, int item)
{
  return icws_candid_types_add(
      types, &(struct icws_candid_type){.constructor = ICWS_CANDID_VEC, .item = item});
}

/* --- Definitions ------------------------------------------------------------------------------- */

/* Where in |by_name| the name is, or would be. */
static size_t find_place(const struct icws_candid_types *types, struct icws_bytes name, bool *found)
{
  size_t low = 0;
  size_t high = types->definition_count;
  *found = false;
  while (low < high && !*found) {
    size_t middle = low + (high - low) / 2;
    int order = icws_bytes_compare(types->by_name[middle]->name, name);
    *found = order == 0;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return high;
}

static bool grow_definitions(struct icws_candid_types *types)
{
  if (types->definition_count < types->definition_capacity)
    return true;
  size_t capacity =
      types->definition_capacity > 0 ? types->definition_capacity * 2 : FIRST_CAPACITY;
  if (!grow(types, &types->definitions, capacity) || !grow(types, &types->by_name, capacity))
    return false;
  types->definition_capacity = capacity;
  return true;
}

void icws_candid_types_define(struct icws_candid_types *types, struct icws_bytes name, int type)
{
  bool found;
  if (types->error != ICWS_OK)
    return;
  size_t place = find_place(types, name, &found);
  if (found || !is_known(types, type)) {
    fail(types, ICWS_ERR_CANDID);
    return;
  }
  if (types->definition_count == ICWS_CANDID_TYPES_MAX) {
    fail(types, ICWS_ERR_LIMIT);
    return;
  }
  struct icws_candid_definition *definition = icws_arena_alloc(&types->arena, sizeof(*definition));
  struct icws_bytes copy = icws_arena_copy(&types->arena, name);
  if (!arena_is_good(types) || !grow_definitions(types))
    return;
  *definition = (struct icws_candid_definition){.name = copy, .type = type};
  if (type >= 0 && types->entries[type]->name.data == NULL)
    types->entries[type]->name = copy;
  memmove(types->by_name + place + 1, types->by_name + place,
          (types->definition_count - place) * sizeof(types->by_name[0]));
  types->by_name[place] = definition;
  types->definitions[types->definition_count++] = definition;
}

bool icws_candid_types_find(const struct icws_candid_types *types, struct icws_bytes name,
                            int *type)
{
  bool found;
  size_t place = find_place(types, name, &found);
  if (found)
    *type = types->by_name[place]->type;
  return found;
}

size_t icws_candid_types_definition_count(const struct icws_candid_types *types)
{
  return types->definition_count;
}

const struct icws_candid_definition *
icws_candid_types_definition(const struct icws_candid_types *types, size_t index)
{
  assert(index < types->definition_count);
  return types->definitions[index];
}

/* --- Looking up -------------------------------------------------------------------------------- */

size_t icws_candid_types_count(const struct icws_candid_types *types)
{
  return types->count;
}

const struct icws_candid_type *icws_candid_types_get(const struct icws_candid_types *types,
                                                     int type)
{
  assert(type >= 0 && (size_t)type < types->count);
  return types->entries[type];
}

int icws_candid_types_constructor(const struct icws_candid_types *types, int type)
{
  return type < 0 ? type : icws_candid_types_get(types, type)->constructor;
}

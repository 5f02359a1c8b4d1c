/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include <icws/arena.h>

#include "candid/table.h"
#include "candid/table_types.h"

/* A walk over an entry of a message's type table, whose form has been checked. */
struct entry {
  const struct icws_candid_reader *reader;
  const struct icws_candid_signature *names; /* or NULL */
  size_t offset;
  struct icws_arena *scratch;
};

static uint64_t next_number(struct entry *entry)
{
  return icws_candid_entry_number(entry->reader, &entry->offset);
}

static int next_type(struct entry *entry)
{
  return icws_candid_entry_type(entry->reader, &entry->offset);
}

/* A count is no greater than the message is long: the table has been checked. */
static size_t next_count(struct entry *entry)
{
  uint64_t count = next_number(entry);
  assert(count <= entry->reader->input.len);
  return (size_t)count;
}

static struct icws_bytes next_bytes(struct entry *entry)
{
  size_t len = next_count(entry);
  struct icws_bytes bytes = icws_bytes_of(entry->reader->input.data + entry->offset, len);
  entry->offset += len;
  return bytes;
}

static struct icws_bytes name_of(const struct entry *entry, uint32_t id)
{
  size_t low = 0;
  size_t high = entry->names == NULL ? 0 : entry->names->name_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct icws_candid_name *name = &entry->names->names[middle];
    if (name->id == id)
      return icws_bytes_text(name->name);
    if (name->id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return icws_bytes_of(NULL, 0);
}

static const struct icws_candid_field_type *next_fields(struct entry *entry, size_t *count)
{
  *count = next_count(entry);
  struct icws_candid_field_type *fields = icws_arena_array(entry->scratch, *count, sizeof(*fields));
  for (size_t i = 0; fields != NULL && i < *count; i++) {
    uint32_t id = (uint32_t)next_number(entry);
    fields[i] = (struct icws_candid_field_type){
        .id = id, .type = next_type(entry), .name = name_of(entry, id)};
  }
  return fields;
}

/* Arguments or results. */
static const struct icws_candid_field_type *next_positions(struct entry *entry, size_t *count)
{
  *count = next_count(entry);
  struct icws_candid_field_type *fields = icws_arena_array(entry->scratch, *count, sizeof(*fields));
  for (size_t i = 0; fields != NULL && i < *count; i++)
    fields[i] = (struct icws_candid_field_type){.id = (uint32_t)i, .type = next_type(entry)};
  return fields;
}

static const struct icws_candid_method_type *next_methods(struct entry *entry, size_t *count)
{
  *count = next_count(entry);
  struct icws_candid_method_type *methods =
      icws_arena_array(entry->scratch, *count, sizeof(*methods));
  for (size_t i = 0; methods != NULL && i < *count; i++) {
    struct icws_bytes name = next_bytes(entry);
    methods[i] = (struct icws_candid_method_type){.name = name, .type = next_type(entry)};
  }
  return methods;
}

/* On the wire annotations are the numbers 1 to 3, here they are bits. */
static unsigned next_annotations(struct entry *entry)
{
  struct icws_bytes numbers = next_bytes(entry);
  unsigned annotations = 0;
  for (size_t i = 0; i < numbers.len; i++)
    annotations |= 1u << (numbers.data[i] - 1);
  return annotations;
}

/* Where memory ran out, what follows has not been reached. */
static void read_func(struct entry *entry, struct icws_candid_type *type)
{
  type->fields = next_positions(entry, &type->field_count);
  if (type->fields == NULL)
    return;
  type->results = next_positions(entry, &type->result_count);
  if (type->results != NULL)
    type->annotations = next_annotations(entry);
}

static void read_entry(struct entry *entry, struct icws_candid_type *type)
{
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    type->item = next_type(entry);
    break;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    type->fields = next_fields(entry, &type->field_count);
    break;
  case ICWS_CANDID_FUNC:
    read_func(entry, type);
    break;
  case ICWS_CANDID_SERVICE:
    type->methods = next_methods(entry, &type->method_count);
    break;
  default:
    break; /* a future type: nothing is known of it */
  }
}

enum icws_error icws_candid_table_types(const struct icws_candid_reader *reader,
                                        const struct icws_candid_signature *names,
                                        const struct icws_mem *mem, struct icws_candid_types *types)
{
  struct icws_arena scratch;
  assert(icws_candid_types_count(types) == 0);
  for (uint32_t i = 0; i < reader->type_count; i++)
    (void)icws_candid_types_reserve(types);
  icws_arena_init(&scratch, 0, mem);
  for (int i = 0; i < (int)reader->type_count && icws_candid_types_error(types) == ICWS_OK; i++) {
    struct entry entry = {.reader = reader, .names = names, .scratch = &scratch};
    struct icws_candid_type type = {.constructor = icws_candid_entry(reader, i, &entry.offset)};
    read_entry(&entry, &type);
    if (icws_arena_error(&scratch) != ICWS_OK)
      break;
    icws_candid_types_set(types, i, &type);
    icws_arena_clear(&scratch);
  }
  enum icws_error error = icws_arena_error(&scratch);
  icws_arena_wipe(&scratch);
  return error != ICWS_OK ? error : icws_candid_types_error(types);
}

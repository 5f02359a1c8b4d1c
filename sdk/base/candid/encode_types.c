/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_value.h>

#include <string.h>

#include "candid/writer.h"
#include "leb128.h"

/*
 * The type table of a message holds the types that the arguments lead to, in the order in which they
 * are come upon (Candid specification, "Binary Format", "Types").
 */
struct table {
  const struct icws_candid_types *types;
  struct icws_buf *out;
  int *indices; /* by type: 1 + its index in the message's table, or 0 */
  int *order;   /* the types of the message's table */
  size_t count;
};

/* The number of |type| in the message; one that is new becomes the next of the table. */
static int index_of(struct table *table, int type)
{
  if (type < 0)
    return type;
  if (table->indices[type] == 0) {
    table->order[table->count++] = type;
    table->indices[type] = (int)table->count;
  }
  return table->indices[type] - 1;
}

static void find_types_of(struct table *table, const struct icws_candid_type *type)
{
  if (type->constructor == ICWS_CANDID_OPT || type->constructor == ICWS_CANDID_VEC)
    (void)index_of(table, type->item);
  for (size_t i = 0; i < type->field_count; i++)
    (void)index_of(table, type->fields[i].type);
  for (size_t i = 0; i < type->result_count; i++)
    (void)index_of(table, type->results[i].type);
  for (size_t i = 0; i < type->method_count; i++)
    (void)index_of(table, type->methods[i].type);
}

/* The list grows while it is walked: it is done when nothing new comes up. */
static void find_types(struct table *table, const int *args, size_t count)
{
  for (size_t i = 0; i < count; i++)
    (void)index_of(table, args[i]);
  for (size_t i = 0; i < table->count; i++)
    find_types_of(table, icws_candid_types_get(table->types, table->order[i]));
}

static void put_type(struct table *table, int type)
{
  icws_sleb128_put(table->out, index_of(table, type));
}

static void put_fields(struct table *table, const struct icws_candid_type *type)
{
  icws_leb128_put(table->out, type->field_count);
  for (size_t i = 0; i < type->field_count; i++) {
    icws_leb128_put(table->out, type->fields[i].id);
    put_type(table, type->fields[i].type);
  }
}

static void put_positions(struct table *table, const struct icws_candid_field_type *fields,
                          size_t count)
{
  icws_leb128_put(table->out, count);
  for (size_t i = 0; i < count; i++)
    put_type(table, fields[i].type);
}

static void put_methods(struct table *table, const struct icws_candid_type *type)
{
  icws_leb128_put(table->out, type->method_count);
  for (size_t i = 0; i < type->method_count; i++) {
    icws_candid_put_counted(table->out, type->methods[i].name);
    put_type(table, type->methods[i].type);
  }
}

static void put_entry(struct table *table, const struct icws_candid_type *type)
{
  icws_sleb128_put(table->out, type->constructor);
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    put_type(table, type->item);
    break;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    put_fields(table, type);
    break;
  case ICWS_CANDID_FUNC:
    put_positions(table, type->fields, type->field_count);
    put_positions(table, type->results, type->result_count);
    icws_candid_put_annotations(table->out, type->annotations);
    break;
  case ICWS_CANDID_SERVICE:
    put_methods(table, type);
    break;
  default: /* a future type without contents, of which there are no values here */
    icws_leb128_put(table->out, 0);
  }
}

static void put_header(struct table *table, const int *args, size_t count)
{
  find_types(table, args, count);
  icws_buf_put(table->out, "DIDL", 4);
  icws_leb128_put(table->out, table->count);
  for (size_t i = 0; i < table->count; i++)
    put_entry(table, icws_candid_types_get(table->types, table->order[i]));
  icws_leb128_put(table->out, count);
  for (size_t i = 0; i < count; i++)
    put_type(table, args[i]);
}

enum icws_error icws_candid_encode_types(const struct icws_candid_types *types, const int *args,
                                         size_t count, struct icws_buf *out)
{
  struct icws_arena scratch;
  size_t start = out->len;
  size_t known = icws_candid_types_count(types);
  icws_arena_init(&scratch, 0, out->mem);
  struct table table = {
      .types = types,
      .out = out,
      .indices = icws_arena_array(&scratch, known, sizeof(int)),
      .order = icws_arena_array(&scratch, known, sizeof(int)),
  };
  enum icws_error error = icws_arena_error(&scratch);
  if (error == ICWS_OK) {
    memset(table.indices, 0, known * sizeof(int));
    put_header(&table, args, count);
    error = icws_buf_error(out);
  }
  icws_arena_wipe(&scratch);
  if (error != ICWS_OK)
    icws_buf_truncate(out, start);
  return error;
}

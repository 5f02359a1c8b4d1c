/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_value.h>

#include <string.h>

#include "candid_cursor.h"
#include "candid_number.h"
#include "candid_path.h"
#include "candid_writer.h"
#include "leb128.h"

/*
 * The type table holds the types that the arguments lead to, in the order in which they are come
 * upon (Candid specification, "Binary Format", "Types").
 */
struct encoder {
  const struct icws_candid_types *types;
  struct icws_buf *out;
  struct icws_candid_path path;
  enum icws_error error; /* of a value; the buffer has its own */
  const char *reason;
  int *indices; /* by type: 1 + its index in the message's table, or 0 */
  int *order;   /* the types of the table */
  size_t count;
  struct icws_arena scratch;
};

/* --- Types ------------------------------------------------------------------------------------- */

/* The number of |type| in the message; one that is new becomes the next of the table. */
static int index_of(struct encoder *encoder, int type)
{
  if (type < 0)
    return type;
  if (encoder->indices[type] == 0) {
    encoder->order[encoder->count++] = type;
    encoder->indices[type] = (int)encoder->count;
  }
  return encoder->indices[type] - 1;
}

static void find_types_of(struct encoder *encoder, const struct icws_candid_type *type)
{
  if (type->constructor == ICWS_CANDID_OPT || type->constructor == ICWS_CANDID_VEC)
    (void)index_of(encoder, type->item);
  for (size_t i = 0; i < type->field_count; i++)
    (void)index_of(encoder, type->fields[i].type);
  for (size_t i = 0; i < type->result_count; i++)
    (void)index_of(encoder, type->results[i].type);
  for (size_t i = 0; i < type->method_count; i++)
    (void)index_of(encoder, type->methods[i].type);
}

/* The list grows while it is walked: it is done when nothing new comes up. */
static void find_types(struct encoder *encoder, const int *args, size_t count)
{
  for (size_t i = 0; i < count; i++)
    (void)index_of(encoder, args[i]);
  for (size_t i = 0; i < encoder->count; i++)
    find_types_of(encoder, icws_candid_types_get(encoder->types, encoder->order[i]));
}

static void put_type(struct encoder *encoder, int type)
{
  icws_sleb128_put(encoder->out, index_of(encoder, type));
}

static void put_fields(struct encoder *encoder, const struct icws_candid_type *type)
{
  icws_leb128_put(encoder->out, type->field_count);
  for (size_t i = 0; i < type->field_count; i++) {
    icws_leb128_put(encoder->out, type->fields[i].id);
    put_type(encoder, type->fields[i].type);
  }
}

static void put_positions(struct encoder *encoder, const struct icws_candid_field_type *fields,
                          size_t count)
{
  icws_leb128_put(encoder->out, count);
  for (size_t i = 0; i < count; i++)
    put_type(encoder, fields[i].type);
}

static void put_bytes(struct encoder *encoder, struct icws_bytes bytes)
{
  icws_leb128_put(encoder->out, bytes.len);
  icws_buf_put(encoder->out, bytes.data, bytes.len);
}

static void put_methods(struct encoder *encoder, const struct icws_candid_type *type)
{
  icws_leb128_put(encoder->out, type->method_count);
  for (size_t i = 0; i < type->method_count; i++) {
    put_bytes(encoder, type->methods[i].name);
    put_type(encoder, type->methods[i].type);
  }
}

static void put_entry(struct encoder *encoder, const struct icws_candid_type *type)
{
  icws_sleb128_put(encoder->out, type->constructor);
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    put_type(encoder, type->item);
    break;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    put_fields(encoder, type);
    break;
  case ICWS_CANDID_FUNC:
    put_positions(encoder, type->fields, type->field_count);
    put_positions(encoder, type->results, type->result_count);
    icws_candid_put_annotations(encoder->out, type->annotations);
    break;
  case ICWS_CANDID_SERVICE:
    put_methods(encoder, type);
    break;
  default: /* a future type without contents, of which there are no values here */
    icws_leb128_put(encoder->out, 0);
  }
}

static void put_header(struct encoder *encoder, const int *args, size_t count)
{
  find_types(encoder, args, count);
  icws_buf_put(encoder->out, "DIDL", 4);
  icws_leb128_put(encoder->out, encoder->count);
  for (size_t i = 0; i < encoder->count; i++)
    put_entry(encoder, icws_candid_types_get(encoder->types, encoder->order[i]));
  icws_leb128_put(encoder->out, count);
  for (size_t i = 0; i < count; i++)
    put_type(encoder, args[i]);
}

/* --- Values ------------------------------------------------------------------------------------ */

static enum icws_error put_value(struct encoder *encoder, const struct icws_candid_value *value,
                                 int type, unsigned depth);

static enum icws_error fail(struct encoder *encoder, enum icws_error error, const char *reason)
{
  encoder->error = error;
  encoder->reason = reason;
  return error;
}

static enum icws_error fail_in(struct encoder *encoder, struct icws_candid_step step)
{
  icws_candid_path_add(&encoder->path, step);
  return encoder->error;
}

static uint64_t bits_of(const struct icws_candid_value *value)
{
  uint32_t low;
  uint64_t bits;
  switch (value->type) {
  case ICWS_CANDID_FLOAT32:
    memcpy(&low, &value->as.float32, sizeof(low));
    return low;
  case ICWS_CANDID_FLOAT64:
    memcpy(&bits, &value->as.float64, sizeof(bits));
    return bits;
  case ICWS_CANDID_INT8:
  case ICWS_CANDID_INT16:
  case ICWS_CANDID_INT32:
  case ICWS_CANDID_INT64:
    return (uint64_t)value->as.integer;
  default:
    return value->as.nat;
  }
}

/* Whether the bits of a number above those that are written are its sign, or nothing. */
static bool fits_in(const struct icws_candid_value *value, unsigned size)
{
  if (size == 8)
    return true;
  int64_t limit = INT64_C(1) << (8 * size - 1);
  bool is_signed = value->type <= ICWS_CANDID_INT8 && value->type >= ICWS_CANDID_INT64;
  if (is_signed)
    return value->as.integer >= -limit && value->as.integer < limit;
  return bits_of(value) >> 8 * size == 0;
}

static enum icws_error put_fixed(struct encoder *encoder, const struct icws_candid_value *value)
{
  unsigned size = icws_candid_fixed_size(value->type);
  uint64_t bits = bits_of(value);
  uint8_t bytes[8];
  if (!fits_in(value, size))
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a number is out of its type's range");
  for (unsigned i = 0; i < size; i++)
    bytes[i] = (uint8_t)(bits >> 8 * i);
  icws_buf_put(encoder->out, bytes, size);
  return ICWS_OK;
}

static void put_principal(struct encoder *encoder, struct icws_bytes principal)
{
  icws_buf_put_u8(encoder->out, 1); /* given by its bytes */
  put_bytes(encoder, principal);
}

static enum icws_error put_primitive(struct encoder *encoder, const struct icws_candid_value *value)
{
  switch (value->type) {
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
    return ICWS_OK;
  case ICWS_CANDID_BOOL:
    icws_buf_put_u8(encoder->out, value->as.boolean ? 1 : 0);
    return ICWS_OK;
  case ICWS_CANDID_NAT:
  case ICWS_CANDID_INT:
    icws_candid_number_put_leb(value, encoder->out);
    return ICWS_OK;
  case ICWS_CANDID_TEXT:
    put_bytes(encoder, icws_candid_value_bytes(value));
    return ICWS_OK;
  case ICWS_CANDID_PRINCIPAL:
    put_principal(encoder, icws_candid_value_bytes(value));
    return ICWS_OK;
  case ICWS_CANDID_EMPTY:
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "there are no values of type empty");
  default:
    return put_fixed(encoder, value);
  }
}

static enum icws_error put_vec(struct encoder *encoder, const struct icws_candid_value *value,
                               int item, unsigned depth)
{
  if (item == ICWS_CANDID_NAT8) {
    put_bytes(encoder, icws_candid_value_bytes(value));
    return ICWS_OK;
  }
  icws_leb128_put(encoder->out, value->count);
  for (uint32_t i = 0; i < value->count; i++) {
    if (put_value(encoder, &value->as.items[i], item, depth) != ICWS_OK)
      return fail_in(encoder, icws_candid_step_index(ICWS_CANDID_STEP_ITEM, i));
  }
  return ICWS_OK;
}

static enum icws_error put_record(struct encoder *encoder, const struct icws_candid_value *value,
                                  const struct icws_candid_type *type, unsigned depth)
{
  for (size_t i = 0; i < type->field_count; i++) {
    if (put_value(encoder, &value->as.items[i], type->fields[i].type, depth) != ICWS_OK)
      return fail_in(encoder, icws_candid_step_field(&type->fields[i]));
  }
  return ICWS_OK;
}

static enum icws_error put_variant(struct encoder *encoder, const struct icws_candid_value *value,
                                   const struct icws_candid_type *type, unsigned depth)
{
  if (value->count >= type->field_count)
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a variant has no such case");
  const struct icws_candid_field_type *taken = &type->fields[value->count];
  icws_leb128_put(encoder->out, value->count);
  if (put_value(encoder, value->as.items, taken->type, depth) != ICWS_OK)
    return fail_in(encoder, icws_candid_step_case(taken));
  return ICWS_OK;
}

static enum icws_error put_composite(struct encoder *encoder, const struct icws_candid_value *value,
                                     unsigned depth)
{
  const struct icws_candid_type *type = icws_candid_types_get(encoder->types, value->type);
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
    icws_buf_put_u8(encoder->out, value->as.items != NULL ? 1 : 0);
    return value->as.items == NULL ? ICWS_OK
                                   : put_value(encoder, value->as.items, type->item, depth);
  case ICWS_CANDID_VEC:
    return put_vec(encoder, value, type->item, depth);
  case ICWS_CANDID_RECORD:
    return put_record(encoder, value, type, depth);
  case ICWS_CANDID_VARIANT:
    return put_variant(encoder, value, type, depth);
  case ICWS_CANDID_FUNC:
    icws_buf_put_u8(encoder->out, 1); /* given by its bytes */
    put_principal(encoder, value->as.func->service);
    put_bytes(encoder, value->as.func->method);
    return ICWS_OK;
  case ICWS_CANDID_SERVICE:
    put_principal(encoder, icws_candid_value_bytes(value));
    return ICWS_OK;
  default:
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "there are no values of a future type");
  }
}

static enum icws_error put_value(struct encoder *encoder, const struct icws_candid_value *value,
                                 int type, unsigned depth)
{
  if (value->type != type)
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a value is of another type than its place");
  if (depth == ICWS_CANDID_MAX_DEPTH)
    return fail(encoder, ICWS_ERR_LIMIT, "values are nested too deeply");
  return type < 0 ? put_primitive(encoder, value) : put_composite(encoder, value, depth + 1);
}

static enum icws_error put_values(struct encoder *encoder, const struct icws_candid_args *args)
{
  for (size_t i = 0; i < args->count; i++) {
    const struct icws_candid_value *value = &args->values[i];
    if (put_value(encoder, value, value->type, 0) != ICWS_OK)
      return fail_in(encoder, icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, (uint32_t)i));
  }
  return ICWS_OK;
}

/* --- Messages ---------------------------------------------------------------------------------- */

static enum icws_error report(const struct encoder *encoder, struct icws_failure *failure)
{
  char where[ICWS_CANDID_PATH_TEXT_BYTES];
  if (encoder->error == ICWS_OK && icws_buf_error(encoder->out) == ICWS_OK)
    return ICWS_OK;
  if (encoder->error == ICWS_OK)
    return icws_fail(failure, icws_buf_error(encoder->out), "the message: %s",
                     icws_strerror(icws_buf_error(encoder->out)));
  return icws_fail(failure, encoder->error, "%s: %s", icws_candid_path_text(&encoder->path, where),
                   encoder->reason);
}

/* Makes room for what is known of the types; false if there is no memory. */
static bool begin(struct encoder *encoder, const struct icws_candid_types *types,
                  struct icws_buf *out)
{
  size_t count = icws_candid_types_count(types);
  *encoder = (struct encoder){.types = types, .out = out, .error = ICWS_OK};
  icws_arena_init(&encoder->scratch, 0, out->mem);
  encoder->indices = icws_arena_array(&encoder->scratch, count, sizeof(int));
  encoder->order = icws_arena_array(&encoder->scratch, count, sizeof(int));
  if (encoder->order == NULL)
    return false;
  memset(encoder->indices, 0, count * sizeof(int));
  return true;
}

static void put_message(struct encoder *encoder, const struct icws_candid_args *args)
{
  int *types = icws_arena_array(&encoder->scratch, args->count, sizeof(int));
  if (types == NULL)
    return;
  for (size_t i = 0; i < args->count; i++)
    types[i] = args->values[i].type;
  put_header(encoder, types, args->count);
  (void)put_values(encoder, args);
}

/* Frees what |encoder| has; after a failure |out| is as it was when it was |start| bytes long. */
static enum icws_error end(struct encoder *encoder, size_t start, struct icws_failure *failure)
{
  if (icws_arena_error(&encoder->scratch) != ICWS_OK) {
    encoder->error = icws_arena_error(&encoder->scratch);
    encoder->reason = "no memory for the types";
  }
  icws_arena_wipe(&encoder->scratch);
  enum icws_error error = report(encoder, failure);
  if (error != ICWS_OK)
    icws_buf_truncate(encoder->out, start);
  return error;
}

enum icws_error icws_candid_encode(const struct icws_candid_args *args, struct icws_buf *out,
                                   struct icws_failure *failure)
{
  struct encoder encoder;
  size_t start = out->len;
  if (begin(&encoder, args->types, out))
    put_message(&encoder, args);
  return end(&encoder, start, failure);
}

enum icws_error icws_candid_encode_types(const struct icws_candid_types *types, const int *args,
                                         size_t count, struct icws_buf *out)
{
  struct encoder encoder;
  size_t start = out->len;
  if (begin(&encoder, types, out))
    put_header(&encoder, args, count);
  return end(&encoder, start, NULL);
}

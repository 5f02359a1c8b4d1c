/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_value.h>

#include <string.h>

#include "candid/cursor.h"
#include "candid/number.h"
#include "candid/path.h"
#include "candid/words.h"
#include "candid/writer.h"
#include "leb128.h"
#include "utf8.h"

struct encoder {
  const struct icws_candid_types *types;
  struct icws_buf *out;
  struct icws_candid_path path;
  enum icws_error error; /* of a value; the buffer has its own */
  const char *reason;
};

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

/* Whether all types are in the table: those of parts then are, too, or not of their places. */
static bool types_are_known(struct encoder *encoder, const struct icws_candid_args *args)
{
  int count = (int)icws_candid_types_count(encoder->types);
  for (size_t i = 0; i < args->count; i++) {
    int type = args->values[i].type;
    if (!icws_candid_is_primitive(type) && (type < 0 || type >= count)) {
      (void)fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "its type is not in the table");
      (void)fail_in(encoder, icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, (uint32_t)i));
      return false;
    }
  }
  return true;
}

/* --- Values ------------------------------------------------------------------------------------ */

static enum icws_error put_value(struct encoder *encoder, const struct icws_candid_value *value,
                                 int type, unsigned depth);

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
  if (icws_candid_integer_is_signed(value->type))
    return value->as.integer >= -limit && value->as.integer < limit;
  return bits_of(value) >> 8 * size == 0;
}

static enum icws_error put_fixed(struct encoder *encoder, const struct icws_candid_value *value)
{
  unsigned size = icws_candid_fixed_size(value->type);
  if (!fits_in(value, size))
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a number is out of its type's range");
  icws_candid_put_fixed(encoder->out, bits_of(value), size);
  return ICWS_OK;
}

static enum icws_error put_number(struct encoder *encoder, const struct icws_candid_value *value)
{
  if (value->count > ICWS_CANDID_NUMBER_MAX_BYTES)
    return fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a number has too many bytes");
  icws_candid_number_put_leb(value, encoder->out);
  return ICWS_OK;
}

static bool check_text(struct encoder *encoder, struct icws_bytes utf8)
{
  if (!icws_utf8_valid(utf8))
    (void)fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a text is not UTF-8");
  return encoder->error == ICWS_OK;
}

static bool check_principal(struct encoder *encoder, struct icws_bytes principal)
{
  if (principal.len > ICWS_PRINCIPAL_MAX_BYTES)
    (void)fail(encoder, ICWS_ERR_INVALID_ARGUMENT, "a principal is too long");
  return encoder->error == ICWS_OK;
}

static enum icws_error put_text(struct encoder *encoder, struct icws_bytes utf8)
{
  if (check_text(encoder, utf8))
    icws_candid_put_counted(encoder->out, utf8);
  return encoder->error;
}

static enum icws_error put_principal(struct encoder *encoder, struct icws_bytes principal)
{
  if (check_principal(encoder, principal))
    icws_candid_put_reference(encoder->out, principal);
  return encoder->error;
}

static enum icws_error put_func(struct encoder *encoder, const struct icws_candid_func *func)
{
  if (check_principal(encoder, func->service) && check_text(encoder, func->method))
    icws_candid_put_method(encoder->out, func->service, func->method);
  return encoder->error;
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
    return put_number(encoder, value);
  case ICWS_CANDID_TEXT:
    return put_text(encoder, icws_candid_value_bytes(value));
  case ICWS_CANDID_PRINCIPAL:
    return put_principal(encoder, icws_candid_value_bytes(value));
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
    icws_candid_put_counted(encoder->out, icws_candid_value_bytes(value));
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
    return put_func(encoder, value->as.func);
  case ICWS_CANDID_SERVICE:
    return put_principal(encoder, icws_candid_value_bytes(value));
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
  icws_candid_path_text(&encoder->path, where);
  return icws_fail(failure, encoder->error, "%s%s%s", where, where[0] != '\0' ? ": " : "",
                   encoder->reason);
}

/* The type table, and the types of the arguments. */
static enum icws_error put_header(struct encoder *encoder, const struct icws_candid_args *args)
{
  struct icws_arena scratch;
  icws_arena_init(&scratch, 0, encoder->out->mem);
  int *types = icws_arena_array(&scratch, args->count, sizeof(int));
  enum icws_error error = icws_arena_error(&scratch);
  for (size_t i = 0; types != NULL && i < args->count; i++)
    types[i] = args->values[i].type;
  if (error == ICWS_OK)
    error = icws_candid_encode_types(encoder->types, types, args->count, encoder->out);
  icws_arena_wipe(&scratch);
  bool is_of_memory = error != ICWS_OK && icws_buf_error(encoder->out) == ICWS_OK;
  return is_of_memory ? fail(encoder, error, "no memory for the types") : error;
}

enum icws_error icws_candid_encode(const struct icws_candid_args *args, struct icws_buf *out,
                                   struct icws_failure *failure)
{
  struct encoder encoder = {.types = args->types, .out = out, .error = ICWS_OK};
  size_t start = out->len;
  if (types_are_known(&encoder, args) && put_header(&encoder, args) == ICWS_OK)
    (void)put_values(&encoder, args);
  enum icws_error error = report(&encoder, failure);
  if (error != ICWS_OK)
    icws_buf_truncate(out, start);
  return error;
}

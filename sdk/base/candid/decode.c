/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/decoder.h"
#include "candid/table_types.h"

/* Reads a value of the type |wire| of the message at the type |expected|. */
static enum icws_error decode_value(struct icws_candid_decoder *decoder, int wire, int expected,
                                    unsigned depth, struct icws_candid_value *value);

/* --- Failures ---------------------------------------------------------------------------------- */

enum icws_error icws_candid_mismatch(struct icws_candid_decoder *decoder, const char *reason)
{
  decoder->mismatch = decoder->reader.error == ICWS_OK;
  return icws_candid_fail(&decoder->reader, reason, NULL);
}

static enum icws_error mismatch_of(struct icws_candid_decoder *decoder, int wire, int expected)
{
  decoder->expected = icws_candid_types_constructor(decoder->types, expected);
  decoder->found = icws_candid_types_constructor(decoder->wire, wire);
  return icws_candid_mismatch(decoder, NULL);
}

static const char *resource_reason(enum icws_error error)
{
  if (error == ICWS_ERR_NOMEM)
    return "no memory for the values";
  return error == ICWS_ERR_LIMIT ? "the values need more memory or steps than they may"
                                 : "the table of types has failed before";
}

enum icws_error icws_candid_decoder_fail(struct icws_candid_decoder *decoder, enum icws_error error)
{
  struct icws_candid_reader *reader = &decoder->reader;
  if (reader->error == ICWS_OK) {
    reader->error = error;
    reader->reason = resource_reason(error);
  }
  return reader->error;
}

/* Notes where an error happened, on its way out. */
static enum icws_error fail_in(struct icws_candid_decoder *decoder, struct icws_candid_step step)
{
  icws_candid_path_add(&decoder->path, step);
  return decoder->reader.error;
}

static struct icws_candid_value *new_values(struct icws_candid_decoder *decoder, size_t count)
{
  struct icws_candid_value *values =
      icws_arena_array(decoder->arena, count, sizeof(struct icws_candid_value));
  if (values == NULL)
    (void)icws_candid_decoder_fail(decoder, icws_arena_error(decoder->arena));
  return values;
}

/* --- Opts -------------------------------------------------------------------------------------- */

/* Forgets a mismatch: the value, which starts at |offset|, is passed over instead. */
static enum icws_error recover(struct icws_candid_decoder *decoder, size_t offset, int wire,
                               unsigned depth)
{
  decoder->mismatch = false;
  icws_candid_path_init(&decoder->path);
  return icws_candid_skip_refused(&decoder->reader, offset, wire, depth);
}

/* The value of an opt: in the message it is in an opt, too, or stands for itself. */
static enum icws_error decode_some(struct icws_candid_decoder *decoder, int wire, int expected,
                                   unsigned depth, struct icws_candid_value *value)
{
  size_t offset = decoder->reader.offset;
  struct icws_candid_value inner;
  enum icws_error error = decode_value(decoder, wire, expected, depth, &inner);
  if (decoder->mismatch)
    return recover(decoder, offset, wire, depth);
  if (error != ICWS_OK)
    return error;
  if (!icws_candid_step(&decoder->reader, 1))
    return decoder->reader.error;
  struct icws_candid_value *item = new_values(decoder, 1);
  if (item == NULL)
    return decoder->reader.error;
  *item = inner;
  value->as.items = item;
  return ICWS_OK;
}

static enum icws_error decode_opt(struct icws_candid_decoder *decoder, int wire, unsigned depth,
                                  struct icws_candid_value *value)
{
  int item = icws_candid_types_get(decoder->types, value->type)->item;
  int inner = wire;
  bool present;
  value->as.items = NULL;
  if (icws_candid_types_is_optional(decoder->wire, wire)) {
    if (icws_candid_read_opt(&decoder->reader, wire, &present, &inner) != ICWS_OK || !present)
      return decoder->reader.error;
  }
  return decode_some(decoder, inner, item, depth, value);
}

/* --- Vecs -------------------------------------------------------------------------------------- */

static enum icws_error decode_items(struct icws_candid_decoder *decoder, int wire, int expected,
                                    unsigned depth, struct icws_candid_value *value)
{
  if (!icws_candid_step(&decoder->reader, value->count))
    return decoder->reader.error;
  struct icws_candid_value *items = new_values(decoder, value->count);
  if (items == NULL)
    return decoder->reader.error;
  value->as.items = items;
  for (uint32_t i = 0; i < value->count; i++) {
    if (decode_value(decoder, wire, expected, depth, &items[i]) != ICWS_OK)
      return fail_in(decoder, icws_candid_step_index(ICWS_CANDID_STEP_ITEM, i));
  }
  return ICWS_OK;
}

static enum icws_error decode_vec(struct icws_candid_decoder *decoder, int wire, unsigned depth,
                                  struct icws_candid_value *value)
{
  int wire_item = icws_candid_types_get(decoder->wire, wire)->item;
  int item = icws_candid_types_get(decoder->types, value->type)->item;
  int constructor = icws_candid_types_constructor(decoder->wire, wire_item);
  struct icws_bytes bytes = {.data = NULL, .len = 0};
  uint64_t count;
  if (!icws_candid_take_vec_count(&decoder->reader, constructor, &count))
    return decoder->reader.error;
  if (count > UINT32_MAX)
    return icws_candid_decoder_fail(decoder, ICWS_ERR_LIMIT);
  value->count = (uint32_t)count;
  if (item != ICWS_CANDID_NAT8)
    return decode_items(decoder, wire_item, item, depth, value);
  if (wire_item != ICWS_CANDID_NAT8 && count > 0)
    return mismatch_of(decoder, wire_item, item);
  (void)icws_candid_take_bytes(&decoder->reader, count, &bytes);
  value->as.bytes = bytes.data;
  return decoder->reader.error;
}

/* --- Records and variants ---------------------------------------------------------------------- */

/* A field or argument that the message does not have. */
static enum icws_error leave_out(struct icws_candid_decoder *decoder, int type,
                                 struct icws_candid_value *value)
{
  if (!icws_candid_types_is_optional(decoder->types, type))
    return icws_candid_mismatch(decoder, "it is missing");
  *value = (struct icws_candid_value){.type = type};
  return ICWS_OK;
}

/* Leaves out the expected fields from |*next| on whose ids are below |id|. */
static enum icws_error leave_out_until(struct icws_candid_decoder *decoder,
                                       const struct icws_candid_type *expected, uint64_t id,
                                       size_t *next, struct icws_candid_value *values)
{
  for (; *next < expected->field_count && expected->fields[*next].id < id; ++*next) {
    const struct icws_candid_field_type *field = &expected->fields[*next];
    if (leave_out(decoder, field->type, &values[*next]) != ICWS_OK)
      return fail_in(decoder, icws_candid_step_field(field));
  }
  return ICWS_OK;
}

/* The fields of both types are in the order of their ids. */
static enum icws_error decode_fields(struct icws_candid_decoder *decoder,
                                     const struct icws_candid_type *wire,
                                     const struct icws_candid_type *expected, unsigned depth,
                                     struct icws_candid_value *values)
{
  size_t next = 0;
  for (size_t i = 0; i < wire->field_count; i++) {
    const struct icws_candid_field_type *found = &wire->fields[i];
    enum icws_error error = leave_out_until(decoder, expected, found->id, &next, values);
    if (error != ICWS_OK)
      return error;
    const struct icws_candid_field_type *wanted = &expected->fields[next];
    if (next == expected->field_count || wanted->id != found->id) {
      if (icws_candid_skip_at(&decoder->reader, found->type, depth) != ICWS_OK)
        return fail_in(decoder, icws_candid_step_field(found));
      continue;
    }
    error = decode_value(decoder, found->type, wanted->type, depth, &values[next]);
    if (error != ICWS_OK)
      return fail_in(decoder, icws_candid_step_field(wanted));
    next++;
  }
  return leave_out_until(decoder, expected, (uint64_t)UINT32_MAX + 1, &next, values);
}

static enum icws_error decode_record(struct icws_candid_decoder *decoder, int wire, unsigned depth,
                                     struct icws_candid_value *value)
{
  const struct icws_candid_type *found = icws_candid_types_get(decoder->wire, wire);
  const struct icws_candid_type *expected = icws_candid_types_get(decoder->types, value->type);
  if (!icws_candid_step(&decoder->reader, 1 + (uint64_t)expected->field_count))
    return decoder->reader.error;
  struct icws_candid_value *values = new_values(decoder, expected->field_count);
  if (values == NULL)
    return decoder->reader.error;
  value->as.items = values;
  return decode_fields(decoder, found, expected, depth, values);
}

static enum icws_error decode_variant(struct icws_candid_decoder *decoder, int wire, unsigned depth,
                                      struct icws_candid_value *value)
{
  const struct icws_candid_type *found = icws_candid_types_get(decoder->wire, wire);
  const struct icws_candid_type *expected = icws_candid_types_get(decoder->types, value->type);
  uint64_t which;
  size_t index;
  if (!icws_candid_take_number(&decoder->reader, &which))
    return decoder->reader.error;
  if (which >= found->field_count)
    return icws_candid_fail(&decoder->reader, "a variant has a case that its type does not have",
                            NULL);
  const struct icws_candid_field_type *taken = &found->fields[which];
  const struct icws_candid_field_type *wanted = icws_candid_type_field(expected, taken->id, &index);
  if (wanted == NULL) {
    (void)icws_candid_mismatch(decoder, "the case is not expected");
    return fail_in(decoder, icws_candid_step_case(taken));
  }
  struct icws_candid_value *inner = new_values(decoder, 1);
  if (inner == NULL)
    return decoder->reader.error;
  value->count = (uint32_t)index;
  value->as.items = inner;
  if (decode_value(decoder, taken->type, wanted->type, depth, inner) != ICWS_OK)
    return fail_in(decoder, icws_candid_step_case(wanted));
  return ICWS_OK;
}

/* --- Any value --------------------------------------------------------------------------------- */

/* Whether a value of the constructor |wire| may be one of |expected|, for all but opt. */
static bool fits(int wire, int expected)
{
  return wire == expected || (wire == ICWS_CANDID_NAT && expected == ICWS_CANDID_INT) ||
         (wire == ICWS_CANDID_SERVICE && expected == ICWS_CANDID_PRINCIPAL);
}

static enum icws_error decode_value(struct icws_candid_decoder *decoder, int wire, int expected,
                                    unsigned depth, struct icws_candid_value *value)
{
  int constructor = icws_candid_types_constructor(decoder->types, expected);
  *value = (struct icws_candid_value){.type = expected};
  if (depth == ICWS_CANDID_MAX_DEPTH)
    return icws_candid_limit(&decoder->reader, "values are nested too deeply");
  if (constructor == ICWS_CANDID_FUTURE)
    value->type = ICWS_CANDID_RESERVED;
  if (value->type == ICWS_CANDID_RESERVED)
    return icws_candid_skip_at(&decoder->reader, wire, depth);
  if (constructor == ICWS_CANDID_OPT)
    return decode_opt(decoder, wire, depth + 1, value);
  if (constructor == ICWS_CANDID_EMPTY ||
      !fits(icws_candid_types_constructor(decoder->wire, wire), constructor))
    return mismatch_of(decoder, wire, expected);
  switch (constructor) {
  case ICWS_CANDID_VEC:
    return decode_vec(decoder, wire, depth + 1, value);
  case ICWS_CANDID_RECORD:
    return decode_record(decoder, wire, depth + 1, value);
  case ICWS_CANDID_VARIANT:
    return decode_variant(decoder, wire, depth + 1, value);
  case ICWS_CANDID_FUNC:
    return icws_candid_decode_func(decoder, wire, value);
  case ICWS_CANDID_SERVICE:
    return icws_candid_decode_service(decoder, wire, value);
  default:
    return icws_candid_decode_primitive(decoder, wire, value);
  }
}

/* --- Messages ---------------------------------------------------------------------------------- */

static enum icws_error report(const struct icws_candid_decoder *decoder,
                              struct icws_failure *failure)
{
  const struct icws_candid_reader *reader = &decoder->reader;
  char where[ICWS_CANDID_PATH_TEXT_BYTES];
  icws_candid_path_text(&decoder->path, where);
  const char *colon = where[0] != '\0' ? ": " : "";
  if (reader->reason == NULL)
    return icws_fail(failure, reader->error, "%s%sexpected %s, found %s (at byte %zu of %zu)",
                     where, colon, icws_candid_constructor_name(decoder->expected),
                     icws_candid_constructor_name(decoder->found), reader->offset,
                     reader->input.len);
  return icws_fail(failure, reader->error, "%s%s%s (at byte %zu of %zu)", where, colon,
                   reader->reason, reader->offset, reader->input.len);
}

static enum icws_error decode_args(struct icws_candid_decoder *decoder, const int *expected,
                                   size_t count, struct icws_candid_value *values)
{
  int wire;
  for (size_t i = 0; i < count; i++) {
    enum icws_error error = icws_candid_next_arg(&decoder->reader, &wire)
                                ? decode_value(decoder, wire, expected[i], 0, &values[i])
                                : leave_out(decoder, expected[i], &values[i]);
    if (error != ICWS_OK)
      return fail_in(decoder, icws_candid_step_index(ICWS_CANDID_STEP_ARGUMENT, (uint32_t)i));
  }
  return icws_candid_finish(&decoder->reader);
}

static enum icws_error decode(struct icws_candid_decoder *decoder, const int *expected,
                              size_t count, struct icws_candid_args *args,
                              struct icws_failure *failure)
{
  struct icws_candid_value *values = new_values(decoder, count);
  if (values == NULL || decode_args(decoder, expected, count, values) != ICWS_OK)
    return report(decoder, failure);
  *args = (struct icws_candid_args){.types = decoder->types, .values = values, .count = count};
  return ICWS_OK;
}

/* Reads the header of |message|, and its types into |wire|. */
static enum icws_error begin(struct icws_candid_decoder *decoder, struct icws_bytes message,
                             struct icws_candid_types *wire, struct icws_arena *arena)
{
  decoder->wire = wire;
  decoder->arena = arena;
  decoder->mismatch = false;
  decoder->reference_wire = ICWS_CANDID_EMPTY; /* none yet */
  icws_candid_path_init(&decoder->path);
  if (icws_candid_reader_init(&decoder->reader, message) != ICWS_OK)
    return decoder->reader.error;
  enum icws_error error = icws_candid_table_types(&decoder->reader, NULL, arena->mem, wire);
  return error == ICWS_OK ? ICWS_OK : icws_candid_decoder_fail(decoder, error);
}

enum icws_error icws_candid_decode(struct icws_bytes message, const struct icws_candid_types *types,
                                   const int *expected, size_t count, struct icws_arena *arena,
                                   struct icws_candid_args *args, struct icws_failure *failure)
{
  struct icws_candid_decoder decoder = {.types = types};
  struct icws_candid_types *wire = NULL;
  enum icws_error error = icws_candid_types_new(arena->mem, &wire);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "no memory for the types");
  error = begin(&decoder, message, wire, arena);
  error = error == ICWS_OK ? decode(&decoder, expected, count, args, failure)
                           : report(&decoder, failure);
  icws_candid_types_del(wire);
  return error;
}

enum icws_error icws_candid_decode_any(struct icws_bytes message, struct icws_candid_types *types,
                                       struct icws_arena *arena, struct icws_candid_args *args,
                                       struct icws_failure *failure)
{
  struct icws_candid_decoder decoder = {.types = types};
  if (icws_candid_types_count(types) > 0)
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "the table for the types is not empty");
  enum icws_error error = begin(&decoder, message, types, arena);
  if (error != ICWS_OK)
    return report(&decoder, failure);
  return decode(&decoder, decoder.reader.arg_types, decoder.reader.arg_count, args, failure);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_json.h>

#include "json_field.h"
#include "json_reader.h"

/* Reads a value of any type, as icws_json_read_primitive does of a primitive one. */
static bool read_value(struct icws_json_reader *reader, json_t *json,
                       const struct icws_json_place *place, struct icws_candid_value *value);

static const struct icws_candid_type *type_of(const struct icws_json_reader *reader,
                                              const struct icws_candid_value *value)
{
  return icws_candid_types_get(reader->types, value->type);
}

static struct icws_candid_value *new_items(struct icws_json_reader *reader,
                                           const struct icws_json_place *place, size_t count)
{
  struct icws_candid_value *items =
      icws_arena_array(reader->arena, count, sizeof(struct icws_candid_value));
  if (items == NULL)
    icws_json_report_arena(reader, place);
  return items;
}

/* --- opt, vec ---------------------------------------------------------------------------------- */

static bool read_item(struct icws_json_reader *reader, json_t *array, size_t index, int type,
                      const struct icws_json_place *place, struct icws_candid_value *value)
{
  struct icws_json_place at = icws_json_place_item(place, index);
  *value = (struct icws_candid_value){.type = type};
  return read_value(reader, json_array_get(array, index), &at, value);
}

static bool read_opt(struct icws_json_reader *reader, json_t *json,
                     const struct icws_json_place *place, struct icws_candid_value *value)
{
  int type = type_of(reader, value)->item;
  value->as.items = NULL;
  if (json_is_null(json))
    return true;
  bool wrapped = icws_candid_types_is_optional(reader->types, type);
  if (wrapped && json_array_size(json) != 1)
    return icws_json_report_mismatch(reader, place, json, "null or an array of 1");
  struct icws_candid_value *item = new_items(reader, place, 1);
  value->as.items = item;
  if (item == NULL)
    return false;
  if (wrapped)
    return read_item(reader, json, 0, type, place, item);
  struct icws_json_place at = icws_json_place_stay(place);
  *item = (struct icws_candid_value){.type = type};
  return read_value(reader, json, &at, item);
}

static bool read_bytes(struct icws_json_reader *reader, json_t *json,
                       const struct icws_json_place *place, struct icws_candid_value *value)
{
  uint8_t *bytes = icws_arena_alloc(reader->arena, value->count);
  if (bytes == NULL)
    return icws_json_report_arena(reader, place);
  value->as.bytes = bytes;
  for (size_t i = 0; i < value->count; i++) {
    struct icws_json_place at = icws_json_place_item(place, i);
    struct icws_candid_value byte = {.type = ICWS_CANDID_NAT8};
    if (!icws_json_read_primitive(reader, json_array_get(json, i), &at, &byte))
      return false;
    bytes[i] = (uint8_t)byte.as.nat;
  }
  return true;
}

static bool read_items(struct icws_json_reader *reader, json_t *json,
                       const struct icws_json_place *place, struct icws_candid_value *value)
{
  int type = type_of(reader, value)->item;
  struct icws_candid_value *items = new_items(reader, place, value->count);
  if (items == NULL)
    return false;
  value->as.items = items;
  for (size_t i = 0; i < value->count; i++) {
    if (!read_item(reader, json, i, type, place, &items[i]))
      return false;
  }
  return true;
}

static bool read_vec(struct icws_json_reader *reader, json_t *json,
                     const struct icws_json_place *place, struct icws_candid_value *value)
{
  bool blob = icws_candid_types_is_blob(reader->types, value->type);
  size_t count = json_array_size(json);
  if (blob && json_is_string(json))
    return icws_json_read_hex(reader, json, place, value);
  if (!json_is_array(json))
    return icws_json_report_mismatch(reader, place, json,
                                     blob ? "hex digits or an array" : "an array");
  if (count > UINT32_MAX)
    return icws_json_report(reader, place, ICWS_ERR_LIMIT, "the value is too large");
  value->count = (uint32_t)count;
  return blob ? read_bytes(reader, json, place, value) : read_items(reader, json, place, value);
}

/* --- record ------------------------------------------------------------------------------------ */

static bool read_tuple(struct icws_json_reader *reader, json_t *json,
                       const struct icws_json_place *place, const struct icws_candid_type *type,
                       struct icws_candid_value *items)
{
  if (!json_is_array(json))
    return icws_json_report_mismatch(reader, place, json, "an array");
  size_t count = json_array_size(json);
  for (size_t i = 0; i < count || i < type->field_count; i++) {
    struct icws_json_place at = icws_json_place_item(place, i);
    if (i >= type->field_count)
      return icws_json_report(reader, &at, ICWS_ERR_CANDID, "no such field");
    items[i] = (struct icws_candid_value){.type = type->fields[i].type};
    if (i < count && !read_value(reader, json_array_get(json, i), &at, &items[i]))
      return false;
    if (i >= count && !icws_candid_types_is_optional(reader->types, items[i].type))
      return icws_json_report(reader, &at, ICWS_ERR_CANDID, "missing");
  }
  return true;
}

/* A field that was not given yet is marked by type empty, which there are no values of. */
static bool read_members(struct icws_json_reader *reader, json_t *json,
                         const struct icws_json_place *place, const struct icws_candid_type *type,
                         struct icws_candid_value *items)
{
  for (void *i = json_object_iter(json); i != NULL; i = json_object_iter_next(json, i)) {
    size_t index;
    struct icws_bytes name = icws_bytes_text(json_object_iter_key(i));
    struct icws_json_place at = icws_json_place_member(place, name);
    if (icws_json_field_find(type, name, &index) == NULL)
      return icws_json_report(reader, &at, ICWS_ERR_CANDID, "no such field");
    if (items[index].type != ICWS_CANDID_EMPTY)
      return icws_json_report(reader, &at, ICWS_ERR_CANDID, "given twice, by name and by id");
    items[index].type = type->fields[index].type;
    if (!read_value(reader, json_object_iter_value(i), &at, &items[index]))
      return false;
  }
  return true;
}

static bool fill_missing(struct icws_json_reader *reader, const struct icws_json_place *place,
                         const struct icws_candid_type *type, struct icws_candid_value *items)
{
  for (size_t i = 0; i < type->field_count; i++) {
    char id[ICWS_JSON_ID_BYTES];
    struct icws_json_place at =
        icws_json_place_member(place, icws_json_field_member(&type->fields[i], id));
    if (items[i].type != ICWS_CANDID_EMPTY)
      continue;
    items[i].type = type->fields[i].type;
    if (!icws_candid_types_is_optional(reader->types, items[i].type))
      return icws_json_report(reader, &at, ICWS_ERR_CANDID, "missing");
  }
  return true;
}

static bool read_record(struct icws_json_reader *reader, json_t *json,
                        const struct icws_json_place *place, struct icws_candid_value *value)
{
  const struct icws_candid_type *type = type_of(reader, value);
  struct icws_candid_value *items = new_items(reader, place, type->field_count);
  if (items == NULL)
    return false;
  value->as.items = items;
  if (icws_candid_type_is_tuple(type))
    return read_tuple(reader, json, place, type, items);
  if (!json_is_object(json))
    return icws_json_report_mismatch(reader, place, json, "an object");
  for (size_t i = 0; i < type->field_count; i++)
    items[i] = (struct icws_candid_value){.type = ICWS_CANDID_EMPTY};
  return read_members(reader, json, place, type, items) && fill_missing(reader, place, type, items);
}

/* --- variant ----------------------------------------------------------------------------------- */

/* Reads the case |name|, whose value is |json|: NULL if it is not given. */
static bool read_case(struct icws_json_reader *reader, struct icws_bytes name, json_t *json,
                      const struct icws_json_place *place, struct icws_candid_value *value)
{
  size_t index;
  struct icws_json_place at = icws_json_place_member(place, name);
  const struct icws_candid_field_type *field =
      icws_json_field_find(type_of(reader, value), name, &index);
  if (field == NULL)
    return icws_json_report(reader, &at, ICWS_ERR_CANDID, "no such case");
  if (json == NULL && field->type != ICWS_CANDID_NULL)
    return icws_json_report(reader, &at, ICWS_ERR_CANDID, "the case needs a value");
  struct icws_candid_value *item = new_items(reader, &at, 1);
  if (item == NULL)
    return false;
  *item = (struct icws_candid_value){.type = field->type};
  value->count = (uint32_t)index;
  value->as.items = item;
  return json == NULL || read_value(reader, json, &at, item);
}

static bool read_variant(struct icws_json_reader *reader, json_t *json,
                         const struct icws_json_place *place, struct icws_candid_value *value)
{
  if (json_is_string(json))
    return read_case(reader, icws_json_bytes(json), NULL, place, value);
  if (json_object_size(json) != 1)
    return icws_json_report_mismatch(reader, place, json, "an object of 1 or a string");
  void *member = json_object_iter(json);
  return read_case(reader, icws_bytes_text(json_object_iter_key(member)),
                   json_object_iter_value(member), place, value);
}

/* --- func -------------------------------------------------------------------------------------- */

static bool read_func(struct icws_json_reader *reader, json_t *json,
                      const struct icws_json_place *place, struct icws_candid_value *value)
{
  struct icws_candid_value service = {.type = ICWS_CANDID_PRINCIPAL};
  struct icws_candid_value method = {.type = ICWS_CANDID_TEXT};
  struct icws_json_place at_service = icws_json_place_member(place, icws_bytes_text("service"));
  struct icws_json_place at_method = icws_json_place_member(place, icws_bytes_text("method"));
  json_t *service_json = json_object_get(json, "service");
  json_t *method_json = json_object_get(json, "method");
  if (json_object_size(json) != 2 || service_json == NULL || method_json == NULL)
    return icws_json_report_mismatch(reader, place, json, "an object of service and method");
  if (!icws_json_read_primitive(reader, service_json, &at_service, &service) ||
      !icws_json_read_primitive(reader, method_json, &at_method, &method))
    return false;
  struct icws_candid_func *func = icws_arena_alloc(reader->arena, sizeof(struct icws_candid_func));
  if (func == NULL)
    return icws_json_report_arena(reader, place);
  func->service = icws_bytes_of(service.as.bytes, service.count);
  func->method = icws_bytes_of(method.as.bytes, method.count);
  value->as.func = func;
  return true;
}

/* --- Any value --------------------------------------------------------------------------------- */

static bool read_composite(struct icws_json_reader *reader, json_t *json,
                           const struct icws_json_place *place, struct icws_candid_value *value)
{
  switch (icws_candid_types_constructor(reader->types, value->type)) {
  case ICWS_CANDID_OPT:
    return read_opt(reader, json, place, value);
  case ICWS_CANDID_VEC:
    return read_vec(reader, json, place, value);
  case ICWS_CANDID_RECORD:
    return read_record(reader, json, place, value);
  case ICWS_CANDID_VARIANT:
    return read_variant(reader, json, place, value);
  case ICWS_CANDID_FUNC:
    return read_func(reader, json, place, value);
  case ICWS_CANDID_SERVICE:
    return icws_json_read_principal(reader, json, place, value);
  default:
    return icws_json_report(reader, place, ICWS_ERR_CANDID, "there are no values of a future type");
  }
}

static bool read_value(struct icws_json_reader *reader, json_t *json,
                       const struct icws_json_place *place, struct icws_candid_value *value)
{
  if (place->depth == ICWS_CANDID_MAX_DEPTH)
    return icws_json_report(reader, place, ICWS_ERR_LIMIT, "nested too deeply");
  if (value->type < 0)
    return icws_json_read_primitive(reader, json, place, value);
  return read_composite(reader, json, place, value);
}

/* --- The JSON itself --------------------------------------------------------------------------- */

/* Fails with what the parser says.  It stands behind the last character that it has read. */
static enum icws_error fail_to_parse(const json_error_t *error, struct icws_candid_spot *spot,
                                     struct icws_failure *failure)
{
  struct icws_candid_spot last = {
      .offset = error->position > 0 ? (size_t)error->position - 1 : 0,
      .line = error->line > 0 ? (size_t)error->line : 1,
      .column = error->column > 0 ? (size_t)error->column : 1,
  };
  const char *text = error->text;
  enum icws_error code = ICWS_ERR_CANDID;
  switch (json_error_code(error)) {
  case json_error_stack_overflow:
    code = ICWS_ERR_LIMIT;
    break;
  case json_error_numeric_overflow:
    text = "the number is too large: write a large integer as a string";
    break;
  default:
    break;
  }
  if (spot != NULL)
    *spot = last;
  return icws_fail(failure, code, "line %zu, column %zu: %s", last.line, last.column, text);
}

enum icws_error icws_candid_from_json(struct icws_bytes json, const struct icws_candid_types *types,
                                      int type, struct icws_arena *arena,
                                      struct icws_candid_value *value,
                                      struct icws_candid_spot *spot, struct icws_failure *failure)
{
  struct icws_json_reader reader = {
      .types = types, .arena = arena, .failure = failure, .error = ICWS_OK};
  struct icws_json_place whole = {.step = ICWS_JSON_STAY};
  struct icws_candid_value read = {.type = type};
  json_error_t error;
  json_t *root = json_loadb(json.len > 0 ? (const char *)json.data : "", json.len,
                            JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  if (root == NULL && error.text[0] == '\0') /* the parser had no memory, and says nothing */
    return icws_fail(failure, ICWS_ERR_NOMEM, "%s", icws_strerror(ICWS_ERR_NOMEM));
  if (root == NULL)
    return fail_to_parse(&error, spot, failure);
  if (read_value(&reader, root, &whole, &read))
    *value = read;
  else if (spot != NULL)
    *spot = (struct icws_candid_spot){.offset = 0};
  json_decref(root);
  return reader.error;
}

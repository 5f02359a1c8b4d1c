/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_json.h>

#include <math.h>

#include <icws/principal.h>
#include <icws/utf8.h>

#include "json_field.h"

#define MAX_SAFE_INTEGER (((uint64_t)1 << 53) - 1)

struct writer {
  const struct icws_candid_types *types;
  struct icws_buf *out;
  unsigned depth;
  enum icws_error error; /* of the values; the first sticks */
};

/* Appends |value|, which must be of type |type|. */
static void put_value(struct writer *writer, const struct icws_candid_value *value, int type);

static void put(struct writer *writer, const char *text)
{
  icws_buf_put_text(writer->out, text);
}

static void put_char(struct writer *writer, char character)
{
  icws_buf_put_u8(writer->out, (uint8_t)character);
}

static void fail(struct writer *writer, enum icws_error error)
{
  if (writer->error == ICWS_OK)
    writer->error = error;
}

/* What is not of its type cannot be written as one. */
static void refuse(struct writer *writer)
{
  fail(writer, ICWS_ERR_INVALID_ARGUMENT);
}

/* --- Strings ----------------------------------------------------------------------------------- */

static void put_escape(struct writer *writer, uint32_t character)
{
  uint8_t bytes[2];
  switch (character) {
  case '"':
    put(writer, "\\\"");
    break;
  case '\\':
    put(writer, "\\\\");
    break;
  case '\n':
    put(writer, "\\n");
    break;
  case '\r':
    put(writer, "\\r");
    break;
  case '\t':
    put(writer, "\\t");
    break;
  default: /* below U+10000, hence no surrogates */
    bytes[0] = (uint8_t)(character >> 8);
    bytes[1] = (uint8_t)character;
    put(writer, "\\u");
    icws_hex_put(writer->out, icws_bytes_of(bytes, sizeof bytes));
  }
}

/* Appends |text| in quotes: runs of characters that stand for themselves, and escapes between. */
static void put_string(struct writer *writer, struct icws_bytes text)
{
  size_t run = 0;
  size_t at = 0;
  put_char(writer, '"');
  while (at < text.len) {
    uint32_t character;
    size_t length = icws_utf8_next(icws_bytes_of(text.data + at, text.len - at), &character);
    if (length == 0) {
      refuse(writer);
      return;
    }
    if (character == '"' || character == '\\' || icws_utf8_acts(character)) {
      icws_buf_put(writer->out, text.data + run, at - run);
      put_escape(writer, character);
      run = at + length;
    }
    at += length;
  }
  icws_buf_put(writer->out, text.data + run, at - run);
  put_char(writer, '"');
}

static void put_hex(struct writer *writer, struct icws_bytes bytes)
{
  put_char(writer, '"');
  icws_hex_put(writer->out, bytes);
  put_char(writer, '"');
}

static void put_principal(struct writer *writer, struct icws_bytes bytes)
{
  struct icws_principal principal;
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  if (icws_principal_init(&principal, bytes) != ICWS_OK) {
    refuse(writer);
    return;
  }
  put_string(writer, icws_bytes_of(text, icws_principal_to_text(&principal, text)));
}

/* --- Numbers ----------------------------------------------------------------------------------- */

static bool is_natural(int type)
{
  return type == ICWS_CANDID_NAT || (type <= ICWS_CANDID_NAT8 && type >= ICWS_CANDID_NAT64);
}

static bool is_safe(const struct icws_candid_value *value)
{
  bool any_size = value->type == ICWS_CANDID_NAT || value->type == ICWS_CANDID_INT;
  if (any_size && value->count > 0)
    return false;
  if (is_natural(value->type))
    return value->as.nat <= MAX_SAFE_INTEGER;
  return value->as.integer >= -(int64_t)MAX_SAFE_INTEGER &&
         value->as.integer <= (int64_t)MAX_SAFE_INTEGER;
}

static void put_integer(struct writer *writer, const struct icws_candid_value *value)
{
  bool safe = is_safe(value);
  if (!safe)
    put_char(writer, '"');
  icws_candid_value_put_decimal(value, writer->out);
  if (!safe)
    put_char(writer, '"');
}

/* A float32, too, has the digits of a double: those who read numbers of JSON make doubles of them,
 * and rounding such a one to a float32 again could end beside the shortest digits' value. */
static void put_float(struct writer *writer, double number)
{
  struct icws_candid_value value = {.type = ICWS_CANDID_FLOAT64, .as.float64 = number};
  if (isnan(number))
    put(writer, "\"NaN\"");
  else if (isinf(number))
    put(writer, number < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  else
    icws_candid_value_put_decimal(&value, writer->out);
}

/* --- Values of composite types ----------------------------------------------------------------- */

static void put_func(struct writer *writer, const struct icws_candid_func *func)
{
  put(writer, "{\"service\":");
  put_principal(writer, func->service);
  put(writer, ",\"method\":");
  put_string(writer, func->method);
  put_char(writer, '}');
}

static void put_opt(struct writer *writer, const struct icws_candid_value *value)
{
  int item = icws_candid_types_get(writer->types, value->type)->item;
  if (value->as.items == NULL) {
    put(writer, "null");
    return;
  }
  bool wrapped = icws_candid_types_is_optional(writer->types, item);
  if (wrapped)
    put_char(writer, '[');
  put_value(writer, value->as.items, item);
  if (wrapped)
    put_char(writer, ']');
}

static void put_items(struct writer *writer, const struct icws_candid_value *value)
{
  int item = icws_candid_types_get(writer->types, value->type)->item;
  put_char(writer, '[');
  for (size_t i = 0; i < value->count; i++) {
    if (i > 0)
      put_char(writer, ',');
    put_value(writer, &value->as.items[i], item);
  }
  put_char(writer, ']');
}

static void put_vec(struct writer *writer, const struct icws_candid_value *value)
{
  if (icws_candid_types_is_blob(writer->types, value->type))
    put_hex(writer, icws_bytes_of(value->as.bytes, value->count));
  else
    put_items(writer, value);
}

static void put_member(struct writer *writer, const struct icws_candid_field_type *field,
                       const struct icws_candid_value *value)
{
  char id[ICWS_JSON_ID_BYTES];
  put_string(writer, icws_json_field_member(field, id));
  put_char(writer, ':');
  put_value(writer, value, field->type);
}

static void put_record(struct writer *writer, const struct icws_candid_value *value)
{
  const struct icws_candid_type *type = icws_candid_types_get(writer->types, value->type);
  bool tuple = icws_candid_type_is_tuple(type);
  put_char(writer, tuple ? '[' : '{');
  for (size_t i = 0; i < type->field_count; i++) {
    if (i > 0)
      put_char(writer, ',');
    if (tuple)
      put_value(writer, &value->as.items[i], type->fields[i].type);
    else
      put_member(writer, &type->fields[i], &value->as.items[i]);
  }
  put_char(writer, tuple ? ']' : '}');
}

static void put_variant(struct writer *writer, const struct icws_candid_value *value)
{
  const struct icws_candid_type *type = icws_candid_types_get(writer->types, value->type);
  if (value->count >= type->field_count) {
    refuse(writer);
    return;
  }
  put_char(writer, '{');
  put_member(writer, &type->fields[value->count], value->as.items);
  put_char(writer, '}');
}

/* --- Any value --------------------------------------------------------------------------------- */

static void put_composite(struct writer *writer, const struct icws_candid_value *value)
{
  switch (icws_candid_types_constructor(writer->types, value->type)) {
  case ICWS_CANDID_OPT:
    put_opt(writer, value);
    break;
  case ICWS_CANDID_VEC:
    put_vec(writer, value);
    break;
  case ICWS_CANDID_RECORD:
    put_record(writer, value);
    break;
  case ICWS_CANDID_VARIANT:
    put_variant(writer, value);
    break;
  case ICWS_CANDID_FUNC:
    put_func(writer, value->as.func);
    break;
  case ICWS_CANDID_SERVICE:
    put_principal(writer, icws_bytes_of(value->as.bytes, value->count));
    break;
  default: /* a future type, or none */
    refuse(writer);
  }
}

static void put_primitive(struct writer *writer, const struct icws_candid_value *value)
{
  switch (value->type) {
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
    put(writer, "null");
    break;
  case ICWS_CANDID_BOOL:
    put(writer, value->as.boolean ? "true" : "false");
    break;
  case ICWS_CANDID_FLOAT32:
    put_float(writer, (double)value->as.float32);
    break;
  case ICWS_CANDID_FLOAT64:
    put_float(writer, value->as.float64);
    break;
  case ICWS_CANDID_TEXT:
    put_string(writer, icws_bytes_of(value->as.bytes, value->count));
    break;
  case ICWS_CANDID_PRINCIPAL:
    put_principal(writer, icws_bytes_of(value->as.bytes, value->count));
    break;
  case ICWS_CANDID_EMPTY:
    refuse(writer);
    break;
  default:
    put_integer(writer, value);
  }
}

static void put_value(struct writer *writer, const struct icws_candid_value *value, int type)
{
  if (value->type != type)
    refuse(writer);
  if (writer->depth == ICWS_CANDID_MAX_DEPTH)
    fail(writer, ICWS_ERR_LIMIT);
  if (writer->error != ICWS_OK || icws_buf_error(writer->out) != ICWS_OK)
    return;
  writer->depth++;
  if (type < 0)
    put_primitive(writer, value);
  else
    put_composite(writer, value);
  writer->depth--;
}

/* Takes back what was appended since |start| if anything failed. */
static enum icws_error finish(const struct writer *writer, size_t start)
{
  enum icws_error error = writer->error != ICWS_OK ? writer->error : icws_buf_error(writer->out);
  if (error != ICWS_OK)
    icws_buf_truncate(writer->out, start);
  return error;
}

enum icws_error icws_candid_to_json(const struct icws_candid_types *types,
                                    const struct icws_candid_value *value, struct icws_buf *out)
{
  struct writer writer = {.types = types, .out = out, .error = ICWS_OK};
  size_t start = out->len;
  put_value(&writer, value, value->type);
  return finish(&writer, start);
}

enum icws_error icws_candid_args_to_json(const struct icws_candid_args *args, struct icws_buf *out)
{
  struct writer writer = {.types = args->types, .out = out, .error = ICWS_OK};
  size_t start = out->len;
  put_char(&writer, '[');
  for (size_t i = 0; i < args->count; i++) {
    if (i > 0)
      put_char(&writer, ',');
    put_value(&writer, &args->values[i], args->values[i].type);
  }
  put_char(&writer, ']');
  return finish(&writer, start);
}

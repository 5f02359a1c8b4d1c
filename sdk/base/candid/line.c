/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/line.h"

#include "candid/escape.h"

/* --- Values without members ------------------------------------------------------------------ */

static bool needs_annotation(int type)
{
  return type == ICWS_CANDID_NAT || (type <= ICWS_CANDID_NAT8 && type >= ICWS_CANDID_FLOAT32) ||
         type == ICWS_CANDID_RESERVED;
}

static void put_blob(struct icws_bytes bytes, struct icws_buf *out)
{
  icws_buf_put_text(out, "blob \"");
  for (size_t i = 0; i < bytes.len; i++) {
    uint8_t byte = bytes.data[i];
    if (byte < 0x20 || byte > 0x7e) {
      icws_buf_put_u8(out, '\\');
      icws_hex_put(out, icws_bytes_of(&byte, 1));
      continue;
    }
    if (byte == '"' || byte == '\\')
      icws_buf_put_u8(out, '\\');
    icws_buf_put_u8(out, byte);
  }
  icws_buf_put_u8(out, '"');
}

static void put_principal(const char *word, struct icws_bytes bytes, struct icws_buf *out)
{
  struct icws_principal principal;
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  if (icws_principal_init(&principal, bytes) != ICWS_OK) {
    icws_buf_fail(out, ICWS_ERR_INVALID_ARGUMENT);
    return;
  }
  icws_buf_put_text(out, word);
  icws_buf_put_text(out, " \"");
  icws_buf_put(out, text, icws_principal_to_text(&principal, text));
  icws_buf_put_u8(out, '"');
}

static void put_func(const struct icws_candid_func *func, struct icws_buf *out)
{
  put_principal("func", func->service, out);
  icws_buf_put_u8(out, '.');
  icws_candid_put_name(func->method, out);
}

/* Whether |out| may hold what is made of the bytes of |value|, no fewer: if not it fails now, before
 * they are gone through. */
static bool has_room(const struct icws_candid_value *value, struct icws_buf *out)
{
  if (value->count > out->max - out->len)
    icws_buf_fail(out, ICWS_ERR_LIMIT);
  return out->error == ICWS_OK;
}

/* Appends a value that has no members, without annotation. */
static void put_leaf(const struct icws_candid_value *value, int constructor, struct icws_buf *out)
{
  switch (constructor) {
  case ICWS_CANDID_BOOL:
    icws_buf_put_text(out, value->as.boolean ? "true" : "false");
    break;
  case ICWS_CANDID_TEXT:
    if (has_room(value, out))
      icws_candid_put_quoted(icws_bytes_of(value->as.bytes, value->count), out);
    break;
  case ICWS_CANDID_VEC:
    if (has_room(value, out))
      put_blob(icws_bytes_of(value->as.bytes, value->count), out);
    break;
  case ICWS_CANDID_PRINCIPAL:
    put_principal("principal", icws_bytes_of(value->as.bytes, value->count), out);
    break;
  case ICWS_CANDID_SERVICE:
    put_principal("service", icws_bytes_of(value->as.bytes, value->count), out);
    break;
  case ICWS_CANDID_FUNC:
    put_func(value->as.func, out);
    break;
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
  case ICWS_CANDID_OPT:
    icws_buf_put_text(out, "null");
    break;
  case ICWS_CANDID_NAT:
  case ICWS_CANDID_INT:
    if (has_room(value, out)) /* a byte makes two digits and more */
      icws_candid_value_put_decimal(value, out);
    break;
  default:
    icws_candid_value_put_decimal(value, out);
  }
}

/* --- Values with members --------------------------------------------------------------------- */

enum icws_candid_shape icws_candid_find_members(const struct icws_candid_types *types,
                                                const struct icws_candid_value *value,
                                                struct icws_candid_members *members)
{
  int constructor = icws_candid_types_constructor(types, value->type);
  if (constructor == ICWS_CANDID_OPT)
    return value->as.items != NULL ? ICWS_CANDID_SHAPE_OPT : ICWS_CANDID_SHAPE_LEAF;
  if (constructor == ICWS_CANDID_VEC && !icws_candid_types_is_blob(types, value->type)) {
    *members = (struct icws_candid_members){
        .word = "vec", .values = value->as.items, .count = value->count};
    return ICWS_CANDID_SHAPE_MEMBERS;
  }
  if (constructor != ICWS_CANDID_RECORD && constructor != ICWS_CANDID_VARIANT)
    return ICWS_CANDID_SHAPE_LEAF;
  const struct icws_candid_type *type = icws_candid_types_get(types, value->type);
  bool record = constructor == ICWS_CANDID_RECORD;
  *members = (struct icws_candid_members){
      .word = record ? "record" : "variant",
      .values = value->as.items,
      .count = record ? type->field_count : 1,
      .labels = !record                           ? &type->fields[value->count]
                : icws_candid_type_is_tuple(type) ? NULL
                                                  : type->fields,
      .bare = !record && value->as.items->type == ICWS_CANDID_NULL,
  };
  return ICWS_CANDID_SHAPE_MEMBERS;
}

void icws_candid_put_label(const struct icws_candid_members *members, size_t index,
                           struct icws_buf *out)
{
  if (members->labels == NULL)
    return;
  const struct icws_candid_field_type *label = &members->labels[index];
  if (label->name.data != NULL)
    icws_candid_put_name(label->name, out);
  else
    icws_candid_put_u32(label->id, out);
  if (!members->bare)
    icws_buf_put_text(out, " = ");
}

bool icws_candid_may_nest(unsigned depth, struct icws_buf *out)
{
  if (depth < ICWS_CANDID_MAX_DEPTH)
    return true;
  icws_buf_fail(out, ICWS_ERR_LIMIT);
  return false;
}

static void put_members(const struct icws_candid_types *types,
                        const struct icws_candid_members *members, unsigned depth,
                        struct icws_buf *out)
{
  icws_buf_put_text(out, members->word);
  icws_buf_put_text(out, members->count > 0 ? " { " : " {");
  for (size_t i = 0; i < members->count && out->error == ICWS_OK; i++) {
    if (i > 0)
      icws_buf_put_text(out, "; ");
    icws_candid_put_label(members, i, out);
    if (members->bare)
      (void)icws_candid_may_nest(depth, out);
    else
      icws_candid_put_value(types, &members->values[i], ICWS_CANDID_ANNOTATED, depth, out);
  }
  icws_buf_put_text(out, members->count > 0 ? " }" : "}");
}

static void put_annotated_leaf(const struct icws_candid_types *types,
                               const struct icws_candid_value *value, enum icws_candid_place place,
                               struct icws_buf *out)
{
  bool annotated = needs_annotation(value->type);
  if (annotated && place == ICWS_CANDID_PLAIN)
    icws_buf_put_u8(out, '(');
  put_leaf(value, icws_candid_types_constructor(types, value->type), out);
  if (annotated) {
    icws_buf_put_text(out, " : ");
    icws_buf_put_text(out, icws_candid_constructor_name(value->type));
  }
  if (annotated && place == ICWS_CANDID_PLAIN)
    icws_buf_put_u8(out, ')');
}

void icws_candid_put_value(const struct icws_candid_types *types,
                           const struct icws_candid_value *value, enum icws_candid_place place,
                           unsigned depth, struct icws_buf *out)
{
  struct icws_candid_members members;
  if (!icws_candid_may_nest(depth, out) || out->error != ICWS_OK)
    return;
  switch (icws_candid_find_members(types, value, &members)) {
  case ICWS_CANDID_SHAPE_LEAF:
    put_annotated_leaf(types, value, place, out);
    break;
  case ICWS_CANDID_SHAPE_OPT:
    icws_buf_put_text(out, "opt ");
    icws_candid_put_value(types, value->as.items, ICWS_CANDID_PLAIN, depth + 1, out);
    break;
  case ICWS_CANDID_SHAPE_MEMBERS:
    put_members(types, &members, depth + 1, out);
  }
}

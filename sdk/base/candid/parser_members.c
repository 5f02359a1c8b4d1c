/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/parser.h"
#include "candid/words.h"

bool icws_candid_parser_end_member(struct icws_candid_parser *parser)
{
  struct icws_candid_lexer *lexer = &parser->lexer;
  return icws_candid_lexer_accept_sign(lexer, ';') || icws_candid_lexer_is_sign(lexer, '}') ||
         icws_candid_lexer_unexpected(lexer, "';' or '}'");
}

/* --- Labels ---------------------------------------------------------------------------------- */

bool icws_candid_parser_label(struct icws_candid_parser *parser, struct icws_candid_label *label)
{
  struct icws_candid_lexer *lexer = &parser->lexer;
  label->at = lexer->start;
  label->end = lexer->end;
  label->name = icws_bytes_of(NULL, 0);
  if (lexer->token == ICWS_CANDID_TOKEN_NUMBER)
    return icws_candid_lexer_take_id(lexer, &label->id);
  if (!icws_candid_lexer_take_name(lexer, "a name or an id", &label->name))
    return false;
  label->id = icws_candid_name_id(label->name);
  return true;
}

/* A name that is no value can only be a label. */
static bool at_label(const struct icws_candid_parser *parser)
{
  struct icws_candid_literal literal;
  struct icws_candid_lexer lexer = parser->lexer;
  if (lexer.token == ICWS_CANDID_TOKEN_ID && !icws_candid_is_keyword(lexer.raw) &&
      !icws_candid_parser_peek_number(parser, &literal))
    return true;
  icws_candid_lexer_next(&lexer);
  return icws_candid_lexer_is_sign(&lexer, '=');
}

bool icws_candid_parser_field_label(struct icws_candid_parser *parser, uint64_t next,
                                    struct icws_candid_label *label)
{
  if (at_label(parser))
    return icws_candid_parser_label(parser, label) &&
           icws_candid_lexer_expect_sign(&parser->lexer, '=');
  if (next > UINT32_MAX)
    return icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_CANDID, parser->lexer.start,
                                  "the field after number %u needs a number below 2^32",
                                  (unsigned)UINT32_MAX);
  *label = (struct icws_candid_label){
      .at = parser->lexer.start,
      .end = parser->lexer.start,
      .id = (uint32_t)next,
  };
  return true;
}

/* --- Vec ------------------------------------------------------------------------------------- */

/* What a vec is made of while it grows: values, or the bytes of a blob. */
struct items {
  int type;
  size_t count;
  struct icws_buf buf;
};

static bool take_items(struct icws_candid_parser *parser, unsigned depth, struct items *items)
{
  while (!icws_candid_lexer_is_sign(&parser->lexer, '}')) {
    struct icws_candid_value value;
    if (!icws_candid_parser_annotated(parser, items->type, depth, &value))
      return false;
    items->type = value.type;
    if (value.type == ICWS_CANDID_NAT8)
      icws_buf_put_u8(&items->buf, (uint8_t)value.as.nat);
    else
      icws_buf_put(&items->buf, &value, sizeof value);
    items->count++;
    if (!icws_candid_parser_check(parser, icws_buf_error(&items->buf)) ||
        !icws_candid_parser_end_member(parser))
      return false;
  }
  return icws_candid_lexer_expect_sign(&parser->lexer, '}');
}

static bool store_items(struct icws_candid_parser *parser, const struct items *items,
                        struct icws_candid_value *value)
{
  struct icws_bytes copy = icws_arena_copy(parser->arena, icws_buf_bytes(&items->buf));
  if (!icws_candid_parser_check(parser, icws_arena_error(parser->arena)) ||
      !icws_candid_parser_check(parser, items->count > UINT32_MAX ? ICWS_ERR_LIMIT : ICWS_OK))
    return false;
  value->count = (uint32_t)items->count;
  if (items->type == ICWS_CANDID_NAT8)
    value->as.bytes = copy.data;
  else
    value->as.items = (const struct icws_candid_value *)(const void *)copy.data;
  return true;
}

bool icws_candid_parser_items(struct icws_candid_parser *parser, int item, unsigned depth,
                              struct icws_candid_value *value)
{
  struct items items = {.type = item};
  icws_buf_init(&items.buf, parser->arena->max, parser->arena->mem);
  bool ok = icws_candid_lexer_expect_sign(&parser->lexer, '{') &&
            take_items(parser, depth, &items) && store_items(parser, &items, value);
  icws_buf_wipe(&items.buf);
  if (ok && value->type == ICWS_CANDID_ANY) {
    int found = items.type == ICWS_CANDID_ANY ? ICWS_CANDID_EMPTY : items.type;
    value->type = icws_candid_types_vec(parser->growing, found);
    ok = icws_candid_parser_check(parser, icws_candid_types_error(parser->growing));
  }
  return ok;
}

/* --- Record ---------------------------------------------------------------------------------- */

#define MISSING INT32_MIN /* the type of a value that has not been read yet */

static bool take_field(struct icws_candid_parser *parser, const struct icws_candid_type *type,
                       uint64_t *next, unsigned depth, struct icws_candid_value *values)
{
  struct icws_candid_label label;
  size_t index;
  if (!icws_candid_parser_field_label(parser, *next, &label))
    return false;
  if (icws_candid_type_field(type, label.id, &index) == NULL)
    return icws_candid_parser_bad_label(parser, "unexpected", "field", &label, type);
  if (values[index].type != MISSING)
    return icws_candid_parser_bad_label(parser, "duplicate", "field", &label, type);
  *next = (uint64_t)label.id + 1;
  return icws_candid_parser_annotated(parser, type->fields[index].type, depth, &values[index]) &&
         icws_candid_parser_end_member(parser);
}

static bool fill_fields(struct icws_candid_parser *parser, const struct icws_candid_type *type,
                        unsigned depth, struct icws_candid_value *values)
{
  for (size_t i = 0; i < type->field_count; i++) {
    if (values[i].type == MISSING &&
        !icws_candid_parser_default(parser, type->fields[i].type, depth, &values[i]))
      return icws_candid_parser_missing(parser, "field", &type->fields[i]);
  }
  return true;
}

bool icws_candid_parser_record(struct icws_candid_parser *parser, unsigned depth,
                               struct icws_candid_value *value)
{
  const struct icws_candid_type *type = icws_candid_types_get(parser->types, value->type);
  struct icws_candid_value *values =
      icws_candid_parser_alloc(parser, type->field_count, sizeof *values);
  if (values == NULL || !icws_candid_lexer_expect_sign(&parser->lexer, '{'))
    return false;
  for (size_t i = 0; i < type->field_count; i++)
    values[i].type = MISSING;
  uint64_t next = 0;
  while (!icws_candid_lexer_is_sign(&parser->lexer, '}')) {
    if (!take_field(parser, type, &next, depth, values))
      return false;
  }
  value->as.items = values;
  return fill_fields(parser, type, depth, values) &&
         icws_candid_lexer_expect_sign(&parser->lexer, '}');
}

/* --- Variant --------------------------------------------------------------------------------- */

static bool take_case(struct icws_candid_parser *parser, const struct icws_candid_type *type,
                      unsigned depth, struct icws_candid_value *value)
{
  struct icws_candid_label label;
  size_t index;
  struct icws_candid_value *content = icws_candid_parser_alloc(parser, 1, sizeof *content);
  if (content == NULL || !icws_candid_parser_label(parser, &label))
    return false;
  const struct icws_candid_field_type *found = icws_candid_type_field(type, label.id, &index);
  if (found == NULL)
    return icws_candid_parser_bad_label(parser, "unexpected", "case", &label, type);
  value->count = (uint32_t)index;
  value->as.items = content;
  if (icws_candid_lexer_accept_sign(&parser->lexer, '='))
    return icws_candid_parser_annotated(parser, found->type, depth, content);
  return icws_candid_parser_default(parser, found->type, depth, content) ||
         icws_candid_parser_missing(parser, "value of case", found);
}

bool icws_candid_parser_variant(struct icws_candid_parser *parser, unsigned depth,
                                struct icws_candid_value *value)
{
  const struct icws_candid_type *type = icws_candid_types_get(parser->types, value->type);
  if (!icws_candid_lexer_expect_sign(&parser->lexer, '{') || !take_case(parser, type, depth, value))
    return false;
  (void)icws_candid_lexer_accept_sign(&parser->lexer, ';');
  return icws_candid_lexer_expect_sign(&parser->lexer, '}');
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/parser.h"
#include "sort.h"

/* Reads a value whose type the word at hand tells, once that type has been added. */
static bool take_added(struct icws_candid_parser *parser, int type, unsigned depth,
                       struct icws_candid_value *value)
{
  return icws_candid_parser_check(parser, icws_candid_types_error(parser->growing)) &&
         icws_candid_parser_value(parser, type, depth, value);
}

static bool infer_opt(struct icws_candid_parser *parser, unsigned depth,
                      struct icws_candid_value *value)
{
  struct icws_candid_value *item = icws_candid_parser_alloc(parser, 1, sizeof *item);
  icws_candid_lexer_next(&parser->lexer);
  if (item == NULL || !icws_candid_parser_value(parser, ICWS_CANDID_ANY, depth, item))
    return false;
  *value = (struct icws_candid_value){
      .type = icws_candid_types_opt(parser->growing, item->type),
      .as.items = item,
  };
  return icws_candid_parser_check(parser, icws_candid_types_error(parser->growing));
}

static bool infer_vec(struct icws_candid_parser *parser, unsigned depth,
                      struct icws_candid_value *value)
{
  icws_candid_lexer_next(&parser->lexer);
  *value = (struct icws_candid_value){.type = ICWS_CANDID_ANY};
  return icws_candid_parser_items(parser, ICWS_CANDID_ANY, depth, value);
}

/* --- Records and variants -------------------------------------------------------------------- */

/* A field that has been read: what is sorted by id. */
struct field {
  uint32_t id;
  struct icws_bytes name;
  size_t at; /* in the text */
  struct icws_candid_value value;
};

static int compare_fields(const void *a, const void *b)
{
  const struct field *left = a;
  const struct field *right = b;
  if (left->id != right->id)
    return left->id < right->id ? -1 : 1;
  return left->at < right->at ? -1 : left->at > right->at;
}

static bool take_field(struct icws_candid_parser *parser, uint64_t *next, unsigned depth,
                       struct field *field)
{
  struct icws_candid_label label;
  if (!icws_candid_parser_field_label(parser, *next, &label))
    return false;
  *next = (uint64_t)label.id + 1;
  *field = (struct field){.id = label.id, .name = label.name, .at = label.at};
  return icws_candid_parser_annotated(parser, ICWS_CANDID_ANY, depth, &field->value) &&
         icws_candid_parser_end_member(parser);
}

static bool take_fields(struct icws_candid_parser *parser, unsigned depth, struct icws_buf *fields)
{
  uint64_t next = 0;
  if (!icws_candid_lexer_expect_sign(&parser->lexer, '{'))
    return false;
  while (!icws_candid_lexer_is_sign(&parser->lexer, '}')) {
    struct field field;
    if (!take_field(parser, &next, depth, &field))
      return false;
    icws_buf_put(fields, &field, sizeof field);
    if (!icws_candid_parser_check(parser, icws_buf_error(fields)))
      return false;
  }
  return icws_candid_lexer_expect_sign(&parser->lexer, '}');
}

/* The type of |count| sorted fields; the later of two that are the same is refused. */
static bool make_type(struct icws_candid_parser *parser, int constructor,
                      const struct field *fields, size_t count, int *type)
{
  struct icws_arena *scratch = parser->lexer.arena;
  struct icws_candid_field_type *types = icws_arena_array(scratch, count, sizeof *types);
  if (!icws_candid_parser_check(parser, icws_arena_error(scratch)))
    return false;
  struct icws_candid_type made = {
      .constructor = constructor, .fields = types, .field_count = count};
  for (size_t i = 0; i < count; i++) {
    types[i] = (struct icws_candid_field_type){
        .id = fields[i].id, .type = fields[i].value.type, .name = fields[i].name};
    struct icws_candid_label label = {
        .at = fields[i].at, .id = fields[i].id, .name = fields[i].name};
    if (i > 0 && fields[i - 1].id == fields[i].id)
      return icws_candid_parser_bad_label(parser, "duplicate", "field", &label, NULL);
  }
  *type = icws_candid_types_add(parser->growing, &made);
  return icws_candid_parser_check(parser, icws_candid_types_error(parser->growing));
}

static bool make_record(struct icws_candid_parser *parser, struct icws_buf *buf,
                        struct icws_candid_value *value)
{
  struct field *fields = (struct field *)(void *)buf->data;
  size_t count = buf->len / sizeof *fields;
  struct icws_candid_value *values = icws_candid_parser_alloc(parser, count, sizeof *values);
  int type;
  if (values == NULL)
    return false;
  if (count > 0)
    icws_sort(fields, count, sizeof *fields, compare_fields);
  if (!make_type(parser, ICWS_CANDID_RECORD, fields, count, &type))
    return false;
  for (size_t i = 0; i < count; i++)
    values[i] = fields[i].value;
  *value = (struct icws_candid_value){.type = type, .as.items = values};
  return true;
}

static bool infer_record(struct icws_candid_parser *parser, unsigned depth,
                         struct icws_candid_value *value)
{
  struct icws_buf fields;
  icws_buf_init(&fields, parser->arena->max, parser->arena->mem);
  icws_candid_lexer_next(&parser->lexer);
  bool ok = take_fields(parser, depth, &fields) && make_record(parser, &fields, value);
  icws_buf_wipe(&fields);
  return ok;
}

static bool infer_case(struct icws_candid_parser *parser, unsigned depth,
                       struct icws_candid_value *value)
{
  struct icws_candid_label label;
  struct icws_candid_value *content = icws_candid_parser_alloc(parser, 1, sizeof *content);
  if (content == NULL || !icws_candid_parser_label(parser, &label))
    return false;
  bool ok = icws_candid_lexer_accept_sign(&parser->lexer, '=')
                ? icws_candid_parser_annotated(parser, ICWS_CANDID_ANY, depth, content)
                : icws_candid_parser_default(parser, ICWS_CANDID_NULL, depth, content);
  if (!ok)
    return false;
  struct field field = {.id = label.id, .name = label.name, .value = *content};
  int type;
  if (!make_type(parser, ICWS_CANDID_VARIANT, &field, 1, &type))
    return false;
  *value = (struct icws_candid_value){.type = type, .as.items = content};
  return true;
}

static bool infer_variant(struct icws_candid_parser *parser, unsigned depth,
                          struct icws_candid_value *value)
{
  icws_candid_lexer_next(&parser->lexer);
  if (!icws_candid_lexer_expect_sign(&parser->lexer, '{') || !infer_case(parser, depth, value))
    return false;
  (void)icws_candid_lexer_accept_sign(&parser->lexer, ';');
  return icws_candid_lexer_expect_sign(&parser->lexer, '}');
}

/* --- All ------------------------------------------------------------------------------------- */

typedef bool infer_fn(struct icws_candid_parser *parser, unsigned depth,
                      struct icws_candid_value *value);

static infer_fn *find_composite(const struct icws_candid_lexer *lexer)
{
  static const struct {
    const char *word;
    infer_fn *infer;
  } rows[] = {
      {"opt", infer_opt},
      {"vec", infer_vec},
      {"record", infer_record},
      {"variant", infer_variant},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (icws_candid_lexer_is_word(lexer, rows[i].word))
      return rows[i].infer;
  }
  return NULL;
}

static bool find_primitive(const struct icws_candid_parser *parser, int *type)
{
  const struct icws_candid_lexer *lexer = &parser->lexer;
  struct icws_candid_literal literal;
  if (icws_candid_parser_peek_number(parser, &literal))
    *type = literal.is_float ? ICWS_CANDID_FLOAT64 : ICWS_CANDID_INT;
  else if (lexer->token == ICWS_CANDID_TOKEN_TEXT)
    *type = ICWS_CANDID_TEXT;
  else if (icws_candid_lexer_is_word(lexer, "null"))
    *type = ICWS_CANDID_NULL;
  else if (icws_candid_lexer_is_word(lexer, "true") || icws_candid_lexer_is_word(lexer, "false"))
    *type = ICWS_CANDID_BOOL;
  else if (icws_candid_lexer_is_word(lexer, "principal"))
    *type = ICWS_CANDID_PRINCIPAL;
  else
    return false;
  return true;
}

bool icws_candid_parser_infer(struct icws_candid_parser *parser, unsigned depth,
                              struct icws_candid_value *value)
{
  const struct icws_candid_lexer *lexer = &parser->lexer;
  infer_fn *infer = find_composite(lexer);
  int type;
  if (find_primitive(parser, &type))
    return icws_candid_parser_value(parser, type, depth, value);
  if (!icws_candid_parser_grow(parser))
    return false;
  if (infer != NULL)
    return infer(parser, depth + 1, value);
  if (icws_candid_lexer_is_word(lexer, "blob"))
    return take_added(parser, icws_candid_types_vec(parser->growing, ICWS_CANDID_NAT8), depth,
                      value);
  struct icws_candid_type reference = {.constructor = ICWS_CANDID_SERVICE};
  if (icws_candid_lexer_is_word(lexer, "func"))
    reference.constructor = ICWS_CANDID_FUNC;
  else if (!icws_candid_lexer_is_word(lexer, "service"))
    return icws_candid_lexer_unexpected(&parser->lexer, "a value");
  return take_added(parser, icws_candid_types_add(parser->growing, &reference), depth, value);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/parser.h"
#include "candid/type_parse.h"
#include "utf8.h"

#define PARENTHESES_MAX 64

void *icws_candid_parser_alloc(struct icws_candid_parser *parser, size_t count, size_t size)
{
  void *items = icws_arena_array(parser->arena, count, size);
  (void)icws_candid_parser_check(parser, icws_arena_error(parser->arena));
  return items;
}

bool icws_candid_parser_default(struct icws_candid_parser *parser, int type, unsigned depth,
                                struct icws_candid_value *value)
{
  if (depth == ICWS_CANDID_MAX_DEPTH)
    return icws_candid_parser_too_deep(parser);
  if (!icws_candid_types_is_optional(parser->types, type))
    return false;
  *value = (struct icws_candid_value){.type = type, .as.items = NULL};
  return true;
}

/* --- Bytes ----------------------------------------------------------------------------------- */

static bool store_bytes(struct icws_candid_parser *parser, struct icws_bytes bytes,
                        struct icws_candid_value *value)
{
  struct icws_bytes copy = icws_arena_copy(parser->arena, bytes);
  enum icws_error error = icws_arena_error(parser->arena);
  value->count = (uint32_t)copy.len;
  value->as.bytes = copy.data;
  return icws_candid_parser_check(parser, copy.len > UINT32_MAX ? ICWS_ERR_LIMIT : error);
}

static bool take_text(struct icws_candid_parser *parser, struct icws_candid_value *value)
{
  struct icws_candid_lexer *lexer = &parser->lexer;
  size_t at = lexer->start;
  struct icws_bytes text;
  if (lexer->token != ICWS_CANDID_TOKEN_TEXT)
    return icws_candid_parser_mismatch(parser, value->type);
  if (!icws_candid_lexer_take_bytes(lexer, &text))
    return false;
  if (!icws_utf8_valid(text))
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, at, "the text is not UTF-8");
  return store_bytes(parser, text, value);
}

static bool take_principal(struct icws_candid_parser *parser, struct icws_principal *principal)
{
  struct icws_candid_lexer *lexer = &parser->lexer;
  size_t at = lexer->start;
  struct icws_bytes text;
  if (lexer->token != ICWS_CANDID_TOKEN_TEXT)
    return icws_candid_lexer_unexpected(lexer, "a principal in quotes");
  int shown =
      lexer->raw.len < ICWS_PRINCIPAL_TEXT_BYTES ? (int)lexer->raw.len : ICWS_PRINCIPAL_TEXT_BYTES;
  const char *raw = (const char *)lexer->raw.data;
  if (!icws_candid_lexer_take_bytes(lexer, &text))
    return false;
  if (icws_principal_from_text(principal, text) == ICWS_OK)
    return true;
  return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, at, "\"%.*s\" is no principal", shown, raw);
}

/* A service is a principal, too (Candid specification, "Rules", "References"). */
static bool take_reference(struct icws_candid_parser *parser, int constructor,
                           struct icws_candid_value *value)
{
  struct icws_principal principal;
  bool taken = icws_candid_lexer_accept_word(&parser->lexer, "service") ||
               (constructor == ICWS_CANDID_PRINCIPAL &&
                icws_candid_lexer_accept_word(&parser->lexer, "principal"));
  if (!taken)
    return icws_candid_parser_mismatch(parser, value->type);
  return take_principal(parser, &principal) &&
         store_bytes(parser, icws_principal_bytes(&principal), value);
}

static bool take_func(struct icws_candid_parser *parser, struct icws_candid_value *value)
{
  struct icws_candid_lexer *lexer = &parser->lexer;
  struct icws_principal service;
  struct icws_bytes method;
  if (!icws_candid_lexer_accept_word(lexer, "func"))
    return icws_candid_parser_mismatch(parser, value->type);
  struct icws_candid_func *func = icws_candid_parser_alloc(parser, 1, sizeof *func);
  if (func == NULL || !take_principal(parser, &service) ||
      !icws_candid_lexer_expect_sign(lexer, '.') ||
      !icws_candid_lexer_take_name(lexer, "the name of a method", &method))
    return false;
  func->service = icws_arena_copy(parser->arena, icws_principal_bytes(&service));
  func->method = icws_arena_copy(parser->arena, method);
  value->as.func = func;
  return icws_candid_parser_check(parser, icws_arena_error(parser->arena));
}

/* --- Primitives ------------------------------------------------------------------------------ */

static bool take_null(struct icws_candid_parser *parser, int type)
{
  return icws_candid_lexer_accept_word(&parser->lexer, "null") ||
         icws_candid_parser_mismatch(parser, type);
}

/* Any value is of type reserved, which forgets what it was. */
static bool take_reserved(struct icws_candid_parser *parser, unsigned depth)
{
  struct icws_candid_value ignored;
  return icws_candid_lexer_accept_word(&parser->lexer, "null") ||
         icws_candid_parser_infer(parser, depth, &ignored);
}

static bool take_bool(struct icws_candid_parser *parser, struct icws_candid_value *value)
{
  value->as.boolean = icws_candid_lexer_is_word(&parser->lexer, "true");
  return icws_candid_lexer_accept_word(&parser->lexer, "true") ||
         icws_candid_lexer_accept_word(&parser->lexer, "false") ||
         icws_candid_parser_mismatch(parser, value->type);
}

static bool take_primitive(struct icws_candid_parser *parser, unsigned depth,
                           struct icws_candid_value *value)
{
  switch (value->type) {
  case ICWS_CANDID_NULL:
    return take_null(parser, value->type);
  case ICWS_CANDID_RESERVED:
    return take_reserved(parser, depth);
  case ICWS_CANDID_BOOL:
    return take_bool(parser, value);
  case ICWS_CANDID_TEXT:
    return take_text(parser, value);
  case ICWS_CANDID_PRINCIPAL:
    return take_reference(parser, ICWS_CANDID_PRINCIPAL, value);
  case ICWS_CANDID_EMPTY:
    return icws_candid_parser_mismatch(parser, value->type);
  default:
    return icws_candid_parser_number(parser, value);
  }
}

/* --- Composite types ------------------------------------------------------------------------- */

/* A value stands for opt of itself, unless it might be the opt's own null. */
static bool take_opt(struct icws_candid_parser *parser, unsigned depth,
                     struct icws_candid_value *value)
{
  int type = icws_candid_types_get(parser->types, value->type)->item;
  value->as.items = NULL;
  if (icws_candid_lexer_accept_word(&parser->lexer, "null"))
    return true;
  if (!icws_candid_lexer_accept_word(&parser->lexer, "opt") &&
      icws_candid_types_is_optional(parser->types, type))
    return icws_candid_parser_mismatch(parser, value->type);
  struct icws_candid_value *item = icws_candid_parser_alloc(parser, 1, sizeof *item);
  value->as.items = item;
  return item != NULL && icws_candid_parser_value(parser, type, depth, item);
}

static bool take_vec(struct icws_candid_parser *parser, unsigned depth,
                     struct icws_candid_value *value)
{
  bool blob = icws_candid_types_is_blob(parser->types, value->type);
  struct icws_bytes bytes;
  if (blob && icws_candid_lexer_accept_word(&parser->lexer, "blob"))
    return icws_candid_lexer_take_bytes(&parser->lexer, &bytes) &&
           store_bytes(parser, bytes, value);
  if (!icws_candid_lexer_accept_word(&parser->lexer, "vec"))
    return icws_candid_parser_mismatch(parser, value->type);
  int item = icws_candid_types_get(parser->types, value->type)->item;
  return icws_candid_parser_items(parser, item, depth, value);
}

static bool take_composite(struct icws_candid_parser *parser, int constructor, unsigned depth,
                           struct icws_candid_value *value)
{
  switch (constructor) {
  case ICWS_CANDID_OPT:
    return take_opt(parser, depth + 1, value);
  case ICWS_CANDID_VEC:
    return take_vec(parser, depth + 1, value);
  case ICWS_CANDID_RECORD:
    return icws_candid_lexer_accept_word(&parser->lexer, "record")
               ? icws_candid_parser_record(parser, depth + 1, value)
               : icws_candid_parser_mismatch(parser, value->type);
  case ICWS_CANDID_VARIANT:
    return icws_candid_lexer_accept_word(&parser->lexer, "variant")
               ? icws_candid_parser_variant(parser, depth + 1, value)
               : icws_candid_parser_mismatch(parser, value->type);
  case ICWS_CANDID_FUNC:
    return take_func(parser, value);
  case ICWS_CANDID_SERVICE:
    return take_reference(parser, constructor, value);
  default:
    return icws_candid_parser_mismatch(parser, value->type);
  }
}

static bool take_parentheses(struct icws_candid_parser *parser, int type, unsigned depth,
                             struct icws_candid_value *value)
{
  if (parser->parentheses == PARENTHESES_MAX)
    return icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_LIMIT, parser->lexer.start,
                                  "more than %d parentheses are open", PARENTHESES_MAX);
  parser->parentheses++;
  icws_candid_lexer_next(&parser->lexer);
  bool ok = icws_candid_parser_annotated(parser, type, depth, value) &&
            icws_candid_lexer_expect_sign(&parser->lexer, ')');
  parser->parentheses--;
  return ok;
}

bool icws_candid_parser_value(struct icws_candid_parser *parser, int type, unsigned depth,
                              struct icws_candid_value *value)
{
  if (icws_candid_lexer_is_sign(&parser->lexer, '('))
    return take_parentheses(parser, type, depth, value);
  if (depth == ICWS_CANDID_MAX_DEPTH)
    return icws_candid_parser_too_deep(parser);
  if (type == ICWS_CANDID_ANY)
    return icws_candid_parser_infer(parser, depth, value);
  *value = (struct icws_candid_value){.type = type};
  int constructor = icws_candid_types_constructor(parser->types, type);
  return constructor == type ? take_primitive(parser, depth, value)
                             : take_composite(parser, constructor, depth, value);
}

/* --- Annotations ----------------------------------------------------------------------------- */

void icws_candid_parser_move(struct icws_candid_parser *parser, size_t offset)
{
  parser->lexer.end = offset;
  icws_candid_lexer_next(&parser->lexer);
}

/* Reads the type of |annotation|, once. */
static bool learn_type(struct icws_candid_parser *parser,
                       struct icws_candid_value_annotation *annotation)
{
  size_t value = parser->lexer.start;
  if (annotation->known)
    return true;
  if (!icws_candid_parser_grow(parser))
    return false;
  icws_candid_parser_move(parser, annotation->colon + 1);
  if (!icws_candid_lexer_take_type(&parser->lexer, parser->growing, &annotation->type))
    return false;
  annotation->known = true;
  annotation->end = parser->lexer.start;
  icws_candid_parser_move(parser, value);
  return true;
}

/* Goes past the annotation, if the value ended before it.  If not, others say that it is there. */
static bool pass_annotation(struct icws_candid_parser *parser,
                            const struct icws_candid_value_annotation *annotation)
{
  if (parser->lexer.start == annotation->colon)
    icws_candid_parser_move(parser, annotation->end);
  return parser->lexer.error == ICWS_OK;
}

static bool check_subtype(struct icws_candid_parser *parser,
                          const struct icws_candid_value_annotation *annotation, int type)
{
  enum icws_error error = icws_candid_subtype(parser->types, annotation->type, parser->types, type,
                                              parser->arena->mem, NULL);
  char found[ICWS_CANDID_SHORT_BYTES];
  char expected[ICWS_CANDID_SHORT_BYTES];
  if (error != ICWS_ERR_CANDID)
    return icws_candid_parser_check(parser, error);
  return icws_candid_parser_describe(parser, annotation->type, found) &&
         icws_candid_parser_describe(parser, type, expected) &&
         icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_CANDID, annotation->colon,
                                "expected %s, found the annotation %s", expected, found);
}

/* Reads a value to see that it is of |type|, and forgets it. */
static bool check_value(struct icws_candid_parser *parser, int type, unsigned depth)
{
  struct icws_candid_value ignored;
  struct icws_arena aside;
  struct icws_arena *arena = parser->arena;
  size_t start = parser->lexer.start;
  icws_arena_init(&aside, arena->max, arena->mem);
  parser->arena = &aside;
  parser->again = true;
  bool ok = icws_candid_parser_value(parser, type, depth, &ignored);
  parser->again = false;
  parser->arena = arena;
  icws_arena_wipe(&aside);
  if (ok)
    icws_candid_parser_move(parser, start);
  return ok;
}

/*
 * A value must be of its annotation's type, which must be a subtype of |type|.  So it is read at
 * both.  Within one that is read again, what has annotations of its own has been read at these.
 */
static bool take_annotated(struct icws_candid_parser *parser, int type, unsigned depth,
                           struct icws_candid_value_annotation *annotation,
                           struct icws_candid_value *value)
{
  return check_subtype(parser, annotation, type) &&
         (parser->again || check_value(parser, annotation->type, depth)) &&
         icws_candid_parser_value(parser, type, depth, value);
}

bool icws_candid_parser_annotated(struct icws_candid_parser *parser, int type, unsigned depth,
                                  struct icws_candid_value *value)
{
  struct icws_candid_value_annotation *annotation =
      icws_candid_annotation_of(&parser->annotations, parser->lexer.start);
  if (annotation == NULL)
    return icws_candid_parser_value(parser, type, depth, value);
  if (!learn_type(parser, annotation))
    return false;
  if (type == ICWS_CANDID_ANY || type == annotation->type)
    return icws_candid_parser_value(parser, annotation->type, depth, value) &&
           pass_annotation(parser, annotation);
  return take_annotated(parser, type, depth, annotation, value) &&
         pass_annotation(parser, annotation);
}

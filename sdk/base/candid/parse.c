/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_text.h>

#include "candid/parser.h"

/* --- The table of types ---------------------------------------------------------------------- */

/* Makes a copy of |from| in which all types have the same numbers. */
static enum icws_error copy_table(const struct icws_candid_types *from, const struct icws_mem *mem,
                                  struct icws_candid_types **copy)
{
  enum icws_error error = icws_candid_types_new(mem, copy);
  if (error != ICWS_OK)
    return error;
  size_t count = icws_candid_types_count(from);
  for (size_t i = 0; i < count; i++)
    (void)icws_candid_types_reserve(*copy);
  for (size_t i = 0; i < count; i++)
    icws_candid_types_set(*copy, (int)i, icws_candid_types_get(from, (int)i));
  for (size_t i = 0; i < icws_candid_types_definition_count(from); i++) {
    const struct icws_candid_definition *definition = icws_candid_types_definition(from, i);
    icws_candid_types_define(*copy, definition->name, definition->type);
  }
  return icws_candid_types_error(*copy);
}

bool icws_candid_parser_grow(struct icws_candid_parser *parser)
{
  if (parser->growing != NULL)
    return true;
  enum icws_error error = copy_table(parser->types, parser->arena->mem, &parser->growing);
  if (error == ICWS_OK)
    parser->types = parser->growing;
  return icws_candid_parser_check(parser, error);
}

/* --- Arguments ------------------------------------------------------------------------------- */

/* Goes past the ',' after an argument, or stays at the end of them. */
static bool end_argument(struct icws_candid_lexer *lexer)
{
  return icws_candid_lexer_accept_sign(lexer, ',') || icws_candid_lexer_is_sign(lexer, ')') ||
         icws_candid_lexer_unexpected(lexer, "',' or ')'");
}

static bool end_arguments(struct icws_candid_lexer *lexer)
{
  return icws_candid_lexer_expect_sign(lexer, ')') &&
         (lexer->token == ICWS_CANDID_TOKEN_END ||
          icws_candid_lexer_unexpected(lexer, "the end of the text"));
}

static bool fill_arguments(struct icws_candid_parser *parser, const int *expected, size_t from,
                           size_t count, struct icws_candid_value *values)
{
  for (size_t i = from; i < count; i++) {
    char type[ICWS_CANDID_SHORT_BYTES];
    if (icws_candid_parser_default(parser, expected[i], 0, &values[i]))
      continue;
    return icws_candid_parser_describe(parser, expected[i], type) &&
           icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_CANDID, parser->lexer.start,
                                  "missing argument %zu : %s", i + 1, type);
  }
  return true;
}

static bool refuse_argument(struct icws_candid_lexer *lexer, size_t count)
{
  if (lexer->token == ICWS_CANDID_TOKEN_END)
    return icws_candid_lexer_unexpected(lexer, "')'");
  return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                                "unexpected argument %zu; the type has %zu", count + 1, count);
}

static bool take_expected(struct icws_candid_parser *parser, const int *expected, size_t count,
                          struct icws_candid_args *args)
{
  struct icws_candid_lexer *lexer = &parser->lexer;
  struct icws_candid_value *values = icws_candid_parser_alloc(parser, count, sizeof *values);
  size_t given = 0;
  if (values == NULL || !icws_candid_lexer_expect_sign(lexer, '('))
    return false;
  for (; !icws_candid_lexer_is_sign(lexer, ')'); given++) {
    if (given == count)
      return refuse_argument(lexer, count);
    if (!icws_candid_parser_annotated(parser, expected[given], 0, &values[given]) ||
        !end_argument(lexer))
      return false;
  }
  args->values = values;
  args->count = count;
  return fill_arguments(parser, expected, given, count, values) && end_arguments(lexer);
}

/* Takes arguments of any types into |values|. */
static bool take_values(struct icws_candid_parser *parser, struct icws_buf *values)
{
  if (!icws_candid_lexer_expect_sign(&parser->lexer, '('))
    return false;
  while (!icws_candid_lexer_is_sign(&parser->lexer, ')')) {
    struct icws_candid_value value;
    if (!icws_candid_parser_annotated(parser, ICWS_CANDID_ANY, 0, &value))
      return false;
    icws_buf_put(values, &value, sizeof value);
    if (!icws_candid_parser_check(parser, icws_buf_error(values)) || !end_argument(&parser->lexer))
      return false;
  }
  return end_arguments(&parser->lexer);
}

static bool take_any(struct icws_candid_parser *parser, struct icws_candid_args *args)
{
  struct icws_buf values;
  icws_buf_init(&values, parser->arena->max, parser->arena->mem);
  bool ok = take_values(parser, &values);
  if (ok) {
    struct icws_bytes copy = icws_arena_copy(parser->arena, icws_buf_bytes(&values));
    args->values = (const struct icws_candid_value *)(const void *)copy.data;
    args->count = copy.len / sizeof *args->values;
    ok = icws_candid_parser_check(parser, icws_arena_error(parser->arena));
  }
  icws_buf_wipe(&values);
  return ok;
}

/* --- Texts ----------------------------------------------------------------------------------- */

static void start(struct icws_candid_parser *parser, struct icws_bytes text,
                  struct icws_arena *scratch)
{
  icws_arena_init(scratch, parser->arena->max, parser->arena->mem);
  icws_candid_lexer_init(&parser->lexer, text, scratch);
  (void)icws_candid_parser_check(
      parser, icws_candid_annotations_find(&parser->annotations, &parser->lexer));
}

enum icws_error icws_candid_parse(struct icws_bytes text, const struct icws_candid_types *types,
                                  const int *expected, size_t count, struct icws_arena *arena,
                                  struct icws_candid_args *args, struct icws_candid_spot *spot,
                                  struct icws_failure *failure)
{
  struct icws_arena scratch;
  struct icws_candid_parser parser = {.types = types, .arena = arena};
  struct icws_candid_args taken = {.types = types};
  start(&parser, text, &scratch);
  if (take_expected(&parser, expected, count, &taken))
    *args = taken;
  enum icws_error error = icws_candid_lexer_report(&parser.lexer, spot, failure);
  icws_candid_types_del(parser.growing);
  icws_arena_wipe(&scratch);
  return error;
}

enum icws_error icws_candid_parse_any(struct icws_bytes text, struct icws_candid_types *types,
                                      struct icws_arena *arena, struct icws_candid_args *args,
                                      struct icws_candid_spot *spot, struct icws_failure *failure)
{
  struct icws_arena scratch;
  struct icws_candid_parser parser = {.types = types, .growing = types, .arena = arena};
  struct icws_candid_args taken = {.types = types};
  start(&parser, text, &scratch);
  if (take_any(&parser, &taken))
    *args = taken;
  enum icws_error error = icws_candid_lexer_report(&parser.lexer, spot, failure);
  icws_arena_wipe(&scratch);
  return error;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/syntax.h"

#include <string.h>

#include <icws/candid.h>

#include "candid/syntax_check.h"
#include "candid/words.h"

struct word {
  const char *name;
  int constructor;
};

/* --- Trees ----------------------------------------------------------------------------------- */

static void *allocate(struct icws_candid_lexer *lexer, size_t size)
{
  void *made = icws_arena_alloc(lexer->arena, size);
  if (made == NULL)
    icws_candid_lexer_fail_arena(lexer);
  return made;
}

static struct icws_candid_syntax *new_type(struct icws_candid_lexer *lexer, size_t at,
                                           int constructor)
{
  struct icws_candid_syntax *type = allocate(lexer, sizeof *type);
  if (type != NULL)
    *type = (struct icws_candid_syntax){.at = at, .constructor = constructor};
  return type;
}

bool icws_candid_syntax_named(struct icws_candid_lexer *lexer, size_t at, struct icws_bytes word,
                              struct icws_candid_syntax **type)
{
  int constructor = ICWS_CANDID_NAMED;
  (void)icws_candid_primitive_named(word, &constructor);
  *type = new_type(lexer, at, constructor);
  if (*type != NULL)
    (*type)->name = word;
  return *type != NULL;
}

/* Appends a copy of |member|. */
static bool add_member(struct icws_candid_lexer *lexer, struct icws_candid_syntax_members *members,
                       const struct icws_candid_syntax_member *member)
{
  struct icws_candid_syntax_member *added = allocate(lexer, sizeof *added);
  if (added == NULL)
    return false;
  *added = *member;
  added->next = NULL;
  if (members->last == NULL)
    members->last = &members->first;
  *members->last = added;
  members->last = &added->next;
  members->count++;
  return true;
}

/* Goes past |separator|, which may be left out before |close|. */
static bool separate(struct icws_candid_lexer *lexer, char separator, char close)
{
  const char expected[] = {'\'', separator, '\'', ' ', 'o', 'r', ' ', '\'', close, '\'', '\0'};
  return icws_candid_lexer_is_sign(lexer, close) ||
         icws_candid_lexer_accept_sign(lexer, separator) ||
         icws_candid_lexer_unexpected(lexer, expected);
}

/* Fails beyond the limit on nesting. */
static bool check_depth(struct icws_candid_lexer *lexer, unsigned depth)
{
  return depth < ICWS_CANDID_MAX_DEPTH ||
         icws_candid_lexer_fail(lexer, ICWS_ERR_LIMIT, lexer->start,
                                "types are nested more than %d deep", ICWS_CANDID_MAX_DEPTH);
}

/* Tells whether the token is an identifier, and no keyword. */
static bool at_identifier(const struct icws_candid_lexer *lexer)
{
  return lexer->token == ICWS_CANDID_TOKEN_ID && !icws_candid_is_keyword(lexer->raw);
}

/* --- Records --------------------------------------------------------------------------------- */

/* The |id| of a field that is given by its type alone is one more than that of the one before
 * (Candid specification, "Shorthand: Tuple Fields"). */
static bool number_field(struct icws_candid_lexer *lexer,
                         const struct icws_candid_syntax_members *fields,
                         const struct icws_candid_syntax_member *before,
                         struct icws_candid_syntax_member *field)
{
  if (fields->count > 0 && before->id == UINT32_MAX)
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, field->at,
                                  "the id of the field is not below 2^32");
  field->id = fields->count > 0 ? before->id + 1 : 0;
  return true;
}

/* After an identifier, only a colon tells a field's name from a type. */
static bool take_identifier(struct icws_candid_lexer *lexer, unsigned depth,
                            struct icws_candid_syntax_member *member, bool *is_type)
{
  struct icws_bytes word = lexer->raw;
  if (!check_depth(lexer, depth))
    return false;
  icws_candid_lexer_next(lexer);
  *is_type = !icws_candid_lexer_accept_sign(lexer, ':');
  if (*is_type)
    return icws_candid_syntax_named(lexer, member->at, word, &member->type);
  member->name = word;
  return icws_candid_syntax_type(lexer, depth, &member->type);
}

static bool take_name_and_type(struct icws_candid_lexer *lexer, unsigned depth, const char *what,
                               struct icws_candid_syntax_member *member)
{
  return icws_candid_lexer_take_name(lexer, what, &member->name) &&
         icws_candid_lexer_expect_sign(lexer, ':') &&
         icws_candid_syntax_type(lexer, depth, &member->type);
}

static bool take_field(struct icws_candid_lexer *lexer, unsigned depth,
                       const struct icws_candid_syntax_members *fields,
                       const struct icws_candid_syntax_member *before,
                       struct icws_candid_syntax_member *field)
{
  bool is_type = false;
  bool good;
  if (lexer->token == ICWS_CANDID_TOKEN_NUMBER) {
    return icws_candid_lexer_take_id(lexer, &field->id) &&
           icws_candid_lexer_expect_sign(lexer, ':') &&
           icws_candid_syntax_type(lexer, depth, &field->type);
  }
  if (lexer->token == ICWS_CANDID_TOKEN_TEXT) {
    good = take_name_and_type(lexer, depth, "a field", field);
  } else if (at_identifier(lexer)) {
    good = take_identifier(lexer, depth, field, &is_type);
  } else {
    is_type = true;
    good = icws_candid_syntax_type(lexer, depth, &field->type);
  }
  if (good && is_type)
    return number_field(lexer, fields, before, field);
  field->id = icws_candid_name_id(field->name);
  return good;
}

static bool take_record(struct icws_candid_lexer *lexer, unsigned depth,
                        struct icws_candid_syntax *record)
{
  struct icws_candid_syntax_member before = {.id = 0};
  if (!icws_candid_lexer_expect_sign(lexer, '{'))
    return false;
  while (!icws_candid_lexer_accept_sign(lexer, '}')) {
    struct icws_candid_syntax_member field = {.at = lexer->start};
    if (!take_field(lexer, depth, &record->members, &before, &field) ||
        !add_member(lexer, &record->members, &field) || !separate(lexer, ';', '}'))
      return false;
    before = field;
  }
  return icws_candid_check_ids(lexer, &record->members, "field");
}

/* --- Variants -------------------------------------------------------------------------------- */

/* A case without a type has null (Candid specification, "Shorthand: Enumeration Types"). */
static bool take_case(struct icws_candid_lexer *lexer, unsigned depth,
                      struct icws_candid_syntax_member *member)
{
  if (lexer->token == ICWS_CANDID_TOKEN_NUMBER) {
    if (!icws_candid_lexer_take_id(lexer, &member->id))
      return false;
  } else {
    if (!icws_candid_lexer_take_name(lexer, "a case", &member->name))
      return false;
    member->id = icws_candid_name_id(member->name);
  }
  if (icws_candid_lexer_accept_sign(lexer, ':'))
    return icws_candid_syntax_type(lexer, depth, &member->type);
  member->type = new_type(lexer, member->at, ICWS_CANDID_NULL);
  return member->type != NULL;
}

static bool take_variant(struct icws_candid_lexer *lexer, unsigned depth,
                         struct icws_candid_syntax *variant)
{
  if (!icws_candid_lexer_expect_sign(lexer, '{'))
    return false;
  while (!icws_candid_lexer_accept_sign(lexer, '}')) {
    struct icws_candid_syntax_member member = {.at = lexer->start};
    if (!take_case(lexer, depth, &member) || !add_member(lexer, &variant->members, &member) ||
        !separate(lexer, ';', '}'))
      return false;
  }
  return icws_candid_check_ids(lexer, &variant->members, "case");
}

/* --- Functions ------------------------------------------------------------------------------- */

static bool take_arg(struct icws_candid_lexer *lexer, unsigned depth,
                     struct icws_candid_syntax_member *arg)
{
  bool is_type;
  if (lexer->token == ICWS_CANDID_TOKEN_TEXT)
    return take_name_and_type(lexer, depth, "an argument", arg);
  if (at_identifier(lexer))
    return take_identifier(lexer, depth, arg, &is_type);
  return icws_candid_syntax_type(lexer, depth, &arg->type);
}

static bool take_args(struct icws_candid_lexer *lexer, unsigned depth, const char *what,
                      struct icws_candid_syntax_members *args)
{
  if (!icws_candid_lexer_expect_sign(lexer, '('))
    return false;
  while (!icws_candid_lexer_accept_sign(lexer, ')')) {
    struct icws_candid_syntax_member arg = {.at = lexer->start, .id = (uint32_t)args->count};
    if (!take_arg(lexer, depth, &arg) || !add_member(lexer, args, &arg) ||
        !separate(lexer, ',', ')'))
      return false;
  }
  return icws_candid_check_names(lexer, args, what);
}

bool icws_candid_syntax_args(struct icws_candid_lexer *lexer, unsigned depth,
                             struct icws_candid_syntax_members *args)
{
  return take_args(lexer, depth, "argument", args);
}

static unsigned annotation_at(const struct icws_candid_lexer *lexer)
{
  if (icws_candid_lexer_is_word(lexer, "query"))
    return ICWS_CANDID_QUERY;
  if (icws_candid_lexer_is_word(lexer, "oneway"))
    return ICWS_CANDID_ONEWAY;
  return icws_candid_lexer_is_word(lexer, "composite_query") ? ICWS_CANDID_COMPOSITE_QUERY : 0;
}

static bool take_annotation(struct icws_candid_lexer *lexer, struct icws_candid_syntax *func)
{
  func->annotations = annotation_at(lexer);
  if (func->annotations == ICWS_CANDID_ONEWAY && func->results.count > 0)
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                                  "a oneway function has no results");
  if (func->annotations != 0)
    icws_candid_lexer_next(lexer);
  if (func->annotations != 0 && annotation_at(lexer) != 0)
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                                  "a function has one annotation at most");
  return lexer->error == ICWS_OK;
}

static bool take_func(struct icws_candid_lexer *lexer, unsigned depth,
                      struct icws_candid_syntax *func)
{
  if (!take_args(lexer, depth, "argument", &func->members))
    return false;
  if (lexer->token != ICWS_CANDID_TOKEN_ARROW)
    return icws_candid_lexer_unexpected(lexer, "'->'");
  icws_candid_lexer_next(lexer);
  return take_args(lexer, depth, "result", &func->results) && take_annotation(lexer, func);
}

/* --- Services -------------------------------------------------------------------------------- */

/* A function's type in place, or the name of one.  The keyword before the former is not in the
 * specification's grammar, but printed by others. */
static bool take_method_type(struct icws_candid_lexer *lexer, unsigned depth,
                             struct icws_candid_syntax **type)
{
  size_t at = lexer->start;
  if (at_identifier(lexer)) {
    struct icws_bytes word = lexer->raw;
    icws_candid_lexer_next(lexer);
    return icws_candid_syntax_named(lexer, at, word, type);
  }
  if (!icws_candid_lexer_accept_word(lexer, "func") && !icws_candid_lexer_is_sign(lexer, '('))
    return icws_candid_lexer_unexpected(lexer, "the type of a function");
  if (!check_depth(lexer, depth))
    return false;
  *type = new_type(lexer, at, ICWS_CANDID_FUNC);
  return *type != NULL && take_func(lexer, depth + 1, *type);
}

static bool take_service(struct icws_candid_lexer *lexer, unsigned depth,
                         struct icws_candid_syntax *service)
{
  if (!icws_candid_lexer_expect_sign(lexer, '{'))
    return false;
  while (!icws_candid_lexer_accept_sign(lexer, '}')) {
    struct icws_candid_syntax_member method = {.at = lexer->start};
    if (!icws_candid_lexer_take_name(lexer, "a method", &method.name) ||
        !icws_candid_lexer_expect_sign(lexer, ':') ||
        !take_method_type(lexer, depth, &method.type) ||
        !add_member(lexer, &service->members, &method) || !separate(lexer, ';', '}'))
      return false;
  }
  return icws_candid_check_names(lexer, &service->members, "method");
}

bool icws_candid_syntax_service(struct icws_candid_lexer *lexer, unsigned depth,
                                struct icws_candid_syntax **service)
{
  if (!check_depth(lexer, depth))
    return false;
  *service = new_type(lexer, lexer->start, ICWS_CANDID_SERVICE);
  return *service != NULL && take_service(lexer, depth + 1, *service);
}

/* --- Any type -------------------------------------------------------------------------------- */

/* The constructor that the keyword at hand stands for: 0 if it stands for none. */
static int constructor_at(const struct icws_candid_lexer *lexer)
{
  static const struct word constructors[] = {
      {"opt", ICWS_CANDID_OPT},       {"vec", ICWS_CANDID_VEC},
      {"record", ICWS_CANDID_RECORD}, {"variant", ICWS_CANDID_VARIANT},
      {"func", ICWS_CANDID_FUNC},     {"service", ICWS_CANDID_SERVICE},
  };
  for (size_t i = 0; i < sizeof constructors / sizeof constructors[0]; i++) {
    if (icws_candid_lexer_is_word(lexer, constructors[i].name))
      return constructors[i].constructor;
  }
  return 0;
}

static bool take_blob(struct icws_candid_lexer *lexer, struct icws_candid_syntax **type)
{
  *type = new_type(lexer, lexer->start, ICWS_CANDID_VEC);
  if (*type != NULL)
    (*type)->item = new_type(lexer, lexer->start, ICWS_CANDID_NAT8);
  icws_candid_lexer_next(lexer);
  return lexer->error == ICWS_OK;
}

static bool take_composite(struct icws_candid_lexer *lexer, unsigned depth,
                           struct icws_candid_syntax *type)
{
  switch (type->constructor) {
  case ICWS_CANDID_RECORD:
    return take_record(lexer, depth, type);
  case ICWS_CANDID_VARIANT:
    return take_variant(lexer, depth, type);
  case ICWS_CANDID_FUNC:
    return take_func(lexer, depth, type);
  case ICWS_CANDID_SERVICE:
    return take_service(lexer, depth, type);
  default: /* opt and vec */
    return icws_candid_syntax_type(lexer, depth, &type->item);
  }
}

bool icws_candid_syntax_type(struct icws_candid_lexer *lexer, unsigned depth,
                             struct icws_candid_syntax **type)
{
  struct icws_bytes word = lexer->raw;
  size_t at = lexer->start;
  int constructor;
  if (!check_depth(lexer, depth))
    return false;
  if (icws_candid_lexer_is_word(lexer, "blob"))
    return take_blob(lexer, type);
  if (at_identifier(lexer) ||
      (lexer->token == ICWS_CANDID_TOKEN_ID && icws_candid_primitive_named(word, &constructor))) {
    icws_candid_lexer_next(lexer);
    return icws_candid_syntax_named(lexer, at, word, type);
  }
  constructor = constructor_at(lexer);
  if (constructor == 0)
    return icws_candid_lexer_unexpected(lexer, "a type");
  icws_candid_lexer_next(lexer);
  *type = new_type(lexer, at, constructor);
  return *type != NULL && take_composite(lexer, depth + 1, *type);
}

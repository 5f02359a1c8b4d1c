/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/type_parse.h"

#include "candid/words.h"
#include "sort.h"

enum state {
  UNKNOWN,
  VISITED, /* by a walk along names that has not ended */
  KNOWN,
};

static bool refuse(struct icws_candid_scope *scope, size_t at, const char *reason,
                   struct icws_bytes name)
{
  return icws_candid_lexer_fail(scope->lexer, ICWS_ERR_CANDID, at, "the type %.*s %s",
                                icws_candid_shown(name), (const char *)name.data, reason);
}

/* Memory for |count| items of |size|, as long as the scope is used. */
static void *allocate(struct icws_candid_scope *scope, size_t count, size_t size)
{
  void *made = icws_arena_array(scope->lexer->arena, count, size);
  if (made == NULL)
    icws_candid_lexer_fail_arena(scope->lexer);
  return made;
}

/* Tells whether the table took what was added for the text at |at|. */
static bool check_table(struct icws_candid_scope *scope, size_t at)
{
  enum icws_error error = icws_candid_types_error(scope->types);
  const char *reason =
      error == ICWS_ERR_LIMIT ? "there are too many types" : "there is no memory for the types";
  return error == ICWS_OK || icws_candid_lexer_fail(scope->lexer, error, at, "%s", reason);
}

/* --- Definitions ------------------------------------------------------------------------------- */

void icws_candid_scope_init(struct icws_candid_scope *scope, struct icws_candid_lexer *lexer,
                            struct icws_candid_types *types)
{
  *scope = (struct icws_candid_scope){.lexer = lexer, .types = types};
  scope->last = &scope->first;
}

/* The name of a type is never quoted, and a primitive cannot be defined anew. */
static bool take_name(struct icws_candid_scope *scope, struct icws_bytes *name)
{
  struct icws_candid_lexer *lexer = scope->lexer;
  size_t at = lexer->start;
  int primitive;
  if (lexer->token != ICWS_CANDID_TOKEN_ID)
    return icws_candid_lexer_unexpected(lexer, "the name of a type");
  if (icws_candid_primitive_named(lexer->raw, &primitive))
    return refuse(scope, at, "is a primitive one", lexer->raw);
  return icws_candid_lexer_take_name(lexer, "the name of a type", name);
}

bool icws_candid_scope_take(struct icws_candid_scope *scope)
{
  struct icws_candid_lexer *lexer = scope->lexer;
  struct icws_candid_written definition = {.at = lexer->start, .state = UNKNOWN};
  if (!take_name(scope, &definition.name) || !icws_candid_lexer_expect_sign(lexer, '=') ||
      !icws_candid_syntax_type(lexer, 0, &definition.type))
    return false;
  struct icws_candid_written *added = allocate(scope, 1, sizeof *added);
  if (added == NULL)
    return false;
  *added = definition;
  *scope->last = added;
  scope->last = &added->next;
  scope->count++;
  return true;
}

static int compare_names(const void *a, const void *b)
{
  const struct icws_candid_written *left = *(struct icws_candid_written *const *)a;
  const struct icws_candid_written *right = *(struct icws_candid_written *const *)b;
  int order = icws_bytes_compare(left->name, right->name);
  if (order != 0)
    return order;
  return left->at < right->at ? -1 : left->at > right->at;
}

static bool sort_definitions(struct icws_candid_scope *scope)
{
  size_t count = 0;
  int type;
  scope->by_name = allocate(scope, scope->count, sizeof(struct icws_candid_written *));
  if (scope->by_name == NULL)
    return false;
  for (struct icws_candid_written *each = scope->first; each != NULL; each = each->next) {
    if (icws_candid_types_find(scope->types, each->name, &type))
      return refuse(scope, each->at, "is defined twice", each->name);
    scope->by_name[count++] = each;
  }
  icws_sort(scope->by_name, count, sizeof(struct icws_candid_written *), compare_names);
  for (size_t i = 1; i < count; i++) {
    if (icws_bytes_equal(scope->by_name[i - 1]->name, scope->by_name[i]->name))
      return refuse(scope, scope->by_name[i]->at, "is defined twice", scope->by_name[i]->name);
  }
  return true;
}

static struct icws_candid_written *find_written(const struct icws_candid_scope *scope,
                                                struct icws_bytes name)
{
  size_t low = 0;
  size_t high = scope->by_name != NULL ? scope->count : 0;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = icws_bytes_compare(scope->by_name[middle]->name, name);
    if (order == 0)
      return scope->by_name[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* The definition that |syntax| is the name of; NULL if this scope has none. */
static struct icws_candid_written *named_by(const struct icws_candid_scope *scope,
                                            const struct icws_candid_syntax *syntax)
{
  return syntax->constructor == ICWS_CANDID_NAMED ? find_written(scope, syntax->name) : NULL;
}

/* Gives |last|, at which a walk along names ends, its number: what it is called outside of this
 * scope, or what it is. */
static bool number_last(struct icws_candid_scope *scope, struct icws_candid_written *last)
{
  const struct icws_candid_syntax *type = last->type;
  if (type->constructor == ICWS_CANDID_NAMED) {
    if (!icws_candid_types_find(scope->types, type->name, &last->number))
      return refuse(scope, type->at, "is not defined", type->name);
    last->constructor = icws_candid_types_constructor(scope->types, last->number);
    return true;
  }
  last->constructor = type->constructor;
  last->number = icws_candid_is_primitive(type->constructor)
                     ? type->constructor
                     : icws_candid_types_reserve(scope->types);
  return check_table(scope, type->at);
}

/* Walks from name to name to what they all stand for.  No definition is passed more than twice by all
 * walks together. */
static bool resolve(struct icws_candid_scope *scope, struct icws_candid_written *start)
{
  struct icws_candid_written *last = NULL;
  struct icws_candid_written *next = start;
  while (next != NULL && next->state == UNKNOWN) {
    last = next;
    last->state = VISITED;
    next = named_by(scope, last->type);
  }
  if (last == NULL)
    return true;
  if (next != NULL && next->state == VISITED)
    return refuse(scope, next->at, "is defined by nothing but itself", next->name);
  if (next == NULL && !number_last(scope, last))
    return false;
  const struct icws_candid_written *meaning = next != NULL ? next : last;
  for (next = start; next != NULL && next->state == VISITED; next = named_by(scope, next->type)) {
    next->state = KNOWN;
    next->number = meaning->number;
    next->constructor = meaning->constructor;
  }
  return true;
}

/* --- Types ------------------------------------------------------------------------------------- */

static const struct icws_candid_field_type *
build_fields(struct icws_candid_scope *scope, const struct icws_candid_syntax_members *members)
{
  struct icws_candid_field_type *fields = allocate(scope, members->count, sizeof *fields);
  size_t count = 0;
  if (fields == NULL)
    return NULL;
  for (const struct icws_candid_syntax_member *each = members->first; each != NULL;
       each = each->next) {
    struct icws_candid_field_type *field = &fields[count++];
    *field = (struct icws_candid_field_type){.id = each->id, .name = each->name};
    if (!icws_candid_scope_build(scope, each->type, &field->type))
      return NULL;
  }
  return fields;
}

/* What |syntax| is, also if it is a definition that is not in the table yet. */
static int constructor_of(const struct icws_candid_scope *scope,
                          const struct icws_candid_syntax *syntax, int number)
{
  const struct icws_candid_written *definition = named_by(scope, syntax);
  return definition != NULL ? definition->constructor
                            : icws_candid_types_constructor(scope->types, number);
}

static bool build_method(struct icws_candid_scope *scope,
                         const struct icws_candid_syntax_member *member,
                         struct icws_candid_method_type *method)
{
  method->name = member->name;
  if (!icws_candid_scope_build(scope, member->type, &method->type))
    return false;
  return constructor_of(scope, member->type, method->type) == ICWS_CANDID_FUNC ||
         icws_candid_lexer_fail(scope->lexer, ICWS_ERR_CANDID, member->type->at,
                                "the method %.*s is no function", icws_candid_shown(member->name),
                                (const char *)member->name.data);
}

static const struct icws_candid_method_type *
build_methods(struct icws_candid_scope *scope, const struct icws_candid_syntax_members *members)
{
  struct icws_candid_method_type *methods = allocate(scope, members->count, sizeof *methods);
  size_t count = 0;
  if (methods == NULL)
    return NULL;
  for (const struct icws_candid_syntax_member *each = members->first; each != NULL;
       each = each->next) {
    if (!build_method(scope, each, &methods[count++]))
      return NULL;
  }
  return methods;
}

/* Makes |type| what |syntax| says, whose parts are added to the table. */
static bool build_composite(struct icws_candid_scope *scope,
                            const struct icws_candid_syntax *syntax, struct icws_candid_type *type)
{
  *type = (struct icws_candid_type){.constructor = syntax->constructor};
  switch (syntax->constructor) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    return icws_candid_scope_build(scope, syntax->item, &type->item);
  case ICWS_CANDID_SERVICE:
    type->methods = build_methods(scope, &syntax->members);
    type->method_count = syntax->members.count;
    return type->methods != NULL;
  case ICWS_CANDID_FUNC:
    type->results = build_fields(scope, &syntax->results);
    type->result_count = syntax->results.count;
    type->annotations = syntax->annotations;
    if (type->results == NULL)
      return false;
    break;
  default: /* record and variant */
    break;
  }
  type->fields = build_fields(scope, &syntax->members);
  type->field_count = syntax->members.count;
  return type->fields != NULL;
}

bool icws_candid_scope_build(struct icws_candid_scope *scope,
                             const struct icws_candid_syntax *syntax, int *type)
{
  struct icws_candid_type built;
  if (icws_candid_is_primitive(syntax->constructor)) {
    *type = syntax->constructor;
    return true;
  }
  if (syntax->constructor == ICWS_CANDID_NAMED) {
    const struct icws_candid_written *definition = named_by(scope, syntax);
    if (definition != NULL)
      *type = definition->number;
    return definition != NULL || icws_candid_types_find(scope->types, syntax->name, type) ||
           refuse(scope, syntax->at, "is not defined", syntax->name);
  }
  if (!build_composite(scope, syntax, &built))
    return false;
  *type = icws_candid_types_add(scope->types, &built);
  return check_table(scope, syntax->at);
}

bool icws_candid_scope_build_args(struct icws_candid_scope *scope,
                                  const struct icws_candid_syntax_members *args, int *func)
{
  struct icws_candid_syntax syntax = {
      .at = scope->lexer->start, .constructor = ICWS_CANDID_FUNC, .members = *args};
  return icws_candid_scope_build(scope, &syntax, func);
}

bool icws_candid_scope_resolve(struct icws_candid_scope *scope)
{
  struct icws_candid_type built;
  if (!sort_definitions(scope))
    return false;
  for (struct icws_candid_written *each = scope->first; each != NULL; each = each->next) {
    if (!resolve(scope, each))
      return false;
  }
  for (const struct icws_candid_written *each = scope->first; each != NULL; each = each->next) {
    if (icws_candid_is_primitive(each->type->constructor) ||
        each->type->constructor == ICWS_CANDID_NAMED)
      continue;
    if (!build_composite(scope, each->type, &built))
      return false;
    icws_candid_types_set(scope->types, each->number, &built);
    if (!check_table(scope, each->at))
      return false;
  }
  for (const struct icws_candid_written *each = scope->first; each != NULL; each = each->next) {
    icws_candid_types_define(scope->types, each->name, each->number);
    if (!check_table(scope, each->at))
      return false;
  }
  return true;
}

/* --- Types alone ------------------------------------------------------------------------------- */

bool icws_candid_lexer_take_type(struct icws_candid_lexer *lexer, struct icws_candid_types *types,
                                 int *type)
{
  struct icws_candid_scope scope;
  struct icws_candid_syntax *syntax;
  icws_candid_scope_init(&scope, lexer, types);
  return icws_candid_syntax_type(lexer, 0, &syntax) &&
         icws_candid_scope_build(&scope, syntax, type);
}

/* Types in parentheses, up to the end of the text. */
static void take_types(struct icws_candid_lexer *lexer, struct icws_candid_types *types,
                       int *parsed, size_t capacity, size_t *count)
{
  struct icws_candid_scope scope;
  struct icws_candid_syntax_members args = {.count = 0};
  icws_candid_scope_init(&scope, lexer, types);
  if (!icws_candid_syntax_args(lexer, 0, &args))
    return;
  if (lexer->token != ICWS_CANDID_TOKEN_END) {
    icws_candid_lexer_unexpected(lexer, "the end of the text");
    return;
  }
  if (args.count > capacity) {
    icws_candid_lexer_fail(lexer, ICWS_ERR_LIMIT, 0, "there are %zu types, and room for %zu",
                           args.count, capacity);
    return;
  }
  size_t built = 0;
  for (const struct icws_candid_syntax_member *each = args.first; each != NULL; each = each->next) {
    if (!icws_candid_scope_build(&scope, each->type, &parsed[built++]))
      return;
  }
  *count = built;
}

enum icws_error icws_candid_parse_types(struct icws_bytes text, struct icws_candid_types *types,
                                        int *parsed, size_t capacity, size_t *count,
                                        struct icws_candid_spot *spot, struct icws_failure *failure)
{
  struct icws_arena arena;
  struct icws_candid_lexer lexer;
  icws_arena_init(&arena, ICWS_CANDID_SYNTAX_MAX_BYTES, icws_candid_types_mem(types));
  icws_candid_lexer_init(&lexer, text, &arena);
  take_types(&lexer, types, parsed, capacity, count);
  enum icws_error error = icws_candid_lexer_report(&lexer, spot, failure);
  icws_arena_wipe(&arena);
  return error;
}

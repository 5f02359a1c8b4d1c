/* SPDX-License-Identifier: Apache-2.0 */
#include "plan.h"

#include "kind.h"
#include "order.h"
#include "text.h"

/* --- Structs ----------------------------------------------------------------------------------- */

static struct bind_struct *new_struct(struct bind_plan *plan, const char *name)
{
  struct bind_struct *made = icws_arena_alloc(&plan->arena, sizeof(*made));
  if (made == NULL)
    return NULL;
  *made = (struct bind_struct){.name = name, .shape = BIND_RECORD};
  plan->found[plan->found_count++] = made;
  return made;
}

static const char *member_word(struct bind_plan *plan, const struct icws_candid_field_type *field,
                               const char *unnamed)
{
  if (field->name.data == NULL)
    return bind_format(&plan->arena, "%s%u", unnamed, (unsigned)field->id);
  return bind_snake_case(&plan->arena, field->name);
}

/* Makes the members of |owner|.  Those without a name are called |unnamed| and their id; structs in
 * them get names that start with |path|. */
static void make_members(struct bind_plan *plan, struct bind_struct *owner, const char *path,
                         const char *unnamed, const struct icws_candid_field_type *fields,
                         size_t count)
{
  struct bind_scope scope = {.buckets = {NULL}};
  struct icws_arena *arena = &plan->arena;
  owner->members = icws_arena_array(arena, count, sizeof(*owner->members));
  if (owner->members == NULL)
    return;
  owner->member_count = count;
  for (size_t i = 0; i < count; i++) {
    const char *word = member_word(plan, &fields[i], unnamed);
    struct bind_member *member = &owner->members[i];
    *member = (struct bind_member){.type = fields[i].type};
    member->name = bind_scope_add(&scope, arena, bind_member_name(arena, word));
    member->path = bind_format(arena, word[0] == '_' ? "%s%s" : "%s_%s", path, word);
    if (owner->shape != BIND_VARIANT)
      continue;
    const char *constant = bind_format(arena, "%s_%s", plan->prefix, member->path);
    member->constant = bind_scope_add(&plan->constants, arena, bind_upper_case(arena, constant));
  }
}

static void make_parts(struct bind_plan *plan, struct bind_struct *made,
                       const struct icws_candid_type *type)
{
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
    made->shape = BIND_LOOP;
    made->item = type->item;
    break;
  case ICWS_CANDID_VEC:
    made->shape = BIND_VEC;
    made->item = type->item;
    break;
  default:
    made->shape = type->constructor == ICWS_CANDID_RECORD ? BIND_RECORD : BIND_VARIANT;
    make_members(plan, made, made->name, "_", type->fields, type->field_count);
  }
}

/* Makes the struct that |type| is, or that stands behind it, unless there is one; it is called
 * |wanted|, or something like it. */
static void make_struct(struct bind_plan *plan, int type, const char *wanted)
{
  type = bind_behind_opts(plan, type);
  if (bind_kind_of(plan, type) != BIND_STRUCT || plan->by_type[type] != NULL)
    return;
  struct bind_struct *made = new_struct(plan, bind_scope_add(&plan->globals, &plan->arena, wanted));
  if (made == NULL)
    return;
  plan->by_type[type] = made;
  make_parts(plan, made, icws_candid_types_get(plan->types, type));
}

/* What comes with a struct, once all that the interface names itself has its name. */
static void make_structs_of(struct bind_plan *plan, struct bind_struct *owner)
{
  struct icws_arena *arena = &plan->arena;
  for (size_t i = 0; i < owner->member_count; i++)
    make_struct(plan, owner->members[i].type, owner->members[i].path);
  if (owner->shape == BIND_VARIANT)
    owner->tag = bind_scope_add(&plan->globals, arena, bind_format(arena, "%s_tag", owner->name));
  if (owner->shape == BIND_VEC)
    make_struct(plan, owner->item, bind_format(arena, "%s_item", owner->name));
  if (owner->shape == BIND_LOOP)
    make_struct(plan, owner->item, bind_format(arena, "%s_some", owner->name));
}

/* The list of structs grows while it is walked: it is done when nothing new comes up. */
static void make_structs(struct bind_plan *plan)
{
  for (size_t i = 0; i < plan->found_count; i++)
    make_structs_of(plan, plan->found[i]);
}

/* --- Messages ---------------------------------------------------------------------------------- */

static struct bind_message *new_message(struct bind_plan *plan, const char *name, size_t count)
{
  int *types = icws_arena_array(&plan->arena, count, sizeof(int));
  if (types == NULL)
    return NULL;
  struct bind_message *message = &plan->messages[plan->message_count++];
  *message = (struct bind_message){.name = name, .types = types, .count = count};
  return message;
}

/* References are not sent by themselves, and of nothing there is nothing to say. */
static bool is_data(const struct bind_plan *plan, int type)
{
  int constructor = icws_candid_types_constructor(plan->types, type);
  return constructor != ICWS_CANDID_FUNC && constructor != ICWS_CANDID_SERVICE &&
         !bind_is_nothing(plan, type);
}

/* Whether the struct that |type| is or holds gets the name of the definition of |type|: it has none
 * of another definition. */
static bool names_struct(const struct bind_plan *plan, int type)
{
  int behind = bind_behind_opts(plan, type);
  return bind_kind_of(plan, behind) == BIND_STRUCT && plan->by_type[behind] == NULL &&
         (behind == type || icws_candid_types_get(plan->types, behind)->name.data == NULL);
}

static void add_definition(struct bind_plan *plan, const struct icws_candid_definition *definition)
{
  int type = definition->type;
  const char *name = bind_snake_case(&plan->arena, definition->name);
  if (names_struct(plan, type)) {
    make_struct(plan, type, name);
    struct bind_struct *made = plan->by_type[bind_behind_opts(plan, type)];
    if (made == NULL)
      return;
    made->candid = definition->name;
    name = made->name;
  } else {
    name = bind_scope_add(&plan->globals, &plan->arena, name);
  }
  struct bind_message *message = new_message(plan, name, 1);
  if (message == NULL)
    return;
  message->types[0] = type;
  message->is_definition = true;
}

/* The arguments or results, |what|, of the method |method|. */
static void add_args(struct bind_plan *plan, const char *method, const char *what,
                     const struct icws_candid_field_type *fields, size_t count)
{
  struct icws_arena *arena = &plan->arena;
  const char *name = bind_format(arena, "%s_%s", method, what);
  name = bind_scope_add(&plan->globals, arena, name);
  struct bind_message *message = new_message(plan, name, count);
  if (message == NULL)
    return;
  bool holds = false;
  for (size_t i = 0; i < count; i++) {
    message->types[i] = fields[i].type;
    holds = holds || !bind_is_nothing(plan, fields[i].type);
  }
  struct bind_struct *args = holds ? new_struct(plan, name) : NULL;
  if (args == NULL)
    return;
  args->is_args = true;
  make_members(plan, args, method, what[0] == 'a' ? "arg" : "result", fields, count);
  message->args = args;
}

static void add_method(struct bind_plan *plan, const struct icws_candid_method_type *method)
{
  const struct icws_candid_type *func = icws_candid_types_get(plan->types, method->type);
  const char *name = bind_snake_case(&plan->arena, method->name);
  add_args(plan, name, "args", func->fields, func->field_count);
  add_args(plan, name, "results", func->results, func->result_count);
}

/* Definitions come first, so that nothing else takes their names. */
static void add_messages(struct bind_plan *plan, const struct icws_candid_interface *interface)
{
  for (size_t i = 0; i < icws_candid_types_definition_count(plan->types); i++) {
    const struct icws_candid_definition *definition = icws_candid_types_definition(plan->types, i);
    if (is_data(plan, definition->type))
      add_definition(plan, definition);
  }
  if (interface->has_init)
    add_args(plan, "init", "args", interface->init, interface->init_count);
  if (!interface->has_service)
    return;
  const struct icws_candid_type *service = icws_candid_types_get(plan->types, interface->service);
  for (size_t i = 0; i < service->method_count; i++)
    add_method(plan, &service->methods[i]);
}

/* --- The plan ---------------------------------------------------------------------------------- */

static bool make_room(struct bind_plan *plan, const struct icws_candid_interface *interface)
{
  size_t types = icws_candid_types_count(plan->types);
  size_t messages = icws_candid_types_definition_count(plan->types) + 1;
  if (interface->has_service)
    messages += 2 * icws_candid_types_get(plan->types, interface->service)->method_count;
  plan->by_type = icws_arena_array(&plan->arena, types, sizeof(struct bind_struct *));
  plan->found = icws_arena_array(&plan->arena, types + messages, sizeof(struct bind_struct *));
  plan->structs = icws_arena_array(&plan->arena, types + messages, sizeof(struct bind_struct *));
  plan->messages = icws_arena_array(&plan->arena, messages, sizeof(*plan->messages));
  if (icws_arena_error(&plan->arena) != ICWS_OK)
    return false;
  for (size_t i = 0; i < types; i++)
    plan->by_type[i] = NULL;
  return true;
}

enum icws_error bind_plan_init(struct bind_plan *plan,
                               const struct icws_candid_interface *interface, const char *prefix)
{
  *plan = (struct bind_plan){.types = interface->types, .prefix = prefix};
  icws_arena_init(&plan->arena, 0, icws_candid_types_mem(interface->types));
  bind_find_contents(plan);
  if (make_room(plan, interface)) {
    add_messages(plan, interface);
    make_structs(plan);
  }
  if (icws_arena_error(&plan->arena) == ICWS_OK && !plan->too_deep)
    bind_order(plan);
  if (plan->too_deep)
    return ICWS_ERR_LIMIT;
  return icws_arena_error(&plan->arena);
}

void bind_plan_wipe(struct bind_plan *plan)
{
  icws_arena_wipe(&plan->arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "kind.h"

#include <string.h>

#include "text.h"

/* --- What types hold --------------------------------------------------------------------------- */

/* What is known of a record: it is nothing if all its fields are.  One that is part of itself has no
 * values, so that while it is looked at it counts as impossible. */
enum { UNKNOWN, SOMETHING, NOTHING, IMPOSSIBLE };

static uint8_t contents_of(struct bind_plan *plan, int type, unsigned depth);

static uint8_t contents_of_record(struct bind_plan *plan, const struct icws_candid_type *record,
                                  unsigned depth)
{
  uint8_t contents = NOTHING;
  for (size_t i = 0; i < record->field_count; i++) {
    uint8_t field = contents_of(plan, record->fields[i].type, depth);
    if (field == SOMETHING)
      return SOMETHING;
    if (field == IMPOSSIBLE)
      contents = IMPOSSIBLE;
  }
  return contents;
}

static uint8_t contents_of(struct bind_plan *plan, int type, unsigned depth)
{
  if (type == ICWS_CANDID_EMPTY)
    return IMPOSSIBLE;
  if (type < 0)
    return type == ICWS_CANDID_NULL || type == ICWS_CANDID_RESERVED ? NOTHING : SOMETHING;
  const struct icws_candid_type *composite = icws_candid_types_get(plan->types, type);
  if (composite->constructor == ICWS_CANDID_VARIANT)
    return composite->field_count == 0 ? IMPOSSIBLE : SOMETHING;
  if (composite->constructor == ICWS_CANDID_FUTURE)
    return NOTHING;
  if (composite->constructor != ICWS_CANDID_RECORD)
    return SOMETHING;
  if (depth == ICWS_CANDID_MAX_DEPTH)
    plan->too_deep = true;
  if (plan->contents[type] == UNKNOWN && !plan->too_deep) {
    plan->contents[type] = IMPOSSIBLE;
    plan->contents[type] = contents_of_record(plan, composite, depth + 1);
  }
  return plan->contents[type];
}

void bind_find_contents(struct bind_plan *plan)
{
  size_t count = icws_candid_types_count(plan->types);
  plan->contents = icws_arena_alloc(&plan->arena, count);
  if (plan->contents == NULL)
    return;
  memset(plan->contents, UNKNOWN, count);
  for (size_t i = 0; i < count; i++)
    (void)contents_of(plan, (int)i, 0);
}

bool bind_is_nothing(const struct bind_plan *plan, int type)
{
  int constructor = icws_candid_types_constructor(plan->types, type);
  switch (constructor) {
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
  case ICWS_CANDID_EMPTY:
  case ICWS_CANDID_FUTURE:
    return true;
  case ICWS_CANDID_RECORD:
    return plan->contents[type] != SOMETHING;
  case ICWS_CANDID_VARIANT:
    return icws_candid_types_get(plan->types, type)->field_count == 0;
  default:
    return false;
  }
}

bool bind_is_impossible(const struct bind_plan *plan, int type)
{
  int constructor = icws_candid_types_constructor(plan->types, type);
  if (constructor == ICWS_CANDID_RECORD)
    return plan->contents[type] == IMPOSSIBLE;
  return constructor == ICWS_CANDID_EMPTY || constructor == ICWS_CANDID_VARIANT;
}

/* --- Kinds ------------------------------------------------------------------------------------- */

int bind_opt_item(const struct bind_plan *plan, int type)
{
  return icws_candid_types_get(plan->types, type)->item;
}

bool bind_opt_is_bool(const struct bind_plan *plan, int type)
{
  return bind_is_nothing(plan, bind_opt_item(plan, type));
}

/* Whether |type|, an opt, comes back to itself through opts alone. */
static bool is_loop(const struct bind_plan *plan, int type)
{
  int at = bind_opt_item(plan, type);
  for (size_t steps = icws_candid_types_count(plan->types); steps > 0 && at != type; steps--) {
    if (icws_candid_types_constructor(plan->types, at) != ICWS_CANDID_OPT)
      return false;
    at = bind_opt_item(plan, at);
  }
  return at == type;
}

enum bind_kind bind_kind_of(const struct bind_plan *plan, int type)
{
  if (bind_is_nothing(plan, type))
    return BIND_NOTHING;
  switch (icws_candid_types_constructor(plan->types, type)) {
  case ICWS_CANDID_OPT:
    return is_loop(plan, type) ? BIND_STRUCT : BIND_OPT;
  case ICWS_CANDID_VEC:
    return icws_candid_types_is_blob(plan->types, type) ? BIND_PLAIN : BIND_STRUCT;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    return BIND_STRUCT;
  default:
    return BIND_PLAIN;
  }
}

int bind_behind_opts(const struct bind_plan *plan, int type)
{
  while (bind_kind_of(plan, type) == BIND_OPT)
    type = bind_opt_item(plan, type);
  return type;
}

static const char *plain_c_type(const struct bind_plan *plan, int type)
{
  switch (icws_candid_types_constructor(plan->types, type)) {
  case ICWS_CANDID_BOOL:
    return "bool ";
  case ICWS_CANDID_NAT:
    return "struct icws_candid_nat ";
  case ICWS_CANDID_INT:
    return "struct icws_candid_int ";
  case ICWS_CANDID_NAT8:
    return "uint8_t ";
  case ICWS_CANDID_NAT16:
    return "uint16_t ";
  case ICWS_CANDID_NAT32:
    return "uint32_t ";
  case ICWS_CANDID_NAT64:
    return "uint64_t ";
  case ICWS_CANDID_INT8:
    return "int8_t ";
  case ICWS_CANDID_INT16:
    return "int16_t ";
  case ICWS_CANDID_INT32:
    return "int32_t ";
  case ICWS_CANDID_INT64:
    return "int64_t ";
  case ICWS_CANDID_FLOAT32:
    return "float ";
  case ICWS_CANDID_FLOAT64:
    return "double ";
  case ICWS_CANDID_PRINCIPAL:
  case ICWS_CANDID_SERVICE:
    return "struct icws_principal ";
  case ICWS_CANDID_FUNC:
    return "struct icws_candid_method ";
  default: /* a text or a blob */
    return "struct icws_bytes ";
  }
}

/* What points to constants of the type |text|, which may be a pointer itself. */
static const char *pointer_to(struct bind_plan *plan, const char *text)
{
  bool is_pointer = strchr(text, '*') != NULL;
  return bind_format(&plan->arena, is_pointer ? "%sconst *" : "const %s*", text);
}

const char *bind_c_type(struct bind_plan *plan, int type)
{
  unsigned pointers = 0;
  while (bind_kind_of(plan, type) == BIND_OPT && !bind_opt_is_bool(plan, type)) {
    type = bind_opt_item(plan, type);
    pointers++;
  }
  const char *text = "bool "; /* of an opt of nothing */
  if (bind_kind_of(plan, type) == BIND_STRUCT)
    text = bind_format(&plan->arena, "struct %s_%s ", plan->prefix, plan->by_type[type]->name);
  else if (bind_kind_of(plan, type) == BIND_PLAIN)
    text = plain_c_type(plan, type);
  while (pointers-- > 0)
    text = pointer_to(plan, text);
  return text;
}

const char *bind_c_pointer(struct bind_plan *plan, int type)
{
  return pointer_to(plan, bind_c_type(plan, type));
}

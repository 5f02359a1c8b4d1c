/* SPDX-License-Identifier: Apache-2.0 */
#include "decode.h"

#include <string.h>

#include "kind.h"
#include "text.h"

/* --- Values ------------------------------------------------------------------------------------ */

/* Places are expressions for what is filled, sources for the struct icws_candid_value it is filled
 * from. */

/* The function that returns a value of the library's types; NULL for those of C. */
static const char *value_function(const struct bind_plan *plan, int type)
{
  switch (icws_candid_types_constructor(plan->types, type)) {
  case ICWS_CANDID_NAT:
    return "nat";
  case ICWS_CANDID_INT:
    return "int";
  case ICWS_CANDID_TEXT:
  case ICWS_CANDID_VEC:
    return "bytes";
  case ICWS_CANDID_PRINCIPAL:
  case ICWS_CANDID_SERVICE:
    return "principal";
  case ICWS_CANDID_FUNC:
    return "method";
  default:
    return NULL;
  }
}

/* The member of a value's union that holds a C type. */
static const char *value_member(int type)
{
  switch (type) {
  case ICWS_CANDID_BOOL:
    return "boolean";
  case ICWS_CANDID_FLOAT32:
    return "float32";
  case ICWS_CANDID_FLOAT64:
    return "float64";
  case ICWS_CANDID_INT8:
  case ICWS_CANDID_INT16:
  case ICWS_CANDID_INT32:
  case ICWS_CANDID_INT64:
    return "integer";
  default:
    return "nat";
  }
}

/* Those that are narrower than the member that holds them. */
static bool needs_cast(int type)
{
  return (type <= ICWS_CANDID_NAT8 && type >= ICWS_CANDID_NAT32) ||
         (type <= ICWS_CANDID_INT8 && type >= ICWS_CANDID_INT32);
}

static void get_plain(struct bind_plan *plan, int type, const char *place, const char *source,
                      unsigned indent, struct icws_buf *out)
{
  const char *function = value_function(plan, type);
  const char *c_type = bind_c_type(plan, type);
  const char *cast = needs_cast(type)
                         ? bind_format(&plan->arena, "(%.*s)", (int)strcspn(c_type, " "), c_type)
                         : "";
  if (function != NULL)
    bind_line(out, indent, "%s = icws_candid_value_%s(%s);", place, function,
              bind_address_of(&plan->arena, source));
  else
    bind_line(out, indent, "%s = %s%s.as.%s;", place, cast, source, value_member(type));
}

static void get_struct(struct bind_plan *plan, int type, const char *place, const char *source,
                       unsigned indent, struct icws_buf *out)
{
  const struct bind_struct *filled = plan->by_type[type];
  bind_line(out, indent, "get_%s(%s, %s%s);", filled->name, bind_address_of(&plan->arena, source),
            filled->needs_arena ? "arena, " : "", bind_address_of(&plan->arena, place));
}

static void get_value(struct bind_plan *plan, int type, const char *place, const char *source,
                      unsigned indent, struct icws_buf *out);

/* Fills a value behind the pointer that |place| is.  How deep within opts it is tells |indent|, and
 * makes names that differ. */
static void get_pointed(struct bind_plan *plan, int type, const char *place, const char *source,
                        unsigned indent, struct icws_buf *out)
{
  struct icws_arena *arena = &plan->arena;
  bool is_block = bind_kind_of(plan, type) == BIND_OPT;
  const char *name = indent <= 3 ? "some" : bind_format(arena, "some_%u", indent - 2);
  bind_line(out, indent, "%s*%s = icws_arena_alloc(arena, sizeof(*%s));", bind_c_type(plan, type),
            name, name);
  bind_line(out, indent, "if (%s != NULL)%s", name, is_block ? " {" : "");
  get_value(plan, type, bind_format(arena, "*%s", name), source, indent + 1, out);
  if (is_block)
    bind_line(out, indent, "}");
  bind_line(out, indent, "%s = %s;", place, name);
}

static void get_opt(struct bind_plan *plan, int type, const char *place, const char *source,
                    unsigned indent, struct icws_buf *out)
{
  const char *item = bind_format(&plan->arena, "%s.as.items[0]", source);
  if (bind_opt_is_bool(plan, type)) {
    bind_line(out, indent, "%s = %s.as.items != NULL;", place, source);
    return;
  }
  bind_line(out, indent, "%s = NULL;", place);
  bind_line(out, indent, "if (%s.as.items != NULL) {", source);
  get_pointed(plan, bind_opt_item(plan, type), place, item, indent + 1, out);
  bind_line(out, indent, "}");
}

static void get_value(struct bind_plan *plan, int type, const char *place, const char *source,
                      unsigned indent, struct icws_buf *out)
{
  switch (bind_kind_of(plan, type)) {
  case BIND_NOTHING:
    break;
  case BIND_PLAIN:
    get_plain(plan, type, place, source, indent, out);
    break;
  case BIND_OPT:
    get_opt(plan, type, place, source, indent, out);
    break;
  case BIND_STRUCT:
    get_struct(plan, type, place, source, indent, out);
    break;
  }
}

static void get_member(struct bind_plan *plan, const struct bind_member *member, const char *owner,
                       const char *source, unsigned indent, struct icws_buf *out)
{
  const char *place = bind_format(&plan->arena, "%s%s", owner, member->name);
  if (!member->boxed) {
    get_value(plan, member->type, place, source, indent, out);
    return;
  }
  bind_line(out, indent, "{");
  get_pointed(plan, member->type, place, source, indent + 1, out);
  bind_line(out, indent, "}");
}

/* --- Structs ----------------------------------------------------------------------------------- */

static void get_record(struct bind_plan *plan, const struct bind_struct *record, const char *owner,
                       const char *source, struct icws_buf *out)
{
  for (size_t i = 0; i < record->member_count; i++)
    get_member(plan, &record->members[i], owner, bind_format(&plan->arena, "%s[%zu]", source, i), 1,
               out);
}

static void get_variant(struct bind_plan *plan, const struct bind_struct *variant,
                        struct icws_buf *out)
{
  bool all = true;
  bool any = false;
  for (size_t i = 0; i < variant->member_count; i++) {
    bool holds = !bind_is_nothing(plan, variant->members[i].type);
    all = all && holds;
    any = any || holds;
  }
  bind_line(out, 1, "out->tag = (enum %s_%s)value->count;", plan->prefix, variant->tag);
  if (!any)
    return;
  bind_line(out, 1, "switch (out->tag) {");
  for (size_t i = 0; i < variant->member_count; i++) {
    const struct bind_member *member = &variant->members[i];
    if (bind_is_nothing(plan, member->type))
      continue;
    bind_line(out, 1, "case %s:", member->constant);
    get_member(plan, member, "out->as.", "value->as.items[0]", 2, out);
    bind_line(out, 2, "break;");
  }
  if (!all) {
    bind_line(out, 1, "default:");
    bind_line(out, 2, "break;");
  }
  bind_line(out, 1, "}");
}

static void get_vec(struct bind_plan *plan, const struct bind_struct *vec, struct icws_buf *out)
{
  enum bind_kind kind = bind_kind_of(plan, vec->item);
  bool is_block = kind == BIND_OPT;
  if (kind != BIND_NOTHING) {
    bind_line(out, 1, "%s*items = icws_arena_array(arena, value->count, sizeof(*items));",
              bind_c_type(plan, vec->item));
    bind_line(out, 1, "for (size_t i = 0; items != NULL && i < value->count; i++)%s",
              is_block ? " {" : "");
    get_value(plan, vec->item, "items[i]", "value->as.items[i]", 2, out);
    if (is_block)
      bind_line(out, 1, "}");
    bind_line(out, 1, "out->items = items;");
  }
  bind_line(out, 1, "out->count = value->count;");
}

static void get_loop(struct bind_plan *plan, const struct bind_struct *loop, struct icws_buf *out)
{
  bind_line(out, 1, "out->some = NULL;");
  bind_line(out, 1, "if (value->as.items != NULL) {");
  get_pointed(plan, loop->item, "out->some", "value->as.items[0]", 2, out);
  bind_line(out, 1, "}");
}

static void put_head(struct bind_plan *plan, const struct bind_struct *filled, const char *end,
                     struct icws_buf *out)
{
  bind_line(out, 0,
            "static void get_%s(const struct icws_candid_value *value, %sstruct %s_%s *out)%s",
            filled->name, filled->needs_arena ? "struct icws_arena *arena, " : "", plan->prefix,
            filled->name, end);
}

static void put_function(struct bind_plan *plan, const struct bind_struct *filled,
                         struct icws_buf *out)
{
  bind_print(out, "\n");
  put_head(plan, filled, "", out);
  bind_line(out, 0, "{");
  switch (filled->shape) {
  case BIND_RECORD:
    bind_line(out, 1, "const struct icws_candid_value *fields = value->as.items;");
    get_record(plan, filled, "out->", "fields", out);
    break;
  case BIND_VARIANT:
    get_variant(plan, filled, out);
    break;
  case BIND_VEC:
    get_vec(plan, filled, out);
    break;
  case BIND_LOOP:
    get_loop(plan, filled, out);
    break;
  }
  bind_line(out, 0, "}");
}

static void put_prototypes(struct bind_plan *plan, struct icws_buf *out)
{
  bool is_first = true;
  for (size_t i = 0; i < plan->struct_count; i++) {
    if (!plan->structs[i]->is_cyclic)
      continue;
    if (is_first)
      bind_print(out, "\n");
    is_first = false;
    put_head(plan, plan->structs[i], ";", out);
  }
}

void bind_put_decoders(struct bind_plan *plan, struct icws_buf *out)
{
  put_prototypes(plan, out);
  for (size_t i = 0; i < plan->struct_count; i++) {
    if (!plan->structs[i]->is_args)
      put_function(plan, plan->structs[i], out);
  }
}

/* --- Messages ---------------------------------------------------------------------------------- */

const char *bind_decode_head(struct bind_plan *plan, const struct bind_message *message)
{
  struct icws_arena *arena = &plan->arena;
  const char *value = "";
  if (message->args != NULL)
    value = bind_format(arena, "struct %s_%s *value, ", plan->prefix, message->args->name);
  else if (message->is_definition)
    value = bind_format(arena, "%s*value, ", bind_c_type(plan, message->types[0]));
  return bind_format(arena,
                     "enum icws_error %s_%s_decode(struct icws_bytes message, "
                     "struct icws_arena *arena, %sstruct icws_failure *failure)",
                     plan->prefix, message->name, value);
}

void bind_put_decode(struct bind_plan *plan, const struct bind_message *message,
                     struct icws_buf *out)
{
  const char *call = bind_format(
      &plan->arena, "icws_candid_decode_as(message, &signature_of_%s, arena, &values, failure)",
      message->name);
  bind_print(out, "\n");
  bind_line(out, 0, "%s", bind_decode_head(plan, message));
  bind_line(out, 0, "{");
  bind_line(out, 1, "const struct icws_candid_value *values;");
  if (message->args == NULL && !message->is_definition) {
    bind_line(out, 1, "return %s;", call);
    bind_line(out, 0, "}");
    return;
  }
  bind_line(out, 1, "enum icws_error error = %s;", call);
  bind_line(out, 1, "if (error != ICWS_OK)");
  bind_line(out, 2, "return error;");
  if (message->is_definition)
    get_value(plan, message->types[0], "*value", "values[0]", 1, out);
  else
    get_record(plan, message->args, "value->", "values", out);
  bind_line(out, 1, "return check_memory(arena, failure);");
  bind_line(out, 0, "}");
}

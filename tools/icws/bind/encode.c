/* SPDX-License-Identifier: Apache-2.0 */
#include "encode.h"

#include "kind.h"
#include "text.h"

/* The function that is being written. */
struct function {
  struct bind_plan *plan;
  struct icws_buf *out;
  const char *writer;  /* an expression for the pointer to it */
  const char *failing; /* likewise for its buffer */
  bool is_cyclic;
  unsigned levels; /* of opts around what is being written, within the value of the function */
};

static const char *put_name(const struct bind_plan *plan, int type)
{
  int constructor = icws_candid_types_constructor(plan->types, type);
  switch (constructor) {
  case ICWS_CANDID_NAT:
    return "big_nat";
  case ICWS_CANDID_INT:
    return "big_int";
  case ICWS_CANDID_VEC:
    return "blob";
  default: /* the others are called as their types are */
    return icws_candid_constructor_name(constructor);
  }
}

static bool is_passed_by_pointer(const struct bind_plan *plan, int type)
{
  switch (icws_candid_types_constructor(plan->types, type)) {
  case ICWS_CANDID_NAT:
  case ICWS_CANDID_INT:
  case ICWS_CANDID_PRINCIPAL:
  case ICWS_CANDID_SERVICE:
  case ICWS_CANDID_FUNC:
    return true;
  default:
    return false;
  }
}

/* --- Values ------------------------------------------------------------------------------------ */

static void put_impossible(const struct function *function, unsigned indent)
{
  bind_line(function->out, indent,
            "icws_buf_fail(%s, ICWS_ERR_INVALID_ARGUMENT); /* its type has no values */",
            function->failing);
}

static void put_plain(const struct function *function, int type, const char *place, unsigned indent)
{
  struct bind_plan *plan = function->plan;
  const char *value =
      is_passed_by_pointer(plan, type) ? bind_address_of(&plan->arena, place) : place;
  bind_line(function->out, indent, "icws_candid_put_%s(%s, %s);", put_name(plan, type),
            function->writer, value);
}

static void put_struct(const struct function *function, int type, const char *pointer,
                       unsigned indent)
{
  const struct bind_struct *written = function->plan->by_type[type];
  const char *depth =
      function->is_cyclic
          ? bind_format(&function->plan->arena, ", depth + %u", function->levels + 1)
          : bind_format(&function->plan->arena, ", %u", function->levels);
  bind_line(function->out, indent, "put_%s(%s, %s%s);", written->name, function->writer, pointer,
            written->is_cyclic ? depth : "");
}

static void put_value(const struct function *function, int type, const char *place,
                      unsigned indent);

static void put_opt(const struct function *function, int type, const char *place, unsigned indent)
{
  struct bind_plan *plan = function->plan;
  int item = bind_opt_item(plan, type);
  bool is_bool = bind_opt_is_bool(plan, type);
  bool is_nested = bind_kind_of(plan, item) == BIND_OPT;
  const char *test = is_bool ? "" : " != NULL";
  bind_line(function->out, indent, "icws_candid_put_present(%s, %s%s);", function->writer, place,
            test);
  if (is_bool && !bind_is_impossible(plan, item))
    return;
  bind_line(function->out, indent, "if (%s%s)%s", place, test, is_nested ? " {" : "");
  struct function inner = *function;
  inner.levels++;
  put_value(&inner, item, bind_format(&plan->arena, "*%s", place), indent + 1);
  if (is_nested)
    bind_line(function->out, indent, "}");
}

static void put_value(const struct function *function, int type, const char *place, unsigned indent)
{
  switch (bind_kind_of(function->plan, type)) {
  case BIND_NOTHING:
    if (bind_is_impossible(function->plan, type))
      put_impossible(function, indent);
    break;
  case BIND_PLAIN:
    put_plain(function, type, place, indent);
    break;
  case BIND_OPT:
    put_opt(function, type, place, indent);
    break;
  case BIND_STRUCT:
    put_struct(function, type, bind_address_of(&function->plan->arena, place), indent);
    break;
  }
}

static void put_member(const struct function *function, const struct bind_member *member,
                       const char *owner, unsigned indent)
{
  const char *place = bind_format(&function->plan->arena, "%s%s", owner, member->name);
  if (!member->boxed) {
    put_value(function, member->type, place, indent);
    return;
  }
  bind_line(function->out, indent, "if (%s != NULL)", place);
  put_struct(function, member->type, place, indent + 1);
  bind_line(function->out, indent, "else");
  bind_line(function->out, indent + 1, "icws_buf_fail(%s, ICWS_ERR_INVALID_ARGUMENT);",
            function->failing);
}

/* --- Structs ----------------------------------------------------------------------------------- */

static void put_record(const struct function *function, const struct bind_struct *record)
{
  for (size_t i = 0; i < record->member_count; i++)
    put_member(function, &record->members[i], "value->", 1);
}

/* Tags are the indices of the cases on the wire: both go by increasing id. */
static void put_variant(const struct function *function, const struct bind_struct *variant)
{
  struct icws_buf *out = function->out;
  bind_line(out, 1, "icws_candid_put_index(%s, value->tag);", function->writer);
  bind_line(out, 1, "switch (value->tag) {");
  for (size_t i = 0; i < variant->member_count; i++) {
    bind_line(out, 1, "case %s:", variant->members[i].constant);
    put_member(function, &variant->members[i], "value->as.", 2);
    bind_line(out, 2, "break;");
  }
  bind_line(out, 1, "default:");
  bind_line(out, 2, "icws_buf_fail(%s, ICWS_ERR_INVALID_ARGUMENT);", function->failing);
  bind_line(out, 1, "}");
}

static void put_vec(const struct function *function, const struct bind_struct *vec)
{
  struct icws_buf *out = function->out;
  enum bind_kind kind = bind_kind_of(function->plan, vec->item);
  bool is_block = kind == BIND_OPT;
  bind_line(out, 1, "icws_candid_put_index(%s, value->count);", function->writer);
  if (kind == BIND_NOTHING && bind_is_impossible(function->plan, vec->item)) {
    bind_line(out, 1, "if (value->count > 0)");
    put_impossible(function, 2);
  }
  if (kind == BIND_NOTHING)
    return;
  bind_line(out, 1, "for (size_t i = 0; i < value->count; i++)%s", is_block ? " {" : "");
  put_value(function, vec->item, "value->items[i]", 2);
  if (is_block)
    bind_line(out, 1, "}");
}

static void put_loop(const struct function *function, const struct bind_struct *loop)
{
  bind_line(function->out, 1, "icws_candid_put_present(%s, value->some != NULL);",
            function->writer);
  bind_line(function->out, 1, "if (value->some != NULL)");
  put_struct(function, loop->item, "value->some", 2);
}

static void put_head(struct bind_plan *plan, const struct bind_struct *written, const char *end,
                     struct icws_buf *out)
{
  bind_line(out, 0,
            "static void put_%s(struct icws_candid_writer *writer, const struct %s_%s *value%s)%s",
            written->name, plan->prefix, written->name,
            written->is_cyclic ? ", unsigned depth" : "", end);
}

static void put_function(struct bind_plan *plan, const struct bind_struct *written,
                         struct icws_buf *out)
{
  const struct function function = {.plan = plan,
                                    .out = out,
                                    .writer = "writer",
                                    .failing = "writer->out",
                                    .is_cyclic = written->is_cyclic};
  bind_print(out, "\n");
  put_head(plan, written, "", out);
  bind_line(out, 0, "{");
  if (written->is_cyclic) {
    /* Its parts are one level deeper: readers count as many. */
    bind_line(out, 1, "if (depth + 1 >= ICWS_CANDID_MAX_DEPTH) {");
    bind_line(out, 2, "icws_buf_fail(writer->out, ICWS_ERR_LIMIT);");
    bind_line(out, 2, "return;");
    bind_line(out, 1, "}");
  }
  switch (written->shape) {
  case BIND_RECORD:
    put_record(&function, written);
    break;
  case BIND_VARIANT:
    put_variant(&function, written);
    break;
  case BIND_VEC:
    put_vec(&function, written);
    break;
  case BIND_LOOP:
    put_loop(&function, written);
    break;
  }
  bind_line(out, 0, "}");
}

void bind_put_encoders(struct bind_plan *plan, struct icws_buf *out)
{
  bool blank = false;
  for (size_t i = 0; i < plan->struct_count; i++) {
    if (!plan->structs[i]->is_cyclic)
      continue;
    if (!blank)
      bind_print(out, "\n");
    blank = true;
    put_head(plan, plan->structs[i], ";", out);
  }
  for (size_t i = 0; i < plan->struct_count; i++) {
    if (!plan->structs[i]->is_args)
      put_function(plan, plan->structs[i], out);
  }
}

/* --- Messages ---------------------------------------------------------------------------------- */

const char *bind_encode_head(struct bind_plan *plan, const struct bind_message *message)
{
  struct icws_arena *arena = &plan->arena;
  const char *value = "";
  if (message->args != NULL)
    value = bind_format(arena, "const struct %s_%s *value, ", plan->prefix, message->args->name);
  else if (message->is_definition)
    value = bind_format(arena, "%svalue, ", bind_c_pointer(plan, message->types[0]));
  return bind_format(arena, "enum icws_error %s_%s_encode(%sstruct icws_buf *out)", plan->prefix,
                     message->name, value);
}

static void put_values(struct bind_plan *plan, const struct bind_message *message,
                       struct icws_buf *out)
{
  const struct function function = {
      .plan = plan, .out = out, .writer = "&writer", .failing = "out"};
  if (message->is_definition) {
    put_value(&function, message->types[0], "*value", 1);
  } else if (message->args != NULL) {
    put_record(&function, message->args);
  } else {
    for (size_t i = 0; i < message->count; i++)
      put_value(&function, message->types[i], "", 1);
  }
}

void bind_put_encode(struct bind_plan *plan, const struct bind_message *message,
                     struct icws_buf *out)
{
  bind_print(out, "\n");
  bind_line(out, 0, "%s", bind_encode_head(plan, message));
  bind_line(out, 0, "{");
  bind_line(out, 1, "struct icws_candid_writer writer;");
  bind_line(out, 1, "icws_candid_begin(&writer, &signature_of_%s, out);", message->name);
  put_values(plan, message, out);
  bind_line(out, 1, "return icws_buf_error(out);");
  bind_line(out, 0, "}");
}

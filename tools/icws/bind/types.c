/* SPDX-License-Identifier: Apache-2.0 */
#include "types.h"

#include "kind.h"
#include "text.h"

static void put_member(struct bind_plan *plan, const struct bind_member *member, unsigned indent,
                       struct icws_buf *out)
{
  const char *type =
      member->boxed ? bind_c_pointer(plan, member->type) : bind_c_type(plan, member->type);
  bind_line(out, indent, "%s%s;", type, member->name);
}

static void put_record(struct bind_plan *plan, const struct bind_struct *record,
                       struct icws_buf *out)
{
  for (size_t i = 0; i < record->member_count; i++) {
    if (!bind_is_nothing(plan, record->members[i].type))
      put_member(plan, &record->members[i], 1, out);
  }
}

static void put_tags(const struct bind_plan *plan, const struct bind_struct *variant,
                     struct icws_buf *out)
{
  bind_line(out, 0, "enum %s_%s {", plan->prefix, variant->tag);
  for (size_t i = 0; i < variant->member_count; i++)
    bind_line(out, 1, "%s,", variant->members[i].constant);
  bind_print(out, "};\n\n");
}

static void put_variant(struct bind_plan *plan, const struct bind_struct *variant,
                        struct icws_buf *out)
{
  size_t held = 0;
  bind_line(out, 1, "enum %s_%s tag;", plan->prefix, variant->tag);
  for (size_t i = 0; i < variant->member_count; i++) {
    if (bind_is_nothing(plan, variant->members[i].type))
      continue;
    if (held++ == 0)
      bind_line(out, 1, "union {");
    put_member(plan, &variant->members[i], 2, out);
  }
  if (held > 0)
    bind_line(out, 1, "} as;");
}

static void put_vec(struct bind_plan *plan, const struct bind_struct *vec, struct icws_buf *out)
{
  if (!bind_is_nothing(plan, vec->item))
    bind_line(out, 1, "%sitems;", bind_c_pointer(plan, vec->item));
  bind_line(out, 1, "size_t count;");
}

static void put_struct(struct bind_plan *plan, const struct bind_struct *defined,
                       struct icws_buf *out)
{
  bind_print(out, "\n");
  if (bind_is_plain(defined->candid))
    bind_line(out, 0, "/* %.*s */", (int)defined->candid.len, (const char *)defined->candid.data);
  if (defined->shape == BIND_VARIANT)
    put_tags(plan, defined, out);
  bind_line(out, 0, "struct %s_%s {", plan->prefix, defined->name);
  switch (defined->shape) {
  case BIND_RECORD:
    put_record(plan, defined, out);
    break;
  case BIND_VARIANT:
    put_variant(plan, defined, out);
    break;
  case BIND_VEC:
    put_vec(plan, defined, out);
    break;
  case BIND_LOOP:
    bind_line(out, 1, "%ssome;", bind_c_pointer(plan, defined->item));
    break;
  }
  bind_print(out, "};\n");
}

void bind_put_structs(struct bind_plan *plan, struct icws_buf *out)
{
  for (size_t i = 0; i < plan->struct_count; i++)
    put_struct(plan, plan->structs[i], out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/type_print.h"

#include <string.h>

#include "candid/escape.h"
#include "candid/words.h"

#define MAX_BYTES_PER_CHARACTER 4

static void put(struct icws_candid_type_printer *printer, const char *text)
{
  icws_buf_put_text(printer->out, text);
}

bool icws_candid_is_type_name(struct icws_bytes name)
{
  int primitive;
  return name.data != NULL && icws_candid_is_name(name) &&
         !icws_candid_primitive_named(name, &primitive);
}

/* One type more, and one level deeper; false beyond the limits, and after any failure. */
static bool enter(struct icws_candid_type_printer *printer)
{
  if (printer->depth >= ICWS_CANDID_MAX_DEPTH || printer->steps >= ICWS_CANDID_PRINT_STEPS)
    icws_buf_fail(printer->out, ICWS_ERR_LIMIT);
  if (icws_buf_error(printer->out) != ICWS_OK)
    return false;
  printer->steps++;
  printer->depth++;
  return true;
}

/* --- Lists ------------------------------------------------------------------------------------- */

struct list;
typedef void put_item_fn(struct icws_candid_type_printer *printer, const struct list *list,
                         size_t index, size_t tail);

/* What stands in braces or parentheses. */
struct list {
  bool braces;
  put_item_fn *put_item;
  size_t count;
  bool tuple;   /* fields without ids */
  bool variant; /* where null is left out */
  const struct icws_candid_field_type *fields;
  const struct icws_candid_method_type *methods;
};

/* How many characters are in the last line; no more than |most| are counted. */
static size_t last_line(struct icws_bytes text, size_t most)
{
  size_t count = 0;
  while (text.len > 0 && text.data[text.len - 1] != '\n' && count < most) {
    text.len--;
    count += (text.data[text.len] & 0xc0) != 0x80;
  }
  return count;
}

static void put_flat(struct icws_candid_type_printer *printer, const struct list *list)
{
  put(printer, list->braces ? "{ " : "(");
  for (size_t i = 0; i < list->count && icws_buf_error(printer->out) == ICWS_OK; i++) {
    if (i > 0)
      put(printer, list->braces ? "; " : ", ");
    list->put_item(printer, list, i, 0);
  }
  put(printer, list->braces ? " }" : ")");
}

/* Tells whether the list and |tail| more characters fit into the line that |out| ends with. */
static bool fits(const struct icws_candid_type_printer *printer, const struct list *list,
                 size_t tail)
{
  struct icws_candid_type_printer trial = *printer;
  trial.out = printer->scratch;
  trial.flat = true;
  icws_buf_clear(trial.out);
  put_flat(&trial, list);
  if (icws_buf_error(trial.out) == ICWS_ERR_NOMEM)
    icws_buf_fail(printer->out, ICWS_ERR_NOMEM);
  if (icws_buf_error(trial.out) != ICWS_OK) /* it is too long for the scratch */
    return false;
  return last_line(icws_buf_bytes(printer->out), ICWS_CANDID_PRETTY_WIDTH) +
             last_line(icws_buf_bytes(trial.out), ICWS_CANDID_PRETTY_WIDTH) + tail <=
         ICWS_CANDID_PRETTY_WIDTH;
}

/* Deeper than a line is wide, indenting more would only make much out of little. */
static void new_line(struct icws_candid_type_printer *printer)
{
  put(printer, "\n");
  for (size_t i = 0; i < printer->indent && i < ICWS_CANDID_PRETTY_WIDTH; i++)
    put(printer, " ");
}

static void put_broken(struct icws_candid_type_printer *printer, const struct list *list)
{
  put(printer, list->braces ? "{" : "(");
  printer->indent += 2;
  for (size_t i = 0; i < list->count && icws_buf_error(printer->out) == ICWS_OK; i++) {
    new_line(printer);
    list->put_item(printer, list, i, 1);
    if (list->braces || i + 1 < list->count)
      put(printer, list->braces ? ";" : ",");
  }
  printer->indent -= 2;
  new_line(printer);
  put(printer, list->braces ? "}" : ")");
}

static void put_list(struct icws_candid_type_printer *printer, const struct list *list, size_t tail)
{
  if (list->count == 0)
    put(printer, list->braces ? "{}" : "()");
  else if (printer->flat || fits(printer, list, tail))
    put_flat(printer, list);
  else
    put_broken(printer, list);
}

/* --- Functions --------------------------------------------------------------------------------- */

static void put_arg(struct icws_candid_type_printer *printer, const struct list *list, size_t index,
                    size_t tail)
{
  const struct icws_candid_field_type *arg = &list->fields[index];
  if (arg->name.data != NULL) {
    icws_candid_put_name(arg->name, printer->out);
    put(printer, " : ");
  }
  icws_candid_print_in(printer, arg->type, true, tail);
}

void icws_candid_print_args(struct icws_candid_type_printer *printer,
                            const struct icws_candid_field_type *args, size_t count, size_t tail)
{
  put_list(printer, &(struct list){.put_item = put_arg, .fields = args, .count = count}, tail);
}

static void put_annotations(struct icws_candid_type_printer *printer, unsigned annotations)
{
  if ((annotations & ICWS_CANDID_QUERY) != 0)
    put(printer, " query");
  if ((annotations & ICWS_CANDID_ONEWAY) != 0)
    put(printer, " oneway");
  if ((annotations & ICWS_CANDID_COMPOSITE_QUERY) != 0)
    put(printer, " composite_query");
}

static size_t annotations_width(unsigned annotations)
{
  return ((annotations & ICWS_CANDID_QUERY) != 0 ? strlen(" query") : 0) +
         ((annotations & ICWS_CANDID_ONEWAY) != 0 ? strlen(" oneway") : 0) +
         ((annotations & ICWS_CANDID_COMPOSITE_QUERY) != 0 ? strlen(" composite_query") : 0);
}

static void put_func(struct icws_candid_type_printer *printer, const struct icws_candid_type *func,
                     size_t tail)
{
  size_t end = annotations_width(func->annotations) + tail;
  bool none = func->result_count == 0;
  icws_candid_print_args(printer, func->fields, func->field_count,
                         none ? strlen(" -> ()") + end : strlen(" -> ("));
  put(printer, " -> ");
  icws_candid_print_args(printer, func->results, func->result_count, end);
  put_annotations(printer, func->annotations);
}

/* --- Services ---------------------------------------------------------------------------------- */

/* Where a function's type is not given by a name, it stands there without its keyword. */
static void put_method(struct icws_candid_type_printer *printer, const struct list *list,
                       size_t index, size_t tail)
{
  const struct icws_candid_method_type *method = &list->methods[index];
  const struct icws_candid_type *func = icws_candid_types_get(printer->types, method->type);
  icws_candid_put_name(method->name, printer->out);
  put(printer, " : ");
  if (icws_candid_is_type_name(func->name)) {
    icws_candid_print_in(printer, method->type, true, tail);
  } else if (enter(printer)) {
    put_func(printer, func, tail);
    printer->depth--;
  }
}

static struct list methods_of(const struct icws_candid_type *service)
{
  return (struct list){.braces = true,
                       .put_item = put_method,
                       .methods = service->methods,
                       .count = service->method_count};
}

void icws_candid_print_methods(struct icws_candid_type_printer *printer,
                               const struct icws_candid_type *service)
{
  struct list list = methods_of(service);
  if (list.count == 0) {
    put(printer, "{}");
  } else if (enter(printer)) {
    put_broken(printer, &list);
    printer->depth--;
  }
}

/* --- Records and variants ---------------------------------------------------------------------- */

static void put_field(struct icws_candid_type_printer *printer, const struct list *list,
                      size_t index, size_t tail)
{
  const struct icws_candid_field_type *field = &list->fields[index];
  if (field->name.data != NULL)
    icws_candid_put_name(field->name, printer->out);
  else if (!list->tuple)
    icws_candid_put_u32(field->id, printer->out);
  if (list->variant && field->type == ICWS_CANDID_NULL)
    return;
  if (!list->tuple)
    put(printer, " : ");
  icws_candid_print_in(printer, field->type, true, tail);
}

static bool has_names(const struct icws_candid_type *type)
{
  for (size_t i = 0; i < type->field_count; i++) {
    if (type->fields[i].name.data != NULL)
      return true;
  }
  return false;
}

static struct list fields_of(const struct icws_candid_type *type)
{
  return (struct list){.braces = true,
                       .put_item = put_field,
                       .tuple = icws_candid_type_is_tuple(type) && !has_names(type),
                       .variant = type->constructor == ICWS_CANDID_VARIANT,
                       .fields = type->fields,
                       .count = type->field_count};
}

/* --- Any type ---------------------------------------------------------------------------------- */

static void put_composite(struct icws_candid_type_printer *printer,
                          const struct icws_candid_type *type, size_t tail)
{
  struct list list;
  switch (type->constructor) {
  case ICWS_CANDID_OPT:
  case ICWS_CANDID_VEC:
    put(printer, type->constructor == ICWS_CANDID_OPT ? "opt " : "vec ");
    icws_candid_print_in(printer, type->item, true, tail);
    break;
  case ICWS_CANDID_RECORD:
  case ICWS_CANDID_VARIANT:
    put(printer, type->constructor == ICWS_CANDID_RECORD ? "record " : "variant ");
    list = fields_of(type);
    put_list(printer, &list, tail);
    break;
  case ICWS_CANDID_FUNC:
    put(printer, "func ");
    put_func(printer, type, tail);
    break;
  case ICWS_CANDID_SERVICE:
    put(printer, "service ");
    list = methods_of(type);
    put_list(printer, &list, tail);
    break;
  default: /* of the future: there are no words for it */
    icws_buf_fail(printer->out, ICWS_ERR_UNSUPPORTED);
  }
}

static void put_type(struct icws_candid_type_printer *printer, int type, bool by_name, size_t tail)
{
  if (type < 0) {
    put(printer, icws_candid_constructor_name(type));
    return;
  }
  const struct icws_candid_type *entry = icws_candid_types_get(printer->types, type);
  if (by_name && icws_candid_is_type_name(entry->name))
    icws_buf_put(printer->out, entry->name.data, entry->name.len);
  else if (icws_candid_types_is_blob(printer->types, type))
    put(printer, "blob");
  else
    put_composite(printer, entry, tail);
}

void icws_candid_print_in(struct icws_candid_type_printer *printer, int type, bool by_name,
                          size_t tail)
{
  if (enter(printer)) {
    put_type(printer, type, by_name, tail);
    printer->depth--;
  }
}

void icws_candid_type_printer_init(struct icws_candid_type_printer *printer,
                                   const struct icws_candid_types *types,
                                   enum icws_candid_layout layout, struct icws_buf *out,
                                   struct icws_buf *scratch)
{
  *printer = (struct icws_candid_type_printer){
      .types = types, .out = out, .flat = layout == ICWS_CANDID_ONE_LINE, .scratch = scratch};
  icws_buf_init(scratch, (size_t)ICWS_CANDID_PRETTY_WIDTH * MAX_BYTES_PER_CHARACTER, out->mem);
}

enum icws_error icws_candid_print_type(const struct icws_candid_types *types, int type,
                                       bool by_name, enum icws_candid_layout layout,
                                       struct icws_buf *out)
{
  struct icws_candid_type_printer printer;
  struct icws_buf scratch;
  icws_candid_type_printer_init(&printer, types, layout, out, &scratch);
  icws_candid_print_in(&printer, type, by_name, 0);
  icws_buf_wipe(&scratch);
  return icws_buf_error(out);
}

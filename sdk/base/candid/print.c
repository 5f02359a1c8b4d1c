/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_text.h>

#include "candid/line.h"

/*
 * One line is written straight away.  A pretty value is tried as one line first, in a buffer that
 * holds no more than a line may have, so that a trial costs no more than that; only if it is too long
 * it is written with its members a line each.
 */
#define INDENT 2
#define LINE_BYTES ((size_t)ICWS_CANDID_PRETTY_WIDTH * 4) /* of UTF-8 */

struct printer {
  const struct icws_candid_types *types;
  struct icws_buf *out;
  size_t start;         /* in |out| */
  struct icws_buf line; /* a value on trial */
};

static size_t count_characters(const struct icws_buf *text, size_t from)
{
  size_t count = 0;
  for (size_t i = from; i < text->len; i++)
    count += (text->data[i] & 0xc0) != 0x80;
  return count;
}

/* How many characters the last line has, if it is not too long anyway. */
static size_t current_column(const struct printer *printer)
{
  size_t len = printer->out->len;
  size_t at = len;
  while (at > printer->start && len - at < LINE_BYTES && printer->out->data[at - 1] != '\n')
    at--;
  return count_characters(printer->out, at);
}

/* Appends the line on trial if it, and |after| characters more, fit on the current line. */
static bool accept_line(struct printer *printer, size_t after)
{
  const struct icws_buf *line = &printer->line;
  if (line->error == ICWS_ERR_NOMEM)
    icws_buf_fail(printer->out, ICWS_ERR_NOMEM);
  if (line->error != ICWS_OK || printer->out->error != ICWS_OK)
    return false;
  size_t width = current_column(printer) + count_characters(line, 0) + after;
  if (width > ICWS_CANDID_PRETTY_WIDTH)
    return false;
  icws_buf_put(printer->out, line->data, line->len);
  return true;
}

static bool put_on_line(struct printer *printer, const struct icws_candid_value *value,
                        unsigned depth, size_t after)
{
  icws_buf_clear(&printer->line);
  icws_candid_put_value(printer->types, value, ICWS_CANDID_PLAIN, depth, &printer->line);
  return accept_line(printer, after);
}

static void start_line(struct printer *printer, unsigned depth)
{
  icws_buf_put_u8(printer->out, '\n');
  for (unsigned i = 0; i < depth * INDENT; i++)
    icws_buf_put_u8(printer->out, ' ');
}

/* How a value stands in its line: how many braces or parentheses it is in, and what follows it. */
struct position {
  unsigned indent;
  size_t after;
};

static void lay_out(struct printer *printer, const struct icws_candid_value *value,
                    enum icws_candid_place place, unsigned depth, struct position position);

static void lay_out_members(struct printer *printer, const struct icws_candid_members *members,
                            unsigned depth, unsigned indent)
{
  icws_buf_put_text(printer->out, members->word);
  icws_buf_put_text(printer->out, " {");
  for (size_t i = 0; i < members->count && printer->out->error == ICWS_OK; i++) {
    start_line(printer, indent + 1);
    icws_candid_put_label(members, i, printer->out);
    struct position position = {.indent = indent + 1, .after = 1};
    if (!members->bare)
      lay_out(printer, &members->values[i], ICWS_CANDID_ANNOTATED, depth, position);
    icws_buf_put_u8(printer->out, ';');
  }
  if (members->count > 0)
    start_line(printer, indent);
  icws_buf_put_u8(printer->out, '}');
}

static void lay_out(struct printer *printer, const struct icws_candid_value *value,
                    enum icws_candid_place place, unsigned depth, struct position position)
{
  struct icws_candid_members members;
  enum icws_candid_shape shape = icws_candid_find_members(printer->types, value, &members);
  if (shape == ICWS_CANDID_SHAPE_LEAF) {
    icws_candid_put_value(printer->types, value, place, depth, printer->out);
    return;
  }
  if (put_on_line(printer, value, depth, position.after) ||
      !icws_candid_may_nest(depth, printer->out))
    return;
  if (shape == ICWS_CANDID_SHAPE_OPT) {
    icws_buf_put_text(printer->out, "opt ");
    lay_out(printer, value->as.items, ICWS_CANDID_PLAIN, depth + 1, position);
  } else {
    lay_out_members(printer, &members, depth + 1, position.indent);
  }
}

/* --- Arguments ------------------------------------------------------------------------------- */

static void put_args(const struct icws_candid_args *args, struct icws_buf *out)
{
  icws_buf_put_u8(out, '(');
  for (size_t i = 0; i < args->count && out->error == ICWS_OK; i++) {
    if (i > 0)
      icws_buf_put_text(out, ", ");
    icws_candid_put_value(args->types, &args->values[i], ICWS_CANDID_ANNOTATED, 0, out);
  }
  icws_buf_put_u8(out, ')');
}

static void lay_out_args(struct printer *printer, const struct icws_candid_args *args)
{
  put_args(args, &printer->line);
  if (accept_line(printer, 0))
    return;
  icws_buf_put_u8(printer->out, '(');
  for (size_t i = 0; i < args->count && printer->out->error == ICWS_OK; i++) {
    start_line(printer, 1);
    lay_out(printer, &args->values[i], ICWS_CANDID_ANNOTATED, 0,
            (struct position){.indent = 1, .after = 1});
    icws_buf_put_u8(printer->out, ',');
  }
  if (args->count > 0)
    start_line(printer, 0);
  icws_buf_put_u8(printer->out, ')');
}

static void init_printer(struct printer *printer, const struct icws_candid_types *types,
                         struct icws_buf *out)
{
  printer->types = types;
  printer->out = out;
  printer->start = out->len;
  icws_buf_init(&printer->line, LINE_BYTES, out->mem);
}

enum icws_error icws_candid_print(const struct icws_candid_args *args,
                                  enum icws_candid_layout layout, struct icws_buf *out)
{
  if (layout == ICWS_CANDID_ONE_LINE) {
    put_args(args, out);
    return icws_buf_error(out);
  }
  struct printer printer;
  init_printer(&printer, args->types, out);
  lay_out_args(&printer, args);
  icws_buf_wipe(&printer.line);
  return icws_buf_error(out);
}

enum icws_error icws_candid_print_value(const struct icws_candid_types *types,
                                        const struct icws_candid_value *value,
                                        enum icws_candid_layout layout, struct icws_buf *out)
{
  if (layout == ICWS_CANDID_ONE_LINE) {
    icws_candid_put_value(types, value, ICWS_CANDID_ANNOTATED, 0, out);
    return icws_buf_error(out);
  }
  struct printer printer;
  init_printer(&printer, types, out);
  lay_out(&printer, value, ICWS_CANDID_ANNOTATED, 0, (struct position){.indent = 0, .after = 0});
  icws_buf_wipe(&printer.line);
  return icws_buf_error(out);
}

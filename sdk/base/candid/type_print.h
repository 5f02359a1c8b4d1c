/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_TYPE_PRINT_H
#define ICWS_BASE_CANDID_TYPE_PRINT_H

#include <icws/candid_text.h>

/*
 * Prints types.  Lists (fields, arguments, methods) are in one line, unless the layout is pretty and
 * the line would become too long with what must follow them.
 */
struct icws_candid_type_printer {
  const struct icws_candid_types *types;
  struct icws_buf *out;
  bool flat; /* all in one line */
  size_t indent;
  unsigned depth;
  size_t steps;
  struct icws_buf *scratch; /* where a line is tried */
};

/* icws_candid_type_printer_init starts to print to |out|; |scratch| is the printer's until the caller
 * wipes it. */
void icws_candid_type_printer_init(struct icws_candid_type_printer *printer,
                                   const struct icws_candid_types *types,
                                   enum icws_candid_layout layout, struct icws_buf *out,
                                   struct icws_buf *scratch);

/* icws_candid_print_in appends |type|, after which |tail| characters must fit in the line.  Failures
 * are those of the printer's |out|. */
void icws_candid_print_in(struct icws_candid_type_printer *printer, int type, bool by_name,
                          size_t tail);

/* icws_candid_print_methods appends the methods of a service in braces, one a line. */
void icws_candid_print_methods(struct icws_candid_type_printer *printer,
                               const struct icws_candid_type *service);

/* icws_candid_print_args appends arguments in parentheses. */
void icws_candid_print_args(struct icws_candid_type_printer *printer,
                            const struct icws_candid_field_type *args, size_t count, size_t tail);

/* icws_candid_is_type_name tells whether a definition of that name can be written. */
bool icws_candid_is_type_name(struct icws_bytes name);

#endif

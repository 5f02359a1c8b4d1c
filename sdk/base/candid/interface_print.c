/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_interface.h>

#include <string.h>

#include "candid/type_print.h"

static void put(struct icws_candid_type_printer *printer, const char *text)
{
  icws_buf_put_text(printer->out, text);
}

/* A type of which this is the first name is written out, others refer to it by that name. */
static bool is_first_name(const struct icws_candid_types *types,
                          const struct icws_candid_definition *definition)
{
  return definition->type >= 0 &&
         icws_bytes_equal(icws_candid_types_get(types, definition->type)->name, definition->name);
}

/* What has no name that can be written is written out where it is used. */
static void put_definition(struct icws_candid_type_printer *printer,
                           const struct icws_candid_definition *definition)
{
  if (!icws_candid_is_type_name(definition->name))
    return;
  put(printer, "type ");
  icws_buf_put(printer->out, definition->name.data, definition->name.len);
  put(printer, " = ");
  icws_candid_print_in(printer, definition->type, !is_first_name(printer->types, definition),
                       strlen(";"));
  put(printer, ";\n");
}

static void put_service(struct icws_candid_type_printer *printer,
                        const struct icws_candid_interface *interface)
{
  const struct icws_candid_type *service =
      icws_candid_types_get(interface->types, interface->service);
  put(printer, "service : ");
  if (interface->has_init) {
    icws_candid_print_args(printer, interface->init, interface->init_count, strlen(" -> {"));
    put(printer, " -> ");
  }
  if (icws_candid_is_type_name(service->name))
    icws_buf_put(printer->out, service->name.data, service->name.len);
  else
    icws_candid_print_methods(printer, service);
  put(printer, "\n");
}

enum icws_error icws_candid_interface_print(const struct icws_candid_interface *interface,
                                            struct icws_buf *out)
{
  struct icws_candid_type_printer printer;
  struct icws_buf scratch;
  size_t count = icws_candid_types_definition_count(interface->types);
  icws_candid_type_printer_init(&printer, interface->types, ICWS_CANDID_PRETTY, out, &scratch);
  for (size_t i = 0; i < count; i++)
    put_definition(&printer, icws_candid_types_definition(interface->types, i));
  if (interface->has_service)
    put_service(&printer, interface);
  icws_buf_wipe(&scratch);
  return icws_buf_error(out);
}

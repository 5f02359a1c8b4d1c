/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_INTERFACE_H
#define ICWS_CANDID_INTERFACE_H

#include <stdbool.h>
#include <stddef.h>

#include <icws/bytes.h>
#include <icws/candid_text.h>
#include <icws/candid_types.h>
#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * Interface descriptions: .did files (Candid specification, "Interfaces").
 *
 * An interface is a table of types, in which its definitions have their names, and perhaps a
 * service.  It owns nothing: the table is the caller's, and must outlive it.
 */
struct icws_candid_interface {
  const struct icws_candid_types *types;
  bool has_service;
  int service; /* a type with constructor ICWS_CANDID_SERVICE */
  /* What the service's constructor takes; NULL and 0 for a service that has none. */
  bool has_init;
  const struct icws_candid_field_type *init;
  size_t init_count;
};

#define ICWS_CANDID_IMPORT_DEPTH 16 /* imports of imports */

/*
 * Gives the text of the file that an interface imports as |name|: appends it to |text|, which takes
 * ICWS_CANDID_TYPES_MAX_BYTES.  Returns ICWS_OK, or any error with |failure| filled, which ends the
 * parsing.  |name| is borrowed during the call.  It comes from the importing file: whoever opens
 * files should mind where it leads.
 */
typedef enum icws_error icws_candid_import_fn(struct icws_bytes name, struct icws_buf *text,
                                              void *user_data, struct icws_failure *failure);

/*
 * icws_candid_interface_parse reads a .did file.  Its types and definitions are added to |types|,
 * which should be new; |text| may go away.  |import| resolves imports, each file once; NULL refuses
 * them.  The definitions of imported files share one space of names with all others; their services
 * are passed over.
 *
 * Returns ICWS_OK; ICWS_ERR_CANDID for what is no interface: a syntax error, a name that is not
 * defined or defined twice, a definition that is nothing but itself, two fields whose ids are the
 * same, a method that is no function, files that import each other; ICWS_ERR_UNSUPPORTED for an
 * import without |import|, and for import service; ICWS_ERR_LIMIT for nesting
 * (ICWS_CANDID_MAX_DEPTH), imports (ICWS_CANDID_IMPORT_DEPTH), the table's limits, and 64 MB of
 * memory meanwhile; ICWS_ERR_NOMEM; or what |import| returned.  |failure| says what and where, in
 * an imported file with its name; |*spot|, if not NULL, is where in |text|: of the import, for an
 * error in an imported file. |types| is fit for icws_candid_types_del only after a failure.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_interface_parse(struct icws_bytes text, struct icws_candid_types *types,
                            icws_candid_import_fn *import, void *user_data,
                            struct icws_candid_interface *interface, struct icws_candid_spot *spot,
                            struct icws_failure *failure);

/* icws_candid_interface_print appends the interface as a .did file that means the same:
 * definitions, then the service.  Returns as icws_candid_print_type does. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_interface_print(const struct icws_candid_interface *interface, struct icws_buf *out);

/* icws_candid_interface_method stores the func type of the method |name|; false if there is none.
 * */
ICWS_EXPORT bool icws_candid_interface_method(const struct icws_candid_interface *interface,
                                              struct icws_bytes name, int *func);

/*
 * icws_candid_interface_message_type stores the application's message type: T, where the second
 * argument of the method ws_message is opt T (IC WebSocket, "A session, in order", 4).  Returns
 * ICWS_OK, or ICWS_ERR_CANDID if the interface has no such method or argument: |failure| says what
 * is missing.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_interface_message_type(const struct icws_candid_interface *interface, int *type,
                                   struct icws_failure *failure);

ICWS_END_DECLS

#endif

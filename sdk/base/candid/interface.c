/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_interface.h>

#include "candid/import_name.h"
#include "candid/type_parse.h"

/* --- Files ------------------------------------------------------------------------------------- */

/* A file that was imported, or is being read. */
struct import {
  struct import *next;
  struct icws_bytes name;
  bool open; /* still being read */
};

/* What all files of an interface have in common. */
struct reading {
  struct icws_candid_types *types;
  icws_candid_import_fn *import;
  void *user_data;
  struct icws_arena arena;
  struct import *imports;
  struct icws_failure failure; /* of an imported file, if its |code| is an error */
};

struct file {
  struct reading *reading;
  unsigned depth;         /* how many files import this one */
  struct icws_bytes name; /* nothing for the first file */
  struct icws_candid_lexer lexer;
  struct icws_candid_scope scope;
  struct icws_candid_syntax *service; /* NULL: it has none */
  bool has_init;
  struct icws_candid_syntax_members init;
};

static bool read_import(struct file *importer, size_t at, struct icws_bytes name);

/* --- Imports ----------------------------------------------------------------------------------- */

static bool refuse_import(struct file *file, enum icws_error error, size_t at,
                          struct icws_bytes name, const char *reason)
{
  return icws_candid_lexer_fail(&file->lexer, error, at, "cannot import %.*s: %s",
                                icws_candid_shown(name), (const char *)name.data, reason);
}

/* Makes a note of the import of |name|, which lives in the arena: NULL after a failure. */
static struct import *note_import(struct file *file, struct icws_bytes name)
{
  struct reading *reading = file->reading;
  struct import *import = icws_arena_alloc(&reading->arena, sizeof *import);
  if (import == NULL) {
    icws_candid_lexer_fail_arena(&file->lexer);
    return NULL;
  }
  *import = (struct import){.next = reading->imports, .name = name, .open = true};
  reading->imports = import;
  return import;
}

static struct import *find_import(const struct reading *reading, struct icws_bytes name)
{
  struct import *each = reading->imports;
  while (each != NULL && !icws_bytes_equal(each->name, name))
    each = each->next;
  return each;
}

/* Reads the file that |file| calls |called|, if that is not done yet. */
static bool import_once(struct file *file, size_t at, struct icws_bytes called)
{
  struct icws_arena *arena = &file->reading->arena;
  struct icws_bytes name = icws_candid_import_name(file->name, called, arena);
  if (icws_arena_error(arena) != ICWS_OK)
    return icws_candid_lexer_fail_arena(&file->lexer);
  if (name.len == 0)
    return icws_candid_lexer_fail(&file->lexer, ICWS_ERR_CANDID, at,
                                  "an import needs the name of a file");
  if (file->reading->import == NULL)
    return refuse_import(file, ICWS_ERR_UNSUPPORTED, at, name, "there is nothing to read files");
  if (file->depth == ICWS_CANDID_IMPORT_DEPTH)
    return refuse_import(file, ICWS_ERR_LIMIT, at, name, "files import each other too deeply");
  struct import *import = find_import(file->reading, name);
  if (import != NULL)
    return !import->open || refuse_import(file, ICWS_ERR_CANDID, at, name, "it imports this file");
  import = note_import(file, name);
  if (import == NULL || !read_import(file, at, import->name))
    return false;
  import->open = false;
  return true;
}

static bool take_import(struct file *file)
{
  struct icws_candid_lexer *lexer = &file->lexer;
  size_t at = lexer->start;
  struct icws_bytes name;
  if (icws_candid_lexer_is_word(lexer, "service"))
    return icws_candid_lexer_fail(lexer, ICWS_ERR_UNSUPPORTED, at,
                                  "import service is not supported: only types can be imported");
  if (lexer->token != ICWS_CANDID_TOKEN_TEXT)
    return icws_candid_lexer_unexpected(lexer, "the name of a file in quotes");
  return icws_candid_lexer_take_name(lexer, "a name", &name) && import_once(file, at, name);
}

/* --- Descriptions ------------------------------------------------------------------------------ */

/* What a service is: methods in braces, or a name. */
static bool take_actor(struct file *file)
{
  struct icws_candid_lexer *lexer = &file->lexer;
  struct icws_bytes name;
  size_t at = lexer->start;
  if (icws_candid_lexer_is_sign(lexer, '{'))
    return icws_candid_syntax_service(lexer, 0, &file->service);
  if (lexer->token != ICWS_CANDID_TOKEN_ID)
    return icws_candid_lexer_unexpected(lexer, "'{' or the name of a service");
  return icws_candid_lexer_take_name(lexer, "'{' or the name of a service", &name) &&
         icws_candid_syntax_named(lexer, at, name, &file->service);
}

/* The name that a service may have says nothing (Candid specification, "Interfaces"). */
static bool take_service(struct file *file)
{
  struct icws_candid_lexer *lexer = &file->lexer;
  struct icws_bytes name;
  if (lexer->token == ICWS_CANDID_TOKEN_ID && !icws_candid_lexer_take_name(lexer, "':'", &name))
    return false;
  if (!icws_candid_lexer_expect_sign(lexer, ':'))
    return false;
  file->has_init = icws_candid_lexer_is_sign(lexer, '(');
  if (file->has_init) {
    if (!icws_candid_syntax_args(lexer, 0, &file->init))
      return false;
    if (lexer->token != ICWS_CANDID_TOKEN_ARROW)
      return icws_candid_lexer_unexpected(lexer, "'->'");
    icws_candid_lexer_next(lexer);
  }
  if (!take_actor(file))
    return false;
  (void)icws_candid_lexer_accept_sign(lexer, ';');
  return lexer->error == ICWS_OK;
}

/* Tells whether no definition follows. */
static bool at_last(const struct icws_candid_lexer *lexer)
{
  return lexer->token == ICWS_CANDID_TOKEN_END || icws_candid_lexer_is_word(lexer, "service");
}

static bool take_definition(struct file *file)
{
  if (icws_candid_lexer_accept_word(&file->lexer, "type"))
    return icws_candid_scope_take(&file->scope);
  if (icws_candid_lexer_accept_word(&file->lexer, "import"))
    return take_import(file);
  return icws_candid_lexer_unexpected(&file->lexer, "a definition or a service");
}

static bool take_file(struct file *file)
{
  struct icws_candid_lexer *lexer = &file->lexer;
  while (!at_last(lexer)) {
    if (!take_definition(file))
      return false;
    if (!icws_candid_lexer_accept_sign(lexer, ';') && !at_last(lexer))
      return icws_candid_lexer_unexpected(lexer, "';'");
  }
  if (icws_candid_lexer_accept_word(lexer, "service") && !take_service(file))
    return false;
  if (lexer->token != ICWS_CANDID_TOKEN_END)
    return icws_candid_lexer_unexpected(lexer, "the end of the text");
  return lexer->error == ICWS_OK;
}

static bool build_service(struct file *file, struct icws_candid_interface *interface)
{
  const struct icws_candid_types *types = file->reading->types;
  int init;
  if (!icws_candid_scope_build(&file->scope, file->service, &interface->service))
    return false;
  if (icws_candid_types_constructor(types, interface->service) != ICWS_CANDID_SERVICE)
    return icws_candid_lexer_fail(
        &file->lexer, ICWS_ERR_CANDID, file->service->at, "the type %.*s is no service",
        icws_candid_shown(file->service->name), (const char *)file->service->name.data);
  interface->has_service = true;
  if (!file->has_init)
    return true;
  if (!icws_candid_scope_build_args(&file->scope, &file->init, &init))
    return false;
  interface->has_init = true;
  interface->init = icws_candid_types_get(types, init)->fields;
  interface->init_count = icws_candid_types_get(types, init)->field_count;
  return true;
}

/* Reads |text|, of the file |*file| of which the reading, depth and name are set. */
static bool read_file(struct file *file, struct icws_bytes text,
                      struct icws_candid_interface *interface)
{
  struct reading *reading = file->reading;
  icws_candid_lexer_init(&file->lexer, text, &reading->arena);
  icws_candid_scope_init(&file->scope, &file->lexer, reading->types);
  *interface = (struct icws_candid_interface){.types = reading->types};
  return take_file(file) && icws_candid_scope_resolve(&file->scope) &&
         (file->service == NULL || build_service(file, interface));
}

/* Fetches the text of the file |name|, or fails. */
static bool fetch(struct file *importer, size_t at, struct icws_bytes name, struct icws_buf *text)
{
  struct reading *reading = importer->reading;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = reading->import(name, text, reading->user_data, &failure);
  if (error == ICWS_OK)
    error = icws_buf_error(text);
  if (error == ICWS_OK)
    return true;
  return refuse_import(importer, error, at, name,
                       failure.code == error ? failure.text : icws_strerror(error));
}

/* The types of the file go to the table before those of its importer, to which it must not refer; its
 * service is checked, and no more. */
static bool read_import(struct file *importer, size_t at, struct icws_bytes name)
{
  struct reading *reading = importer->reading;
  struct icws_candid_interface interface;
  struct icws_failure failure;
  struct icws_buf text;
  struct file file = {.reading = reading, .depth = importer->depth + 1, .name = name};
  icws_buf_init(&text, ICWS_CANDID_TYPES_MAX_BYTES, reading->arena.mem);
  bool good = fetch(importer, at, name, &text);
  if (good && !read_file(&file, icws_buf_bytes(&text), &interface)) {
    enum icws_error error = icws_candid_lexer_report(&file.lexer, NULL, &failure);
    if (reading->failure.code == ICWS_OK) /* else it is of a file that this one imports */
      (void)icws_fail(&reading->failure, error, "%.*s: %s", icws_candid_shown(name),
                      (const char *)name.data, failure.text);
    good = refuse_import(importer, error, at, name, "see there");
  }
  icws_buf_wipe(&text);
  return good;
}

enum icws_error icws_candid_interface_parse(struct icws_bytes text, struct icws_candid_types *types,
                                            icws_candid_import_fn *import, void *user_data,
                                            struct icws_candid_interface *interface,
                                            struct icws_candid_spot *spot,
                                            struct icws_failure *failure)
{
  struct reading reading = {.types = types, .import = import, .user_data = user_data};
  struct icws_candid_interface read;
  struct file file = {.reading = &reading};
  icws_arena_init(&reading.arena, ICWS_CANDID_SYNTAX_MAX_BYTES, icws_candid_types_mem(types));
  bool good = read_file(&file, text, &read);
  enum icws_error error = icws_candid_lexer_report(&file.lexer, spot, failure);
  icws_arena_wipe(&reading.arena);
  if (good)
    *interface = read;
  else if (reading.failure.code != ICWS_OK)
    return icws_fail(failure, error, "%s", reading.failure.text);
  return error;
}

/* --- Looking up -------------------------------------------------------------------------------- */

bool icws_candid_interface_method(const struct icws_candid_interface *interface,
                                  struct icws_bytes name, int *func)
{
  if (!interface->has_service)
    return false;
  const struct icws_candid_method_type *method =
      icws_candid_type_method(icws_candid_types_get(interface->types, interface->service), name);
  if (method != NULL)
    *func = method->type;
  return method != NULL;
}

enum icws_error icws_candid_interface_message_type(const struct icws_candid_interface *interface,
                                                   int *type, struct icws_failure *failure)
{
  const struct icws_candid_types *types = interface->types;
  int number;
  if (!interface->has_service)
    return icws_fail(failure, ICWS_ERR_CANDID, "the interface has no service");
  if (!icws_candid_interface_method(interface, icws_bytes_text("ws_message"), &number))
    return icws_fail(failure, ICWS_ERR_CANDID, "the service has no method ws_message");
  const struct icws_candid_type *func = icws_candid_types_get(types, number);
  if (func->field_count < 2 ||
      icws_candid_types_constructor(types, func->fields[1].type) != ICWS_CANDID_OPT)
    return icws_fail(failure, ICWS_ERR_CANDID,
                     "the second argument of ws_message is no opt: it would say what messages are");
  *type = icws_candid_types_get(types, func->fields[1].type)->item;
  return ICWS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "bind.h"

#include <string.h>

#include "decode.h"
#include "encode.h"
#include "plan.h"
#include "signature.h"
#include "text.h"
#include "types.h"

/* --- The header -------------------------------------------------------------------------------- */

static const char about[] =
    "/*\n"
    " * Types and methods of a Candid interface, in C.  Made by icws candid bind: change the\n"
    " * .did file and not this one.\n"
    " *\n"
    " * Types.  A record is a struct.  A variant is a struct with a tag, and a union |as| of\n"
    " * what its cases hold.  An opt is a pointer, NULL for null.  A vec is |items| and\n"
    " * |count|.  A blob or text is a struct icws_bytes, a service the principal of its\n"
    " * canister, a nat or int a struct with the number in |value|, if it has no more than 64\n"
    " * bits.  Of null, reserved and empty, and of what holds nothing else, there is nothing:\n"
    " * no member; and an opt of such a type is a bool.  Where a record or variant holds\n"
    " * itself it does so by a pointer that must not be NULL.\n"
    " *\n"
    " * Names.  AppMessage becomes app_message: lower case, with a _ between words and for all\n"
    " * that an identifier cannot hold; a name of which nothing is left becomes n_ and its\n"
    " * field id.  A member that would be a keyword gets a _ at its end.  A field without a\n"
    " * name is _ and its id; an argument without one arg0, arg1 and so on, a result result0.\n"
    " * A type without a name is called after where it stands: %s_TYPE_FIELD, %s_TYPE_item,\n"
    " * %s_METHOD_ARGUMENT; one with several names after the first of them.  Of two names that\n"
    " * would be the same the later one gets _2 at its end, the next one _3.  Members stand in\n"
    " * the order of their field ids.\n"
    " *\n"
    " * Functions.  Each definition, and the arguments and the results of each method, can be\n"
    " * encoded and decoded.\n"
    " *\n"
    " * X_encode appends a message to |out|.  Returns ICWS_OK, or the error of |out|, which is\n"
    " * also ICWS_ERR_INVALID_ARGUMENT for a tag that is none of its variant and a NULL where\n"
    " * there must be something, and ICWS_ERR_LIMIT for a value within itself so often that it is\n"
    " * nested more deeply than ICWS_CANDID_MAX_DEPTH, which no reader here takes.\n"
    " *\n"
    " * X_decode reads |message| by Candid's rules of subtyping, as icws_candid_decode does,\n"
    " * and returns what that returns.  What |value| points to is in |arena|, but for text,\n"
    " * blobs and the names of methods, which are in |message|: both must outlive it.  After a\n"
    " * failure |value| means nothing.\n"
    " */\n";

static void put_header_start(struct bind_plan *plan, struct icws_buf *out)
{
  const char *guard = bind_upper_case(&plan->arena, plan->prefix);
  const char *prefix = plan->prefix;
  bind_print(out, about, prefix, prefix, prefix);
  bind_print(out, "#ifndef %s_H\n#define %s_H\n\n", guard, guard);
  bind_print(out, "#include <stdbool.h>\n"
                  "#include <stddef.h>\n"
                  "#include <stdint.h>\n"
                  "\n"
                  "#include <icws/arena.h>\n"
                  "#include <icws/bytes.h>\n"
                  "#include <icws/candid.h>\n"
                  "#include <icws/error.h>\n"
                  "#include <icws/principal.h>\n"
                  "\n"
                  "ICWS_BEGIN_DECLS\n");
}

static void put_header(struct bind_plan *plan, struct icws_buf *out)
{
  put_header_start(plan, out);
  bind_put_structs(plan, out);
  for (size_t i = 0; i < plan->message_count; i++) {
    const struct bind_message *message = &plan->messages[i];
    bind_print(out, "\n");
    bind_line(out, 0, "ICWS_NODISCARD %s;", bind_encode_head(plan, message));
    bind_line(out, 0, "ICWS_NODISCARD %s;", bind_decode_head(plan, message));
  }
  bind_print(out, "\nICWS_END_DECLS\n\n#endif\n");
}

/* --- The source -------------------------------------------------------------------------------- */

static void put_source_start(const struct bind_plan *plan, struct icws_buf *out)
{
  bind_print(out,
             "/* Made by icws candid bind: change the .did file and not this one. */\n"
             "#include \"%s.h\"\n"
             "\n"
             "#include <icws/candid_value.h>\n",
             plan->prefix);
}

/* For the functions that decode; decoding allocates, and a failure sticks to the arena. */
static void put_check_memory(const struct bind_plan *plan, struct icws_buf *out)
{
  bool is_used = false;
  for (size_t i = 0; i < plan->message_count; i++)
    is_used = is_used || plan->messages[i].is_definition || plan->messages[i].args != NULL;
  if (!is_used)
    return;
  bind_print(out,
             "\n"
             "static enum icws_error check_memory(const struct icws_arena *arena,\n"
             "                                    struct icws_failure *failure)\n"
             "{\n"
             "  enum icws_error error = icws_arena_error(arena);\n"
             "  if (error != ICWS_OK)\n"
             "    return icws_fail(failure, error, \"the values: %%s\", icws_strerror(error));\n"
             "  return ICWS_OK;\n"
             "}\n");
}

static enum icws_error put_source(struct bind_plan *plan, struct icws_buf *out)
{
  enum icws_error error = ICWS_OK;
  put_source_start(plan, out);
  if (plan->message_count == 0)
    return ICWS_OK;
  bool with_names = bind_put_names(plan, out);
  for (size_t i = 0; i < plan->message_count && error == ICWS_OK; i++)
    error = bind_put_signature(plan, &plan->messages[i], with_names, out);
  bind_put_encoders(plan, out);
  bind_put_decoders(plan, out);
  put_check_memory(plan, out);
  for (size_t i = 0; i < plan->message_count; i++) {
    bind_put_encode(plan, &plan->messages[i], out);
    bind_put_decode(plan, &plan->messages[i], out);
  }
  return error;
}

/* --- Both -------------------------------------------------------------------------------------- */

static bool is_prefix(const char *prefix)
{
  size_t len = strlen(prefix);
  bool is_ours = strncmp(prefix, "icws", 4) == 0 && (prefix[4] == '_' || prefix[4] == '\0');
  return prefix[0] >= 'a' && prefix[0] <= 'z' && !is_ours &&
         strspn(prefix, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

static enum icws_error bind(struct bind_plan *plan, const struct icws_candid_interface *interface,
                            const char *prefix, struct icws_buf *header, struct icws_buf *source)
{
  enum icws_error error = bind_plan_init(plan, interface, prefix);
  if (error != ICWS_OK)
    return error;
  put_header(plan, header);
  error = put_source(plan, source);
  if (error == ICWS_OK)
    error = icws_arena_error(&plan->arena);
  if (error == ICWS_OK)
    error = icws_buf_error(header);
  return error == ICWS_OK ? icws_buf_error(source) : error;
}

enum icws_error icws_bind(const struct icws_candid_interface *interface, const char *prefix,
                          struct icws_buf *header, struct icws_buf *source,
                          struct icws_failure *failure)
{
  struct bind_plan plan;
  if (!is_prefix(prefix))
    return icws_fail(
        failure, ICWS_ERR_INVALID_ARGUMENT,
        "'%s' begins no names: --prefix takes lower-case letters, digits and _, a letter first, "
        "and not the library's icws",
        prefix);
  enum icws_error error = bind(&plan, interface, prefix, header, source);
  bind_plan_wipe(&plan);
  if (error == ICWS_OK)
    return ICWS_OK;
  return icws_fail(failure, error, "binding the interface: %s", icws_strerror(error));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>

#include "mem_probe.h"
#include "vectors.h"

/* --- Parsing ----------------------------------------------------------------------------------- */

/* A file that may be imported, or a failure to read it. */
struct source {
  const char *name; /* NULL ends a list */
  const char *text; /* NULL: it cannot be read */
};

struct sources {
  const struct source *files;
  size_t reads;
};

static enum icws_error read_source(struct icws_bytes name, struct icws_buf *text, void *user_data,
                                   struct icws_failure *failure)
{
  struct sources *sources = user_data;
  for (const struct source *file = sources->files; file->name != NULL; file++) {
    if (!icws_bytes_equal(name, icws_bytes_text(file->name)))
      continue;
    sources->reads++;
    if (file->text == NULL)
      return icws_fail(failure, ICWS_ERR_SYSTEM, "permission denied");
    icws_buf_put(text, file->text, strlen(file->text));
    return ICWS_OK;
  }
  return ICWS_ERR_INVALID_ARGUMENT; /* without a text */
}

struct parsed {
  struct icws_candid_types *types;
  struct icws_candid_interface interface;
  size_t reads;
};

static void parse_bytes(struct parsed *parsed, struct icws_bytes text, const struct source *files)
{
  struct sources sources = {.files = files, .reads = 0};
  struct icws_failure failure = {.text = ""};
  assert_int_equal(icws_candid_types_new(NULL, &parsed->types), ICWS_OK);
  if (icws_candid_interface_parse(text, parsed->types, files != NULL ? read_source : NULL, &sources,
                                  &parsed->interface, NULL, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  parsed->reads = sources.reads;
}

static void parse_files(struct parsed *parsed, const char *text, const struct source *files)
{
  parse_bytes(parsed, icws_bytes_text(text), files);
}

static void check_error_in(const char *text, const struct source *files, enum icws_error error,
                           size_t line, size_t column, const char *expected)
{
  struct sources sources = {.files = files, .reads = 0};
  struct icws_failure failure = {.code = ICWS_OK, .text = ""};
  struct icws_candid_spot spot = {0};
  struct icws_candid_interface interface = {.service = 77};
  struct icws_candid_types *types;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  assert_int_equal(icws_candid_interface_parse(icws_bytes_text(text), types,
                                               files != NULL ? read_source : NULL, &sources,
                                               &interface, &spot, &failure),
                   error);
  assert_int_equal(failure.code, error);
  assert_string_equal(failure.text, expected);
  assert_int_equal(spot.line, line);
  assert_int_equal(spot.column, column);
  assert_int_equal(interface.service, 77);
  icws_candid_types_del(types);
}

/* The failure is at |line| and |column|, and says |reason|. */
static void check_error(const char *text, enum icws_error error, unsigned line, unsigned column,
                        const char *reason)
{
  char expected[ICWS_FAILURE_TEXT_BYTES];
  snprintf(expected, sizeof expected, "line %u, column %u: %s", line, column, reason);
  check_error_in(text, NULL, error, line, column, expected);
}

static void check_refused(const char *text, unsigned line, unsigned column, const char *reason)
{
  check_error(text, ICWS_ERR_CANDID, line, column, reason);
}

static void print(const struct parsed *parsed, struct icws_buf *out)
{
  icws_buf_init(out, 0, NULL);
  assert_int_equal(icws_candid_interface_print(&parsed->interface, out), ICWS_OK);
}

static void check_printed(const struct parsed *parsed, const char *expected)
{
  struct icws_buf out;
  print(parsed, &out);
  icws_buf_put_u8(&out, 0);
  assert_string_equal((const char *)out.data, expected);
  icws_buf_wipe(&out);
}

/* |text| is printed as |expected|, which is printed as itself. */
static void check(const char *text, const struct source *files, const char *expected)
{
  struct parsed parsed;
  parse_files(&parsed, text, files);
  check_printed(&parsed, expected);
  icws_candid_types_del(parsed.types);
  parse_files(&parsed, expected, NULL);
  check_printed(&parsed, expected);
  icws_candid_types_del(parsed.types);
}

static int find(const struct parsed *parsed, const char *name)
{
  int type = ICWS_CANDID_EMPTY;
  assert_true(icws_candid_types_find(parsed->types, icws_bytes_text(name), &type));
  return type;
}

/* --- Descriptions ------------------------------------------------------------------------------ */

static void an_interface_may_be_empty(void **state)
{
  (void)state;
  struct parsed parsed;
  parse_files(&parsed, "  // nothing\n/* at /* all */ */", NULL);
  assert_ptr_equal(parsed.interface.types, parsed.types);
  assert_false(parsed.interface.has_service);
  assert_false(parsed.interface.has_init);
  assert_int_equal(icws_candid_types_definition_count(parsed.types), 0);
  icws_candid_types_del(parsed.types);
  check("", NULL, "");
}

static void definitions_may_come_in_any_order(void **state)
{
  (void)state;
  struct parsed parsed;
  parse_files(&parsed,
              "type Tree = variant { leaf; node : Node };\n"
              "type Alias = Later;\n"
              "type Again = Alias;\n"
              "type Number = nat;\n"
              "type Node = record { left : Tree; right : Tree; value : Number };\n"
              "type Later = vec Tree",
              NULL);
  assert_int_equal(icws_candid_types_count(parsed.types), 3);
  assert_int_equal(find(&parsed, "Number"), ICWS_CANDID_NAT);
  int later = find(&parsed, "Later");
  assert_int_equal(find(&parsed, "Alias"), later);
  assert_int_equal(find(&parsed, "Again"), later);
  int tree = find(&parsed, "Tree");
  assert_int_equal(icws_candid_types_get(parsed.types, later)->item, tree);
  const struct icws_candid_type *node = icws_candid_types_get(parsed.types, find(&parsed, "Node"));
  assert_int_equal(node->constructor, ICWS_CANDID_RECORD);
  assert_int_equal(node->field_count, 3);
  /* By their ids, computed elsewhere. */
  assert_int_equal(icws_candid_type_field(node, 1202718727u, NULL)->type, tree); /* left */
  assert_int_equal(icws_candid_type_field(node, 3915647964u, NULL)->type, tree); /* right */
  assert_int_equal(icws_candid_type_field(node, 834174833u, NULL)->type,
                   ICWS_CANDID_NAT); /* value */
  assert_int_equal(icws_candid_types_definition_count(parsed.types), 6);
  icws_candid_types_del(parsed.types);
}

static void definitions_are_printed_as_they_came(void **state)
{
  (void)state;
  check("type A = B; type B = record { A; opt B }; type C = nat; type D = C;", NULL,
        "type A = record { A; opt A };\n"
        "type B = A;\n"
        "type C = nat;\n"
        "type D = nat;\n");
  check("type stream = opt record {head : nat; next : func () -> (stream) query};", NULL,
        "type stream = opt record { head : nat; next : func () -> (stream) query };\n");
}

static void a_definition_must_mean_something(void **state)
{
  (void)state;
  check_refused("type A = A", 1, 6, "the type A is defined by nothing but itself");
  check_refused("type A = B;\ntype B = C;\ntype C = A;", 1, 6,
                "the type A is defined by nothing but itself");
  check_refused("type A = B;\ntype B = B;", 2, 6, "the type B is defined by nothing but itself");
  check("type A = opt A", NULL, "type A = opt A;\n"); /* it goes through an opt */
  check_refused("type A = B", 1, 10, "the type B is not defined");
  check_refused("type A = opt vec B", 1, 18, "the type B is not defined");
  check_refused("type A = nat; type B = nat;\ntype A = nat", 2, 6, "the type A is defined twice");
  check_refused("type nat = int", 1, 6, "the type nat is a primitive one");
  check_refused("type principal = int", 1, 6, "the type principal is a primitive one");
}

static void what_is_no_definition_is_refused(void **state)
{
  (void)state;
  check_refused("nat", 1, 1, "expected a definition or a service, found the name nat");
  check_refused("type = nat", 1, 6, "expected the name of a type, found '='");
  check_refused("type \"A\" = nat", 1, 6, "expected the name of a type, found the text \"A\"");
  check_refused("type opt = nat", 1, 6, "expected the name of a type, found the keyword opt");
  check_refused("type A nat", 1, 8, "expected '=', found the name nat");
  check_refused("type A =", 1, 9, "expected a type, found the end of the text");
  check_refused("type A = nat\ntype B = nat", 2, 1, "expected ';', found the keyword type");
  check_refused("type A = nat;;", 1, 14, "expected a definition or a service, found ';'");
  check_refused("type A = /* nat", 1, 10, "the comment is not closed");
  check_refused("type A = record { a : nat; 97 : nat };", 1, 28,
                "the field a has the id of the field 97");
  check_refused("type A = record { ounaoaa : nat; lelorss : nat };", 1, 34,
                "the field lelorss has the id of the field ounaoaa: 1712702934");
}

static void a_long_chain_of_names_is_followed(void **state)
{
  (void)state;
  struct icws_buf text;
  struct parsed parsed;
  icws_buf_init(&text, 0, NULL);
  for (unsigned i = 0; i < 5000; i++) {
    char line[64];
    int length = snprintf(line, sizeof line, "type T%u = T%u;\n", i, i + 1);
    icws_buf_put(&text, line, (size_t)length);
  }
  icws_buf_put(&text, "type T5000 = opt T0;", 20);
  parse_bytes(&parsed, icws_buf_bytes(&text), NULL);
  assert_int_equal(find(&parsed, "T0"), find(&parsed, "T5000"));
  assert_int_equal(icws_candid_types_count(parsed.types), 1);
  icws_candid_types_del(parsed.types);
  icws_buf_wipe(&text);
}

/* --- Services ---------------------------------------------------------------------------------- */

static void services_have_methods(void **state)
{
  (void)state;
  static const char text[] = "type Fn = func (nat) -> () oneway;\n"
                             "service counter : {\n"
                             "  \"inc rement\" : Fn;\n"
                             "  get : () -> (nat) query;\n"
                             "  \"query\" : () -> (nat) composite_query;\n"
                             "};";
  struct parsed parsed;
  int func;
  parse_files(&parsed, text, NULL);
  assert_true(parsed.interface.has_service);
  assert_false(parsed.interface.has_init);
  assert_true(
      icws_candid_interface_method(&parsed.interface, icws_bytes_text("inc rement"), &func));
  assert_int_equal(func, find(&parsed, "Fn"));
  assert_true(icws_candid_interface_method(&parsed.interface, icws_bytes_text("get"), &func));
  const struct icws_candid_type *get = icws_candid_types_get(parsed.types, func);
  assert_int_equal(get->constructor, ICWS_CANDID_FUNC);
  assert_int_equal(get->annotations, ICWS_CANDID_QUERY);
  assert_int_equal(get->result_count, 1);
  assert_true(icws_candid_interface_method(&parsed.interface, icws_bytes_text("query"), &func));
  assert_false(icws_candid_interface_method(&parsed.interface, icws_bytes_text("ge"), &func));
  assert_false(icws_candid_interface_method(&parsed.interface, icws_bytes_text(""), &func));
  icws_candid_types_del(parsed.types);
  check(text, NULL,
        "type Fn = func (nat) -> () oneway;\n"
        "service : {\n"
        "  get : () -> (nat) query;\n"
        "  \"inc rement\" : Fn;\n"
        "  \"query\" : () -> (nat) composite_query;\n"
        "}\n");
}

static void services_may_be_given_by_name(void **state)
{
  (void)state;
  check("type S = service { f : () -> () }; service : S", NULL,
        "type S = service { f : () -> () };\n"
        "service : S\n");
  check("type T = S; type S = service {}; service x : T;", NULL,
        "type T = service {};\n"
        "type S = T;\n"
        "service : T\n");
  check_refused("service : S", 1, 11, "the type S is not defined");
  check_refused("type S = record {}; service : S", 1, 31, "the type S is no service");
  check_refused("service : nat", 1, 11, "the type nat is no service");
}

static void services_may_have_a_constructor(void **state)
{
  (void)state;
  struct parsed parsed;
  parse_files(&parsed, "type T = opt nat; service : (owner : principal, T) -> { f : () -> () }",
              NULL);
  assert_true(parsed.interface.has_init);
  assert_int_equal(parsed.interface.init_count, 2);
  assert_int_equal(parsed.interface.init[0].type, ICWS_CANDID_PRINCIPAL);
  assert_true(icws_bytes_equal(parsed.interface.init[0].name, icws_bytes_text("owner")));
  assert_int_equal(parsed.interface.init[1].type, find(&parsed, "T"));
  assert_null(parsed.interface.init[1].name.data);
  icws_candid_types_del(parsed.types);

  check("service : (owner : principal, text) -> {}", NULL,
        "service : (owner : principal, text) -> {}\n");
  check("type S = service { }; service : () -> S", NULL,
        "type S = service {};\n"
        "service : () -> S\n");
  check_refused("service : (nat) {}", 1, 17, "expected '->', found '{'");
  check_refused("service : (nat) -> (nat) -> {}", 1, 20,
                "expected '{' or the name of a service, found '('");
  check_refused("service : (Missing) -> {}", 1, 12, "the type Missing is not defined");
  check_refused("service : (a : nat, a : nat) -> {}", 1, 21, "the argument a is there twice");
}

static void what_is_no_service_is_refused(void **state)
{
  (void)state;
  check_refused("service", 1, 8, "expected ':', found the end of the text");
  check_refused("service {}", 1, 9, "expected ':', found '{'");
  check_refused("service \"a\" : {}", 1, 9, "expected ':', found the text \"a\"");
  check_refused("service type : {}", 1, 9, "expected ':', found the keyword type");
  check_refused("service : opt nat", 1, 11,
                "expected '{' or the name of a service, found the keyword opt");
  check_refused("service : 5", 1, 11, "expected '{' or the name of a service, found the number 5");
  check_refused("service : {} nat", 1, 14, "expected the end of the text, found the name nat");
  check_refused("service : {};;", 1, 14, "expected the end of the text, found ';'");
  check_refused("service : {};\nservice : {}", 2, 1,
                "expected the end of the text, found the keyword service");
  check_refused("service : {}; type A = nat", 1, 15,
                "expected the end of the text, found the keyword type");
  check_refused("service : { f : () -> (); f : () -> () }", 1, 27, "the method f is there twice");
  check_refused("service : { f : Fn }; ", 1, 17, "the type Fn is not defined");
  check_refused("type Fn = record {}; service : { f : Fn }", 1, 38, "the method f is no function");
  check_refused("service : { f : () -> (nat) oneway }", 1, 29, "a oneway function has no results");
}

/* A function may be defined after the service type that names it. */
static void methods_may_have_types_that_come_later(void **state)
{
  (void)state;
  check("type S = service { f : G }; type G = F; type F = func () -> (S);", NULL,
        "type S = service { f : G };\n"
        "type G = func () -> (S);\n"
        "type F = G;\n");
  check_refused("type S = service { f : G }; type G = F; type F = record { S };", 1, 24,
                "the method f is no function");
}

static void places_count_characters(void **state)
{
  (void)state;
  check_refused("/* \xc3\xa9\xe2\x82\xac */ \xf0", 1, 10, "the text is not UTF-8");
  check_refused("// \xc3\xa9\r\n/* \xf0\x9f\x98\x80 */ nat", 2, 9,
                "expected a definition or a service, found the name nat");
}

/* --- Imports ----------------------------------------------------------------------------------- */

static void imported_types_come_first(void **state)
{
  (void)state;
  static const struct source files[] = {
      {"a.did", "import \"b.did\"; type A = opt B; service : { ignored : () -> () }"},
      {"b.did", "type B = nat"},
      {NULL, NULL},
  };
  static const char text[] =
      "type C = A; import \"a.did\"; import \"\\62.did\"; service : { f : (C, B) -> () }";
  static const char same[] = "type B = nat;\n"
                             "type A = opt nat;\n"
                             "type C = A;\n"
                             "service : {\n"
                             "  f : (A, nat) -> ();\n"
                             "}\n";
  struct parsed parsed;
  check(text, files, same);
  parse_files(&parsed, text, files);
  assert_int_equal(parsed.reads, 2);
  icws_candid_types_del(parsed.types);
}

/* A file is looked for beside the one that imports it, and read once by whatever way it is named. */
static void imports_are_seen_from_their_file(void **state)
{
  (void)state;
  static const struct source files[] = {
      {"x/a.did", "import \"b.did\"; import \"../c.did\"; type A = record { B; C }"},
      {"x/b.did", "import \"./y/../../x/./y/d.did\"; type B = D"},
      {"x/y/d.did", "import \"/e.did\"; type D = E"},
      {"b.did", "type B = text"},
      {"c.did", "import \"../up.did\"; type C = int"},
      {"../up.did", "import \"../higher.did\"; type Up = bool"},
      {"../../higher.did", "type Higher = bool"},
      {"/e.did", "import \"../f.did\"; type E = nat"},
      {"/f.did", "type F = nat8"},
      {NULL, NULL},
  };
  struct parsed parsed;
  int type;
  parse_files(&parsed, "import \"x//a.did\"; import \"c.did\"; type T = A", files);
  assert_int_equal(parsed.reads, 8);
  assert_true(icws_candid_types_find(parsed.types, icws_bytes_text("B"), &type));
  assert_int_equal(type, ICWS_CANDID_NAT);
  icws_candid_types_del(parsed.types);
}

static void imports_that_name_no_file(void **state)
{
  (void)state;
  static const struct source files[] = {{"x/a", "import \"b\""}, {"b", ""}, {NULL, NULL}};
  check_error_in("import \"\"", files, ICWS_ERR_CANDID, 1, 8,
                 "line 1, column 8: an import needs the name of a file");
  check_error_in("import \"x/..\"", files, ICWS_ERR_CANDID, 1, 8,
                 "line 1, column 8: an import needs the name of a file");
  check_error_in("import \"x/a\"", files, ICWS_ERR_INVALID_ARGUMENT, 1, 8,
                 "x/a: line 1, column 8: cannot import x/b: an argument is not allowed here");
}

static void the_semicolon_before_a_service_may_be_left_out(void **state)
{
  (void)state;
  static const struct source files[] = {{"A.did", "type A = service { f : () -> () };"},
                                        {NULL, NULL}};
  check("import \"A.did\"\nservice B : A ;", files,
        "type A = service { f : () -> () };\n"
        "service : A\n");
}

static void imports_need_a_reader(void **state)
{
  (void)state;
  check_error(" import \"a.did\"", ICWS_ERR_UNSUPPORTED, 1, 9,
              "cannot import a.did: there is nothing to read files");
  check_error("import service \"a.did\"", ICWS_ERR_UNSUPPORTED, 1, 8,
              "import service is not supported: only types can be imported");
  check_refused("import a", 1, 8, "expected the name of a file in quotes, found the name a");
  check_refused("import \"\\ff\"", 1, 8, "the name is not UTF-8");
}

static void what_cannot_be_imported_is_named(void **state)
{
  (void)state;
  static const struct source files[] = {
      {"secret", NULL},
      {"broken", "type A = nat;\ntype B = opt ;"},
      {"outer", "\n  import \"broken\""},
      {"outer secret", "\n  import \"secret\""},
      {"strange", "type A = Main;"},
      {"twice", "type Main = nat"},
      {NULL, NULL},
  };
  check_error_in("import\n \"secret\"", files, ICWS_ERR_SYSTEM, 2, 2,
                 "line 2, column 2: cannot import secret: permission denied");
  check_error_in("import \"missing\"", files, ICWS_ERR_INVALID_ARGUMENT, 1, 8,
                 "line 1, column 8: cannot import missing: an argument is not allowed here");
  check_error_in("import \"broken\"", files, ICWS_ERR_CANDID, 1, 8,
                 "broken: line 2, column 14: expected a type, found ';'");
  check_error_in("type A = nat; import \"outer\"", files, ICWS_ERR_CANDID, 1, 22,
                 "broken: line 2, column 14: expected a type, found ';'");
  check_error_in("import \"outer secret\"", files, ICWS_ERR_SYSTEM, 1, 8,
                 "outer secret: line 2, column 10: cannot import secret: permission denied");
  /* What is imported must not refer to who imports it. */
  check_error_in("type Main = nat; import \"strange\"", files, ICWS_ERR_CANDID, 1, 25,
                 "strange: line 1, column 10: the type Main is not defined");
  check_error_in("type Main = nat; import \"twice\"", files, ICWS_ERR_CANDID, 1, 6,
                 "line 1, column 6: the type Main is defined twice");
}

static void files_must_not_import_each_other(void **state)
{
  (void)state;
  static const struct source files[] = {
      {"self", "import \"self\""},
      {"a", "import \"b\""},
      {"b", "type B = nat; import \"a\""},
      {NULL, NULL},
  };
  check_error_in("import \"self\"", files, ICWS_ERR_CANDID, 1, 8,
                 "self: line 1, column 8: cannot import self: it imports this file");
  check_error_in("import \"a\"", files, ICWS_ERR_CANDID, 1, 8,
                 "b: line 1, column 22: cannot import a: it imports this file");
}

/* Imports one file that imports another, |depth| times. */
static enum icws_error read_chain(struct icws_bytes name, struct icws_buf *text, void *user_data,
                                  struct icws_failure *failure)
{
  (void)failure;
  size_t *depth = user_data;
  if (--*depth == 0)
    return ICWS_OK;
  icws_buf_put(text, "import \"", 8);
  icws_buf_put(text, name.data, name.len);
  icws_buf_put(text, "x\"", 2);
  return ICWS_OK;
}

static void the_depth_of_imports_is_bounded(void **state)
{
  (void)state;
  for (size_t extra = 0; extra <= 1; extra++) {
    struct icws_candid_types *types;
    struct icws_candid_interface interface;
    struct icws_failure failure = {.text = ""};
    size_t depth = ICWS_CANDID_IMPORT_DEPTH + extra;
    assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
    assert_int_equal(icws_candid_interface_parse(icws_bytes_text("import \"x\""), types, read_chain,
                                                 &depth, &interface, NULL, &failure),
                     extra == 0 ? ICWS_OK : ICWS_ERR_LIMIT);
    assert_string_equal(failure.text,
                        extra == 0 ? ""
                                   : "xxxxxxxxxxxxxxxx: line 1, column 8: cannot import "
                                     "xxxxxxxxxxxxxxxxx: files import each other too deeply");
    icws_candid_types_del(types);
  }
}

/* --- The message type -------------------------------------------------------------------------- */

static void check_no_message_type(const char *text, const char *expected)
{
  struct parsed parsed;
  struct icws_failure failure = {.text = ""};
  int type = 77;
  parse_files(&parsed, text, NULL);
  assert_int_equal(icws_candid_interface_message_type(&parsed.interface, &type, &failure),
                   ICWS_ERR_CANDID);
  assert_string_equal(failure.text, expected);
  assert_int_equal(type, 77);
  icws_candid_types_del(parsed.types);
}

static void the_message_type_is_that_of_ws_message(void **state)
{
  (void)state;
  static const char no_opt[] =
      "the second argument of ws_message is no opt: it would say what messages are";
  struct parsed parsed;
  int type = 77;
  parse_files(&parsed,
              "type M = opt text; service : { ws_message : (record {}, M, opt nat) -> () }", NULL);
  assert_int_equal(icws_candid_interface_message_type(&parsed.interface, &type, NULL), ICWS_OK);
  assert_int_equal(type, ICWS_CANDID_TEXT);
  icws_candid_types_del(parsed.types);
  check_no_message_type("type M = nat;", "the interface has no service");
  check_no_message_type("service : { ws_messages : (nat, opt nat) -> () }",
                        "the service has no method ws_message");
  check_no_message_type("service : { ws_message : (opt nat) -> () }", no_opt);
  check_no_message_type("service : { ws_message : (opt nat, nat) -> () }", no_opt);
  check_no_message_type("service : { ws_message : (opt nat, vec nat) -> () }", no_opt);
}

static void without_a_service_there_are_no_methods(void **state)
{
  (void)state;
  struct parsed parsed;
  int func;
  parse_files(&parsed, "type S = service { f : () -> () };", NULL);
  assert_false(icws_candid_interface_method(&parsed.interface, icws_bytes_text("f"), &func));
  icws_candid_types_del(parsed.types);
}

static void shared_canister(void **state)
{
  (void)state;
  static const char *const methods[] = {"ws_open", "ws_close", "ws_message", "ws_get_messages"};
  struct vectors_blob did = vectors_shared_file("../canister.did");
  struct parsed parsed;
  struct parsed again;
  struct icws_buf out;
  int type;
  parse_bytes(&parsed, vectors_bytes(&did), NULL);
  assert_int_equal(icws_candid_types_definition_count(parsed.types), 6);
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
    assert_true(
        icws_candid_interface_method(&parsed.interface, icws_bytes_text(methods[i]), &type));
  assert_int_equal(icws_candid_interface_message_type(&parsed.interface, &type, NULL), ICWS_OK);
  assert_int_equal(type, find(&parsed, "AppMessage"));

  print(&parsed, &out);
  parse_bytes(&again, icws_buf_bytes(&out), NULL);
  int before = parsed.interface.service;
  int after = again.interface.service;
  assert_int_equal(icws_candid_subtype(parsed.types, before, again.types, after, NULL, NULL),
                   ICWS_OK);
  assert_int_equal(icws_candid_subtype(again.types, after, parsed.types, before, NULL, NULL),
                   ICWS_OK);
  icws_buf_put_u8(&out, 0);
  check_printed(&again, (const char *)out.data);
  icws_buf_wipe(&out);
  icws_candid_types_del(again.types);
  icws_candid_types_del(parsed.types);
  free(did.data);
}

/* --- Memory ------------------------------------------------------------------------------------ */

static enum icws_error parse_with(const struct mem_probe *probe)
{
  static const struct source files[] = {{"a", "type A = record { \"\\n\" : nat; B };type B = text"},
                                        {NULL, NULL}};
  static const char text[] =
      "import \"a\"; type C = variant { x : A; y }; type D = C; service : (a : nat) -> { f : () -> "
      "(D) query; g : (vec B) -> () }";
  struct sources sources = {.files = files, .reads = 0};
  struct icws_candid_types *types;
  struct icws_candid_interface interface;
  struct icws_failure failure = {.code = ICWS_OK};
  enum icws_error error = icws_candid_types_new(&probe->mem, &types);
  if (error != ICWS_OK)
    return error;
  error = icws_candid_interface_parse(icws_bytes_text(text), types, read_source, &sources,
                                      &interface, NULL, &failure);
  assert_int_equal(failure.code, error);
  if (error == ICWS_OK) {
    struct icws_buf out;
    icws_buf_init(&out, 0, &probe->mem);
    error = icws_candid_interface_print(&interface, &out);
    icws_buf_wipe(&out);
  }
  icws_candid_types_del(types);
  return error;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct mem_probe probe;
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t failures;
  for (failures = 0; error != ICWS_OK; failures++) {
    mem_probe_init(&probe);
    probe.fail_from = failures;
    error = parse_with(&probe);
    assert_int_equal(probe.live, 0);
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
  }
  assert_true(failures > 8);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_interface_may_be_empty),
      cmocka_unit_test(definitions_may_come_in_any_order),
      cmocka_unit_test(definitions_are_printed_as_they_came),
      cmocka_unit_test(a_definition_must_mean_something),
      cmocka_unit_test(what_is_no_definition_is_refused),
      cmocka_unit_test(a_long_chain_of_names_is_followed),
      cmocka_unit_test(services_have_methods),
      cmocka_unit_test(services_may_be_given_by_name),
      cmocka_unit_test(services_may_have_a_constructor),
      cmocka_unit_test(what_is_no_service_is_refused),
      cmocka_unit_test(methods_may_have_types_that_come_later),
      cmocka_unit_test(places_count_characters),
      cmocka_unit_test(imported_types_come_first),
      cmocka_unit_test(imports_are_seen_from_their_file),
      cmocka_unit_test(imports_that_name_no_file),
      cmocka_unit_test(the_semicolon_before_a_service_may_be_left_out),
      cmocka_unit_test(imports_need_a_reader),
      cmocka_unit_test(what_cannot_be_imported_is_named),
      cmocka_unit_test(files_must_not_import_each_other),
      cmocka_unit_test(the_depth_of_imports_is_bounded),
      cmocka_unit_test(the_message_type_is_that_of_ws_message),
      cmocka_unit_test(without_a_service_there_are_no_methods),
      cmocka_unit_test(shared_canister),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "icws/bind/bind.h"
#include "mem_probe.h"

/* What is made of an interface.  That it compiles, and works, tests/integration/test_bound.c shows. */

/* --- A small interface, to the letter ---------------------------------------------------------- */

static const char item_did[] = "type Item = record { id : nat; next : opt Item };";

/* After the comment that is at the top of all headers. */
static const char item_header[] =
    "#ifndef SHOP_H\n"
    "#define SHOP_H\n"
    "\n"
    "#include <stdbool.h>\n"
    "#include <stddef.h>\n"
    "#include <stdint.h>\n"
    "\n"
    "#include <icws/arena.h>\n"
    "#include <icws/bytes.h>\n"
    "#include <icws/candid.h>\n"
    "#include <icws/error.h>\n"
    "#include <icws/principal.h>\n"
    "\n"
    "ICWS_BEGIN_DECLS\n"
    "\n"
    "/* Item */\n"
    "struct shop_item {\n"
    "  struct icws_candid_nat id;\n"
    "  const struct shop_item *next;\n"
    "};\n"
    "\n"
    "ICWS_NODISCARD enum icws_error shop_item_encode(const struct shop_item *value,\n"
    "                                                struct icws_buf *out);\n"
    "ICWS_NODISCARD enum icws_error shop_item_decode(struct icws_bytes message, struct icws_arena "
    "*arena,\n"
    "                                                struct shop_item *value,\n"
    "                                                struct icws_failure *failure);\n"
    "\n"
    "ICWS_END_DECLS\n"
    "\n"
    "#endif\n";

static const char item_source[] =
    "/* Made by icws candid bind: change the .did file and not this one. */\n"
    "#include \"shop.h\"\n"
    "\n"
    "#include <icws/candid_value.h>\n"
    "\n"
    "/* The names of fields, which messages have as numbers: to tell errors by. */\n"
    "static const struct icws_candid_name names[] = {\n"
    "    {23515U, \"id\"},\n"
    "    {1224901875U, \"next\"},\n"
    "};\n"
    "\n"
    "static const uint8_t header_of_item[] = {\n"
    "    0x44, 0x49, 0x44, 0x4c, 0x02, 0x6c, 0x02, 0xdb, 0xb7, 0x01, 0x7d, 0xf3, 0x89, 0x8a, 0xc8, "
    "0x04,\n"
    "    0x01, 0x6e, 0x00, 0x01, 0x00,\n"
    "};\n"
    "\n"
    "static const struct icws_candid_signature signature_of_item = {\n"
    "    .header = header_of_item,\n"
    "    .header_len = sizeof(header_of_item),\n"
    "    .names = names,\n"
    "    .name_count = sizeof(names) / sizeof(names[0]),\n"
    "};\n"
    "\n"
    "static void put_item(struct icws_candid_writer *writer, const struct shop_item *value,\n"
    "                     unsigned depth);\n"
    "\n"
    "static void put_item(struct icws_candid_writer *writer, const struct shop_item *value,\n"
    "                     unsigned depth)\n"
    "{\n"
    "  if (depth + 1 >= ICWS_CANDID_MAX_DEPTH) {\n"
    "    icws_buf_fail(writer->out, ICWS_ERR_LIMIT);\n"
    "    return;\n"
    "  }\n"
    "  icws_candid_put_big_nat(writer, &value->id);\n"
    "  icws_candid_put_present(writer, value->next != NULL);\n"
    "  if (value->next != NULL)\n"
    "    put_item(writer, value->next, depth + 2);\n"
    "}\n"
    "\n"
    "static void get_item(const struct icws_candid_value *value, struct icws_arena *arena,\n"
    "                     struct shop_item *out);\n"
    "\n"
    "static void get_item(const struct icws_candid_value *value, struct icws_arena *arena,\n"
    "                     struct shop_item *out)\n"
    "{\n"
    "  const struct icws_candid_value *fields = value->as.items;\n"
    "  out->id = icws_candid_value_nat(&fields[0]);\n"
    "  out->next = NULL;\n"
    "  if (fields[1].as.items != NULL) {\n"
    "    struct shop_item *some = icws_arena_alloc(arena, sizeof(*some));\n"
    "    if (some != NULL)\n"
    "      get_item(&fields[1].as.items[0], arena, some);\n"
    "    out->next = some;\n"
    "  }\n"
    "}\n"
    "\n"
    "static enum icws_error check_memory(const struct icws_arena *arena,\n"
    "                                    struct icws_failure *failure)\n"
    "{\n"
    "  enum icws_error error = icws_arena_error(arena);\n"
    "  if (error != ICWS_OK)\n"
    "    return icws_fail(failure, error, \"the values: %s\", icws_strerror(error));\n"
    "  return ICWS_OK;\n"
    "}\n"
    "\n"
    "enum icws_error shop_item_encode(const struct shop_item *value, struct icws_buf *out)\n"
    "{\n"
    "  struct icws_candid_writer writer;\n"
    "  icws_candid_begin(&writer, &signature_of_item, out);\n"
    "  put_item(&writer, value, 0);\n"
    "  return icws_buf_error(out);\n"
    "}\n"
    "\n"
    "enum icws_error shop_item_decode(struct icws_bytes message, struct icws_arena *arena,\n"
    "                                 struct shop_item *value, struct icws_failure *failure)\n"
    "{\n"
    "  const struct icws_candid_value *values;\n"
    "  enum icws_error error = icws_candid_decode_as(message, &signature_of_item, arena, &values,\n"
    "                                                failure);\n"
    "  if (error != ICWS_OK)\n"
    "    return error;\n"
    "  get_item(&values[0], arena, value);\n"
    "  return check_memory(arena, failure);\n"
    "}\n";

struct bound {
  struct icws_candid_types *types;
  struct icws_candid_interface interface;
  struct icws_buf header;
  struct icws_buf source;
  struct icws_failure failure;
};

static void parse(struct bound *bound, const char *did, const struct icws_mem *mem)
{
  struct icws_failure failure;
  assert_int_equal(icws_candid_types_new(NULL, &bound->types), ICWS_OK);
  if (icws_candid_interface_parse(icws_bytes_text(did), bound->types, NULL, NULL, &bound->interface,
                                  NULL, &failure) != ICWS_OK)
    fail_msg("%s", failure.text);
  icws_buf_init(&bound->header, 0, mem);
  icws_buf_init(&bound->source, 0, mem);
  bound->failure = (struct icws_failure){.code = ICWS_OK};
}

static enum icws_error bind_as(struct bound *bound, const char *prefix)
{
  return icws_bind(&bound->interface, prefix, &bound->header, &bound->source, &bound->failure);
}

static void wipe(struct bound *bound)
{
  icws_buf_wipe(&bound->header);
  icws_buf_wipe(&bound->source);
  icws_candid_types_del(bound->types);
}

static const char *text_of(struct icws_buf *buf)
{
  icws_buf_put_u8(buf, 0);
  assert_int_equal(icws_buf_error(buf), ICWS_OK);
  return (const char *)buf->data;
}

static void test_small(void **state)
{
  (void)state;
  struct bound bound;
  parse(&bound, item_did, NULL);
  assert_int_equal(bind_as(&bound, "shop"), ICWS_OK);
  const char *header = text_of(&bound.header);
  assert_int_equal(strncmp(header, "/*\n * Types and methods", 22), 0);
  const char *code = strstr(header, "*/\n");
  assert_non_null(code);
  assert_string_equal(code + 3, item_header);
  assert_string_equal(text_of(&bound.source), item_source);
  wipe(&bound);
}

/* --- Parts of others --------------------------------------------------------------------------- */

/* Whether |part| is in the header that is made of |did|. */
static void check_header(const char *did, const char *part)
{
  struct bound bound;
  parse(&bound, did, NULL);
  assert_int_equal(bind_as(&bound, "x"), ICWS_OK);
  const char *header = text_of(&bound.header);
  if (strstr(header, part) == NULL)
    fail_msg("%s\nis not in\n%s", part, header);
  wipe(&bound);
}

static void test_names(void **state)
{
  (void)state;
  check_header("type a = record { int : nat8; \"b c\" : nat8; 7 : nat8 };",
               "struct x_a {\n  uint8_t _7;\n  uint8_t b_c;\n  uint8_t int_;\n};\n");
  check_header("type A = record { nat8 }; type a = record { int8 };",
               "struct x_a_2 {\n  int8_t _0;");
  check_header("type a = record { b : record { nat8 } }; type a_b = record { int8 };",
               "struct x_a_b_2 {\n  uint8_t _0;");
  check_header("type a = variant { b_c }; type a_b = variant { c };", "  X_A_B_C_2,\n");
  check_header("type a = variant { b }; type a_tag = vec text;",
               "enum x_a_tag_2 {\n  X_A_B,\n};\n");
  check_header("type L = opt record { L };", "struct x_l {\n  const struct x_l *_0;\n};\n");
  check_header("service : { f : (n : nat8, nat16) -> (bool) }",
               "struct x_f_args {\n  uint8_t n;\n  uint16_t arg1;\n};\n\n"
               "struct x_f_results {\n  bool result0;\n};\n");
}

static void test_types(void **state)
{
  (void)state;
  check_header("type a = record { opt opt text };", "  const struct icws_bytes *const *_0;\n");
  check_header("type a = record { opt null };", "  bool _0;\n");
  check_header("type a = vec null;", "struct x_a {\n  size_t count;\n};\n");
  check_header("type a = vec opt nat8;", "  const uint8_t *const *items;\n");
  check_header("type a = variant { b : a; c };", "    const struct x_a *b;\n");
  check_header("type a = record { nat8; null; reserved; record {} };",
               "struct x_a {\n  uint8_t _0;\n};\n");
  check_header("type a = record { func () -> (); service {} };",
               "  struct icws_candid_method _0;\n  struct icws_principal _1;\n");
}

/* No name gets out of the place where it stands. */
static void test_hostile_names(void **state)
{
  (void)state;
  static const char did[] =
      "type a = record { \"*/ int x; /*\" : nat8; \"\\\"; int y; \\\\\\n\" : nat8 };"
      "service : { \"*/ int z; /*\" : (\"*/ int w; /*\" : nat8) -> () }";
  struct bound bound;
  parse(&bound, did, NULL);
  assert_int_equal(bind_as(&bound, "x"), ICWS_OK);
  for (const char *at = text_of(&bound.header); *at != '\0'; at++)
    assert_false(strncmp(at, "int x;", 6) == 0 || strncmp(at, "int z;", 6) == 0);
  const char *source = text_of(&bound.source);
  assert_non_null(strstr(source, ", \"\\052\\057 int x\\073 \\057\\052\"},\n"));
  assert_non_null(strstr(source, ", \"\\042\\073 int y\\073 \\134\\012\"},\n"));
  wipe(&bound);
}

/* --- Failures ---------------------------------------------------------------------------------- */

static void test_prefixes(void **state)
{
  (void)state;
  static const char *const wrong[] = {"",    "1a",       "_a",   "A",     "a-b",
                                      "a b", "\xc3\xa4", "icws", "icws_a"};
  static const char *const right[] = {"a", "a_1", "icws2"};
  struct bound bound;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    parse(&bound, item_did, NULL);
    assert_int_equal(bind_as(&bound, wrong[i]), ICWS_ERR_INVALID_ARGUMENT);
    assert_int_equal(bound.failure.code, ICWS_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(bound.failure.text, "begins no names"));
    assert_int_equal(bound.header.len + bound.source.len, 0);
    wipe(&bound);
  }
  for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
    parse(&bound, item_did, NULL);
    assert_int_equal(bind_as(&bound, right[i]), ICWS_OK);
    wipe(&bound);
  }
}

/* Appends to |did| |count| records, each of which holds the next one; the last holds |end|. */
static void put_chain(char *did, size_t size, unsigned count, const char *end)
{
  size_t len = 0;
  for (unsigned i = 0; i < count; i++)
    len += (size_t)snprintf(did + len, size - len, "type T%u = record { T%u };\n", i, i + 1);
  (void)snprintf(did + len, size - len, "type T%u = record { %s };", count, end);
}

static void test_depth(void **state)
{
  (void)state;
  static char did[ICWS_CANDID_MAX_DEPTH * 64];
  static const char *const ends[] = {"nat", "null"};
  struct bound bound;
  for (unsigned i = 0; i < 4; i++) {
    bool is_too_deep = i % 2 == 1;
    put_chain(did, sizeof did, ICWS_CANDID_MAX_DEPTH - (is_too_deep ? 0 : 1), ends[i / 2]);
    parse(&bound, did, NULL);
    assert_int_equal(bind_as(&bound, "a"), is_too_deep ? ICWS_ERR_LIMIT : ICWS_OK);
    assert_int_equal(bound.failure.code, is_too_deep ? ICWS_ERR_LIMIT : ICWS_OK);
    wipe(&bound);
  }
}

static void test_arguments(void **state)
{
  (void)state;
  for (size_t count = ICWS_CANDID_MAX_ARGS; count <= ICWS_CANDID_MAX_ARGS + 1; count++) {
    char did[1024] = "service : { f : (nat";
    struct bound bound;
    for (size_t i = 1; i < count; i++)
      strcat(did, ", nat");
    strcat(did, ") -> () }");
    parse(&bound, did, NULL);
    assert_int_equal(bind_as(&bound, "a"),
                     count == ICWS_CANDID_MAX_ARGS ? ICWS_OK : ICWS_ERR_LIMIT);
    wipe(&bound);
  }
}

/* Each allocation for the output fails once, then the output's limit. */
static void test_memory(void **state)
{
  (void)state;
  enum icws_error error = ICWS_ERR_NOMEM;
  struct mem_probe probe;
  struct bound bound;
  size_t failed = 0;
  for (; error != ICWS_OK; failed++) {
    mem_probe_init(&probe);
    probe.fail_from = failed;
    parse(&bound, item_did, &probe.mem);
    error = bind_as(&bound, "a");
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(bound.failure.code, error);
    wipe(&bound);
    assert_int_equal(probe.live, 0);
  }
  assert_in_range(failed, 5, 10000);
  parse(&bound, item_did, NULL);
  bound.source.max = 100;
  assert_int_equal(bind_as(&bound, "a"), ICWS_ERR_LIMIT);
  wipe(&bound);
}

/* The same for what is known of the types, which the table's allocator gives. */
static void test_memory_of_the_plan(void **state)
{
  (void)state;
  enum icws_error error = ICWS_ERR_NOMEM;
  struct bound bound;
  struct mem_probe probe;
  size_t allocations = 0;
  for (size_t failed = 0; error != ICWS_OK; failed++) {
    mem_probe_init(&probe);
    icws_buf_init(&bound.header, 0, NULL);
    icws_buf_init(&bound.source, 0, NULL);
    bound.failure = (struct icws_failure){.code = ICWS_OK};
    assert_int_equal(icws_candid_types_new(&probe.mem, &bound.types), ICWS_OK);
    assert_int_equal(icws_candid_interface_parse(icws_bytes_text(item_did), bound.types, NULL, NULL,
                                                 &bound.interface, NULL, NULL),
                     ICWS_OK);
    allocations = probe.allocations;
    probe.fail_from = allocations + failed;
    error = bind_as(&bound, "a");
    assert_int_equal(error, probe.allocations > probe.fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
    assert_int_equal(bound.failure.code, error);
    wipe(&bound);
    assert_int_equal(probe.live, 0);
  }
  assert_true(probe.allocations > allocations);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_small),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_types),
      cmocka_unit_test(test_hostile_names),
      cmocka_unit_test(test_prefixes),
      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_arguments),
      cmocka_unit_test(test_memory),
      cmocka_unit_test(test_memory_of_the_plan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

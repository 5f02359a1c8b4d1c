/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_types.h>

#include "mem_probe.h"

static struct icws_candid_types *new_types(void)
{
  struct icws_candid_types *types = NULL;
  assert_int_equal(icws_candid_types_new(NULL, &types), ICWS_OK);
  return types;
}

/* The sticky error of the table, which is deleted. */
static void close_types(struct icws_candid_types *types, enum icws_error expected)
{
  assert_int_equal(icws_candid_types_error(types), expected);
  icws_candid_types_del(types);
}

static struct icws_candid_field_type field(uint32_t id, int type, const char *name)
{
  return (struct icws_candid_field_type){.id = id,
                                         .type = type,
                                         .name = name != NULL ? icws_bytes_text(name)
                                                              : icws_bytes_of(NULL, 0)};
}

static int add_fields(struct icws_candid_types *types, int constructor,
                      const struct icws_candid_field_type *fields, size_t count)
{
  const struct icws_candid_type type = {
      .constructor = constructor, .fields = fields, .field_count = count};
  return icws_candid_types_add(types, &type);
}

static void check_name(struct icws_bytes name, const char *expected)
{
  assert_non_null(name.data);
  assert_true(icws_bytes_equal(name, icws_bytes_text(expected)));
}

/* --- Each kind --------------------------------------------------------------------------------- */

static void an_empty_table(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int found = 7;
  assert_int_equal(icws_candid_types_count(types), 0);
  assert_int_equal(icws_candid_types_definition_count(types), 0);
  assert_false(icws_candid_types_find(types, icws_bytes_text("T"), &found));
  assert_int_equal(found, 7);
  assert_ptr_equal(icws_candid_types_mem(types), icws_mem_default());
  close_types(types, ICWS_OK);
  icws_candid_types_del(NULL);
}

static void opts_and_vecs(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_TEXT), 0);
  assert_int_equal(icws_candid_types_vec(types, 0), 1);
  assert_int_equal(icws_candid_types_vec(types, ICWS_CANDID_NAT8), 2);
  assert_int_equal(icws_candid_types_count(types), 3);
  const struct icws_candid_type *vec = icws_candid_types_get(types, 1);
  assert_int_equal(vec->constructor, ICWS_CANDID_VEC);
  assert_int_equal(vec->item, 0);
  assert_int_equal(vec->field_count, 0);
  assert_null(vec->name.data);
  assert_int_equal(icws_candid_types_get(types, 0)->item, ICWS_CANDID_TEXT);
  assert_int_equal(icws_candid_types_constructor(types, 0), ICWS_CANDID_OPT);
  assert_int_equal(icws_candid_types_constructor(types, ICWS_CANDID_TEXT), ICWS_CANDID_TEXT);
  assert_true(icws_candid_types_is_blob(types, 2));
  assert_false(icws_candid_types_is_blob(types, 1));
  assert_false(icws_candid_types_is_blob(types, 0));
  assert_false(icws_candid_types_is_blob(types, ICWS_CANDID_NAT8));
  assert_true(icws_candid_types_is_optional(types, 0));
  assert_true(icws_candid_types_is_optional(types, ICWS_CANDID_NULL));
  assert_true(icws_candid_types_is_optional(types, ICWS_CANDID_RESERVED));
  assert_false(icws_candid_types_is_optional(types, 1));
  assert_false(icws_candid_types_is_optional(types, ICWS_CANDID_EMPTY));
  close_types(types, ICWS_OK);
}

static void fields_are_sorted_and_copied(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  char name[] = "seven";
  struct icws_candid_field_type fields[] = {
      field(UINT32_MAX, ICWS_CANDID_NAT, NULL),
      field(7, ICWS_CANDID_TEXT, name),
      field(0, ICWS_CANDID_BOOL, ""),
      field(8, ICWS_CANDID_INT, "eight"),
  };
  int type = add_fields(types, ICWS_CANDID_RECORD, fields, 4);
  memset(name, 'x', sizeof(name) - 1);
  memset(fields, 0, sizeof(fields));
  const struct icws_candid_type *record = icws_candid_types_get(types, type);
  static const uint32_t ids[] = {0, 7, 8, UINT32_MAX};
  static const int parts[] = {ICWS_CANDID_BOOL, ICWS_CANDID_TEXT, ICWS_CANDID_INT, ICWS_CANDID_NAT};
  assert_int_equal(record->field_count, 4);
  for (size_t i = 0; i < 4; i++) {
    size_t index = 99;
    assert_int_equal(record->fields[i].id, ids[i]);
    assert_int_equal(record->fields[i].type, parts[i]);
    assert_ptr_equal(icws_candid_type_field(record, ids[i], &index), &record->fields[i]);
    assert_int_equal(index, i);
  }
  check_name(record->fields[0].name, "");
  check_name(record->fields[1].name, "seven");
  check_name(record->fields[2].name, "eight");
  assert_null(record->fields[3].name.data);
  static const uint32_t missing[] = {1, 6, 9, UINT32_MAX - 1};
  for (size_t i = 0; i < 4; i++)
    assert_null(icws_candid_type_field(record, missing[i], NULL));
  close_types(types, ICWS_OK);
}

static void tuples_count_from_zero(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  const struct icws_candid_field_type pair[] = {field(1, ICWS_CANDID_NAT, NULL),
                                                field(0, ICWS_CANDID_NAT, NULL)};
  const struct icws_candid_field_type gap[] = {field(0, ICWS_CANDID_NAT, NULL),
                                               field(2, ICWS_CANDID_NAT, NULL)};
  int tuple = add_fields(types, ICWS_CANDID_RECORD, pair, 2);
  int record = add_fields(types, ICWS_CANDID_RECORD, gap, 2);
  int from_one = add_fields(types, ICWS_CANDID_RECORD, pair, 1);
  int unit = add_fields(types, ICWS_CANDID_RECORD, NULL, 0);
  int variant = add_fields(types, ICWS_CANDID_VARIANT, pair, 2);
  assert_true(icws_candid_type_is_tuple(icws_candid_types_get(types, tuple)));
  assert_false(icws_candid_type_is_tuple(icws_candid_types_get(types, record)));
  assert_false(icws_candid_type_is_tuple(icws_candid_types_get(types, from_one)));
  assert_false(icws_candid_type_is_tuple(icws_candid_types_get(types, unit)));
  assert_false(icws_candid_type_is_tuple(icws_candid_types_get(types, variant)));
  assert_null(icws_candid_type_field(icws_candid_types_get(types, unit), 0, NULL));
  close_types(types, ICWS_OK);
}

static void functions_keep_their_order(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  const struct icws_candid_field_type args[] = {field(7, ICWS_CANDID_TEXT, "b"),
                                                field(7, ICWS_CANDID_NAT, "a")};
  const struct icws_candid_field_type results[] = {field(7, ICWS_CANDID_BOOL, NULL)};
  const struct icws_candid_type func = {
      .constructor = ICWS_CANDID_FUNC,
      .fields = args,
      .field_count = 2,
      .results = results,
      .result_count = 1,
      .annotations = ICWS_CANDID_QUERY | ICWS_CANDID_ONEWAY,
  };
  const struct icws_candid_type *copy =
      icws_candid_types_get(types, icws_candid_types_add(types, &func));
  assert_int_equal(copy->field_count, 2);
  check_name(copy->fields[0].name, "b");
  check_name(copy->fields[1].name, "a");
  assert_int_equal(copy->fields[0].id, 0);
  assert_int_equal(copy->fields[1].id, 1);
  assert_int_equal(copy->results[0].id, 0);
  assert_int_equal(copy->fields[0].type, ICWS_CANDID_TEXT);
  assert_int_equal(copy->result_count, 1);
  assert_int_equal(copy->results[0].type, ICWS_CANDID_BOOL);
  assert_int_equal(copy->annotations, ICWS_CANDID_QUERY | ICWS_CANDID_ONEWAY);
  close_types(types, ICWS_OK);
}

static void methods_are_sorted_bytewise(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int func =
      icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_FUNC});
  static const char *const names[] = {"b", "a\xc3\xa9", "", "ab", "a", "B"};
  static const char *const sorted[] = {"", "B", "a", "ab", "a\xc3\xa9", "b"};
  struct icws_candid_method_type methods[6];
  for (size_t i = 0; i < 6; i++)
    methods[i] = (struct icws_candid_method_type){.name = icws_bytes_text(names[i]), .type = func};
  const struct icws_candid_type service = {
      .constructor = ICWS_CANDID_SERVICE, .methods = methods, .method_count = 6};
  int type = icws_candid_types_add(types, &service);
  const struct icws_candid_type *copy = icws_candid_types_get(types, type);
  assert_int_equal(copy->method_count, 6);
  for (size_t i = 0; i < 6; i++) {
    check_name(copy->methods[i].name, sorted[i]);
    assert_int_equal(copy->methods[i].type, func);
  }
  close_types(types, ICWS_OK);
}

/* --- Reserving --------------------------------------------------------------------------------- */

static void a_type_may_hold_itself(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int list = icws_candid_types_reserve(types);
  assert_int_equal(icws_candid_types_constructor(types, list), ICWS_CANDID_RECORD);
  assert_int_equal(icws_candid_types_get(types, list)->field_count, 0);
  icws_candid_types_define(types, icws_bytes_text("List"), list);
  const struct icws_candid_type *before = icws_candid_types_get(types, list);
  const struct icws_candid_field_type fields[] = {field(0, ICWS_CANDID_NAT, NULL),
                                                  field(1, list, NULL)};
  int node = add_fields(types, ICWS_CANDID_RECORD, fields, 2);
  icws_candid_types_set(types, list,
                        &(struct icws_candid_type){.constructor = ICWS_CANDID_OPT, .item = node});
  assert_ptr_equal(icws_candid_types_get(types, list), before); /* what was got stays valid */
  assert_int_equal(before->constructor, ICWS_CANDID_OPT);
  assert_int_equal(before->item, node);
  check_name(before->name, "List"); /* setting it does not take its name */
  close_types(types, ICWS_OK);
}

static void pointers_stay_valid(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  const struct icws_candid_type *first =
      icws_candid_types_get(types, icws_candid_types_opt(types, ICWS_CANDID_NAT));
  icws_candid_types_define(types, icws_bytes_text("first"), 0);
  const struct icws_candid_definition *definition = icws_candid_types_definition(types, 0);
  for (int i = 1; i < 1000; i++) {
    char name[16];
    (void)snprintf(name, sizeof(name), "T%d", i);
    assert_int_equal(icws_candid_types_vec(types, i - 1), i);
    icws_candid_types_define(types, icws_bytes_text(name), i);
  }
  assert_ptr_equal(icws_candid_types_get(types, 0), first);
  assert_ptr_equal(icws_candid_types_definition(types, 0), definition);
  check_name(first->name, "first");
  close_types(types, ICWS_OK);
}

/* --- Definitions ------------------------------------------------------------------------------- */

static void definitions_keep_their_order(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int opt = icws_candid_types_opt(types, ICWS_CANDID_NAT);
  static const char *const names[] = {"m", "a", "z", "b", "y", "", "mm"};
  char name[4];
  for (size_t i = 0; i < 7; i++) {
    (void)snprintf(name, sizeof(name), "%s", names[i]);
    icws_candid_types_define(types, icws_bytes_text(name), i % 2 == 0 ? opt : ICWS_CANDID_TEXT);
  }
  assert_int_equal(icws_candid_types_definition_count(types), 7);
  for (size_t i = 0; i < 7; i++) {
    const struct icws_candid_definition *definition = icws_candid_types_definition(types, i);
    int type = 99;
    check_name(definition->name, names[i]);
    assert_int_equal(definition->type, i % 2 == 0 ? opt : ICWS_CANDID_TEXT);
    assert_true(icws_candid_types_find(types, icws_bytes_text(names[i]), &type));
    assert_int_equal(type, definition->type);
  }
  static const char *const missing[] = {"A", "ab", "c", "n", "zz", "mmm"};
  for (size_t i = 0; i < 6; i++) {
    int type;
    assert_false(icws_candid_types_find(types, icws_bytes_text(missing[i]), &type));
  }
  check_name(icws_candid_types_get(types, opt)->name, "m"); /* the first */
  close_types(types, ICWS_OK);
}

static void a_name_is_defined_once(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type = 99;
  icws_candid_types_define(types, icws_bytes_text("T"), ICWS_CANDID_NAT);
  icws_candid_types_define(types, icws_bytes_text("T"), ICWS_CANDID_NAT);
  assert_int_equal(icws_candid_types_definition_count(types), 1);
  assert_true(icws_candid_types_find(types, icws_bytes_text("T"), &type));
  assert_int_equal(type, ICWS_CANDID_NAT);
  close_types(types, ICWS_ERR_CANDID);
}

/* --- What is refused --------------------------------------------------------------------------- */

static const int unknown_types[] = {0,   1,   INT32_MAX, -18, -19,  -20,
                                    -21, -22, -23,       -25, -100, INT32_MIN};

static void unknown_parts_are_refused(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(unknown_types) / sizeof(unknown_types[0]); i++) {
    int unknown = unknown_types[i];
    const struct icws_candid_field_type fields[] = {field(0, unknown, NULL)};
    const struct icws_candid_method_type methods[] = {
        {.name = icws_bytes_text("m"), .type = unknown}};
    const struct icws_candid_type kinds[] = {
        {.constructor = ICWS_CANDID_OPT, .item = unknown},
        {.constructor = ICWS_CANDID_VEC, .item = unknown},
        {.constructor = ICWS_CANDID_RECORD, .fields = fields, .field_count = 1},
        {.constructor = ICWS_CANDID_VARIANT, .fields = fields, .field_count = 1},
        {.constructor = ICWS_CANDID_FUNC, .fields = fields, .field_count = 1},
        {.constructor = ICWS_CANDID_FUNC, .results = fields, .result_count = 1},
        {.constructor = ICWS_CANDID_SERVICE, .methods = methods, .method_count = 1},
    };
    for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
      struct icws_candid_types *types = new_types();
      /* A type is known to its own parts: it may be the first one, 0. */
      int added = icws_candid_types_add(types, &kinds[kind]);
      assert_int_equal(added, unknown == 0 ? 0 : ICWS_CANDID_EMPTY);
      close_types(types, unknown == 0 ? ICWS_OK : ICWS_ERR_CANDID);
    }
    struct icws_candid_types *types = new_types();
    icws_candid_types_define(types, icws_bytes_text("T"), unknown);
    assert_int_equal(icws_candid_types_definition_count(types), 0);
    close_types(types, ICWS_ERR_CANDID);
  }
}

static void a_method_is_of_no_primitive_type(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  const struct icws_candid_method_type methods[] = {
      {.name = icws_bytes_text("m"), .type = ICWS_CANDID_NAT}};
  const struct icws_candid_type service = {
      .constructor = ICWS_CANDID_SERVICE, .methods = methods, .method_count = 1};
  assert_int_equal(icws_candid_types_add(types, &service), ICWS_CANDID_EMPTY);
  close_types(types, ICWS_ERR_CANDID);
}

static void all_primitives_are_known(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  for (int type = ICWS_CANDID_NULL; type >= ICWS_CANDID_EMPTY; type--)
    assert_int_equal(icws_candid_types_opt(types, type), -1 - type);
  assert_int_equal(icws_candid_types_opt(types, ICWS_CANDID_PRINCIPAL), 17);
  close_types(types, ICWS_OK);
}

static void two_of_one_id_or_name_are_refused(void **state)
{
  (void)state;
  const struct icws_candid_field_type fields[] = {field(5, ICWS_CANDID_NAT, "a"),
                                                  field(6, ICWS_CANDID_NAT, "c"),
                                                  field(5, ICWS_CANDID_INT, "b")};
  for (int constructor = ICWS_CANDID_RECORD; constructor >= ICWS_CANDID_VARIANT; constructor--) {
    struct icws_candid_types *types = new_types();
    assert_int_equal(add_fields(types, constructor, fields, 3), ICWS_CANDID_EMPTY);
    close_types(types, ICWS_ERR_CANDID);
    types = new_types();
    assert_int_equal(add_fields(types, constructor, fields, 2), 0);
    close_types(types, ICWS_OK);
  }
  struct icws_candid_types *types = new_types();
  int func =
      icws_candid_types_add(types, &(struct icws_candid_type){.constructor = ICWS_CANDID_FUNC});
  const struct icws_candid_method_type methods[] = {{.name = icws_bytes_text("m"), .type = func},
                                                    {.name = icws_bytes_text("n"), .type = func},
                                                    {.name = icws_bytes_text("m"), .type = func}};
  struct icws_candid_type service = {
      .constructor = ICWS_CANDID_SERVICE, .methods = methods, .method_count = 2};
  assert_int_equal(icws_candid_types_add(types, &service), 1);
  service.method_count = 3;
  assert_int_equal(icws_candid_types_add(types, &service), ICWS_CANDID_EMPTY);
  close_types(types, ICWS_ERR_CANDID);
}

/* Two names that have one id. */
static void names_may_collide(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  uint32_t id = icws_candid_field_id("dnctwrq");
  assert_int_equal(icws_candid_field_id("sbusnjd"), id);
  const struct icws_candid_field_type fields[] = {field(id, ICWS_CANDID_NAT, "dnctwrq"),
                                                  field(id, ICWS_CANDID_NAT, "sbusnjd")};
  assert_int_equal(add_fields(types, ICWS_CANDID_RECORD, fields, 1), 0);
  assert_int_equal(add_fields(types, ICWS_CANDID_RECORD, fields, 2), ICWS_CANDID_EMPTY);
  close_types(types, ICWS_ERR_CANDID);
}

static void the_first_failure_sticks(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int reserved = icws_candid_types_reserve(types);
  int opt = icws_candid_types_opt(types, ICWS_CANDID_NAT);
  icws_candid_types_define(types, icws_bytes_text("T"), opt);
  assert_int_equal(icws_candid_types_vec(types, 77), ICWS_CANDID_EMPTY);
  size_t count = icws_candid_types_count(types);

  const struct icws_candid_type vec = {.constructor = ICWS_CANDID_VEC, .item = opt};
  assert_int_equal(icws_candid_types_vec(types, opt), ICWS_CANDID_EMPTY);
  assert_int_equal(icws_candid_types_opt(types, opt), ICWS_CANDID_EMPTY);
  assert_int_equal(icws_candid_types_add(types, &vec), ICWS_CANDID_EMPTY);
  assert_int_equal(icws_candid_types_reserve(types), ICWS_CANDID_EMPTY);
  icws_candid_types_set(types, reserved, &vec);
  icws_candid_types_set(types, ICWS_CANDID_EMPTY, &vec); /* what a failed reserve returned */
  icws_candid_types_define(types, icws_bytes_text("U"), opt);
  assert_int_equal(icws_candid_types_count(types), count);
  assert_int_equal(icws_candid_types_constructor(types, reserved), ICWS_CANDID_RECORD);
  assert_int_equal(icws_candid_types_definition_count(types), 1);
  close_types(types, ICWS_ERR_CANDID);
}

static void a_failed_set_changes_nothing(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  int type = icws_candid_types_opt(types, ICWS_CANDID_NAT);
  icws_candid_types_set(types, type,
                        &(struct icws_candid_type){.constructor = ICWS_CANDID_VEC, .item = 9});
  assert_int_equal(icws_candid_types_constructor(types, type), ICWS_CANDID_OPT);
  assert_int_equal(icws_candid_types_get(types, type)->item, ICWS_CANDID_NAT);
  close_types(types, ICWS_ERR_CANDID);
}

/* --- Limits ------------------------------------------------------------------------------------ */

static void the_number_of_types_is_limited(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  for (int i = 0; i < ICWS_CANDID_TYPES_MAX; i++)
    assert_int_equal(icws_candid_types_reserve(types), i);
  assert_int_equal(icws_candid_types_error(types), ICWS_OK);
  assert_int_equal(icws_candid_types_reserve(types), ICWS_CANDID_EMPTY);
  assert_int_equal(icws_candid_types_count(types), ICWS_CANDID_TYPES_MAX);
  close_types(types, ICWS_ERR_LIMIT);
}

/* In falling order, which makes the most of keeping them sorted. */
static void the_number_of_definitions_is_limited(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  char name[16];
  for (int i = ICWS_CANDID_TYPES_MAX; i >= 0; i--) {
    assert_int_equal(icws_candid_types_error(types), ICWS_OK);
    (void)snprintf(name, sizeof(name), "T%05d", i);
    icws_candid_types_define(types, icws_bytes_text(name), ICWS_CANDID_NAT);
  }
  assert_int_equal(icws_candid_types_definition_count(types), ICWS_CANDID_TYPES_MAX);
  int type;
  assert_true(icws_candid_types_find(types, icws_bytes_text("T00001"), &type));
  assert_false(icws_candid_types_find(types, icws_bytes_text("T00000"), &type));
  close_types(types, ICWS_ERR_LIMIT);
}

static void the_memory_is_limited(void **state)
{
  (void)state;
  struct icws_candid_types *types = new_types();
  size_t len = (size_t)1 << 20;
  char *text = malloc(len);
  assert_non_null(text);
  memset(text, 'n', len);
  struct icws_candid_field_type long_field = {
      .id = 0, .type = ICWS_CANDID_NAT, .name = icws_bytes_of(text, len)};
  int added = 0;
  for (int i = 0; i < 16 && added >= 0; i++)
    added = add_fields(types, ICWS_CANDID_RECORD, &long_field, 1);
  assert_int_equal(added, ICWS_CANDID_EMPTY);
  assert_int_equal(icws_candid_types_count(types), 16); /* the last one has remained empty */
  assert_int_equal(icws_candid_types_get(types, 15)->field_count, 0);
  free(text);
  close_types(types, ICWS_ERR_LIMIT);
}

/* --- Memory that fails ------------------------------------------------------------------------- */

/* Builds a table with some of everything; enough that each list grows. */
static enum icws_error build(const struct icws_mem *mem)
{
  struct icws_candid_types *types;
  enum icws_error error = icws_candid_types_new(mem, &types);
  if (error != ICWS_OK)
    return error;
  assert_ptr_equal(icws_candid_types_mem(types), mem);
  char name[600];
  memset(name, 'n', sizeof(name));
  for (size_t i = 0; i < 20; i++) {
    int func = icws_candid_types_reserve(types);
    const struct icws_candid_field_type fields[] = {
        {.id = 1, .type = func, .name = icws_bytes_of(name, 400)},
        {.id = 0, .type = ICWS_CANDID_NAT, .name = icws_bytes_of(name, 300)}};
    const struct icws_candid_method_type methods[] = {
        {.name = icws_bytes_of(name, 500), .type = func},
        {.name = icws_bytes_of(name, 450), .type = func}};
    icws_candid_types_set(types, func,
                          &(struct icws_candid_type){.constructor = ICWS_CANDID_FUNC,
                                                     .fields = fields,
                                                     .field_count = 2,
                                                     .results = fields,
                                                     .result_count = 2});
    (void)add_fields(types, ICWS_CANDID_VARIANT, fields, 2);
    (void)icws_candid_types_add(
        types, &(struct icws_candid_type){
                   .constructor = ICWS_CANDID_SERVICE, .methods = methods, .method_count = 2});
    icws_candid_types_define(types, icws_bytes_of(name, 580 + i), func);
  }
  error = icws_candid_types_error(types);
  if (error == ICWS_OK)
    assert_int_equal(icws_candid_types_count(types), 60);
  icws_candid_types_del(types);
  return error;
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  struct mem_probe probe;
  enum icws_error error = ICWS_ERR_NOMEM;
  size_t fail_from = 0;
  for (; error != ICWS_OK; fail_from++) {
    mem_probe_init(&probe);
    probe.fail_from = fail_from;
    error = build(&probe.mem);
    assert_int_equal(probe.live, 0);
    assert_int_equal(error, probe.allocations > fail_from ? ICWS_ERR_NOMEM : ICWS_OK);
  }
  assert_true(fail_from > 8); /* the table, two growths of three lists, blocks */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_table),
      cmocka_unit_test(opts_and_vecs),
      cmocka_unit_test(fields_are_sorted_and_copied),
      cmocka_unit_test(tuples_count_from_zero),
      cmocka_unit_test(functions_keep_their_order),
      cmocka_unit_test(methods_are_sorted_bytewise),
      cmocka_unit_test(a_type_may_hold_itself),
      cmocka_unit_test(pointers_stay_valid),
      cmocka_unit_test(definitions_keep_their_order),
      cmocka_unit_test(a_name_is_defined_once),
      cmocka_unit_test(unknown_parts_are_refused),
      cmocka_unit_test(a_method_is_of_no_primitive_type),
      cmocka_unit_test(all_primitives_are_known),
      cmocka_unit_test(two_of_one_id_or_name_are_refused),
      cmocka_unit_test(names_may_collide),
      cmocka_unit_test(the_first_failure_sticks),
      cmocka_unit_test(a_failed_set_changes_nothing),
      cmocka_unit_test(the_number_of_types_is_limited),
      cmocka_unit_test(the_number_of_definitions_is_limited),
      cmocka_unit_test(the_memory_is_limited),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

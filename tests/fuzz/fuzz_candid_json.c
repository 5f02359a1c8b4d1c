/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Candid values as JSON.  An input is JSON; it is read at each of some types.  What must hold of any:
 *  - a failure has a code and a text;
 *  - what was read, once it is written, is read as an equal value;
 *  - and is written on one line of text that does nothing to a terminal.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <icws/candid_json.h>
#include <icws/utf8.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ARENA_BYTES ((size_t)16 << 20)

static void must(bool condition)
{
  if (!condition)
    abort();
}

static struct icws_candid_field_type field(const char *name, int type)
{
  return (struct icws_candid_field_type){
      .id = icws_candid_field_id(name), .type = type, .name = icws_bytes_text(name)};
}

static int add(struct icws_candid_types *types, int constructor,
               const struct icws_candid_field_type *fields, size_t count)
{
  struct icws_candid_type type = {
      .constructor = constructor, .fields = fields, .field_count = count};
  return icws_candid_types_add(types, &type);
}

/* A record of a value of each primitive type. */
static int add_primitives(struct icws_candid_types *types)
{
  static const int primitives[] = {ICWS_CANDID_NULL,     ICWS_CANDID_BOOL,     ICWS_CANDID_NAT,
                                   ICWS_CANDID_INT,      ICWS_CANDID_NAT8,     ICWS_CANDID_NAT16,
                                   ICWS_CANDID_NAT32,    ICWS_CANDID_NAT64,    ICWS_CANDID_INT8,
                                   ICWS_CANDID_INT16,    ICWS_CANDID_INT32,    ICWS_CANDID_INT64,
                                   ICWS_CANDID_FLOAT32,  ICWS_CANDID_FLOAT64,  ICWS_CANDID_TEXT,
                                   ICWS_CANDID_RESERVED, ICWS_CANDID_PRINCIPAL};
  struct icws_candid_field_type fields[sizeof primitives / sizeof primitives[0]];
  size_t count = sizeof primitives / sizeof primitives[0];

  for (size_t i = 0; i < count; i++)
    fields[i] = field(icws_candid_constructor_name(primitives[i]),
                      icws_candid_types_opt(types, primitives[i]));
  return add(types, ICWS_CANDID_RECORD, fields, count);
}

/* One type in which all others are: a tree of variants, records and lists of them. */
static int add_types(struct icws_candid_types *types)
{
  int tree = icws_candid_types_reserve(types);
  int wide = icws_candid_types_opt(types, icws_candid_types_opt(types, tree));
  const struct icws_candid_field_type pair[] = {{.id = 0, .type = wide}, {.id = 1, .type = tree}};
  const struct icws_candid_field_type cases[] = {
      field("primitives", add_primitives(types)),
      field("blob", icws_candid_types_vec(types, ICWS_CANDID_NAT8)),
      field("trees", icws_candid_types_vec(types, tree)),
      field("wide", wide),
      field("func", add(types, ICWS_CANDID_FUNC, NULL, 0)),
      field("service", add(types, ICWS_CANDID_SERVICE, NULL, 0)),
      field("none", ICWS_CANDID_NULL),
      field("pair", add(types, ICWS_CANDID_RECORD, pair, 2)),
      {.id = 7, .type = ICWS_CANDID_EMPTY},
  };
  struct icws_candid_type variant = {.constructor = ICWS_CANDID_VARIANT,
                                     .fields = cases,
                                     .field_count = sizeof cases / sizeof cases[0]};

  icws_candid_types_set(types, tree, &variant);
  must(icws_candid_types_error(types) == ICWS_OK);
  return (int)icws_candid_types_count(types);
}

static void check_line(struct icws_bytes line)
{
  while (line.len > 0) {
    uint32_t character;
    size_t length = icws_utf8_next(line, &character);

    must(length > 0 && !icws_utf8_acts(character));
    line = icws_bytes_of(line.data + length, line.len - length);
  }
}

static void check_value(const struct icws_candid_types *types,
                        const struct icws_candid_value *value, struct icws_arena *arena)
{
  struct icws_candid_value again;
  struct icws_candid_args before = {types, value, 1};
  struct icws_candid_args after = {types, &again, 1};
  struct icws_failure failure;
  struct icws_buf json;

  icws_buf_init(&json, 0, NULL);
  must(icws_candid_to_json(types, value, &json) == ICWS_OK);
  check_line(icws_buf_bytes(&json));
  enum icws_error error = icws_candid_from_json(icws_buf_bytes(&json), types, value->type, arena,
                                                &again, NULL, &failure);
  must(error == ICWS_OK || icws_arena_error(arena) == ICWS_ERR_LIMIT);
  must(error != ICWS_OK || icws_candid_args_equal(&before, &after));
  icws_buf_wipe(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct icws_candid_types *types;
  struct icws_arena arena;

  must(icws_candid_types_new(NULL, &types) == ICWS_OK);
  icws_arena_init(&arena, ARENA_BYTES, NULL);
  int count = add_types(types);
  for (int type = ICWS_CANDID_EMPTY; type < count; type++) {
    struct icws_candid_value value;
    struct icws_failure failure = {.code = ICWS_OK, .text = ""};
    enum icws_error error = icws_candid_from_json(icws_bytes_of(data, size), types, type, &arena,
                                                  &value, NULL, &failure);

    must(failure.code == error && (error == ICWS_OK) == (failure.text[0] == '\0'));
    if (error == ICWS_OK)
      check_value(types, &value, &arena);
    icws_arena_clear(&arena);
  }
  icws_arena_wipe(&arena);
  icws_candid_types_del(types);
  return 0;
}

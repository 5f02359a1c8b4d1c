/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>
#include <icws/candid_text.h>

#include "vectors.h"

json_t *candid_rows_load(const char *file)
{
  json_error_t error;

  if (file == NULL)
    return vectors_own("candid_values.json");
  json_t *root = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL)
    fail_msg("%s, line %d: %s", file, error.line, error.text);
  return root;
}

static void add_definitions(struct icws_buf *text, const json_t *row)
{
  const char *defs = json_string_value(json_object_get(row, "defs"));

  if (defs != NULL)
    icws_buf_put(text, defs, strlen(defs));
  icws_buf_put_u8(text, '\n');
}

void candid_signature_init(struct candid_signature *signature, const json_t *row, const json_t *at)
{
  const char *list = vectors_text(at, "types");
  struct icws_failure failure = {.text = ""};
  struct icws_candid_interface interface;
  struct icws_buf defs;

  assert_int_equal(icws_candid_types_new(NULL, &signature->types), ICWS_OK);
  icws_buf_init(&defs, 0, NULL);
  add_definitions(&defs, row);
  if (at != row)
    add_definitions(&defs, at);
  if (icws_candid_interface_parse(icws_buf_bytes(&defs), signature->types, NULL, NULL, &interface,
                                  NULL, &failure) != ICWS_OK)
    fail_msg("%.*s: %s", (int)defs.len, (const char *)defs.data, failure.text);
  if (icws_candid_parse_types(icws_bytes_text(list), signature->types, signature->expected,
                              ICWS_CANDID_MAX_ARGS, &signature->count, NULL, &failure) != ICWS_OK)
    fail_msg("%s: %s", list, failure.text);
  icws_buf_wipe(&defs);
}

void candid_signature_wipe(struct candid_signature *signature)
{
  icws_candid_types_del(signature->types);
}

struct icws_candid_args candid_signature_parse(const struct candid_signature *signature,
                                               struct icws_bytes text, struct icws_arena *arena)
{
  struct icws_failure failure = {.text = ""};
  struct icws_candid_args args;

  if (icws_candid_parse(text, signature->types, signature->expected, signature->count, arena, &args,
                        NULL, &failure) != ICWS_OK)
    fail_msg("%.*s: %s", (int)text.len, (const char *)text.data, failure.text);
  return args;
}

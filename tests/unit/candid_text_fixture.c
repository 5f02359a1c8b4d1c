/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_text_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <icws/candid_interface.h>

void candid_text_open(struct candid_text *text, const char *definitions, const char *types)
{
  struct icws_candid_interface interface;
  *text = (struct candid_text){.count = 0};
  icws_arena_init(&text->arena, (size_t)16 << 20, NULL);
  assert_int_equal(icws_candid_types_new(NULL, &text->types), ICWS_OK);
  if (definitions != NULL &&
      icws_candid_interface_parse(icws_bytes_text(definitions), text->types, NULL, NULL, &interface,
                                  NULL, &text->failure) != ICWS_OK)
    fail_msg("%s: %s", definitions, text->failure.text);
  if (types != NULL &&
      icws_candid_parse_types(icws_bytes_text(types), text->types, text->expected, CANDID_TEXT_ARGS,
                              &text->count, NULL, &text->failure) != ICWS_OK)
    fail_msg("%s: %s", types, text->failure.text);
}

void candid_text_close(struct candid_text *text)
{
  icws_arena_wipe(&text->arena);
  icws_candid_types_del(text->types);
}

enum icws_error candid_text_parse(struct candid_text *text, const char *input)
{
  return icws_candid_parse(icws_bytes_text(input), text->types, text->expected, text->count,
                           &text->arena, &text->args, &text->spot, &text->failure);
}

enum icws_error candid_text_parse_any(struct candid_text *text, const char *input)
{
  return icws_candid_parse_any(icws_bytes_text(input), text->types, &text->arena, &text->args,
                               &text->spot, &text->failure);
}

void candid_text_check_failure(const struct candid_text *text, enum icws_error error,
                               enum icws_error expected, const char *input, const char *fault)
{
  if (error != expected || text->failure.code != expected || strcmp(text->failure.text, fault) != 0)
    fail_msg("%s: %s, \"%s\"", input, icws_error_name(error), text->failure.text);
  char *end;
  assert_int_equal(text->spot.line, strtoul(text->failure.text + strlen("line "), &end, 10));
  assert_int_equal(text->spot.column, strtoul(end + strlen(", column "), NULL, 10));
  if (text->spot.line == 1 && text->spot.offset + 1 < text->spot.column)
    fail_msg("%s: offset %zu", input, text->spot.offset);
}

const char *candid_text_print(const struct icws_candid_args *args, enum icws_candid_layout layout,
                              struct icws_buf *out)
{
  icws_buf_clear(out);
  assert_int_equal(icws_candid_print(args, layout, out), ICWS_OK);
  icws_buf_put_u8(out, '\0');
  assert_int_equal(icws_buf_error(out), ICWS_OK);
  return (const char *)out->data;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "common/payload.h"

#include <string.h>

#include <icws/candid_json.h>
#include <icws/candid_text.h>

/* Ids below this are positions of a tuple, or were numbers from the start. */
#define LEAST_HASH 1000

void icws_payload_init(struct icws_payload *payload, const struct icws_candid_types *types,
                       const int *expected, size_t count)
{
  *payload = (struct icws_payload){.types = types, .expected = expected, .expected_count = count};
  icws_arena_init(&payload->arena, ICWS_PAYLOAD_MAX_BYTES, NULL);
}

void icws_payload_wipe(struct icws_payload *payload)
{
  icws_candid_types_del(payload->own_types);
  payload->own_types = NULL;
  icws_arena_wipe(&payload->arena);
}

enum icws_error icws_payload_read(struct icws_payload *payload, struct icws_bytes content,
                                  struct icws_failure *failure)
{
  icws_arena_clear(&payload->arena);
  payload->args = (struct icws_candid_args){.count = 0};
  if (payload->types != NULL)
    return icws_candid_decode(content, payload->types, payload->expected, payload->expected_count,
                              &payload->arena, &payload->args, failure);
  icws_candid_types_del(payload->own_types);
  payload->own_types = NULL;
  enum icws_error error = icws_candid_types_new(NULL, &payload->own_types);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "no memory for the types");
  return icws_candid_decode_any(content, payload->own_types, &payload->arena, &payload->args,
                                failure);
}

bool icws_payload_is_candid(struct icws_bytes content)
{
  return content.len >= 4 && memcmp(content.data, "DIDL", 4) == 0;
}

enum icws_error icws_payload_put_candid(const struct icws_payload *payload, struct icws_buf *out)
{
  return icws_candid_print(&payload->args, ICWS_CANDID_ONE_LINE, out);
}

enum icws_error icws_payload_put_json(const struct icws_payload *payload, struct icws_buf *out)
{
  if (payload->args.count == 1)
    return icws_candid_to_json(payload->args.types, payload->args.values, out);
  return icws_candid_args_to_json(&payload->args, out);
}

static bool is_unnamed(const struct icws_candid_type *type)
{
  bool has_names =
      type->constructor == ICWS_CANDID_RECORD || type->constructor == ICWS_CANDID_VARIANT;
  for (size_t i = 0; has_names && i < type->field_count; i++) {
    if (type->fields[i].name.data == NULL && type->fields[i].id >= LEAST_HASH)
      return true;
  }
  return false;
}

bool icws_payload_has_unnamed(const struct icws_payload *payload)
{
  const struct icws_candid_types *types = payload->args.types;
  size_t count = types == NULL ? 0 : icws_candid_types_count(types);
  for (size_t i = 0; i < count; i++) {
    if (is_unnamed(icws_candid_types_get(types, (int)i)))
      return true;
  }
  return false;
}

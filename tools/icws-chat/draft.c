/* SPDX-License-Identifier: Apache-2.0 */
#include "draft.h"

#include <icws/candid_json.h>

#include "common/escape.h"
#include "common/payload.h"

static int add_line_type(struct icws_candid_types *types)
{
  const struct icws_candid_field_type fields[] = {
      {.id = icws_candid_field_id("text"),
       .type = ICWS_CANDID_TEXT,
       .name = icws_bytes_text("text")},
      {.id = icws_candid_field_id("timestamp"),
       .type = ICWS_CANDID_NAT64,
       .name = icws_bytes_text("timestamp")},
  };
  return icws_candid_types_add(types, &(struct icws_candid_type){
                                          .constructor = ICWS_CANDID_RECORD,
                                          .fields = fields,
                                          .field_count = 2,
                                      });
}

enum icws_error icws_chat_draft_init(struct icws_chat_draft *draft,
                                     const struct icws_candid_types *types, int message_type)
{
  *draft = (struct icws_chat_draft){
      .types = types, .message_type = message_type, .has_interface = types != NULL};
  icws_arena_init(&draft->arena, ICWS_PAYLOAD_MAX_BYTES, NULL);
  if (types != NULL)
    return ICWS_OK;
  enum icws_error error = icws_candid_types_new(NULL, &draft->line_types);
  if (error != ICWS_OK)
    return error;
  draft->message_type = add_line_type(draft->line_types);
  draft->types = draft->line_types;
  return icws_candid_types_error(draft->line_types);
}

void icws_chat_draft_wipe(struct icws_chat_draft *draft)
{
  icws_candid_types_del(draft->line_types);
  draft->line_types = NULL;
  icws_arena_wipe(&draft->arena);
}

static enum icws_error encode(const struct icws_candid_types *types,
                              const struct icws_candid_value *value, struct icws_buf *out,
                              struct icws_failure *failure)
{
  const struct icws_candid_args args = {.types = types, .values = value, .count = 1};
  return icws_candid_encode(&args, out, failure);
}

/* --- Lines ------------------------------------------------------------------------------------- */

static struct icws_candid_value text_value(struct icws_bytes text)
{
  return (struct icws_candid_value){
      .type = ICWS_CANDID_TEXT, .count = (uint32_t)text.len, .as.bytes = text.data};
}

static enum icws_error refuse(const struct icws_chat_draft *draft, struct icws_failure *failure)
{
  struct icws_buf type;
  icws_buf_init(&type, 0, NULL);
  enum icws_error error =
      icws_candid_print_type(draft->types, draft->message_type, false, ICWS_CANDID_ONE_LINE, &type);
  icws_buf_put_u8(&type, '\0');
  bool printed = error == ICWS_OK && icws_buf_error(&type) == ICWS_OK;
  error = icws_fail(failure, ICWS_ERR_CANDID,
                    "a line does not make a message of this canister; /send takes a value of %s",
                    printed ? (const char *)type.data : "its type");
  icws_buf_wipe(&type);
  return error;
}

/* What a field that the line does not give has of its own; false: nothing. */
static bool fill_field(const struct icws_candid_types *types,
                       const struct icws_candid_field_type *field, uint64_t now_ns,
                       struct icws_candid_value *value)
{
  *value = (struct icws_candid_value){.type = field->type};
  if (icws_candid_types_is_optional(types, field->type))
    return true;
  value->as.nat = now_ns;
  return field->type == ICWS_CANDID_NAT64 && field->id == icws_candid_field_id("timestamp");
}

/* Makes the fields of a record with exactly one text; false: it is none. */
static bool fill_record(const struct icws_candid_types *types, const struct icws_candid_type *type,
                        struct icws_bytes text, uint64_t now_ns, struct icws_candid_value *fields)
{
  size_t texts = 0;
  for (size_t i = 0; i < type->field_count; i++) {
    const struct icws_candid_field_type *field = &type->fields[i];
    if (field->type == ICWS_CANDID_TEXT) {
      fields[i] = text_value(text);
      texts++;
    } else if (!fill_field(types, field, now_ns, &fields[i])) {
      return false;
    }
  }
  return texts == 1;
}

enum icws_error icws_chat_draft_line(struct icws_chat_draft *draft, struct icws_bytes text,
                                     uint64_t now_ns, struct icws_buf *out,
                                     struct icws_failure *failure)
{
  const struct icws_candid_value line = text_value(text);
  if (!icws_escape_is_utf8(text))
    return icws_fail(failure, ICWS_ERR_CANDID, "it is not UTF-8");
  if (draft->message_type == ICWS_CANDID_TEXT)
    return encode(draft->types, &line, out, failure);
  if (icws_candid_types_constructor(draft->types, draft->message_type) != ICWS_CANDID_RECORD)
    return refuse(draft, failure);
  const struct icws_candid_type *type = icws_candid_types_get(draft->types, draft->message_type);
  icws_arena_clear(&draft->arena);
  struct icws_candid_value *fields =
      icws_arena_array(&draft->arena, type->field_count, sizeof(*fields));
  if (fields == NULL)
    return icws_fail(failure, ICWS_ERR_NOMEM, "no memory for a message");
  if (!fill_record(draft->types, type, text, now_ns, fields))
    return refuse(draft, failure);
  const struct icws_candid_value record = {.type = draft->message_type, .as.items = fields};
  return encode(draft->types, &record, out, failure);
}

/* --- Values ------------------------------------------------------------------------------------ */

/* A value that says itself what it is. */
static enum icws_error draft_any(struct icws_chat_draft *draft, struct icws_bytes text,
                                 struct icws_buf *out, struct icws_candid_spot *spot,
                                 struct icws_failure *failure)
{
  struct icws_candid_types *types = NULL;
  struct icws_candid_args args;
  enum icws_error error = icws_candid_types_new(NULL, &types);
  if (error != ICWS_OK)
    return icws_fail(failure, error, "no memory for the types");
  error = icws_candid_parse_any(text, types, &draft->arena, &args, spot, failure);
  if (error == ICWS_OK)
    error = icws_candid_encode(&args, out, failure);
  icws_candid_types_del(types);
  return error;
}

enum icws_error icws_chat_draft_candid(struct icws_chat_draft *draft, struct icws_bytes text,
                                       struct icws_buf *out, struct icws_candid_spot *spot,
                                       struct icws_failure *failure)
{
  struct icws_candid_args args;
  *spot = (struct icws_candid_spot){.line = 0};
  icws_arena_clear(&draft->arena);
  if (!draft->has_interface)
    return draft_any(draft, text, out, spot, failure);
  enum icws_error error = icws_candid_parse(text, draft->types, &draft->message_type, 1,
                                            &draft->arena, &args, spot, failure);
  return error == ICWS_OK ? icws_candid_encode(&args, out, failure) : error;
}

enum icws_error icws_chat_draft_json(struct icws_chat_draft *draft, struct icws_bytes json,
                                     struct icws_buf *out, struct icws_candid_spot *spot,
                                     struct icws_failure *failure)
{
  struct icws_candid_value value;
  *spot = (struct icws_candid_spot){.line = 0};
  if (!draft->has_interface)
    return icws_fail(failure, ICWS_ERR_CANDID,
                     "JSON does not say what types it is of; --candid FILE.did does");
  icws_arena_clear(&draft->arena);
  enum icws_error error = icws_candid_from_json(json, draft->types, draft->message_type,
                                                &draft->arena, &value, spot, failure);
  return error == ICWS_OK ? encode(draft->types, &value, out, failure) : error;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/envelope.h>

#include <string.h>

#include <icws/cbor.h>

/* Fields that a request may have besides request_type, sender and ingress_expiry. */
enum content_field {
  FIELD_TYPE,
  FIELD_SENDER,
  FIELD_EXPIRY,
  FIELD_NONCE,
  FIELD_SENDER_INFO,
  FIELD_CANISTER,
  FIELD_METHOD,
  FIELD_ARG,
  FIELD_PATHS,
  FIELDS,
};

static enum icws_error require(const struct icws_cbor_field *field, struct icws_failure *failure)
{
  if (field->present)
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_ENVELOPE, "envelope: the field %s is missing", field->name);
}

static enum icws_error read_envelope(struct icws_bytes encoding, struct icws_envelope *envelope,
                                     struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "content", .type = ICWS_CBOR_MAP},
      {.name = "sender_pubkey", .type = ICWS_CBOR_BYTES},
      {.name = "sender_sig", .type = ICWS_CBOR_BYTES},
      {.name = "sender_delegation", .type = ICWS_CBOR_ARRAY},
  };
  enum icws_error error = icws_cbor_decode_fields(encoding, "envelope", fields,
                                                  sizeof fields / sizeof fields[0], failure);
  if (error == ICWS_OK)
    error = require(&fields[0], failure);
  if (error != ICWS_OK)
    return error;

  envelope->content = fields[0].value.bytes;
  envelope->has_public_key = fields[1].present;
  envelope->has_signature = fields[2].present;
  if (fields[1].present)
    envelope->public_key = fields[1].value.bytes;
  if (fields[2].present)
    envelope->signature = fields[2].value.bytes;
  if (fields[3].present)
    envelope->delegations = fields[3].value.bytes;
  return ICWS_OK;
}

static enum icws_error read_type(const struct icws_cbor_field *field, enum icws_request_type *type,
                                 struct icws_failure *failure)
{
  static const char *const names[] = {
      [ICWS_REQUEST_CALL] = "call",
      [ICWS_REQUEST_QUERY] = "query",
      [ICWS_REQUEST_READ_STATE] = "read_state",
  };
  enum icws_error error = require(field, failure);
  if (error != ICWS_OK)
    return error;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (icws_bytes_equal(field->value.bytes, icws_bytes_text(names[i]))) {
      *type = (enum icws_request_type)i;
      return ICWS_OK;
    }
  }
  return icws_fail(failure, ICWS_ERR_ENVELOPE,
                   "envelope: request_type is neither call nor query nor read_state");
}

static enum icws_error read_principal(const struct icws_cbor_field *field,
                                      struct icws_principal *principal,
                                      struct icws_failure *failure)
{
  enum icws_error error = require(field, failure);
  if (error == ICWS_OK && icws_principal_init(principal, field->value.bytes) != ICWS_OK)
    error = icws_fail(failure, ICWS_ERR_ENVELOPE, "envelope: %s has %zu bytes, more than %d",
                      field->name, field->value.bytes.len, ICWS_PRINCIPAL_MAX_BYTES);
  return error;
}

static enum icws_error read_call_fields(const struct icws_cbor_field *fields,
                                        struct icws_envelope *envelope,
                                        struct icws_failure *failure)
{
  enum icws_error error = read_principal(&fields[FIELD_CANISTER], &envelope->canister, failure);
  if (error == ICWS_OK)
    error = require(&fields[FIELD_METHOD], failure);
  if (error == ICWS_OK)
    error = require(&fields[FIELD_ARG], failure);
  if (error != ICWS_OK)
    return error;
  envelope->method = fields[FIELD_METHOD].value.bytes;
  envelope->arg = fields[FIELD_ARG].value.bytes;
  return ICWS_OK;
}

/* Passes over one array of byte strings. */
static void check_path(struct icws_cbor_reader *reader, uint64_t *labels)
{
  struct icws_bytes label;
  if (icws_cbor_read_array(reader, labels) != ICWS_OK || *labels > ICWS_PATH_MAX_LABELS)
    return;
  for (uint64_t i = 0; i < *labels; i++)
    if (icws_cbor_read_bytes(reader, &label) != ICWS_OK)
      return;
}

static enum icws_error read_paths(const struct icws_cbor_field *field,
                                  struct icws_envelope *envelope, struct icws_failure *failure)
{
  struct icws_cbor_reader reader;
  uint64_t paths = 0;
  uint64_t labels = 0;
  enum icws_error error = require(field, failure);
  if (error != ICWS_OK)
    return error;
  icws_cbor_reader_init(&reader, field->value.bytes);
  if (icws_cbor_read_array(&reader, &paths) == ICWS_OK && paths <= ICWS_READ_STATE_MAX_PATHS)
    for (uint64_t i = 0; i < paths && labels <= ICWS_PATH_MAX_LABELS; i++)
      check_path(&reader, &labels);
  if (paths > ICWS_READ_STATE_MAX_PATHS || labels > ICWS_PATH_MAX_LABELS)
    return icws_fail(failure, ICWS_ERR_LIMIT, "envelope: more than %d paths or %d labels in one",
                     ICWS_READ_STATE_MAX_PATHS, ICWS_PATH_MAX_LABELS);
  if (icws_cbor_finish(&reader) != ICWS_OK)
    return icws_fail(failure, reader.error, "envelope, field paths: %s", reader.reason);
  envelope->paths = field->value.bytes;
  return ICWS_OK;
}

static enum icws_error read_common_fields(const struct icws_cbor_field *fields,
                                          struct icws_envelope *envelope,
                                          struct icws_failure *failure)
{
  enum icws_error error = read_type(&fields[FIELD_TYPE], &envelope->type, failure);
  if (error == ICWS_OK)
    error = read_principal(&fields[FIELD_SENDER], &envelope->sender, failure);
  if (error == ICWS_OK)
    error = require(&fields[FIELD_EXPIRY], failure);
  if (error != ICWS_OK)
    return error;
  envelope->ingress_expiry = fields[FIELD_EXPIRY].value.uint;
  envelope->has_sender_info = fields[FIELD_SENDER_INFO].present;
  if (fields[FIELD_NONCE].present)
    envelope->nonce = fields[FIELD_NONCE].value.bytes;
  if (envelope->nonce.len > ICWS_NONCE_MAX_BYTES)
    return icws_fail(failure, ICWS_ERR_ENVELOPE, "envelope: nonce has %zu bytes, more than %d",
                     envelope->nonce.len, ICWS_NONCE_MAX_BYTES);
  return ICWS_OK;
}

static enum icws_error read_content(struct icws_envelope *envelope, struct icws_failure *failure)
{
  struct icws_cbor_field fields[FIELDS] = {
      [FIELD_TYPE] = {.name = "request_type", .type = ICWS_CBOR_TEXT},
      [FIELD_SENDER] = {.name = "sender", .type = ICWS_CBOR_BYTES},
      [FIELD_EXPIRY] = {.name = "ingress_expiry", .type = ICWS_CBOR_UINT},
      [FIELD_NONCE] = {.name = "nonce", .type = ICWS_CBOR_BYTES},
      [FIELD_SENDER_INFO] = {.name = "sender_info", .type = ICWS_CBOR_MAP},
      [FIELD_CANISTER] = {.name = "canister_id", .type = ICWS_CBOR_BYTES},
      [FIELD_METHOD] = {.name = "method_name", .type = ICWS_CBOR_TEXT},
      [FIELD_ARG] = {.name = "arg", .type = ICWS_CBOR_BYTES},
      [FIELD_PATHS] = {.name = "paths", .type = ICWS_CBOR_ARRAY},
  };
  enum icws_error error =
      icws_cbor_decode_fields(envelope->content, "envelope", fields, FIELDS, failure);
  if (error == ICWS_OK)
    error = read_common_fields(fields, envelope, failure);
  if (error != ICWS_OK)
    return error;
  if (envelope->type == ICWS_REQUEST_READ_STATE)
    return read_paths(&fields[FIELD_PATHS], envelope, failure);
  return read_call_fields(fields, envelope, failure);
}

enum icws_error icws_envelope_decode(struct icws_bytes encoding, struct icws_envelope *envelope,
                                     struct icws_failure *failure)
{
  struct icws_envelope decoded = {0};
  if (encoding.len > ICWS_ENVELOPE_MAX_BYTES)
    return icws_fail(failure, ICWS_ERR_LIMIT, "envelope: %zu bytes, more than %d", encoding.len,
                     ICWS_ENVELOPE_MAX_BYTES);
  enum icws_error error = read_envelope(encoding, &decoded, failure);
  if (error == ICWS_OK)
    error = read_content(&decoded, failure);
  if (error == ICWS_OK)
    error = icws_content_request_id(decoded.content, decoded.request_id, failure);
  if (error == ICWS_OK)
    *envelope = decoded;
  return error;
}

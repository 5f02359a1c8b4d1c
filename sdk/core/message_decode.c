/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/message.h>

#include <icws/cbor.h>

static enum icws_error read_principal(const struct icws_cbor_field *field, const char *what,
                                      struct icws_principal *principal,
                                      struct icws_failure *failure)
{
  if (icws_principal_init(principal, field->value.bytes) == ICWS_OK)
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_CBOR, "%s, field %s: %zu bytes are no principal", what,
                   field->name, field->value.bytes.len);
}

enum icws_error icws_handshake_decode(struct icws_bytes frame, struct icws_principal *gateway,
                                      struct icws_failure *failure)
{
  static const char what[] = "handshake";
  struct icws_cbor_field fields[] = {
      {.name = "gateway_principal", .type = ICWS_CBOR_BYTES, .required = true},
  };
  enum icws_error error = icws_cbor_decode_fields(frame, what, fields, 1, failure);
  if (error != ICWS_OK)
    return error;
  return read_principal(&fields[0], what, gateway, failure);
}

enum icws_error icws_client_frame_decode(struct icws_bytes frame, struct icws_bytes *envelope,
                                         struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "envelope", .type = ICWS_CBOR_MAP, .required = true},
  };
  enum icws_error error = icws_cbor_decode_fields(frame, "frame of the client", fields, 1, failure);
  if (error != ICWS_OK)
    return error;
  *envelope = fields[0].value.bytes;
  return ICWS_OK;
}

enum icws_error icws_certified_decode(struct icws_bytes frame, struct icws_certified *certified,
                                      struct icws_failure *failure)
{
  struct icws_cbor_field fields[] = {
      {.name = "key", .type = ICWS_CBOR_TEXT, .required = true},
      {.name = "content", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "cert", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "tree", .type = ICWS_CBOR_BYTES, .required = true},
  };
  enum icws_error error = icws_cbor_decode_fields(frame, "certified message", fields, 4, failure);
  if (error != ICWS_OK)
    return error;
  *certified = (struct icws_certified){
      .key = fields[0].value.bytes,
      .content = fields[1].value.bytes,
      .cert = fields[2].value.bytes,
      .tree = fields[3].value.bytes,
  };
  return ICWS_OK;
}

static enum icws_error decode_client_key(struct icws_bytes encoding, struct icws_client_key *key,
                                         struct icws_failure *failure)
{
  static const char what[] = "client_key of the message";
  struct icws_cbor_field fields[] = {
      {.name = "client_principal", .type = ICWS_CBOR_BYTES, .required = true},
      {.name = "client_nonce", .type = ICWS_CBOR_UINT, .required = true},
  };
  enum icws_error error = icws_cbor_decode_fields(encoding, what, fields, 2, failure);
  if (error != ICWS_OK)
    return error;
  key->nonce = fields[1].value.uint;
  return read_principal(&fields[0], what, &key->principal, failure);
}

enum icws_error icws_websocket_message_decode(struct icws_bytes content,
                                              struct icws_websocket_message *message,
                                              struct icws_failure *failure)
{
  struct icws_client_key client_key;
  struct icws_cbor_field fields[] = {
      {.name = "client_key", .type = ICWS_CBOR_MAP, .required = true},
      {.name = "sequence_num", .type = ICWS_CBOR_UINT, .required = true},
      {.name = "timestamp", .type = ICWS_CBOR_UINT, .required = true},
      {.name = "is_service_message", .type = ICWS_CBOR_BOOL, .required = true},
      {.name = "content", .type = ICWS_CBOR_BYTES, .required = true},
  };
  enum icws_error error =
      icws_cbor_decode_fields(content, "content of the message", fields, 5, failure);
  if (error != ICWS_OK)
    return error;
  error = decode_client_key(fields[0].value.bytes, &client_key, failure);
  if (error != ICWS_OK)
    return error;
  *message = (struct icws_websocket_message){
      .client_key = client_key,
      .sequence_num = fields[1].value.uint,
      .timestamp = fields[2].value.uint,
      .is_service_message = fields[3].value.boolean,
      .content = fields[4].value.bytes,
  };
  return ICWS_OK;
}

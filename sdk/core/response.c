/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/response.h>

#include <icws/cbor.h>

#include "reject_code.h"

enum reject_field {
  REJECT_CODE,
  REJECT_TEXT,
  REJECT_ERROR_CODE,
  REJECT_FIELDS,
};

static const struct icws_cbor_field reject_fields[REJECT_FIELDS] = {
    [REJECT_CODE] = {.name = "reject_code", .type = ICWS_CBOR_UINT, .required = true},
    [REJECT_TEXT] = {.name = "reject_message", .type = ICWS_CBOR_TEXT, .required = true},
    [REJECT_ERROR_CODE] = {.name = "error_code", .type = ICWS_CBOR_TEXT},
};

static enum icws_error read_reject(struct icws_bytes encoding, const char *what,
                                   struct icws_reject *reject, struct icws_failure *failure)
{
  struct icws_cbor_field fields[REJECT_FIELDS];
  for (size_t i = 0; i < REJECT_FIELDS; i++)
    fields[i] = reject_fields[i];
  enum icws_error error = icws_cbor_decode_fields(encoding, what, fields, REJECT_FIELDS, failure);
  if (error != ICWS_OK)
    return error;
  if (!icws_reject_code_init(&reject->code, fields[REJECT_CODE].value.uint))
    return icws_fail(failure, ICWS_ERR_CBOR, "%s, field reject_code: no such code", what);
  reject->text = fields[REJECT_TEXT].value.bytes;
  reject->has_error_code = fields[REJECT_ERROR_CODE].present;
  if (reject->has_error_code)
    reject->error_code = fields[REJECT_ERROR_CODE].value.bytes;
  return ICWS_OK;
}

static bool is_text(const struct icws_cbor_field *field, const char *text)
{
  return field->present && icws_bytes_equal(field->value.bytes, icws_bytes_text(text));
}

enum icws_error icws_call_response_decode(struct icws_bytes encoding,
                                          struct icws_call_response *response,
                                          struct icws_failure *failure)
{
  static const char what[] = "answer to a call";
  struct icws_call_response decoded = {.type = ICWS_CALL_RESPONSE_REJECTED};
  struct icws_cbor_field fields[] = {{.name = "status", .type = ICWS_CBOR_TEXT},
                                     {.name = "certificate", .type = ICWS_CBOR_BYTES}};
  enum icws_error error = icws_cbor_decode_fields(encoding, what, fields, 2, failure);
  if (error != ICWS_OK)
    return error;
  if (is_text(&fields[0], "replied")) {
    if (!fields[1].present)
      return icws_fail(failure, ICWS_ERR_CBOR, "%s, field certificate: it is missing", what);
    decoded.type = ICWS_CALL_RESPONSE_CERTIFICATE;
    decoded.certificate = fields[1].value.bytes;
  } else if (!fields[0].present || is_text(&fields[0], "non_replicated_rejection")) {
    error = read_reject(encoding, what, &decoded.reject, failure);
  } else {
    error = icws_fail(failure, ICWS_ERR_CBOR, "%s, field status: no such status", what);
  }
  if (error == ICWS_OK)
    *response = decoded;
  return error;
}

enum icws_error icws_read_state_response_decode(struct icws_bytes encoding,
                                                struct icws_bytes *certificate,
                                                struct icws_failure *failure)
{
  struct icws_cbor_field field = {.name = "certificate", .type = ICWS_CBOR_BYTES, .required = true};
  enum icws_error error =
      icws_cbor_decode_fields(encoding, "answer to a read_state", &field, 1, failure);
  if (error == ICWS_OK)
    *certificate = field.value.bytes;
  return error;
}

enum icws_error icws_query_response_decode(struct icws_bytes encoding,
                                           struct icws_query_response *response,
                                           struct icws_failure *failure)
{
  static const char what[] = "answer to a query";
  struct icws_query_response decoded = {0};
  struct icws_cbor_field arg = {.name = "arg", .type = ICWS_CBOR_BYTES, .required = true};
  struct icws_cbor_field fields[] = {
      {.name = "status", .type = ICWS_CBOR_TEXT, .required = true},
      {.name = "reply", .type = ICWS_CBOR_MAP},
      {.name = "signatures", .type = ICWS_CBOR_ARRAY},
  };
  enum icws_error error = icws_cbor_decode_fields(encoding, what, fields, 3, failure);
  if (error != ICWS_OK)
    return error;
  if (fields[2].present)
    decoded.signatures = fields[2].value.bytes;
  decoded.replied = is_text(&fields[0], "replied");
  if (decoded.replied && !fields[1].present)
    return icws_fail(failure, ICWS_ERR_CBOR, "%s, field reply: it is missing", what);
  if (decoded.replied)
    error = icws_cbor_decode_fields(fields[1].value.bytes, "reply to a query", &arg, 1, failure);
  else if (is_text(&fields[0], "rejected"))
    error = read_reject(encoding, what, &decoded.reject, failure);
  else
    error = icws_fail(failure, ICWS_ERR_CBOR, "%s, field status: no such status", what);
  if (error != ICWS_OK)
    return error;
  if (decoded.replied)
    decoded.reply = arg.value.bytes;
  *response = decoded;
  return ICWS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/decoder.h"
#include "candid/number.h"
#include "candid/subtype.h"

/* --- Numbers ----------------------------------------------------------------------------------- */

static enum icws_error decode_fixed(struct icws_candid_decoder *decoder,
                                    struct icws_candid_value *value)
{
  struct icws_candid_reader *reader = &decoder->reader;
  switch (value->type) {
  case ICWS_CANDID_INT8:
  case ICWS_CANDID_INT16:
  case ICWS_CANDID_INT32:
  case ICWS_CANDID_INT64:
    (void)icws_candid_take_signed(reader, icws_candid_fixed_size(value->type), &value->as.integer);
    return reader->error;
  case ICWS_CANDID_FLOAT32:
    return icws_candid_read_float32(reader, value->type, &value->as.float32);
  case ICWS_CANDID_FLOAT64:
    return icws_candid_read_float64(reader, value->type, &value->as.float64);
  default:
    (void)icws_candid_take_fixed(reader, icws_candid_fixed_size(value->type), &value->as.nat);
    return reader->error;
  }
}

/* An int is expected where the message has one, or a nat. */
static enum icws_error decode_number(struct icws_candid_decoder *decoder, int wire,
                                     struct icws_candid_value *value)
{
  struct icws_bytes leb;
  if (!icws_candid_take_leb(&decoder->reader, &leb))
    return decoder->reader.error;
  bool is_signed = wire == ICWS_CANDID_INT;
  enum icws_error error = icws_candid_number_from_leb(value, leb, is_signed, decoder->arena);
  if (error == ICWS_ERR_LIMIT && icws_arena_error(decoder->arena) == ICWS_OK)
    return icws_candid_limit(&decoder->reader, "a number has too many digits");
  return error == ICWS_OK ? ICWS_OK : icws_candid_decoder_fail(decoder, error);
}

/* --- Bytes ------------------------------------------------------------------------------------- */

static enum icws_error set_bytes(struct icws_candid_decoder *decoder, struct icws_bytes bytes,
                                 struct icws_candid_value *value)
{
  value->count = (uint32_t)bytes.len; /* a message has no more than that fits */
  value->as.bytes = bytes.data;
  return decoder->reader.error;
}

static enum icws_error decode_text(struct icws_candid_decoder *decoder,
                                   struct icws_candid_value *value)
{
  struct icws_bytes utf8 = {.data = NULL, .len = 0};
  (void)icws_candid_take_text(&decoder->reader, &utf8);
  return set_bytes(decoder, utf8, value);
}

static enum icws_error decode_principal(struct icws_candid_decoder *decoder,
                                        struct icws_candid_value *value)
{
  struct icws_bytes principal = {.data = NULL, .len = 0};
  (void)icws_candid_take_principal(&decoder->reader, &principal);
  return set_bytes(decoder, principal, value);
}

enum icws_error icws_candid_decode_primitive(struct icws_candid_decoder *decoder, int wire,
                                             struct icws_candid_value *value)
{
  switch (value->type) {
  case ICWS_CANDID_NULL:
    return icws_candid_read_null(&decoder->reader, ICWS_CANDID_NULL);
  case ICWS_CANDID_BOOL:
    return icws_candid_read_bool(&decoder->reader, ICWS_CANDID_BOOL, &value->as.boolean);
  case ICWS_CANDID_NAT:
  case ICWS_CANDID_INT:
    return decode_number(decoder, wire, value);
  case ICWS_CANDID_TEXT:
    return decode_text(decoder, value);
  case ICWS_CANDID_PRINCIPAL:
    return decode_principal(decoder, value);
  default:
    return decode_fixed(decoder, value);
  }
}

/* --- References -------------------------------------------------------------------------------- */

/* All that is known of a function or a service is its type: so that must be a subtype. */
static enum icws_error compare_types(struct icws_candid_decoder *decoder, int wire, int expected)
{
  if (decoder->wire == decoder->types && wire == expected)
    return ICWS_OK;
  if (wire == decoder->reference_wire && expected == decoder->reference_expected)
    return decoder->reference_error;
  decoder->reference_wire = wire;
  decoder->reference_expected = expected;
  decoder->reference_error =
      icws_candid_subtype_within(&decoder->reader.steps, decoder->wire, wire, decoder->types,
                                 expected, decoder->arena->mem, NULL);
  return decoder->reference_error;
}

static enum icws_error check_reference(struct icws_candid_decoder *decoder, int wire, int expected)
{
  enum icws_error error = compare_types(decoder, wire, expected);
  if (error == ICWS_ERR_CANDID)
    return icws_candid_mismatch(decoder, "a reference's type is not a subtype of the expected one");
  return error == ICWS_OK ? ICWS_OK : icws_candid_decoder_fail(decoder, error);
}

enum icws_error icws_candid_decode_func(struct icws_candid_decoder *decoder, int wire,
                                        struct icws_candid_value *value)
{
  if (check_reference(decoder, wire, value->type) != ICWS_OK)
    return decoder->reader.error;
  struct icws_candid_func *func = icws_arena_alloc(decoder->arena, sizeof(*func));
  if (func == NULL)
    return icws_candid_decoder_fail(decoder, icws_arena_error(decoder->arena));
  value->as.func = func;
  (void)icws_candid_take_func(&decoder->reader, &func->service, &func->method);
  return decoder->reader.error;
}

enum icws_error icws_candid_decode_service(struct icws_candid_decoder *decoder, int wire,
                                           struct icws_candid_value *value)
{
  if (check_reference(decoder, wire, value->type) != ICWS_OK)
    return decoder->reader.error;
  return decode_principal(decoder, value);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include <icws/principal.h>

#include "json_reader.h"

/* Reports that |json| is no value of the primitive type of |value|. */
static bool mismatch(struct icws_json_reader *reader, const json_t *json,
                     const struct icws_json_place *place, const struct icws_candid_value *value)
{
  return icws_json_report_mismatch(reader, place, json, icws_candid_constructor_name(value->type));
}

/* --- Strings ----------------------------------------------------------------------------------- */

struct icws_bytes icws_json_bytes(const json_t *json)
{
  return icws_bytes_of(json_string_value(json), json_string_length(json));
}

static bool set_bytes(struct icws_json_reader *reader, const struct icws_json_place *place,
                      struct icws_bytes bytes, struct icws_candid_value *value)
{
  if (bytes.len > UINT32_MAX)
    return icws_json_report(reader, place, ICWS_ERR_LIMIT, "the value is too large");
  bytes = icws_arena_copy(reader->arena, bytes);
  if (icws_arena_error(reader->arena) != ICWS_OK)
    return icws_json_report_arena(reader, place);
  value->count = (uint32_t)bytes.len;
  value->as.bytes = bytes.data;
  return true;
}

bool icws_json_read_principal(struct icws_json_reader *reader, const json_t *json,
                              const struct icws_json_place *place, struct icws_candid_value *value)
{
  struct icws_principal principal;
  if (!json_is_string(json) ||
      icws_principal_from_text(&principal, icws_json_bytes(json)) != ICWS_OK)
    return icws_json_report_mismatch(reader, place, json, "a principal's text");
  return set_bytes(reader, place, icws_principal_bytes(&principal), value);
}

bool icws_json_read_hex(struct icws_json_reader *reader, const json_t *json,
                        const struct icws_json_place *place, struct icws_candid_value *value)
{
  struct icws_buf bytes;
  icws_buf_init(&bytes, 0, reader->arena->mem);
  enum icws_error error = icws_hex_decode(icws_json_bytes(json), &bytes);
  bool done = false;
  if (error == ICWS_ERR_HEX)
    icws_json_report_mismatch(reader, place, json, "pairs of hex digits");
  else if (error != ICWS_OK)
    icws_json_report(reader, place, error, icws_strerror(error));
  else
    done = set_bytes(reader, place, icws_buf_bytes(&bytes), value);
  icws_buf_wipe(&bytes);
  return done;
}

/* --- Numbers ----------------------------------------------------------------------------------- */

static bool read_integer(struct icws_json_reader *reader, const json_t *json,
                         const struct icws_json_place *place, struct icws_candid_value *value)
{
  char digits[32];
  struct icws_bytes text = icws_json_bytes(json);
  if (json_is_integer(json)) {
    snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    text = icws_bytes_text(digits);
  }
  enum icws_error error = icws_candid_value_from_decimal(value, text, reader->arena);
  if (error == ICWS_ERR_CANDID)
    return mismatch(reader, json, place, value);
  if (error != ICWS_OK)
    return icws_json_report(reader, place, error,
                            error == ICWS_ERR_LIMIT ? "the number is too large"
                                                    : icws_strerror(error));
  return true;
}

static bool to_double(const json_t *json, double *number)
{
  static const char *const words[] = {"NaN", "Infinity", "-Infinity"};
  static const double numbers[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
  if (json_is_number(json)) {
    *number = json_number_value(json);
    return true;
  }
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (icws_bytes_equal(icws_json_bytes(json), icws_bytes_text(words[i]))) {
      *number = numbers[i];
      return true;
    }
  }
  return false;
}

static bool read_float(struct icws_json_reader *reader, const json_t *json,
                       const struct icws_json_place *place, struct icws_candid_value *value)
{
  double number;
  if (!to_double(json, &number))
    return mismatch(reader, json, place, value);
  if (value->type == ICWS_CANDID_FLOAT64) {
    value->as.float64 = number;
    return true;
  }
  value->as.float32 = (float)number;
  return isinf(value->as.float32) && !isinf(number) ? mismatch(reader, json, place, value) : true;
}

/* --- Any primitive type ------------------------------------------------------------------------ */

bool icws_json_read_primitive(struct icws_json_reader *reader, const json_t *json,
                              const struct icws_json_place *place, struct icws_candid_value *value)
{
  switch (value->type) {
  case ICWS_CANDID_NULL:
  case ICWS_CANDID_RESERVED:
    return json_is_null(json) || mismatch(reader, json, place, value);
  case ICWS_CANDID_BOOL:
    value->as.boolean = json_is_true(json);
    return json_is_boolean(json) || mismatch(reader, json, place, value);
  case ICWS_CANDID_FLOAT32:
  case ICWS_CANDID_FLOAT64:
    return read_float(reader, json, place, value);
  case ICWS_CANDID_TEXT:
    return json_is_string(json) ? set_bytes(reader, place, icws_json_bytes(json), value)
                                : mismatch(reader, json, place, value);
  case ICWS_CANDID_PRINCIPAL:
    return icws_json_read_principal(reader, json, place, value);
  case ICWS_CANDID_EMPTY:
    return icws_json_report(reader, place, ICWS_ERR_CANDID, "there are no values of type empty");
  default:
    return read_integer(reader, json, place, value);
  }
}

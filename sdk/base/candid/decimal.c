/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_value.h>

#include "candid/cursor.h"
#include "candid/number.h"
#include "decimal.h"

/* nat or int: which one the integer type |type| is a part of. */
static int wide_type(int type)
{
  return icws_candid_integer_is_signed(type) ? ICWS_CANDID_INT : ICWS_CANDID_NAT;
}

void icws_candid_value_put_decimal(const struct icws_candid_value *value, struct icws_buf *out)
{
  if (value->type == ICWS_CANDID_FLOAT32) {
    icws_decimal_put_float(value->as.float32, out);
    return;
  }
  if (value->type == ICWS_CANDID_FLOAT64) {
    icws_decimal_put_double(value->as.float64, out);
    return;
  }
  struct icws_candid_value wide = *value;
  if (icws_candid_fixed_size(value->type) != 0) {
    wide.type = wide_type(value->type);
    wide.count = 0;
  }
  icws_candid_number_put_decimal(&wide, out);
}

/* Whether |wide|, an int or nat, is in the range of the type of |bits| bits. */
static bool fits(const struct icws_candid_value *wide, unsigned bits)
{
  if (wide->count > 0)
    return false;
  if (wide->type == ICWS_CANDID_NAT)
    return wide->as.nat <= UINT64_MAX >> (64 - bits);
  int64_t greatest = INT64_MAX >> (64 - bits);
  return wide->as.integer >= -greatest - 1 && wide->as.integer <= greatest;
}

enum icws_error icws_candid_integer_from_digits(struct icws_candid_value *value, bool negative,
                                                struct icws_bytes digits, unsigned base,
                                                struct icws_arena *arena)
{
  unsigned bits = 8 * icws_candid_fixed_size(value->type);
  struct icws_candid_value wide = {.type = wide_type(value->type)};
  enum icws_error error = icws_candid_number_from_digits(&wide, negative, digits, base, arena);
  if (error != ICWS_OK)
    return error;
  if (bits != 0 && !fits(&wide, bits))
    return ICWS_ERR_CANDID;
  value->count = wide.count;
  value->as = wide.as;
  return ICWS_OK;
}

static bool are_digits(struct icws_bytes text)
{
  for (size_t i = 0; i < text.len; i++) {
    if (text.data[i] < '0' || text.data[i] > '9')
      return false;
  }
  return text.len > 0;
}

enum icws_error icws_candid_value_from_decimal(struct icws_candid_value *value,
                                               struct icws_bytes text, struct icws_arena *arena)
{
  bool negative = text.len > 0 && text.data[0] == '-';
  struct icws_bytes digits = negative ? icws_bytes_of(text.data + 1, text.len - 1) : text;
  if (!are_digits(digits))
    return ICWS_ERR_CANDID;
  return icws_candid_integer_from_digits(value, negative, digits, 10, arena);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_value.h>

#include <assert.h>

#include "candid_number.h"
#include "decimal.h"

/* The bits of the integer types of fixed size; 0 for nat and int. */
static unsigned bits_of(int type)
{
  switch (type) {
  case ICWS_CANDID_NAT8:
  case ICWS_CANDID_INT8:
    return 8;
  case ICWS_CANDID_NAT16:
  case ICWS_CANDID_INT16:
    return 16;
  case ICWS_CANDID_NAT32:
  case ICWS_CANDID_INT32:
    return 32;
  case ICWS_CANDID_NAT64:
  case ICWS_CANDID_INT64:
    return 64;
  default:
    assert(type == ICWS_CANDID_NAT || type == ICWS_CANDID_INT);
    return 0;
  }
}

static bool is_signed(int type)
{
  return type == ICWS_CANDID_INT || (type <= ICWS_CANDID_INT8 && type >= ICWS_CANDID_INT64);
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
  if (bits_of(value->type) != 0) {
    wide.type = is_signed(value->type) ? ICWS_CANDID_INT : ICWS_CANDID_NAT;
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
  unsigned bits = bits_of(value->type);
  struct icws_candid_value wide = {.type =
                                       is_signed(value->type) ? ICWS_CANDID_INT : ICWS_CANDID_NAT};
  if (!are_digits(digits))
    return ICWS_ERR_CANDID;
  enum icws_error error = icws_candid_number_from_digits(&wide, negative, digits, 10, arena);
  if (error != ICWS_OK)
    return error;
  if (bits != 0 && !fits(&wide, bits))
    return ICWS_ERR_CANDID;
  value->count = wide.count;
  value->as = wide.as;
  return ICWS_OK;
}

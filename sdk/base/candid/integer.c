/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/number.h"

#include <assert.h>

#define SHORT_BYTES 8

/* An integer of any kind as bytes in two's complement, the lowest first, of any length: beyond its
 * own bytes come those of its sign. */
struct integer {
  uint8_t short_bytes[SHORT_BYTES];
  const uint8_t *bytes;
  size_t count;
  bool negative;
};

bool icws_candid_integer_is_signed(int type)
{
  return type == ICWS_CANDID_INT || (type <= ICWS_CANDID_INT8 && type >= ICWS_CANDID_INT64);
}

static void read_integer(struct integer *integer, const struct icws_candid_value *value)
{
  assert(value->type <= ICWS_CANDID_NAT && value->type >= ICWS_CANDID_INT64);
  bool is_long =
      (value->type == ICWS_CANDID_NAT || value->type == ICWS_CANDID_INT) && value->count > 0;
  uint64_t bits = is_long ? 0 : value->as.nat; /* an int's bits are those of a nat */
  for (unsigned i = 0; i < SHORT_BYTES; i++)
    integer->short_bytes[i] = (uint8_t)(bits >> 8 * i);
  integer->bytes = is_long ? value->as.bytes : integer->short_bytes;
  integer->count = is_long ? value->count : SHORT_BYTES;
  integer->negative =
      icws_candid_integer_is_signed(value->type) && integer->bytes[integer->count - 1] >> 7 != 0;
}

static uint8_t byte_at(const struct integer *integer, size_t index)
{
  if (index < integer->count)
    return integer->bytes[index];
  return integer->negative ? 0xff : 0;
}

int icws_candid_integer_compare(const struct icws_candid_value *a,
                                const struct icws_candid_value *b)
{
  struct integer left;
  struct integer right;
  read_integer(&left, a);
  read_integer(&right, b);
  if (left.negative != right.negative)
    return left.negative ? -1 : 1;
  for (size_t i = left.count > right.count ? left.count : right.count; i-- > 0;) {
    int difference = byte_at(&left, i) - byte_at(&right, i);
    if (difference != 0)
      return difference;
  }
  return 0;
}

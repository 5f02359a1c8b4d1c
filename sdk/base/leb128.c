/* SPDX-License-Identifier: Apache-2.0 */
#include "leb128.h"

#define MORE 0x80 /* another byte follows */
#define SIGN 0x40 /* in the last byte of a signed number */
#define LOW 0x7f  /* the seven bits of the number */

void icws_leb128_put(struct icws_buf *buf, uint64_t value)
{
  for (; value > LOW; value >>= 7)
    icws_buf_put_u8(buf, (uint8_t)(value & LOW) | MORE);
  icws_buf_put_u8(buf, (uint8_t)value);
}

void icws_sleb128_put(struct icws_buf *buf, int64_t value)
{
  /* The bits of a negative number, flipped, are those of a small positive one; so both kinds are
   * shifted without regard to how the compiler shifts negative numbers. */
  uint64_t flip = value < 0 ? UINT64_MAX : 0;
  uint64_t rest = (uint64_t)value ^ flip;
  for (; rest >= SIGN; rest >>= 7)
    icws_buf_put_u8(buf, (uint8_t)((rest ^ flip) & LOW) | MORE);
  icws_buf_put_u8(buf, (uint8_t)((rest ^ flip) & LOW));
}

bool icws_leb128_skip(struct icws_bytes input, size_t *offset)
{
  size_t at = *offset;
  while (at < input.len && (input.data[at] & MORE) != 0)
    at++;
  if (at >= input.len)
    return false;
  *offset = at + 1;
  return true;
}

bool icws_leb128_get(struct icws_bytes input, size_t *offset, uint64_t *value)
{
  size_t end = *offset;
  if (!icws_leb128_skip(input, &end))
    return false;
  uint64_t result = 0;
  unsigned shift = 0;
  for (size_t at = *offset; at < end; at++) {
    uint64_t bits = input.data[at] & LOW;
    /* The tenth byte has room for one bit, later ones for none. */
    if (shift > 63 ? bits != 0 : bits << shift >> shift != bits)
      return false;
    if (shift <= 63) {
      result |= bits << shift;
      shift += 7;
    }
  }
  *offset = end;
  *value = result;
  return true;
}

bool icws_sleb128_get(struct icws_bytes input, size_t *offset, int64_t *value)
{
  size_t end = *offset;
  if (!icws_leb128_skip(input, &end))
    return false;
  /* A negative number is read as the positive one that has all bits flipped. */
  bool negative = (input.data[end - 1] & SIGN) != 0;
  uint8_t flip = negative ? LOW : 0;
  uint64_t result = 0;
  unsigned shift = 0;
  for (size_t at = *offset; at < end; at++) {
    uint64_t bits = (uint64_t)((input.data[at] & LOW) ^ flip);
    /* 63 bits beside the sign are nine whole bytes; the tenth has the sign alone. */
    if (shift >= 63 && bits != 0)
      return false;
    if (shift < 63) {
      result |= bits << shift;
      shift += 7;
    }
  }
  *offset = end;
  *value = negative ? -(int64_t)result - 1 : (int64_t)result;
  return true;
}

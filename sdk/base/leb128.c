/* SPDX-License-Identifier: Apache-2.0 */
#include "leb128.h"

#define MORE 0x80 /* another byte follows */
#define SIGN 0x40 /* in the last byte of a signed number */
#define LOW 0x7f  /* the seven bits of the number */

size_t icws_leb128_encode(uint64_t value, uint8_t out[ICWS_LEB128_MAX_BYTES])
{
  size_t len = 0;
  for (; value > LOW; value >>= 7)
    out[len++] = (uint8_t)((value & LOW) | MORE);
  out[len++] = (uint8_t)value;
  return len;
}

void icws_leb128_put(struct icws_buf *buf, uint64_t value)
{
  uint8_t bytes[ICWS_LEB128_MAX_BYTES];
  icws_buf_put(buf, bytes, icws_leb128_encode(value, bytes));
}

/* A negative number with all bits flipped is one from zero up: so both kinds are treated alike, and
 * nothing hangs on how a compiler shifts negative numbers. */
void icws_sleb128_put(struct icws_buf *buf, int64_t value)
{
  uint64_t flip = value < 0 ? UINT64_MAX : 0;
  uint64_t rest = (uint64_t)value ^ flip;
  for (; rest >= SIGN; rest >>= 7)
    icws_buf_put_u8(buf, (uint8_t)(((rest ^ flip) & LOW) | MORE));
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

/* Adds up the seven bits of each of |count| bytes, flipped by |flip|; false if they are more than
 * |width| bits. */
static bool gather(const uint8_t *bytes, size_t count, uint8_t flip, unsigned width,
                   uint64_t *value)
{
  uint64_t result = 0;
  if (count > ICWS_LEB128_MAX_BYTES)
    return false;
  for (size_t i = 0; i < count; i++) {
    uint64_t bits = (bytes[i] & LOW) ^ flip;
    unsigned shift = (unsigned)i * 7;
    if (shift + 7 > width && bits >> (width - shift) != 0)
      return false;
    result |= bits << shift;
  }
  *value = result;
  return true;
}

bool icws_leb128_get(struct icws_bytes input, size_t *offset, uint64_t *value)
{
  size_t end = *offset;
  if (!icws_leb128_skip(input, &end) || !gather(input.data + *offset, end - *offset, 0, 64, value))
    return false;
  *offset = end;
  return true;
}

bool icws_sleb128_get(struct icws_bytes input, size_t *offset, int64_t *value)
{
  size_t end = *offset;
  if (!icws_leb128_skip(input, &end))
    return false;
  bool negative = (input.data[end - 1] & SIGN) != 0;
  uint64_t bits;
  if (!gather(input.data + *offset, end - *offset, negative ? LOW : 0, 63, &bits))
    return false;
  *offset = end;
  *value = negative ? -(int64_t)bits - 1 : (int64_t)bits;
  return true;
}

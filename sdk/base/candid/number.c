/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/number.h"

#include <assert.h>
#include <string.h>

#include "hex_digit.h"
#include "leb128.h"

/*
 * A number in here is a run of 32-bit limbs, the lowest first, in two's complement: the top bit of
 * the last limb is the sign.  A nat gets one limb more than it needs, so that its sign is zero.  The
 * limbs live on the stack: their number is bounded.
 */
#define LIMB_BITS 32
#define LIMB_BYTES 4
#define SHORT_BYTES 8 /* what |as.nat| and |as.integer| hold */
#define MAX_LIMBS (ICWS_CANDID_NUMBER_MAX_BYTES / LIMB_BYTES + 2)

#define LEB_BITS 7
#define LEB_MORE 0x80
#define LEB_SIGN 0x40
#define LEB_LOW 0x7f

struct number {
  uint32_t limbs[MAX_LIMBS];
  size_t count;
};

static bool is_signed(const struct icws_candid_value *value)
{
  assert(value->type == ICWS_CANDID_NAT || value->type == ICWS_CANDID_INT);
  return value->type == ICWS_CANDID_INT;
}

static bool is_negative(const struct number *number)
{
  return number->limbs[number->count - 1] >> (LIMB_BITS - 1) != 0;
}

static void negate(struct number *number)
{
  uint64_t carry = 1;
  for (size_t i = 0; i < number->count; i++) {
    carry += (uint32_t)~number->limbs[i];
    number->limbs[i] = (uint32_t)carry;
    carry >>= LIMB_BITS;
  }
}

static uint8_t byte_at(const struct number *number, size_t index)
{
  return (uint8_t)(number->limbs[index / LIMB_BYTES] >> index % LIMB_BYTES * 8);
}

/* --- Between numbers and values ---------------------------------------------------------------- */

/* How many bytes say the same: without the upper ones that only repeat the sign.  Those of a nat have
 * no sign. */
static size_t needed_bytes(const struct number *number, bool with_sign)
{
  uint8_t filler = is_negative(number) ? 0xff : 0;
  size_t count = number->count * LIMB_BYTES;
  while (count > 1 && byte_at(number, count - 1) == filler)
    count--;
  if (with_sign && (byte_at(number, count - 1) ^ filler) >> 7 != 0)
    count++;
  return count;
}

static uint64_t low_bits(const struct number *number)
{
  uint32_t filler = is_negative(number) ? UINT32_MAX : 0;
  uint32_t high = number->count > 1 ? number->limbs[1] : filler;
  return (uint64_t)high << LIMB_BITS | number->limbs[0];
}

static int64_t to_signed(uint64_t bits)
{
  return bits >> 63 != 0 ? -(int64_t)~bits - 1 : (int64_t)bits;
}

static enum icws_error store(struct icws_candid_value *value, const struct number *number,
                             struct icws_arena *arena)
{
  size_t count = needed_bytes(number, is_signed(value));
  value->count = 0;
  if (count <= SHORT_BYTES && is_signed(value)) {
    value->as.integer = to_signed(low_bits(number));
    return ICWS_OK;
  }
  if (count <= SHORT_BYTES) {
    value->as.nat = low_bits(number);
    return ICWS_OK;
  }
  if (count > ICWS_CANDID_NUMBER_MAX_BYTES)
    return ICWS_ERR_LIMIT;
  uint8_t *bytes = icws_arena_alloc(arena, count);
  if (bytes == NULL)
    return icws_arena_error(arena);
  for (size_t i = 0; i < count; i++)
    bytes[i] = byte_at(number, i);
  value->count = (uint32_t)count;
  value->as.bytes = bytes;
  return ICWS_OK;
}

static void load_bytes(struct number *number, const uint8_t *bytes, size_t count, bool negative)
{
  assert(count <= ICWS_CANDID_NUMBER_MAX_BYTES);
  number->count = count / LIMB_BYTES + 1;
  memset(number->limbs, negative ? 0xff : 0, number->count * sizeof(number->limbs[0]));
  for (size_t i = 0; i < count; i++) {
    unsigned shift = (unsigned)(i % LIMB_BYTES) * 8;
    uint32_t *limb = &number->limbs[i / LIMB_BYTES];
    *limb = (*limb & ~((uint32_t)0xff << shift)) | (uint32_t)bytes[i] << shift;
  }
}

static void load(struct number *number, const struct icws_candid_value *value)
{
  uint8_t bytes[SHORT_BYTES];
  uint64_t bits = is_signed(value) ? (uint64_t)value->as.integer : value->as.nat;
  if (value->count > 0) {
    bool negative = is_signed(value) && value->as.bytes[value->count - 1] >> 7 != 0;
    load_bytes(number, value->as.bytes, value->count, negative);
    return;
  }
  for (unsigned i = 0; i < SHORT_BYTES; i++)
    bytes[i] = (uint8_t)(bits >> 8 * i);
  load_bytes(number, bytes, SHORT_BYTES, is_signed(value) && bits >> 63 != 0);
}

/* --- LEB128 ------------------------------------------------------------------------------------ */

/* Encodings may be longer than they need to be: bytes at the end that only repeat the sign. */
static size_t significant_bytes(struct icws_bytes leb, bool negative)
{
  uint8_t filler = negative ? LEB_LOW : 0;
  size_t count = leb.len;
  while (count > 1 && (leb.data[count - 1] & LEB_LOW) == filler)
    count--;
  return count;
}

static void or_bits(struct number *number, size_t position, uint32_t bits)
{
  size_t index = position / LIMB_BITS;
  unsigned shift = (unsigned)(position % LIMB_BITS);
  number->limbs[index] |= bits << shift;
  if (shift > LIMB_BITS - LEB_BITS)
    number->limbs[index + 1] |= bits >> (LIMB_BITS - shift);
}

/* The bits of a negative number are gathered flipped: what is above them then is zero. */
static enum icws_error gather(struct icws_candid_value *value, struct icws_bytes leb, bool negative,
                              struct icws_arena *arena)
{
  struct number number;
  size_t count = significant_bytes(leb, negative);
  uint8_t flip = negative ? LEB_LOW : 0;
  if (count > (size_t)ICWS_CANDID_NUMBER_MAX_BYTES * 8 / LEB_BITS + 1)
    return ICWS_ERR_LIMIT;
  number.count = count * LEB_BITS / LIMB_BITS + 2;
  memset(number.limbs, 0, number.count * sizeof(number.limbs[0]));
  for (size_t i = 0; i < count; i++)
    or_bits(&number, i * LEB_BITS, (uint32_t)((leb.data[i] & LEB_LOW) ^ flip));
  for (size_t i = 0; negative && i < number.count; i++)
    number.limbs[i] = ~number.limbs[i];
  return store(value, &number, arena);
}

enum icws_error icws_candid_number_from_leb(struct icws_candid_value *value, struct icws_bytes leb,
                                            bool leb_is_signed, struct icws_arena *arena)
{
  size_t offset = 0;
  bool negative = leb_is_signed && (leb.data[leb.len - 1] & LEB_SIGN) != 0;
  assert(is_signed(value) || !leb_is_signed);
  value->count = 0;
  if (leb_is_signed && icws_sleb128_get(leb, &offset, &value->as.integer))
    return ICWS_OK;
  if (!is_signed(value) && icws_leb128_get(leb, &offset, &value->as.nat))
    return ICWS_OK;
  return gather(value, leb, negative, arena);
}

static uint8_t leb_bits_at(const struct number *number, size_t position)
{
  uint32_t filler = is_negative(number) ? UINT32_MAX : 0;
  size_t index = position / LIMB_BITS;
  unsigned shift = (unsigned)(position % LIMB_BITS);
  uint32_t low = index < number->count ? number->limbs[index] : filler;
  uint32_t high = index + 1 < number->count ? number->limbs[index + 1] : filler;
  uint64_t pair = (uint64_t)high << LIMB_BITS | low;
  return (uint8_t)(pair >> shift & LEB_LOW);
}

/* The bits that a number needs, without a sign. */
static size_t needed_bits(const struct number *number)
{
  uint8_t filler = is_negative(number) ? 0xff : 0;
  size_t count = needed_bytes(number, false);
  size_t bits = (count - 1) * 8;
  for (unsigned top = byte_at(number, count - 1) ^ filler; top != 0; top >>= 1)
    bits++;
  return bits;
}

void icws_candid_number_put_leb(const struct icws_candid_value *value, struct icws_buf *out)
{
  struct number number;
  if (value->count == 0 && is_signed(value)) {
    icws_sleb128_put(out, value->as.integer);
    return;
  }
  if (value->count == 0) {
    icws_leb128_put(out, value->as.nat);
    return;
  }
  load(&number, value);
  size_t bits = needed_bits(&number) + (is_signed(value) ? 1 : 0);
  for (size_t position = 0; position < bits; position += LEB_BITS) {
    uint8_t more = position + LEB_BITS < bits ? LEB_MORE : 0;
    icws_buf_put_u8(out, leb_bits_at(&number, position) | more);
  }
}

/* --- Digits ------------------------------------------------------------------------------------ */

/* number = number * factor + addend, which are small; false if it gets too large. */
static bool multiply_add(struct number *number, uint32_t factor, uint32_t addend)
{
  uint64_t carry = addend;
  for (size_t i = 0; i < number->count; i++) {
    carry += (uint64_t)number->limbs[i] * factor;
    number->limbs[i] = (uint32_t)carry;
    carry >>= LIMB_BITS;
  }
  if (carry == 0)
    return true;
  if (number->count == MAX_LIMBS - 1)
    return false;
  number->limbs[number->count++] = (uint32_t)carry;
  return true;
}

static enum icws_error gather_digits(struct number *number, struct icws_bytes digits, unsigned base)
{
  bool after_digit = false;
  number->count = 1;
  number->limbs[0] = 0;
  for (size_t i = 0; i < digits.len; i++) {
    int digit = icws_hex_digit(digits.data[i]);
    if (digits.data[i] == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    if (digit < 0 || (unsigned)digit >= base)
      return ICWS_ERR_CANDID;
    if (!multiply_add(number, base, (uint32_t)digit))
      return ICWS_ERR_LIMIT;
    after_digit = true;
  }
  return after_digit ? ICWS_OK : ICWS_ERR_CANDID;
}

enum icws_error icws_candid_number_from_digits(struct icws_candid_value *value, bool negative,
                                               struct icws_bytes digits, unsigned base,
                                               struct icws_arena *arena)
{
  struct number number;
  enum icws_error error = gather_digits(&number, digits, base);
  if (error != ICWS_OK)
    return error;
  number.limbs[number.count++] = 0; /* the sign */
  if (negative)
    negate(&number);
  if (is_negative(&number) && !is_signed(value))
    return ICWS_ERR_CANDID;
  return store(value, &number, arena);
}

#define CHUNK 1000000000u /* the greatest power of ten in a limb */
#define CHUNK_DIGITS 9
#define MAX_DIGITS (ICWS_CANDID_NUMBER_MAX_BYTES * 5 / 2) /* a byte makes fewer than 2.41 */

/* number = number / CHUNK; returns what is left over. */
static uint32_t divide(struct number *number)
{
  uint64_t rest = 0;
  for (size_t i = number->count; i-- > 0;) {
    rest = rest << LIMB_BITS | number->limbs[i];
    number->limbs[i] = (uint32_t)(rest / CHUNK);
    rest %= CHUNK;
  }
  while (number->count > 1 && number->limbs[number->count - 1] == 0)
    number->count--;
  return (uint32_t)rest;
}

void icws_candid_number_put_decimal(const struct icws_candid_value *value, struct icws_buf *out)
{
  struct number number;
  char digits[MAX_DIGITS + CHUNK_DIGITS];
  size_t at = sizeof(digits);
  load(&number, value);
  if (is_signed(value) && is_negative(&number)) {
    negate(&number);
    icws_buf_put_u8(out, '-');
  }
  do {
    uint32_t chunk = divide(&number);
    for (unsigned i = 0; i < CHUNK_DIGITS; i++, chunk /= 10)
      digits[--at] = (char)('0' + chunk % 10);
  } while (number.count > 1 || number.limbs[0] > 0);
  while (digits[at] == '0' && at + 1 < sizeof(digits))
    at++;
  icws_buf_put(out, digits + at, sizeof(digits) - at);
}

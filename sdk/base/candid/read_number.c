/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "candid/number.h"
#include "candid/table.h"

/* --- Numbers of a fixed size ------------------------------------------------------------------- */

enum icws_error icws_candid_read_nat8(struct icws_candid_reader *reader, int type, uint8_t *value)
{
  uint64_t bits;
  if (icws_candid_expect(reader, type, ICWS_CANDID_NAT8, "a value is not a nat8") &&
      icws_candid_take_fixed(reader, sizeof(*value), &bits))
    *value = (uint8_t)bits;
  return reader->error;
}

enum icws_error icws_candid_read_nat16(struct icws_candid_reader *reader, int type, uint16_t *value)
{
  uint64_t bits;
  if (icws_candid_expect(reader, type, ICWS_CANDID_NAT16, "a value is not a nat16") &&
      icws_candid_take_fixed(reader, sizeof(*value), &bits))
    *value = (uint16_t)bits;
  return reader->error;
}

enum icws_error icws_candid_read_nat32(struct icws_candid_reader *reader, int type, uint32_t *value)
{
  uint64_t bits;
  if (icws_candid_expect(reader, type, ICWS_CANDID_NAT32, "a value is not a nat32") &&
      icws_candid_take_fixed(reader, sizeof(*value), &bits))
    *value = (uint32_t)bits;
  return reader->error;
}

enum icws_error icws_candid_read_nat64(struct icws_candid_reader *reader, int type, uint64_t *value)
{
  uint64_t bits;
  if (icws_candid_expect(reader, type, ICWS_CANDID_NAT64, "a value is not a nat64") &&
      icws_candid_take_fixed(reader, sizeof(*value), &bits))
    *value = bits;
  return reader->error;
}

enum icws_error icws_candid_read_int8(struct icws_candid_reader *reader, int type, int8_t *value)
{
  int64_t number;
  if (icws_candid_expect(reader, type, ICWS_CANDID_INT8, "a value is not an int8") &&
      icws_candid_take_signed(reader, sizeof(*value), &number))
    *value = (int8_t)number;
  return reader->error;
}

enum icws_error icws_candid_read_int16(struct icws_candid_reader *reader, int type, int16_t *value)
{
  int64_t number;
  if (icws_candid_expect(reader, type, ICWS_CANDID_INT16, "a value is not an int16") &&
      icws_candid_take_signed(reader, sizeof(*value), &number))
    *value = (int16_t)number;
  return reader->error;
}

enum icws_error icws_candid_read_int32(struct icws_candid_reader *reader, int type, int32_t *value)
{
  int64_t number;
  if (icws_candid_expect(reader, type, ICWS_CANDID_INT32, "a value is not an int32") &&
      icws_candid_take_signed(reader, sizeof(*value), &number))
    *value = (int32_t)number;
  return reader->error;
}

enum icws_error icws_candid_read_int64(struct icws_candid_reader *reader, int type, int64_t *value)
{
  int64_t number;
  if (icws_candid_expect(reader, type, ICWS_CANDID_INT64, "a value is not an int64") &&
      icws_candid_take_signed(reader, sizeof(*value), &number))
    *value = number;
  return reader->error;
}

enum icws_error icws_candid_read_float32(struct icws_candid_reader *reader, int type, float *value)
{
  uint64_t bits;
  if (!icws_candid_expect(reader, type, ICWS_CANDID_FLOAT32, "a value is not a float32") ||
      !icws_candid_take_fixed(reader, sizeof(*value), &bits))
    return reader->error;
  uint32_t low = (uint32_t)bits;
  memcpy(value, &low, sizeof(low));
  return ICWS_OK;
}

enum icws_error icws_candid_read_float64(struct icws_candid_reader *reader, int type, double *value)
{
  uint64_t bits;
  if (icws_candid_expect(reader, type, ICWS_CANDID_FLOAT64, "a value is not a float64") &&
      icws_candid_take_fixed(reader, sizeof(*value), &bits))
    memcpy(value, &bits, sizeof(bits));
  return reader->error;
}

/* --- Numbers of any size ----------------------------------------------------------------------- */

/* Reads a nat or int, whichever |value| is, and takes a nat as an int, too. */
static enum icws_error read_number(struct icws_candid_reader *reader, int type,
                                   struct icws_arena *arena, const char *too_large,
                                   struct icws_candid_value *value)
{
  struct icws_bytes leb;
  if (type != ICWS_CANDID_NAT && type != value->type)
    return icws_candid_fail(
        reader, value->type == ICWS_CANDID_NAT ? "a value is not a nat" : "a value is not an int",
        NULL);
  if (!icws_candid_take_leb(reader, &leb))
    return reader->error;
  enum icws_error error = icws_candid_number_from_leb(value, leb, type == ICWS_CANDID_INT, arena);
  if (error == ICWS_ERR_LIMIT)
    return icws_candid_limit(reader, too_large);
  if (error != ICWS_OK) {
    reader->error = error;
    reader->reason = "no memory for a number";
  }
  return error;
}

/* What 64 bits can hold needs no memory, so that the arena for it has none to give. */
static enum icws_error read_short(struct icws_candid_reader *reader, int type,
                                  struct icws_candid_value *value)
{
  struct icws_arena none;
  icws_arena_init(&none, 1, NULL);
  return read_number(reader, type, &none, "a number does not fit into 64 bits", value);
}

enum icws_error icws_candid_read_nat(struct icws_candid_reader *reader, int type, uint64_t *value)
{
  struct icws_candid_value nat = {.type = ICWS_CANDID_NAT};
  if (read_short(reader, type, &nat) == ICWS_OK)
    *value = nat.as.nat;
  return reader->error;
}

enum icws_error icws_candid_read_int(struct icws_candid_reader *reader, int type, int64_t *value)
{
  struct icws_candid_value integer = {.type = ICWS_CANDID_INT};
  if (read_short(reader, type, &integer) == ICWS_OK)
    *value = integer.as.integer;
  return reader->error;
}

static const char too_many_digits[] = "a number has too many digits";

enum icws_error icws_candid_read_big_nat(struct icws_candid_reader *reader, int type,
                                         struct icws_arena *arena, struct icws_candid_nat *nat)
{
  struct icws_candid_value value = {.type = ICWS_CANDID_NAT};
  if (read_number(reader, type, arena, too_many_digits, &value) == ICWS_OK)
    *nat = icws_candid_value_nat(&value);
  return reader->error;
}

enum icws_error icws_candid_read_big_int(struct icws_candid_reader *reader, int type,
                                         struct icws_arena *arena, struct icws_candid_int *integer)
{
  struct icws_candid_value value = {.type = ICWS_CANDID_INT};
  if (read_number(reader, type, arena, too_many_digits, &value) == ICWS_OK)
    *integer = icws_candid_value_int(&value);
  return reader->error;
}

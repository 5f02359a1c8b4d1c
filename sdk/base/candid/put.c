/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "candid/number.h"
#include "candid/writer.h"
#include "leb128.h"

#define TRANSPARENT 1 /* the flag in front of a reference that is given by its bytes */

/* --- Numbers of a fixed size ------------------------------------------------------------------- */

/* Numbers are little-endian, and two's complement where they have a sign. */
void icws_candid_put_fixed(struct icws_buf *out, uint64_t bits, unsigned size)
{
  uint8_t bytes[8];
  for (unsigned i = 0; i < size; i++)
    bytes[i] = (uint8_t)(bits >> 8 * i);
  icws_buf_put(out, bytes, size);
}

void icws_candid_put_bool(struct icws_candid_writer *writer, bool value)
{
  icws_buf_put_u8(writer->out, value ? 1 : 0);
}

void icws_candid_put_nat8(struct icws_candid_writer *writer, uint8_t value)
{
  icws_candid_put_fixed(writer->out, value, 1);
}

void icws_candid_put_nat16(struct icws_candid_writer *writer, uint16_t value)
{
  icws_candid_put_fixed(writer->out, value, 2);
}

void icws_candid_put_nat32(struct icws_candid_writer *writer, uint32_t value)
{
  icws_candid_put_fixed(writer->out, value, 4);
}

void icws_candid_put_nat64(struct icws_candid_writer *writer, uint64_t value)
{
  icws_candid_put_fixed(writer->out, value, 8);
}

void icws_candid_put_int8(struct icws_candid_writer *writer, int8_t value)
{
  icws_candid_put_fixed(writer->out, (uint64_t)value, 1);
}

void icws_candid_put_int16(struct icws_candid_writer *writer, int16_t value)
{
  icws_candid_put_fixed(writer->out, (uint64_t)value, 2);
}

void icws_candid_put_int32(struct icws_candid_writer *writer, int32_t value)
{
  icws_candid_put_fixed(writer->out, (uint64_t)value, 4);
}

void icws_candid_put_int64(struct icws_candid_writer *writer, int64_t value)
{
  icws_candid_put_fixed(writer->out, (uint64_t)value, 8);
}

void icws_candid_put_float32(struct icws_candid_writer *writer, float value)
{
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  icws_candid_put_fixed(writer->out, bits, sizeof(bits));
}

void icws_candid_put_float64(struct icws_candid_writer *writer, double value)
{
  uint64_t bits;
  memcpy(&bits, &value, sizeof(bits));
  icws_candid_put_fixed(writer->out, bits, sizeof(bits));
}

/* --- Numbers of any size ----------------------------------------------------------------------- */

void icws_candid_put_nat(struct icws_candid_writer *writer, uint64_t value)
{
  icws_leb128_put(writer->out, value);
}

void icws_candid_put_int(struct icws_candid_writer *writer, int64_t value)
{
  icws_sleb128_put(writer->out, value);
}

static void put_large(struct icws_candid_writer *writer, int type, struct icws_bytes large)
{
  if (large.len > ICWS_CANDID_NUMBER_MAX_BYTES) {
    icws_buf_fail(writer->out, ICWS_ERR_LIMIT);
    return;
  }
  const struct icws_candid_value value = {
      .type = type, .count = (uint32_t)large.len, .as.bytes = large.data};
  icws_candid_number_put_leb(&value, writer->out);
}

void icws_candid_put_big_nat(struct icws_candid_writer *writer, const struct icws_candid_nat *nat)
{
  if (nat->large.len == 0)
    icws_candid_put_nat(writer, nat->value);
  else
    put_large(writer, ICWS_CANDID_NAT, nat->large);
}

void icws_candid_put_big_int(struct icws_candid_writer *writer,
                             const struct icws_candid_int *integer)
{
  if (integer->large.len == 0)
    icws_candid_put_int(writer, integer->value);
  else
    put_large(writer, ICWS_CANDID_INT, integer->large);
}

/* --- Bytes ------------------------------------------------------------------------------------- */

void icws_candid_put_text(struct icws_candid_writer *writer, struct icws_bytes utf8)
{
  icws_candid_put_counted(writer->out, utf8);
}

void icws_candid_put_blob(struct icws_candid_writer *writer, struct icws_bytes bytes)
{
  icws_candid_put_counted(writer->out, bytes);
}

void icws_candid_put_reference(struct icws_buf *out, struct icws_bytes principal)
{
  icws_buf_put_u8(out, TRANSPARENT);
  icws_candid_put_counted(out, principal);
}

void icws_candid_put_method(struct icws_buf *out, struct icws_bytes service,
                            struct icws_bytes method)
{
  icws_buf_put_u8(out, TRANSPARENT);
  icws_candid_put_reference(out, service);
  icws_candid_put_counted(out, method);
}

void icws_candid_put_principal(struct icws_candid_writer *writer,
                               const struct icws_principal *principal)
{
  icws_candid_put_reference(writer->out, icws_principal_bytes(principal));
}

void icws_candid_put_service(struct icws_candid_writer *writer,
                             const struct icws_principal *principal)
{
  icws_candid_put_principal(writer, principal);
}

void icws_candid_put_func(struct icws_candid_writer *writer,
                          const struct icws_candid_method *method)
{
  icws_candid_put_method(writer->out, icws_principal_bytes(&method->service), method->name);
}

/* --- Parts of values --------------------------------------------------------------------------- */

void icws_candid_put_index(struct icws_candid_writer *writer, uint64_t index)
{
  icws_leb128_put(writer->out, index);
}

void icws_candid_put_present(struct icws_candid_writer *writer, bool present)
{
  icws_candid_put_bool(writer, present);
}

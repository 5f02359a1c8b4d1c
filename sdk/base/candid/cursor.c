/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/cursor.h"

#include "leb128.h"
#include "utf8.h"

#define TRANSPARENT 1 /* the flag in front of a reference that is given by its bytes */

enum icws_error icws_candid_limit(struct icws_candid_reader *reader, const char *reason)
{
  if (reader->error == ICWS_OK) {
    reader->error = ICWS_ERR_LIMIT;
    reader->reason = reason;
  }
  return reader->error;
}

bool icws_candid_step(struct icws_candid_reader *reader, uint64_t count)
{
  if (count > reader->steps) {
    icws_candid_limit(reader, "the message takes too many steps to read");
    return false;
  }
  reader->steps -= count;
  return reader->error == ICWS_OK;
}

bool icws_candid_take_number(struct icws_candid_reader *reader, uint64_t *value)
{
  if (reader->error == ICWS_OK && !icws_leb128_get(reader->input, &reader->offset, value))
    icws_candid_fail(reader, "a number is cut off or too large", NULL);
  return reader->error == ICWS_OK;
}

bool icws_candid_take_bytes(struct icws_candid_reader *reader, uint64_t len,
                            struct icws_bytes *bytes)
{
  if (reader->error == ICWS_OK && len > reader->input.len - reader->offset)
    icws_candid_fail(reader, "the message ends within a value", NULL);
  if (reader->error != ICWS_OK)
    return false;
  *bytes = icws_bytes_of(reader->input.data + reader->offset, (size_t)len);
  reader->offset += (size_t)len;
  return true;
}

bool icws_candid_take_text(struct icws_candid_reader *reader, struct icws_bytes *utf8)
{
  uint64_t len;
  struct icws_bytes text;
  if (!icws_candid_take_number(reader, &len) || !icws_candid_take_bytes(reader, len, &text))
    return false;
  if (!icws_utf8_valid(text)) {
    icws_candid_fail(reader, "a text is not UTF-8", NULL);
    return false;
  }
  *utf8 = text;
  return true;
}

bool icws_candid_take_leb(struct icws_candid_reader *reader, struct icws_bytes *leb)
{
  size_t start = reader->offset;
  if (reader->error == ICWS_OK && !icws_leb128_skip(reader->input, &reader->offset))
    icws_candid_fail(reader, "a number is cut off", NULL);
  *leb = icws_bytes_of(reader->input.data + start, reader->offset - start);
  return reader->error == ICWS_OK;
}

bool icws_candid_take_fixed(struct icws_candid_reader *reader, unsigned size, uint64_t *bits)
{
  struct icws_bytes bytes;
  if (!icws_candid_take_bytes(reader, size, &bytes))
    return false;
  *bits = 0;
  for (size_t i = bytes.len; i-- > 0;)
    *bits = *bits << 8 | bytes.data[i];
  return true;
}

bool icws_candid_take_signed(struct icws_candid_reader *reader, unsigned size, int64_t *value)
{
  uint64_t bits;
  if (!icws_candid_take_fixed(reader, size, &bits))
    return false;
  uint64_t sign = UINT64_C(1) << (8 * size - 1);
  uint64_t magnitude = ~bits & (sign - 1); /* of a negative number, less one */
  *value = (bits & sign) == 0 ? (int64_t)bits : -(int64_t)magnitude - 1;
  return true;
}

static bool take_flag(struct icws_candid_reader *reader, const char *reason)
{
  struct icws_bytes flag;
  if (!icws_candid_take_bytes(reader, 1, &flag))
    return false;
  if (flag.data[0] != TRANSPARENT)
    icws_candid_fail(reader, reason, NULL);
  return reader->error == ICWS_OK;
}

bool icws_candid_take_principal(struct icws_candid_reader *reader, struct icws_bytes *principal)
{
  uint64_t len;
  struct icws_bytes bytes;
  if (!take_flag(reader, "a principal is an opaque reference") ||
      !icws_candid_take_number(reader, &len) || !icws_candid_take_bytes(reader, len, &bytes))
    return false;
  if (bytes.len > ICWS_PRINCIPAL_MAX_BYTES)
    icws_candid_fail(reader, "a principal is too long", NULL);
  *principal = bytes;
  return reader->error == ICWS_OK;
}

/* A function is a service's principal and a method's name. */
bool icws_candid_take_func(struct icws_candid_reader *reader, struct icws_bytes *service,
                           struct icws_bytes *method)
{
  return take_flag(reader, "a function is an opaque reference") &&
         icws_candid_take_principal(reader, service) && icws_candid_take_text(reader, method);
}

/* Only values of these types, and records of nothing else, can do without a byte. */
static bool may_be_empty(int constructor)
{
  return constructor == ICWS_CANDID_NULL || constructor == ICWS_CANDID_RESERVED ||
         constructor == ICWS_CANDID_RECORD;
}

bool icws_candid_take_vec_count(struct icws_candid_reader *reader, int item_constructor,
                                uint64_t *count)
{
  uint64_t items;
  if (!icws_candid_take_number(reader, &items))
    return false;
  size_t left = reader->input.len - reader->offset;
  if (items > left && !may_be_empty(item_constructor))
    icws_candid_fail(reader, "a vec has more items than there are bytes", NULL);
  else if (items > left && items - left > reader->steps)
    icws_candid_limit(reader, "a vec has too many items without bytes");
  if (reader->error == ICWS_OK)
    *count = items;
  return reader->error == ICWS_OK;
}

unsigned icws_candid_fixed_size(int type)
{
  switch (type) {
  case ICWS_CANDID_NAT8:
  case ICWS_CANDID_INT8:
    return 1;
  case ICWS_CANDID_NAT16:
  case ICWS_CANDID_INT16:
    return 2;
  case ICWS_CANDID_NAT32:
  case ICWS_CANDID_INT32:
  case ICWS_CANDID_FLOAT32:
    return 4;
  case ICWS_CANDID_NAT64:
  case ICWS_CANDID_INT64:
  case ICWS_CANDID_FLOAT64:
    return 8;
  default:
    return 0;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/cbor.h>

#include <string.h>

/* Major types and simple values, already in the upper bits (RFC 8949, section 3). */
enum {
  MAJOR_UINT = 0 << 5,
  MAJOR_BYTES = 2 << 5,
  MAJOR_TEXT = 3 << 5,
  MAJOR_ARRAY = 4 << 5,
  MAJOR_MAP = 5 << 5,
  MAJOR_TAG = 6 << 5,
  SIMPLE_FALSE = 7 << 5 | 20,
  SIMPLE_TRUE = 7 << 5 | 21,
};

#define SELF_DESCRIBE_TAG 55799

/* An initial byte and its argument in the shortest form. */
static void put_head(struct icws_buf *buf, unsigned major, uint64_t argument)
{
  unsigned size; /* bytes of the argument */
  unsigned info; /* the low bits of the initial byte */
  if (argument < 24) {
    size = 0;
    info = (unsigned)argument;
  } else if (argument <= UINT8_MAX) {
    size = 1;
    info = 24;
  } else if (argument <= UINT16_MAX) {
    size = 2;
    info = 25;
  } else if (argument <= UINT32_MAX) {
    size = 4;
    info = 26;
  } else {
    size = 8;
    info = 27;
  }
  uint8_t head[9] = {(uint8_t)(major | info)};
  for (unsigned i = 0; i < size; i++)
    head[1 + i] = (uint8_t)(argument >> 8 * (size - 1 - i));
  icws_buf_put(buf, head, 1 + size);
}

void icws_cbor_put_self_describe(struct icws_buf *buf)
{
  put_head(buf, MAJOR_TAG, SELF_DESCRIBE_TAG);
}

void icws_cbor_put_uint(struct icws_buf *buf, uint64_t value)
{
  put_head(buf, MAJOR_UINT, value);
}

void icws_cbor_put_bytes(struct icws_buf *buf, struct icws_bytes bytes)
{
  put_head(buf, MAJOR_BYTES, bytes.len);
  icws_buf_put(buf, bytes.data, bytes.len);
}

void icws_cbor_put_text(struct icws_buf *buf, struct icws_bytes utf8)
{
  put_head(buf, MAJOR_TEXT, utf8.len);
  icws_buf_put(buf, utf8.data, utf8.len);
}

void icws_cbor_put_bool(struct icws_buf *buf, bool value)
{
  icws_buf_put_u8(buf, value ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void icws_cbor_put_array(struct icws_buf *buf, uint64_t count)
{
  put_head(buf, MAJOR_ARRAY, count);
}

void icws_cbor_put_map(struct icws_buf *buf, uint64_t count)
{
  put_head(buf, MAJOR_MAP, count);
}

void icws_cbor_put_key(struct icws_buf *buf, const char *name)
{
  icws_cbor_put_text(buf, icws_bytes_text(name));
}

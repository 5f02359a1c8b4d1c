/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/bytes.h>

#include "hex_digit.h"

int icws_hex_digit(uint8_t character)
{
  if (character >= '0' && character <= '9')
    return character - '0';
  if (character >= 'a' && character <= 'f')
    return character - 'a' + 10;
  if (character >= 'A' && character <= 'F')
    return character - 'A' + 10;
  return -1;
}

static const char digits[] = "0123456789abcdef";

enum icws_error icws_hex_encode(struct icws_bytes bytes, char *out, size_t out_size)
{
  if (out_size == 0 || bytes.len > (out_size - 1) / 2)
    return ICWS_ERR_TOO_SMALL;
  for (size_t i = 0; i < bytes.len; i++) {
    *out++ = digits[bytes.data[i] >> 4];
    *out++ = digits[bytes.data[i] & 15];
  }
  *out = '\0';
  return ICWS_OK;
}

void icws_hex_put(struct icws_buf *out, struct icws_bytes bytes)
{
  for (size_t i = 0; i < bytes.len; i++) {
    icws_buf_put_u8(out, (uint8_t)digits[bytes.data[i] >> 4]);
    icws_buf_put_u8(out, (uint8_t)digits[bytes.data[i] & 15]);
  }
}

static bool is_hex(struct icws_bytes text)
{
  for (size_t i = 0; i < text.len; i++) {
    if (icws_hex_digit(text.data[i]) < 0)
      return false;
  }
  return text.len % 2 == 0;
}

enum icws_error icws_hex_decode(struct icws_bytes text, struct icws_buf *out)
{
  if (!is_hex(text))
    return ICWS_ERR_HEX;
  if (text.len == 0)
    return icws_buf_error(out);
  uint8_t *bytes = icws_buf_reserve(out, text.len / 2);
  if (bytes == NULL)
    return icws_buf_error(out);
  for (size_t i = 0; i < text.len; i += 2)
    *bytes++ = (uint8_t)(icws_hex_digit(text.data[i]) << 4 | icws_hex_digit(text.data[i + 1]));
  return ICWS_OK;
}

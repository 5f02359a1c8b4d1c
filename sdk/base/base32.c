/* SPDX-License-Identifier: Apache-2.0 */
#include "base32.h"

size_t icws_base32_encode(struct icws_bytes bytes, char *out)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  size_t written = 0;
  uint32_t window = 0; /* the low |bits| bits are still to be written */
  unsigned bits = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    window = window << 8 | bytes.data[i];
    for (bits += 8; bits >= 5; bits -= 5)
      out[written++] = alphabet[window >> (bits - 5) & 31];
  }
  if (bits > 0)
    out[written++] = alphabet[window << (5 - bits) & 31];
  return written;
}

static int character_value(uint8_t c)
{
  if (c >= 'a' && c <= 'z')
    return c - 'a';
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= '2' && c <= '7')
    return c - '2' + 26;
  return -1;
}

bool icws_base32_decode(struct icws_bytes text, uint8_t *out, size_t capacity, size_t *len)
{
  size_t written = 0;
  uint32_t window = 0;
  unsigned bits = 0;
  for (size_t i = 0; i < text.len; i++) {
    int value = character_value(text.data[i]);
    if (value < 0)
      return false;
    window = window << 5 | (uint32_t)value;
    bits += 5;
    if (bits < 8)
      continue;
    if (written == capacity)
      return false;
    bits -= 8;
    out[written++] = (uint8_t)(window >> bits);
  }
  *len = written;
  return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "crc32.h"

#define POLYNOMIAL UINT32_C(0xedb88320) /* bits reversed */

/* Bit by bit: principals have 29 bytes at most. */
uint32_t icws_crc32(struct icws_bytes bytes)
{
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < bytes.len; i++) {
    crc ^= bytes.data[i];
    for (int bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
  }
  return ~crc;
}

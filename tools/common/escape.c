/* SPDX-License-Identifier: Apache-2.0 */
#include "common/escape.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <icws/utf8.h>

static struct icws_bytes rest_after(struct icws_bytes bytes, size_t count)
{
  return icws_bytes_of(bytes.data + count, bytes.len - count);
}

static void put_escaped(uint32_t character, struct icws_buf *out)
{
  char text[16];
  int length;
  if (character == '\t')
    length = snprintf(text, sizeof(text), "\\t");
  else if (character == '\n')
    length = snprintf(text, sizeof(text), "\\n");
  else if (character == '\r')
    length = snprintf(text, sizeof(text), "\\r");
  else if (character < 0x80)
    length = snprintf(text, sizeof(text), "\\x%02x", (unsigned)character);
  else
    length = snprintf(text, sizeof(text), "\\u{%04x}", (unsigned)character);
  icws_buf_put(out, text, (size_t)length);
}

static void put_stray_byte(uint8_t byte, struct icws_buf *out)
{
  char text[8];
  int length = snprintf(text, sizeof(text), "\\x%02x", byte);
  icws_buf_put(out, text, (size_t)length);
}

void icws_escape(struct icws_bytes bytes, struct icws_buf *out)
{
  while (bytes.len > 0) {
    uint32_t character;
    size_t length = icws_utf8_next(bytes, &character);
    if (length == 0)
      put_stray_byte(bytes.data[0], out);
    else if (icws_utf8_acts(character))
      put_escaped(character, out);
    else
      icws_buf_put(out, bytes.data, length);
    bytes = rest_after(bytes, length == 0 ? 1 : length);
  }
}

bool icws_escape_text_is_plain(struct icws_bytes bytes)
{
  while (bytes.len > 0) {
    uint32_t character;
    size_t length = icws_utf8_next(bytes, &character);
    bool white = length == 1 && (character == '\t' || character == '\n' || character == '\r');
    if (length == 0 || (icws_utf8_acts(character) && !white))
      return false;
    bytes = rest_after(bytes, length);
  }
  return true;
}

bool icws_escape_is_utf8(struct icws_bytes bytes)
{
  while (bytes.len > 0) {
    uint32_t character;
    size_t length = icws_utf8_next(bytes, &character);
    if (length == 0)
      return false;
    bytes = rest_after(bytes, length);
  }
  return true;
}

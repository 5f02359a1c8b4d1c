/* SPDX-License-Identifier: Apache-2.0 */
#include "common/escape.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct range {
  uint32_t first;
  uint32_t last;
};

/* Characters that act on what displays them. */
static const struct range acting[] = {
    {0x00, 0x1f},     /* C0 */
    {0x7f, 0x9f},     /* DEL, C1 */
    {0x61c, 0x61c},   /* Arabic letter mark */
    {0x200e, 0x200f}, /* left-to-right and right-to-left marks */
    {0x2028, 0x202e}, /* line and paragraph separators; embeddings and overrides */
    {0x2066, 0x2069}, /* isolates */
};

static bool acts(uint32_t character)
{
  for (size_t i = 0; i < sizeof(acting) / sizeof(acting[0]); i++)
    if (character >= acting[i].first && character <= acting[i].last)
      return true;
  return false;
}

/* How long the sequence is that starts with |lead|, and what it contributes; 0: no lead byte. */
static size_t sequence_length(uint8_t lead, uint32_t *bits)
{
  if (lead < 0x80) {
    *bits = lead;
    return 1;
  }
  if (lead >= 0xc2 && lead <= 0xdf) {
    *bits = lead & 0x1fU;
    return 2;
  }
  if ((lead & 0xf0) == 0xe0) {
    *bits = lead & 0x0fU;
    return 3;
  }
  *bits = lead & 0x07U;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Reads the character at the start of |bytes|, which are not empty, and returns its length: 0 if
 * there is none (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF). */
static size_t read_character(struct icws_bytes bytes, uint32_t *character)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t length = sequence_length(bytes.data[0], character);
  if (length == 0 || length > bytes.len)
    return 0;
  for (size_t i = 1; i < length; i++) {
    if ((bytes.data[i] & 0xc0) != 0x80)
      return 0;
    *character = *character << 6 | (bytes.data[i] & 0x3fU);
  }
  bool surrogate = *character >= 0xd800 && *character <= 0xdfff;
  return *character < least[length] || *character > 0x10ffff || surrogate ? 0 : length;
}

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
    size_t length = read_character(bytes, &character);
    if (length == 0)
      put_stray_byte(bytes.data[0], out);
    else if (acts(character))
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
    size_t length = read_character(bytes, &character);
    bool white = length == 1 && (character == '\t' || character == '\n' || character == '\r');
    if (length == 0 || (acts(character) && !white))
      return false;
    bytes = rest_after(bytes, length);
  }
  return true;
}

bool icws_escape_is_utf8(struct icws_bytes bytes)
{
  while (bytes.len > 0) {
    uint32_t character;
    size_t length = read_character(bytes, &character);
    if (length == 0)
      return false;
    bytes = rest_after(bytes, length);
  }
  return true;
}

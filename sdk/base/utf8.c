/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <string.h>

#include <icws/utf8.h>

/* RFC 3629, section 4: what the first byte says of the ones that follow. */
struct lead {
  size_t tail;        /* bytes that follow */
  uint8_t second_low; /* the range of the second byte; later ones are 80 to bf */
  uint8_t second_high;
};

static bool read_lead(uint8_t byte, struct lead *lead)
{
  *lead = (struct lead){.tail = 0, .second_low = 0x80, .second_high = 0xbf};
  if (byte < 0x80)
    return true;
  if (byte < 0xc2 || byte > 0xf4)
    return false;
  lead->tail = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if (byte == 0xe0)
    lead->second_low = 0xa0; /* below: overlong */
  else if (byte == 0xed)
    lead->second_high = 0x9f; /* above: surrogates */
  else if (byte == 0xf0)
    lead->second_low = 0x90; /* below: overlong */
  else if (byte == 0xf4)
    lead->second_high = 0x8f; /* above: beyond U+10FFFF */
  return true;
}

static bool is_tail(const struct lead *lead, const uint8_t *tail)
{
  if (tail[0] < lead->second_low || tail[0] > lead->second_high)
    return false;
  for (size_t i = 1; i < lead->tail; i++) {
    if ((tail[i] & 0xc0) != 0x80)
      return false;
  }
  return true;
}

/* The bytes of the character at the start of |text|; 0 if it is none. */
static size_t character_length(struct icws_bytes text)
{
  struct lead lead;
  if (!read_lead(text.data[0], &lead) || lead.tail > text.len - 1)
    return 0;
  if (lead.tail > 0 && !is_tail(&lead, text.data + 1))
    return 0;
  return 1 + lead.tail;
}

/* How many ASCII characters |text| starts with: most texts have nothing else, so it takes eight at a
 * time. */
static size_t ascii_length(struct icws_bytes text)
{
  size_t at = 0;
  uint64_t eight;
  for (; text.len - at >= sizeof eight; at += sizeof eight) {
    memcpy(&eight, text.data + at, sizeof eight);
    if ((eight & UINT64_C(0x8080808080808080)) != 0)
      break;
  }
  while (at < text.len && text.data[at] < 0x80)
    at++;
  return at;
}

bool icws_utf8_valid(struct icws_bytes text)
{
  while (text.len > 0) {
    size_t length = ascii_length(text);
    if (length == 0)
      length = character_length(text);
    if (length == 0)
      return false;
    text = icws_bytes_of(text.data + length, text.len - length);
  }
  return true;
}

size_t icws_utf8_next(struct icws_bytes text, uint32_t *character)
{
  static const uint8_t lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  size_t length = character_length(text);
  uint32_t value = text.data[0] & lead_bits[length];
  for (size_t i = 1; i < length; i++)
    value = value << 6 | (text.data[i] & 0x3fU);
  *character = value;
  return length;
}

bool icws_utf8_acts(uint32_t character)
{
  static const uint32_t ranges[][2] = {
      {0x00, 0x1f},     /* C0 */
      {0x7f, 0x9f},     /* DEL, C1 */
      {0x61c, 0x61c},   /* Arabic letter mark */
      {0x200e, 0x200f}, /* left-to-right and right-to-left marks */
      {0x2028, 0x202e}, /* line and paragraph separators; embeddings and overrides */
      {0x2066, 0x2069}, /* isolates */
  };
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
    if (character >= ranges[i][0] && character <= ranges[i][1])
      return true;
  }
  return false;
}

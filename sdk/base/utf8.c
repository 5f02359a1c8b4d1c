/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

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

bool icws_utf8_valid(struct icws_bytes text)
{
  size_t at = 0;
  while (at < text.len) {
    struct lead lead;
    if (!read_lead(text.data[at++], &lead) || lead.tail > text.len - at)
      return false;
    if (lead.tail > 0 && !is_tail(&lead, text.data + at))
      return false;
    at += lead.tail;
  }
  return true;
}

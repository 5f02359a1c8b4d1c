/* SPDX-License-Identifier: Apache-2.0 */
#include "common/columns.h"

#include <stdbool.h>
#include <stdint.h>

#include <icws/utf8.h>

/* Whole blocks, not characters: that is what terminals agree on, and enough to point at a place. */
struct range {
  uint32_t first;
  uint32_t last;
};

/* Unicode Standard Annex #11: W and F. */
static const struct range wide[] = {
    {0x1100, 0x115f},   /* Hangul Jamo, the leading ones */
    {0x2e80, 0x303e},   /* CJK radicals and punctuation */
    {0x3041, 0xa4cf},   /* kana, CJK ideographs, Yi */
    {0xa960, 0xa97f},   /* Hangul Jamo, Extended-A */
    {0xac00, 0xd7a3},   /* Hangul */
    {0xf900, 0xfaff},   /* CJK compatibility ideographs */
    {0xfe30, 0xfe6f},   /* CJK compatibility forms */
    {0xff01, 0xff60},   /* full-width forms */
    {0xffe0, 0xffe6},   /* full-width signs */
    {0x1f300, 0x1f64f}, /* pictographs and emoticons */
    {0x1f680, 0x1f6ff}, /* transport */
    {0x1f900, 0x1f9ff}, /* more pictographs */
    {0x1fa70, 0x1faff}, /* still more */
    {0x20000, 0x3fffd}, /* the ideographic planes */
};

static const struct range marks[] = {
    {0x0300, 0x036f}, /* combining diacritical marks, and their supplements below */
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d}, /* of no width, and joiners */
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},                   /* variation selectors */
    {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},                   /* the byte order mark */
};

static bool is_in(const struct range *ranges, size_t count, uint32_t character)
{
  for (size_t i = 0; i < count; i++) {
    if (character >= ranges[i].first && character <= ranges[i].last)
      return true;
  }
  return false;
}

static size_t width(uint32_t character)
{
  if (is_in(marks, sizeof(marks) / sizeof(marks[0]), character))
    return 0;
  return is_in(wide, sizeof(wide) / sizeof(wide[0]), character) ? 2 : 1;
}

size_t icws_columns(struct icws_bytes text)
{
  size_t count = 0;
  while (text.len > 0) {
    uint32_t character;
    size_t length = icws_utf8_next(text, &character);
    count += length == 0 ? 1 : width(character);
    length = length == 0 ? 1 : length;
    text = icws_bytes_of(text.data + length, text.len - length);
  }
  return count;
}

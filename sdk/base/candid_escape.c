/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_escape.h"

#include <string.h>

#include "candid_lexer.h"
#include "utf8.h"

/* --- Text ------------------------------------------------------------------------------------ */

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

static bool acts(uint32_t point)
{
  for (size_t i = 0; i < sizeof acting / sizeof acting[0]; i++) {
    if (point >= acting[i].first && point <= acting[i].last)
      return true;
  }
  return false;
}

/* The length of the character at the start of |text|, which is not empty; 0 if there is none. */
static size_t read_point(struct icws_bytes text, uint32_t *point)
{
  uint8_t lead = text.data[0];
  size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (len > text.len || !icws_utf8_valid(icws_bytes_of(text.data, len)))
    return 0;
  *point = len == 1 ? lead : lead & 0x7fU >> len;
  for (size_t i = 1; i < len; i++)
    *point = *point << 6 | (text.data[i] & 0x3fU);
  return len;
}

static void put_hex(uint32_t number, unsigned digits, struct icws_buf *out)
{
  static const char hex[] = "0123456789abcdef";
  while (digits-- > 0)
    icws_buf_put_u8(out, (uint8_t)hex[number >> 4 * digits & 0xf]);
}

static void put_escape(uint32_t point, struct icws_buf *out)
{
  static const char named[] = "\t\n\r\"\\";
  static const char letters[] = "tnr\"\\";
  const char *found = point < 0x80 ? memchr(named, (int)point, sizeof named - 1) : NULL;
  icws_buf_put_u8(out, '\\');
  if (found != NULL) {
    icws_buf_put_u8(out, (uint8_t)letters[found - named]);
    return;
  }
  icws_buf_put(out, "u{", 2);
  put_hex(point, point < 0x100 ? 2 : 4, out); /* none of |acting| has more */
  icws_buf_put_u8(out, '}');
}

void icws_candid_put_quoted(struct icws_bytes text, struct icws_buf *out)
{
  icws_buf_put_u8(out, '"');
  while (text.len > 0) {
    uint32_t point = 0;
    size_t len = read_point(text, &point);
    if (len == 0) {
      icws_buf_put_u8(out, '\\');
      put_hex(text.data[0], 2, out);
    } else if (acts(point) || point == '"' || point == '\\') {
      put_escape(point, out);
    } else {
      icws_buf_put(out, text.data, len);
    }
    size_t passed = len > 0 ? len : 1;
    text = icws_bytes_of(text.data + passed, text.len - passed);
  }
  icws_buf_put_u8(out, '"');
}

/* --- Names ----------------------------------------------------------------------------------- */

bool icws_candid_is_name(struct icws_bytes name)
{
  for (size_t i = 0; i < name.len; i++) {
    uint8_t byte = name.data[i];
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
    if (!letter && (i == 0 || byte < '0' || byte > '9'))
      return false;
  }
  return name.len > 0 && !icws_candid_is_keyword(name);
}

void icws_candid_put_name(struct icws_bytes name, struct icws_buf *out)
{
  if (icws_candid_is_name(name))
    icws_buf_put(out, name.data, name.len);
  else
    icws_candid_put_quoted(name, out);
}

void icws_candid_put_u32(uint32_t number, struct icws_buf *out)
{
  uint8_t digits[10];
  size_t start = sizeof digits;
  do {
    digits[--start] = (uint8_t)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  icws_buf_put(out, digits + start, sizeof digits - start);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/escape.h"

#include <string.h>

#include <icws/utf8.h>

#include "candid/lexer.h"

/* --- Text ------------------------------------------------------------------------------------ */

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
  put_hex(point, point < 0x100 ? 2 : 4, out); /* none that acts has more */
  icws_buf_put_u8(out, '}');
}

void icws_candid_put_quoted(struct icws_bytes text, struct icws_buf *out)
{
  icws_buf_put_u8(out, '"');
  while (text.len > 0) {
    uint32_t point = 0;
    size_t len = icws_utf8_next(text, &point);
    if (len == 0) {
      icws_buf_put_u8(out, '\\');
      put_hex(text.data[0], 2, out);
    } else if (icws_utf8_acts(point) || point == '"' || point == '\\') {
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

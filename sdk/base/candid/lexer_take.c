/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/lexer.h"

#include <string.h>

#include "hex_digit.h"
#include "utf8.h"

/* A text that is being unescaped: it never grows. */
struct unescape {
  struct icws_candid_lexer *lexer;
  size_t at;  /* in the input */
  size_t end; /* where the closing quote is */
  uint8_t *out;
  size_t len;
};

static bool hex_value(uint8_t character, unsigned *value)
{
  int digit = icws_hex_digit(character);
  *value = (unsigned)digit;
  return digit >= 0;
}

static void put_utf8(struct unescape *text, uint32_t point)
{
  unsigned tail = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  static const uint8_t leads[] = {0x00, 0xc0, 0xe0, 0xf0};
  text->out[text->len++] = (uint8_t)(leads[tail] | point >> 6 * tail);
  while (tail-- > 0)
    text->out[text->len++] = (uint8_t)(0x80 | (point >> 6 * tail & 0x3f));
}

/* The digits of \u{…}, which is at |start|: single underscores may be between them. */
static bool take_scalar(struct unescape *text, size_t start)
{
  const uint8_t *input = text->lexer->input.data;
  uint32_t point = 0;
  unsigned digit;
  bool digit_before = false;
  for (; text->at < text->end && input[text->at] != '}'; text->at++) {
    if (hex_value(input[text->at], &digit)) {
      point = point > 0x10ffff ? point : point << 4 | digit;
      digit_before = true;
    } else if (input[text->at] == '_' && digit_before) {
      digit_before = false;
    } else {
      break;
    }
  }
  if (text->at == text->end || input[text->at] != '}' || !digit_before)
    return icws_candid_lexer_fail(text->lexer, ICWS_ERR_CANDID, start,
                                  "the escape is not of the form \\u{hex digits}");
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    return icws_candid_lexer_fail(text->lexer, ICWS_ERR_CANDID, start,
                                  "the escape stands for no Unicode character");
  text->at++;
  put_utf8(text, point);
  return true;
}

/* The character after a backslash, which stands for one: 0 if it stands for none. */
static uint8_t simple_escape(uint8_t letter)
{
  switch (letter) {
  case 't':
    return '\t';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case '\\':
  case '"':
  case '\'':
    return letter;
  default:
    return 0;
  }
}

/* The escape at |text|->at, a backslash (Candid specification, "Values": <char>). */
static bool take_escape(struct unescape *text)
{
  const uint8_t *input = text->lexer->input.data;
  size_t start = text->at++;
  uint8_t simple = simple_escape(input[text->at]);
  unsigned high;
  unsigned low;
  if (simple != 0) {
    text->out[text->len++] = simple;
    text->at++;
    return true;
  }
  if (input[text->at] == 'u' && input[text->at + 1] == '{') {
    text->at += 2;
    return take_scalar(text, start);
  }
  if (hex_value(input[text->at], &high) && hex_value(input[text->at + 1], &low)) {
    text->out[text->len++] = (uint8_t)(high << 4 | low);
    text->at += 2;
    return true;
  }
  return icws_candid_lexer_fail(text->lexer, ICWS_ERR_CANDID, start,
                                "the escape is none of \\t \\n \\r \\\\ \\\" \\' \\HH \\u{H}");
}

static bool unescape(struct icws_candid_lexer *lexer, struct icws_bytes *bytes)
{
  struct unescape text = {
      .lexer = lexer,
      .at = lexer->start + 1,
      .end = lexer->end - 1,
      .out = icws_arena_alloc(lexer->arena, lexer->raw.len),
  };
  if (text.out == NULL)
    return icws_candid_lexer_fail_arena(lexer);
  while (text.at < text.end) {
    if (lexer->input.data[text.at] != '\\')
      text.out[text.len++] = lexer->input.data[text.at++];
    else if (!take_escape(&text))
      return false;
  }
  *bytes = icws_bytes_of(text.out, text.len);
  return true;
}

bool icws_candid_lexer_take_bytes(struct icws_candid_lexer *lexer, struct icws_bytes *bytes)
{
  if (lexer->token != ICWS_CANDID_TOKEN_TEXT)
    return icws_candid_lexer_unexpected(lexer, "text in quotes");
  struct icws_bytes result = lexer->raw;
  if (result.len > 0 && memchr(result.data, '\\', result.len) != NULL && !unescape(lexer, &result))
    return false;
  *bytes = result;
  icws_candid_lexer_next(lexer);
  return true;
}

bool icws_candid_lexer_take_name(struct icws_candid_lexer *lexer, const char *what,
                                 struct icws_bytes *name)
{
  size_t start = lexer->start;
  if (lexer->token == ICWS_CANDID_TOKEN_TEXT) {
    struct icws_bytes bytes;
    if (!icws_candid_lexer_take_bytes(lexer, &bytes))
      return false;
    if (!icws_utf8_valid(bytes))
      return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, start, "the name is not UTF-8");
    *name = bytes;
    return true;
  }
  if (lexer->token != ICWS_CANDID_TOKEN_ID || icws_candid_is_keyword(lexer->raw))
    return icws_candid_lexer_unexpected(lexer, what);
  *name = lexer->raw;
  icws_candid_lexer_next(lexer);
  return true;
}

bool icws_candid_lexer_take_id(struct icws_candid_lexer *lexer, uint32_t *id)
{
  if (lexer->token != ICWS_CANDID_TOKEN_NUMBER)
    return icws_candid_lexer_unexpected(lexer, "a field id");
  struct icws_bytes raw = lexer->raw;
  bool hex = raw.len > 2 && raw.data[1] == 'x';
  uint64_t value = 0;
  for (size_t i = hex ? 2 : 0; i < raw.len && value <= UINT32_MAX; i++) {
    unsigned digit;
    if (hex_value(raw.data[i], &digit)) /* else an underscore */
      value = value * (hex ? 16 : 10) + digit;
  }
  if (value > UINT32_MAX)
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                                  "the field id is not below 2^32");
  *id = (uint32_t)value;
  icws_candid_lexer_next(lexer);
  return true;
}

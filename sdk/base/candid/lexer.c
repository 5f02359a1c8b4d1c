/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/lexer.h"

#include <string.h>

#include <icws/utf8.h>

#include "hex_digit.h"
#include "utf8.h"

/* --- Characters ------------------------------------------------------------------------------ */

/* The byte at |at|; 0 beyond the end, which is in no token. */
static uint8_t byte_at(const struct icws_candid_lexer *lexer, size_t at)
{
  return at < lexer->input.len ? lexer->input.data[at] : 0;
}

static struct icws_bytes rest_of(struct icws_bytes input, size_t at)
{
  return icws_bytes_of(input.data + at, input.len - at);
}

static bool is_digit(uint8_t byte)
{
  return byte >= '0' && byte <= '9';
}

static bool is_hex_digit(uint8_t byte)
{
  return icws_hex_digit(byte) >= 0;
}

static bool is_name_start(uint8_t byte)
{
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_name_part(uint8_t byte)
{
  return is_name_start(byte) || is_digit(byte);
}

static bool is_space(uint8_t byte)
{
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_sign(uint8_t byte)
{
  static const char signs[] = "(){};,.:=+-";
  return byte != 0 && memchr(signs, byte, sizeof signs - 1) != NULL;
}

/* --- Blanks and comments --------------------------------------------------------------------- */

/* Comments nest (Candid specification, "Comments").  Returns where the one at |at| ends. */
static size_t skip_block_comment(struct icws_candid_lexer *lexer, size_t at)
{
  size_t start = at;
  size_t depth = 0;
  while (at < lexer->input.len) {
    uint8_t byte = byte_at(lexer, at);
    uint8_t next = byte_at(lexer, at + 1);
    if (byte == '/' && next == '*') {
      depth++;
      at += 2;
    } else if (byte == '*' && next == '/') {
      at += 2;
      if (--depth == 0)
        return at;
    } else {
      at++;
    }
  }
  icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, start, "the comment is not closed");
  return at;
}

static size_t skip_line(const struct icws_candid_lexer *lexer, size_t at)
{
  while (at < lexer->input.len && byte_at(lexer, at) != '\n')
    at++;
  return at;
}

static size_t skip_blanks(struct icws_candid_lexer *lexer, size_t at)
{
  for (;;) {
    uint8_t byte = byte_at(lexer, at);
    if (is_space(byte))
      at++;
    else if (byte == '/' && byte_at(lexer, at + 1) == '/')
      at = skip_line(lexer, at);
    else if (byte == '/' && byte_at(lexer, at + 1) == '*')
      at = skip_block_comment(lexer, at);
    else
      return at;
  }
}

/* --- Tokens ---------------------------------------------------------------------------------- */

/* Ends the token at |end|. */
static void finish(struct icws_candid_lexer *lexer, enum icws_candid_token token, size_t end)
{
  if (lexer->error != ICWS_OK)
    return;
  lexer->token = token;
  lexer->end = end;
  lexer->raw = icws_bytes_of(lexer->input.data + lexer->start, end - lexer->start);
}

/* Passes digits, with single underscores between them.  At least one digit must be there. */
static size_t scan_digits(struct icws_candid_lexer *lexer, size_t at, bool hex)
{
  bool (*is)(uint8_t) = hex ? is_hex_digit : is_digit;
  if (!is(byte_at(lexer, at))) {
    icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, at, "a digit is missing in the number");
    return at;
  }
  while (is(byte_at(lexer, at))) {
    at++;
    if (byte_at(lexer, at) == '_' && is(byte_at(lexer, at + 1)))
      at++;
  }
  return at;
}

static size_t scan_exponent(struct icws_candid_lexer *lexer, size_t at)
{
  if (byte_at(lexer, at) == '+' || byte_at(lexer, at) == '-')
    at++;
  return scan_digits(lexer, at, false);
}

/* Candid specification, "Values": <nat> and <float>, without their sign. */
static void scan_number(struct icws_candid_lexer *lexer)
{
  size_t at = lexer->start;
  bool hex = byte_at(lexer, at) == '0' && byte_at(lexer, at + 1) == 'x';
  enum icws_candid_token token = ICWS_CANDID_TOKEN_NUMBER;

  at = scan_digits(lexer, hex ? at + 2 : at, hex);
  if (byte_at(lexer, at) == '.') {
    token = ICWS_CANDID_TOKEN_FLOAT;
    at++;
    if (hex ? is_hex_digit(byte_at(lexer, at)) : is_digit(byte_at(lexer, at)))
      at = scan_digits(lexer, at, hex);
  }
  uint8_t letter = byte_at(lexer, at);
  if (hex ? letter == 'p' || letter == 'P' : letter == 'e' || letter == 'E') {
    token = ICWS_CANDID_TOKEN_FLOAT;
    at = scan_exponent(lexer, at + 1);
  }
  if (is_name_part(byte_at(lexer, at)))
    icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, at, "'%c' has no place in a number",
                           byte_at(lexer, at));
  finish(lexer, token, at);
}

static void scan_name(struct icws_candid_lexer *lexer)
{
  size_t at = lexer->start;
  while (is_name_part(byte_at(lexer, at)))
    at++;
  finish(lexer, ICWS_CANDID_TOKEN_ID, at);
}

/* Finds the end of a text; what its escapes say is looked at when it is taken. */
static void scan_text(struct icws_candid_lexer *lexer)
{
  size_t at = lexer->start + 1;
  while (at < lexer->input.len && byte_at(lexer, at) != '"') {
    uint8_t byte = byte_at(lexer, at);
    if (byte < 0x20 || byte == 0x7f) {
      icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, at,
                             "the control character U+%04X must be escaped in text", byte);
      return;
    }
    at += byte == '\\' && byte_at(lexer, at + 1) >= 0x20 ? 2 : 1;
  }
  if (at >= lexer->input.len) {
    icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start, "the text is not closed");
    return;
  }
  finish(lexer, ICWS_CANDID_TOKEN_TEXT, at + 1);
  lexer->raw = icws_bytes_of(lexer->input.data + lexer->start + 1, at - lexer->start - 1);
}

static void refuse_character(struct icws_candid_lexer *lexer)
{
  uint32_t point;
  (void)icws_utf8_next(rest_of(lexer->input, lexer->start), &point);
  if (point > ' ' && point <= '~')
    icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                           "the character '%c' has no meaning here", (int)point);
  else
    icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                           "the character U+%04lX has no meaning here", (unsigned long)point);
}

static void scan_sign(struct icws_candid_lexer *lexer)
{
  uint8_t byte = byte_at(lexer, lexer->start);
  if (byte == '-' && byte_at(lexer, lexer->start + 1) == '>') {
    finish(lexer, ICWS_CANDID_TOKEN_ARROW, lexer->start + 2);
  } else if (is_sign(byte)) {
    finish(lexer, ICWS_CANDID_TOKEN_SIGN, lexer->start + 1);
    lexer->sign = (char)byte;
  } else {
    refuse_character(lexer);
  }
}

static void finish_input(struct icws_candid_lexer *lexer)
{
  lexer->token = ICWS_CANDID_TOKEN_END;
  lexer->end = lexer->start;
  lexer->raw = icws_bytes_of(NULL, 0);
}

void icws_candid_lexer_next(struct icws_candid_lexer *lexer)
{
  if (lexer->error != ICWS_OK)
    return;
  lexer->start = skip_blanks(lexer, lexer->end);
  lexer->sign = '\0';
  if (lexer->error != ICWS_OK)
    return;

  uint8_t byte = byte_at(lexer, lexer->start);
  if (lexer->start >= lexer->input.len)
    finish_input(lexer);
  else if (is_name_start(byte))
    scan_name(lexer);
  else if (is_digit(byte))
    scan_number(lexer);
  else if (byte == '"')
    scan_text(lexer);
  else
    scan_sign(lexer);
}

/* Where |input|, which is not UTF-8, stops to be. */
static size_t find_malformed(struct icws_bytes input)
{
  size_t at = 0;
  size_t len = 1;
  uint32_t character;
  for (; at < input.len && len > 0; at += len)
    len = icws_utf8_next(rest_of(input, at), &character);
  return at;
}

void icws_candid_lexer_init(struct icws_candid_lexer *lexer, struct icws_bytes input,
                            struct icws_arena *arena)
{
  *lexer = (struct icws_candid_lexer){.input = input, .arena = arena};
  if (!icws_utf8_valid(input))
    icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, find_malformed(input), "the text is not UTF-8");
  icws_candid_lexer_next(lexer);
}

/* --- Words ----------------------------------------------------------------------------------- */

bool icws_candid_is_keyword(struct icws_bytes word)
{
  static const char *const keywords[] = {
      "blob",      "composite_query", "false",  "func",    "import", "null", "oneway",  "opt",
      "principal", "query",           "record", "service", "true",   "type", "variant", "vec",
  };
  for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
    if (icws_bytes_equal(word, icws_bytes_text(keywords[i])))
      return true;
  }
  return false;
}

bool icws_candid_lexer_is_sign(const struct icws_candid_lexer *lexer, char sign)
{
  return lexer->token == ICWS_CANDID_TOKEN_SIGN && lexer->sign == sign;
}

bool icws_candid_lexer_is_word(const struct icws_candid_lexer *lexer, const char *word)
{
  return lexer->token == ICWS_CANDID_TOKEN_ID &&
         icws_bytes_equal(lexer->raw, icws_bytes_text(word));
}

bool icws_candid_lexer_accept_sign(struct icws_candid_lexer *lexer, char sign)
{
  if (!icws_candid_lexer_is_sign(lexer, sign))
    return false;
  icws_candid_lexer_next(lexer);
  return true;
}

bool icws_candid_lexer_accept_word(struct icws_candid_lexer *lexer, const char *word)
{
  if (!icws_candid_lexer_is_word(lexer, word))
    return false;
  icws_candid_lexer_next(lexer);
  return true;
}

bool icws_candid_lexer_expect_sign(struct icws_candid_lexer *lexer, char sign)
{
  const char expected[] = {'\'', sign, '\'', '\0'};
  return icws_candid_lexer_accept_sign(lexer, sign) ||
         icws_candid_lexer_unexpected(lexer, expected);
}

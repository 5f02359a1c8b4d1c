/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "candid/number.h"
#include "candid/parser.h"
#include "decimal.h"

static bool is_word(struct icws_bytes raw, const char *word)
{
  return icws_bytes_equal(raw, icws_bytes_text(word));
}

static bool at_number(const struct icws_candid_lexer *lexer, struct icws_candid_literal *literal)
{
  literal->is_word = lexer->token == ICWS_CANDID_TOKEN_ID &&
                     (is_word(lexer->raw, "NaN") || is_word(lexer->raw, "inf"));
  literal->is_float = literal->is_word || lexer->token == ICWS_CANDID_TOKEN_FLOAT;
  literal->raw = lexer->raw;
  literal->end = lexer->end;
  return literal->is_float || lexer->token == ICWS_CANDID_TOKEN_NUMBER;
}

bool icws_candid_parser_peek_number(const struct icws_candid_parser *parser,
                                    struct icws_candid_literal *literal)
{
  struct icws_candid_lexer lexer = parser->lexer;
  literal->at = lexer.start;
  literal->negative = icws_candid_lexer_is_sign(&lexer, '-');
  if (literal->negative || icws_candid_lexer_is_sign(&lexer, '+')) {
    icws_candid_lexer_next(&lexer);
    if (lexer.start != literal->at + 1) /* the sign belongs to nothing */
      return false;
  }
  return at_number(&lexer, literal);
}

/* --- Integers -------------------------------------------------------------------------------- */

static enum icws_error read_integer(const struct icws_candid_literal *literal,
                                    struct icws_candid_value *value, struct icws_arena *arena)
{
  struct icws_bytes digits = literal->raw;
  bool hexadecimal = digits.len > 2 && digits.data[1] == 'x';
  if (hexadecimal)
    digits = icws_bytes_of(digits.data + 2, digits.len - 2);
  return icws_candid_integer_from_digits(value, literal->negative, digits, hexadecimal ? 16 : 10,
                                         arena);
}

/* --- Floats ---------------------------------------------------------------------------------- */

/* Bits of IEEE 754. */
#define INFINITE64 (UINT64_C(0x7ff) << 52)
#define NAN64 (UINT64_C(0xfff) << 51)
#define SIGN64 (UINT64_C(1) << 63)
#define INFINITE32 (UINT32_C(0xff) << 23)
#define NAN32 (UINT32_C(0x1ff) << 22)
#define SIGN32 (UINT32_C(1) << 31)

static enum icws_error read_float64(const struct icws_candid_literal *literal,
                                    struct icws_candid_value *value)
{
  uint64_t bits = is_word(literal->raw, "inf") ? INFINITE64 : NAN64;
  double number;
  if (!literal->is_word) {
    if (!icws_decimal_parse_double(literal->raw, &number))
      return ICWS_ERR_CANDID;
    memcpy(&bits, &number, sizeof bits);
    if (bits == INFINITE64) /* beyond the greatest */
      return ICWS_ERR_CANDID;
  }
  bits |= literal->negative ? SIGN64 : 0;
  memcpy(&value->as.float64, &bits, sizeof bits);
  return ICWS_OK;
}

static enum icws_error read_float32(const struct icws_candid_literal *literal,
                                    struct icws_candid_value *value)
{
  uint32_t bits = is_word(literal->raw, "inf") ? INFINITE32 : NAN32;
  float number;
  if (!literal->is_word) {
    if (!icws_decimal_parse_float(literal->raw, &number))
      return ICWS_ERR_CANDID;
    memcpy(&bits, &number, sizeof bits);
    if (bits == INFINITE32)
      return ICWS_ERR_CANDID;
  }
  bits |= literal->negative ? SIGN32 : 0;
  memcpy(&value->as.float32, &bits, sizeof bits);
  return ICWS_OK;
}

/* --- Both ------------------------------------------------------------------------------------ */

static enum icws_error read_literal(const struct icws_candid_literal *literal,
                                    struct icws_candid_value *value, struct icws_arena *arena)
{
  if (value->type == ICWS_CANDID_FLOAT64)
    return read_float64(literal, value);
  if (value->type == ICWS_CANDID_FLOAT32)
    return read_float32(literal, value);
  return literal->is_float ? ICWS_ERR_CANDID : read_integer(literal, value, arena);
}

bool icws_candid_parser_number(struct icws_candid_parser *parser, struct icws_candid_value *value)
{
  struct icws_candid_literal literal;
  if (!icws_candid_parser_peek_number(parser, &literal))
    return icws_candid_parser_mismatch(parser, value->type);
  enum icws_error error = read_literal(&literal, value, parser->arena);
  if (error == ICWS_ERR_CANDID)
    return icws_candid_parser_unfit(parser, value->type, literal.at, literal.end);
  if (error == ICWS_ERR_LIMIT && icws_arena_error(parser->arena) == ICWS_OK)
    return icws_candid_lexer_fail(&parser->lexer, error, literal.at,
                                  "the number has more than %d bytes",
                                  ICWS_CANDID_NUMBER_MAX_BYTES);
  if (!icws_candid_parser_check(parser, error))
    return false;
  icws_candid_parser_move(parser, literal.end);
  return true;
}

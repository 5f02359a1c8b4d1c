/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/lexer.h"

#include <stdarg.h>
#include <string.h>

#include "failure.h"

#define SHOWN_BYTES 40 /* of a name or token in a failure */

bool icws_candid_lexer_fail(struct icws_candid_lexer *lexer, enum icws_error error, size_t at,
                            const char *format, ...)
{
  if (lexer->error != ICWS_OK)
    return false;

  struct icws_failure failure;
  va_list arguments;
  va_start(arguments, format);
  lexer->error = icws_vfail(&failure, error, format, arguments);
  va_end(arguments);

  failure.text[sizeof lexer->reason - 1] = '\0';
  memcpy(lexer->reason, failure.text, sizeof lexer->reason);
  lexer->error_at = at;
  lexer->token = ICWS_CANDID_TOKEN_END;
  lexer->sign = '\0';
  lexer->raw = icws_bytes_of(NULL, 0);
  return false;
}

bool icws_candid_lexer_fail_arena(struct icws_candid_lexer *lexer)
{
  enum icws_error error = icws_arena_error(lexer->arena);
  return icws_candid_lexer_fail(lexer, error, lexer->start, "%s",
                                error == ICWS_ERR_LIMIT ? "what is read needs too much memory"
                                                        : "there is no memory for what is read");
}

int icws_candid_shown(struct icws_bytes name)
{
  return name.len > SHOWN_BYTES ? SHOWN_BYTES : (int)name.len;
}

/* What stands before the token in "found …", and behind it. */
static const char *token_kind(const struct icws_candid_lexer *lexer, const char **behind)
{
  *behind = "";
  switch (lexer->token) {
  case ICWS_CANDID_TOKEN_TEXT:
    *behind = "\"";
    return "the text \"";
  case ICWS_CANDID_TOKEN_NUMBER:
  case ICWS_CANDID_TOKEN_FLOAT:
    return "the number ";
  case ICWS_CANDID_TOKEN_ID:
    return icws_candid_is_keyword(lexer->raw) ? "the keyword " : "the name ";
  default:
    *behind = "'";
    return "'";
  }
}

bool icws_candid_lexer_unexpected(struct icws_candid_lexer *lexer, const char *expected)
{
  if (lexer->token == ICWS_CANDID_TOKEN_END)
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, lexer->start,
                                  "expected %s, found the end of the text", expected);
  const char *behind;
  const char *before = token_kind(lexer, &behind);
  int shown = icws_candid_shown(lexer->raw);
  return icws_candid_lexer_fail(
      lexer, ICWS_ERR_CANDID, lexer->start, "expected %s, found %s%.*s%s%s", expected, before,
      shown, (const char *)lexer->raw.data, (size_t)shown < lexer->raw.len ? "..." : "", behind);
}

static struct icws_candid_spot find_spot(struct icws_bytes input, size_t offset)
{
  struct icws_candid_spot spot = {.offset = offset, .line = 1, .column = 1};
  for (size_t i = 0; i < offset && i < input.len; i++) {
    if (input.data[i] == '\n') {
      spot.line++;
      spot.column = 1;
    } else if ((input.data[i] & 0xc0) != 0x80) { /* bytes within a character do not count */
      spot.column++;
    }
  }
  return spot;
}

enum icws_error icws_candid_lexer_report(const struct icws_candid_lexer *lexer,
                                         struct icws_candid_spot *spot,
                                         struct icws_failure *failure)
{
  if (lexer->error == ICWS_OK)
    return ICWS_OK;
  struct icws_candid_spot found = find_spot(lexer->input, lexer->error_at);
  if (spot != NULL)
    *spot = found;
  return icws_fail(failure, lexer->error, "line %zu, column %zu: %s", found.line, found.column,
                   lexer->reason);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "candid/escape.h"
#include "candid/parser.h"

#define FOUND_BYTES 40 /* of the text that is shown as what was found */
#define LIST_BYTES 80  /* of the names that a type has */

bool icws_candid_parser_check(struct icws_candid_parser *parser, enum icws_error error)
{
  if (error == ICWS_OK)
    return true;
  return icws_candid_lexer_fail(&parser->lexer, error, parser->lexer.start, "%s",
                                icws_strerror(error));
}

bool icws_candid_parser_too_deep(struct icws_candid_parser *parser)
{
  return icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_LIMIT, parser->lexer.start,
                                "values are nested more deeply than %d", ICWS_CANDID_MAX_DEPTH);
}

/* Copies what |buf| got, which need not be all, as a string of |size| bytes at most; wipes |buf|. */
static bool take_short(struct icws_candid_parser *parser, struct icws_buf *buf, char *out,
                       size_t size)
{
  enum icws_error error = icws_buf_error(buf);
  bool cut = (error != ICWS_OK && error != ICWS_ERR_NOMEM) || buf->len >= size;
  size_t len = buf->len < size ? buf->len : size - 1;
  if (cut && len > size - 4)
    len = size - 4;
  if (len > 0)
    memcpy(out, buf->data, len);
  memcpy(out + len, cut ? "..." : "", cut ? 4 : 1);
  icws_buf_wipe(buf);
  return icws_candid_parser_check(parser, cut ? ICWS_OK : error);
}

bool icws_candid_parser_describe(struct icws_candid_parser *parser, int type,
                                 char out[ICWS_CANDID_SHORT_BYTES])
{
  struct icws_buf buf;
  icws_buf_init(&buf, ICWS_CANDID_SHORT_BYTES, parser->arena->mem);
  enum icws_error error =
      icws_candid_print_type(parser->types, type, true, ICWS_CANDID_ONE_LINE, &buf);
  icws_buf_fail(&buf, error); /* the same, if it is one */
  return take_short(parser, &buf, out, ICWS_CANDID_SHORT_BYTES);
}

static void put_name(const struct icws_candid_field_type *field, struct icws_buf *buf)
{
  if (field->name.data != NULL)
    icws_candid_put_name(field->name, buf);
  else
    icws_candid_put_u32(field->id, buf);
}

/* Writes the names of what |type| has, as many as there is room for; none if it is not known. */
static bool list_names(struct icws_candid_parser *parser, const struct icws_candid_type *type,
                       char out[LIST_BYTES])
{
  size_t count = type != NULL ? type->field_count : 0;
  struct icws_buf buf;
  icws_buf_init(&buf, 0, parser->arena->mem);
  for (size_t i = 0; i < count && icws_buf_error(&buf) == ICWS_OK; i++) {
    size_t whole = buf.len;
    put_name(&type->fields[i], &buf);
    if (buf.len + sizeof ", ..." > LIST_BYTES) {
      icws_buf_truncate(&buf, whole);
      icws_buf_put_text(&buf, "...");
      break;
    }
    icws_buf_put(&buf, ", ", i + 1 < count ? 2 : 0);
  }
  if (type != NULL && count == 0)
    icws_buf_put(&buf, "none", 4);
  return take_short(parser, &buf, out, LIST_BYTES);
}

bool icws_candid_parser_unfit(struct icws_candid_parser *parser, int type, size_t at, size_t end)
{
  char expected[ICWS_CANDID_SHORT_BYTES];
  bool cut = end - at > FOUND_BYTES;
  return icws_candid_parser_describe(parser, type, expected) &&
         icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_CANDID, at, "expected %s, found %.*s%s",
                                expected, cut ? FOUND_BYTES : (int)(end - at),
                                (const char *)parser->lexer.input.data + at, cut ? "..." : "");
}

bool icws_candid_parser_mismatch(struct icws_candid_parser *parser, int type)
{
  char expected[ICWS_CANDID_SHORT_BYTES];
  struct icws_candid_literal literal;
  if (icws_candid_parser_peek_number(parser, &literal))
    return icws_candid_parser_unfit(parser, type, literal.at, literal.end);
  return icws_candid_parser_describe(parser, type, expected) &&
         icws_candid_lexer_unexpected(&parser->lexer, expected);
}

bool icws_candid_parser_missing(struct icws_candid_parser *parser, const char *what,
                                const struct icws_candid_field_type *field)
{
  char expected[ICWS_CANDID_SHORT_BYTES];
  char name[ICWS_CANDID_SHORT_BYTES];
  struct icws_buf buf;
  icws_buf_init(&buf, ICWS_CANDID_SHORT_BYTES, parser->arena->mem);
  put_name(field, &buf);
  return take_short(parser, &buf, name, sizeof name) &&
         icws_candid_parser_describe(parser, field->type, expected) &&
         icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_CANDID, parser->lexer.start,
                                "missing %s %s : %s", what, name, expected);
}

bool icws_candid_parser_bad_label(struct icws_candid_parser *parser, const char *why,
                                  const char *what, const struct icws_candid_label *label,
                                  const struct icws_candid_type *type)
{
  char names[LIST_BYTES];
  struct icws_candid_field_type field = {.id = label->id, .name = label->name};
  char name[ICWS_CANDID_SHORT_BYTES];
  struct icws_buf buf;
  icws_buf_init(&buf, ICWS_CANDID_SHORT_BYTES, parser->arena->mem);
  put_name(&field, &buf);
  if (!take_short(parser, &buf, name, sizeof name) || !list_names(parser, type, names))
    return false;
  return icws_candid_lexer_fail(&parser->lexer, ICWS_ERR_CANDID, label->at, "%s %s %s%s%s", why,
                                what, name, type != NULL ? "; the type has: " : "", names);
}

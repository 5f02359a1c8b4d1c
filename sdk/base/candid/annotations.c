/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/annotations.h"

#include "sort.h"

#define NONE SIZE_MAX /* no value has begun */

/* Goes through a text and knows, of each bracket that is open, where the value at hand starts.  What
 * it takes for values within types are none, but nobody will ask for these. */
struct scan {
  struct icws_candid_lexer lexer;
  size_t starts[ICWS_CANDID_OPEN_MAX];
  size_t depth;
};

static void start_scan(struct scan *scan, const struct icws_candid_lexer *lexer)
{
  scan->lexer = *lexer;
  scan->starts[0] = NONE;
  scan->depth = 0;
}

/* Takes a bracket or a separator; false at one that cannot be. */
static bool take_sign(struct scan *scan, char sign)
{
  switch (sign) {
  case '(':
  case '{':
    if (scan->depth + 1 == ICWS_CANDID_OPEN_MAX)
      return false;
    scan->starts[++scan->depth] = NONE;
    return true;
  case ')':
  case '}':
    return scan->depth-- > 0;
  case ';':
  case ',':
  case '=':
    scan->starts[scan->depth] = NONE;
    return true;
  default:
    return true;
  }
}

static bool is_separator(char sign)
{
  return sign == ';' || sign == ',' || sign == '=' || sign == ')' || sign == '}';
}

/* Goes on to the next colon behind a value; false if there is none. */
static bool next_annotation(struct scan *scan, struct icws_candid_value_annotation *annotation)
{
  struct icws_candid_lexer *lexer = &scan->lexer;
  for (; lexer->token != ICWS_CANDID_TOKEN_END; icws_candid_lexer_next(lexer)) {
    size_t *start = &scan->starts[scan->depth];
    if (icws_candid_lexer_is_sign(lexer, ':') && *start != NONE) {
      *annotation = (struct icws_candid_value_annotation){.value = *start, .colon = lexer->start};
      icws_candid_lexer_next(lexer);
      return true;
    }
    if (*start == NONE && !is_separator(lexer->sign))
      *start = lexer->start;
    if (!take_sign(scan, lexer->sign))
      return false;
  }
  return false;
}

static int compare(const void *a, const void *b)
{
  const struct icws_candid_value_annotation *left = a;
  const struct icws_candid_value_annotation *right = b;
  if (left->value != right->value)
    return left->value < right->value ? -1 : 1;
  return left->colon < right->colon ? -1 : left->colon > right->colon;
}

enum icws_error icws_candid_annotations_find(struct icws_candid_annotations *annotations,
                                             const struct icws_candid_lexer *lexer)
{
  struct scan scan;
  struct icws_candid_value_annotation annotation;
  size_t count = 0;
  start_scan(&scan, lexer);
  while (next_annotation(&scan, &annotation))
    count++;

  annotations->count = 0;
  annotations->list = icws_arena_array(lexer->arena, count, sizeof annotation);
  if (annotations->list == NULL)
    return icws_arena_error(lexer->arena);
  start_scan(&scan, lexer);
  while (next_annotation(&scan, &annotation))
    annotations->list[annotations->count++] = annotation;
  icws_sort(annotations->list, count, sizeof annotation, compare);
  return ICWS_OK;
}

struct icws_candid_value_annotation *
icws_candid_annotation_of(const struct icws_candid_annotations *annotations, size_t value)
{
  size_t low = 0;
  size_t high = annotations->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (annotations->list[middle].value < value)
      low = middle + 1;
    else
      high = middle;
  }
  bool found = high < annotations->count && annotations->list[high].value == value;
  return found ? &annotations->list[high] : NULL;
}

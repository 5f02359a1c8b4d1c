/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/syntax_check.h"

#include "sort.h"

static int compare_places(const struct icws_candid_syntax_member *a,
                          const struct icws_candid_syntax_member *b)
{
  return a->at < b->at ? -1 : a->at > b->at;
}

static int compare_ids(const void *a, const void *b)
{
  const struct icws_candid_syntax_member *left = *(struct icws_candid_syntax_member *const *)a;
  const struct icws_candid_syntax_member *right = *(struct icws_candid_syntax_member *const *)b;
  if (left->id != right->id)
    return left->id < right->id ? -1 : 1;
  return compare_places(left, right);
}

static int compare_names(const void *a, const void *b)
{
  const struct icws_candid_syntax_member *left = *(struct icws_candid_syntax_member *const *)a;
  const struct icws_candid_syntax_member *right = *(struct icws_candid_syntax_member *const *)b;
  int order = icws_bytes_compare(left->name, right->name);
  return order != 0 ? order : compare_places(left, right);
}

/* The members in order, but for those without a name if |named|; NULL after a failure. */
static struct icws_candid_syntax_member **
sort_members(struct icws_candid_lexer *lexer, const struct icws_candid_syntax_members *members,
             bool named, size_t *count)
{
  struct icws_candid_syntax_member **sorted =
      icws_arena_array(lexer->arena, members->count, sizeof(struct icws_candid_syntax_member *));
  if (sorted == NULL) {
    icws_candid_lexer_fail_arena(lexer);
    return NULL;
  }
  *count = 0;
  for (struct icws_candid_syntax_member *member = members->first; member != NULL;
       member = member->next) {
    if (!named || member->name.data != NULL)
      sorted[(*count)++] = member;
  }
  icws_sort(sorted, *count, sizeof(struct icws_candid_syntax_member *),
            named ? compare_names : compare_ids);
  return sorted;
}

static bool refuse_twice(struct icws_candid_lexer *lexer,
                         const struct icws_candid_syntax_member *member, const char *what)
{
  if (member->name.data == NULL)
    return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, member->at, "the %s %lu is there twice",
                                  what, (unsigned long)member->id);
  return icws_candid_lexer_fail(lexer, ICWS_ERR_CANDID, member->at, "the %s %.*s is there twice",
                                what, icws_candid_shown(member->name),
                                (const char *)member->name.data);
}

/* Two members of one id, of which one has a name at least. */
static bool refuse_collision(struct icws_candid_lexer *lexer,
                             const struct icws_candid_syntax_member *earlier,
                             const struct icws_candid_syntax_member *later, const char *what)
{
  const struct icws_candid_syntax_member *named = later->name.data != NULL ? later : earlier;
  const struct icws_candid_syntax_member *other = named == later ? earlier : later;
  unsigned long id = named->id;
  if (other->name.data == NULL)
    return icws_candid_lexer_fail(
        lexer, ICWS_ERR_CANDID, later->at, "the %s %.*s has the id of the %s %lu", what,
        icws_candid_shown(named->name), (const char *)named->name.data, what, id);
  return icws_candid_lexer_fail(
      lexer, ICWS_ERR_CANDID, later->at, "the %s %.*s has the id of the %s %.*s: %lu", what,
      icws_candid_shown(named->name), (const char *)named->name.data, what,
      icws_candid_shown(other->name), (const char *)other->name.data, id);
}

bool icws_candid_check_ids(struct icws_candid_lexer *lexer,
                           const struct icws_candid_syntax_members *members, const char *what)
{
  size_t count;
  struct icws_candid_syntax_member **sorted = sort_members(lexer, members, false, &count);
  for (size_t i = 1; sorted != NULL && i < count; i++) {
    const struct icws_candid_syntax_member *earlier = sorted[i - 1];
    const struct icws_candid_syntax_member *later = sorted[i];
    if (earlier->id != later->id)
      continue;
    bool both_named = (earlier->name.data != NULL) == (later->name.data != NULL);
    if (both_named && icws_bytes_equal(earlier->name, later->name))
      return refuse_twice(lexer, later, what);
    return refuse_collision(lexer, earlier, later, what);
  }
  return sorted != NULL;
}

bool icws_candid_check_names(struct icws_candid_lexer *lexer,
                             const struct icws_candid_syntax_members *members, const char *what)
{
  size_t count;
  struct icws_candid_syntax_member **sorted = sort_members(lexer, members, true, &count);
  for (size_t i = 1; sorted != NULL && i < count; i++) {
    if (icws_bytes_equal(sorted[i - 1]->name, sorted[i]->name))
      return refuse_twice(lexer, sorted[i], what);
  }
  return sorted != NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "common/options.h"

#define MAX_SECONDS UINT64_C(1000000000)

/* Reads the digits at |*text| and moves it past them; false if there are none or the number passes
 * |max|. */
static bool read_digits(const char **text, uint64_t max, uint64_t *value)
{
  const char *start = *text;
  *value = 0;
  for (; **text >= '0' && **text <= '9'; (*text)++) {
    unsigned digit = (unsigned)(**text - '0');
    if (*value > (max - digit) / 10)
      return false;
    *value = *value * 10 + digit;
  }
  return *text != start;
}

static bool read_count(const char *text, uint64_t *count)
{
  return read_digits(&text, UINT64_MAX, count) && *text == '\0' && *count > 0;
}

/* At most three places behind the point: milliseconds. */
static bool read_seconds(const char *text, uint64_t *ms)
{
  uint64_t seconds;
  if (!read_digits(&text, MAX_SECONDS, &seconds))
    return false;
  *ms = seconds * 1000;
  if (*text == '\0')
    return true;
  if (*text++ != '.' || *text == '\0')
    return false;
  for (uint64_t place = 100; *text >= '0' && *text <= '9' && place > 0; place /= 10)
    *ms += place * (uint64_t)(*text++ - '0');
  return *text == '\0';
}

/* Each stores the argument, and returns NULL, or what is wanted instead. */

static const char *take_text(const char **text, const char *argument)
{
  if (argument[0] == '\0')
    return "something";
  *text = argument;
  return NULL;
}

static const char *take_item(struct icws_option_list *list, const char *argument)
{
  if (list->count == ICWS_OPTION_LIST_MAX)
    return "at most 256 values"; /* ICWS_OPTION_LIST_MAX */
  const char *wanted = take_text(&list->items[list->count], argument);
  list->count += wanted == NULL ? 1 : 0;
  return wanted;
}

static const char *take_count(uint64_t *member, const char *argument)
{
  uint64_t count;
  if (!read_count(argument, &count))
    return "a whole number above zero";
  *member = count;
  return NULL;
}

static const char *take_seconds(uint64_t *member, const char *argument, uint64_t least_ms,
                                const char *wanted)
{
  uint64_t ms;
  if (!read_seconds(argument, &ms) || ms < least_ms)
    return wanted;
  *member = ms;
  return NULL;
}

static const char *take_by_kind(const struct icws_option *row, void *member, const char *argument)
{
  switch (row->kind) {
  case ICWS_OPTION_FLAG:
    *(bool *)member = true;
    return NULL;
  case ICWS_OPTION_TEXT:
    return take_text(member, argument);
  case ICWS_OPTION_LIST:
    return take_item(member, argument);
  case ICWS_OPTION_COUNT:
    return take_count(member, argument);
  case ICWS_OPTION_SECONDS:
    return take_seconds(member, argument, 1, "seconds above zero, as 2 or 0.5");
  case ICWS_OPTION_LINGER:
    return take_seconds(member, argument, 0, "seconds, as 2 or 0.5");
  }
  return NULL;
}

const char *icws_option_take(const struct icws_command_line *command_line,
                             const struct icws_option *row, void *settings, const char *argument)
{
  const char *wanted = take_by_kind(row, (char *)settings + row->offset, argument);
  if (wanted == NULL && row->kind != ICWS_OPTION_FLAG && command_line->check != NULL)
    wanted = command_line->check(row, argument, settings);
  return wanted;
}

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

static const char *number_wanted(enum icws_option_kind kind)
{
  if (kind == ICWS_OPTION_COUNT)
    return "a whole number above zero";
  return kind == ICWS_OPTION_SECONDS ? "seconds above zero, as 2 or 0.5" : "seconds, as 2 or 0.5";
}

static const char *check_text(const struct icws_command_line *command_line,
                              const struct icws_option *row, void *settings, const char *argument)
{
  if (argument[0] == '\0')
    return "something";
  return command_line->check == NULL ? NULL : command_line->check(row, argument, settings);
}

static const char *take_text(const struct icws_command_line *command_line,
                             const struct icws_option *row, void *settings, const char *argument)
{
  const char *wanted = check_text(command_line, row, settings, argument);
  if (wanted == NULL)
    *(const char **)((char *)settings + row->offset) = argument;
  return wanted;
}

static const char *take_item(const struct icws_command_line *command_line,
                             const struct icws_option *row, void *settings, const char *argument)
{
  struct icws_option_list *list = (void *)((char *)settings + row->offset);
  if (list->count == ICWS_OPTION_LIST_MAX)
    return "at most 256 values"; /* ICWS_OPTION_LIST_MAX */
  const char *wanted = check_text(command_line, row, settings, argument);
  if (wanted == NULL)
    list->items[list->count++] = argument;
  return wanted;
}

const char *icws_option_take(const struct icws_command_line *command_line,
                             const struct icws_option *row, void *settings, const char *argument)
{
  void *member = (char *)settings + row->offset;
  uint64_t number = 0;
  bool good = true;
  switch (row->kind) {
  case ICWS_OPTION_FLAG:
    *(bool *)member = true;
    return NULL;
  case ICWS_OPTION_TEXT:
    return take_text(command_line, row, settings, argument);
  case ICWS_OPTION_LIST:
    return take_item(command_line, row, settings, argument);
  case ICWS_OPTION_COUNT:
    good = read_count(argument, &number);
    break;
  case ICWS_OPTION_SECONDS:
    good = read_seconds(argument, &number) && number > 0;
    break;
  case ICWS_OPTION_LINGER:
    good = read_seconds(argument, &number);
    break;
  }
  if (good)
    *(uint64_t *)member = number;
  return good ? NULL : number_wanted(row->kind);
}

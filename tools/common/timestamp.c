/* SPDX-License-Identifier: Apache-2.0 */
#include "common/timestamp.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)
#define LAST_YEAR 2554 /* what 64 bits of nanoseconds hold in full */

void icws_timestamp_format(uint64_t ns, char out[ICWS_TIMESTAMP_BYTES])
{
  time_t seconds = (time_t)(ns / NS_PER_S);
  struct tm utc;
  char date[24];
  memset(&utc, 0, sizeof(utc));
  gmtime_r(&seconds, &utc);
  strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc);
  snprintf(out, ICWS_TIMESTAMP_BYTES, "%s.%09" PRIu64 "Z", date, ns % NS_PER_S);
}

uint64_t icws_timestamp_now(void)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Reads exactly |places| digits. */
static bool read_field(const char **text, int places, unsigned low, unsigned high, unsigned *value)
{
  *value = 0;
  for (int i = 0; i < places; i++) {
    if (**text < '0' || **text > '9')
      return false;
    *value = *value * 10 + (unsigned)(*(*text)++ - '0');
  }
  return *value >= low && *value <= high;
}

static bool read_char(const char **text, char first, char second)
{
  if (**text != first && **text != second)
    return false;
  (*text)++;
  return true;
}

static bool is_leap(unsigned year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool read_date(const char **text, uint64_t *days)
{
  static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  unsigned year;
  unsigned month;
  unsigned day;
  if (!read_field(text, 4, 1970, LAST_YEAR - 1, &year) || !read_char(text, '-', '-') ||
      !read_field(text, 2, 1, 12, &month) || !read_char(text, '-', '-') ||
      !read_field(text, 2, 1, 31, &day))
    return false;
  if (day > lengths[month - 1] + (month == 2 && is_leap(year) ? 1 : 0))
    return false;
  *days = day - 1;
  for (unsigned y = 1970; y < year; y++)
    *days += is_leap(y) ? 366 : 365;
  for (unsigned m = 1; m < month; m++)
    *days += lengths[m - 1] + (m == 2 && is_leap(year) ? 1 : 0);
  return true;
}

/* A point and one to nine digits, or nothing. */
static bool read_fraction(const char **text, uint64_t *ns)
{
  *ns = 0;
  if (**text != '.')
    return true;
  (*text)++;
  uint64_t place = NS_PER_S / 10;
  const char *start = *text;
  for (; **text >= '0' && **text <= '9' && place > 0; place /= 10)
    *ns += place * (uint64_t)(*(*text)++ - '0');
  return *text != start;
}

/* Z, or the offset from UTC, in seconds. */
static bool read_zone(const char **text, int64_t *offset)
{
  unsigned hours;
  unsigned minutes;
  *offset = 0;
  if (read_char(text, 'Z', 'z'))
    return true;
  bool west = **text == '-';
  if (!read_char(text, '+', '-') || !read_field(text, 2, 0, 23, &hours) ||
      !read_char(text, ':', ':') || !read_field(text, 2, 0, 59, &minutes))
    return false;
  *offset = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
  return true;
}

static bool parse_rfc3339(const char *text, uint64_t *ns)
{
  uint64_t days;
  unsigned hour;
  unsigned minute;
  unsigned second;
  uint64_t fraction;
  int64_t offset;
  if (!read_date(&text, &days) || !read_char(&text, 'T', 't') ||
      !read_field(&text, 2, 0, 23, &hour) || !read_char(&text, ':', ':') ||
      !read_field(&text, 2, 0, 59, &minute) || !read_char(&text, ':', ':') ||
      !read_field(&text, 2, 0, 60, &second) || !read_fraction(&text, &fraction) ||
      !read_zone(&text, &offset) || *text != '\0')
    return false;
  int64_t seconds = (int64_t)(days * 86400 + hour * 3600 + minute * 60 + second) - offset;
  if (seconds < 0)
    return false;
  *ns = (uint64_t)seconds * NS_PER_S + fraction;
  return true;
}

bool icws_timestamp_parse(const char *text, uint64_t *ns)
{
  const char *at = text;
  uint64_t value = 0;
  for (; *at >= '0' && *at <= '9'; at++) {
    unsigned digit = (unsigned)(*at - '0');
    if (value > (UINT64_MAX - digit) / 10)
      return false;
    value = value * 10 + digit;
  }
  if (*at != '\0' || at == text)
    return parse_rfc3339(text, ns);
  *ns = value;
  return true;
}

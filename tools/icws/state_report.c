/* SPDX-License-Identifier: Apache-2.0 */
#include "state_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/escape.h"
#include "common/timestamp.h"
#include "leaves.h"
#include "state_value.h"

enum icws_lookup icws_state_report_lookup(const struct icws_state_report *report,
                                          const struct icws_state_path *path, size_t *at)
{
  return icws_hashtree_lookup_subtree(report->tree, path->labels, path->count, at);
}

/* --- Values ------------------------------------------------------------------------------------- */

struct listing {
  struct icws_buf *out;
  size_t count;
  bool in_pairs;
};

static void put_principal(const struct icws_principal *principal, void *user_data)
{
  struct listing *listing = user_data;
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  bool is_last = listing->in_pairs && listing->count % 2 == 1;
  if (listing->count++ > 0)
    icws_buf_put_text(listing->out, is_last ? " to " : ", ");
  icws_buf_put(listing->out, text, icws_principal_to_text(principal, text));
}

static void put_principals(const struct icws_state_value *value, struct icws_buf *out)
{
  struct listing listing = {.out = out, .in_pairs = value->kind == ICWS_STATE_RANGES};
  icws_buf_put_u8(out, ' ');
  icws_state_value_walk(value, put_principal, &listing);
  if (listing.count == 0)
    icws_buf_put_text(out, "(none)");
}

static void put_number(const struct icws_state_value *value, struct icws_buf *out)
{
  char digits[24];
  char time[ICWS_TIMESTAMP_BYTES];
  snprintf(digits, sizeof(digits), " %" PRIu64, value->number);
  icws_buf_put_text(out, digits);
  if (value->kind != ICWS_STATE_TIME)
    return;
  icws_timestamp_format(value->number, time);
  icws_buf_put_text(out, " (");
  icws_buf_put_text(out, time);
  icws_buf_put_text(out, ")");
}

/* Text of several lines stands below, indented: it cannot pass for another path. */
static void put_text(struct icws_bytes text, struct icws_buf *out)
{
  if (text.len == 0 || memchr(text.data, '\n', text.len) == NULL) {
    icws_buf_put_u8(out, ' ');
    icws_escape(text, out);
    return;
  }
  while (text.len > 0) {
    const uint8_t *end = memchr(text.data, '\n', text.len);
    size_t length = end != NULL ? (size_t)(end - text.data) : text.len;
    size_t passed = end != NULL ? length + 1 : length;
    icws_buf_put_text(out, "\n  ");
    icws_escape(icws_bytes_of(text.data, length), out);
    text = icws_bytes_of(text.data + passed, text.len - passed);
  }
}

static bool put_value(const char *path, struct icws_bytes bytes, void *user_data)
{
  struct icws_buf *out = user_data;
  struct icws_state_value value = icws_state_value_read(path, bytes);
  icws_escape(icws_bytes_text(path), out);
  icws_buf_put_text(out, " =");
  switch (value.kind) {
  case ICWS_STATE_BYTES:
    icws_buf_put_text(out, " 0x");
    icws_hex_put(out, bytes);
    break;
  case ICWS_STATE_NUMBER:
  case ICWS_STATE_TIME:
    put_number(&value, out);
    break;
  case ICWS_STATE_TEXT:
    put_text(bytes, out);
    break;
  case ICWS_STATE_PRINCIPALS:
  case ICWS_STATE_RANGES:
    put_principals(&value, out);
    break;
  }
  icws_buf_put_u8(out, '\n');
  return icws_buf_error(out) == ICWS_OK;
}

/* --- Paths -------------------------------------------------------------------------------------- */

static void put_remark(const char *path, const char *remark, struct icws_buf *out)
{
  icws_escape(icws_bytes_text(path), out);
  icws_buf_put_text(out, ": ");
  icws_buf_put_text(out, remark);
  icws_buf_put_u8(out, '\n');
}

static bool put_path(const struct icws_state_report *report, const struct icws_state_path *path,
                     struct icws_buf *out)
{
  size_t at;
  size_t start = out->len;
  switch (icws_state_report_lookup(report, path, &at)) {
  case ICWS_LOOKUP_FOUND:
    icws_leaves_walk_below(report->tree, at, path->text, put_value, out);
    if (out->len > start)
      return true;
    put_remark(path->text, "no value below it is shown", out);
    return false;
  case ICWS_LOOKUP_ABSENT:
    put_remark(path->text, "absent, which the certificate proves", out);
    return false;
  case ICWS_LOOKUP_UNKNOWN:
  case ICWS_LOOKUP_ERROR:
    break;
  }
  put_remark(path->text, "not shown: it may be there or not", out);
  return false;
}

bool icws_state_report_put(const struct icws_state_report *report, struct icws_buf *out)
{
  bool all = true;
  for (size_t i = 0; i < report->count; i++)
    all = put_path(report, &report->paths[i], out) && all;
  return all;
}

bool icws_state_report_put_raw(const struct icws_state_report *report, struct icws_buf *out)
{
  struct icws_bytes value;
  if (icws_hashtree_lookup(report->tree, report->paths->labels, report->paths->count, &value) !=
      ICWS_LOOKUP_FOUND)
    return false;
  icws_buf_put(out, value.data, value.len);
  return true;
}

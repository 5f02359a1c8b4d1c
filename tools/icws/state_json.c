/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "json_parts.h"
#include "leaves.h"
#include "state_report.h"
#include "state_value.h"

/* --- Values ------------------------------------------------------------------------------------- */

/* Readers of JSON round large integers: those are text. */
static json_t *json_number(uint64_t number)
{
  char digits[24];
  if (number < (UINT64_C(1) << 53))
    return json_integer((json_int_t)number);
  snprintf(digits, sizeof(digits), "%" PRIu64, number);
  return json_string(digits);
}

static void add_principal(const struct icws_principal *principal, void *array)
{
  json_array_append_new(array, icws_json_principal(principal));
}

/* The first of each pair makes the array of both. */
static void add_of_pair(const struct icws_principal *principal, void *array)
{
  size_t count = json_array_size(array);
  json_t *last = count > 0 ? json_array_get(array, count - 1) : NULL;
  if (last == NULL || json_array_size(last) == 2) {
    json_array_append_new(array, json_array());
    last = json_array_get(array, count);
  }
  add_principal(principal, last);
}

static json_t *json_principals(const struct icws_state_value *value)
{
  json_t *array = json_array();
  if (array != NULL)
    icws_state_value_walk(value, value->kind == ICWS_STATE_RANGES ? add_of_pair : add_principal,
                          array);
  return array;
}

/* NULL: there is nothing to say but the bytes. */
static json_t *json_value(const struct icws_state_value *value)
{
  switch (value->kind) {
  case ICWS_STATE_NUMBER:
    return json_number(value->number);
  case ICWS_STATE_TIME:
    return icws_json_time(value->number);
  case ICWS_STATE_TEXT:
    return json_stringn(value->bytes.len > 0 ? (const char *)value->bytes.data : "",
                        value->bytes.len);
  case ICWS_STATE_PRINCIPALS:
  case ICWS_STATE_RANGES:
    return json_principals(value);
  case ICWS_STATE_BYTES:
    break;
  }
  return NULL;
}

static bool add_value(const char *path, struct icws_bytes bytes, void *object)
{
  struct icws_state_value value = icws_state_value_read(path, bytes);
  json_t *entry = json_pack("{s:s, s:o*, s:o}", "state", "found", "value", json_value(&value),
                            "hex", icws_json_hex(bytes));
  return json_object_set_new(object, path, entry) == 0;
}

/* --- Paths -------------------------------------------------------------------------------------- */

static bool add_path(const struct icws_state_report *report, const struct icws_state_path *path,
                     json_t *object, bool *failed)
{
  size_t at;
  size_t before = json_object_size(object);
  enum icws_lookup lookup = icws_state_report_lookup(report, path, &at);
  if (lookup == ICWS_LOOKUP_FOUND) {
    *failed = !icws_leaves_walk_below(report->tree, at, path->text, add_value, object) || *failed;
    if (json_object_size(object) > before || json_object_get(object, path->text) != NULL)
      return true;
  }
  const char *state = lookup == ICWS_LOOKUP_ABSENT ? "absent" : "unknown";
  *failed =
      json_object_set_new(object, path->text, json_pack("{s:s}", "state", state)) != 0 || *failed;
  return false;
}

bool icws_state_report_put_json(const struct icws_state_report *report, struct icws_buf *out)
{
  json_t *values = json_object();
  bool failed = values == NULL;
  bool all = true;
  for (size_t i = 0; !failed && i < report->count; i++)
    all = add_path(report, &report->paths[i], values, &failed) && all;
  json_t *object =
      json_pack("{s:o, s:o}", "time", icws_json_time(report->time_ns), "values", values);
  if (failed) {
    json_decref(object);
    object = NULL;
  }
  icws_json_put_line(object, out);
  return all;
}

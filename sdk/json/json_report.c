/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "json_reader.h"

#define FOUND_BYTES 64
#define FOUND_CHARACTERS 40 /* of a string */

bool icws_json_report(struct icws_json_reader *reader, const struct icws_json_place *place,
                      enum icws_error error, const char *what)
{
  char where[ICWS_JSON_PLACE_BYTES];
  icws_json_place_print(place, where);
  reader->error = icws_fail(reader->failure, error, "%s%s", where, what);
  return false;
}

static void describe(const json_t *json, char out[FOUND_BYTES])
{
  switch (json_typeof(json)) {
  case JSON_OBJECT:
    snprintf(out, FOUND_BYTES, "an object of %zu", json_object_size(json));
    break;
  case JSON_ARRAY:
    snprintf(out, FOUND_BYTES, "an array of %zu", json_array_size(json));
    break;
  case JSON_STRING:
    snprintf(out, FOUND_BYTES, "\"%.*s%s\"", FOUND_CHARACTERS, json_string_value(json),
             json_string_length(json) > FOUND_CHARACTERS ? "..." : "");
    break;
  case JSON_INTEGER:
    snprintf(out, FOUND_BYTES, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    break;
  case JSON_REAL:
    snprintf(out, FOUND_BYTES, "%g", json_real_value(json));
    break;
  case JSON_TRUE:
  case JSON_FALSE:
    snprintf(out, FOUND_BYTES, "%s", json_is_true(json) ? "true" : "false");
    break;
  case JSON_NULL:
    snprintf(out, FOUND_BYTES, "null");
  }
}

bool icws_json_report_mismatch(struct icws_json_reader *reader, const struct icws_json_place *place,
                               const json_t *json, const char *expected)
{
  char found[FOUND_BYTES];
  char what[FOUND_BYTES + 64];
  describe(json, found);
  snprintf(what, sizeof what, "expected %s, found %s", expected, found);
  return icws_json_report(reader, place, ICWS_ERR_CANDID, what);
}

bool icws_json_report_arena(struct icws_json_reader *reader, const struct icws_json_place *place)
{
  enum icws_error error = icws_arena_error(reader->arena);
  return icws_json_report(reader, place, error,
                          error == ICWS_ERR_LIMIT ? "the value is too large"
                                                  : icws_strerror(error));
}

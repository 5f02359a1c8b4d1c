/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_JSON_READER_H
#define ICWS_JSON_READER_H

#include <jansson.h>

#include <icws/arena.h>
#include <icws/candid_value.h>

#include "json_place.h"

/* What functions share that read Candid values from a JSON value. */
struct icws_json_reader {
  const struct icws_candid_types *types;
  struct icws_arena *arena;
  struct icws_failure *failure;
  enum icws_error error;
};

/* Each fills the reader's failure, which starts with |place|, and its error, and returns false:
 * with |what|; with "expected |expected|, found " and what |json| is; with what the arena failed
 * with. */
bool icws_json_report(struct icws_json_reader *reader, const struct icws_json_place *place,
                      enum icws_error error, const char *what);
bool icws_json_report_mismatch(struct icws_json_reader *reader, const struct icws_json_place *place,
                               const json_t *json, const char *expected);
bool icws_json_report_arena(struct icws_json_reader *reader, const struct icws_json_place *place);

/*
 * What reads sets |as| and |count| of |value|, whose |type| is set before, and returns true; or it
 * reports a failure and returns false.
 *
 * icws_json_read_primitive reads a value of a primitive type, icws_json_read_principal a principal or
 * service, icws_json_read_hex a blob from a string.
 */
bool icws_json_read_primitive(struct icws_json_reader *reader, const json_t *json,
                              const struct icws_json_place *place, struct icws_candid_value *value);
bool icws_json_read_principal(struct icws_json_reader *reader, const json_t *json,
                              const struct icws_json_place *place, struct icws_candid_value *value);
bool icws_json_read_hex(struct icws_json_reader *reader, const json_t *json,
                        const struct icws_json_place *place, struct icws_candid_value *value);

/* icws_json_bytes borrows the bytes of a string; there are none in anything else. */
struct icws_bytes icws_json_bytes(const json_t *json);

#endif

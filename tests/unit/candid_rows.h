/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_CANDID_ROWS_H
#define ICWS_TESTS_CANDID_ROWS_H

#include <stddef.h>

#include <jansson.h>

#include <icws/candid_value.h>

/*
 * The rows of tests/vectors/candid_values.json, and of longer lists that tests/interop makes: a
 * message, its types and values as text, and what it is at other types.  Whatever is not as a test
 * expects it fails the running test.
 */

/* candid_rows_load loads |file|; NULL stands for tests/vectors/candid_values.json.  The caller gives
 * the result to json_decref. */
json_t *candid_rows_load(const char *file);

/* The types that arguments are read at. */
struct candid_signature {
  struct icws_candid_types *types;
  int expected[ICWS_CANDID_MAX_ARGS];
  size_t count;
};

/* candid_signature_init reads the types of |at|: |row| itself, or one of its other types. */
void candid_signature_init(struct candid_signature *signature, const json_t *row, const json_t *at);
void candid_signature_wipe(struct candid_signature *signature);

/* candid_signature_parse reads arguments as text. */
struct icws_candid_args candid_signature_parse(const struct candid_signature *signature,
                                               struct icws_bytes text, struct icws_arena *arena);

#endif

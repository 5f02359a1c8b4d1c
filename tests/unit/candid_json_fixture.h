/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_CANDID_JSON_FIXTURE_H
#define ICWS_TESTS_CANDID_JSON_FIXTURE_H

#include <icws/candid_json.h>

#include "vectors.h"

/* What the tests of Candid as JSON share: a table of types of each kind, and steps that must work. */

/* The composite ones are numbers of the table that add_types makes, in this order. */
enum json_type {
  OPT_NAT,
  OPT_OPT_NAT,
  OPT_BOOL,
  OPT_OPT_BOOL,
  OPT_OPT_OPT_BOOL,
  OPT_NULL,
  OPT_RESERVED,
  OPT_TEXT,
  INFINITE, /* opt of itself */
  LIST,     /* opt record { head : nat8; tail : LIST } */
  LIST_NODE,
  BLOB,
  VEC_BLOB,
  VEC_NAT16,
  VEC_NULL,
  PAIR,        /* record { nat8; text } */
  PAIR_OPT,    /* record { nat8; opt text; null } */
  NO_FIELDS,   /* record {} */
  UNNAMED,     /* record { 5 : nat8; 1000000 : bool } */
  PERSON,      /* record { id : nat8; name : text; nick : opt text; note : reserved } */
  ODD_NAMES,   /* record { "5" : nat8; 5 : nat8; "007"; "a\0b"; "\u{202e}" } */
  RESULT,      /* variant { Ok : nat; Err : text; none } */
  UNNAMED_ONE, /* variant { 3; 17724 : nat8 } */
  NO_CASES,    /* variant {} */
  FUNC,
  SERVICE,
  FUTURE,
  PEOPLE, /* vec PERSON */
  TYPES,
};

struct json_fixture {
  struct icws_candid_types *types;
  struct icws_arena arena;
  struct icws_failure failure;
};

/* For cmocka_unit_test_setup_teardown: |*state| is a fixture. */
int json_fixture_set_up(void **state);
int json_fixture_tear_down(void **state);

/* json_fixture_decode reads a message of one argument of |type|, of which |value| is the value in
 * hex. */
struct icws_candid_value json_fixture_decode(struct json_fixture *fixture, int type,
                                             const char *value);

/* json_fixture_read reads |json|. */
struct icws_candid_value json_fixture_read(struct json_fixture *fixture, int type,
                                           const char *json);

/* json_fixture_check fails the test unless |value| is written as |json|. */
void json_fixture_check(struct json_fixture *fixture, const struct icws_candid_value *value,
                        const char *json);

#endif

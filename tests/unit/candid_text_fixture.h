/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TESTS_CANDID_TEXT_FIXTURE_H
#define ICWS_TESTS_CANDID_TEXT_FIXTURE_H

#include <icws/candid_text.h>

#define CANDID_TEXT_ARGS 16

/* Types, and values of them that were read from text. */
struct candid_text {
  struct icws_candid_types *types;
  int expected[CANDID_TEXT_ARGS];
  size_t count;
  struct icws_arena arena;
  struct icws_candid_args args;
  struct icws_candid_spot spot;
  struct icws_failure failure;
};

/* candid_text_open makes the definitions, as in a .did file, and the types, as in "(nat, List)";
 * either may be NULL. */
void candid_text_open(struct candid_text *text, const char *definitions, const char *types);
void candid_text_close(struct candid_text *text);

/* Each reads |input| into |text|: at its types, or at any. */
enum icws_error candid_text_parse(struct candid_text *text, const char *input);
enum icws_error candid_text_parse_any(struct candid_text *text, const char *input);

/* candid_text_check_failure fails the test unless |error|, which reading |input| gave, is |expected|, and
 * |text| says |fault|, with the same line and column as its spot. */
void candid_text_check_failure(const struct candid_text *text, enum icws_error error,
                               enum icws_error expected, const char *input, const char *fault);

/* candid_text_print prints the values, as a string, into |out|, which it clears before. */
const char *candid_text_print(const struct icws_candid_args *args, enum icws_candid_layout layout,
                              struct icws_buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_PATH_H
#define ICWS_BASE_CANDID_PATH_H

#include <icws/candid_types.h>

/*
 * Where in a value or type something is, for failures: "argument 1, field text, item 3".  Steps are
 * added from the inside to the outside, as functions return; the outermost are left out where there
 * are very many.
 */
enum icws_candid_step_kind {
  ICWS_CANDID_STEP_NONE, /* not shown */
  ICWS_CANDID_STEP_ARGUMENT,
  ICWS_CANDID_STEP_RESULT,
  ICWS_CANDID_STEP_FIELD,
  ICWS_CANDID_STEP_CASE,
  ICWS_CANDID_STEP_METHOD,
  ICWS_CANDID_STEP_ITEM,  /* of a vec, by index */
  ICWS_CANDID_STEP_ITEMS, /* all of a vec's */
};

struct icws_candid_step {
  enum icws_candid_step_kind kind;
  uint32_t index;         /* an argument, result, item, or a field or case without a name */
  struct icws_bytes name; /* borrowed; |data| NULL: none */
};

struct icws_candid_step icws_candid_step_index(enum icws_candid_step_kind kind, uint32_t index);
struct icws_candid_step icws_candid_step_field(const struct icws_candid_field_type *field);
struct icws_candid_step icws_candid_step_case(const struct icws_candid_field_type *field);
struct icws_candid_step icws_candid_step_method(const struct icws_candid_method_type *method);

#define ICWS_CANDID_PATH_STEPS 8

struct icws_candid_path {
  struct icws_candid_step steps[ICWS_CANDID_PATH_STEPS]; /* the innermost first */
  size_t count;                                          /* of all that were added */
};

void icws_candid_path_init(struct icws_candid_path *path);
void icws_candid_path_add(struct icws_candid_path *path, struct icws_candid_step step);

#define ICWS_CANDID_PATH_TEXT_BYTES 160

/* icws_candid_path_text writes the path and a NUL, cut if it is too long, and returns |out|. */
const char *icws_candid_path_text(const struct icws_candid_path *path,
                                  char out[ICWS_CANDID_PATH_TEXT_BYTES]);

#endif

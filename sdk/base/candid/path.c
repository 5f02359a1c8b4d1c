/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/path.h"

#include <string.h>

struct icws_candid_step icws_candid_step_index(enum icws_candid_step_kind kind, uint32_t index)
{
  return (struct icws_candid_step){.kind = kind, .index = index};
}

struct icws_candid_step icws_candid_step_field(const struct icws_candid_field_type *field)
{
  return (struct icws_candid_step){
      .kind = ICWS_CANDID_STEP_FIELD, .index = field->id, .name = field->name};
}

struct icws_candid_step icws_candid_step_case(const struct icws_candid_field_type *field)
{
  return (struct icws_candid_step){
      .kind = ICWS_CANDID_STEP_CASE, .index = field->id, .name = field->name};
}

struct icws_candid_step icws_candid_step_method(const struct icws_candid_method_type *method)
{
  return (struct icws_candid_step){.kind = ICWS_CANDID_STEP_METHOD, .name = method->name};
}

void icws_candid_path_init(struct icws_candid_path *path)
{
  path->count = 0;
}

void icws_candid_path_add(struct icws_candid_path *path, struct icws_candid_step step)
{
  if (step.kind == ICWS_CANDID_STEP_NONE)
    return;
  if (path->count < ICWS_CANDID_PATH_STEPS)
    path->steps[path->count] = step;
  path->count++;
}

/* --- As text ----------------------------------------------------------------------------------- */

struct text {
  char *out;
  size_t len;
};

static void put(struct text *text, const void *characters, size_t count)
{
  size_t left = ICWS_CANDID_PATH_TEXT_BYTES - 1 - text->len;
  if (count > left)
    count = left;
  memcpy(text->out + text->len, characters, count);
  text->len += count;
  text->out[text->len] = '\0';
}

static void put_word(struct text *text, const char *word)
{
  put(text, word, strlen(word));
}

static void put_number(struct text *text, uint64_t number)
{
  char digits[20];
  size_t at = sizeof(digits);
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  put(text, digits + at, sizeof(digits) - at);
}

static void put_step(struct text *text, const struct icws_candid_step *step)
{
  static const char *const words[] = {
      [ICWS_CANDID_STEP_NONE] = "",          [ICWS_CANDID_STEP_ARGUMENT] = "argument ",
      [ICWS_CANDID_STEP_RESULT] = "result ", [ICWS_CANDID_STEP_FIELD] = "field ",
      [ICWS_CANDID_STEP_CASE] = "case ",     [ICWS_CANDID_STEP_METHOD] = "method ",
      [ICWS_CANDID_STEP_ITEM] = "item ",     [ICWS_CANDID_STEP_ITEMS] = "the items",
  };
  bool counts_from_one =
      step->kind == ICWS_CANDID_STEP_ARGUMENT || step->kind == ICWS_CANDID_STEP_RESULT;
  put_word(text, words[step->kind]);
  if (step->name.data != NULL)
    put(text, step->name.data, step->name.len);
  else if (step->kind != ICWS_CANDID_STEP_ITEMS && step->kind != ICWS_CANDID_STEP_METHOD)
    put_number(text, (uint64_t)step->index + (counts_from_one ? 1 : 0));
}

const char *icws_candid_path_text(const struct icws_candid_path *path,
                                  char out[ICWS_CANDID_PATH_TEXT_BYTES])
{
  struct text text = {.out = out};
  size_t kept = path->count;
  out[0] = '\0';
  if (kept > ICWS_CANDID_PATH_STEPS) {
    kept = ICWS_CANDID_PATH_STEPS;
    put_word(&text, "..., ");
  }
  for (size_t i = kept; i-- > 0;) {
    put_step(&text, &path->steps[i]);
    put_word(&text, i > 0 ? ", " : "");
  }
  return out;
}

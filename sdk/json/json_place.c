/* SPDX-License-Identifier: Apache-2.0 */
#include "json_place.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct icws_json_place icws_json_place_stay(const struct icws_json_place *from)
{
  return (struct icws_json_place){.from = from, .step = ICWS_JSON_STAY, .depth = from->depth + 1};
}

struct icws_json_place icws_json_place_member(const struct icws_json_place *from,
                                              struct icws_bytes member)
{
  struct icws_json_place place = icws_json_place_stay(from);
  place.step = ICWS_JSON_MEMBER;
  place.member = member;
  return place;
}

struct icws_json_place icws_json_place_item(const struct icws_json_place *from, size_t index)
{
  struct icws_json_place place = icws_json_place_stay(from);
  place.step = ICWS_JSON_ITEM;
  place.index = index;
  return place;
}

/* Text that is written from its end to its beginning, as the steps of a place come. */
struct backwards {
  char text[ICWS_JSON_PLACE_BYTES];
  size_t start;
  bool cut;
};

static void prepend(struct backwards *to, struct icws_bytes text)
{
  size_t room = to->start;
  size_t count = text.len < room ? text.len : room;
  to->cut = to->cut || count < text.len;
  to->start -= count;
  for (size_t i = 0; i < count; i++) {
    uint8_t byte = text.data[text.len - count + i];
    to->text[to->start + i] = byte != '\0' ? (char)byte : '?';
  }
}

static void prepend_step(struct backwards *to, const struct icws_json_place *place)
{
  char index[32];
  switch (place->step) {
  case ICWS_JSON_STAY:
    break;
  case ICWS_JSON_MEMBER:
    prepend(to, place->member);
    prepend(to, icws_bytes_text("."));
    break;
  case ICWS_JSON_ITEM:
    snprintf(index, sizeof index, "[%zu]", place->index);
    prepend(to, icws_bytes_text(index));
  }
}

void icws_json_place_print(const struct icws_json_place *place, char out[ICWS_JSON_PLACE_BYTES])
{
  static const char dots[] = "...";
  struct backwards to = {.start = ICWS_JSON_PLACE_BYTES - 1};
  size_t empty;
  prepend(&to, icws_bytes_text(": "));
  empty = to.start;
  for (; place != NULL; place = place->from)
    prepend_step(&to, place);
  if (to.start == empty)
    to.start = ICWS_JSON_PLACE_BYTES - 1;
  if (to.cut)
    memcpy(to.text, dots, sizeof dots - 1);
  memcpy(out, to.text + to.start, ICWS_JSON_PLACE_BYTES - to.start);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "json_field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Reads an id: digits without a zero in front, below 2^32. */
static bool parse_id(struct icws_bytes text, uint32_t *id)
{
  uint64_t value = 0;
  if (text.len == 0 || text.len >= ICWS_JSON_ID_BYTES || (text.len > 1 && text.data[0] == '0'))
    return false;
  for (size_t i = 0; i < text.len; i++) {
    if (text.data[i] < '0' || text.data[i] > '9')
      return false;
    value = value * 10 + (uint64_t)(text.data[i] - '0');
  }
  *id = (uint32_t)value;
  return value <= UINT32_MAX;
}

static bool goes_by_name(const struct icws_candid_field_type *field)
{
  uint32_t id;
  return field->name.data != NULL && memchr(field->name.data, '\0', field->name.len) == NULL &&
         !parse_id(field->name, &id);
}

struct icws_bytes icws_json_field_member(const struct icws_candid_field_type *field,
                                         char id[ICWS_JSON_ID_BYTES])
{
  if (goes_by_name(field))
    return field->name;
  snprintf(id, ICWS_JSON_ID_BYTES, "%" PRIu32, field->id);
  return icws_bytes_text(id);
}

const struct icws_candid_field_type *icws_json_field_find(const struct icws_candid_type *type,
                                                          struct icws_bytes member, size_t *index)
{
  uint32_t id;
  const char *name = (const char *)member.data;
  if (parse_id(member, &id))
    return icws_candid_type_field(type, id, index);
  if (strlen(name) != member.len)
    return NULL;
  const struct icws_candid_field_type *field =
      icws_candid_type_field(type, icws_candid_field_id(name), index);
  /* Two names may have one id; only one of them is meant where the type has it. */
  if (field != NULL && field->name.data != NULL && !icws_bytes_equal(field->name, member))
    return NULL;
  return field;
}

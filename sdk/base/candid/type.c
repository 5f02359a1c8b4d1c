/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/candid_types.h>

/* What can be told of one type. */

const char *icws_candid_constructor_name(int constructor)
{
  static const char *const names[] = {
      "null",  "bool",  "nat",   "int",    "nat8",    "nat16",   "nat32",   "nat64",
      "int8",  "int16", "int32", "int64",  "float32", "float64", "text",    "reserved",
      "empty", "opt",   "vec",   "record", "variant", "func",    "service", "principal",
  };
  size_t index = (size_t)(-(constructor + 1));
  return index < sizeof(names) / sizeof(names[0]) ? names[index] : "future";
}

bool icws_candid_types_is_optional(const struct icws_candid_types *types, int type)
{
  return type == ICWS_CANDID_NULL || type == ICWS_CANDID_RESERVED ||
         icws_candid_types_constructor(types, type) == ICWS_CANDID_OPT;
}

bool icws_candid_types_is_blob(const struct icws_candid_types *types, int type)
{
  if (icws_candid_types_constructor(types, type) != ICWS_CANDID_VEC)
    return false;
  return icws_candid_types_get(types, type)->item == ICWS_CANDID_NAT8;
}

const struct icws_candid_field_type *icws_candid_type_field(const struct icws_candid_type *type,
                                                            uint32_t id, size_t *index)
{
  size_t low = 0;
  size_t high = type->field_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (type->fields[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  if (high == type->field_count || type->fields[high].id != id)
    return NULL;
  if (index != NULL)
    *index = high;
  return &type->fields[high];
}

const struct icws_candid_method_type *icws_candid_type_method(const struct icws_candid_type *type,
                                                              struct icws_bytes name)
{
  size_t low = 0;
  size_t high = type->method_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = icws_bytes_compare(type->methods[middle].name, name);
    if (order == 0)
      return &type->methods[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

bool icws_candid_type_is_tuple(const struct icws_candid_type *type)
{
  return type->constructor == ICWS_CANDID_RECORD && type->field_count > 0 &&
         type->fields[type->field_count - 1].id == type->field_count - 1;
}

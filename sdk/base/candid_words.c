/* SPDX-License-Identifier: Apache-2.0 */
#include "candid_words.h"

#include <icws/candid.h>

struct primitive {
  const char *name;
  int type;
};

static const struct primitive primitives[] = {
    {"null", ICWS_CANDID_NULL},       {"bool", ICWS_CANDID_BOOL},
    {"nat", ICWS_CANDID_NAT},         {"int", ICWS_CANDID_INT},
    {"nat8", ICWS_CANDID_NAT8},       {"nat16", ICWS_CANDID_NAT16},
    {"nat32", ICWS_CANDID_NAT32},     {"nat64", ICWS_CANDID_NAT64},
    {"int8", ICWS_CANDID_INT8},       {"int16", ICWS_CANDID_INT16},
    {"int32", ICWS_CANDID_INT32},     {"int64", ICWS_CANDID_INT64},
    {"float32", ICWS_CANDID_FLOAT32}, {"float64", ICWS_CANDID_FLOAT64},
    {"text", ICWS_CANDID_TEXT},       {"reserved", ICWS_CANDID_RESERVED},
    {"empty", ICWS_CANDID_EMPTY},     {"principal", ICWS_CANDID_PRINCIPAL},
};

bool icws_candid_primitive_named(struct icws_bytes word, int *primitive)
{
  for (size_t i = 0; i < sizeof primitives / sizeof primitives[0]; i++) {
    if (icws_bytes_equal(word, icws_bytes_text(primitives[i].name))) {
      *primitive = primitives[i].type;
      return true;
    }
  }
  return false;
}

const char *icws_candid_primitive_name(int primitive)
{
  for (size_t i = 0; i < sizeof primitives / sizeof primitives[0]; i++) {
    if (primitives[i].type == primitive)
      return primitives[i].name;
  }
  return NULL;
}

uint32_t icws_candid_name_id(struct icws_bytes name)
{
  uint32_t id = 0;
  for (size_t i = 0; i < name.len; i++)
    id = id * 223 + name.data[i];
  return id;
}

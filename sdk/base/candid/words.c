/* SPDX-License-Identifier: Apache-2.0 */
#include "candid/words.h"

#include <icws/candid_types.h>

bool icws_candid_is_primitive(int64_t opcode)
{
  return (opcode <= ICWS_CANDID_NULL && opcode >= ICWS_CANDID_EMPTY) ||
         opcode == ICWS_CANDID_PRINCIPAL;
}

bool icws_candid_primitive_named(struct icws_bytes word, int *primitive)
{
  for (int each = ICWS_CANDID_NULL; each >= ICWS_CANDID_PRINCIPAL; each--) {
    if (icws_candid_is_primitive(each) &&
        icws_bytes_equal(word, icws_bytes_text(icws_candid_constructor_name(each)))) {
      *primitive = each;
      return true;
    }
  }
  return false;
}

uint32_t icws_candid_name_id(struct icws_bytes name)
{
  uint32_t id = 0;
  for (size_t i = 0; i < name.len; i++)
    id = id * 223 + name.data[i];
  return id;
}

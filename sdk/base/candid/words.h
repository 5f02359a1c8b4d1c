/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_WORDS_H
#define ICWS_BASE_CANDID_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/bytes.h>

/* icws_candid_is_primitive tells whether |opcode| is that of a primitive type. */
bool icws_candid_is_primitive(int64_t opcode);

/* icws_candid_primitive_named stores the primitive called |word|; false if there is none. */
bool icws_candid_primitive_named(struct icws_bytes word, int *primitive);

/* icws_candid_name_id is icws_candid_field_id for a name that is no C string. */
uint32_t icws_candid_name_id(struct icws_bytes name);

#endif

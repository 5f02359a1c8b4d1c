/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_REQUEST_ID_H
#define ICWS_REQUEST_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/cbor.h>
#include <icws/digest.h>

/*
 * The representation-independent hash (IC interface specification, "Request ids"): of a map, the
 * hash of the sorted fields, each the hash of its key and the hash of its value.
 */

struct icws_field_hash {
  uint8_t key[ICWS_SHA256_BYTES];
  uint8_t value[ICWS_SHA256_BYTES];
};

/* The fields of one map so far, in ascending order of their hashes. */
struct icws_map_hash {
  size_t count;
  struct icws_field_hash fields[ICWS_CBOR_MAX_KEYS];
};

void icws_map_hash_init(struct icws_map_hash *map);

/* icws_map_hash_put adds a field whose value has the hash |value|; false, and nothing changes, if
 * the map has the key.  The map MUST have room. */
bool icws_map_hash_put(struct icws_map_hash *map, struct icws_bytes key,
                       const uint8_t value[ICWS_SHA256_BYTES]);

void icws_map_hash_finish(const struct icws_map_hash *map, uint8_t out[ICWS_SHA256_BYTES]);

/* icws_hash_blob is the hash of a value of bytes or of text, icws_hash_nat that of a number. */
void icws_hash_blob(struct icws_bytes bytes, uint8_t out[ICWS_SHA256_BYTES]);
void icws_hash_nat(uint64_t value, uint8_t out[ICWS_SHA256_BYTES]);

/* icws_map_hash_put_blob and icws_map_hash_put_nat add a field with such a value; the map MUST NOT
 * have the key. */
void icws_map_hash_put_blob(struct icws_map_hash *map, const char *key, struct icws_bytes bytes);
void icws_map_hash_put_nat(struct icws_map_hash *map, const char *key, uint64_t value);

/* icws_hash_item is the hash of the value that |encoding| holds, one CBOR item.  Returns ICWS_OK,
 * ICWS_ERR_CBOR or ICWS_ERR_LIMIT. */
ICWS_NODISCARD enum icws_error icws_hash_item(struct icws_bytes encoding,
                                              uint8_t out[ICWS_SHA256_BYTES]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "request_id.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include <icws/envelope.h>

#include "leb128.h"

_Static_assert(sizeof(struct icws_field_hash) == 64, "fields are hashed as they lie in memory");

void icws_hash_blob(struct icws_bytes bytes, uint8_t out[ICWS_SHA256_BYTES])
{
  icws_sha256(&bytes, 1, out);
}

void icws_hash_nat(uint64_t value, uint8_t out[ICWS_SHA256_BYTES])
{
  uint8_t leb128[ICWS_LEB128_MAX_BYTES];
  size_t len = icws_leb128_encode(value, leb128);
  icws_hash_blob(icws_bytes_of(leb128, len), out);
}

void icws_map_hash_init(struct icws_map_hash *map)
{
  map->count = 0;
}

bool icws_map_hash_put(struct icws_map_hash *map, struct icws_bytes key,
                       const uint8_t value[ICWS_SHA256_BYTES])
{
  struct icws_field_hash field;
  size_t at = map->count;
  icws_hash_blob(key, field.key);
  memcpy(field.value, value, sizeof field.value);

  for (; at > 0; at--) {
    int order = memcmp(map->fields[at - 1].key, field.key, sizeof field.key);
    if (order == 0)
      return false;
    if (order < 0)
      break;
  }
  assert(map->count < ICWS_CBOR_MAX_KEYS);
  memmove(&map->fields[at + 1], &map->fields[at], (map->count - at) * sizeof field);
  map->fields[at] = field;
  map->count++;
  return true;
}

void icws_map_hash_finish(const struct icws_map_hash *map, uint8_t out[ICWS_SHA256_BYTES])
{
  icws_hash_blob(icws_bytes_of(map->fields, map->count * sizeof map->fields[0]), out);
}

void icws_map_hash_put_blob(struct icws_map_hash *map, const char *key, struct icws_bytes bytes)
{
  uint8_t hash[ICWS_SHA256_BYTES];
  icws_hash_blob(bytes, hash);
  bool is_new = icws_map_hash_put(map, icws_bytes_text(key), hash);
  assert(is_new);
}

void icws_map_hash_put_nat(struct icws_map_hash *map, const char *key, uint64_t value)
{
  uint8_t hash[ICWS_SHA256_BYTES];
  icws_hash_nat(value, hash);
  bool is_new = icws_map_hash_put(map, icws_bytes_text(key), hash);
  assert(is_new);
}

/* The same over CBOR.  Errors stick in the reader. */

static void fail(struct icws_cbor_reader *reader, enum icws_error error, const char *reason)
{
  if (reader->error == ICWS_OK) {
    reader->error = error;
    reader->reason = reason;
  }
}

static void hash_value(struct icws_cbor_reader *reader, size_t depth,
                       uint8_t out[ICWS_SHA256_BYTES]);

static void hash_string(struct icws_cbor_reader *reader, enum icws_cbor_type type,
                        uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_bytes bytes;
  enum icws_error error = type == ICWS_CBOR_TEXT ? icws_cbor_read_text(reader, &bytes)
                                                 : icws_cbor_read_bytes(reader, &bytes);
  if (error == ICWS_OK)
    icws_hash_blob(bytes, out);
}

static void hash_uint(struct icws_cbor_reader *reader, uint8_t out[ICWS_SHA256_BYTES])
{
  uint64_t value;
  if (icws_cbor_read_uint(reader, &value) == ICWS_OK)
    icws_hash_nat(value, out);
}

static void hash_array(struct icws_cbor_reader *reader, size_t depth,
                       uint8_t out[ICWS_SHA256_BYTES])
{
  crypto_hash_sha256_state state;
  uint64_t count;
  if (icws_cbor_read_array(reader, &count) != ICWS_OK)
    return;
  crypto_hash_sha256_init(&state);
  for (uint64_t i = 0; i < count && reader->error == ICWS_OK; i++) {
    uint8_t element[ICWS_SHA256_BYTES] = {0};
    hash_value(reader, depth, element);
    crypto_hash_sha256_update(&state, element, sizeof element);
  }
  crypto_hash_sha256_final(&state, out);
}

static void hash_map(struct icws_cbor_reader *reader, size_t depth, uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_map_hash map;
  uint64_t count;
  if (icws_cbor_read_map(reader, &count) != ICWS_OK)
    return;
  if (count > ICWS_CBOR_MAX_KEYS) {
    fail(reader, ICWS_ERR_LIMIT, "the map has too many entries");
    return;
  }
  icws_map_hash_init(&map);
  for (uint64_t i = 0; i < count; i++) {
    struct icws_bytes key;
    uint8_t value[ICWS_SHA256_BYTES] = {0};
    if (icws_cbor_read_text(reader, &key) != ICWS_OK)
      return;
    hash_value(reader, depth, value);
    if (reader->error != ICWS_OK)
      return;
    if (!icws_map_hash_put(&map, key, value)) {
      fail(reader, ICWS_ERR_CBOR, "a key occurs twice");
      return;
    }
  }
  icws_map_hash_finish(&map, out);
}

/* |depth| is how much deeper values may nest. */
static void hash_value(struct icws_cbor_reader *reader, size_t depth,
                       uint8_t out[ICWS_SHA256_BYTES])
{
  enum icws_cbor_type type = icws_cbor_peek(reader);
  switch (type) {
  case ICWS_CBOR_UINT:
    hash_uint(reader, out);
    return;
  case ICWS_CBOR_BYTES:
  case ICWS_CBOR_TEXT:
    hash_string(reader, type, out);
    return;
  case ICWS_CBOR_ARRAY:
  case ICWS_CBOR_MAP:
    if (depth == 0)
      fail(reader, ICWS_ERR_LIMIT, "the value nests too deep");
    else if (type == ICWS_CBOR_ARRAY)
      hash_array(reader, depth - 1, out);
    else
      hash_map(reader, depth - 1, out);
    return;
  case ICWS_CBOR_BOOL:
  case ICWS_CBOR_OTHER:
  case ICWS_CBOR_END:
    break;
  }
  fail(reader, ICWS_ERR_CBOR, "not a value that has a hash");
}

enum icws_error icws_hash_item(struct icws_bytes encoding, uint8_t out[ICWS_SHA256_BYTES])
{
  struct icws_cbor_reader reader;
  icws_cbor_reader_init(&reader, encoding);
  hash_value(&reader, ICWS_CONTENT_MAX_DEPTH, out);
  return icws_cbor_finish(&reader);
}

enum icws_error icws_content_request_id(struct icws_bytes content,
                                        uint8_t out[ICWS_REQUEST_ID_BYTES],
                                        struct icws_failure *failure)
{
  struct icws_cbor_reader reader;
  uint8_t hash[ICWS_REQUEST_ID_BYTES];
  icws_cbor_reader_init(&reader, content);
  hash_map(&reader, ICWS_CONTENT_MAX_DEPTH, hash);
  if (icws_cbor_finish(&reader) != ICWS_OK)
    return icws_fail(failure, reader.error, "request id: %s (byte %zu)", reader.reason,
                     reader.offset);
  memcpy(out, hash, sizeof hash);
  return ICWS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/cbor.h>

#include <string.h>

#include <cbor/streaming.h>

#include "utf8.h"

static const uint8_t self_describe[] = {0xd9, 0xd9, 0xf7};

/* One item as libcbor reports it: a string with its contents, an array or map without. */
struct item {
  enum icws_cbor_type type;
  uint64_t value;          /* UINT, BOOL; of ARRAY and MAP the count */
  struct icws_bytes bytes; /* of BYTES and TEXT */
  const char *refusal;     /* of OTHER: why not even icws_cbor_skip takes it, or NULL */
};

static void set(void *context, enum icws_cbor_type type, uint64_t value)
{
  struct item *item = context;
  *item = (struct item){.type = type, .value = value};
}

static void refuse(void *context, const char *refusal)
{
  struct item *item = context;
  *item = (struct item){.type = ICWS_CBOR_OTHER, .refusal = refusal};
}

static void set_string(void *context, enum icws_cbor_type type, const uint8_t *data, size_t len)
{
  struct item *item = context;
  *item = (struct item){.type = type, .bytes = icws_bytes_of(data, len)};
  if (type == ICWS_CBOR_TEXT && !icws_utf8_valid(item->bytes))
    refuse(item, "the text is not UTF-8");
}

/* --- What libcbor calls for each item --------------------------------------------------------- */

static void on_uint8(void *context, uint8_t value)
{
  set(context, ICWS_CBOR_UINT, value);
}

static void on_uint16(void *context, uint16_t value)
{
  set(context, ICWS_CBOR_UINT, value);
}

static void on_uint32(void *context, uint32_t value)
{
  set(context, ICWS_CBOR_UINT, value);
}

static void on_uint64(void *context, uint64_t value)
{
  set(context, ICWS_CBOR_UINT, value);
}

static void on_negint8(void *context, uint8_t value)
{
  set(context, ICWS_CBOR_OTHER, value);
}

static void on_negint16(void *context, uint16_t value)
{
  set(context, ICWS_CBOR_OTHER, value);
}

static void on_negint32(void *context, uint32_t value)
{
  set(context, ICWS_CBOR_OTHER, value);
}

static void on_negint64(void *context, uint64_t value)
{
  set(context, ICWS_CBOR_OTHER, value);
}

static void on_bytes(void *context, cbor_data data, size_t len)
{
  set_string(context, ICWS_CBOR_BYTES, data, len);
}

static void on_text(void *context, cbor_data data, size_t len)
{
  set_string(context, ICWS_CBOR_TEXT, data, len);
}

static void on_array(void *context, size_t count)
{
  set(context, ICWS_CBOR_ARRAY, count);
}

static void on_map(void *context, size_t count)
{
  set(context, ICWS_CBOR_MAP, count);
}

static void on_bool(void *context, bool value)
{
  set(context, ICWS_CBOR_BOOL, value);
}

static void on_float(void *context, float value)
{
  (void)value;
  set(context, ICWS_CBOR_OTHER, 0);
}

static void on_double(void *context, double value)
{
  (void)value;
  set(context, ICWS_CBOR_OTHER, 0);
}

static void on_simple(void *context)
{
  set(context, ICWS_CBOR_OTHER, 0);
}

static void on_tag(void *context, uint64_t tag)
{
  (void)tag;
  refuse(context, "a tag where none may be");
}

static void on_indefinite(void *context)
{
  refuse(context, "an indefinite length");
}

static void on_break(void *context)
{
  refuse(context, "a break outside of an indefinite length");
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negint8,
    .negint16 = on_negint16,
    .negint32 = on_negint32,
    .negint64 = on_negint64,
    .byte_string = on_bytes,
    .byte_string_start = on_indefinite,
    .string = on_text,
    .string_start = on_indefinite,
    .array_start = on_array,
    .indef_array_start = on_indefinite,
    .map_start = on_map,
    .indef_map_start = on_indefinite,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_simple,
    .null = on_simple,
    .boolean = on_bool,
    .indef_break = on_break,
};

/* --- The reader ------------------------------------------------------------------------------- */

void icws_cbor_reader_init(struct icws_cbor_reader *reader, struct icws_bytes input)
{
  *reader = (struct icws_cbor_reader){.input = input, .error = ICWS_OK};
  if (input.len >= sizeof self_describe &&
      memcmp(input.data, self_describe, sizeof self_describe) == 0)
    reader->offset = sizeof self_describe;
}

static enum icws_error fail(struct icws_cbor_reader *reader, enum icws_error error,
                            const char *reason)
{
  reader->error = error;
  reader->reason = reason;
  return error;
}

static size_t bytes_left(const struct icws_cbor_reader *reader)
{
  return reader->input.len - reader->offset;
}

/* Each item takes a byte at least: a larger count cannot come true. */
static bool count_fits(const struct item *item, size_t left)
{
  if (item->type == ICWS_CBOR_ARRAY)
    return item->value <= left;
  return item->type != ICWS_CBOR_MAP || item->value <= left / 2;
}

/* Looks at the next item, |*size| bytes without what an array or map holds, and does not move. */
static enum icws_error look(struct icws_cbor_reader *reader, struct item *item, size_t *size)
{
  if (reader->error != ICWS_OK)
    return reader->error;
  size_t left = bytes_left(reader);
  if (left == 0)
    return fail(reader, ICWS_ERR_CBOR, "the input ends early");
  struct cbor_decoder_result result =
      cbor_stream_decode(reader->input.data + reader->offset, left, &callbacks, item);
  if (result.status == CBOR_DECODER_NEDATA)
    return fail(reader, ICWS_ERR_CBOR, "the input ends early");
  if (result.status != CBOR_DECODER_FINISHED)
    return fail(reader, ICWS_ERR_CBOR, "not an item of CBOR");
  if (item->refusal != NULL)
    return fail(reader, ICWS_ERR_CBOR, item->refusal);
  if (!count_fits(item, left - result.read))
    return fail(reader, ICWS_ERR_CBOR, "the input ends early");
  *size = result.read;
  return ICWS_OK;
}

static const char *expectation(enum icws_cbor_type type)
{
  switch (type) {
  case ICWS_CBOR_UINT:
    return "an unsigned integer was expected";
  case ICWS_CBOR_BOOL:
    return "true or false was expected";
  case ICWS_CBOR_BYTES:
    return "a byte string was expected";
  case ICWS_CBOR_TEXT:
    return "text was expected";
  case ICWS_CBOR_ARRAY:
    return "an array was expected";
  case ICWS_CBOR_MAP:
    return "a map was expected";
  case ICWS_CBOR_OTHER:
  case ICWS_CBOR_END:
    break;
  }
  return "another item was expected";
}

static enum icws_error read_item(struct icws_cbor_reader *reader, enum icws_cbor_type type,
                                 struct item *item)
{
  size_t size;
  enum icws_error error = look(reader, item, &size);
  if (error != ICWS_OK)
    return error;
  if (item->type != type)
    return fail(reader, ICWS_ERR_CBOR, expectation(type));
  reader->offset += size;
  return ICWS_OK;
}

static enum icws_error read_value(struct icws_cbor_reader *reader, enum icws_cbor_type type,
                                  uint64_t *value)
{
  struct item item;
  enum icws_error error = read_item(reader, type, &item);
  if (error == ICWS_OK)
    *value = item.value;
  return error;
}

static enum icws_error read_string(struct icws_cbor_reader *reader, enum icws_cbor_type type,
                                   struct icws_bytes *bytes)
{
  struct item item;
  enum icws_error error = read_item(reader, type, &item);
  if (error == ICWS_OK)
    *bytes = item.bytes;
  return error;
}

enum icws_error icws_cbor_read_uint(struct icws_cbor_reader *reader, uint64_t *value)
{
  return read_value(reader, ICWS_CBOR_UINT, value);
}

enum icws_error icws_cbor_read_bool(struct icws_cbor_reader *reader, bool *value)
{
  uint64_t number;
  enum icws_error error = read_value(reader, ICWS_CBOR_BOOL, &number);
  if (error == ICWS_OK)
    *value = number != 0;
  return error;
}

enum icws_error icws_cbor_read_bytes(struct icws_cbor_reader *reader, struct icws_bytes *bytes)
{
  return read_string(reader, ICWS_CBOR_BYTES, bytes);
}

enum icws_error icws_cbor_read_text(struct icws_cbor_reader *reader, struct icws_bytes *utf8)
{
  return read_string(reader, ICWS_CBOR_TEXT, utf8);
}

enum icws_error icws_cbor_read_array(struct icws_cbor_reader *reader, uint64_t *count)
{
  return read_value(reader, ICWS_CBOR_ARRAY, count);
}

enum icws_error icws_cbor_read_map(struct icws_cbor_reader *reader, uint64_t *count)
{
  return read_value(reader, ICWS_CBOR_MAP, count);
}

enum icws_cbor_type icws_cbor_peek(const struct icws_cbor_reader *reader)
{
  struct icws_cbor_reader copy = *reader;
  struct item item;
  size_t size;
  if (reader->error != ICWS_OK || bytes_left(reader) == 0)
    return ICWS_CBOR_END;
  return look(&copy, &item, &size) == ICWS_OK ? item.type : ICWS_CBOR_OTHER;
}

/* How many items an item holds. */
static uint64_t held_items(const struct item *item)
{
  if (item->type == ICWS_CBOR_ARRAY)
    return item->value;
  return item->type == ICWS_CBOR_MAP ? 2 * item->value : 0;
}

/* Without recursion: |pending| counts, for each level, the items that are still to come. */
enum icws_error icws_cbor_skip(struct icws_cbor_reader *reader)
{
  uint64_t pending[ICWS_CBOR_MAX_DEPTH + 1] = {1};
  size_t depth = 0;
  for (;;) {
    struct item item;
    size_t size;
    enum icws_error error = look(reader, &item, &size);
    if (error != ICWS_OK)
      return error;
    pending[depth]--;
    if (held_items(&item) > 0) {
      if (depth == ICWS_CBOR_MAX_DEPTH)
        return fail(reader, ICWS_ERR_LIMIT, "arrays and maps are nested too deep");
      pending[++depth] = held_items(&item);
    }
    reader->offset += size;
    while (pending[depth] == 0) {
      if (depth == 0)
        return ICWS_OK;
      depth--;
    }
  }
}

enum icws_error icws_cbor_finish(struct icws_cbor_reader *reader)
{
  if (reader->error == ICWS_OK && bytes_left(reader) > 0)
    return fail(reader, ICWS_ERR_CBOR, "bytes are left over");
  return reader->error;
}

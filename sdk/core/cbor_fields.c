/* SPDX-License-Identifier: Apache-2.0 */
#include <icws/cbor.h>

#include <string.h>

static enum icws_error fail_at(struct icws_cbor_reader *reader, size_t offset,
                               enum icws_error error, const char *reason)
{
  reader->offset = offset;
  reader->error = error;
  reader->reason = reason;
  return error;
}

static struct icws_cbor_field *find_field(struct icws_cbor_field *fields, size_t count,
                                          struct icws_bytes key)
{
  for (size_t i = 0; i < count; i++) {
    if (icws_bytes_equal(icws_bytes_text(fields[i].name), key))
      return &fields[i];
  }
  return NULL;
}

/* Borrows the encoding of a whole item. */
static enum icws_error read_encoding(struct icws_cbor_reader *reader, struct icws_bytes *encoding)
{
  size_t start = reader->offset;
  enum icws_error error = icws_cbor_skip(reader);
  if (error == ICWS_OK)
    *encoding = icws_bytes_of(reader->input.data + start, reader->offset - start);
  return error;
}

/* The same for an item whose head the caller has read from |start|. */
static enum icws_error reread_encoding(struct icws_cbor_reader *reader, size_t start,
                                       enum icws_error error, struct icws_bytes *encoding)
{
  if (error != ICWS_OK)
    return error;
  reader->offset = start;
  return read_encoding(reader, encoding);
}

static enum icws_error read_field(struct icws_cbor_reader *reader, struct icws_cbor_field *field)
{
  size_t start = reader->offset;
  uint64_t count;
  field->present = true;
  switch (field->type) {
  case ICWS_CBOR_UINT:
    return icws_cbor_read_uint(reader, &field->value.uint);
  case ICWS_CBOR_BOOL:
    return icws_cbor_read_bool(reader, &field->value.boolean);
  case ICWS_CBOR_BYTES:
    return icws_cbor_read_bytes(reader, &field->value.bytes);
  case ICWS_CBOR_TEXT:
    return icws_cbor_read_text(reader, &field->value.bytes);
  case ICWS_CBOR_ARRAY:
    return reread_encoding(reader, start, icws_cbor_read_array(reader, &count),
                           &field->value.bytes);
  case ICWS_CBOR_MAP:
    return reread_encoding(reader, start, icws_cbor_read_map(reader, &count), &field->value.bytes);
  case ICWS_CBOR_OTHER:
  case ICWS_CBOR_END:
    break;
  }
  return read_encoding(reader, &field->value.bytes);
}

/* Reads the next key, the |count|th in |seen|, and refuses one that was there before. */
static enum icws_error read_key(struct icws_cbor_reader *reader, struct icws_bytes *seen,
                                size_t count)
{
  size_t start = reader->offset;
  enum icws_error error = icws_cbor_read_text(reader, &seen[count]);
  if (error != ICWS_OK)
    return error;
  for (size_t i = 0; i < count; i++) {
    if (icws_bytes_equal(seen[i], seen[count]))
      return fail_at(reader, start, ICWS_ERR_CBOR, "a key occurs twice");
  }
  return ICWS_OK;
}

static enum icws_error check_required(struct icws_cbor_reader *reader, size_t start,
                                      const struct icws_cbor_field *fields, size_t count,
                                      const char **culprit)
{
  for (size_t i = 0; i < count; i++) {
    if (fields[i].required && !fields[i].present) {
      *culprit = fields[i].name;
      return fail_at(reader, start, ICWS_ERR_CBOR, "it is missing");
    }
  }
  return ICWS_OK;
}

enum icws_error icws_cbor_read_fields(struct icws_cbor_reader *reader,
                                      struct icws_cbor_field *fields, size_t count,
                                      const char **culprit)
{
  struct icws_bytes seen[ICWS_CBOR_MAX_KEYS];
  const char *ignored;
  size_t start = reader->offset;
  uint64_t entries;
  if (culprit == NULL)
    culprit = &ignored;
  *culprit = NULL;
  for (size_t i = 0; i < count; i++)
    fields[i].present = false;

  enum icws_error error = icws_cbor_read_map(reader, &entries);
  if (error != ICWS_OK)
    return error;
  if (entries > ICWS_CBOR_MAX_KEYS)
    return fail_at(reader, start, ICWS_ERR_LIMIT, "the map has too many entries");
  for (size_t i = 0; i < entries; i++) {
    error = read_key(reader, seen, i);
    if (error != ICWS_OK)
      return error;
    struct icws_cbor_field *field = find_field(fields, count, seen[i]);
    error = field != NULL ? read_field(reader, field) : icws_cbor_skip(reader);
    if (error != ICWS_OK) {
      *culprit = field != NULL ? field->name : NULL;
      return error;
    }
  }
  return check_required(reader, start, fields, count, culprit);
}

enum icws_error icws_cbor_decode_fields(struct icws_bytes input, const char *what,
                                        struct icws_cbor_field *fields, size_t count,
                                        struct icws_failure *failure)
{
  struct icws_cbor_reader reader;
  const char *culprit;
  icws_cbor_reader_init(&reader, input);
  if (icws_cbor_read_fields(&reader, fields, count, &culprit) == ICWS_OK &&
      icws_cbor_finish(&reader) == ICWS_OK)
    return ICWS_OK;
  if (culprit != NULL)
    return icws_fail(failure, reader.error, "%s, field %s: %s (byte %zu)", what, culprit,
                     reader.reason, reader.offset);
  return icws_fail(failure, reader.error, "%s: %s (byte %zu)", what, reader.reason, reader.offset);
}

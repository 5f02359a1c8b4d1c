/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CBOR_H
#define ICWS_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * The part of CBOR (RFC 8949) that the Internet Computer uses: unsigned integers, byte strings,
 * text, arrays and maps with text keys, all of definite length, below the self-describe tag 55799.
 */

/* Writing: each call appends one item's head, and contents where it has them.  Arguments are
 * written in their shortest form.  Failures stick in |buf|. */
ICWS_EXPORT void icws_cbor_put_self_describe(struct icws_buf *buf);
ICWS_EXPORT void icws_cbor_put_uint(struct icws_buf *buf, uint64_t value);
ICWS_EXPORT void icws_cbor_put_bytes(struct icws_buf *buf, struct icws_bytes bytes);
ICWS_EXPORT void icws_cbor_put_text(struct icws_buf *buf, struct icws_bytes utf8);
ICWS_EXPORT void icws_cbor_put_bool(struct icws_buf *buf, bool value);
ICWS_EXPORT void icws_cbor_put_array(struct icws_buf *buf, uint64_t count);
ICWS_EXPORT void icws_cbor_put_map(struct icws_buf *buf, uint64_t count);

/* icws_cbor_put_key appends the C string |name| as a text item, for the key of a map's entry. */
ICWS_EXPORT void icws_cbor_put_key(struct icws_buf *buf, const char *name);

/*
 * Reading, as strictly as the IC WebSocket protocol asks: exact major types, no tag but 55799 in
 * front, definite lengths, no duplicate keys, no trailing bytes.  Unknown keys of a map are skipped;
 * an argument may be longer than it need be, as RFC 8949 allows.  Nothing is allocated or copied:
 * what is read is borrowed from the input.
 */

/* A map with more entries than this whose keys are read, or a value that is passed over and nested
 * deeper than a certificate's tree can be, is ICWS_ERR_LIMIT. */
#define ICWS_CBOR_MAX_KEYS 32
#define ICWS_CBOR_MAX_DEPTH 160

/*
 * A reader is a cursor over borrowed bytes.  The first error sticks; after it every read returns
 * the same error.  |offset| is where the next item starts or, after an error, where the offending
 * one does, and |reason| a static English phrase that says what is wrong.  A plain value.
 */
struct icws_cbor_reader {
  struct icws_bytes input;
  size_t offset;
  enum icws_error error;
  const char *reason;
};

/* icws_cbor_reader_init starts at the beginning of |input| and skips one self-describe tag if there
 * is one. */
ICWS_EXPORT void icws_cbor_reader_init(struct icws_cbor_reader *reader, struct icws_bytes input);

/* Each reads one item of exactly that type.  Return ICWS_OK, ICWS_ERR_CBOR or ICWS_ERR_LIMIT; the
 * output is not written on failure.  Text is checked to be UTF-8.  An array's or a map's count
 * is checked against the bytes that are left: one item takes at least one. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_uint(struct icws_cbor_reader *reader,
                                                               uint64_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_bool(struct icws_cbor_reader *reader,
                                                               bool *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_bytes(struct icws_cbor_reader *reader,
                                                                struct icws_bytes *bytes);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_text(struct icws_cbor_reader *reader,
                                                               struct icws_bytes *utf8);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_array(struct icws_cbor_reader *reader,
                                                                uint64_t *count);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_map(struct icws_cbor_reader *reader,
                                                              uint64_t *count);

/* The kinds of item that icws_cbor_peek tells apart. */
enum icws_cbor_type {
  ICWS_CBOR_UINT,
  ICWS_CBOR_BOOL,
  ICWS_CBOR_BYTES,
  ICWS_CBOR_TEXT,
  ICWS_CBOR_ARRAY,
  ICWS_CBOR_MAP,
  ICWS_CBOR_OTHER, /* well formed or not: nothing that these readers read */
  ICWS_CBOR_END,   /* no bytes are left, or an error sticks */
};

/* icws_cbor_peek tells what the next item is without moving. */
ICWS_EXPORT enum icws_cbor_type icws_cbor_peek(const struct icws_cbor_reader *reader);

/* icws_cbor_skip passes over one whole item.  It obeys the same strictness, except that keys
 * of maps within need not be unique; plain integers, floats and simple values are passed. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_skip(struct icws_cbor_reader *reader);

/* icws_cbor_finish returns the sticky error or, if bytes are left, ICWS_ERR_CBOR. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_finish(struct icws_cbor_reader *reader);

/* One known key of a map, for icws_cbor_read_fields. */
struct icws_cbor_field {
  const char *name;
  enum icws_cbor_type type; /* ICWS_CBOR_OTHER: an item of any kind */
  bool required;
  bool present; /* out: whether the map had the key */
  union {       /* out: the value, by |type| */
    uint64_t uint;
    bool boolean;
    struct icws_bytes bytes; /* ICWS_CBOR_BYTES and ICWS_CBOR_TEXT: the contents;
                                ICWS_CBOR_ARRAY, ICWS_CBOR_MAP and ICWS_CBOR_OTHER: the encoding
                                of the whole item, which was passed over as by icws_cbor_skip */
  } value;
};

/*
 * icws_cbor_read_fields reads a whole map with text keys into the |count| fields.  Unknown keys are
 * skipped, duplicates refused whether known or not.  A missing required key and a value of another
 * type are ICWS_ERR_CBOR; the reader's |reason| is then a phrase, and |*culprit| (if not NULL) the
 * name of the field, a static string of the caller's, or NULL.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_cbor_read_fields(struct icws_cbor_reader *reader,
                                                                 struct icws_cbor_field *fields,
                                                                 size_t count,
                                                                 const char **culprit);

/*
 * icws_cbor_decode_fields does the same with a whole |input|: an optional self-describe tag, one
 * map, and nothing after it.  Returns ICWS_OK, ICWS_ERR_CBOR or ICWS_ERR_LIMIT; |failure| then names
 * |what| is decoded, the field and the byte.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_cbor_decode_fields(struct icws_bytes input, const char *what, struct icws_cbor_field *fields,
                        size_t count, struct icws_failure *failure);

ICWS_END_DECLS

#endif

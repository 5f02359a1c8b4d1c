/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_H
#define ICWS_CANDID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/principal.h>

ICWS_BEGIN_DECLS

struct icws_arena;

/*
 * Candid's binary format (Candid specification, "Binary Format"): a table of types, the types of
 * the arguments, then their values.  This header has the typed, streaming way in: a writer and a
 * reader without a tree and without allocation beyond the output buffer.
 */

/*
 * A type: a primitive (negative, the specification's opcode) or the index of an entry of the
 * message's type table (zero or more).
 */
enum icws_candid_primitive {
  ICWS_CANDID_NULL = -1,
  ICWS_CANDID_BOOL = -2,
  ICWS_CANDID_NAT = -3,
  ICWS_CANDID_INT = -4,
  ICWS_CANDID_NAT8 = -5,
  ICWS_CANDID_NAT16 = -6,
  ICWS_CANDID_NAT32 = -7,
  ICWS_CANDID_NAT64 = -8,
  ICWS_CANDID_INT8 = -9,
  ICWS_CANDID_INT16 = -10,
  ICWS_CANDID_INT32 = -11,
  ICWS_CANDID_INT64 = -12,
  ICWS_CANDID_FLOAT32 = -13,
  ICWS_CANDID_FLOAT64 = -14,
  ICWS_CANDID_TEXT = -15,
  ICWS_CANDID_RESERVED = -16,
  ICWS_CANDID_EMPTY = -17,
  ICWS_CANDID_PRINCIPAL = -24,
};

/* What an entry of a type table is made with. */
enum icws_candid_constructor {
  ICWS_CANDID_OPT = -18,
  ICWS_CANDID_VEC = -19,
  ICWS_CANDID_RECORD = -20,
  ICWS_CANDID_VARIANT = -21,
  ICWS_CANDID_FUNC = -22,
  ICWS_CANDID_SERVICE = -23,
  ICWS_CANDID_FUTURE = -25, /* any later constructor: a reader can only skip it */
};

/* Annotations of functions: bits. */
enum icws_candid_annotation {
  ICWS_CANDID_QUERY = 1,
  ICWS_CANDID_ONEWAY = 2,
  ICWS_CANDID_COMPOSITE_QUERY = 4,
};

#define ICWS_CANDID_MAX_TYPES 1024 /* entries of a type table that a reader takes */
#define ICWS_CANDID_MAX_DEPTH 512  /* nesting of values, and of types in text */
#define ICWS_CANDID_MAX_ARGS 64    /* arguments of a message that a reader takes */

/* Values are read, written, printed and compared by functions that call themselves: for
 * ICWS_CANDID_MAX_DEPTH of them the stack must have room for 256 KiB. */

/*
 * A reader's work is bounded, however a message is made to cost more than its length: each field of
 * a record, each case before the one that a variant has, and each value without bytes is a step,
 * and there may be ICWS_CANDID_SKIP_QUOTA steps and ICWS_CANDID_STEPS_PER_BYTE for each byte of
 * input.
 */
#define ICWS_CANDID_SKIP_QUOTA 65536
#define ICWS_CANDID_STEPS_PER_BYTE 16

/* icws_candid_field_id returns the number that stands for the field name |name|, which is UTF-8, on
 * the wire (Candid specification, "Shorthand: Symbolic Field Ids"). */
ICWS_EXPORT uint32_t icws_candid_field_id(const char *name);

/* A nat or an int of any size: |value|, where |large| is empty; else |large| alone: the bytes of
 * the number, the lowest first, an int's in two's complement.  What is read has more than 8 of
 * them, and as few as will do. */
struct icws_candid_nat {
  uint64_t value;
  struct icws_bytes large;
};

struct icws_candid_int {
  int64_t value;
  struct icws_bytes large;
};

#define ICWS_CANDID_NUMBER_MAX_BYTES 4096 /* of a nat or int */

/* A value of a func type: a method of a service. */
struct icws_candid_method {
  struct icws_principal service;
  struct icws_bytes name; /* UTF-8 */
};

/*
 * Writing.  First the types, then the arguments' types, then the values in order; a record's values
 * in the order of their field ids.  The writer does not check values against types, nor whether
 * text is UTF-8: it is the layer below typed encoders.
 *
 * Failures are those of the buffer: ICWS_ERR_LIMIT, ICWS_ERR_NOMEM.  It is enough to ask
 * icws_buf_error at the end; after a failure what the buffer holds is no message.  A writer belongs
 * to one thread at a time.
 */
struct icws_candid_field {
  const char *name;
  int type;
};

/* Fields of one record, cases of one variant, or methods of one service. */
#define ICWS_CANDID_WRITER_FIELDS 64
#define ICWS_CANDID_WRITER_TYPES 127 /* entries of the type table: their number takes one byte */

struct icws_candid_writer {
  struct icws_buf *out;
  int types;       /* entries so far */
  size_t count_at; /* private: where their number will be written */
};

/* icws_candid_writer_init starts a message in |out|, which is appended to and must outlive the
 * writer. */
ICWS_EXPORT void icws_candid_writer_init(struct icws_candid_writer *writer, struct icws_buf *out);

/*
 * Each appends an entry to the type table and returns its index.  Fields and cases, whose ids must
 * differ, and methods, whose names must, may be given in any order; they are written sorted.  More
 * than ICWS_CANDID_WRITER_FIELDS of them, or ICWS_CANDID_WRITER_TYPES entries, fail the buffer with
 * ICWS_ERR_LIMIT; the index is 0 then.  What is passed is not kept.
 *
 * The type of a method must be a func.  |annotations| of a func are bits of enum
 * icws_candid_annotation.
 */
ICWS_EXPORT int icws_candid_type_opt(struct icws_candid_writer *writer, int inner);
ICWS_EXPORT int icws_candid_type_vec(struct icws_candid_writer *writer, int inner);
ICWS_EXPORT int icws_candid_type_record(struct icws_candid_writer *writer,
                                        const struct icws_candid_field *fields, size_t count);
ICWS_EXPORT int icws_candid_type_variant(struct icws_candid_writer *writer,
                                         const struct icws_candid_field *cases, size_t count);
ICWS_EXPORT int icws_candid_type_func(struct icws_candid_writer *writer, const int *args,
                                      size_t arg_count, const int *results, size_t result_count,
                                      unsigned annotations);
ICWS_EXPORT int icws_candid_type_service(struct icws_candid_writer *writer,
                                         const struct icws_candid_field *methods, size_t count);

/*
 * icws_candid_next_type returns the index that the next entry will have, and that after it will
 * have the next one.  An entry may refer to itself and to later ones by these, which recursive
 * types do.  With List = opt record { head : nat; tail : List }:
 *
 *   int list = icws_candid_next_type(&writer);
 *   int node = list + 1;
 *   const struct icws_candid_field fields[] = {{"head", ICWS_CANDID_NAT}, {"tail", list}};
 *   (void)icws_candid_type_opt(&writer, node);
 *   (void)icws_candid_type_record(&writer, fields, 2);
 */
ICWS_EXPORT int icws_candid_next_type(const struct icws_candid_writer *writer);

/* icws_candid_put_args ends the type table and writes the types of the |count| arguments. */
ICWS_EXPORT void icws_candid_put_args(struct icws_candid_writer *writer, const int *types,
                                      size_t count);

/*
 * Values.  Those of null and reserved have no bytes: nothing is written for them.
 *
 * icws_candid_put_big_nat and _big_int fail the buffer with ICWS_ERR_LIMIT if the number has more
 * than ICWS_CANDID_NUMBER_MAX_BYTES.  A service is written as the principal of its canister.
 * |utf8| must be UTF-8.
 */
ICWS_EXPORT void icws_candid_put_bool(struct icws_candid_writer *writer, bool value);
ICWS_EXPORT void icws_candid_put_nat8(struct icws_candid_writer *writer, uint8_t value);
ICWS_EXPORT void icws_candid_put_nat16(struct icws_candid_writer *writer, uint16_t value);
ICWS_EXPORT void icws_candid_put_nat32(struct icws_candid_writer *writer, uint32_t value);
ICWS_EXPORT void icws_candid_put_nat64(struct icws_candid_writer *writer, uint64_t value);
ICWS_EXPORT void icws_candid_put_int8(struct icws_candid_writer *writer, int8_t value);
ICWS_EXPORT void icws_candid_put_int16(struct icws_candid_writer *writer, int16_t value);
ICWS_EXPORT void icws_candid_put_int32(struct icws_candid_writer *writer, int32_t value);
ICWS_EXPORT void icws_candid_put_int64(struct icws_candid_writer *writer, int64_t value);
ICWS_EXPORT void icws_candid_put_float32(struct icws_candid_writer *writer, float value);
ICWS_EXPORT void icws_candid_put_float64(struct icws_candid_writer *writer, double value);
ICWS_EXPORT void icws_candid_put_nat(struct icws_candid_writer *writer, uint64_t value);
ICWS_EXPORT void icws_candid_put_int(struct icws_candid_writer *writer, int64_t value);
ICWS_EXPORT void icws_candid_put_big_nat(struct icws_candid_writer *writer,
                                         const struct icws_candid_nat *nat);
ICWS_EXPORT void icws_candid_put_big_int(struct icws_candid_writer *writer,
                                         const struct icws_candid_int *integer);
ICWS_EXPORT void icws_candid_put_text(struct icws_candid_writer *writer, struct icws_bytes utf8);
ICWS_EXPORT void icws_candid_put_principal(struct icws_candid_writer *writer,
                                           const struct icws_principal *principal);
ICWS_EXPORT void icws_candid_put_service(struct icws_candid_writer *writer,
                                         const struct icws_principal *principal);
ICWS_EXPORT void icws_candid_put_func(struct icws_candid_writer *writer,
                                      const struct icws_candid_method *method);

/* Parts of values.  icws_candid_put_index writes a variant's case index or a vec's count, which the
 * value or the items follow; icws_candid_put_blob a whole vec nat8; icws_candid_put_present the tag
 * of an opt, which its value follows if it is present. */
ICWS_EXPORT void icws_candid_put_index(struct icws_candid_writer *writer, uint64_t index);
ICWS_EXPORT void icws_candid_put_blob(struct icws_candid_writer *writer, struct icws_bytes bytes);
ICWS_EXPORT void icws_candid_put_present(struct icws_candid_writer *writer, bool present);

/* icws_candid_case_index returns the index on the wire of the case |name| among |cases|: its rank
 * by field id. */
ICWS_EXPORT uint64_t icws_candid_case_index(const struct icws_candid_field *cases, size_t count,
                                            const char *name);

/*
 * Reading.  A reader is a cursor over borrowed bytes; nothing is copied, but large numbers.  It has
 * some 4 KB, needs no clean-up, and belongs to one thread at a time.  The first error sticks, and
 * later reads return it: ICWS_ERR_CANDID for malformed bytes and values of another type than asked
 * for, ICWS_ERR_LIMIT for a passed limit, or input of 4 GB.  |offset| then is where, |reason| a
 * static phrase that says what, and |field|, if not NULL, the name of the field or case that it is
 * about.
 *
 * Arguments are read in order: icws_candid_next_arg gives the type of the next one, and exactly one
 * value of that type must then be read or skipped; likewise for each field of a record, the items
 * of a vec, the value of a case.
 */
struct icws_candid_reader {
  struct icws_bytes input;
  size_t offset;
  enum icws_error error;
  const char *reason;
  const char *field;
  uint64_t steps; /* private, like all below: how many are left */
  uint32_t type_count;
  uint32_t arg_count;
  uint32_t arg_next;
  int arg_types[ICWS_CANDID_MAX_ARGS];
  uint32_t type_offsets[ICWS_CANDID_MAX_TYPES];
};

/* icws_candid_reader_init reads the header: the type table, which is checked whole, and the
 * arguments' types.  Returns ICWS_OK, ICWS_ERR_CANDID or ICWS_ERR_LIMIT.  |input| must outlive the
 * reader and everything read. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_reader_init(struct icws_candid_reader *reader, struct icws_bytes input);

/* icws_candid_next_arg stores the type of the next argument; false when there is none left, and
 * after an error. */
ICWS_EXPORT bool icws_candid_next_arg(struct icws_candid_reader *reader, int *type);

/* icws_candid_constructor_of returns what |type|, which must come from |reader|, is: its own value
 * for a primitive, else an enum icws_candid_constructor. */
ICWS_EXPORT int icws_candid_constructor_of(const struct icws_candid_reader *reader, int type);

/*
 * Each reads a value of wire type |type|, which must be of the kind asked for: or a subtype of it,
 * which a nat is of int, and a service of principal.  A value of any kind is read as reserved by
 * icws_candid_skip; there are none of type empty.
 *
 * icws_candid_read_nat and _int take numbers of 64 bits: a larger one is ICWS_ERR_LIMIT.
 * icws_candid_read_big_nat and _big_int take larger ones, too, up to ICWS_CANDID_NUMBER_MAX_BYTES,
 * whose bytes go to |arena|, and live as long as it is not cleared; its failure is the reader's.
 *
 * Of a func or a service the kind is checked alone.  Whether its type is a subtype of the one that
 * is wanted only icws_candid_decode tells (icws/candid_value.h).
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_null(struct icws_candid_reader *reader,
                                                                 int type);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_bool(struct icws_candid_reader *reader,
                                                                 int type, bool *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_nat8(struct icws_candid_reader *reader,
                                                                 int type, uint8_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_nat16(struct icws_candid_reader *reader,
                                                                  int type, uint16_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_nat32(struct icws_candid_reader *reader,
                                                                  int type, uint32_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_nat64(struct icws_candid_reader *reader,
                                                                  int type, uint64_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_int8(struct icws_candid_reader *reader,
                                                                 int type, int8_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_int16(struct icws_candid_reader *reader,
                                                                  int type, int16_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_int32(struct icws_candid_reader *reader,
                                                                  int type, int32_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_int64(struct icws_candid_reader *reader,
                                                                  int type, int64_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_float32(struct icws_candid_reader *reader, int type, float *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_float64(struct icws_candid_reader *reader, int type, double *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_nat(struct icws_candid_reader *reader,
                                                                int type, uint64_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_int(struct icws_candid_reader *reader,
                                                                int type, int64_t *value);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_big_nat(struct icws_candid_reader *reader, int type, struct icws_arena *arena,
                         struct icws_candid_nat *nat);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_big_int(struct icws_candid_reader *reader, int type, struct icws_arena *arena,
                         struct icws_candid_int *integer);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_text(struct icws_candid_reader *reader,
                                                                 int type, struct icws_bytes *utf8);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_blob(struct icws_candid_reader *reader, int type, struct icws_bytes *bytes);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_principal(struct icws_candid_reader *reader, int type,
                           struct icws_principal *principal);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_service(struct icws_candid_reader *reader, int type,
                         struct icws_principal *principal);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_read_func(struct icws_candid_reader *reader,
                                                                 int type,
                                                                 struct icws_candid_method *method);

/* icws_candid_read_opt reads the tag of an opt: |*present|, and then |*inner| is the type of the
 * value that follows.  Types null and reserved read as an opt that is not present; |*inner| then
 * is null. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_opt(struct icws_candid_reader *reader, int type, bool *present, int *inner);

/* Reads one value of wire type |type| into |out|.  Returns the reader's sticky error. */
typedef enum icws_error icws_candid_read_fn(struct icws_candid_reader *reader, int type, void *out);

/*
 * icws_candid_read_optional reads a value of wire type |type| where an opt of what |read| reads is
 * expected, by the rules of subtyping ("Coercion"), which let an interface grow: besides the value
 * of an opt, a value that is no opt stands for itself, and one that |read| refuses is passed over
 * and counts as null.  |read| refuses with ICWS_ERR_CANDID; an opt itself is not for it to read.
 *
 * |*present| says whether |out| was read; if not, |out| may have been written to in part.
 * Malformed bytes and limits stay errors.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_optional(struct icws_candid_reader *reader, int type, icws_candid_read_fn *read,
                          void *out, bool *present);

/* icws_candid_read_vec reads the count of a vec; that many values of |*inner| follow.  The count
 * is checked against the bytes left, and against the steps left where items may take no bytes. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_vec(struct icws_candid_reader *reader, int type, uint64_t *count, int *inner);

/* A walk over the fields of a record, by increasing id. */
struct icws_candid_record {
  uint32_t left;       /* fields that are still to come */
  size_t table_offset; /* private */
};

/* icws_candid_read_record begins the walk; icws_candid_next_field gives each field's id and type,
 * whose value is then read or skipped, and false after the last one or after an error, also one of
 * icws_candid_read_record.  No id comes twice. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_record(struct icws_candid_reader *reader, int type,
                        struct icws_candid_record *record);
ICWS_EXPORT bool icws_candid_next_field(struct icws_candid_reader *reader,
                                        struct icws_candid_record *record, uint32_t *id, int *type);

/* icws_candid_read_variant reads the case's index; |*id| is the case's field id and |*inner| the
 * type of the value that follows (often null). */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_read_variant(struct icws_candid_reader *reader, int type, uint32_t *id, int *inner);

/* icws_candid_skip passes over one value of |type|, of whatever kind, checking its form; values
 * that are nested more deeply than ICWS_CANDID_MAX_DEPTH are ICWS_ERR_LIMIT. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_skip(struct icws_candid_reader *reader,
                                                            int type);

/* icws_candid_finish skips the arguments that are left and returns the sticky error or, if bytes
 * are left over, ICWS_ERR_CANDID. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_finish(struct icws_candid_reader *reader);

/* icws_candid_fail makes |reader| fail with ICWS_ERR_CANDID and |reason|, a static phrase, about
 * |field|, a static name or NULL, for typed decoders that miss something; the first error wins.
 * Returns the sticky error. */
ICWS_EXPORT enum icws_error icws_candid_fail(struct icws_candid_reader *reader, const char *reason,
                                             const char *field);

ICWS_END_DECLS

#endif

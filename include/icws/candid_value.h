/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_VALUE_H
#define ICWS_CANDID_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/arena.h>
#include <icws/bytes.h>
#include <icws/candid_types.h>
#include <icws/error.h>
#include <icws/export.h>

ICWS_BEGIN_DECLS

/*
 * Candid's values, as a tree: for programs that do not know their types beforehand.  (For those
 * that do, icws/candid.h reads and writes without a tree.)
 *
 * A value has 16 bytes on common machines.  |type| is a type of the table that belongs to the
 * value, and says which members count:
 *
 *   null, reserved        nothing
 *   bool                  boolean
 *   nat8 ... nat64        nat
 *   int8 ... int64        integer
 *   nat                   nat, if |count| is 0; else |bytes|: |count| (more than 8) bytes of the
 *                         number, the lowest first, the last one not 0
 *   int                   integer, if |count| is 0; else |bytes|: |count| (more than 8) bytes of the
 *                         number in two's complement, the lowest first, as few as will do
 *   float32, float64      float32, float64
 *   text                  |bytes|: |count| bytes of UTF-8
 *   principal, service    |bytes|: |count| bytes, ICWS_PRINCIPAL_MAX_BYTES at most
 *   func                  func
 *   opt                   items: one value, or NULL for null; |count| is 0
 *   vec nat8              |bytes|: |count| bytes
 *   any other vec         items: |count| values
 *   record                items: one value for each field of the type, in its order; |count| is 0
 *   variant               |count| is the index of the case in the type, items its value
 *
 * There are no values of type empty, nor of a future type.
 *
 * A value owns nothing, and is never changed by what reads it: any number of threads may.
 */
struct icws_candid_func;

struct icws_candid_value {
  int32_t type;
  uint32_t count;
  union {
    uint64_t nat; /* the first of the widest: what is initialised without a value is all zero */
    bool boolean;
    int64_t integer;
    float float32;
    double float64;
    const uint8_t *bytes;
    const struct icws_candid_value *items;
    const struct icws_candid_func *func;
  } as;
};

/* A reference to a function: a method of a service. */
struct icws_candid_func {
  struct icws_bytes service; /* its principal */
  struct icws_bytes method;  /* UTF-8 */
};

/* The arguments, or results, of a function, with the table that their types are in.  All is
 * borrowed. */
struct icws_candid_args {
  const struct icws_candid_types *types;
  const struct icws_candid_value *values;
  size_t count;
};

/*
 * icws_candid_decode reads |message| at the |count| types |expected| of |types|, under the
 * specification's rules of subtyping: fields and arguments that are not expected are passed over,
 * an opt whose value is of another type becomes null, and so on ("Coercion").
 * icws_candid_decode_any reads it as what it says it is; its types go to |types|, which must have
 * none before: each message needs a new table.  A value of a future type is read as reserved.
 *
 * Whether what is in an opt fits is decided by the value: one case of a variant may, and another
 * not.
 *
 * The values go to |arena|; bytes, text, and principals are borrowed from |message|.  They are
 * valid as long as both, and as |types|, live and the arena is not cleared.  What does not fit into
 * the arena's limit is ICWS_ERR_LIMIT; in any case
 *
 *   sizeof(struct icws_candid_value) * (ICWS_CANDID_SKIP_QUOTA +
 *                                       (ICWS_CANDID_STEPS_PER_BYTE + 1) * |message|.len + |count|)
 *
 * bytes suffice.  The arena's allocator serves as well for what is needed during the call: the
 * types of the message (up to ICWS_CANDID_TYPES_MAX_BYTES) and their comparison
 * (icws_candid_subtype).
 *
 * Returns ICWS_OK; ICWS_ERR_CANDID for malformed bytes, or values that are not of the expected
 * type; ICWS_ERR_LIMIT for the limits of icws/candid.h, of the arena and of
 * ICWS_CANDID_NUMBER_MAX_BYTES; ICWS_ERR_NOMEM; ICWS_ERR_INVALID_ARGUMENT if |types| has types
 * before icws_candid_decode_any.  |failure| then says what, where in the value (as in "argument 1,
 * field text") and at which byte.  After a failure the arena holds nothing of use, and if it failed
 * itself, it fails until it is cleared; the |types| of icws_candid_decode_any are fit for
 * icws_candid_types_del only.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_decode(struct icws_bytes message, const struct icws_candid_types *types,
                   const int *expected, size_t count, struct icws_arena *arena,
                   struct icws_candid_args *args, struct icws_failure *failure);
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_decode_any(struct icws_bytes message,
                                                                  struct icws_candid_types *types,
                                                                  struct icws_arena *arena,
                                                                  struct icws_candid_args *args,
                                                                  struct icws_failure *failure);

/*
 * icws_candid_encode appends the message of |args| to |out|: the types that they need and no
 * others, then the values.  More types and arguments than a reader takes (ICWS_CANDID_MAX_TYPES,
 * _MAX_ARGS) can be written.
 *
 * Returns ICWS_OK; ICWS_ERR_INVALID_ARGUMENT if a value is not of its type, as what was read from a
 * part of a future type, a number out of range, text that is not UTF-8 or a principal that is too
 * long; ICWS_ERR_LIMIT, if the values are nested more deeply than ICWS_CANDID_MAX_DEPTH, or the
 * limit of |out|; ICWS_ERR_NOMEM.  |out| is as before after a failure, but for its own error.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_encode(const struct icws_candid_args *args,
                                                              struct icws_buf *out,
                                                              struct icws_failure *failure);

/*
 * For programs that know their types, and write values by icws/candid.h, but read them by all the
 * rules of subtyping: what icws candid bind makes.
 *
 * A signature is how messages of certain argument types begin, from DIDL to the arguments' types;
 * and, to tell errors by them, names of fields, sorted by increasing id.  It is static and
 * constant.
 */
struct icws_candid_name {
  uint32_t id;
  const char *name;
};

struct icws_candid_signature {
  const uint8_t *header;
  size_t header_len;
  const struct icws_candid_name *names;
  size_t name_count;
};

/* icws_candid_encode_types appends the header of a signature with arguments of the |count| types
 * |args|: as in the messages of icws_candid_encode.  Returns ICWS_OK or the error of |out|, which
 * is else as before after a failure; or ICWS_ERR_NOMEM. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_encode_types(const struct icws_candid_types *types, const int *args, size_t count,
                         struct icws_buf *out);

/* icws_candid_begin starts a message of |signature| in |out|, which is appended to and must outlive
 * |writer|, by which the values follow. */
ICWS_EXPORT void icws_candid_begin(struct icws_candid_writer *writer,
                                   const struct icws_candid_signature *signature,
                                   struct icws_buf *out);

/* icws_candid_decode_as is icws_candid_decode at the types of |signature|.  |*values| are as many
 * as it has arguments; their |type| is an index of its table.  They live as those of
 * icws_candid_decode do.  A signature that is none is ICWS_ERR_INVALID_ARGUMENT. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_decode_as(struct icws_bytes message, const struct icws_candid_signature *signature,
                      struct icws_arena *arena, const struct icws_candid_value **values,
                      struct icws_failure *failure);

/* icws_candid_args_equal tells whether both have as many values, and each pair is equal: of one
 * kind, with the same contents; fields and cases are compared by id.  All NaN are equal; 0 and
 * -0 are not.  Values nested more deeply than ICWS_CANDID_MAX_DEPTH are not equal. */
ICWS_EXPORT bool icws_candid_args_equal(const struct icws_candid_args *a,
                                        const struct icws_candid_args *b);

/* icws_candid_integer_compare orders two integers, nat and int of any size and the fixed ones,
 * which may be of different types: negative, zero or positive, as memcmp does. */
ICWS_EXPORT int icws_candid_integer_compare(const struct icws_candid_value *a,
                                            const struct icws_candid_value *b);

/* icws_candid_value_field returns the value of the field |name| of a record, which it is part of;
 * NULL if it has no such field, or |value| is no record.  Fields are found by id: they need no
 * names. */
ICWS_EXPORT const struct icws_candid_value *
icws_candid_value_field(const struct icws_candid_types *types,
                        const struct icws_candid_value *value, const char *name);

/* icws_candid_value_bytes borrows the bytes of a text, blob, principal or service; |value| must be
 * one. */
ICWS_EXPORT struct icws_bytes icws_candid_value_bytes(const struct icws_candid_value *value);

/* icws_candid_value_nat and _int return a number, as icws/candid.h has it, of |value|, which must
 * be of that type; its bytes are borrowed. */
ICWS_EXPORT struct icws_candid_nat icws_candid_value_nat(const struct icws_candid_value *value);
ICWS_EXPORT struct icws_candid_int icws_candid_value_int(const struct icws_candid_value *value);

/* icws_candid_value_principal returns a principal or service, icws_candid_value_method a func,
 * whose method's name is borrowed; |value| must be one. */
ICWS_EXPORT struct icws_principal
icws_candid_value_principal(const struct icws_candid_value *value);
ICWS_EXPORT struct icws_candid_method
icws_candid_value_method(const struct icws_candid_value *value);

/*
 * Numbers in decimal digits, for programs that write or read values in a notation of their own.
 *
 * icws_candid_value_put_decimal appends |value|, which must be of an integer or float type.
 * Integers are digits, after a '-' if they are negative.  A float has the fewest digits that are
 * read as the same number of its type again, with a point or an exponent in them: 3.0, 0.5,
 * -1.5e300; or it is NaN, inf, -inf.  Failures are those of |out|.
 *
 * icws_candid_value_from_decimal reads |text|, digits and perhaps a '-' before them, as an integer
 * of type |value|->type, which the caller has set to an integer type.  A number of more than 64
 * bits goes to |arena|. Returns ICWS_OK; ICWS_ERR_CANDID for other text, and for a number that is
 * not of that type; ICWS_ERR_LIMIT for ICWS_CANDID_NUMBER_MAX_BYTES; or the error of |arena|.
 * |value| is as before after a failure.
 */
ICWS_EXPORT void icws_candid_value_put_decimal(const struct icws_candid_value *value,
                                               struct icws_buf *out);
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_value_from_decimal(struct icws_candid_value *value, struct icws_bytes text,
                               struct icws_arena *arena);

ICWS_END_DECLS

#endif

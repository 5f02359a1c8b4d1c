/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CANDID_TYPES_H
#define ICWS_CANDID_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/candid.h>
#include <icws/error.h>
#include <icws/export.h>
#include <icws/mem.h>

ICWS_BEGIN_DECLS

/*
 * Candid's types (Candid specification, "Types"), as objects: what an interface says, what a
 * message's type table says, and what a program builds.
 *
 * A type is an int, as on the wire: a primitive (enum icws_candid_primitive, negative), or the
 * index of a composite type in a table.  Types refer to each other by these numbers, so that
 * recursion needs nothing special.  A number means something with its table only.
 *
 * A table grows and never forgets.  It belongs to one thread at a time while it grows; after that
 * any number of threads may read it.  A type that is passed together with a table must be in it, or
 * be a primitive.
 */
struct icws_candid_types;

#define ICWS_CANDID_TYPES_MAX 10000 /* composite types of a table; and its definitions */
#define ICWS_CANDID_TYPES_MAX_BYTES ((size_t)16 << 20) /* memory of a table */

/* A field of a record, a case of a variant, or an argument or result of a function, whose |id| is
 * its position (and need not be set when one is added). */
struct icws_candid_field_type {
  uint32_t id;
  int type;
  struct icws_bytes name; /* UTF-8; |data| is NULL where only the id is known */
};

struct icws_candid_method_type {
  struct icws_bytes name; /* UTF-8 */
  int type;               /* must be a func */
};

/*
 * A composite type.  Which members count is up to |constructor|; the others are zero.
 *
 *   ICWS_CANDID_OPT, _VEC         item
 *   ICWS_CANDID_RECORD, _VARIANT  fields, by increasing id
 *   ICWS_CANDID_FUNC              fields (the arguments), results, annotations
 *   ICWS_CANDID_SERVICE           methods, by increasing name, bytewise
 *   ICWS_CANDID_FUTURE            nothing
 */
struct icws_candid_type {
  int constructor; /* enum icws_candid_constructor */
  int item;
  unsigned annotations; /* bits of enum icws_candid_annotation */
  const struct icws_candid_field_type *fields;
  size_t field_count;
  const struct icws_candid_field_type *results;
  size_t result_count;
  const struct icws_candid_method_type *methods;
  size_t method_count;
  struct icws_bytes name; /* of the first definition that is this type; |data| NULL: it has none */
};

/* A name that a type was given. */
struct icws_candid_definition {
  struct icws_bytes name;
  int type;
};

/* icws_candid_types_new makes an empty table, which |mem| must outlive.  Returns ICWS_OK or
 * ICWS_ERR_NOMEM.  icws_candid_types_del frees it; NULL is ignored. */
ICWS_EXPORT ICWS_NODISCARD enum icws_error icws_candid_types_new(const struct icws_mem *mem,
                                                                 struct icws_candid_types **types);
ICWS_EXPORT void icws_candid_types_del(struct icws_candid_types *types);

/* icws_candid_types_mem returns the allocator that the table was made with; never NULL. */
ICWS_EXPORT const struct icws_mem *icws_candid_types_mem(const struct icws_candid_types *types);

/*
 * Building.  The first failure sticks: that addition and all later ones return ICWS_CANDID_EMPTY,
 * later ones change nothing, and icws_candid_types_error returns it:
 *   ICWS_ERR_NOMEM, ICWS_ERR_LIMIT (ICWS_CANDID_TYPES_MAX and _MAX_BYTES),
 *   ICWS_ERR_CANDID: two fields of one id, two methods or definitions of one name, a method of a
 *   primitive type, a type that is not in the table.
 * The table may have part of what failed: it is fit for icws_candid_types_del and nothing else.
 */
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_types_error(const struct icws_candid_types *types);

/* icws_candid_types_add appends a copy of |type|, names included, and returns its number.  Fields
 * and methods may be given in any order; |name| is ignored: see icws_candid_types_define.
 * After a failure the table may have one type more than before: the record without fields. */
ICWS_EXPORT int icws_candid_types_add(struct icws_candid_types *types,
                                      const struct icws_candid_type *type);

/* Two that come up often. */
ICWS_EXPORT int icws_candid_types_opt(struct icws_candid_types *types, int item);
ICWS_EXPORT int icws_candid_types_vec(struct icws_candid_types *types, int item);

/* icws_candid_types_reserve returns the number of a type that is still to be set, for types that
 * refer to themselves; until then it is the record without fields.  icws_candid_types_set makes it
 * a copy of |type|. */
ICWS_EXPORT int icws_candid_types_reserve(struct icws_candid_types *types);
ICWS_EXPORT void icws_candid_types_set(struct icws_candid_types *types, int reserved,
                                       const struct icws_candid_type *type);

/* icws_candid_types_define gives |type|, primitives included, the name |name|, which is copied.  A
 * type may have several. */
ICWS_EXPORT void icws_candid_types_define(struct icws_candid_types *types, struct icws_bytes name,
                                          int type);

/*
 * Looking up.  Pointers are valid until the table is deleted, also while it grows.
 *
 * icws_candid_types_get returns the composite type |type|, which must be in the table.
 * icws_candid_types_constructor returns |type| itself for a primitive, else its constructor.
 */
ICWS_EXPORT const struct icws_candid_type *
icws_candid_types_get(const struct icws_candid_types *types, int type);
ICWS_EXPORT int icws_candid_types_constructor(const struct icws_candid_types *types, int type);

/* icws_candid_constructor_name returns the word for a primitive or a constructor, as in "nat8" or
 * "record"; "future" for a later one.  Static. */
ICWS_EXPORT const char *icws_candid_constructor_name(int constructor);

/* icws_candid_types_is_optional tells whether fields and arguments of |type| may be left out: it is
 * null, reserved or an opt. */
ICWS_EXPORT bool icws_candid_types_is_optional(const struct icws_candid_types *types, int type);

/* icws_candid_types_is_blob tells whether |type| is vec nat8. */
ICWS_EXPORT bool icws_candid_types_is_blob(const struct icws_candid_types *types, int type);

/* icws_candid_types_count returns how many composite types there are: their numbers are 0 up to
 * that. */
ICWS_EXPORT size_t icws_candid_types_count(const struct icws_candid_types *types);

/* Definitions, in the order in which they were made; |index| must be less than their number. */
ICWS_EXPORT size_t icws_candid_types_definition_count(const struct icws_candid_types *types);
ICWS_EXPORT const struct icws_candid_definition *
icws_candid_types_definition(const struct icws_candid_types *types, size_t index);

/* icws_candid_types_find stores the type that is called |name|; false if there is none. */
ICWS_EXPORT bool icws_candid_types_find(const struct icws_candid_types *types,
                                        struct icws_bytes name, int *type);

/* icws_candid_type_field returns the field or case with |id|, and stores its index if |index| is
 * not NULL; NULL if there is none. */
ICWS_EXPORT const struct icws_candid_field_type *
icws_candid_type_field(const struct icws_candid_type *type, uint32_t id, size_t *index);

/* icws_candid_type_method returns the method |name| of a service; NULL if there is none. */
ICWS_EXPORT const struct icws_candid_method_type *
icws_candid_type_method(const struct icws_candid_type *type, struct icws_bytes name);

/* icws_candid_type_is_tuple tells whether |type| is a record whose ids are 0, 1, 2 … and which has
 * at least one field. */
ICWS_EXPORT bool icws_candid_type_is_tuple(const struct icws_candid_type *type);

/*
 * icws_candid_subtype tells whether |sub| of |sub_types| is a subtype of |super| of |super_types|
 * (Candid specification, "Rules"): whether whoever expects the latter can be given the former.  The
 * tables may be the same.
 *
 * Returns ICWS_OK if it is; ICWS_ERR_CANDID if not: |failure| then says where they part;
 * ICWS_ERR_NOMEM, or ICWS_ERR_LIMIT after ICWS_CANDID_SUBTYPE_STEPS comparisons.  |mem|, NULL for
 * the C library's, is used during the call, for up to 100 bytes a comparison.
 */
#define ICWS_CANDID_SUBTYPE_STEPS 1000000
ICWS_EXPORT ICWS_NODISCARD enum icws_error
icws_candid_subtype(const struct icws_candid_types *sub_types, int sub,
                    const struct icws_candid_types *super_types, int super,
                    const struct icws_mem *mem, struct icws_failure *failure);

ICWS_END_DECLS

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_PARSER_H
#define ICWS_BASE_CANDID_PARSER_H

#include <limits.h>

#include "candid/annotations.h"
#include "candid/lexer.h"

/*
 * Reading values from text.  All of these functions return false after a failure, which is the
 * lexer's.  |depth| is in how many values one is.
 */
struct icws_candid_parser {
  struct icws_candid_lexer lexer;
  struct icws_candid_annotations annotations;
  const struct icws_candid_types *types; /* what expected types and annotations are in */
  struct icws_candid_types *growing;     /* the same, if types may be added there; else NULL */
  struct icws_arena *arena;              /* for the values; the lexer's is for the rest */
  unsigned parentheses;                  /* that are open around values */
  bool again;                            /* what is read has been read before, at another type */
};

/* Stands for a type that is not known: it is found from the value. */
#define ICWS_CANDID_ANY INT_MAX

/* icws_candid_parser_value reads a value of type |type|, <val> of the specification;
 * icws_candid_parser_annotated one that may have an annotation, <annval>. */
bool icws_candid_parser_value(struct icws_candid_parser *parser, int type, unsigned depth,
                              struct icws_candid_value *value);
bool icws_candid_parser_annotated(struct icws_candid_parser *parser, int type, unsigned depth,
                                  struct icws_candid_value *value);

/* icws_candid_parser_infer reads a value of any type: those of its parts make its own. */
bool icws_candid_parser_infer(struct icws_candid_parser *parser, unsigned depth,
                              struct icws_candid_value *value);

/* icws_candid_parser_grow makes sure that types can be added. */
bool icws_candid_parser_grow(struct icws_candid_parser *parser);

/* Each reads what stands in braces, and makes |value| of it, whose |type| is set: the items of a vec
 * (of type |item|, or of that of the first), the fields of a record, the case of a variant. */
bool icws_candid_parser_items(struct icws_candid_parser *parser, int item, unsigned depth,
                              struct icws_candid_value *value);
bool icws_candid_parser_record(struct icws_candid_parser *parser, unsigned depth,
                               struct icws_candid_value *value);
bool icws_candid_parser_variant(struct icws_candid_parser *parser, unsigned depth,
                                struct icws_candid_value *value);

/* icws_candid_parser_end_member goes past the ';' after a member in braces, or stays at their end. */
bool icws_candid_parser_end_member(struct icws_candid_parser *parser);

/* A name or id before a value. */
struct icws_candid_label {
  size_t at; /* where the member starts */
  size_t end;
  uint32_t id;
  struct icws_bytes name; /* |data| is NULL for an id */
};

/* icws_candid_parser_label reads a label; icws_candid_parser_field_label one and the '=' after it,
 * if there are any: else the id is |next|. */
bool icws_candid_parser_label(struct icws_candid_parser *parser, struct icws_candid_label *label);
bool icws_candid_parser_field_label(struct icws_candid_parser *parser, uint64_t next,
                                    struct icws_candid_label *label);

/* A number that the lexer stands at, with its sign. */
struct icws_candid_literal {
  size_t at;
  size_t end;
  bool negative;
  bool is_float; /* it has a point or an exponent, or is NaN or inf */
  bool is_word;  /* NaN or inf */
  struct icws_bytes raw;
};

/* icws_candid_parser_peek_number tells whether the lexer stands at a number. */
bool icws_candid_parser_peek_number(const struct icws_candid_parser *parser,
                                    struct icws_candid_literal *literal);

/* icws_candid_parser_number reads a number of the type of |value|, a primitive. */
bool icws_candid_parser_number(struct icws_candid_parser *parser, struct icws_candid_value *value);

/* icws_candid_parser_default sets |value| to what a value of |type| that is left out is: null or
 * reserved; false if it may not be left out. */
bool icws_candid_parser_default(struct icws_candid_parser *parser, int type, unsigned depth,
                                struct icws_candid_value *value);

/* icws_candid_parser_alloc is icws_arena_array in |parser|->arena. */
void *icws_candid_parser_alloc(struct icws_candid_parser *parser, size_t count, size_t size);

/* icws_candid_parser_move makes the lexer read on from the byte |offset|. */
void icws_candid_parser_move(struct icws_candid_parser *parser, size_t offset);

/* --- Failures: each returns false ------------------------------------------------------------ */

/* The token at hand is no value of |type|. */
bool icws_candid_parser_mismatch(struct icws_candid_parser *parser, int type);

/* The text from |at| to |end| is no value of |type|. */
bool icws_candid_parser_unfit(struct icws_candid_parser *parser, int type, size_t at, size_t end);

/* At the token at hand |field|, a |what|, is missing. */
bool icws_candid_parser_missing(struct icws_candid_parser *parser, const char *what,
                                const struct icws_candid_field_type *field);

/* |label|, of a |what|, has no place in |type|, which is NULL if it is not known yet: it is |why|,
 * "unexpected" or "duplicate". */
bool icws_candid_parser_bad_label(struct icws_candid_parser *parser, const char *why,
                                  const char *what, const struct icws_candid_label *label,
                                  const struct icws_candid_type *type);

/* The values at hand, or their parentheses, are nested too deeply. */
bool icws_candid_parser_too_deep(struct icws_candid_parser *parser);

/* icws_candid_parser_check fails with |error|, of memory or a table of types, unless it is ICWS_OK. */
bool icws_candid_parser_check(struct icws_candid_parser *parser, enum icws_error error);

/* icws_candid_parser_describe writes |type| in short. */
#define ICWS_CANDID_SHORT_BYTES 64
bool icws_candid_parser_describe(struct icws_candid_parser *parser, int type,
                                 char out[ICWS_CANDID_SHORT_BYTES]);

#endif

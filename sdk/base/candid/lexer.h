/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_LEXER_H
#define ICWS_BASE_CANDID_LEXER_H

#include <icws/arena.h>
#include <icws/candid_text.h>

/*
 * The words of Candid's text, which types, interfaces and values share (Candid specification,
 * "Comments", "Names", "Values").  A lexer stands at one token at a time.
 */
enum icws_candid_token {
  ICWS_CANDID_TOKEN_END,    /* of the text */
  ICWS_CANDID_TOKEN_ID,     /* a name or keyword: |raw| */
  ICWS_CANDID_TOKEN_TEXT,   /* in quotes: |raw| is what is between them, escapes and all */
  ICWS_CANDID_TOKEN_NUMBER, /* digits and underscores, 0x and such: |raw|, without a sign */
  ICWS_CANDID_TOKEN_FLOAT,  /* a number with a point or exponent: |raw|, without a sign */
  ICWS_CANDID_TOKEN_ARROW,  /* -> */
  ICWS_CANDID_TOKEN_SIGN,   /* any other token is one character: one of ( ) { } ; , . : = + - */
};

struct icws_candid_lexer {
  struct icws_bytes input;
  enum icws_candid_token token;
  char sign;             /* the character of a SIGN; '\0' for other tokens */
  struct icws_bytes raw; /* borrowed from |input| */
  size_t start;          /* where the token begins */
  size_t end;            /* and where it ends */
  struct icws_arena *arena;
  enum icws_error error; /* the first sticks: then the token is END */
  char reason[160];      /* what the error is about */
  size_t error_at;       /* where */
};

/* icws_candid_lexer_init puts |lexer| on the first token of |input|; what is not UTF-8 makes it fail.
 * |arena| is for unescaped text, and for what parsers make of it. */
void icws_candid_lexer_init(struct icws_candid_lexer *lexer, struct icws_bytes input,
                            struct icws_arena *arena);

/* icws_candid_lexer_next goes on to the next token. */
void icws_candid_lexer_next(struct icws_candid_lexer *lexer);

/* Tests of the token at hand. */
bool icws_candid_lexer_is_sign(const struct icws_candid_lexer *lexer, char sign);
bool icws_candid_lexer_is_word(const struct icws_candid_lexer *lexer, const char *word);

/* Each goes on if the token at hand is the one named, and tells whether it was. */
bool icws_candid_lexer_accept_sign(struct icws_candid_lexer *lexer, char sign);
bool icws_candid_lexer_accept_word(struct icws_candid_lexer *lexer, const char *word);

/* Each goes on, or fails with "expected …, found …"; false after a failure. */
bool icws_candid_lexer_expect_sign(struct icws_candid_lexer *lexer, char sign);

/* icws_candid_lexer_take_name takes an ID that is no keyword, or a TEXT, which must be UTF-8 once
 * unescaped.  |what| is for the failure: "expected |what|, found …". */
bool icws_candid_lexer_take_name(struct icws_candid_lexer *lexer, const char *what,
                                 struct icws_bytes *name);

/* icws_candid_lexer_take_bytes takes a TEXT and unescapes it: \t \n \r \\ \" \' \HH \u{H…}; the
 * result may be any bytes.  It borrows from the input where there is nothing to unescape, else it is
 * in the arena. */
bool icws_candid_lexer_take_bytes(struct icws_candid_lexer *lexer, struct icws_bytes *bytes);

/* icws_candid_lexer_take_id takes a NUMBER as a field id: below 2^32. */
bool icws_candid_lexer_take_id(struct icws_candid_lexer *lexer, uint32_t *id);

/* icws_candid_is_keyword tells whether an identifier must be in quotes to be a name.  Those of
 * primitive types need not, but for null and principal: fields called text are common. */
bool icws_candid_is_keyword(struct icws_bytes word);

/* icws_candid_lexer_fail makes the lexer fail at |at|; icws_candid_lexer_unexpected with "expected
 * |expected|, found " and the token at hand.  The first failure wins.  Both return false. */
bool icws_candid_lexer_fail(struct icws_candid_lexer *lexer, enum icws_error error, size_t at,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
bool icws_candid_lexer_unexpected(struct icws_candid_lexer *lexer, const char *expected);

/* icws_candid_shown returns how many bytes of |name| are shown in a failure: for "%.*s". */
int icws_candid_shown(struct icws_bytes name);

/* icws_candid_lexer_fail_arena makes the lexer fail at the token at hand with the arena's error. */
bool icws_candid_lexer_fail_arena(struct icws_candid_lexer *lexer);

/* icws_candid_lexer_report returns the lexer's error, and fills |spot| and |failure|, either of which
 * may be NULL: "line 1, column 5: …". */
enum icws_error icws_candid_lexer_report(const struct icws_candid_lexer *lexer,
                                         struct icws_candid_spot *spot,
                                         struct icws_failure *failure);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_DECODER_H
#define ICWS_BASE_CANDID_DECODER_H

#include <icws/candid_value.h>

#include "candid/cursor.h"
#include "candid/path.h"

/*
 * Values are read at the type that is expected (Candid specification, "Coercion").  What does not
 * fit is a mismatch: it becomes null at the next opt around it.  Malformed bytes never do.
 *
 * Work and memory are bounded by the reader's steps, whatever a message claims: each item of a vec,
 * each field that is expected and each opt that is not null costs one before it is allocated; what is
 * read a second time, after a mismatch, costs one for each byte; and so does each comparison of types
 * for a reference.  All else that is allocated takes no more than a value's size for each byte of the
 * message.
 */
struct icws_candid_decoder {
  struct icws_candid_reader reader;
  const struct icws_candid_types *wire;  /* the types of the message, by its own numbers */
  const struct icws_candid_types *types; /* those that are expected */
  struct icws_arena *arena;
  bool mismatch; /* the reader's error is one: */
  int expected;  /* these are the constructors, if the reader has no reason */
  int found;
  struct icws_candid_path path; /* of the error */
  /* The types of the last reference, and whether they fit: a vec of references checks them once. */
  int reference_wire;
  int reference_expected;
  enum icws_error reference_error;
};

/* Each makes the reader fail, and returns its error. */
enum icws_error icws_candid_mismatch(struct icws_candid_decoder *decoder, const char *reason);
enum icws_error icws_candid_decoder_fail(struct icws_candid_decoder *decoder,
                                         enum icws_error error);

/* Values without parts: |value|'s type is what is expected, and |wire| fits it. */
enum icws_error icws_candid_decode_primitive(struct icws_candid_decoder *decoder, int wire,
                                             struct icws_candid_value *value);
enum icws_error icws_candid_decode_func(struct icws_candid_decoder *decoder, int wire,
                                        struct icws_candid_value *value);
enum icws_error icws_candid_decode_service(struct icws_candid_decoder *decoder, int wire,
                                           struct icws_candid_value *value);

#endif

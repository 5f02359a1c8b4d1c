/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_BASE_CANDID_RECORD_H
#define ICWS_BASE_CANDID_RECORD_H

#include <icws/candid.h>

/*
 * Decoding of records and variants whose fields and cases are known by name, under Candid's rules of
 * subtyping as far as the protocol needs them: fields that are not known are skipped, and so are
 * arguments after the known ones; the type table may have any layout.
 */

/* The functions for the types that need no table: |out| is bool *, uint64_t *, struct icws_bytes *,
 * struct icws_bytes * and struct icws_principal *. */
icws_candid_read_fn icws_candid_member_bool;
icws_candid_read_fn icws_candid_member_nat64;
icws_candid_read_fn icws_candid_member_text;
icws_candid_read_fn icws_candid_member_blob;
icws_candid_read_fn icws_candid_member_principal;

struct icws_candid_member {
  const char *name; /* static */
  icws_candid_read_fn *read;
  void *out;
  bool optional; /* when it is not there |out| is left alone */
};

/* icws_candid_read_members reads a record; 32 members at most. */
ICWS_NODISCARD enum icws_error icws_candid_read_members(struct icws_candid_reader *reader, int type,
                                                        const struct icws_candid_member *members,
                                                        size_t count);

/* icws_candid_read_case reads a variant's case, which must be one of |names|: |*index| says which,
 * |*inner| is the type of the value that follows. */
ICWS_NODISCARD enum icws_error icws_candid_read_case(struct icws_candid_reader *reader, int type,
                                                     const char *const *names, size_t count,
                                                     size_t *index, int *inner);

/* icws_candid_decode_known reads a message with one argument and whatever arguments after it.  An error is
 * told in |failure| as one in |what|. */
ICWS_NODISCARD enum icws_error icws_candid_decode_known(struct icws_bytes input, const char *what,
                                                        icws_candid_read_fn *read, void *out,
                                                        struct icws_failure *failure);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_CLI_STATE_VALUE_H
#define ICWS_CLI_STATE_VALUE_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/principal.h>

/* What a value of the Internet Computer's state tree is, by where it is (IC interface specification,
 * "The system state tree"). */
enum icws_state_kind {
  ICWS_STATE_BYTES,      /* all that is nothing else */
  ICWS_STATE_NUMBER,     /* LEB128 */
  ICWS_STATE_TIME,       /* LEB128, ns since 1970 */
  ICWS_STATE_TEXT,       /* UTF-8 that does not act on a terminal */
  ICWS_STATE_PRINCIPALS, /* CBOR: an array of them */
  ICWS_STATE_RANGES,     /* CBOR: an array of pairs of them, first and last */
};

struct icws_state_value {
  enum icws_state_kind kind;
  struct icws_bytes bytes; /* as it is in the tree */
  uint64_t number;         /* NUMBER, TIME */
};

/* icws_state_value_read tells what |bytes| at |path|, in words, are; what does not decode, BYTES. */
struct icws_state_value icws_state_value_read(const char *path, struct icws_bytes bytes);

/* icws_state_value_walk calls |visit| for each principal of PRINCIPALS, and each two of RANGES. */
typedef void icws_state_principal_fn(const struct icws_principal *principal, void *user_data);
void icws_state_value_walk(const struct icws_state_value *value, icws_state_principal_fn *visit,
                           void *user_data);

#endif

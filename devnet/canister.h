/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_DEVNET_CANISTER_H
#define ICWS_DEVNET_CANISTER_H

#include <stdint.h>

#include <icws/bytes.h>
#include <icws/digest.h>
#include <icws/error.h>
#include <icws/principal.h>

/*
 * Between a replica and a canister that is written in C.  Each sees of the other only what is here.
 */

/* What a canister asks of its replica, as the system calls of the Internet Computer give it. */
struct icws_canister_system {
  /* The time of the present call, in ns since 1970. */
  uint64_t (*time)(void *user_data);
  /* Sets the certified data, from anything but a query. */
  void (*set_certified_data)(const uint8_t data[ICWS_SHA256_BYTES], void *user_data);
  /* In a query: the certificate of the certified data, borrowed until the query returns; else
   * empty. */
  struct icws_bytes (*data_certificate)(void *user_data);
  void *user_data;
};

enum icws_method_kind {
  ICWS_METHOD_NONE, /* there is no such method */
  ICWS_METHOD_UPDATE,
  ICWS_METHOD_QUERY,
};

/*
 * A canister.  |self| is handed to the functions.
 *
 * update and query append their answer, Candid-encoded, to |reply|, or return an error, with which
 * the call is rejected; what |failure| says is told to the caller.  An update that fails must not
 * have changed anything.
 */
struct icws_canister {
  void *self;
  const char *interface; /* its Candid interface, static text */
  enum icws_method_kind (*method_kind)(struct icws_bytes method);
  enum icws_error (*update)(void *self, struct icws_bytes method,
                            const struct icws_principal *caller, struct icws_bytes arg,
                            struct icws_buf *reply, struct icws_failure *failure);
  enum icws_error (*query)(void *self, struct icws_bytes method,
                           const struct icws_principal *caller, struct icws_bytes arg,
                           struct icws_buf *reply, struct icws_failure *failure);
  /* The time, in ns since 1970, from which on tick has something to do. */
  uint64_t (*deadline)(void *self);
  void (*tick)(void *self);
  void (*del)(void *self);
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_ROOT_KEY_OPTION_H
#define ICWS_TOOLS_ROOT_KEY_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/error.h>
#include <icws/verifier.h>

/* Which network is trusted: mainnet (both empty), a key, or what a test network says itself. */
struct icws_root_key_option {
  uint8_t der[ICWS_ROOT_KEY_DER_BYTES];
  size_t len;              /* 0: none given */
  const char *fetch_url;   /* NULL: not fetched; else |network_url| */
  const char *network_url; /* NULL: none was named; borrowed from |network|, or static */
};

/*
 * icws_root_key_option_parse reads the arguments of --root-key ("mainnet", "fetch" or the key in
 * hex) and --network (common/network_option.h); either may be NULL.  A network given by URL needs a
 * root key, so that nobody trusts one by accident; "local", which is this machine, is asked for its
 * key if none is given.  "fetch" needs a network, and is refused for mainnet, whose key is built in.
 * Returns ICWS_OK, or ICWS_ERR_INVALID_ARGUMENT, ICWS_ERR_HEX or ICWS_ERR_ROOT_KEY, with a sentence
 * for the user in |failure|.
 */
ICWS_NODISCARD enum icws_error icws_root_key_option_parse(const char *root_key, const char *network,
                                                          struct icws_root_key_option *option,
                                                          struct icws_failure *failure);

/* icws_root_key_option_bytes borrows the key for a configuration: empty unless it was given. */
struct icws_bytes icws_root_key_option_bytes(const struct icws_root_key_option *option);

#endif

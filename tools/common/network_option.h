/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_NETWORK_OPTION_H
#define ICWS_TOOLS_NETWORK_OPTION_H

#include <stdbool.h>

#include <icws/error.h>

/* Where "local" is: the port that local networks of the Internet Computer listen on by habit. */
#define ICWS_NETWORK_LOCAL_URL "http://127.0.0.1:4943"

/*
 * icws_network_option_parse reads the argument of --network: "ic", "local", or a URL.  |*url| is
 * then the address of the network's API, borrowed from |network| or static; NULL for a |network| of
 * NULL: no network was named.  Returns ICWS_OK, or ICWS_ERR_INVALID_ARGUMENT with a sentence for the
 * user in |failure|.
 */
ICWS_NODISCARD enum icws_error icws_network_option_parse(const char *network, const char **url,
                                                         struct icws_failure *failure);

/* icws_network_option_is_mainnet tells whether |url|, or no network at all, is mainnet. */
bool icws_network_option_is_mainnet(const char *url);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_NET_URL_H
#define ICWS_NET_URL_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/error.h>

#define ICWS_URL_HOST_BYTES 254 /* 253 characters (RFC 1035) and a NUL */
#define ICWS_URL_PATH_BYTES 1024
#define ICWS_URL_AUTHORITY_BYTES (ICWS_URL_HOST_BYTES + sizeof "[]:65535")

/* A URL (RFC 3986) of a scheme that exists plain and with TLS, in parts. */
struct icws_url {
  bool secure;                              /* "wss" or "https" */
  bool numeric;                             /* the host is an IPv4 or IPv6 address */
  uint16_t port;                            /* given, or 80 or 443 */
  char host[ICWS_URL_HOST_BYTES];           /* without the brackets of an IPv6 address */
  char path[ICWS_URL_PATH_BYTES];           /* path and query; begins with "/" */
  char authority[ICWS_URL_AUTHORITY_BYTES]; /* host, with brackets if it needs them, and port */
};

/*
 * icws_url_parse takes |text| apart.  |scheme| is the plain scheme, "ws" or "http"; with an "s"
 * added it is the secure one.  Strict: user names, fragments, empty ports, characters that must be
 * percent-encoded, host names that no resolver would take and IPv6 zones are refused.  Returns
 * ICWS_OK or ICWS_ERR_URL.
 */
ICWS_NODISCARD enum icws_error icws_url_parse(const char *text, const char *scheme,
                                              struct icws_url *url, struct icws_failure *failure);

#endif

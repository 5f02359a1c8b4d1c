/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_ENDPOINT_H
#define ICWS_TOOLS_GATEWAY_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICWS_ENDPOINT_ADDRESS_BYTES 46 /* an IPv6 address in text, with its NUL */
#define ICWS_ENDPOINT_TEXT_BYTES 56    /* that in brackets, a colon and a port */

/* Where to listen. */
struct icws_endpoint {
  char address[ICWS_ENDPOINT_ADDRESS_BYTES]; /* numeric, without brackets */
  uint16_t port;                             /* 0: any free one */
};

/* icws_endpoint_parse reads "ADDRESS:PORT" with a numeric address, one of IPv6 in brackets; false
 * if |text| is something else. */
bool icws_endpoint_parse(const char *text, struct icws_endpoint *endpoint);

/* icws_endpoint_format writes it back, with |port| as the port. */
void icws_endpoint_format(const struct icws_endpoint *endpoint, uint16_t port,
                          char out[ICWS_ENDPOINT_TEXT_BYTES]);

#endif

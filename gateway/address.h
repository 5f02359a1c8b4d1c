/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_ADDRESS_H
#define ICWS_GATEWAY_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <icws/bytes.h>

/* An IP address: 16 bytes, where IPv4 is mapped into IPv6 (RFC 4291, section 2.5.5.2), so that one
 * that comes over a socket for both is the same as one over a socket for IPv4. */
struct address {
  uint8_t bytes[16];
};

#define ADDRESS_TEXT_BYTES 46 /* the longest in text, with its NUL */

/* A run of addresses that begin with the same bits. */
struct address_network {
  struct address base;
  unsigned bits; /* of 128 */
};

/* Reads an address in text, and nothing but that.  False if it is none. */
bool address_parse(struct icws_bytes text, struct address *address);

/* Reads "192.0.2.0/24", "2001:db8::/32", or one address.  False if it is none of these, or has bits
 * beyond the prefix. */
bool address_network_parse(const char *text, struct address_network *network);

/* Takes it from a socket's name; false if that is neither IPv4 nor IPv6. */
bool address_of_socket(const struct sockaddr_storage *name, struct address *address);

bool address_is_ipv4(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);
bool address_is_in(const struct address *address, const struct address_network *network);

/* What one subscriber is given as a rule: an IPv4 address, or an IPv6 network of 64 bits. */
struct address address_subscriber(const struct address *address);

void address_format(const struct address *address, char out[ADDRESS_TEXT_BYTES]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_GATEWAY_FORWARDED_H
#define ICWS_GATEWAY_FORWARDED_H

#include <stddef.h>

#include <icws/bytes.h>

#include "address.h"

/* The proxies that are believed. */
struct proxies {
  struct address_network *networks;
  size_t count;
};

/*
 * The address of a client that may be behind proxies.  |peer| is the socket's; |x_forwarded_for| is
 * the value of that header, empty if there is none, several lines of it joined by commas.
 *
 * Each proxy appends whom it got the request from, and what stands left of that may be anybody's
 * invention.  So the list is read from its right end: the client is the first address that is not a
 * trusted proxy's.  Where an entry is no address ("unknown", garbage), nobody vouches for anything
 * further left: the client is then the last address that a trusted proxy vouched for.
 *
 * The header Forwarded of RFC 7239 is not read: of several lines of it libwebsockets shows the first
 * one only, which is the one that a client can write.
 */
struct address forwarded_client(const struct proxies *trusted, const struct address *peer,
                                struct icws_bytes x_forwarded_for);

#endif

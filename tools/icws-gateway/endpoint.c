/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Digits alone, at most |max|. */
static bool read_number(const char *text, unsigned max, unsigned *value)
{
  *value = 0;
  const char *at = text;
  for (; *at >= '0' && *at <= '9' && *value <= max; at++)
    *value = *value * 10 + (unsigned)(*at - '0');
  return at != text && *at == '\0' && *value <= max;
}

static bool is_address(int family, const char *text)
{
  struct in6_addr address; /* the larger of the two */
  return inet_pton(family, text, &address) == 1;
}

/* Copies |len| characters; false if an address cannot be that long. */
static bool copy_address(const char *text, size_t len, char out[ICWS_ENDPOINT_ADDRESS_BYTES])
{
  if (len >= ICWS_ENDPOINT_ADDRESS_BYTES)
    return false;
  memcpy(out, text, len);
  out[len] = '\0';
  return true;
}

bool icws_endpoint_parse(const char *text, struct icws_endpoint *endpoint)
{
  const char *colon = strrchr(text, ':');
  unsigned port;
  if (colon == NULL || !read_number(colon + 1, UINT16_MAX, &port))
    return false;
  endpoint->port = (uint16_t)port;
  size_t len = (size_t)(colon - text);
  if (len >= 2 && text[0] == '[' && text[len - 1] == ']')
    return copy_address(text + 1, len - 2, endpoint->address) &&
           is_address(AF_INET6, endpoint->address);
  return copy_address(text, len, endpoint->address) && is_address(AF_INET, endpoint->address);
}

void icws_endpoint_format(const struct icws_endpoint *endpoint, uint16_t port,
                          char out[ICWS_ENDPOINT_TEXT_BYTES])
{
  bool is_ipv6 = strchr(endpoint->address, ':') != NULL;
  (void)snprintf(out, ICWS_ENDPOINT_TEXT_BYTES, "%s%s%s:%u", is_ipv6 ? "[" : "", endpoint->address,
                 is_ipv6 ? "]" : "", (unsigned)port);
}

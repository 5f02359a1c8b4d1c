/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define IPV4_AT 12 /* where the mapped IPv4 address begins */

static const uint8_t mapped_prefix[IPV4_AT] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void map_ipv4(const void *four_bytes, struct address *address)
{
  memcpy(address->bytes, mapped_prefix, sizeof mapped_prefix);
  memcpy(address->bytes + IPV4_AT, four_bytes, 4);
}

bool address_parse(struct icws_bytes text, struct address *address)
{
  char copy[ADDRESS_TEXT_BYTES];
  struct in_addr ipv4;

  if (text.len == 0 || text.len >= sizeof copy || memchr(text.data, '\0', text.len))
    return false;
  memcpy(copy, text.data, text.len);
  copy[text.len] = '\0';
  if (inet_pton(AF_INET, copy, &ipv4) == 1) {
    map_ipv4(&ipv4, address);
    return true;
  }
  return inet_pton(AF_INET6, copy, address->bytes) == 1;
}

/* Reads one to three digits, and nothing but that. */
static bool parse_bits(const char *text, unsigned *bits)
{
  const size_t len = strlen(text);

  *bits = 0;
  if (len < 1 || len > 3)
    return false;
  for (size_t i = 0; i < len; i++) {
    if (text[i] < '0' || text[i] > '9')
      return false;
    *bits = 10 * *bits + (unsigned)(text[i] - '0');
  }
  return true;
}

static struct address cut(const struct address *address, unsigned bits)
{
  struct address cut = *address;

  for (unsigned bit = bits; bit < 128; bit++)
    cut.bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
  return cut;
}

bool address_network_parse(const char *text, struct address_network *network)
{
  const char *slash = strchr(text, '/');
  const size_t len = slash ? (size_t)(slash - text) : strlen(text);
  unsigned offset;
  unsigned bits;
  struct address base;

  if (!address_parse(icws_bytes_of(text, len), &network->base))
    return false;
  offset = memchr(text, ':', len) ? 0 : 8 * IPV4_AT;
  bits = 128 - offset;
  if (slash && (!parse_bits(slash + 1, &bits) || bits > 128 - offset))
    return false;
  network->bits = offset + bits;
  base = cut(&network->base, network->bits);
  return address_equal(&base, &network->base);
}

bool address_of_socket(const struct sockaddr_storage *name, struct address *address)
{
  if (name->ss_family == AF_INET)
    map_ipv4(&((const struct sockaddr_in *)(const void *)name)->sin_addr, address);
  else if (name->ss_family == AF_INET6)
    memcpy(address->bytes, &((const struct sockaddr_in6 *)(const void *)name)->sin6_addr,
           sizeof address->bytes);
  else
    return false;
  return true;
}

bool address_is_ipv4(const struct address *address)
{
  return memcmp(address->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

bool address_equal(const struct address *a, const struct address *b)
{
  return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool address_is_in(const struct address *address, const struct address_network *network)
{
  const struct address base = cut(address, network->bits);

  return address_equal(&base, &network->base);
}

struct address address_subscriber(const struct address *address)
{
  return cut(address, address_is_ipv4(address) ? 128 : 64);
}

void address_format(const struct address *address, char out[ADDRESS_TEXT_BYTES])
{
  if (address_is_ipv4(address))
    (void)inet_ntop(AF_INET, address->bytes + IPV4_AT, out, ADDRESS_TEXT_BYTES);
  else
    (void)inet_ntop(AF_INET6, address->bytes, out, ADDRESS_TEXT_BYTES);
}

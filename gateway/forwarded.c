/* SPDX-License-Identifier: Apache-2.0 */
#include "forwarded.h"

#include <stdbool.h>
#include <string.h>

static bool is_trusted(const struct proxies *trusted, const struct address *address)
{
  for (size_t i = 0; i < trusted->count; i++)
    if (address_is_in(address, &trusted->networks[i]))
      return true;
  return false;
}

static struct icws_bytes trim(struct icws_bytes text)
{
  while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
    text = icws_bytes_of(text.data + 1, text.len - 1);
  while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
    text.len--;
  return text;
}

/* Cuts off what is right of the last |separator|; all, if there is none. */
static struct icws_bytes take_last(struct icws_bytes *rest, char separator)
{
  size_t at = rest->len;
  struct icws_bytes last;

  while (at > 0 && rest->data[at - 1] != (uint8_t)separator)
    at--;
  last = icws_bytes_of(rest->data + at, rest->len - at);
  rest->len = at > 0 ? at - 1 : 0;
  return trim(last);
}

static bool is_port(struct icws_bytes text)
{
  if (text.len < 1 || text.len > 5)
    return false;
  for (size_t i = 0; i < text.len; i++)
    if (text.data[i] < '0' || text.data[i] > '9')
      return false;
  return true;
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80". */
static bool parse_node(struct icws_bytes text, struct address *address)
{
  const uint8_t *end;

  if (address_parse(text, address))
    return true;
  if (text.len == 0)
    return false;
  if (text.data[0] != '[') {
    const struct icws_bytes port = take_last(&text, ':');

    return is_port(port) && address_parse(text, address) && address_is_ipv4(address);
  }
  end = memchr(text.data, ']', text.len);
  if (!end || !address_parse(icws_bytes_of(text.data + 1, (size_t)(end - text.data) - 1), address))
    return false;
  text = icws_bytes_of(end + 1, text.len - (size_t)(end - text.data) - 1);
  return text.len == 0 ||
         (text.data[0] == ':' && is_port(icws_bytes_of(text.data + 1, text.len - 1)));
}

struct address forwarded_client(const struct proxies *trusted, const struct address *peer,
                                struct icws_bytes x_forwarded_for)
{
  struct icws_bytes list = x_forwarded_for;
  struct address client = *peer;
  struct address before;

  while (list.len > 0 && is_trusted(trusted, &client)) {
    if (!parse_node(take_last(&list, ','), &before))
      break;
    client = before;
  }
  return client;
}

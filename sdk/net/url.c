/* SPDX-License-Identifier: Apache-2.0 */
#include "url.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LABEL_MAX 63 /* RFC 1035 */

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_host_char(char c)
{
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* Labels of 1 to 63 characters between dots; one dot may end the name. */
static bool is_host_name(const char *host)
{
  size_t label = 0;
  for (; *host != '\0'; host++) {
    if (*host == '.') {
      if (label == 0)
        return false;
      label = 0;
    } else if (!is_host_char(*host) || ++label > LABEL_MAX) {
      return false;
    }
  }
  return true;
}

/* What resolvers take for an attempt at an IPv4 address: the last label is a number. */
static bool ends_in_number(const char *host)
{
  const char *dot = strrchr(host, '.');
  const char *last = dot == NULL ? host : dot + 1;
  return *last != '\0' && strspn(last, "0123456789") == strlen(last);
}

static const char *read_scheme(const char *text, const char *scheme, struct icws_url *url)
{
  size_t len = strlen(scheme);
  if (strncasecmp(text, scheme, len) != 0)
    return NULL;
  text += len;
  url->secure = *text == 's' || *text == 'S';
  if (url->secure)
    text++;
  return strncmp(text, "://", 3) == 0 ? text + 3 : NULL;
}

/* Copies |len| characters of the host and judges them; NULL, or what is wrong with them. */
static const char *read_host(const char *text, size_t len, bool bracketed, struct icws_url *url)
{
  struct in6_addr address;
  if (len == 0)
    return "the host is missing";
  if (len >= sizeof url->host)
    return "the host is too long";
  memcpy(url->host, text, len);
  url->host[len] = '\0';
  if (bracketed) {
    url->numeric = true;
    return inet_pton(AF_INET6, url->host, &address) == 1 ? NULL : "not an IPv6 address";
  }
  url->numeric = ends_in_number(url->host);
  if (url->numeric)
    return inet_pton(AF_INET, url->host, &address) == 1 ? NULL : "not an IPv4 address";
  return is_host_name(url->host) ? NULL : "not a host name";
}

/* Reads ":port" up to |end|, if there is one. */
static const char *read_port(const char *text, const char *end, struct icws_url *url)
{
  unsigned port = 0;
  url->port = url->secure ? 443 : 80;
  if (text == end)
    return NULL;
  if (*text++ != ':' || text == end || end - text > 5)
    return "the port is not a number from 1 to 65535";
  for (; text != end; text++) {
    if (!is_digit(*text))
      return "the port is not a number from 1 to 65535";
    port = port * 10 + (unsigned)(*text - '0');
  }
  if (port == 0 || port > UINT16_MAX)
    return "the port is not a number from 1 to 65535";
  url->port = (uint16_t)port;
  return NULL;
}

static const char *read_authority(const char *text, const char *end, struct icws_url *url)
{
  bool bracketed = *text == '[';
  const char *host_end;
  const char *wrong;
  if (memchr(text, '@', (size_t)(end - text)) != NULL)
    return "a user name is not supported";
  if (bracketed)
    text++;
  host_end = memchr(text, bracketed ? ']' : ':', (size_t)(end - text));
  if (host_end == NULL && bracketed)
    return "a ']' is missing";
  if (host_end == NULL)
    host_end = end;
  wrong = read_host(text, (size_t)(host_end - text), bracketed, url);
  return wrong != NULL ? wrong : read_port(bracketed ? host_end + 1 : host_end, end, url);
}

/* RFC 3986, pchar, "/" and "?". */
static const char *read_path(const char *text, struct icws_url *url)
{
  static const char punctuation[] = "-._~!$&'()*+,;=:@/?";
  const char *slash = *text == '/' ? "" : "/";
  const char *c;
  for (c = text; *c != '\0'; c++) {
    if (*c == '#')
      return "a fragment has no meaning here";
    if (*c == '%' && !(is_hex(c[1]) && is_hex(c[2])))
      return "a '%' without two hexadecimal digits";
    if (*c != '%' && strchr(punctuation, *c) == NULL && !is_host_char(*c))
      return "a character that must be percent-encoded";
  }
  if ((size_t)snprintf(url->path, sizeof url->path, "%s%s", slash, text) >= sizeof url->path)
    return "the path is too long";
  return NULL;
}

/* What is told of a URL: not the user and password that somebody may have put into it. */
static const char *shown(const char *text)
{
  const char *at = strrchr(text, '@');
  return at == NULL ? text : at + 1;
}

enum icws_error icws_url_parse(const char *text, const char *scheme, struct icws_url *url,
                               struct icws_failure *failure)
{
  struct icws_url parts = {0};
  const char *authority = read_scheme(text, scheme, &parts);
  const char *wrong;
  const char *end;
  if (authority == NULL)
    return icws_fail(failure, ICWS_ERR_URL, "not a %s:// or %ss:// URL: %s", scheme, scheme,
                     shown(text));
  end = authority + strcspn(authority, "/?#");
  wrong = read_authority(authority, end, &parts);
  if (wrong == NULL)
    wrong = read_path(end, &parts);
  if (wrong != NULL)
    return icws_fail(failure, ICWS_ERR_URL, "%s, in the URL %s", wrong, shown(text));
  snprintf(parts.authority, sizeof parts.authority,
           strchr(parts.host, ':') == NULL ? "%s:%u" : "[%s]:%u", parts.host, (unsigned)parts.port);
  *url = parts;
  return ICWS_OK;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "proxy.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *skip(const char *text, const char *prefix)
{
  size_t len = strlen(prefix);
  return strncasecmp(text, prefix, len) == 0 ? text + len : NULL;
}

/* Without one libcurl would take 1080, whatever the kind of proxy. */
static bool has_port(const char *authority)
{
  const char *bracket = strchr(authority, ']');
  return strchr(bracket == NULL ? authority : bracket, ':') != NULL;
}

enum icws_error icws_proxy_init(struct icws_proxy *proxy, const char *text,
                                struct icws_failure *failure)
{
  char plain[sizeof "http://" + ICWS_URL_AUTHORITY_BYTES];
  const char *authority = skip(text, "http://");
  const char *at;
  enum icws_error error;
  icws_buf_init(&proxy->whole, 0, NULL);
  if (authority == NULL)
    authority = skip(text, "socks5h://");
  if (authority == NULL)
    return icws_fail(failure, ICWS_ERR_URL, "a proxy is given as http:// or socks5h://");
  at = strrchr(authority, '@');
  if (at != NULL)
    authority = at + 1;
  if ((size_t)snprintf(plain, sizeof plain, "http://%s", authority) >= sizeof plain)
    return icws_fail(failure, ICWS_ERR_URL, "the proxy's URL is too long");
  error = icws_url_parse(plain, "http", &proxy->url, failure);
  if (error != ICWS_OK)
    return error;
  if (strcmp(proxy->url.path, "/") != 0 || !has_port(authority))
    return icws_fail(failure, ICWS_ERR_URL, "a proxy has a port and no path: %s", authority);
  icws_buf_put(&proxy->whole, text, strlen(text) + 1);
  if (icws_buf_error(&proxy->whole) != ICWS_OK)
    return icws_fail(failure, ICWS_ERR_NOMEM, "out of memory");
  return ICWS_OK;
}

void icws_proxy_wipe(struct icws_proxy *proxy)
{
  icws_buf_wipe(&proxy->whole);
}

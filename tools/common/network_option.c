/* SPDX-License-Identifier: Apache-2.0 */
#include "common/network_option.h"

#include <string.h>
#include <strings.h>

#include <icws/agent.h>

static bool is_url(const char *text)
{
  return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

enum icws_error icws_network_option_parse(const char *network, const char **url,
                                          struct icws_failure *failure)
{
  *url = network;
  if (network == NULL || is_url(network))
    return ICWS_OK;
  if (strcmp(network, "ic") == 0)
    *url = ICWS_AGENT_MAINNET_URL;
  else if (strcmp(network, "local") == 0)
    *url = ICWS_NETWORK_LOCAL_URL;
  else
    return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                     "--network takes ic, local, or a URL that begins with http:// or https://");
  return ICWS_OK;
}

bool icws_network_option_is_mainnet(const char *url)
{
  return url == NULL || strcmp(url, ICWS_AGENT_MAINNET_URL) == 0;
}

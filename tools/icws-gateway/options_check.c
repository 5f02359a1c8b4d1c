/* SPDX-License-Identifier: Apache-2.0 */
#include "options_check.h"

#include <string.h>
#include <strings.h>

#include "gateway/address.h"
#include "options.h"

#define MAX_DRAIN_MS UINT64_C(86400000)

static bool take_listen(struct icws_gateway_options *options, const char *text)
{
  return icws_endpoint_parse(text, &options->listen);
}

static bool take_metrics(struct icws_gateway_options *options, const char *text)
{
  return icws_endpoint_parse(text, &options->metrics);
}

static bool take_proxy_network(struct icws_gateway_options *options, const char *text)
{
  struct address_network network;
  (void)options;
  return address_network_parse(text, &network);
}

/* RFC 6454, section 6.2: scheme, host and perhaps port.  Browsers send no path, not even a slash. */
static bool take_origin(struct icws_gateway_options *options, const char *text)
{
  (void)options;
  const char *colon = strstr(text, "://");
  return strcmp(text, "*") == 0 ||
         (colon != NULL && colon != text && colon[3] != '\0' && strpbrk(colon + 3, "/ ") == NULL);
}

static bool take_url(struct icws_gateway_options *options, const char *text)
{
  (void)options;
  return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

/* The list counts this one already. */
static bool take_canister(struct icws_gateway_options *options, const char *text)
{
  return icws_principal_from_text(&options->canisters[options->canister_texts.count - 1],
                                  icws_bytes_text(text)) == ICWS_OK;
}

static bool take_level(struct icws_gateway_options *options, const char *text)
{
  return icws_log_level_parse(text, &options->log.level);
}

static bool take_format(struct icws_gateway_options *options, const char *text)
{
  bool is_json = strcmp(text, "json") == 0;
  options->log.format = is_json ? ICWS_LOG_JSON : ICWS_LOG_TEXT;
  return is_json || strcmp(text, "text") == 0;
}

static bool take_drain_timeout(struct icws_gateway_options *options, const char *text)
{
  (void)text;
  return options->drain_timeout_ms <= MAX_DRAIN_MS;
}

static const struct {
  const char *name;
  bool (*take)(struct icws_gateway_options *options, const char *text);
  const char *wanted;
} checks[] = {
    {"gateway-address", take_listen, "a numeric address and a port, as 0.0.0.0:8080 or [::]:443"},
    {"prometheus-endpoint", take_metrics, "a numeric address and a port, as 127.0.0.1:9090"},
    {"trusted-proxy", take_proxy_network,
     "an address, or a network without bits behind its prefix, as ::1 or 10.0.0.0/8"},
    {"allow-origin", take_origin,
     "an origin as browsers send it, as https://app.example with no slash behind it, or *"},
    {"ic-network-url", take_url, "a URL that begins with http:// or https://"},
    {"allow-canister", take_canister, "a canister id, as rrkah-fqaaa-aaaaa-aaaaq-cai"},
    {"log-level", take_level, "error, warn, info or debug"},
    {"log-format", take_format, "text or json"},
    {"drain-timeout", take_drain_timeout, "seconds, up to 86400"},
};

const char *icws_gateway_options_check(const struct icws_option *option, const char *argument,
                                       void *settings)
{
  for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
    if (strcmp(option->name, checks[i].name) == 0)
      return checks[i].take(settings, argument) ? NULL : checks[i].wanted;
  if (option->kind == ICWS_OPTION_COUNT &&
      *(const uint64_t *)(const void *)((const char *)settings + option->offset) > UINT32_MAX)
    return "a number up to 4294967295";
  return NULL;
}

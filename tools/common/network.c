/* SPDX-License-Identifier: Apache-2.0 */
#include "common/network.h"

#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <icws/keys.h>

#include "common/monotonic.h"
#include "common/network_option.h"
#include "common/passphrase.h"
#include "common/signals.h"

#define MEMBER(name) offsetof(struct icws_network_settings, name)

const struct icws_option icws_network_options[ICWS_NETWORK_OPTIONS] = {
    {'n', "network", "NET", ICWS_OPTION_TEXT, MEMBER(network),
     "the network: ic (default), local, or a URL"},
    {'\0', "cacert", "FILE", ICWS_OPTION_TEXT, MEMBER(ca_file),
     "trust the CAs in this PEM file instead of the system's"},
    {'\0', "proxy", "URL", ICWS_OPTION_TEXT, MEMBER(proxy),
     "go through this proxy, http:// or socks5h://"},
    {'\0', "connect-timeout", "SEC", ICWS_OPTION_SECONDS, MEMBER(connect_timeout_ms),
     "the longest wait for a name, and for a connection"},
    {'\0', "timeout", "SEC", ICWS_OPTION_SECONDS, MEMBER(timeout_ms),
     "end with 27 when it is not done in SEC seconds"},
};

const struct icws_option icws_network_trust_options[ICWS_NETWORK_TRUST_OPTIONS] = {
    {'k', "root-key", "KEY", ICWS_OPTION_TEXT, MEMBER(root_key),
     "whom to trust: mainnet (default), the key in hex, or fetch"},
    {'\0', "identity", "FILE", ICWS_OPTION_TEXT, MEMBER(identity),
     "act as the owner of this key file (default: anonymous)"},
};

static enum icws_error load_identity(struct icws_network *network, const char *path,
                                     struct icws_failure *failure)
{
  if (path == NULL)
    return ICWS_OK;
  return icws_keys_load(path, icws_passphrase_ask, &path, &network->identity, failure);
}

/* A file of CAs that nothing would ask would be a promise of security that is not kept. */
static enum icws_error check_cas(const struct icws_network *network, const char *ca_file,
                                 struct icws_failure *failure)
{
  if (ca_file == NULL || strncasecmp(network->url, "https:", 6) == 0)
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT, "--cacert is for https:// networks");
}

/* Other users of the machine read command lines. */
static enum icws_error check_proxy(const char *proxy, struct icws_failure *failure)
{
  if (proxy == NULL || strchr(proxy, '@') == NULL)
    return ICWS_OK;
  return icws_fail(failure, ICWS_ERR_INVALID_ARGUMENT,
                   "--proxy takes no user and password, since everybody on this machine can read "
                   "command lines");
}

enum icws_error icws_network_open(struct icws_network *network,
                                  const struct icws_network_settings *settings,
                                  struct icws_failure *failure)
{
  *network = (struct icws_network){.url = ICWS_AGENT_MAINNET_URL};
  enum icws_error error = icws_root_key_option_parse(settings->root_key, settings->network,
                                                     &network->root_key, failure);
  if (error == ICWS_OK && network->root_key.network_url != NULL)
    network->url = network->root_key.network_url;
  if (error == ICWS_OK)
    error = check_cas(network, settings->ca_file, failure);
  if (error == ICWS_OK)
    error = check_proxy(settings->proxy, failure);
  if (error == ICWS_OK)
    error = load_identity(network, settings->identity, failure);
  if (error != ICWS_OK)
    return error;
  const struct icws_agent_config config = {
      .network_url = network->url,
      .root_key = icws_root_key_option_bytes(&network->root_key),
      .fetch_root_key = network->root_key.fetch_url != NULL,
      .identity = network->identity,
      .ca_file = settings->ca_file,
      .proxy = settings->proxy,
      .resolve_timeout_ms = settings->connect_timeout_ms,
      .connect_timeout_ms = settings->connect_timeout_ms,
  };
  return icws_agent_new(&config, &network->agent, failure);
}

void icws_network_close(struct icws_network *network)
{
  icws_agent_del(network->agent);
  icws_identity_del(network->identity);
  *network = (struct icws_network){.url = NULL};
}

int icws_network_wait(struct icws_network *network, uint64_t deadline_ms)
{
  struct pollfd waits[] = {
      {.fd = icws_signals_fd(), .events = POLLIN},
      {.fd = icws_agent_fd(network->agent), .events = POLLIN},
  };
  while (icws_agent_process(network->agent) > 0) {
    if (icws_monotonic_ms() >= deadline_ms)
      return -1;
    poll(waits, 2, icws_monotonic_sooner(icws_agent_timeout_ms(network->agent), deadline_ms));
    int number = icws_signals_take_ending();
    if (number != 0)
      return number;
  }
  return 0;
}

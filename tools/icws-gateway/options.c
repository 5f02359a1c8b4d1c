/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include <icws/agent.h>

#include "common/complain.h"
#include "common/options_file.h"
#include "options_check.h"

#define MEMBER(name) offsetof(struct icws_gateway_options, name)
#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

#define DEFAULT_ADDRESS "0.0.0.0:8080"
#define DEFAULT_IDENTITY "icws-gateway.pem"
#define DEFAULT_DRAIN_TIMEOUT_MS 10000

static const struct icws_option client_options[] = {
    {'\0', "gateway-address", "ADDRESS", ICWS_OPTION_TEXT, MEMBER(gateway_address),
     "listen on this address and port (" DEFAULT_ADDRESS ")"},
    {'\0', "tls-certificate-pem-path", "FILE", ICWS_OPTION_TEXT, MEMBER(tls_certificate),
     "serve wss:// with this certificate and its chain, in PEM"},
    {'\0', "tls-certificate-key-pem-path", "FILE", ICWS_OPTION_TEXT, MEMBER(tls_key),
     "the key of that certificate, in PEM, not encrypted"},
    {'\0', "trusted-proxy", "CIDR", ICWS_OPTION_LIST, MEMBER(trusted_proxies),
     "believe this address or network whom it forwards for; may be repeated"},
    {'\0', "allow-origin", "ORIGIN", ICWS_OPTION_LIST, MEMBER(origins),
     "let in browsers from pages of this origin only; may be repeated (all)"},
    {'\0', "allow-canister", "ID", ICWS_OPTION_LIST, MEMBER(canister_texts),
     "serve this canister only; may be repeated (all)"},
};

static const struct icws_option network_options[] = {
    {'\0', "ic-network-url", "URL", ICWS_OPTION_TEXT, MEMBER(network_url),
     "the network's HTTP API (" ICWS_AGENT_MAINNET_URL ")"},
    {'\0', "polling-interval", "MS", ICWS_OPTION_COUNT, MEMBER(polling_interval_ms),
     "poll each canister that has clients every MS (100)"},
    {'\0', "max-in-flight", "N", ICWS_OPTION_COUNT, MEMBER(max_in_flight),
     "relay up to N messages of a client at a time; networks keep no order beyond 1 (1)"},
    {'\0', "cacert", "FILE", ICWS_OPTION_TEXT, MEMBER(ca_file),
     "trust these CAs for the network, in PEM, instead of the system's"},
    {'\0', "proxy", "URL", ICWS_OPTION_TEXT, MEMBER(proxy),
     "reach the network through http://HOST:PORT or socks5h://HOST:PORT"},
};

static const struct icws_option limit_options[] = {
    {'\0', "max-clients", "N", ICWS_OPTION_COUNT, MEMBER(max_clients),
     "connections at a time (4096)"},
    {'\0', "max-clients-per-address", "N", ICWS_OPTION_COUNT, MEMBER(max_clients_per_address),
     "connections of one address at a time (no limit)"},
    {'\0', "connections-per-second", "N", ICWS_OPTION_COUNT, MEMBER(connections_per_second),
     "new connections of one address (no limit)"},
    {'\0', "connection-burst", "N", ICWS_OPTION_COUNT, MEMBER(connection_burst),
     "so many at once before that counts (as many as a second allows)"},
    {'\0', "messages-per-second", "N", ICWS_OPTION_COUNT, MEMBER(messages_per_second),
     "messages of one client; more wait (no limit)"},
    {'\0', "message-burst", "N", ICWS_OPTION_COUNT, MEMBER(message_burst),
     "so many at once before that counts (as many as a second allows)"},
    {'\0', "max-message-bytes", "N", ICWS_OPTION_COUNT, MEMBER(max_message_bytes),
     "the longest message of a client (2101248)"},
};

static const struct icws_option operation_options[] = {
    {'\0', "identity", "FILE", ICWS_OPTION_TEXT, MEMBER(identity_file),
     "the gateway's key, made if it is not there (" DEFAULT_IDENTITY ")"},
    {'\0', "prometheus-endpoint", "ADDRESS", ICWS_OPTION_TEXT, MEMBER(prometheus_endpoint),
     "serve /metrics and /healthz on this address and port (none)"},
    {'\0', "log-level", "LEVEL", ICWS_OPTION_TEXT, MEMBER(log_level),
     "error, warn, info or debug (info)"},
    {'\0', "log-format", "FORMAT", ICWS_OPTION_TEXT, MEMBER(log_format),
     "text, or json: an object a line (text)"},
    {'\0', "drain-timeout", "SEC", ICWS_OPTION_LINGER, MEMBER(drain_timeout_ms),
     "wait SEC seconds for clients to be closed at the end (10)"},
};

static const struct icws_option program_options[] = {
    {'\0', "config", "FILE", ICWS_OPTION_TEXT, MEMBER(config_file),
     "read options from FILE, as NAME = VALUE; the command line wins"},
    {'\0', "check-config", NULL, ICWS_OPTION_FLAG, MEMBER(check_config),
     "check options and the file, not what they name, say what is wrong, and exit"},
};

static void set_defaults(struct icws_gateway_options *options)
{
  memset(options, 0, sizeof(*options));
  icws_buf_init(&options->file_contents, ICWS_OPTIONS_FILE_MAX_BYTES, NULL);
  options->gateway_address = DEFAULT_ADDRESS;
  (void)icws_endpoint_parse(DEFAULT_ADDRESS, &options->listen);
  options->network_url = ICWS_AGENT_MAINNET_URL;
  options->identity_file = DEFAULT_IDENTITY;
  options->drain_timeout_ms = DEFAULT_DRAIN_TIMEOUT_MS;
  options->log = (struct icws_log){.format = ICWS_LOG_TEXT, .level = ICWS_GATEWAY_LOG_INFO};
}

/* Other users of the machine read command lines. */
static int check_proxy(const struct icws_gateway_options *options)
{
  if (options->proxy == NULL || strchr(options->proxy, '@') == NULL)
    return ICWS_OPTIONS_GO;
  return icws_complain_usage(ICWS_GATEWAY_NAME,
                             "a proxy with a password belongs into the file of --config, since "
                             "everybody on this machine can read command lines");
}

static int check_together(const struct icws_gateway_options *options)
{
  if ((options->tls_certificate == NULL) != (options->tls_key == NULL))
    return icws_complain_usage(ICWS_GATEWAY_NAME,
                               "--tls-certificate-pem-path and --tls-certificate-key-pem-path "
                               "belong together");
  if (options->connection_burst != 0 && options->connections_per_second == 0)
    return icws_complain_usage(ICWS_GATEWAY_NAME,
                               "--connection-burst needs --connections-per-second");
  if (options->message_burst != 0 && options->messages_per_second == 0)
    return icws_complain_usage(ICWS_GATEWAY_NAME, "--message-burst needs --messages-per-second");
  return ICWS_OPTIONS_GO;
}

int icws_gateway_options_parse(struct icws_gateway_options *options, int argc, char **argv)
{
  bool given[ICWS_OPTIONS_MAX] = {false};
  const struct icws_option_group groups[] = {
      {"Clients", client_options, COUNT_OF(client_options), options},
      {"Network", network_options, COUNT_OF(network_options), options},
      {"Limits", limit_options, COUNT_OF(limit_options), options},
      {"Operation", operation_options, COUNT_OF(operation_options), options},
      {"Program", program_options, COUNT_OF(program_options), options},
  };
  const struct icws_command_line command_line = {
      .program = ICWS_GATEWAY_NAME,
      .synopsis = "[OPTION]...",
      .about = "Relay between clients of IC WebSocket and the canisters of a network.\n",
      .groups = groups,
      .group_count = COUNT_OF(groups),
      .check = icws_gateway_options_check,
      .given = given,
  };
  set_defaults(options);
  int result = icws_options_parse(&command_line, argc, argv, NULL);
  if (result == ICWS_OPTIONS_GO)
    result = check_proxy(options);
  if (result == ICWS_OPTIONS_GO && options->config_file != NULL)
    result = icws_options_file_read(&command_line, options->config_file, "config",
                                    &options->file_contents);
  return result == ICWS_OPTIONS_GO ? check_together(options) : result;
}

void icws_gateway_options_wipe(struct icws_gateway_options *options)
{
  icws_buf_wipe(&options->file_contents);
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_GATEWAY_OPTIONS_H
#define ICWS_TOOLS_GATEWAY_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <icws/bytes.h>
#include <icws/principal.h>

#include "common/options.h"
#include "endpoint.h"
#include "log.h"

#define ICWS_GATEWAY_NAME "icws-gateway"

/* The command line of icws-gateway and its configuration file.  Zero in a number, and NULL, mean
 * the default of the gateway. */
struct icws_gateway_options {
  const char *gateway_address;
  const char *tls_certificate;
  const char *tls_key;
  struct icws_option_list trusted_proxies;
  struct icws_option_list origins;

  const char *network_url;
  uint64_t polling_interval_ms;
  uint64_t max_in_flight;
  struct icws_option_list canister_texts;
  const char *ca_file;
  const char *proxy;

  uint64_t max_clients;
  uint64_t max_clients_per_address;
  uint64_t connections_per_second;
  uint64_t connection_burst;
  uint64_t messages_per_second;
  uint64_t message_burst;
  uint64_t max_message_bytes;

  const char *identity_file;
  const char *prometheus_endpoint;
  const char *log_level;
  const char *log_format;
  uint64_t drain_timeout_ms;

  const char *config_file;
  bool check_config;

  /* What was made of the texts. */
  struct icws_endpoint listen;
  struct icws_endpoint metrics; /* if there is a prometheus_endpoint */
  struct icws_principal canisters[ICWS_OPTION_LIST_MAX];
  struct icws_log log;

  struct icws_buf file_contents; /* what the configuration file's texts borrow from */
};

/*
 * icws_gateway_options_parse reads the command line, and the file that --config names.  Returns
 * ICWS_OPTIONS_GO, or what to end with.  |options| must be wiped in either case.
 */
int icws_gateway_options_parse(struct icws_gateway_options *options, int argc, char **argv);
void icws_gateway_options_wipe(struct icws_gateway_options *options);

#endif

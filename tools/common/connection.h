/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ICWS_TOOLS_CONNECTION_H
#define ICWS_TOOLS_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <icws/client.h>

#include "common/demo.h"
#include "common/interface.h"
#include "common/key_file.h"
#include "common/options.h"
#include "common/root_key_option.h"

/* What the programs that connect have in common: whereto, as whom, and whom to trust. */
struct icws_connection_settings {
  const char *gateway;
  const char *canister;
  const char *root_key;
  const char *network;
  const char *ca_file;
  const char *identity;
  const char *candid;
  uint64_t connect_timeout_ms;
  uint64_t ack_interval_ms;
  bool demo;
  /* No options of these: */
  bool raw;   /* messages are passed on as they are, which takes no interface */
  bool quiet; /* nothing but errors is said */
};

#define ICWS_CONNECTION_OPTIONS 10

/* The table of the options that fill it. */
extern const struct icws_option icws_connection_options[ICWS_CONNECTION_OPTIONS];

/* The settings, made into objects. */
struct icws_connection {
  const struct icws_connection_settings *settings; /* borrowed */
  const char *gateway_url;                         /* borrowed from settings or demo */
  struct icws_principal canister;
  struct icws_root_key_option root_key;
  struct icws_key_file key;
  struct icws_demo demo;
  struct icws_interface interface; /* of the canister, where it is known */
  int message_type;                /* of the application's messages there */
  struct icws_failure unknown;     /* why what the canister publishes is not used; ICWS_OK: it is,
                                      or was not looked for */
};

/*
 * icws_connection_prepare checks |settings|, loads the identity and the interface and, for --demo,
 * starts a local network, of which |demo_canister| is used.  If |may_create_key|, a key file that is
 * not there is made.  Where a network is named, the interface is what the canister publishes there,
 * unless a file is given; without it all goes on.  Complains as |program|.  Returns ICWS_EXIT_OK or
 * what to end with; icws_connection_wipe is due in either case.
 */
int icws_connection_prepare(struct icws_connection *connection, const char *program,
                            const struct icws_connection_settings *settings,
                            const char *demo_canister, bool may_create_key);
void icws_connection_wipe(struct icws_connection *connection);

/* icws_connection_hint says as |program| why what the canister publishes is not used, and returns
 * true; false if there is nothing to say. */
bool icws_connection_hint(const struct icws_connection *connection, const char *program);

/* icws_connection_configure returns the configuration of a client, but for callbacks.  It borrows
 * from |connection|. */
struct icws_client_config icws_connection_configure(const struct icws_connection *connection);

#endif

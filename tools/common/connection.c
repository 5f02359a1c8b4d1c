/* SPDX-License-Identifier: Apache-2.0 */
#include "common/connection.h"

#include <string.h>
#include <strings.h>

#include "common/complain.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/interface_fetch.h"
#include "common/monotonic.h"
#include "common/payload.h"
#include "common/signals.h"

#define FETCH_TIMEOUT_MS 5000 /* for the interface, without --connect-timeout */

#define MEMBER(name) offsetof(struct icws_connection_settings, name)

const struct icws_option icws_connection_options[ICWS_CONNECTION_OPTIONS] = {
    {'g', "gateway", "URL", ICWS_OPTION_TEXT, MEMBER(gateway),
     "the gateway's address, ws:// or wss://"},
    {'c', "canister", "ID", ICWS_OPTION_TEXT, MEMBER(canister), "the canister to talk to"},
    {'k', "root-key", "KEY", ICWS_OPTION_TEXT, MEMBER(root_key),
     "whom to trust: mainnet (default), the key in hex, or fetch"},
    {'n', "network", "NET", ICWS_OPTION_TEXT, MEMBER(network),
     "where to find the canister's interface: ic, local, or a URL"},
    {'\0', "cacert", "FILE", ICWS_OPTION_TEXT, MEMBER(ca_file),
     "trust the CAs in this PEM file instead of the system's"},
    {'\0', "identity", "FILE", ICWS_OPTION_TEXT, MEMBER(identity),
     "act as the owner of this key file (default: a fresh key)"},
    {'\0', "candid", "FILE", ICWS_OPTION_TEXT, MEMBER(candid),
     "the canister's interface, a .did file: names and types"},
    {'\0', "connect-timeout", "SEC", ICWS_OPTION_SECONDS, MEMBER(connect_timeout_ms),
     "the longest wait in each step up to the open connection"},
    {'\0', "ack-interval", "SEC", ICWS_OPTION_SECONDS, MEMBER(ack_interval_ms),
     "the canister's interval between acks (default: 300)"},
    {'\0', "demo", NULL, ICWS_OPTION_FLAG, MEMBER(demo),
     "bring a local network along, instead of -g, -c, -k and -n"},
};

static int check_canister(struct icws_connection *connection, const char *program, const char *text)
{
  /* The empty principal is the management canister, which speaks no IC WebSocket. */
  if (icws_principal_from_text(&connection->canister, icws_bytes_text(text)) == ICWS_OK &&
      connection->canister.len > 0)
    return ICWS_EXIT_OK;
  return icws_complain_id(program, "canister", text);
}

static bool starts_with(const char *text, const char *scheme)
{
  return text != NULL && strncasecmp(text, scheme, strlen(scheme)) == 0;
}

/* A file of CAs that nothing would ask would be a promise of security that is not kept. */
static bool has_use_of_cas(const struct icws_connection *connection)
{
  return starts_with(connection->settings->gateway, "wss:") ||
         starts_with(connection->root_key.network_url, "https:");
}

/* What the command line says, before anything is done. */
static int check_settings(struct icws_connection *connection, const char *program)
{
  const struct icws_connection_settings *settings = connection->settings;
  struct icws_failure failure;
  if (icws_root_key_option_parse(settings->root_key, settings->network, &connection->root_key,
                                 &failure) != ICWS_OK)
    return icws_complain_usage(program, "%s", failure.text);
  if (settings->ca_file != NULL && !has_use_of_cas(connection))
    return icws_complain_usage(program, "--cacert is for wss:// gateways and https:// networks");
  if (settings->demo) {
    if (settings->gateway != NULL || settings->canister != NULL || settings->root_key != NULL ||
        settings->network != NULL)
      return icws_complain_usage(program, "--demo brings its own -g, -c, -k and -n");
    return ICWS_EXIT_OK;
  }
  if (settings->gateway == NULL || settings->canister == NULL)
    return icws_complain_usage(program, "--gateway and --canister are needed, or --demo");
  connection->gateway_url = settings->gateway;
  return check_canister(connection, program, settings->canister);
}

static int failed(const char *program, const struct icws_failure *failure)
{
  int number = icws_signals_take();
  if (number != 0)
    return ICWS_EXIT_SIGNAL + number;
  icws_complain_failure(program, failure);
  return ICWS_EXIT_OTHER;
}

static int open_key(struct icws_connection *connection, const char *program, bool may_create)
{
  const char *path = connection->settings->identity;
  struct icws_failure failure;
  if (path == NULL)
    return ICWS_EXIT_OK;
  if (icws_key_file_open(&connection->key, path, may_create, &failure) != ICWS_OK)
    return failed(program, &failure);
  if (connection->key.created)
    icws_complain(program, "made a new key in %s", path);
  if (connection->key.in_use)
    icws_complain(program,
                  "warning: %s is in use by another program; the canister ends the older "
                  "connection of the two without a word",
                  path);
  return ICWS_EXIT_OK;
}

/* What the canister's messages are, by the file that was named. */
static int load_interface(struct icws_connection *connection, const char *program)
{
  const char *path = connection->settings->candid;
  struct icws_interface *interface = &connection->interface;
  struct icws_failure failure;
  if (path == NULL)
    return ICWS_EXIT_OK;
  int status = icws_interface_load(interface, program, path);
  if (status != ICWS_EXIT_OK ||
      icws_candid_interface_message_type(&interface->candid, &connection->message_type, &failure) ==
          ICWS_OK)
    return status;
  icws_complain(program, "%s: %s", icws_file_name(path), failure.text);
  return ICWS_EXIT_OTHER;
}

static int start_demo(struct icws_connection *connection, const char *program, const char *canister)
{
  struct icws_failure failure;
  struct icws_demo *demo = &connection->demo;
  if (!connection->settings->demo)
    return ICWS_EXIT_OK;
  enum icws_error error =
      icws_demo_start(demo, canister, connection->settings->ack_interval_ms, &failure);
  if (error == ICWS_OK)
    error = icws_root_key_option_parse(demo->root_key, NULL, &connection->root_key, &failure);
  if (error != ICWS_OK)
    return failed(program, &failure);
  connection->gateway_url = demo->gateway_url;
  return check_canister(connection, program, demo->canister);
}

/* Of the network that was named, or that the demo brings along. */
static struct icws_network_settings network_settings(const struct icws_connection *connection)
{
  const struct icws_connection_settings *settings = connection->settings;
  const struct icws_demo *demo = &connection->demo;
  return (struct icws_network_settings){
      .network = settings->demo ? demo->network_url : settings->network,
      .root_key = settings->demo ? demo->root_key : settings->root_key,
      .ca_file = starts_with(connection->root_key.network_url, "https:") ? settings->ca_file : NULL,
      .connect_timeout_ms = settings->connect_timeout_ms,
  };
}

/* Returns 0, or the number of the signal that ended the waiting. */
static int fetch_interface(struct icws_connection *connection, const char *program,
                           const struct icws_network_settings *settings)
{
  uint64_t timeout_ms = settings->connect_timeout_ms;
  struct icws_interface *interface = &connection->interface;
  struct icws_failure *unknown = &connection->unknown;
  struct icws_network network;
  int waited = 0;
  enum icws_error error = icws_network_open(&network, settings, unknown);
  if (error == ICWS_OK)
    error = icws_interface_fetch(
        interface, &network, &connection->canister, connection->settings->quiet ? NULL : program,
        icws_monotonic_ms() + (timeout_ms > 0 ? timeout_ms : FETCH_TIMEOUT_MS), &waited, unknown);
  if (error == ICWS_OK)
    error =
        icws_candid_interface_message_type(&interface->candid, &connection->message_type, unknown);
  if (error != ICWS_OK)
    icws_interface_wipe(interface);
  icws_network_close(&network);
  return waited > 0 ? waited : 0;
}

static int find_interface(struct icws_connection *connection, const char *program)
{
  const struct icws_network_settings settings = network_settings(connection);
  if (connection->interface.types != NULL || settings.network == NULL || connection->settings->raw)
    return ICWS_EXIT_OK;
  int number = fetch_interface(connection, program, &settings);
  if (number == 0)
    return ICWS_EXIT_OK;
  connection->unknown.code = ICWS_OK; /* who ended it knows why */
  return ICWS_EXIT_SIGNAL + number;
}

int icws_connection_prepare(struct icws_connection *connection, const char *program,
                            const struct icws_connection_settings *settings,
                            const char *demo_canister, bool may_create_key)
{
  memset(connection, 0, sizeof(*connection));
  connection->settings = settings;
  icws_key_file_init(&connection->key);
  icws_demo_init(&connection->demo);
  icws_interface_init(&connection->interface);
  int status = check_settings(connection, program);
  if (status == ICWS_EXIT_OK)
    status = load_interface(connection, program);
  if (status == ICWS_EXIT_OK)
    status = open_key(connection, program, may_create_key);
  if (status == ICWS_EXIT_OK)
    status = start_demo(connection, program, demo_canister);
  if (status == ICWS_EXIT_OK)
    status = find_interface(connection, program);
  return status;
}

bool icws_connection_hint(const struct icws_connection *connection, const char *program)
{
  if (connection->unknown.code == ICWS_OK)
    return false;
  icws_complain(program, "the canister's interface is not known: %s", connection->unknown.text);
  icws_complain(program, ICWS_PAYLOAD_HINT);
  return true;
}

void icws_connection_wipe(struct icws_connection *connection)
{
  icws_key_file_wipe(&connection->key);
  icws_demo_stop(&connection->demo);
  icws_interface_wipe(&connection->interface);
}

struct icws_client_config icws_connection_configure(const struct icws_connection *connection)
{
  const struct icws_connection_settings *settings = connection->settings;
  uint64_t timeout_ms = settings->connect_timeout_ms;
  return (struct icws_client_config){
      .gateway_url = connection->gateway_url,
      .canister = connection->canister,
      .identity = connection->key.identity,
      .root_key = icws_root_key_option_bytes(&connection->root_key),
      .root_key_url = connection->root_key.fetch_url,
      .ca_file = settings->ca_file,
      .root_key_timeout_ms = timeout_ms,
      .resolve_timeout_ms = timeout_ms,
      .connect_timeout_ms = timeout_ms,
      .tls_timeout_ms = timeout_ms,
      .upgrade_timeout_ms = timeout_ms,
      .handshake_timeout_ms = timeout_ms,
      .open_timeout_ms = timeout_ms,
      .ack_interval_ms = settings->ack_interval_ms,
  };
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <uv.h>

#include <icws/agent.h>

#include "common/descriptors.h"
#include "common/exit_code.h"
#include "common/hardening.h"
#include "gateway/gateway.h"
#include "gateway/http_network.h"
#include "identity.h"
#include "metrics_endpoint.h"
#include "options.h"
#include "service.h"

/* Files besides clients' connections: those to the network, of the metrics endpoint, our own. */
#define OTHER_DESCRIPTORS 1024

/* A network answers a call when it has processed it, a second or two later: fewer exchanges at a
 * time would keep polls waiting behind calls. */
#define MAX_EXCHANGES 768
#define MAX_POLLS 4096
#define DEFAULT_MAX_CLIENTS 4096 /* the gateway's own */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* The running program. */
struct program {
  struct icws_gateway_options options;
  struct icws_key_file identity;
  uv_loop_t loop;
  uv_signal_t watchers[SIGNALS];
  struct icws_agent *agent;
  struct icws_http_network *network;
  struct icws_gateway *gateway;
  struct icws_metrics_endpoint *metrics; /* NULL: none is wanted */
  bool ending;
  int exit_code;
};

/* --- Signals ----------------------------------------------------------------------------------- */

static void on_drained(void *user_data, size_t unsettled)
{
  struct program *program = user_data;
  if (unsettled == 0)
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_INFO, "drained", "all clients are closed");
  else
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_WARN, "drained",
                 "clients that were not closed on their canisters in time: %zu", unsettled);
  uv_stop(&program->loop);
}

/* The first time in good order, the second time at once. */
static void end(struct program *program, int number)
{
  if (program->ending) {
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_WARN, "ended",
                 "a second signal ends the gateway at once");
    program->exit_code = ICWS_EXIT_SIGNAL + number;
    uv_stop(&program->loop);
    return;
  }
  program->ending = true;
  icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_INFO, "draining",
               "no new clients; closing %zu", icws_gateway_stats(program->gateway).connections);
  icws_service_notify("STOPPING=1");
  icws_metrics_endpoint_drain(program->metrics);
  icws_gateway_drain(program->gateway, (uint32_t)program->options.drain_timeout_ms, on_drained,
                     program);
}

static void reload(struct program *program)
{
  struct icws_failure failure;
  if (program->options.tls_certificate == NULL) {
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_INFO, "tls_reload_skipped",
                 "there are no TLS files to read again");
    return;
  }
  icws_service_notify_reloading();
  if (icws_gateway_reload_tls(program->gateway, &failure) == ICWS_OK)
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_INFO, "tls_reloaded",
                 "new connections get the certificate in %s", program->options.tls_certificate);
  else
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_ERROR, "tls_reload_failed",
                 "the old certificate stays in use: %s", failure.text);
  icws_service_notify("READY=1");
}

static void on_signal(uv_signal_t *watcher, int number)
{
  struct program *program = watcher->data;
  if (number != SIGHUP)
    end(program, number);
  else if (!program->ending)
    reload(program);
}

static bool watch_signals(struct program *program)
{
  for (size_t i = 0; i < SIGNALS; i++) {
    uv_signal_t *watcher = &program->watchers[i];
    if (uv_signal_init(&program->loop, watcher) != 0)
      return false;
    watcher->data = program;
    if (uv_signal_start(watcher, on_signal, signals[i]) != 0)
      return false;
  }
  return true;
}

/* --- Starting ---------------------------------------------------------------------------------- */

static size_t max_clients(const struct program *program)
{
  uint64_t clients = program->options.max_clients;
  return clients == 0 ? DEFAULT_MAX_CLIENTS : (size_t)clients;
}

static void limit_descriptors(struct program *program)
{
  size_t clients = max_clients(program);
  if (!icws_descriptors_limit(clients + OTHER_DESCRIPTORS))
    icws_log_say(
        &program->options.log, ICWS_GATEWAY_LOG_WARN, "few_descriptors",
        "%zu clients may need %zu open files, and the hard limit is lower: raise it (ulimit -Hn, "
        "or "
        "LimitNOFILE= of a unit), or lower --max-clients",
        clients, clients + OTHER_DESCRIPTORS);
}

/* What a gateway may have under way: the messages of all clients, those who left among them, and
 * polls. */
static size_t max_requests(const struct program *program)
{
  uint64_t in_flight = program->options.max_in_flight;
  return 2 * max_clients(program) * (size_t)(in_flight == 0 ? 1 : in_flight) + MAX_POLLS;
}

static enum icws_error reach_network(struct program *program, struct icws_failure *failure)
{
  const struct icws_agent_config agent = {
      .network_url = program->options.network_url,
      .ca_file = program->options.ca_file,
      .proxy = program->options.proxy,
      .max_requests = max_requests(program),
      .max_exchanges = MAX_EXCHANGES,
  };
  enum icws_error error = icws_agent_new(&agent, &program->agent, failure);
  if (error != ICWS_OK)
    return error;
  const struct icws_http_network_config network = {
      .loop = &program->loop,
      .agent = program->agent,
      .log = icws_log_gateway,
      .log_user_data = &program->options.log,
  };
  return icws_http_network_new(&network, &program->network, failure);
}

static enum icws_error start_gateway(struct program *program, struct icws_failure *failure)
{
  struct icws_gateway_options *options = &program->options;
  const struct icws_gateway_config config = {
      .loop = &program->loop,
      .identity = program->identity.identity,
      .network = icws_http_network_face(program->network),
      .address = options->listen.address,
      .port = options->listen.port,
      .tls_certificate_file = options->tls_certificate,
      .tls_key_file = options->tls_key,
      .polling_interval_ms = (uint32_t)options->polling_interval_ms,
      .max_in_flight = (size_t)options->max_in_flight,
      .canisters = options->canister_texts.count == 0 ? NULL : options->canisters,
      .canister_count = options->canister_texts.count,
      .origins = options->origins.count == 0 ? NULL : options->origins.items,
      .origin_count = options->origins.count,
      .trusted_proxies =
          options->trusted_proxies.count == 0 ? NULL : options->trusted_proxies.items,
      .trusted_proxy_count = options->trusted_proxies.count,
      .max_clients = (size_t)options->max_clients,
      .max_clients_per_address = (size_t)options->max_clients_per_address,
      .connections_per_second = (uint32_t)options->connections_per_second,
      .connection_burst = (uint32_t)options->connection_burst,
      .messages_per_second = (uint32_t)options->messages_per_second,
      .message_burst = (uint32_t)options->message_burst,
      .max_message_bytes = (size_t)options->max_message_bytes,
      .log = icws_log_gateway,
      .log_user_data = &options->log,
  };
  return icws_gateway_new(&config, &program->gateway, failure);
}

static enum icws_error start(struct program *program, struct icws_failure *failure)
{
  enum icws_error error = reach_network(program, failure);
  if (error == ICWS_OK)
    error = start_gateway(program, failure);
  if (error == ICWS_OK && program->options.prometheus_endpoint != NULL)
    error = icws_metrics_endpoint_new(&program->loop, &program->options.metrics, program->gateway,
                                      &program->metrics, failure);
  if (error == ICWS_OK && !watch_signals(program))
    error = icws_fail(failure, ICWS_ERR_SYSTEM, "cannot watch signals");
  return error;
}

static void log_started(struct program *program)
{
  struct icws_gateway_options *options = &program->options;
  const struct icws_principal principal = icws_gateway_principal(program->gateway);
  char principal_text[ICWS_PRINCIPAL_TEXT_BYTES];
  char listen[ICWS_ENDPOINT_TEXT_BYTES];
  char url[ICWS_ENDPOINT_TEXT_BYTES + 8];
  char metrics[ICWS_ENDPOINT_TEXT_BYTES] = "";
  (void)icws_principal_to_text(&principal, principal_text);
  icws_endpoint_format(&options->listen, icws_gateway_port(program->gateway), listen);
  (void)snprintf(url, sizeof(url), "%s://%s", options->tls_certificate == NULL ? "ws" : "wss",
                 listen);
  if (program->metrics != NULL)
    icws_endpoint_format(&options->metrics, icws_metrics_endpoint_port(program->metrics), metrics);
  const struct icws_log_field fields[] = {
      {"principal", principal_text},
      {"url", url},
      {"network", options->network_url},
      {"metrics", program->metrics == NULL ? NULL : metrics},
  };
  icws_log_event(&options->log, ICWS_GATEWAY_LOG_INFO, "started", fields,
                 sizeof(fields) / sizeof(fields[0]),
                 "gateway principal %s, listening on %s, network %s%s%s", principal_text, url,
                 options->network_url, program->metrics == NULL ? "" : ", metrics on ", metrics);
}

/* --- The program ------------------------------------------------------------------------------- */

static void run(struct program *program)
{
  struct icws_failure failure;
  limit_descriptors(program);
  if (start(program, &failure) != ICWS_OK) {
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_ERROR, "start_failed", "%s", failure.text);
    program->exit_code = ICWS_EXIT_OTHER;
    return;
  }
  log_started(program);
  icws_service_notify("READY=1");
  (void)uv_run(&program->loop, UV_RUN_DEFAULT);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
  (void)unused;
  if (!uv_is_closing(handle))
    uv_close(handle, NULL);
}

static void run_on_loop(struct program *program)
{
  if (uv_loop_init(&program->loop) != 0) {
    icws_log_say(&program->options.log, ICWS_GATEWAY_LOG_ERROR, "start_failed",
                 "cannot make an event loop");
    program->exit_code = ICWS_EXIT_OTHER;
    return;
  }
  run(program);
  icws_metrics_endpoint_del(program->metrics);
  icws_gateway_del(program->gateway);
  icws_http_network_del(program->network);
  icws_agent_del(program->agent);
  uv_walk(&program->loop, close_handle, NULL);
  (void)uv_run(&program->loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&program->loop);
}

static int serve(struct program *program)
{
  icws_key_file_init(&program->identity);
  if (icws_gateway_identity_open(program->options.identity_file, &program->options.log,
                                 &program->identity))
    run_on_loop(program);
  else
    program->exit_code = ICWS_EXIT_OTHER;
  icws_key_file_wipe(&program->identity);
  return program->exit_code;
}

int icws_gateway_program_main(int argc, char **argv)
{
  struct program program = {0};
  icws_hold_standard_descriptors();
  icws_forbid_core_dumps();
  (void)signal(SIGPIPE, SIG_IGN);
  int code = icws_gateway_options_parse(&program.options, argc, argv);
  if (code == ICWS_OPTIONS_GO)
    code = program.options.check_config ? ICWS_EXIT_OK : serve(&program);
  icws_gateway_options_wipe(&program.options);
  return code;
}

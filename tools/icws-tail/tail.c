/* SPDX-License-Identifier: Apache-2.0 */
#include "tail.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <icws/client.h>

#include "common/complain.h"
#include "common/connection.h"
#include "common/exit_code.h"
#include "common/hardening.h"
#include "common/monotonic.h"
#include "common/output.h"
#include "common/signals.h"
#include "options.h"
#include "record.h"

#define RUNNING (-1)
#define DEMO_CANISTER "ticker"

struct tail {
  struct icws_tail_options options;
  struct icws_connection connection;
  struct icws_client *client;
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  enum icws_record_format format;
  struct icws_payload payload;
  struct icws_buf line;
  bool hinted; /* at how to name fields */
  uint64_t printed;
  uint64_t idle_deadline_ms; /* on the monotonic clock; ICWS_NEVER */
  enum icws_client_phase phase;
  int status; /* what to end with; RUNNING */
};

/* Decides what to end with.  The connection is still closed in an orderly way. */
static void finish(struct tail *tail, int status)
{
  if (tail->status != RUNNING)
    return;
  tail->status = status;
  icws_client_close(tail->client);
}

/* --- What the client tells -------------------------------------------------------------------- */

static void restart_idle_timer(struct tail *tail)
{
  if (tail->options.idle_timeout_ms > 0)
    tail->idle_deadline_ms = icws_monotonic_ms() + tail->options.idle_timeout_ms;
}

static void on_phase(struct icws_client *client, enum icws_client_phase phase, void *user_data)
{
  struct tail *tail = user_data;
  (void)client;
  if (phase <= ICWS_PHASE_OPEN)
    tail->phase = phase;
  if (tail->options.verbose)
    icws_complain(ICWS_TAIL_NAME, "%s", icws_client_phase_name(phase));
}

static void on_open(struct icws_client *client, void *user_data)
{
  struct tail *tail = user_data;
  struct icws_principal principal = icws_client_principal(client);
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  restart_idle_timer(tail);
  icws_principal_to_text(&principal, text);
  if (!tail->options.quiet)
    icws_complain(ICWS_TAIL_NAME, "open: %s by %s, as %s", tail->canister,
                  tail->connection.gateway_url, text);
}

static void print(struct tail *tail)
{
  if (icws_buf_error(&tail->line) != ICWS_OK) {
    icws_complain(ICWS_TAIL_NAME, "no memory for a message");
    finish(tail, ICWS_EXIT_OTHER);
    return;
  }
  switch (icws_output_write(STDOUT_FILENO, icws_buf_bytes(&tail->line))) {
  case ICWS_OUTPUT_OK:
    tail->printed++;
    break;
  case ICWS_OUTPUT_CLOSED:
    finish(tail, ICWS_EXIT_OK);
    break;
  case ICWS_OUTPUT_FAILED:
    icws_complain(ICWS_TAIL_NAME, "cannot write to standard output: %s", strerror(errno));
    finish(tail, ICWS_EXIT_OTHER);
    break;
  case ICWS_OUTPUT_INTERRUPTED:
    break; /* the loop takes the signal */
  }
}

/* Names are not in a message, only their hashes. */
static void hint_at_names(struct tail *tail)
{
  if (tail->hinted || tail->options.quiet || tail->options.connection.raw ||
      !icws_payload_has_unnamed(&tail->payload))
    return;
  tail->hinted = true;
  icws_complain(ICWS_TAIL_NAME, ICWS_PAYLOAD_HINT);
}

static void on_message(struct icws_client *client, const struct icws_event_message *message,
                       void *user_data)
{
  struct tail *tail = user_data;
  const struct icws_record record = {
      .message = message,
      .canister = tail->canister,
      .gateway_url = tail->connection.gateway_url,
  };
  (void)client;
  if (tail->status != RUNNING)
    return;
  icws_buf_clear(&tail->line);
  icws_record_put(&record, &tail->payload, tail->format, &tail->line);
  print(tail);
  if (tail->status == RUNNING)
    hint_at_names(tail);
  restart_idle_timer(tail);
  if (tail->options.count > 0 && tail->printed == tail->options.count)
    finish(tail, ICWS_EXIT_OK);
}

static void on_closed(struct icws_client *client, const struct icws_failure *failure,
                      void *user_data)
{
  struct tail *tail = user_data;
  (void)client;
  if (tail->status != RUNNING)
    return;
  icws_complain_failure(ICWS_TAIL_NAME, failure);
  tail->status = icws_exit_code(failure->code, tail->phase);
}

/* --- The loop --------------------------------------------------------------------------------- */

static int poll_timeout(const struct tail *tail)
{
  int timeout_ms = icws_client_timeout_ms(tail->client);
  if (tail->status != RUNNING)
    return timeout_ms;
  return icws_monotonic_sooner(timeout_ms, tail->idle_deadline_ms);
}

/* The first signal closes the connection, a second one does not wait for that. */
static bool take_signal(struct tail *tail)
{
  int number = icws_signals_take();
  if (number == 0)
    return true;
  if (tail->status != RUNNING)
    return false;
  finish(tail, ICWS_EXIT_SIGNAL + number);
  return true;
}

static void check_idle(struct tail *tail)
{
  if (tail->status != RUNNING || icws_monotonic_ms() < tail->idle_deadline_ms)
    return;
  icws_complain(ICWS_TAIL_NAME, "no message came within the time of --timeout");
  finish(tail, ICWS_EXIT_WAITED);
}

static void run(struct tail *tail)
{
  struct pollfd waits[] = {
      {.fd = icws_signals_fd(), .events = POLLIN},
      {.fd = icws_client_fd(tail->client), .events = POLLIN},
      {.fd = STDOUT_FILENO, .events = 0}, /* errors are always told */
  };
  while (icws_client_process(tail->client)) {
    waits[2].fd = tail->status == RUNNING ? STDOUT_FILENO : -1;
    if (poll(waits, 3, poll_timeout(tail)) <= 0)
      waits[0].revents = waits[2].revents = 0;
    if (waits[2].fd >= 0 && icws_output_is_closed(waits[2].revents))
      finish(tail, ICWS_EXIT_OK);
    if (!take_signal(tail))
      return;
    check_idle(tail);
  }
}

static int connect_and_run(struct tail *tail)
{
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_client_config config = icws_connection_configure(&tail->connection);
  config.callbacks = (struct icws_client_callbacks){
      .on_phase = on_phase, .on_open = on_open, .on_message = on_message, .on_closed = on_closed};
  config.user_data = tail;
  enum icws_error error = icws_client_new(&config, &tail->client, &failure);
  if (error == ICWS_OK)
    error = icws_client_start(tail->client);
  if (error != ICWS_OK) {
    icws_complain_failure(ICWS_TAIL_NAME, &failure);
    return icws_exit_code(error, ICWS_PHASE_IDLE);
  }
  run(tail);
  return tail->status;
}

/* Returns ICWS_EXIT_OK, or ICWS_EXIT_USAGE after a complaint. */
static int choose_format(const struct icws_tail_options *options, enum icws_record_format *format)
{
  static const char *const names[] = {
      [ICWS_RECORD_RAW] = "raw",
      [ICWS_RECORD_HEX] = "hex",
      [ICWS_RECORD_CANDID] = "candid",
      [ICWS_RECORD_JSON] = "json",
  };
  if (options->json && options->output != NULL)
    return icws_complain_usage(ICWS_TAIL_NAME, "--json and --output exclude each other");
  *format = isatty(STDOUT_FILENO) ? ICWS_RECORD_TERMINAL : ICWS_RECORD_RAW;
  if (options->json)
    *format = ICWS_RECORD_ENVELOPE;
  if (options->output == NULL)
    return ICWS_EXIT_OK;
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    *format = (enum icws_record_format)i;
    if (strcmp(options->output, names[i]) == 0)
      return ICWS_EXIT_OK;
  }
  return icws_complain_usage(ICWS_TAIL_NAME, "--output takes candid, json, raw or hex, not '%s'",
                             options->output);
}

int icws_tail_main(int argc, char **argv)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct tail tail = {.status = RUNNING, .idle_deadline_ms = ICWS_NEVER};
  icws_hold_standard_descriptors();
  icws_forbid_core_dumps();
  int status = icws_tail_options_parse(&tail.options, argc, argv);
  if (status != ICWS_OPTIONS_GO)
    return status;
  status = choose_format(&tail.options, &tail.format);
  if (status != ICWS_EXIT_OK)
    return status;
  tail.options.connection.quiet = tail.options.quiet;
  tail.options.connection.raw = tail.format == ICWS_RECORD_RAW || tail.format == ICWS_RECORD_HEX;
  if (!icws_signals_open(signals, sizeof(signals) / sizeof(signals[0]))) {
    icws_complain(ICWS_TAIL_NAME, "cannot catch signals: %s", strerror(errno));
    return ICWS_EXIT_OTHER;
  }
  icws_buf_init(&tail.line, 0, NULL);
  status = icws_connection_prepare(&tail.connection, ICWS_TAIL_NAME, &tail.options.connection,
                                   DEMO_CANISTER, false);
  icws_principal_to_text(&tail.connection.canister, tail.canister);
  icws_payload_init(&tail.payload, tail.connection.interface.types, &tail.connection.message_type,
                    1);
  tail.hinted = !tail.options.quiet && icws_connection_hint(&tail.connection, ICWS_TAIL_NAME);
  if (status == ICWS_EXIT_OK)
    status = connect_and_run(&tail);
  icws_client_del(tail.client);
  icws_payload_wipe(&tail.payload);
  icws_connection_wipe(&tail.connection);
  icws_buf_wipe(&tail.line);
  icws_signals_close();
  return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "chat.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "chat_state.h"
#include "commands.h"
#include "common/complain.h"
#include "common/exit_code.h"
#include "common/hardening.h"
#include "common/monotonic.h"
#include "common/output.h"
#include "common/sibling.h"
#include "common/signals.h"
#include "common/timestamp.h"
#include "display.h"
#include "terminal.h"

#define DEMO_CANISTER "chat"

/* A gateway that relays one line after the other reads our closing only behind the last of them. */
#define PIPE_CLOSE_TIMEOUT_MS 60000

/* What is still to be said goes below the last line, as after any program. */
static void leave_terminal(struct icws_chat *chat)
{
  if (chat->at_terminal)
    icws_terminal_close();
  chat->at_terminal = false;
}

void icws_chat_finish(struct icws_chat *chat, int status)
{
  if (chat->status != ICWS_CHAT_RUNNING)
    return;
  chat->status = status;
  leave_terminal(chat);
  icws_client_close(chat->client);
}

enum icws_error icws_chat_send(struct icws_chat *chat, struct icws_failure *failure)
{
  enum icws_error error = icws_client_send(chat->client, icws_buf_bytes(&chat->content), NULL);
  if (error == ICWS_OK)
    chat->tickets++;
  else
    icws_fail(failure, error, "%s", icws_strerror(error));
  return error;
}

enum icws_error icws_chat_send_line(struct icws_chat *chat, struct icws_bytes text,
                                    struct icws_failure *failure)
{
  if (text.len > ICWS_CHAT_MAX_TEXT_BYTES)
    return icws_fail(failure, ICWS_ERR_LIMIT, "%zu bytes are too long for a message (%zu at most)",
                     text.len, ICWS_CHAT_MAX_TEXT_BYTES);
  icws_buf_clear(&chat->content);
  enum icws_error error =
      icws_chat_draft_line(&chat->draft, text, icws_timestamp_now(), &chat->content, failure);
  return error == ICWS_OK ? icws_chat_send(chat, failure) : error;
}

/* --- What the client tells -------------------------------------------------------------------- */

static void on_phase(struct icws_client *client, enum icws_client_phase phase, void *user_data)
{
  struct icws_chat *chat = user_data;
  (void)client;
  if (phase <= ICWS_PHASE_OPEN)
    chat->phase = phase;
  if (chat->options.verbose)
    icws_chat_say(chat, "%s", icws_client_phase_name(phase));
}

static void on_open(struct icws_client *client, void *user_data)
{
  struct icws_chat *chat = user_data;
  char self[ICWS_PRINCIPAL_TEXT_BYTES];
  (void)client;
  icws_principal_to_text(&chat->self, self);
  if (!chat->options.quiet)
    icws_chat_say(chat, "open: you are %s%s", self, chat->at_terminal ? "; /help for help" : "");
}

static void on_message(struct icws_client *client, const struct icws_event_message *message,
                       void *user_data)
{
  struct icws_chat *chat = user_data;
  (void)client;
  if (chat->status == ICWS_CHAT_RUNNING)
    icws_chat_show(chat, message->content);
}

static void on_sent(struct icws_client *client, const struct icws_event_sent *sent, void *user_data)
{
  struct icws_chat *chat = user_data;
  (void)client;
  chat->sent = sent->ticket;
  chat->last_sent = sent->sequence_num;
}

static void on_ack(struct icws_client *client, const struct icws_event_ack *ack, void *user_data)
{
  struct icws_chat *chat = user_data;
  (void)client;
  chat->last_acked = ack->sequence_num;
}

/* A gateway that did not answer the closing may not have read all that was sent before it. */
static void note_unread_lines(struct icws_chat *chat, const struct icws_failure *failure)
{
  bool all_acknowledged = chat->last_acked >= chat->last_sent;
  if (failure->code == ICWS_OK || chat->status != ICWS_EXIT_OK || chat->sent == 0 ||
      all_acknowledged)
    return;
  icws_complain_failure(ICWS_CHAT_NAME, failure);
  icws_complain(ICWS_CHAT_NAME, "the lines sent last may be lost");
  chat->status = ICWS_EXIT_OTHER;
}

static void on_closed(struct icws_client *client, const struct icws_failure *failure,
                      void *user_data)
{
  struct icws_chat *chat = user_data;
  (void)client;
  if (chat->status != ICWS_CHAT_RUNNING) {
    note_unread_lines(chat, failure);
    return;
  }
  chat->status = icws_exit_code(failure->code, chat->phase);
  leave_terminal(chat);
  icws_complain_failure(ICWS_CHAT_NAME, failure);
  if (chat->tickets > 0)
    icws_chat_batch_report(chat);
}

/* --- The prompt ------------------------------------------------------------------------------- */

static void send_typed(struct icws_chat *chat, const char *text)
{
  struct icws_failure failure;
  enum icws_error error = icws_chat_send_line(chat, icws_bytes_text(text), &failure);
  if (error != ICWS_OK)
    icws_chat_say_not_sent(chat, error, &failure);
}

static void on_line(const char *line, void *user_data)
{
  struct icws_chat *chat = user_data;
  if (line == NULL)
    icws_chat_quit(chat);
  else if (line[0] == '/' && line[1] != '/')
    icws_chat_command(chat, line);
  else if (line[0] != '\0')
    send_typed(chat, line[0] == '/' ? line + 1 : line);
}

/* --- The loop --------------------------------------------------------------------------------- */

/* Ends the program, or, the second time, its waiting for an orderly end. */
static bool end_by_signal(struct icws_chat *chat, int number)
{
  if (chat->status != ICWS_CHAT_RUNNING)
    return false;
  icws_chat_finish(chat, ICWS_EXIT_SIGNAL + number);
  return true;
}

static bool take_signal(struct icws_chat *chat)
{
  int number = icws_signals_take();
  if (number == 0)
    return true;
  switch (number) {
  case SIGINT:
    if (!chat->at_terminal)
      return end_by_signal(chat, number);
    if (!icws_terminal_cancel_line())
      icws_chat_say(chat, "Ctrl-D ends; /help for help");
    return true;
  case SIGWINCH:
    icws_terminal_resize();
    return true;
  case SIGTSTP:
    icws_terminal_suspend();
    return true;
  case SIGCONT:
    icws_terminal_resume();
    return true;
  default:
    return end_by_signal(chat, number);
  }
}

static void read_input(struct icws_chat *chat)
{
  if (chat->at_terminal)
    icws_terminal_read();
  else
    icws_line_reader_fill(&chat->lines, STDIN_FILENO);
}

static bool wants_input(struct icws_chat *chat)
{
  return chat->at_terminal || icws_chat_batch_wants_input(chat);
}

static int poll_timeout(const struct icws_chat *chat)
{
  int timeout_ms = icws_client_timeout_ms(chat->client);
  return chat->status == ICWS_CHAT_RUNNING ? icws_monotonic_sooner(timeout_ms, chat->end_ms)
                                           : timeout_ms;
}

static void run(struct icws_chat *chat)
{
  struct pollfd waits[] = {
      {.fd = icws_signals_fd(), .events = POLLIN},
      {.fd = icws_client_fd(chat->client), .events = POLLIN},
      {.events = POLLIN},
      {.events = 0}, /* errors are always told */
  };
  while (icws_client_process(chat->client)) {
    if (!chat->at_terminal)
      icws_chat_batch_advance(chat);
    waits[2].fd = wants_input(chat) ? STDIN_FILENO : -1;
    waits[3].fd = chat->at_terminal || chat->output_closed ? -1 : STDOUT_FILENO;
    if (poll(waits, 4, poll_timeout(chat)) <= 0)
      waits[2].revents = waits[3].revents = 0;
    if (!take_signal(chat))
      return;
    if (waits[3].fd >= 0 && icws_output_is_closed(waits[3].revents))
      chat->output_closed = true;
    if (waits[2].fd >= 0 && waits[2].revents != 0)
      read_input(chat);
  }
}

static void open_terminal(struct icws_chat *chat)
{
  /* readline edits what the locale calls characters; UTF-8 is what is sent. */
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
    setlocale(LC_CTYPE, "C.UTF-8");
  icws_terminal_open(ICWS_CHAT_NAME, on_line, chat);
  if (chat->options.quiet)
    return;
  if (chat->options.connection.demo) {
    const struct icws_demo *demo = &chat->connection.demo;
    char command[ICWS_SIBLING_BYTES];
    icws_sibling_word(ICWS_CHAT_NAME, command);
    icws_chat_say(chat, "a local network of your own; join from another terminal with:");
    icws_chat_say(chat, "%s -g %s -c %s -n %s -k %s", command, demo->gateway_url, demo->canister,
                  demo->network_url, demo->root_key);
  }
  icws_chat_say(chat, "connecting to %s", chat->connection.gateway_url);
}

static int connect_and_run(struct icws_chat *chat)
{
  struct icws_failure failure = {.code = ICWS_OK};
  struct icws_client_config config = icws_connection_configure(&chat->connection);
  config.callbacks = (struct icws_client_callbacks){.on_phase = on_phase,
                                                    .on_open = on_open,
                                                    .on_message = on_message,
                                                    .on_sent = on_sent,
                                                    .on_ack = on_ack,
                                                    .on_closed = on_closed};
  config.user_data = chat;
  if (!chat->at_terminal)
    config.close_timeout_ms = PIPE_CLOSE_TIMEOUT_MS;
  enum icws_error error = icws_client_new(&config, &chat->client, &failure);
  if (error == ICWS_OK)
    error = icws_client_start(chat->client);
  if (error != ICWS_OK) {
    icws_complain_failure(ICWS_CHAT_NAME, &failure);
    return icws_exit_code(error, ICWS_PHASE_IDLE);
  }
  chat->self = icws_client_principal(chat->client);
  if (chat->at_terminal)
    open_terminal(chat);
  run(chat);
  return chat->status;
}

static bool catch_signals(bool at_terminal)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
  return icws_signals_open(signals, at_terminal ? 6 : 3);
}

static int prepare_and_run(struct icws_chat *chat)
{
  icws_buf_init(&chat->shown, 0, NULL);
  icws_buf_init(&chat->content, 0, NULL);
  icws_line_reader_init(&chat->lines, ICWS_CHAT_MAX_TEXT_BYTES);
  chat->options.connection.quiet = chat->options.quiet;
  struct icws_connection *connection = &chat->connection;
  int status = icws_connection_prepare(connection, ICWS_CHAT_NAME, &chat->options.connection,
                                       DEMO_CANISTER, true);
  icws_payload_init(&chat->payload, connection->interface.types, &connection->message_type, 1);
  chat->hinted = !chat->options.quiet && icws_connection_hint(connection, ICWS_CHAT_NAME);
  enum icws_error error =
      icws_chat_draft_init(&chat->draft, connection->interface.types, connection->message_type);
  if (status == ICWS_EXIT_OK && error != ICWS_OK) {
    icws_complain(ICWS_CHAT_NAME, "%s", icws_strerror(error));
    status = ICWS_EXIT_OTHER;
  }
  if (status == ICWS_EXIT_OK)
    status = connect_and_run(chat);
  icws_client_del(chat->client);
  icws_chat_draft_wipe(&chat->draft);
  icws_payload_wipe(&chat->payload);
  icws_connection_wipe(connection);
  icws_line_reader_wipe(&chat->lines);
  icws_buf_wipe(&chat->content);
  icws_buf_wipe(&chat->shown);
  return status;
}

int icws_chat_main(int argc, char **argv)
{
  struct icws_chat chat = {.status = ICWS_CHAT_RUNNING, .end_ms = ICWS_NEVER};
  icws_hold_standard_descriptors();
  icws_forbid_core_dumps();
  int status = icws_chat_options_parse(&chat.options, argc, argv);
  if (status != ICWS_OPTIONS_GO)
    return status;
  chat.at_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
  if (!catch_signals(chat.at_terminal)) {
    icws_complain(ICWS_CHAT_NAME, "cannot catch signals: %s", strerror(errno));
    return ICWS_EXIT_OTHER;
  }
  status = prepare_and_run(&chat);
  icws_signals_close();
  return status;
}

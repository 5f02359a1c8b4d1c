/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "common/exit_code.h"
#include "display.h"

struct command {
  const char *name;
  const char *help;
  void (*run)(struct icws_chat *chat, const char *argument); /* what follows the name */
};

static void show_help(struct icws_chat *chat, const char *argument);

/* Sends what is in chat->content, or tells why there is nothing to send. */
static void send_draft(struct icws_chat *chat, enum icws_error error, const char *text,
                       const struct icws_candid_spot *spot, struct icws_failure *failure)
{
  if (error == ICWS_OK)
    error = icws_chat_send(chat, failure);
  if (error == ICWS_OK)
    return;
  icws_chat_say_not_sent(chat, error, failure);
  icws_chat_show_where(icws_bytes_text(text), spot);
}

static bool has_value(struct icws_chat *chat, const char *argument)
{
  if (argument[0] == '\0')
    icws_chat_say(chat, "not sent: a value is missing; /help shows how one is written");
  return argument[0] != '\0';
}

static void send_candid(struct icws_chat *chat, const char *argument)
{
  struct icws_candid_spot spot;
  struct icws_failure failure;
  if (!has_value(chat, argument))
    return;
  icws_buf_clear(&chat->content);
  enum icws_error error = icws_chat_draft_candid(&chat->draft, icws_bytes_text(argument),
                                                 &chat->content, &spot, &failure);
  send_draft(chat, error, argument, &spot, &failure);
}

static void send_json(struct icws_chat *chat, const char *argument)
{
  struct icws_candid_spot spot;
  struct icws_failure failure;
  if (!has_value(chat, argument))
    return;
  icws_buf_clear(&chat->content);
  enum icws_error error = icws_chat_draft_json(&chat->draft, icws_bytes_text(argument),
                                               &chat->content, &spot, &failure);
  send_draft(chat, error, argument, &spot, &failure);
}

static void show_self(struct icws_chat *chat, const char *argument)
{
  (void)argument;
  char text[ICWS_PRINCIPAL_TEXT_BYTES];
  const char *path = chat->options.connection.identity;
  icws_principal_to_text(&chat->self, text);
  icws_chat_say(chat, "%s, %s%s", text, path == NULL ? "a fresh key" : "of ",
                path == NULL ? "" : path);
}

static void show_status(struct icws_chat *chat, const char *argument)
{
  (void)argument;
  struct icws_session_stats stats = icws_client_stats(chat->client);
  char canister[ICWS_PRINCIPAL_TEXT_BYTES];
  icws_principal_to_text(&chat->connection.canister, canister);
  icws_chat_say(chat, "%s: %s by %s", icws_client_phase_name(icws_client_phase(chat->client)),
                canister, chat->connection.gateway_url);
  icws_chat_say(chat,
                "%" PRIu64 " received, %" PRIu64 " sent, %zu waiting; acknowledged up to number "
                "%" PRIu64 " of %" PRIu64,
                stats.messages_received, stats.messages_sent, stats.queued_messages,
                stats.last_sequence_acked, stats.last_sequence_sent);
}

void icws_chat_quit(struct icws_chat *chat)
{
  uint64_t unsent = chat->tickets - chat->sent;
  if (unsent > 0)
    icws_chat_say(chat, "%" PRIu64 " %s not sent", unsent, unsent == 1 ? "line was" : "lines were");
  icws_chat_finish(chat, unsent > 0 ? ICWS_EXIT_OTHER : ICWS_EXIT_OK);
}

static void quit(struct icws_chat *chat, const char *argument)
{
  (void)argument;
  icws_chat_quit(chat);
}

static const struct command commands[] = {
    {"/send", "send a value: /send (record { text = \"hi\" })", send_candid},
    {"/json", "send a value in JSON: /json {\"text\": \"hi\"}", send_json},
    {"/help", "list the commands", show_help},
    {"/whoami", "show the principal that you write as", show_self},
    {"/status", "show the state of the connection", show_status},
    {"/quit", "end the program, as Ctrl-D does", quit},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void show_help(struct icws_chat *chat, const char *argument)
{
  (void)argument;
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    icws_chat_say(chat, "%-8s %s", commands[i].name, commands[i].help);
  icws_chat_say(chat, "//       begins a line that is sent with one slash");
}

void icws_chat_command(struct icws_chat *chat, const char *line)
{
  size_t length = strcspn(line, " \t");
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    if (strlen(commands[i].name) == length && memcmp(commands[i].name, line, length) == 0) {
      commands[i].run(chat, line + length + strspn(line + length, " \t"));
      return;
    }
  }
  icws_chat_say(chat, "no such command; /help lists them");
}
